"""
The linear relaxation of a p-median over the sites still in play, by Benders cuts.

    min Σ_b η(b)     Σ y <= p,  0 <= y <= 1,     η(b) + Σ_j Σ_{i in b} max(0, D(i) − c(i,j)) y(j)  >=  Σ_{i in b} D(i)

for any distances D, one estimate η for each block b of neighbours; at a point the strongest D(i) is
the cost at which the nearest sites' y first add up to 1 (Duran-Mateluna, Ales & Elloumi 2023, An
efficient Benders decomposition for the p-median, EJOR 308). One HiGHS LP grows by rows.

The duals λ of a block's cuts add up to at most 1, and max(0, D − c) is convex in D. So the single price
u(i) = Σ λ D(i) proves at least as much as the cuts do: that is how the LP's answer becomes
Lagrangian multipliers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from optimization.highs import quiet_highs

FULL = 1.0 - 1e-9
MARGIN = 1e-7
_INF = float("inf")
_SETTLED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """
    One solve: y over the LP's columns, Σ η, the multipliers u (n,) in the order of the customers.

    `solved` is False where HiGHS gave up; `feasible` False where too many sites are fixed open.
    """

    solved: bool
    feasible: bool
    y: NDArray[np.float64]
    objective: float
    u: NDArray[np.float64]
    estimates: NDArray[np.float64]


@dataclass(slots=True)
class MedianLp:
    """
    The growing LP; private to one search, changed in place.

    Attributes
    ----------
    cost
        (n, C) whole weighted costs as float64 of its columns, customers ordered by block.
    columns
        (C,) the positions of its sites.
    order
        (n,) the customers, block by block.
    starts
        (B,) where each block starts.
    unit
        Quanta in one LP unit.
    """

    cost: NDArray[np.float64]
    columns: NDArray[np.int64]
    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    unit: float
    highs: Any
    cuts: list[tuple[int, NDArray[np.float64]]] = field(default_factory=list)  # (block, D over it), row by row
    inside: NDArray[np.float64] | None = None

    @property
    def blocks(self) -> int:
        """How many estimates there are."""
        return int(self.starts.size)

    def _rows_of(self, block: int) -> slice:
        end = self.starts[block + 1] if block + 1 < self.starts.size else self.order.size
        return slice(int(self.starts[block]), int(end))

    def solve(self, deadline: float) -> Relaxed:
        """Solve from the last basis; `deadline` is a reading of `time.monotonic`."""
        status = _run(self.highs, deadline)
        nothing = np.zeros(0)
        if status == highspy.HighsModelStatus.kInfeasible:
            return Relaxed(True, False, nothing, _INF, nothing, nothing)
        if status != highspy.HighsModelStatus.kOptimal:
            return Relaxed(False, True, nothing, -_INF, nothing, nothing)
        solution = self.highs.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)[1:]
        u = np.zeros(self.order.size)
        for at in np.flatnonzero(duals > 0).tolist():
            block, distance = self.cuts[at]
            u[self._rows_of(block)] += duals[at] * distance
        unordered = np.empty_like(u)
        unordered[self.order] = u
        estimates = values[: self.blocks] * self.unit
        return Relaxed(True, True, values[self.blocks :], float(estimates.sum()), unordered, estimates)

    def cut(self, answer: Relaxed) -> bool:
        """Cut off the answer's estimates, at a point half way to it from the last one where that does; False: exact."""
        inside = answer.y if self.inside is None or self.inside.size != answer.y.size else self.inside
        self.inside = 0.5 * inside + 0.5 * answer.y
        return self._cut_at(self.inside, answer) or self._cut_at(answer.y, answer)

    def cut_with(self, u: NDArray[np.float64]) -> None:
        """Add the cuts of D = u in every block: the LP is then worth the Lagrangian bound of u at least."""
        distance = u[self.order]
        self._add(np.arange(self.blocks), distance, self._slopes(distance))

    def _cut_at(self, point: NDArray[np.float64], answer: Relaxed) -> bool:
        distance = critical(self.cost, point)
        slopes = self._slopes(distance)
        wanted = np.add.reduceat(distance, self.starts) - slopes @ answer.y
        due = np.flatnonzero(wanted > answer.estimates + MARGIN * np.maximum(self.unit, wanted))
        if due.size:
            self._add(due, distance, slopes[due])
        return bool(due.size)

    def _slopes(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        """(B, C) Σ over a block of max(0, D − c)."""
        near = distance[:, None] - self.cost
        np.maximum(near, 0.0, out=near)
        return np.asarray(np.add.reduceat(near, self.starts, axis=0))

    def _add(self, blocks: NDArray[np.int64], distance: NDArray[np.float64], slopes: NDArray[np.float64]) -> None:
        self._add_rows(blocks, [distance[self._rows_of(block)].copy() for block in blocks.tolist()], slopes)

    def _add_rows(
        self, blocks: NDArray[np.int64], distances: list[NDArray[np.float64]], slopes: NDArray[np.float64]
    ) -> None:
        count, sites = slopes.shape
        matrix = np.concatenate([np.ones((count, 1)), slopes / self.unit], axis=1)
        indices = np.empty((count, sites + 1), dtype=np.int32)
        indices[:, 0] = blocks
        indices[:, 1:] = np.arange(self.blocks, self.blocks + sites)
        kept = matrix != 0
        starts = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int32)
        low = np.array([each.sum() for each in distances]) / self.unit
        self.highs.addRows(count, low, np.full(count, _INF), int(starts[-1]), starts[:-1], indices[kept], matrix[kept])
        self.cuts += list(zip(blocks.tolist(), distances, strict=True))

    def again(self, cuts: list[tuple[int, NDArray[np.float64]]]) -> None:
        """Add cuts made over more columns."""
        slopes = np.empty((len(cuts), self.columns.size))
        for at, (block, distance) in enumerate(cuts):
            slopes[at] = np.maximum(0.0, distance[:, None] - self.cost[self._rows_of(block)]).sum(axis=0)
        self._add_rows(np.array([block for block, _ in cuts], np.int64), [each for _, each in cuts], slopes)

    def set_bounds(self, lower: NDArray[np.int8], upper: NDArray[np.int8]) -> None:
        """Set the box, given over all sites."""
        at = np.arange(self.blocks, self.blocks + self.columns.size, dtype=np.int32)
        low, high = lower[self.columns].astype(float), upper[self.columns].astype(float)
        self.highs.changeColsBounds(at.size, at, low, high)

    def drop_idle(self) -> None:
        """Delete cuts that are slack at the present basis, when they are many."""
        status = self.highs.getBasis().row_status[1:]
        idle = [row for row, state in enumerate(status) if state == highspy.HighsBasisStatus.kBasic]
        if len(idle) * 2 < len(self.cuts):
            return
        gone = np.array(idle, dtype=np.int32) + 1
        self.highs.deleteRows(gone.size, gone)
        dropped = set(idle)
        self.cuts = [cut for row, cut in enumerate(self.cuts) if row not in dropped]


def median_lp(
    columns: NDArray[np.int64], cost: NDArray[np.float64], p: int, *, unit: float, blocks: int, seed: int
) -> MedianLp:
    """Start the LP over `columns`; `cost` (n, C) in whole quanta, `far` included."""
    customers = cost.shape[0]
    order = np.argsort(cost.argmin(axis=1), kind="stable") if cost.size else np.arange(customers)
    count = max(1, min(blocks, customers))
    starts = (np.arange(count) * customers) // count
    return MedianLp(cost[order], columns, order, starts, unit, _programme(count, columns.size, p, seed))


def narrowed(lp: MedianLp, keep: NDArray[np.bool_], p: int, *, seed: int) -> MedianLp:
    """The same LP over fewer of its columns, with the cuts it has now."""
    cost = np.ascontiguousarray(lp.cost[:, keep])
    fresh = MedianLp(
        cost, lp.columns[keep], lp.order, lp.starts, lp.unit, _programme(lp.blocks, cost.shape[1], p, seed)
    )
    fresh.inside = lp.inside[keep] if lp.inside is not None else None
    fresh.again(lp.cuts)
    return fresh


def _programme(blocks: int, columns: int, p: int, seed: int) -> Any:
    highs = quiet_highs(
        presolve="off",
        solver="simplex",
        threads=1,
        random_seed=seed,
        primal_feasibility_tolerance=1e-9,
        dual_feasibility_tolerance=1e-9,
    )
    count, nothing = blocks + columns, np.zeros(0, dtype=np.int32)
    costs = np.concatenate([np.ones(blocks), np.zeros(columns)])
    highs.addCols(
        count,
        costs,
        np.zeros(count),
        np.concatenate([np.full(blocks, _INF), np.ones(columns)]),
        0,
        np.zeros(count, np.int32),
        nothing,
        np.zeros(0),
    )
    every = np.arange(blocks, count, dtype=np.int32)
    highs.addRows(1, np.array([-_INF]), np.array([float(p)]), columns, np.zeros(1, np.int32), every, np.ones(columns))
    return highs


def critical(cost: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) the cost at which the nearest sites' y first add up to 1; the largest of all if they never do."""
    support = np.flatnonzero(y > 0)
    if support.size == 0:
        return np.asarray(cost.max(axis=1, initial=0.0))
    among = cost[:, support]
    order = np.argsort(among, axis=1, kind="stable")
    filled = np.cumsum(y[support][order], axis=1)
    if filled.shape[0] and filled[0, -1] < FULL:  # the same sum in every row
        return np.asarray(cost.max(axis=1))
    at = (filled < FULL).sum(axis=1)
    rows = np.arange(cost.shape[0])
    return np.asarray(among[rows, order[rows, np.minimum(at, support.size - 1)]])


def _run(highs: Any, deadline: float) -> Any:
    if deadline < _INF:
        highs.setOptionValue("time_limit", highs.getRunTime() + max(0.1, deadline - time.monotonic()))
    highs.run()
    status = highs.getModelStatus()
    if status not in _SETTLED and time.monotonic() < deadline:
        highs.clearSolver()  # a fresh start, once
        highs.run()
        status = highs.getModelStatus()
    return status
