"""
Can p sites reach everybody? A plan, or a proof in whole numbers that none does.

The question of a p-centre at one distance (Minieka 1970). Rows that another row implies and
columns that another column replaces go first; then branch and bound on the linear relaxation
of "fewest sites", whose duals v say

    Σ v(i)  −  the p greatest sums of v over what a site reaches  >  0      no p sites reach everybody

judged in whole numbers (`median_box` with costs 0 within reach and infinite beyond).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.center_reduction import Reduced, reduced_cover
from optimization.highs import quiet_highs
from optimization.limits import Limits
from optimization.median_box import Verdict, judge
from optimization.median_log import BoxLog

SCALE = 30
WHOLE = 1e-6
ALMOST = 1e-7


@dataclass(frozen=True, slots=True)
class Covered:
    """
    What a search for a cover found.

    Attributes
    ----------
    plan
        Positions of at most p sites that reach everybody; None when none was found.
    settled
        True when there is a plan, or `certificate` proves that there is none.
    certificate
        Arrays as in `median_log`; empty when there is a plan.
    """

    plan: list[int] | None
    settled: bool
    certificate: dict[str, NDArray[Any]]


def cover_within(reach: NDArray[np.bool_], p: int, fixed: NDArray[np.int64], limits: Limits) -> Covered:
    """
    Look for at most p sites, the fixed ones among them, that reach every row.

    Parameters
    ----------
    reach
        (customers, sites).
    fixed
        (sites,) 1 where a site must be open.
    """
    bare = np.flatnonzero(~reach.any(axis=1))
    if bare.size:
        return Covered(None, True, _unreached(int(bare[0]), reach.shape[0]))
    greedy = greedy_cover(reach, p, fixed)
    if greedy is not None:
        return Covered(greedy, True, {})
    reduced = reduced_cover(reach, fixed)
    search = _Search(reach, reduced, p, fixed, limits)
    greedy = search.completed([])
    if greedy is not None:
        return Covered(greedy, True, {})
    plan = search.run()
    if plan is not None:
        return Covered(plan, True, {})
    settled = not search.stack
    arrays = search.log.arrays(SCALE, reach.shape[0]) if settled else {}
    if arrays:
        arrays |= {"rows": reduced.rows, "dominated": reduced.dominated}
    return Covered(None, settled, arrays)


def greedy_cover(reach: NDArray[np.bool_], p: int, fixed: NDArray[np.int64]) -> list[int] | None:
    """Cover by the fixed sites and then the site that adds most, at most p in all; None where that takes more."""
    chosen = np.flatnonzero(fixed).tolist()
    left = ~reach[:, chosen].any(axis=1)
    gain = reach[left].sum(axis=0)
    while left.any():
        if len(chosen) >= p:
            return None
        site = int(gain.argmax())
        chosen.append(site)
        now = left & reach[:, site]
        gain -= reach[now].sum(axis=0)
        left &= ~now
    return sorted(chosen)


def _unreached(customer: int, customers: int) -> dict[str, NDArray[Any]]:
    """Proof that a customer without any site in reach is not reached: a price of one for it alone."""
    log = BoxLog()
    price = np.zeros(customers, dtype=np.int64)
    price[customer] = 1
    log.nodes[0].multipliers = log.keep(price)
    return log.arrays(0, customers)


@dataclass(slots=True)
class _Box:
    number: int
    lower: NDArray[np.int8]
    upper: NDArray[np.int8]


class _Search:
    """Depth first; changed in place."""

    def __init__(
        self, reach: NDArray[np.bool_], reduced: Reduced, p: int, fixed: NDArray[np.int64], limits: Limits
    ) -> None:
        self.p, self.fixed, self.limits, self.reduced = p, fixed, limits, reduced
        self.customers, self.sites = reach.shape
        part = reach[np.ix_(reduced.rows, reduced.columns)]
        self.part = part
        self.matrix = sparse.csr_array(part.astype(np.int64))
        self.turned = sparse.csr_array(part.T.astype(np.int64))
        self.everywhere = sparse.csr_array(reach[reduced.rows].T.astype(np.int64))  # what every site reaches
        self.log = BoxLog()
        upper = np.ones(self.sites, dtype=np.int8)
        upper[reduced.dominated[:, 0]] = 0
        self.stack = [_Box(0, fixed.astype(np.int8), upper)]
        self.highs = self._programme()

    def _programme(self) -> Any:
        highs = quiet_highs(presolve="off", solver="simplex", threads=1, random_seed=self.limits.seed)
        rows, columns = self.matrix.shape
        one, zero = np.ones(columns), np.zeros(columns)
        nothing = np.zeros(0, np.int32)
        highs.addCols(columns, one, zero, one, 0, np.zeros(columns, np.int32), nothing, np.zeros(0))
        highs.addRows(
            rows,
            np.ones(rows),
            np.full(rows, np.inf),
            self.matrix.nnz,
            self.matrix.indptr[:-1].astype(np.int32),
            self.matrix.indices.astype(np.int32),
            self.matrix.data.astype(float),
        )
        return highs

    def run(self) -> list[int] | None:
        """Return a plan; None when every box is closed, or the time is over (`stack` is not empty then)."""
        while self.stack:
            if self.limits.met():
                return None
            plan = self._expand(self.stack[-1])
            if plan is not None:
                return plan
        return None

    def _expand(self, box: _Box) -> list[int] | None:
        """Close the top box, or put its halves in its place; return a plan if one turns up."""
        y = np.zeros(0)
        while True:
            y, duals = self._relaxed(box)
            if y.size == 0:
                if not self._blocked(box):
                    self._halve(box, y)
                return None
            plan = self._rounded(box, y)
            if plan is not None:
                return plan
            before = int((box.lower < box.upper).sum())
            if self._learn(box, duals):
                return None
            if before == int((box.lower < box.upper).sum()):
                self._halve(box, y)
                return None

    def _relaxed(self, box: _Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(y, duals) over the reduced problem; empty where the box reaches not everybody, or HiGHS gave up."""
        columns = self.reduced.columns
        at = np.arange(columns.size, dtype=np.int32)
        low, high = box.lower[columns].astype(float), box.upper[columns].astype(float)
        self.highs.changeColsBounds(at.size, at, low, high)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.zeros(0), np.zeros(0)
        solution = self.highs.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)

    def _blocked(self, box: _Box) -> bool:
        """Close a box in which some row has no site left."""
        left = self.matrix @ box.upper[self.reduced.columns].astype(np.int64)
        bare = np.flatnonzero(left == 0)
        if bare.size == 0:
            return False
        prices = np.zeros(self.reduced.rows.size)
        prices[bare[0]] = 1.0
        return self._learn(box, prices)

    def _learn(self, box: _Box, prices: NDArray[np.float64]) -> bool:
        """Bound and fix by duals; True when they close the box."""
        whole = np.rint(np.maximum(prices, 0.0) * 2.0**SCALE).astype(np.int64)
        reduced, total = -(self.everywhere @ whole), int(whole.sum())
        kept = -1
        while True:
            verdict: Verdict = judge(reduced, total, box.lower, box.upper, self.p)
            closes = verdict.closes(0)
            found = [] if closes else verdict.fixed(0)
            if kept < 0 and (closes or found):
                everybody = np.zeros(self.customers, dtype=np.int64)
                everybody[self.reduced.rows] = whole
                kept = self.log.keep(everybody)
            if closes:
                self.log.nodes[box.number].multipliers = kept
                self.stack.pop()
                return True
            if not found:
                return False
            self.log.fix(box.number, kept, found)
            for column, value in found:
                box.lower[column] = box.upper[column] = value

    def _rounded(self, box: _Box, y: NDArray[np.float64]) -> list[int] | None:
        """Open what the relaxation opens most of, and complete it greedily."""
        if np.abs(y - np.rint(y)).max() < WHOLE and y.sum() <= self.p - int(self.fixed.sum()) + ALMOST:
            plan = self.completed(np.flatnonzero(y > 0.5).tolist())
            if plan is not None:
                return plan
        for least in (0.99, 0.6):
            plan = self.completed(np.flatnonzero(y >= least).tolist(), y)
            if plan is not None:
                return plan
        return None

    def completed(self, start: list[int], y: NDArray[np.float64] | None = None) -> list[int] | None:
        """Complete a choice of reduced columns by the site that reaches most (y breaks ties); None above p."""
        spare = self.p - int(self.fixed.sum()) - len(start)
        left = np.ones(self.reduced.rows.size, dtype=np.int64)
        if start:
            left[(self.turned[start].sum(axis=0) > 0)] = 0
        chosen = list(start)
        while left.any():
            if spare <= 0:
                return None
            gain = self.turned @ left + (0.5 * y if y is not None else 0.0)
            site = int(gain.argmax())
            chosen.append(site)
            left[self.part[:, site]] = 0
            spare -= 1
        if spare < 0:
            return None
        return sorted({*np.flatnonzero(self.fixed).tolist(), *self.reduced.columns[chosen].tolist()})

    def _halve(self, box: _Box, y: NDArray[np.float64]) -> None:
        """Split on the most fractional column; the half with the site open comes first."""
        free = np.flatnonzero(box.lower < box.upper)
        full = np.zeros(self.sites)
        full[self.reduced.columns[: y.size]] = y
        column = int(free[np.argmin(np.abs(full[free] - 0.5))])
        halves = []
        for number, side in zip(self.log.split(box.number, column), (0, 1), strict=True):
            lower, upper = box.lower.copy(), box.upper.copy()
            lower[column] = upper[column] = side
            halves.append(_Box(number, lower, upper))
        self.stack[-1:] = halves
