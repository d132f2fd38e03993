"""
The proof replayed without a solver, in whole numbers, from the problem's own arrays.

`verify` trusts nothing the engine computed. From the certificate it takes only
which rows each cut adds up, whole multipliers, and a tree of fixings and branchings;
it rebuilds every inequality from `Problem`, checks every sign, and follows the tree
from the whole box, so that the leaves cover it by construction. See docs/optimization.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import BrokenProof
from optimization.claims import read_as_given, refuse_claims
from optimization.problem import LinearStage, MissStage, Problem, Stage, TieStage, WorstStage
from optimization.rechecking import Counter, Lock, lock_after, recheck, stage_plans, stage_value, sum_of
from optimization.solution import Solution, StageCheck
from optimization.witnesses import Form, Witnesses


def verify(problem: Problem, solution: Solution) -> tuple[StageCheck, ...]:
    """
    Recheck the plan, replay every stage's proof, and hold every word of the answer to it.

    The conflict of an infeasible answer is not replayed: `solve` finds it with proofs of its own, which are not kept.

    Raises
    ------
    BrokenProof
        If the plan fails its recheck, or the answer or its certificate is malformed or claims something untrue.
    """
    checks = replay(problem, solution)
    with read_as_given():
        refuse_claims(problem, solution, checks)
    return checks


def replay(problem: Problem, solution: Solution) -> tuple[StageCheck, ...]:
    """
    Recheck the plan and replay every stage's proof; what the answer says of them is left to the caller to believe.

    Raises
    ------
    BrokenProof
        If the plan fails its recheck, or the certificate is malformed or false.
    """
    with read_as_given():
        recheck(problem, solution)
        plans = stage_plans(problem, solution)
        counter = Counter(problem)
        locks: list[Lock] = []
        checks = []
        witnesses = Witnesses(problem, solution.certificate)
        for at in range(len(solution.stages)):
            stage = problem.stages[at]
            value = stage_value(counter, stage, plans[at]) if at < len(plans) else None
            checks.append(_verified(problem, solution, at, value, locks, witnesses))
            if value is None:
                break
            locks.append(lock_after(problem, stage, value))
            witnesses.lock(locks[-1])
        return tuple(checks)


def _verified(
    problem: Problem,
    solution: Solution,
    at: int,
    value: Fraction | None,
    locks: list[Lock],
    witnesses: Witnesses,
) -> StageCheck:
    stage = problem.stages[at]
    unit, factor = _unit(problem, stage)
    constant = stage.constant if isinstance(stage, LinearStage) else 0
    shown = math.nan if value is None else float(value) * factor + constant
    if f"s{at}_node" not in solution.certificate:
        return StageCheck(stage.name, unit, shown, math.nan, False, 0)
    found = _Replay(problem, stage, value, locks, witnesses, at, solution.certificate)
    found.walk()
    if found.proves:
        bound = shown
    elif found.bound is None:
        bound = math.nan
    else:
        told = 1 - found.bound if isinstance(stage, WorstStage) else found.bound
        bound = float(told) * factor + constant
    return StageCheck(stage.name, unit, shown, bound, found.proves, found.leaves)


def _unit(problem: Problem, stage: Stage) -> tuple[str, float]:
    if isinstance(stage, MissStage):
        measure = next(m for m in problem.measures if m.name == stage.measure)
        return measure.unit, float(measure.quantum)
    if isinstance(stage, LinearStage):
        return stage.unit, 1.0
    return ("share", 1.0) if isinstance(stage, WorstStage) else ("ranks", 1.0)


class _Replay:
    """One stage's tree, walked from the whole box."""

    def __init__(
        self,
        problem: Problem,
        stage: Stage,
        value: Fraction | None,
        locks: list[Lock],
        witnesses: Witnesses,
        at: int,
        arrays: Mapping[str, NDArray[Any]],
    ) -> None:
        self.problem, self.stage, self.witnesses = problem, stage, witnesses
        self.sum = sum_of(problem, stage) if isinstance(stage, (TieStage, LinearStage)) else ()
        witnesses.aim(self.sum)
        self.nodes = arrays[f"s{at}_node"].astype(np.int64)
        self.fixes: dict[int, list[tuple[int, int, int]]] = {}
        for node, witness, column, kept in arrays[f"s{at}_fix"].astype(np.int64).tolist():
            if kept not in (0, 1) or column < 0:
                raise BrokenProof("A fixing in the certificate is neither 0 nor 1.")
            self.fixes.setdefault(node, []).append((witness, column, kept))
        self.allowed = _allowed(problem, stage, value, locks)
        self.own = _own_measures(problem, stage)
        self.linear = self._linear_limit(value)
        self.proves = True
        self.bound: Fraction | None = None
        self.unbounded = False
        self.leaves = 0

    def _linear_limit(self, value: Fraction | None) -> int:
        if self.sum and value is not None:
            return int(value) - 1
        return sum(max(each, 0) for each in self.sum)

    def walk(self) -> None:
        """Follow the tree; sets `proves`, `bound` and `leaves`."""
        columns = self.problem.columns
        stack = [(0, columns.lower.astype(np.int64), columns.upper.astype(np.int64))]
        visited: set[int] = set()
        while stack:
            number, lower, upper = stack.pop()
            if number in visited or number < 0:
                raise BrokenProof("The proof tree visits a node twice.")
            visited.add(number)
            witness, column, zero, one = (int(x) for x in self.nodes[number])
            self._fixings(number, lower, upper)
            if column < 0:
                self._leaf(witness, lower, upper)
                continue
            for child, side in ((zero, 0), (one, 1)):
                low, high = lower.copy(), upper.copy()
                low[column], high[column] = max(side, low[column]), min(side, high[column])
                if low[column] <= high[column]:
                    stack.append((child, low, high))
        if self.unbounded:
            self.bound = None

    def _fixings(self, number: int, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> None:
        """Narrow the box by the node's fixings, each witness judged over the box it starts from."""
        excess: dict[int, int] = {}
        box = lower.copy(), upper.copy()
        for witness, column, kept in self.fixes.get(number, ()):
            if witness not in excess:
                box = lower.copy(), upper.copy()
                excess = {witness: self._excess(self.witnesses.form(witness), *box)}
            low, high, slope = int(box[0][column]), int(box[1][column]), self.witnesses.form(witness).slope[column]
            other = excess[witness] - min(slope * low, slope * high) + slope * (1 - kept)
            if low <= 1 - kept <= high and other <= 0:
                raise BrokenProof(
                    "The proof of stage '{stage}' fixes column {column} without ground.",
                    stage=self.stage.name,
                    column=column,
                )
            lower[column] = upper[column] = kept

    def _leaf(self, witness: int, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> None:
        self.leaves += 1
        if witness < 0:
            self.proves, self.unbounded = False, True
            return
        form = self.witnesses.form(witness)
        excess = self._excess(form, lower, upper)
        if excess > 0:
            return
        self.proves = False
        bound = self._bound(form, excess)
        if bound is None:
            self.unbounded = True
        elif self.bound is None or bound < self.bound:
            self.bound = bound

    def _excess(self, form: Form, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> int:
        """The left side of weak duality over a box; positive: the box holds no better plan."""
        total: int = form.constant - form.linear * self.linear
        total -= sum(weight * self.allowed[name] for name, weight in form.misses.items())
        for slope, low, high in zip(form.slope, lower.tolist(), upper.tolist(), strict=True):
            if slope:
                total += min(slope * low, slope * high)
        return total

    def _bound(self, form: Form, excess: int) -> Fraction | None:
        if self.sum:
            weight, rest = form.linear, excess + form.linear * self.linear
        else:
            mine = {name: form.misses.get(name, 0) for name in self.own}
            rest = excess + sum(value * self.allowed[name] for name, value in mine.items())
            totals = {measure.name: int(measure.total) for measure in self.problem.measures}
            worst = isinstance(self.stage, WorstStage)
            weight = sum(value * (totals[name] if worst else 1) for name, value in mine.items())
        if weight <= 0:
            return None
        bound = Fraction(rest, weight)
        return bound if isinstance(self.stage, WorstStage) else Fraction(math.ceil(bound))


def _own_measures(problem: Problem, stage: Stage) -> tuple[str, ...]:
    if isinstance(stage, MissStage):
        return (stage.measure,)
    if isinstance(stage, WorstStage):
        return tuple(m.name for m in problem.measures if m.name in stage.measures and m.total > 0)
    return ()


def _allowed(problem: Problem, stage: Stage, value: Fraction | None, locks: list[Lock]) -> dict[str, int]:
    """What a plan strictly better than `value` may miss of each measure, floors and locks included."""
    allowed = {measure.name: int(measure.total) for measure in problem.measures}
    limits = [(floor.measure, int(floor.allowed)) for floor in problem.floors]
    limits += [pair for lock in locks for pair in lock.allowed.items()]
    if value is not None and isinstance(stage, MissStage):
        limits.append((stage.measure, int(value) - 1))
    if value is not None and isinstance(stage, WorstStage):
        totals = {measure.name: int(measure.total) for measure in problem.measures}
        limits += [(name, math.ceil((1 - value) * totals[name]) - 1) for name in _own_measures(problem, stage)]
    for name, limit in limits:
        allowed[name] = min(allowed[name], limit)
    return allowed
