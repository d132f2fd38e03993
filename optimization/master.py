"""
The persistent linear programme over y, one estimate a block, and the cuts found so far.

    min  goal            rules on y;  Σ_b η(g,b) <= allowed(g) − K(g);  η(b) + a·y >= a0
    worst goal:          Σ_b η(g,b) − total(g)·φ <= −K(g),  min φ

HiGHS has no lazy callbacks, hence one LP that grows and is solved again from its
last basis. Misses are scaled by a power of two for each measure, so that the LP's
tolerances (1e-9) stay far below one quantum.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from optimization.cut_pool import CutPool
from optimization.cuts import Layout
from optimization.highs import add_rules, quiet_highs
from optimization.system import System

_INF = float("inf")
_MANY = 2**31 - 1
SHORTEST = 0.05  # seconds that a linear programme is given at least
_SETTLED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
SHARE_SCALE = 2.0**16  # φ is at most 1; stretched so that tolerances are small beside it


@dataclass(frozen=True, slots=True)
class LpAnswer:
    """One LP solve: y, the block estimates (quanta), the duals of all rows (LP units), feasible or not."""

    feasible: bool
    solved: bool
    y: NDArray[np.float64]
    estimates: NDArray[np.float64]
    duals: NDArray[np.float64]
    cuts: tuple[int, ...] = ()  # the cut behind each row after the fixed ones
    objective: float = float("nan")


class Master:
    """The LP of one search; private to it, changed in place."""

    def __init__(
        self, system: System, layout: Layout, pool: CutPool, *, seed: int = 0, deadline: float = math.inf
    ) -> None:
        self.system, self.layout, self.pool, self.deadline = system, layout, pool, deadline
        self.columns = system.core.lower.size
        self.blocks = layout.block_measure.size
        self.cap_measures = tuple(sorted({*system.caps, *(system.goal.measures if self._worst else ())}))
        self.scale = {measure: self._scale_of(measure) for measure in layout.measures}
        self.row_cuts: list[int] = []
        self.highs = self._built(seed)
        self.fixed_rows = len(system.rows.low) + len(self.cap_measures)

    @property
    def _worst(self) -> bool:
        return self.system.goal.kind == "worst"

    def _scale_of(self, measure: int) -> float:
        weight = self.system.core.weight_of(measure)
        return 2.0 ** max(0, weight.bit_length() - 22)

    def scale_for(self, measure: int) -> float:
        """Quanta in one LP unit of a measure's estimates; 1 where it has no rows."""
        return self.scale.get(measure, 1.0)

    @property
    def goal_scale(self) -> float:
        """Goal units in one LP unit of the objective."""
        goal = self.system.goal
        if goal.kind == "miss":
            return self.scale_for(goal.measures[0])
        if goal.kind == "linear":
            largest = int(np.abs(goal.coefficients).max(initial=0))
            return 2.0 ** max(0, largest.bit_length() - 22)
        return 1.0 / SHARE_SCALE

    def _built(self, seed: int) -> Any:
        highs = quiet_highs(
            presolve="off",
            simplex_dual_edge_weight_strategy=1,  # Devex: exact weights of a basis taken over cost more than they save
            solver="simplex",
            threads=1,
            random_seed=seed,
            primal_feasibility_tolerance=1e-7,
            dual_feasibility_tolerance=1e-9,
        )
        core, goal = self.system.core, self.system.goal
        extra = self.blocks + int(self._worst)
        lower = np.concatenate((core.lower.astype(float), np.zeros(extra)))
        upper = np.concatenate((core.upper.astype(float), np.full(extra, _INF)))
        cost = np.zeros(lower.size)
        cost[: self.columns] = goal.coefficients / self.goal_scale if goal.kind == "linear" else 0.0
        if goal.kind == "miss":
            cost[self.columns : self.columns + self.blocks][self.layout.block_measure == goal.measures[0]] = 1.0
        if self._worst:
            cost[-1] = SHARE_SCALE
        highs.addVars(lower.size, lower, upper)
        every = np.arange(lower.size, dtype=np.int32)
        highs.changeColsCost(lower.size, every, cost)
        add_rules(highs, self.system.rows)
        for measure in self.cap_measures:
            self._add_cap(highs, measure)
        return highs

    def _add_cap(self, highs: Any, measure: int) -> None:
        mine = np.flatnonzero(self.layout.block_measure == measure) + self.columns
        values = np.ones(mine.size)
        scale = self.scale_for(measure)
        constant = int(self.system.core.constant[measure])
        if self._worst and measure in self.system.goal.measures:
            mine = np.append(mine, self.columns + self.blocks)
            values = np.append(values, -self.system.totals[measure] / scale)
            right = -constant / scale
        else:
            right = (self.system.caps[measure] - constant) / scale
        highs.addRow(-_INF, right, mine.size, mine.astype(np.int32), values)

    def add_cuts(self, cuts: list[int]) -> None:
        """Add cuts of the pool as rows."""
        if not cuts:
            return
        starts, indices, values, low = [0], [], [], []
        for cut in cuts:
            block = self.pool.block[cut]
            scale = self.scale_for(int(self.layout.block_measure[block]))
            slope = self.pool.slope[cut]
            support = np.flatnonzero(slope)
            indices += [support, np.array([self.columns + block])]
            values += [slope[support] / scale, np.ones(1)]
            low.append(self.pool.constant[cut] / scale)
            starts.append(starts[-1] + support.size + 1)
        self.highs.addRows(
            len(cuts),
            np.array(low),
            np.full(len(cuts), _INF),
            starts[-1],
            np.array(starts[:-1], dtype=np.int32),
            np.concatenate(indices).astype(np.int32),
            np.concatenate(values),
        )
        self.row_cuts += cuts

    def drop_idle_cuts(self) -> None:
        """Delete cut rows that are slack at the present basis."""
        basis = self.highs.getBasis()
        status = basis.row_status[self.fixed_rows :]
        idle = [row for row, state in enumerate(status) if state == highspy.HighsBasisStatus.kBasic]
        if len(idle) * 2 < len(self.row_cuts):
            return
        gone = np.array(idle, dtype=np.int32) + self.fixed_rows
        self.highs.deleteRows(gone.size, gone.astype(np.int32))
        dropped = set(idle)
        self.row_cuts = [cut for row, cut in enumerate(self.row_cuts) if row not in dropped]

    def set_bounds(self, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> None:
        """Set the box of y."""
        every = np.arange(self.columns, dtype=np.int32)
        self.highs.changeColsBounds(self.columns, every, lower.astype(float), upper.astype(float))

    @contextmanager
    def probing(self) -> Iterator[Callable[[int, int, int], float]]:
        """
        Lend a function (column, side, steps) -> the objective after so many dual steps; infinite where infeasible.

        The column is a free one. Every probe starts from the present basis; bounds and basis are put back at the end.
        """
        basis = self.highs.getBasis()

        def probe(column: int, side: int, steps: int) -> float:
            self.highs.setOptionValue("simplex_iteration_limit", steps)
            self.highs.changeColBounds(column, float(side), float(side))
            self.highs.run()
            infeasible = self.highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible
            value = float(self.highs.getInfo().objective_function_value)
            self.highs.changeColBounds(column, 0.0, 1.0)
            self.highs.setBasis(basis)
            return _INF if infeasible else value

        try:
            yield probe
        finally:
            self.highs.setOptionValue("simplex_iteration_limit", _MANY)

    def solve(self) -> LpAnswer:
        """Solve from the last basis, no longer than the deadline; on infeasibility the duals are a Farkas ray."""
        if math.isfinite(self.deadline):  # HiGHS counts the seconds of all its runs
            left = max(SHORTEST, self.deadline - time.monotonic())
            self.highs.setOptionValue("time_limit", self.highs.getRunTime() + left)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status not in _SETTLED and time.monotonic() < self.deadline:
            self.highs.clearSolver()  # a fresh start, once; a caller goes on without bounds if that fails too
            self.highs.run()
            status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            solution = self.highs.getSolution()
            values = np.array(solution.col_value)
            scales = np.array([self.scale_for(int(measure)) for measure in self.layout.block_measure])
            estimates = values[self.columns : self.columns + self.blocks] * scales
            return LpAnswer(
                True,
                True,
                values[: self.columns],
                estimates,
                np.array(solution.row_dual),
                tuple(self.row_cuts),
                float(self.highs.getInfo().objective_function_value),
            )
        nothing = np.zeros(0)
        if status == highspy.HighsModelStatus.kInfeasible:
            _, has_ray, ray = self.highs.getDualRay()
            return LpAnswer(False, bool(has_ray), nothing, nothing, np.array(ray), tuple(self.row_cuts))
        return LpAnswer(True, False, nothing, nothing, nothing)
