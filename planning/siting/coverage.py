"""Coverage rows: one a demand point and year, its set the sites within the standard (maximal covering)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization import Measure
from planning.programme import Programme
from planning.siting.instance import Instance

COVERAGE = "covered_person_years"


def zone_measure(zone: str) -> str:
    """Name the measure of the people a zone leaves outside the standard in the final year."""
    return f"covered:{zone}"


def coverage_rows(
    instance: Instance, programme: Programme, position: NDArray[np.int64]
) -> tuple[list[Measure], list[sparse.csr_array], list[NDArray[np.int64]]]:
    """
    Write one row a demand point and year that some free site may cover.

    `position` is (m, years), see `positions_of`. Returns the measures, and a year each: sets and weights.
    """
    zone_index = np.array([instance.zones.index(zone) for zone in instance.zone_of_point])
    n = instance.people.size
    pairs = instance.pairs(float(instance.limits.max(initial=0.0)))
    inside = pairs.minutes <= instance.limits[pairs.point]
    point, site = pairs.point[inside], pairs.site[inside]
    blocks, weights = [], []
    lost = np.zeros(1 + len(instance.zones), dtype=np.int64)
    for t, year in enumerate(programme.years):
        usable = position[site, t] >= 0
        reached = np.bincount(point[usable], minlength=n) > 0
        fixed = np.bincount(point[instance.open_from[site] <= year], minlength=n) > 0
        kept = np.flatnonzero(reached & ~fixed)
        empty = ~reached
        lost[0] += instance.people[empty].sum()
        weight = np.zeros((kept.size, lost.size), dtype=np.int64)
        weight[:, 0] = instance.people[kept]
        if year == programme.final_year:
            np.add.at(lost, 1 + zone_index[empty], instance.people[empty])
            weight[np.arange(kept.size), 1 + zone_index[kept]] = instance.people[kept]
        row = np.full(n, -1)
        row[kept] = np.arange(kept.size)
        here = usable & (row[point] >= 0)
        blocks.append(sets_of(row[point[here]], position[site[here], t], (kept.size, position.size)))
        weights.append(weight)
    people = int(instance.people.sum())
    measures = [Measure(COVERAGE, "person-years", 1.0, int(lost[0]), people * len(programme.years))]
    measures += [
        Measure(zone_measure(zone), "people", 1.0, int(lost[1 + i]), int(instance.people[zone_index == i].sum()))
        for i, zone in enumerate(instance.zones)
    ]
    return measures, blocks, weights


def sets_of(row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]) -> sparse.csr_array:
    """Return a CSR matrix of ones at (row, column)."""
    ones = np.ones(len(row), dtype=np.int8)
    return sparse.csr_array((ones, (np.asarray(row, dtype=np.int64), np.asarray(column, dtype=np.int64))), shape=shape)
