"""The places of a plan, one row each, in the order they open and matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.country import Country
from planning.failing import OpenCentres
from planning.kinds import BASE, PARTIAL
from planning.network import Network, marginal_order
from planning.private import bars, taken_in_turn
from planning.programme import FixedCentre, PrivateLabel, Programme


@dataclass(frozen=True, slots=True)
class Opening:
    """
    A place's turn in the order: what it added when it opened.

    `site` is its position: a site's, or an option's where there are several kinds. `closing` is the
    first year at whose end it is no longer open; None: it stays.
    """

    site: int
    operating: int
    gained: int
    cumulative: int
    closing: int | None = None


def openings(
    networks: tuple[Network, ...],
    reach: NDArray[np.bool_],
    people: NDArray[np.int64],
    names: list[str],
    *,
    since: dict[int, int],
) -> list[Opening]:
    """
    List the places by operating year, then by what each adds that year, ties by name.

    Parameters
    ----------
    reach
        (n, o) True where an option is within its limit of a point.
    names
        o names, for ties.
    since
        Operating year of fixed places by position; one may have opened before the
        programme's first year. The others operate from the first network they are in.

    Returns
    -------
    openings
        `cumulative` is the people covered once the place is open, without those that have closed by
        then; the last of a year equals the covered people of that year's network.
    """
    before: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    found: list[Opening] = []
    for at, place in enumerate(networks):
        covered = np.asarray(reach[:, np.intersect1d(before, place.open_options)].any(axis=1), dtype=bool)
        new = {int(one): since.get(int(one), place.year) for one in np.setdiff1d(place.open_options, before)}
        for year in sorted(set(new.values())):
            together = np.array([one for one, opening in new.items() if opening == year], dtype=np.int64)
            total = int(people[covered].sum())
            for one, gained in marginal_order(reach, people, covered, together, names):
                total += gained
                found.append(Opening(one, year, gained, total, _closing(one, networks[at:])))
            covered |= reach[:, together].any(axis=1)
        before = place.open_options
    return found


def _closing(option: int, networks: tuple[Network, ...]) -> int | None:
    return next((place.year for place in networks if option not in place.open_options), None)


def private_sites(
    opened: list[Opening],
    label: PrivateLabel | None,
    centres: OpenCentres,
    at: dict[int, int],
    residents: dict[int, int],
) -> set[int]:
    """
    Choose which comprehensive centres are privately operated; see `PrivateLabel`.

    Expected visits are taken proportional to the residents whose nearest centre it is
    in the final year (an assumption until visits are modelled). Fewer are labelled
    when fewer may be.

    Parameters
    ----------
    centres
        Those of the final year.
    at
        Position of a place -> its position in `centres`, for those that may be labelled.
    residents
        By position of the place.
    """
    if label is None:
        return set()
    barred = bars(centres, label.care)
    may = [o for o in opened if o.site in at and not barred[at[o.site]]]
    may.sort(key=lambda o: (o.operating > label.operating, -residents.get(o.site, 0), o.site))
    place = {at[o.site]: o.site for o in may}
    taken, _ = taken_in_turn(centres, place, most=label.count)
    return {place[i] for i in taken}


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands where: by position of the place, its site, its kind and the sites where it is visited."""

    site: NDArray[np.int64]
    kind: tuple[str, ...]
    stops: tuple[tuple[int, ...], ...]


COLUMNS = (
    "id",
    "name_en",
    "name_ar",
    "governorate",
    "governorate_en",
    "governorate_ar",
    "kind",
    "operator",
    "status",
    "fixed",
    "begun_year",
    "operating_year",
    "services_count",
    "lat",
    "lon",
    "position_basis",
    "people_gained",
    "cumulative_covered",
    "residents_nearest",
    "load_flag",
    "site_id",
    "kind_id",
    "closing_year",
    "form",
    "staff",
    "capacity_visits",
    "capital_jod",
    "running_jod",
    "upgraded_from",
    "stops",
)  # of the table of places, which a plan that opens none has too


def sites_table(
    country: Country,
    programme: Programme,
    opened: list[Opening],
    *,
    stand: Stand,
    private: set[int],
    residents: dict[int, int],
    residents_per_centre: int,
) -> pd.DataFrame:
    """Write the places out; columns as `sites` in docs/run-folder.md."""
    existing = country.centres.drop_duplicates("site_id").set_index("site_id")
    zone_names = country.zones.set_index("zone_id")
    fixed = {(f.site_id, f.kind): f for f in programme.fixed}
    ids = _ids(country, opened, stand)
    rows: list[dict[str, Any]] = []
    for o in opened:
        row = country.candidates.iloc[stand.site[o.site]]
        site_id, kind_id = str(row["site_id"]), stand.kind[o.site]
        recorded = kind_id in {BASE, PARTIAL} and site_id in existing.index
        known = existing.loc[site_id] if recorded else None
        zone = zone_names.loc[row["zone_id"]]
        mine = fixed.get((site_id, kind_id))
        operated = kind_id != PARTIAL and programme.kind(kind_id).form == "private"
        status = "open" if mine is not None and o.operating < programme.years[0] and kind_id != BASE else "planned"
        rows.append(
            {
                "id": ids[o.site],
                "name_en": row["name_en"],
                "name_ar": row["name_ar"],
                "governorate": row["zone_id"],
                "governorate_en": zone["name_en"],
                "governorate_ar": zone["name_ar"],
                "kind": kind_id if known is None else str(known["kind"]),
                "operator": "private" if operated or o.site in private else "government",
                "status": status if known is None else str(known["status"]),
                "fixed": mine is not None,
                "begun_year": _begun(programme, mine, kind_id, o.operating),
                "operating_year": o.operating,
                "services_count": _services(programme, kind_id, known),
                "lat": round(float(row.geometry.y), 6),
                "lon": round(float(row.geometry.x), 6),
                "position_basis": row["position_basis"],
                "people_gained": o.gained,
                "cumulative_covered": o.cumulative,
                "residents_nearest": residents.get(o.site, 0),
                "load_flag": residents.get(o.site, 0) > residents_per_centre,
                "site_id": site_id,
                "kind_id": kind_id,
                "closing_year": o.closing,
                **_of_kind(country, programme, kind_id, stand.stops[o.site]),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(_WHOLE, "Int64"))


_WHOLE = ("services_count", "begun_year", "closing_year", "staff", "capacity_visits", "capital_jod", "running_jod")


def _ids(country: Country, opened: list[Opening], stand: Stand) -> dict[int, str]:
    """Give the site's own id to the place that opens last there, standing before mobile; ``site/kind`` to others."""
    sites = country.candidates["site_id"]
    first: dict[int, int] = {}
    for o in sorted(opened, key=lambda o: (o.closing is not None, len(stand.stops[o.site]) > 1, -o.operating)):
        first.setdefault(int(stand.site[o.site]), o.site)
    named = {}
    for o in opened:
        site = int(stand.site[o.site])
        own = str(sites.iloc[site])
        named[o.site] = own if first[site] == o.site else f"{own}/{stand.kind[o.site]}"
    return named


def _begun(programme: Programme, fixed: FixedCentre | None, kind_id: str, operating: int) -> int | None:
    if fixed is not None:
        return fixed.begun
    return programme.begun_year_of(operating, BASE if kind_id == PARTIAL else kind_id)


def _services(programme: Programme, kind_id: str, known: pd.Series[Any] | None) -> int | None:
    """The services that the kind names; else as recorded, else the number that the kind states."""
    if kind_id != PARTIAL and programme.kind(kind_id).services:
        return len(programme.kind(kind_id).services)
    if known is not None and not pd.isna(known["services_count"]):
        return int(known["services_count"])
    return None if kind_id == PARTIAL else programme.kind(kind_id).number_of_services


def _of_kind(country: Country, programme: Programme, kind_id: str, stops: tuple[int, ...]) -> dict[str, Any]:
    """What a place has from its kind: staff, capacity and money, missing where not stated; a mobile unit's stops."""
    kind = None if kind_id == PARTIAL else programme.kind(kind_id)
    cost = None if kind is None else kind.cost
    ids = country.candidates["site_id"]
    return {
        "form": PARTIAL if kind is None else kind.form,
        "staff": None if kind is None else kind.staff,
        "capacity_visits": None if kind is None else kind.capacity_visits,
        "capital_jod": None if cost is None else cost.capital,
        "running_jod": None if cost is None else cost.running,
        "upgraded_from": None if kind is None else kind.upgrades,
        "stops": ";".join(str(ids.iloc[stop]) for stop in stops) if kind is not None and kind.round else None,
    }


def residents_by_nearest(final: Network, people: NDArray[np.int64]) -> dict[int, int]:
    """Persons whose nearest open place it is, by its position; the unreachable belong to none."""
    reached = final.nearest_option >= 0
    counted = np.bincount(final.nearest_option[reached], weights=people[reached], minlength=1)
    return {int(one): int(counted[one]) if one < counted.size else 0 for one in final.open_options}


def centres_open(sites: pd.DataFrame, programme: Programme, year: int) -> int:
    """Count the places of a table of places that are open at the end of a year and count for the programme."""
    is_open = (sites["operating_year"] <= year) & ~(sites["closing_year"] <= year).fillna(value=False)
    return int(sum(kind != PARTIAL and programme.counted(str(kind)) for kind in sites.loc[is_open, "kind_id"]))
