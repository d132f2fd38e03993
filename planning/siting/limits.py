"""The planner's limits on sites and areas as rules: together, at most one of, forbidden, regions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optimization import Rule
from planning.conditions import AreaRule, SiteLimit, Together
from planning.siting.board import Board
from planning.siting.instance import NEVER


def condition_rules(board: Board) -> Iterator[Rule]:
    """Write each condition on sites and areas under its own name."""
    conditions = board.programme.conditions
    for tie in conditions.together:
        yield from _together(board, tie)
    for limit in conditions.site_limits:
        yield from _at_sites(board, limit)
    for area in conditions.areas:
        yield from _in_area(board, area)


def _together(board: Board, tie: Together) -> Iterator[Rule]:
    """As many centres at the first site as at each other one, every year: ``together:name:JO-AM-x:2025``."""
    counted, first = board.of_kinds(()), tie.sites[0]
    for other in dict.fromkeys(tie.sites[1:]):
        sign = np.where(board.at_sites((first,)), 1, 0) - np.where(board.at_sites((other,)), 1, 0)
        for t, year in enumerate(board.years):
            weights = np.zeros(board.position.shape, dtype=np.int64)
            weights[:, t] = np.where(counted, sign, 0)
            name = f"together:{tie.name}:{other}:{year}"
            yield board.weighted_rule(name, "togetherness", weights, "==", 0, "centres")


def _at_sites(board: Board, limit: SiteLimit) -> Iterator[Rule]:
    """Write ``at_sites:name:2025``: forbidden (0), exclusive (1) or limited sites."""
    kind = {0: "forbidden", 1: "exclusion"}.get(limit.at_most, "at_most")
    mask = board.of_kinds(limit.kinds) & board.at_sites(limit.sites)
    for t in board.years_of_most(mask):
        yield board.sum_rule(f"at_sites:{limit.name}:{board.years[t]}", kind, mask, t, "<=", limit.at_most)


def _in_area(board: Board, area: AreaRule) -> Iterator[Rule]:
    """Write ``at_least:badia:2025`` and ``at_most:badia:2025``; with the governorate in it where each is limited."""
    instance = board.instance
    site = instance.options.site
    zone, district = (of[site].astype(str) for of in (instance.zone_of_site, instance.district_of_site))
    if area.each_governorate:
        for each in area.governorates or instance.zones:
            yield from _limited(board, area, zone == each, f"{area.name}:{each}")
    else:
        inside = np.isin(zone, area.governorates) | np.isin(district, area.districts)
        yield from _limited(board, area, inside, area.name)


def _limited(board: Board, area: AreaRule, inside: NDArray[np.bool_], name: str) -> Iterator[Rule]:
    mask = board.of_kinds(area.kinds) & inside
    if not area.fixed_count:
        mask &= board.instance.open_from == NEVER
    if area.at_least is not None:
        for t in board.years_of_least(mask, area.from_year):
            yield board.sum_rule(f"at_least:{name}:{board.years[t]}", "at_least", mask, t, ">=", area.at_least)
    if area.at_most is not None:
        for t in board.years_of_most(mask, area.from_year):
            yield board.sum_rule(f"at_most:{name}:{board.years[t]}", "at_most", mask, t, "<=", area.at_most)
