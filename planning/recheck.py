"""
The second recheck: the plan against the input tables, by code that shares nothing with the builder.

Loops and whole numbers on purpose: a ``<`` where ``<=`` was meant in a builder must be
caught here, so nothing is imported from it.
"""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np

from foundation.errors import BrokenProof
from geodata.country import Country
from planning.network import Network
from planning.plan import Certificate, Objectives, Stage
from planning.programme import Programme
from planning.standards import Standard


class Minutes(Protocol):
    """Minutes from point i to site j by ``minutes[i, j]``, inf where there is no route; an (n, m) array is one."""

    def __getitem__(self, pair: tuple[int, int], /) -> Any:
        """Return the minutes of one pair."""
        ...


class SomeColumns:
    """Minutes to some sites only, read like the whole (n, m) table."""

    def __init__(self, sites: list[int], columns: list[list[float]]) -> None:
        self._at = {site: at for at, site in enumerate(sites)}
        self._rows = columns

    def __getitem__(self, pair: tuple[int, int], /) -> float:
        """Return the minutes of one pair; a site that was left out is an error."""
        return self._rows[pair[0]][self._at[int(pair[1])]]


def recheck_plan(
    country: Country,
    programme: Programme,
    standard: Standard,
    minutes: Minutes,
    networks: tuple[Network, ...],
    certificate: Certificate,
    objectives: Objectives,
) -> None:
    """
    Recount the plan's promises person by person.

    Raises
    ------
    BrokenProof
        When a count, a quota, the opening order, or a stage's value does not hold: the plan
        may be worse than a stage's value by the stage's tolerance, never better than its bound.
    """
    ids = [str(site) for site in country.candidates["site_id"]]
    partial = {str(c.site_id) for c in country.centres.itertuples() if c.kind == "partial" and c.site_id}
    fixed = {f.site_id: f.operating for f in programme.fixed}
    zone_of = dict(zip(ids, country.candidates["zone_id"], strict=True))
    open_by_year = {place.year: [ids[site] for site in place.open_sites] for place in networks}
    before: set[str] = set()
    for year, open_ids in open_by_year.items():
        now = set(open_ids)
        counted = [site for site in open_ids if site not in partial or site in fixed]
        _expect(len(counted) == programme.operating(year), f"{len(counted)} centres operate in {year}")
        _expect(before <= now, f"a centre closes in {year}")
        _expect(all(site in now for site, from_ in fixed.items() if from_ <= year), f"a fixed centre is shut in {year}")
        for quota in programme.zone_quotas:
            if year < quota.from_year:
                continue
            for zone in country.zones["zone_id"]:
                here = [s for s in counted if zone_of[s] == zone and (quota.fixed_count or s not in fixed)]
                _expect(len(here) >= quota.at_least, f"{zone} has {len(here)} centres in {year}")
        before = now
    stages = {stage.objective: stage for stage in certificate.stages}
    person_years, worst = _covered(country, programme, standard, minutes, networks)
    _keeps(stages.get("covered_person_years"), person_years, -objectives.coverage_tolerance)
    _keeps(stages.get("worst_governorate"), worst, -objectives.worst_tolerance)
    people = int(country.people["people"].sum())
    mean = _mean_travel(country, minutes, networks[-1], objectives.cap_minutes)
    _keeps(stages.get("mean_travel"), mean, objectives.travel_tolerance / people)


def _covered(
    country: Country,
    programme: Programme,
    standard: Standard,
    minutes: Minutes,
    networks: tuple[Network, ...],
) -> tuple[int, float]:
    """Count person-years within the standard, and the worst-off zone's share in the final year."""
    people = [int(count) for count in country.people["people"]]
    limit = {"urban": standard.urban_minutes, "rural": standard.rural_minutes}
    limits = [limit[str(kind)] for kind in country.people["settlement"]]
    zones = [str(zone) for zone in country.people["zone_id"]]
    person_years = 0
    inside: dict[str, int] = {}
    for place in networks:
        final = place.year == programme.final_year
        for i, count in enumerate(people):
            if any(minutes[i, site] <= limits[i] for site in place.open_sites):
                person_years += count
                if final:
                    inside[zones[i]] = inside.get(zones[i], 0) + count
    total: dict[str, int] = {}
    for zone, count in zip(zones, people, strict=True):
        total[zone] = total.get(zone, 0) + count
    covered = sum(people[i] for i in np.flatnonzero(networks[-1].covered))
    _expect(covered == sum(inside.values()), "the final network covers other people than a recount")
    return person_years, min(inside.get(zone, 0) / total[zone] for zone in total if total[zone])


def _mean_travel(country: Country, minutes: Minutes, final: Network, cap_minutes: int) -> float:
    """Average whole minutes, rounded up, at most the cap; no route is the cap."""
    total = 0
    for i, count in enumerate(country.people["people"]):
        nearest = min((float(minutes[i, site]) for site in final.open_sites), default=math.inf)
        total += int(count) * (cap_minutes if nearest >= cap_minutes else math.ceil(nearest))
    return total / int(country.people["people"].sum())


def _keeps(stage: Stage | None, found: float, loss: float) -> None:
    """Expect a recounted value between what the stage may lose and what it proved impossible to beat."""
    if stage is None:
        return
    low, high = sorted((stage.value + loss, stage.bound))
    slack = 1e-9 * max(1.0, abs(stage.value))
    _expect(
        low - slack <= found <= high + slack,
        f"{stage.objective} is {found} by a recount, the stage says {stage.value} (bound {stage.bound})",
    )


def _expect(holds: bool, found: str) -> None:
    if not holds:
        raise BrokenProof("The recheck from the input tables disagrees with the plan: {found}.", found=found)
