"""Travel rows: one a demand point and whole-minute layer of the final year (the radius formulation of the p-median)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import InvalidInput
from optimization import Measure
from planning.programme import Programme
from planning.siting.coverage import sets_of
from planning.siting.instance import Instance

TRAVEL = "mean_travel"
MOST_ENTRIES = 200_000_000  # of the sets of mean travel: some 6 GB while they are written


def whole_minutes(minutes: NDArray[np.float64], cap: int) -> NDArray[np.int64]:
    """Round travel up to whole minutes, at most `cap`; no route is the cap."""
    return np.minimum(np.ceil(np.where(np.isfinite(minutes), minutes, cap)), cap).astype(np.int64)


def travel_rows(
    instance: Instance, programme: Programme, position: NDArray[np.int64], cap: int
) -> tuple[Measure, sparse.csr_array, NDArray[np.int64]]:
    """Layers of whole minutes, from a point's nearest usable site to its nearest fixed one (or the cap)."""
    n, column = instance.people.size, position[:, -1]
    pairs = instance.pairs(float(cap))
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
    return sets_of(np.repeat(np.arange(size.size), size), column[at], (size.size, width))
