"""
From frames to arrays: the planner's programme as one weighted-miss problem.

Columns are (site, year); a site once open stays open. Rows are

- coverage: one a demand point and year, its set the sites within the standard,
  weight people (maximal covering; Church & ReVelle 1974, over several years);
- travel: one a demand point and whole-minute layer of the final year, its set the
  sites at most that far, weight people x the step to the next layer (the radius
  formulation; Cornuéjols, Nemhauser & Wolsey 1980; García, Labbé & Marín 2011).

Rows that a centre fixed open satisfies are left out: their miss is 0. Everything
else the optimizer reduces by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import InvalidInput
from optimization import Columns, Measure, MissStage, Problem, Rule, Stage, TieStage, WorstStage
from planning.plan import Objectives
from planning.programme import Programme
from planning.travel import Reach, Travel

COVERAGE, TRAVEL = "covered_person_years", "mean_travel"
COMPREHENSIVE, PARTIAL = 0, 1
NEVER = 9999  # the year from which a free site is fixed open
MOST_ENTRIES = 200_000_000  # of the sets of mean travel: some 6 GB while they are written


@dataclass(frozen=True, slots=True)
class Instance:
    """
    What the builder needs, as arrays; n demand points, m sites.

    Attributes
    ----------
    journeys
        From n points to m sites, dense or sparse; a sparse one must hold every journey within the
        limits and within the cap of mean travel.
    limits
        (n,) the standard, minutes, inclusive.
    people
        (n,) persons.
    zone_of_point, zone_of_site
        (n,), (m,) zone ids.
    site_ids
        (m,) unique.
    site_kind
        (m,) COMPREHENSIVE or PARTIAL; partial sites are never counted or chosen,
        only open from `open_from`.
    open_from
        (m,) year from which the site is fixed open, `NEVER` when it is free.
    earliest
        (m,) first year in which a free site may operate.
    zones, zone_names
        All zone ids, in the order of reports, and their English names.
    """

    journeys: Travel | Reach
    limits: NDArray[np.float64]
    people: NDArray[np.int64]
    zone_of_point: NDArray[np.object_]
    zone_of_site: NDArray[np.object_]
    site_ids: NDArray[np.object_]
    site_kind: NDArray[np.int64]
    open_from: NDArray[np.int64]
    earliest: NDArray[np.int64]
    zones: tuple[str, ...]
    zone_names: tuple[str, ...]


def build_problem(instance: Instance, programme: Programme, objectives: Objectives) -> Problem:
    """
    Write the programme as a `Problem`.

    Stages, in order: person-years within the standard; the worst-off zone's share in
    the final year; mean travel of the final network; ties.
    """
    columns = _columns(instance, programme)
    position = _positions(columns, instance, programme)
    measures, blocks, weights = _coverage_rows(instance, programme, position)
    travel, travel_sets, travel_weights = _travel_rows(instance, programme, position, objectives.cap_minutes)
    measures = [*measures, travel]
    weights = [np.pad(block, ((0, 0), (0, 1))) for block in weights]
    weights.append(np.pad(travel_weights[:, None], ((0, 0), (len(measures) - 1, 0))))
    stages: tuple[Stage, ...] = (
        MissStage(COVERAGE, COVERAGE, objectives.coverage_tolerance),
        WorstStage("worst_governorate", tuple(_zone_measure(z) for z in instance.zones), objectives.worst_tolerance),
        MissStage(TRAVEL, TRAVEL, objectives.travel_tolerance),
        TieStage(),
    )
    return Problem(
        columns=columns,
        sets=sparse.csr_array(sparse.vstack([*blocks, travel_sets], format="csr")),
        weights=np.concatenate(weights).astype(np.int64),
        measures=tuple(measures),
        rules=(*_count_rules(instance, programme, position), *_order_rules(programme, position)),
        stages=stages,
    )


def _columns(instance: Instance, programme: Programme) -> Columns:
    """One column a site and year, site by site; years with nothing to choose are closed to free sites."""
    m, years = instance.site_ids.size, np.array(programme.years)
    place = np.repeat(np.arange(m), years.size)
    year = np.tile(years, m)
    fixed = instance.open_from[place] <= year
    fixed_count = np.array([_fixed_count(instance, int(t)) for t in years])
    to_choose = np.array([programme.operating(int(t)) for t in years]) > fixed_count
    free = (
        (instance.site_kind[place] == COMPREHENSIVE)
        & (instance.open_from[place] == NEVER)
        & (instance.earliest[place] <= year)
        & np.tile(to_choose, m)
    )
    return Columns(
        place=place,
        kind=instance.site_kind[place],
        year=year,
        lower=fixed.astype(np.int64),
        upper=(fixed | free).astype(np.int64),
        rank=np.where(instance.site_kind[place] == COMPREHENSIVE, place + 1, 0),
    )


def _positions(columns: Columns, instance: Instance, programme: Programme) -> NDArray[np.int64]:
    """Return (m, years) column positions, -1 where the column can never be open."""
    table = np.arange(columns.place.size).reshape(instance.site_ids.size, len(programme.years))
    return np.where(columns.upper.reshape(table.shape) == 1, table, -1)


def _fixed_count(instance: Instance, year: int) -> int:
    return int(((instance.open_from <= year) & (instance.site_kind == COMPREHENSIVE)).sum())


def _zone_measure(zone: str) -> str:
    return f"covered:{zone}"


def _coverage_rows(
    instance: Instance, programme: Programme, position: NDArray[np.int64]
) -> tuple[list[Measure], list[sparse.csr_array], list[NDArray[np.int64]]]:
    zone_index = np.array([instance.zones.index(zone) for zone in instance.zone_of_point])
    n = instance.people.size
    pairs = instance.journeys.pairs(float(instance.limits.max(initial=0.0)))
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
        blocks.append(_sets(row[point[here]], position[site[here], t], (kept.size, position.size)))
        weights.append(weight)
    people = int(instance.people.sum())
    measures = [Measure(COVERAGE, "person-years", 1.0, int(lost[0]), people * len(programme.years))]
    measures += [
        Measure(_zone_measure(zone), "people", 1.0, int(lost[1 + i]), int(instance.people[zone_index == i].sum()))
        for i, zone in enumerate(instance.zones)
    ]
    return measures, blocks, weights


def whole_minutes(minutes: NDArray[np.float64], cap: int) -> NDArray[np.int64]:
    """Round travel up to whole minutes, at most `cap`; no route is the cap."""
    return np.minimum(np.ceil(np.where(np.isfinite(minutes), minutes, cap)), cap).astype(np.int64)


def _travel_rows(
    instance: Instance, programme: Programme, position: NDArray[np.int64], cap: int
) -> tuple[Measure, sparse.csr_array, NDArray[np.int64]]:
    """Layers of whole minutes, from a point's nearest usable site to its nearest fixed one (or the cap)."""
    n, column = instance.people.size, position[:, -1]
    pairs = instance.journeys.pairs(float(cap))
    usable = column[pairs.site] >= 0
    point, site = pairs.point[usable], pairs.site[usable]
    whole = whole_minutes(pairs.minutes[usable], cap)
    ends = np.full(n, cap)
    fixed = instance.open_from[site] <= programme.final_year
    np.minimum.at(ends, point[fixed], whole[fixed])
    inside = whole < ends[point]
    point, site, whole = point[inside], site[inside], whole[inside]
    order = np.lexsort((site, whole, point))
    point, site, whole = point[order], site[order], whole[order]
    begin = np.searchsorted(point, np.arange(n + 1))
    first = ends.copy()
    some = np.flatnonzero(np.diff(begin))
    first[some] = whole[begin[some]]
    last = np.flatnonzero(np.append((np.diff(point) != 0) | (np.diff(whole) != 0), point.size > 0))
    of = point[last]
    following = np.append(whole[last][1:], 0)
    following = np.where(np.append(of[1:] != of[:-1], True)[: of.size], ends[of], following[: of.size])
    sets = _prefixes(column[site], begin[of], last + 1, position.size)
    measure = Measure(
        TRAVEL, "person-minutes", 1.0, int((instance.people * first).sum()), int(instance.people.sum()) * cap
    )
    steps = (following - whole[last]).astype(np.int64)
    return measure, sets, instance.people[of] * steps


def _prefixes(
    column: NDArray[np.int64], begin: NDArray[np.int64], end: NDArray[np.int64], width: int
) -> sparse.csr_array:
    """Return rows of ones: row r holds the columns ``column[begin[r]:end[r]]``."""
    size = end - begin
    start = np.concatenate([[0], np.cumsum(size)])
    if start[-1] > MOST_ENTRIES:
        raise InvalidInput(
            "Mean travel would need {entries} entries, more than {most}. Use a coarser demand or fewer candidates.",
            entries=int(start[-1]),
            most=MOST_ENTRIES,
        )
    at = np.arange(start[-1]) + np.repeat(begin - start[:-1], size)
    return _sets(np.repeat(np.arange(size.size), size), column[at], (size.size, width))


def _sets(row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]) -> sparse.csr_array:
    ones = np.ones(len(row), dtype=np.int8)
    return sparse.csr_array((ones, (np.asarray(row, dtype=np.int64), np.asarray(column, dtype=np.int64))), shape=shape)


def _count_rules(instance: Instance, programme: Programme, position: NDArray[np.int64]) -> list[Rule]:
    counted = instance.site_kind == COMPREHENSIVE
    rules = []
    for t, year in enumerate(programme.years):
        open_ = position[counted, t]
        rules.append(_sum_rule(f"count:{year}", "count", open_, "==", programme.operating(year)))
    for quota in programme.zone_quotas:
        t = programme.years.index(quota.from_year)
        for zone in instance.zones:
            here = counted & (instance.zone_of_site == zone)
            if not quota.fixed_count:
                here &= instance.open_from == NEVER
            name = f"quota:{zone}:{quota.from_year}"
            rules.append(_sum_rule(name, "quota", position[here, t], ">=", quota.at_least))
    return rules


def _sum_rule(name: str, kind: str, columns: NDArray[np.int64], sense: str, right: int) -> Rule:
    present = columns[columns >= 0]
    return Rule(name, kind, present, np.ones(present.size, dtype=np.int64), sense, right)  # type: ignore[arg-type]


def _order_rules(programme: Programme, position: NDArray[np.int64]) -> list[Rule]:
    """y(site, year) <= y(site, next year), where both may be open."""
    rules = []
    for t in range(len(programme.years) - 1):
        for site in np.flatnonzero((position[:, t] >= 0) & (position[:, t + 1] >= 0)):
            pair = np.array([position[site, t], position[site, t + 1]])
            name = f"stays_open:{site}:{programme.years[t]}"
            rules.append(Rule(name, "open_stays_open", pair, np.array([1, -1]), "<=", 0, structural=True))
    return rules
