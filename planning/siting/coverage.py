"""
Coverage rows: a demand point, year and level, its set the places within the limit (maximal covering).

Visits have rows for each offer, whose sets hold only the places that can serve it. People whose limits
and whose places within them are equal share a row; weights say what it is worth to each measure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization import Measure
from planning.aims import COVERAGE, Scope
from planning.offers import Offer
from planning.programme import Programme
from planning.siting.counted import Counted, Key, reach_of, scope_measure
from planning.siting.instance import Instance
from planning.siting.offered import serving
from planning.siting.places import OptionPairs
from planning.siting.seen_sets import SeenSets
from planning.standards import Limits

__all__ = ["COVERAGE", "classes_of", "coverage_rows", "inside_pairs", "zone_measure"]

Ints = NDArray[np.int64]


def zone_measure(zone: str) -> str:
    """Name the measure of the people a zone leaves outside the standard in the final year."""
    scope: Scope = "governorate"
    return scope_measure(scope, zone, 0, 0)


def classes_of(instance: Instance, limits: Limits) -> list[tuple[frozenset[str], NDArray[np.int64]]]:
    """Part the cells by the groups' limit that holds for them: (groups of one such cell, positions of the cells)."""
    own = dict(limits.groups)
    found: dict[float, list[int]] = {}
    for at, members in enumerate(instance.cells.members):
        found.setdefault(min([own[group] for group in members & own.keys()], default=np.inf), []).append(at)
    return [(instance.cells.members[cells[0]], np.array(cells)) for cells in found.values()]


def inside_pairs(
    instance: Instance, pairs: OptionPairs, limits: Limits, members: frozenset[str], *, main: bool
) -> NDArray[np.bool_]:
    """
    Say which journeys are within the limits, for people who belong to the groups `members`.

    A kind's own standard takes the place of the standard itself; a group's limit, a band and a further
    standard can only be stricter still.
    """
    general = limits.of(instance.settlement, members)
    limit = instance.limits_at(pairs, general)
    if not main or members & dict(limits.groups).keys():
        limit = np.minimum(limit, general[pairs.point])
    return np.asarray(pairs.minutes <= limit)


def coverage_rows(
    instance: Instance, programme: Programme, position: Ints, counted: list[Counted]
) -> tuple[list[Measure], list[sparse.csr_array], list[Ints]]:
    """
    Write the rows that some free place may cover; those of equal sets are one, their weights added.

    `position` is (o, years), see `positions_of`. Returns the measures, and a year and level each: sets and
    (rows, measures) weights.
    """
    levels, n = instance.standard.levels(), instance.people.size
    pairs = instance.pairs(max(instance.longest_limit, instance.standard.longest_minutes))
    keys = reach_of(counted)
    reached: dict[tuple[int, Offer], list[tuple[Ints, Ints, Ints]]] = {}
    for level, offer in dict.fromkeys((key.level, key.offer) for key in keys):
        able = serving(instance, offer).pairs(pairs.point, pairs.option)
        reached[level, offer] = []
        for members, cells in classes_of(instance, levels[level].limits):
            near = able & inside_pairs(instance, pairs, levels[level].limits, members, main=level == 0)
            reached[level, offer].append((pairs.point[near], pairs.option[near], cells))
    one = all(len(classes) == 1 for classes in reached.values()) and len(reached) == 1
    blocks, weights = [], []
    lost = np.zeros(len(counted), dtype=np.int64)
    for key in keys:
        t = key.year
        surely = instance.surely_open(programme.years[t])
        for point, option, cells in reached[key.level, key.offer]:
            worth = _worth(counted, key, cells, n)
            usable = position[option, t] >= 0
            near = np.bincount(point[usable], minlength=n) > 0
            fixed = np.bincount(point[surely[option]], minlength=n) > 0
            lost += worth[:, ~near].sum(axis=1)
            kept = np.flatnonzero(near & ~fixed & (one | worth.any(axis=0)))
            seen = SeenSets(position[:, t], position.size)
            within = option[usable]
            begin = np.searchsorted(point[usable], kept)
            end = np.searchsorted(point[usable], kept, side="right")
            number = seen.prefixes(within, begin, end)
            blocks.append(seen.matrix())
            weights.append(seen.summed(number, worth[:, kept].T))
    measures = [
        Measure(each.name, each.unit, each.quantum, int(gone), each.total)
        for each, gone in zip(counted, lost, strict=True)
    ]
    return measures, blocks, weights


def _worth(counted: list[Counted], key: Key, cells: Ints, n: int) -> Ints:
    """(measures, n) what some cells are worth in a year and level, to what can serve them."""
    nothing = np.zeros(n, dtype=np.int64)
    return np.stack([each.weights[key][cells].sum(axis=0) if key in each.weights else nothing for each in counted])
