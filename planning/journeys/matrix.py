"""A matrix of journeys made elsewhere (OSRM, Valhalla, R5, TravelTime, Google), read through the gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from foundation.errors import MOST_SAID, InvalidInput, NotFound, Phrase, Phrases
from geodata.gate import read_through_gate
from geodata.journey_table import ENDINGS, KINDS, LIMITS, READER
from planning.journeys.tables import LONGEST_MINUTES, Reach

if TYPE_CHECKING:
    from geodata.country import Country

Ints = NDArray[np.int64]
Missing = Literal["refuse", "no_route"]
LONGEST_METRES = 1e9


@dataclass(frozen=True, slots=True)
class MatrixSource:
    """
    Journeys from a file.

    Attributes
    ----------
    path
        CSV or Parquet, long (point_id, site_id, minutes[, metres]) or square; see `read_matrix`.
    missing
        What a pair that the file lacks means: "refuse" (the file must be whole) or "no_route".
    """

    path: Path
    missing: Missing = "refuse"

    def journeys(self, country: Country, *, limit_minutes: float, only: Ints | None = None) -> Reach:
        """Return every pair of the file; the file knows no limit."""
        del limit_minutes, only
        ids = (country.people["point_id"].astype(str).tolist(), country.candidates["site_id"].astype(str).tolist())
        return read_matrix(self.path, points=ids[0], sites=ids[1], missing=self.missing)


def read_matrix(path: Path, *, points: list[str], sites: list[str], missing: Missing) -> Reach:
    """
    Read a matrix of journeys.

    Parameters
    ----------
    path
        .csv or .parquet. Long: columns point_id, site_id, minutes and, if known, metres. Square: point_id and
        one column of minutes a site. Minutes are rounded once, to 0.1; metres that are not given are NaN-free: they
        are unknown, and written as 0.
    points, sites
        The ids of the country, in its order. The file may hold no others.
    missing
        What an absent pair (or an empty cell) means; see `MatrixSource`.

    Raises
    ------
    NotFound, Unsupported
        When the file is not there, or what the gate refuses.
    InvalidInput
        With file and row: an unknown or doubled pair, minutes that are no number, NaN, infinite,
        negative or above 6,000; pairs that are missing where that was not allowed; and what the gate refuses.
    """
    if missing not in ("refuse", "no_route"):
        raise InvalidInput("missing is '{value}'; expected refuse or no_route.", value=str(missing))
    if not path.is_file():
        raise NotFound("There is no file {path}.", path=str(path))
    if path.suffix.casefold() not in ENDINGS:
        raise InvalidInput("{file}: a matrix is read from .csv or .parquet. Save it as one of them.", file=path.name)
    answer = read_through_gate(
        READER,
        path,
        kinds=KINDS,
        options={"absent": missing == "no_route", "most_minutes": LONGEST_MINUTES, "most_metres": LONGEST_METRES},
        given={"points": points, "sites": sites},
        limits=LIMITS,
    ).arrays
    point, site = (answer[name].astype(np.int64) for name in ("point", "site"))
    minutes = answer["minutes"].astype(np.float64)
    metres = answer["metres"].astype(np.float64) if "metres" in answer else np.zeros(minutes.size)
    order = np.lexsort((site, point))
    point, site, minutes, metres = point[order], site[order], minutes[order], metres[order]
    doubled = np.flatnonzero((point[1:] == point[:-1]) & (site[1:] == site[:-1]))
    if doubled.size:
        at = doubled[0]
        raise InvalidInput(
            "{file}: the pair {point}, {site} is given twice. Keep one row.",
            file=path.name,
            point=points[point[at]],
            site=sites[site[at]],
        )
    lacking = len(points) * len(sites) - point.size
    if lacking and missing == "refuse":
        raise InvalidInput(
            "{file} lacks {n} of {all} pairs, among them {some}. Add them, or state that such a pair has no route "
            "(missing: no_route).",
            file=path.name,
            n=lacking,
            all=len(points) * len(sites),
            some=_lacking(point, site, points, sites),
        )
    return Reach(
        shape=(len(points), len(sites)),
        limit_minutes=LONGEST_MINUTES,
        first=np.searchsorted(point, np.arange(len(points) + 1)).astype(np.int64),
        site=site.astype(np.int32),
        tenths=np.rint(minutes * 10.0).astype(np.uint16),
        metres=metres,
    )


def _lacking(point: Ints, site: Ints, points: list[str], sites: list[str]) -> Phrases:
    """Name the first points, sites and pairs that a matrix lacks; pairs are sorted by point."""
    of_point, of_site = np.bincount(point, minlength=len(points)), np.bincount(site, minlength=len(sites))
    said: list[Phrase] = [Phrase("the point {id}", {"id": points[i]}) for i in np.flatnonzero(of_point == 0)]
    said += [Phrase("the site {id}", {"id": sites[j]}) for j in np.flatnonzero(of_site == 0)]
    first = np.searchsorted(point, np.arange(len(points) + 1))
    for i in np.flatnonzero((of_point > 0) & (of_point < np.count_nonzero(of_site))):
        if len(said) >= MOST_SAID:
            break
        here = np.setdiff1d(np.flatnonzero(of_site), site[first[i] : first[i + 1]])
        said += [Phrase("the pair {point}, {site}", {"point": points[i], "site": sites[j]}) for j in here]
    return Phrases(tuple(said[:MOST_SAID]), ", ")
