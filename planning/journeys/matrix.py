"""A matrix of journeys made elsewhere (OSRM, Valhalla, R5, TravelTime, Google), read with the checks of our own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import MOST_SAID, InvalidInput, NotFound, Phrase, Phrases, Unsupported
from foundation.reasons import reason_of
from planning.journeys.tables import LONGEST_MINUTES, Reach

if TYPE_CHECKING:
    from geodata.country import Country

Ints = NDArray[np.int64]
Missing = Literal["refuse", "no_route"]
MAX_BYTES = 8_000_000_000


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
    InvalidInput
        With file and row: an unknown or doubled pair, minutes that are no number, NaN, infinite,
        negative or above 6,000; pairs that are missing where that was not allowed.
    """
    if missing not in ("refuse", "no_route"):
        raise InvalidInput("missing is '{value}'; expected refuse or no_route.", value=str(missing))
    if not path.is_file():
        raise NotFound("There is no file {path}.", path=str(path))
    long = _long(_frame(path), path.name, missing)
    point = _places(long["point_id"], points, path.name, "point_id")
    site = _places(long["site_id"], sites, path.name, "site_id")
    minutes = _figures(long["minutes"], path.name, "minutes", LONGEST_MINUTES)
    metres = _figures(long["metres"], path.name, "metres", 1e9) if "metres" in long else np.zeros(len(long))
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


def _frame(path: Path) -> pd.DataFrame:
    if path.stat().st_size > MAX_BYTES:
        raise InvalidInput(
            "{file} is larger than {limit} bytes. Take out what is not needed.", file=path.name, limit=MAX_BYTES
        )
    try:
        if path.suffix.lower() == ".csv":
            return pd.read_csv(path, dtype={"point_id": str, "site_id": str}, encoding="utf-8-sig")
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
    except ImportError as error:
        raise Unsupported(
            "Reading {file} needs the package pyarrow. Install it, or save the matrix as CSV.", file=path.name
        ) from error
    except (ValueError, OSError) as error:
        raise InvalidInput(
            "{file} cannot be read as a table ({problem}). Save it again.", file=path.name, problem=reason_of(error)
        ) from error
    raise InvalidInput("{file}: a matrix is read from .csv or .parquet. Save it as one of them.", file=path.name)


def _long(frame: pd.DataFrame, file: str, missing: Missing) -> pd.DataFrame:
    if "point_id" not in frame:
        raise InvalidInput(
            "{file} has no column point_id. Name the columns point_id, site_id, minutes, or point_id and the site ids.",
            file=file,
        )
    if "site_id" in frame:
        if "minutes" not in frame:
            raise InvalidInput("{file} lacks the columns {missing}. Add them.", file=file, missing="minutes")
        unknown = set(frame.columns) - {"point_id", "site_id", "minutes", "metres"}
        if unknown:
            raise InvalidInput(
                "{file} has the unknown columns {unknown}. Keep point_id, site_id, minutes, metres.",
                file=file,
                unknown=", ".join(sorted(map(str, unknown)))[:200],
            )
        return frame
    if frame["point_id"].duplicated().any():
        doubled = str(frame.loc[frame["point_id"].duplicated(), "point_id"].iloc[0])
        raise InvalidInput("{file}: the row of {point} is given twice. Keep one row.", file=file, point=doubled)
    long = frame.melt(id_vars="point_id", var_name="site_id", value_name="minutes")
    return long[long["minutes"].notna()] if missing == "no_route" else long


def _places(column: pd.Series[Any], known: list[str], file: str, field: str) -> NDArray[np.int64]:
    at = pd.Index(known).get_indexer(pd.Index(column.astype(str)))
    if (at < 0).any():
        row = int(np.flatnonzero(at < 0)[0])
        raise InvalidInput(
            "{file}, row {row}: {field} is '{value}'; expected {expected}. Correct the row.",
            file=file,
            row=row + 2,
            field=field,
            value=str(column.iloc[row])[:60],
            expected=Phrase("an id of the country"),
        )
    return at.astype(np.int64)


def _figures(column: pd.Series[Any], file: str, field: str, most: float) -> NDArray[np.float64]:
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values >= 0) & (values <= most))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InvalidInput(
            "{file}, row {row}: {field} is '{value}'; expected {expected}. Correct the row.",
            file=file,
            row=row + 2,
            field=field,
            value=str(column.iloc[row])[:60],
            expected=Phrase("a number from {low} to {high}", {"low": "0", "high": f"{most:g}"}),
        )
    return values
