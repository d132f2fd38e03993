"""The centres of a plan, one row each, in the order they open and matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.country import Country
from planning.network import Network, marginal_order
from planning.programme import PrivateLabel, Programme


@dataclass(frozen=True, slots=True)
class Opening:
    """A centre's place in the order: what it added when it opened."""

    site: int
    operating: int
    gained: int
    cumulative: int


def openings(
    networks: tuple[Network, ...],
    reach: NDArray[np.bool_],
    people: NDArray[np.int64],
    site_ids: list[str],
    *,
    since: dict[int, int],
) -> list[Opening]:
    """
    List the centres by operating year, then by what each adds that year, ties by id.

    Parameters
    ----------
    since
        Operating year of fixed centres by position; one may have opened before the
        programme's first year. The others operate from the first network they are in.

    Returns
    -------
    openings
        `cumulative` is the people covered once the centre is open; the last of a year
        equals the covered people of that year's network.
    """
    covered = np.zeros(people.size, dtype=bool)
    opened: set[int] = set()
    found: list[Opening] = []
    for place in networks:
        new = {int(site): since.get(int(site), place.year) for site in place.open_sites if int(site) not in opened}
        for year in sorted(set(new.values())):
            together = np.array([site for site, opening in new.items() if opening == year], dtype=np.int64)
            total = int(people[covered].sum())
            for site, gained in marginal_order(reach, people, covered, together, site_ids):
                total += gained
                found.append(Opening(site, year, gained, total))
            covered |= reach[:, together].any(axis=1)
        opened |= set(new)
    return found


def private_sites(
    opened: list[Opening],
    label: PrivateLabel | None,
    *,
    fixed: set[int],
    zone_of_site: NDArray[np.object_],
    residents: dict[int, int],
) -> set[int]:
    """
    Choose which centres are privately operated; see `PrivateLabel`.

    Expected visits are taken proportional to the residents whose nearest centre it is
    in the final year (an assumption until visits are modelled). Fewer are labelled
    when fewer may be.
    """
    if label is None:
        return set()
    per_zone = pd.Series([zone_of_site[o.site] for o in opened]).value_counts()
    may = [o for o in opened if o.site not in fixed and per_zone[zone_of_site[o.site]] > 1]
    may.sort(key=lambda o: (o.operating > label.operating, -residents.get(o.site, 0), o.site))
    return {o.site for o in may[: label.count]}


def sites_table(
    country: Country,
    programme: Programme,
    networks: tuple[Network, ...],
    opened: list[Opening],
    *,
    private: set[int],
    residents: dict[int, int],
    residents_per_centre: int,
) -> pd.DataFrame:
    """Write the centres out; columns as `sites` in docs/run-folder.md."""
    candidates, centres = country.candidates, country.centres
    zone_names = country.zones.set_index("zone_id")
    existing = centres.drop_duplicates("site_id").set_index("site_id")
    fixed = {f.site_id: f for f in programme.fixed}
    rows: list[dict[str, Any]] = []
    for o in opened:
        row = candidates.iloc[o.site]
        site_id = str(row["site_id"])
        known = existing.loc[site_id] if site_id in existing.index else None
        begun = fixed[site_id].begun if site_id in fixed else programme.begun_year_of(o.operating)
        zone = zone_names.loc[row["zone_id"]]
        services = None if known is None or pd.isna(known["services_count"]) else int(known["services_count"])
        rows.append(
            {
                "id": site_id,
                "name_en": row["name_en"],
                "name_ar": row["name_ar"],
                "governorate": row["zone_id"],
                "governorate_en": zone["name_en"],
                "governorate_ar": zone["name_ar"],
                "kind": "comprehensive" if known is None else str(known["kind"]),
                "operator": "private" if o.site in private else "government",
                "status": "planned" if known is None else str(known["status"]),
                "fixed": site_id in fixed,
                "begun_year": begun,
                "operating_year": o.operating,
                "services_count": services,
                "lat": round(float(row.geometry.y), 6),
                "lon": round(float(row.geometry.x), 6),
                "position_basis": row["position_basis"],
                "people_gained": o.gained,
                "cumulative_covered": o.cumulative,
                "residents_nearest": residents.get(o.site, 0),
                "load_flag": residents.get(o.site, 0) > residents_per_centre,
            }
        )
    return pd.DataFrame(rows).astype({"services_count": "Int64", "begun_year": "Int64"})


def residents_by_nearest(final: Network, people: NDArray[np.int64]) -> dict[int, int]:
    """Persons whose nearest open centre it is, by site position; the unreachable belong to none."""
    reached = final.nearest >= 0
    counted = np.bincount(final.nearest[reached], weights=people[reached], minlength=1)
    return {int(site): int(counted[site]) if site < counted.size else 0 for site in final.open_sites}
