"""
The second recheck: the plan against the input tables, by code that shares nothing with the builder.

Loops and whole numbers on purpose: a ``<`` where ``<=`` was meant in a builder must be
caught here, so nothing is imported from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from foundation.errors import BrokenProof
from geodata.country import Country
from planning.aims import WORST_OFF, Aim, Objectives
from planning.network import Network
from planning.offers import ANY_PLACE, Offer, Part
from planning.plan import Certificate, Stage
from planning.programme import Programme
from planning.recheck_aims import AimRecount, Found, Near
from planning.recheck_rules import Ground, Open, limits_of, recheck_rules, stops_of
from planning.standards import Standard


class Served(NamedTuple):
    """A site that is visited: its position, its kind's own limits and id, and the governorate the place belongs to."""

    site: int
    own: dict[str, float]
    kind: str
    zone: str


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
    places: Open | None = None,
    *,
    people_by_year: NDArray[np.int64] | None = None,
    demand: Mapping[str, tuple[Part, ...]] | None = None,
    rate: float = 0.0,
    permitted: Callable[[int, int], Near] | None = None,
) -> None:
    """
    Recount the plan's promises person by person.

    `places` are those open each year, (site id, kind); when not given, comprehensive or recorded
    partial centres at the networks' open sites. The others are as in `Found`; without
    `people_by_year` the country's people in every year.

    Raises
    ------
    BrokenProof
        When a rule, a floor or a stage's value does not hold: the plan
        may be worse than a stage's value by the stage's tolerance, never better than its bound.
    """
    ids = [str(site) for site in country.candidates["site_id"]]
    partial = {str(c.site_id) for c in country.centres.itertuples() if c.kind == "partial" and c.site_id}
    if places is None:
        places = {
            place.year: [
                (ids[site], "partial" if ids[site] in partial else "comprehensive") for site in place.open_sites
            ]
            for place in networks
        }
    recheck_rules(country, programme, places)
    here = [int(count) for count in country.people["people"]]
    people = dict.fromkeys(programme.years, here)
    if people_by_year is not None:
        people = {y: [int(n) for n in row] for y, row in zip(programme.years, people_by_year, strict=True)}
    served = _served(country, programme, places)
    zones = [str(zone) for zone in country.people["zone_id"]]
    offers = {ANY_PLACE} | {part.offer for parts in (demand or {}).values() for part in parts}
    found = Found(
        country,
        programme,
        standard,
        objectives,
        places,
        near={offer: {y: _near(minutes, served[y], zones, offer) for y in programme.years} for offer in offers},
        permitted=permitted or _nowhere,
        people=people,
        demand={
            name: {
                part.offer: {y: [float(v) for v in row] for y, row in zip(programme.years, part.amount, strict=True)}
                for part in parts
            }
            for name, parts in (demand or {}).items()
        },
        rate=rate,
    )
    again = AimRecount(found)
    _same_cover(again, networks)
    stages = {stage.objective: stage for stage in certificate.stages}
    for aim in objectives.aims():
        loss = _loss(aim, sum(people[programme.final_year]))
        if aim.name in stages:
            _keeps(stages[aim.name], again.value(aim), loss)
        for name, stage in stages.items():
            if name.startswith(f"{aim.name}:"):
                _keeps(stage, again.value(aim, level=int(name.rpartition(":")[2])), loss)
    for floor in objectives.floors:
        again.check_floor(floor)


def _nowhere(_year: int, _point: int) -> Near:
    return []


def _near(minutes: Minutes, served: list[Served], zones: list[str], offer: Offer) -> list[Near]:
    """For each point, the least minutes to the places of each different own limit that can serve it."""
    by_zone: dict[str, list[tuple[dict[str, float], list[int]]]] = {}
    for zone in set(zones) if offer.bound else {""}:
        kinds = by_zone.setdefault(zone, [])
        for place in served:
            if (offer.kinds is not None and place.kind not in offer.kinds) or (offer.bound and place.zone != zone):
                continue
            same = next((sites for known, sites in kinds if known == place.own), None)
            if same is None:
                kinds.append((place.own, [place.site]))
            else:
                same.append(place.site)
    return [
        [(min(float(minutes[i, site]) for site in sites), own) for own, sites in by_zone[zone if offer.bound else ""]]
        for i, zone in enumerate(zones)
    ]


def _same_cover(again: AimRecount, networks: tuple[Network, ...]) -> None:
    """The final network says that those people of no group are within the standard whom a recount finds there."""
    final, level = networks[-1], again.found.standard.levels()[0]
    people = again.found.people[final.year]
    recounted = sum(
        people[i]
        for i, near in enumerate(again.found.near[ANY_PLACE][final.year])
        if again.within(near, level, i, frozenset())
    )
    covered = sum(people[i] for i in np.flatnonzero(final.covered))
    _expect(covered == recounted, "the final network covers other people than a recount")


def _loss(aim: Aim, people: int) -> float:
    """Return what later objectives may have taken of this one, signed, in its unit."""
    gained = aim.what == "covered" or aim.what in WORST_OFF
    return -aim.tolerance if gained else aim.tolerance + aim.person_minutes / people


def _served(country: Country, programme: Programme, places: Open) -> dict[int, list[Served]]:
    """Say, year by year, which sites are visited; limits that are a kind's own are by settlement type."""
    ground = Ground(country)
    position = {site: at for at, site in enumerate(ground.ids)}
    zone = dict(zip(ground.ids, map(str, country.candidates["zone_id"]), strict=True))
    return {
        year: [
            Served(position[stop], limits_of(programme, place), place[1], zone[place[0]])
            for place in open_
            for stop in stops_of(ground, programme, place)
        ]
        for year, open_ in places.items()
    }


def _keeps(stage: Stage, found: float, loss: float) -> None:
    """Expect a recounted value between what the stage may lose and what it proved impossible to beat."""
    bound = stage.value if math.isnan(stage.bound) else stage.bound  # NaN: nothing is known of what could beat it
    low, high = sorted((stage.value + loss, bound))
    slack = 1e-9 * max(1.0, abs(stage.value))
    _expect(
        low - slack <= found <= high + slack,
        f"{stage.objective} is {found} by a recount, the stage says {stage.value} (bound {stage.bound})",
    )


def _expect(holds: bool, found: str) -> None:
    if not holds:
        raise BrokenProof("The recheck from the input tables disagrees with the plan: {found}.", found=found)
