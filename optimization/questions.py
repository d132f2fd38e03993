"""
What a planner asks after the answer: what a rule costs, what else is as good, what if.

Every figure is an exact re-solve with its own proof, started from the plan known
already; bounds on forced losses come from the witnesses of the proof at hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from optimization.again import first_stage_of, solve_first
from optimization.lexicographic import solve
from optimization.memory import Memory
from optimization.problem import MissStage, Problem
from optimization.rechecking import Counter
from optimization.solution import Solution
from optimization.validation import positions_of
from optimization.witnesses import Witnesses


@dataclass(frozen=True, slots=True)
class Price:
    """
    What one rule or floor costs.

    Attributes
    ----------
    name, unit
        The rule or floor, and the unit of the first stage.
    kept, dropped
        The first stage's value with and without it.
    cost
        |kept − dropped|: what the demand costs; 0 when it does not bind. NaN when one side has no plan.
    proven
        True when both sides are proven optimal in their first stage.
    solution
        The answer without it.
    """

    name: str
    unit: str
    kept: float
    dropped: float
    cost: float
    proven: bool
    solution: Solution


def price_of(
    problem: Problem,
    constraint: str,
    *,
    solution: Solution | None = None,
    memory: Memory | None = None,
    **limits: Any,
) -> Price:
    """
    Say what a named rule or floor costs in the first stage, by solving without it.

    Parameters
    ----------
    solution
        The answer with it; solved here when not given.
    memory
        Of earlier solves of this problem, for the prices of one rule after another; filled with these.
    limits
        As in `solve`, for each of the two.

    Raises
    ------
    InvalidInput
        If no rule or floor has that name.
    KeyboardInterrupt
        Ctrl-C while the problem is solved with the rule: there is nothing to compare then.
    """
    _named(problem, constraint)
    if solution is None:
        memory = memory or Memory()
    kept = solution or solve(problem, memory=memory, **limits)
    if kept.interrupted:
        raise KeyboardInterrupt
    freed = replace(
        problem,
        rules=tuple(rule for rule in problem.rules if rule.name != constraint),
        floors=tuple(floor for floor in problem.floors if floor.name != constraint),
    )
    dropped = solve(freed, start=kept.chosen, memory=memory, **limits)
    first, second = kept.stages[0], dropped.stages[0]
    return Price(
        constraint,
        first.unit,
        first.value,
        second.value,
        abs(first.value - second.value),
        first.status == second.status == "proven_optimal",
        dropped,
    )


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One right side of the rule or floor, and its certified answer."""

    right: int
    solution: Solution


def frontier(problem: Problem, *, over: str, values: Iterable[int], **limits: Any) -> tuple[FrontierPoint, ...]:
    """
    Solve the problem for each right side of one rule (or allowance of one floor), in the order given.

    Every point is certified by itself; each starts where the one before ended. `limits` are those of each point.
    Ctrl-C ends with the points so far, the last of them cut off.
    """
    _named(problem, over)
    asked = list(values)
    if any(not math.isfinite(value) or int(value) != value for value in asked):
        raise InvalidInput(
            "The frontier over '{name}' is asked for {values}; expected whole numbers.", name=over, values=str(asked)
        )
    memory = Memory()
    points: list[FrontierPoint] = []
    for value in map(int, asked):
        points.append(FrontierPoint(value, solve(_moved(problem, over, value), memory=memory, **limits)))
        if points[-1].solution.interrupted:
            break
    return tuple(points)


@dataclass(frozen=True, slots=True)
class ForcedLosses:
    """
    What forcing each column the other way costs in the first stage, at least; and exactly where asked.

    Attributes
    ----------
    at_least
        (J,) loss in the first stage's unit that is proven at least, 0 where nothing is.
    exact
        Column position -> exact loss (inf where no plan remains), for the columns asked. A column whose
        answer, or the plan it is compared with, was not proven is not in it; what is proven is in `at_least`.
    """

    at_least: NDArray[np.float64]
    exact: dict[int, float]


def forced_losses(
    problem: Problem, *, exact: Iterable[int] = (), solution: Solution | None = None, **limits: Any
) -> ForcedLosses:
    """
    Bound what is lost when an open column is forced shut, or a shut one forced open.

    Each witness of the proof is an inequality true of every plan: it is read again with the column
    turned over. The first stage must be a miss. `limits` are those of each solve; Ctrl-C ends with what is known.

    Raises
    ------
    InvalidInput
        If the first stage is not a miss, or a column asked for does not exist.
    """
    stage = problem.stages[0]
    if not isinstance(stage, MissStage):
        raise InvalidInput("Forced losses need a first stage of kind miss.")
    asked = positions_of(problem, exact)
    base = solution or solve(problem, **limits)
    measure = next(m for m in problem.measures if m.name == stage.measure)
    if not len(base.certificate["stage_chosen"]):  # no plan: nothing to turn over
        return ForcedLosses(np.zeros(problem.columns.place.size), {})
    plan = np.asarray(base.certificate["stage_chosen"][0]).astype(bool)
    value = Counter(problem).misses(plan)[stage.measure]
    bounds = _turned_bounds(problem, base, stage.measure, plan)
    at_least = np.array([max(0, bound - value) for bound in bounds], dtype=np.float64) * measure.quantum
    first = first_stage_of(problem)
    losses = {}
    memory = Memory()
    memory.core_of(first)  # before any column is turned over, so that its rows serve every turn
    for column in asked:
        found = solve_first(_turned(first, column, plan), start=plan, memory=memory, **limits)
        answer = found.stages[0]
        if found.interrupted:  # what was asked and is not in `exact` was not answered
            break
        if answer.status == "infeasible":
            losses[column] = math.inf
        elif answer.status == base.stages[0].status == "proven_optimal":
            losses[column] = answer.value - value * measure.quantum
        elif not math.isnan(answer.checked_bound):
            at_least[column] = max(at_least[column], answer.checked_bound - value * measure.quantum)
    return ForcedLosses(at_least, losses)


def _turned(problem: Problem, column: int, plan: NDArray[np.bool_]) -> Problem:
    lower, upper = problem.columns.lower.copy(), problem.columns.upper.copy()
    lower[column] = upper[column] = 0 if plan[column] else 1
    return replace(problem, columns=replace(problem.columns, lower=lower, upper=upper))


def _turned_bounds(problem: Problem, base: Solution, measure: str, plan: NDArray[np.bool_]) -> list[int]:
    """For each column, the best bound on the measure's miss over all witnesses, that column turned over."""
    witnesses = Witnesses(problem, base.certificate)
    allowed = {m.name: int(m.total) for m in problem.measures}
    for floor in problem.floors:
        allowed[floor.measure] = min(allowed[floor.measure], int(floor.allowed))
    lower, upper = problem.columns.lower, problem.columns.upper
    free = np.flatnonzero(lower < upper)
    best = [0] * plan.size
    nodes, fixes = base.certificate["s0_node"], base.certificate["s0_fix"]
    used = sorted({int(w) for w in nodes[:, 0] if w >= 0} | {int(w) for w in fixes[:, 1]})
    for number in used:
        form = witnesses.form(number)
        weight = form.misses.get(measure, 0)
        if weight <= 0 or form.linear:
            continue
        rest = form.constant - sum(w * allowed[name] for name, w in form.misses.items() if name != measure)
        rest += sum(min(s * int(lo), s * int(up)) for s, lo, up in zip(form.slope, lower, upper, strict=True))
        for column in free.tolist():
            slope = form.slope[column]
            turned = rest - min(slope, 0) + (0 if plan[column] else slope)
            best[column] = max(best[column], math.ceil(Fraction(turned, weight)))
    return best


def _named(problem: Problem, name: str) -> None:
    if name not in {rule.name for rule in problem.rules} | {floor.name for floor in problem.floors}:
        raise InvalidInput("There is no rule or floor called '{name}'.", name=name)


def _moved(problem: Problem, name: str, right: int) -> Problem:
    return replace(
        problem,
        rules=tuple(replace(rule, right=right) if rule.name == name else rule for rule in problem.rules),
        floors=tuple(replace(floor, allowed=right) if floor.name == name else floor for floor in problem.floors),
    )
