"""The p-centre by name: arrays in, certified answer out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimization.center_cover import Covered, cover_within
from optimization.center_start import exchanged, good_centre, radius
from optimization.limits import Limits
from optimization.median_start import filled
from optimization.plain_certificate import confirmed, verify_p_center
from optimization.plain_solution import (
    PlainLimits,
    PlainProgress,
    PlainSolution,
    cost_of,
    count_of,
    limits_from,
    nearest,
    nothing_found,
)
from optimization.solution import Status


def p_center(cost: ArrayLike, p: int, *, fixed: Sequence[int] = (), **limits: Unpack[PlainLimits]) -> PlainSolution:
    """
    Open p sites so that the largest cost of any customer to its nearest open site is least.

    A search over the distinct costs between two bounds: interchange from farthest points gives the upper one,
    and at each step a set cover asks whether p sites reach everybody within a cost. The first question is
    whether they do within less than the best plan; where they do not, that is the proof, and it is replayed
    (`verify_p_center`) before it is called checked.

    Parameters and result as in `p_median`, without weights. ``gap`` is a share of the value.

    References
    ----------
    Minieka (1970), The m-center problem, SIAM Review 12; Gonzalez (1985), Clustering to minimize the
    maximum intercluster distance, TCS 38.
    """
    started = time.monotonic()
    matrix = cost_of(cost)
    p, lower = count_of(p, fixed, matrix.shape[1])
    run = _Run(matrix, p, lower, limits_from(limits, started), started, limits.get("progress"))
    try:
        run.work()
    except KeyboardInterrupt:
        run.stopped = True
    return run.answer()


@dataclass(slots=True)
class _Run:
    """One call of `p_center`; can be read at any moment."""

    matrix: NDArray[np.float64]
    p: int
    lower: NDArray[np.int64]
    limits: Limits
    started: float
    tell: Callable[[PlainProgress], None] | None
    best: list[int] = field(default_factory=list)
    value: float = math.inf
    bound: float = 0.0  # no plan has a smaller largest cost
    certificate: dict[str, NDArray[Any]] = field(default_factory=dict)
    impossible: bool = False
    stopped: bool = False

    def work(self) -> None:
        """Narrow the costs in question until one is left."""
        costs = np.unique(self.matrix[np.isfinite(self.matrix)])
        least = float(self.matrix.min(axis=1).max(initial=0.0))
        self._settled_below(least)
        if self.impossible:
            return
        opened = np.flatnonzero(self.lower).tolist()
        plan, value = good_centre(self.matrix, self.p, opened, deadline=self.limits.deadline, seed=self.limits.seed)
        self._found(plan, value)
        if not math.isfinite(self.value) and not self._ask(math.inf):
            return
        low = int(np.searchsorted(costs, least))
        high, step, bracketed = int(np.searchsorted(costs, self.value)), 1, False
        while low < high and self.value - self.bound > self.limits.gap * self.value:
            if self.limits.met():
                self.stopped = True
                return
            middle = (low + high) // 2 if bracketed else max(low, high - step)
            answered = self._ask(float(costs[middle]))
            if answered is None:
                return
            if answered:
                high, step = int(np.searchsorted(costs, self.value)), 2 * step
            else:
                low, bracketed = middle + 1, True
                self.bound = float(costs[low])
                self._progress()

    def _settled_below(self, least: float) -> None:
        """Some customer has no site nearer than `least`: the first bound, or an impossibility."""
        reach = np.isfinite(self.matrix) if math.isinf(least) else self.matrix < least
        covered = cover_within(reach, self.p, self.lower, self.limits) if not reach.any(axis=1).all() else None
        self.impossible = math.isinf(least)
        if covered is not None:
            self.certificate = covered.certificate
        self.bound = least if math.isfinite(least) else 0.0

    def _ask(self, limit: float) -> bool | None:
        """Do p sites reach everybody within `limit` (inf: at all)? None: no answer in time."""
        reach = self.matrix <= limit if math.isfinite(limit) else np.isfinite(self.matrix)
        covered: Covered = cover_within(reach, self.p, self.lower, self.limits)
        if covered.plan is not None:
            opened = np.flatnonzero(self.lower).tolist()
            full = list(filled(set(covered.plan), self.p, self.matrix.shape[1]))
            plan = exchanged(self.matrix, full, opened, deadline=self.limits.deadline)
            self._found(plan, radius(self.matrix, plan))
            return True
        if not covered.settled:
            self.stopped = True
            return None
        self.certificate = covered.certificate
        self.impossible = math.isinf(limit)
        return False

    def _found(self, plan: list[int], value: float) -> None:
        if value < self.value:
            self.best, self.value = plan, value
            self._progress()

    def _progress(self) -> None:
        if self.tell is not None and math.isfinite(self.value):
            self.tell(PlainProgress(self.value, self.bound, time.monotonic() - self.started))

    def answer(self) -> PlainSolution:
        """Put the answer together; a proof is replayed before it is claimed."""
        customers = self.matrix.shape[0]
        lost = tuple(np.flatnonzero(~np.isfinite(self.matrix).any(axis=1)).tolist())
        if self.impossible or not math.isfinite(self.value):
            word: Status = "infeasible" if self.impossible else "not_finished"
            kept = self.certificate if self.impossible else {}
            draft = nothing_found(word, customers, seconds=0.0, unreachable=lost, certificate=kept)
        else:
            chosen = filled(set(self.best), self.p, self.matrix.shape[1])
            assignment = nearest(self.matrix, chosen)
            value = float(self.matrix[np.arange(customers), assignment].max(initial=0.0))
            bound = min(self.bound, value)
            word = "proven_optimal" if bound == value else "within_gap"
            draft = PlainSolution(
                word, chosen, assignment, value, bound, value - bound, "none", 0.0, certificate=self.certificate
            )
        opened = np.flatnonzero(self.lower).tolist()
        checked = confirmed(draft, lambda answer: verify_p_center(self.matrix, self.p, answer, fixed=opened))
        return replace(checked, seconds=time.monotonic() - self.started)
