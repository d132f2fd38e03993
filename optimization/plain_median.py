"""The p-median by name: arrays in, certified answer out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimization.center_cover import cover_within
from optimization.limits import Limits
from optimization.median_data import MedianData, median_data
from optimization.median_lagrangian import Ascent
from optimization.median_start import Incumbent, greedy, interchange, working
from optimization.median_tree import Tree
from optimization.plain_certificate import confirmed, verify_p_median
from optimization.plain_solution import (
    PlainLimits,
    PlainProgress,
    PlainSolution,
    cost_of,
    count_of,
    limits_from,
    nearest,
    nothing_found,
    refuse_overflow,
    weights_of,
)
from optimization.quanta import proven_within
from optimization.refining import refined
from optimization.solution import Status

STEPS = 2000  # of the ascent, at most
SMALL = 1_000_000  # entries of a matrix on which every swap is tried before the ascent


def p_median(
    cost: ArrayLike,
    p: int,
    *,
    weights: ArrayLike | None = None,
    fixed: Sequence[int] = (),
    **limits: Unpack[PlainLimits],
) -> PlainSolution:
    """
    Open p sites so that Σ weight · cost to the nearest open site is least.

    Parameters
    ----------
    cost
        (customers, sites) non-negative; inf where there is no route, never NaN.
    p
        Sites to open, 1 to all.
    weights
        (customers,) finite, non-negative; ones when None.
    fixed
        Positions of sites that must be open; they count towards p.
    limits
        ``time_limit`` (seconds), ``gap`` (a share of the value), ``threads``, ``seed``, ``progress``.

    Returns
    -------
    solution
        Every customer must be served, those of weight 0 too: one that no site can reach makes it infeasible and is
        named in ``unreachable``. Ctrl-C or the time limit give the best plan so far with its proven bound. What is
        called checked was replayed by `verify_p_median`.

    References
    ----------
    `median_lagrangian` for the bound, `median_start` for plans, `median_lp` and `median_tree` for what they leave open.
    """
    started = time.monotonic()
    matrix = cost_of(cost)
    given = weights_of(weights, matrix.shape[0])
    p, lower = count_of(p, fixed, matrix.shape[1])
    refuse_overflow(matrix, float(given.max(initial=0.0)), name="weighted costs")
    bounds, tell = limits_from(limits, started), limits.get("progress")
    draft, ceiling = refined(lambda asked: _searched(asked, given, p, lower, bounds, tell, started), matrix, given)
    if ceiling is not None:
        draft = replace(draft, certificate={**draft.certificate, "ceiling": np.array([ceiling])})
    opened = np.flatnonzero(lower).tolist()
    checked = confirmed(draft, lambda answer: verify_p_median(cost, p, answer, weights=given, fixed=opened))
    return replace(checked, seconds=time.monotonic() - started)


def _searched(
    matrix: NDArray[np.float64],
    given: NDArray[np.float64],
    p: int,
    lower: NDArray[np.int64],
    limits: Limits,
    tell: Callable[[PlainProgress], None] | None,
    started: float,
) -> tuple[PlainSolution, bool]:
    """Return what one search finds, not yet replayed, and whether a finer unit might prove more."""
    run = _Run(median_data(matrix, given), p, lower, limits)
    if tell is not None:

        def told() -> None:
            value, bound = (math.nan if each is None else each * run.data.quantum for each in run.known())
            tell(PlainProgress(value, bound, time.monotonic() - started))

        run.best.told = told
    try:
        run.work()
    except KeyboardInterrupt:
        run.stopped = True
    answer = run.answer(given)
    return answer, run.data.real is not None and answer.status == "within_gap" and not (run.stopped or limits.met())


class _Run:
    """One call of `p_median`; can be read at any moment."""

    def __init__(self, data: MedianData, p: int, lower: NDArray[np.int64], limits: Limits) -> None:
        self.data, self.p, self.lower, self.limits = data, p, lower, limits
        self.best = Incumbent(data, p)
        self.tree: Tree | None = None
        self.impossible: dict[str, NDArray[Any]] | None = None
        self.stopped = False

    def known(self) -> tuple[int | None, int | None]:
        """(cost of the best plan, bound), in whole quanta; None: not yet."""
        return self.best.value, None if self.tree is None else self.tree.bound

    def work(self) -> None:
        """Find a plan, climb, judge, and branch where that is not enough."""
        fixed = np.flatnonzero(self.lower).tolist()
        work = working(self.data)
        plan = greedy(work, self.p, fixed)
        if work.size <= SMALL:
            plan = interchange(work, plan, fixed, deadline=self.limits.deadline)
        if not self._served(plan):
            return
        self.tree = Tree(self.best, self.lower, self.limits)
        self.tree.told = self.best.told
        if self.limits.met():
            self.stopped = True
            return
        first = self.data.nearest(self.best.chosen).astype(np.float64)
        ascent = Ascent(work, np.arange(work.shape[1]), self.p, tuple(fixed), first)
        try:
            ascent.run(self._value, self.best.offer, steps=STEPS, deadline=self.limits.deadline)
        except KeyboardInterrupt:
            self.tree.learn(ascent.u)  # a bound so far is worth more than none
            raise
        del work
        if not self.tree.learn(ascent.u):
            self.tree.run(ascent.u)

    def _value(self) -> float:
        assert self.best.value is not None
        return float(self.best.value)

    def _served(self, plan: list[int]) -> bool:
        """Offer a plan; where it leaves somebody without a route, look for one that does not. False: none known."""
        if self.best.offer(plan):
            return True
        found = cover_within(np.isfinite(self.data.cost), self.p, self.lower, self.limits)
        if found.plan is not None:
            return self.best.offer(found.plan)
        if found.settled:
            self.impossible = found.certificate
        return False

    def answer(self, weights: NDArray[np.float64]) -> PlainSolution:
        """Put the answer together, not yet replayed."""
        matrix = self.data.cost
        if self.best.value is None:
            lost = tuple(np.flatnonzero(~np.isfinite(matrix).any(axis=1)).tolist())
            none: Status = "not_finished" if self.impossible is None else "infeasible"
            return nothing_found(none, matrix.shape[0], seconds=0.0, unreachable=lost, certificate=self.impossible)
        chosen = self.best.chosen
        assignment = nearest(matrix, chosen)
        value = float(weights @ matrix[np.arange(matrix.shape[0]), assignment])
        if self.tree is None:
            nan = math.nan
            return PlainSolution("best_found", chosen, assignment, value, nan, nan, "none", 0.0, self.data.quantum)
        proven = self.tree.bound >= self.best.value
        bound = self.data.real_bound(value, min(self.best.value, self.tree.bound))
        word: Status = "proven_optimal" if proven and proven_within(value, bound) else "within_gap"
        arrays = self.tree.log.arrays(self.tree.pricer.scale, matrix.shape[0])
        return PlainSolution(
            word, chosen, assignment, value, bound, value - bound, "none", 0.0, self.data.quantum, certificate=arrays
        )
