"""
One stage as the engine sees it: a goal, rules on y, and caps on misses.

Values are exact: whole quanta for a miss, whole sums for a linear goal, a
`Fraction` for the worst share of miss (max over measures of miss / total).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.merging import Core
from optimization.problem import Problem, Rule

Value = int | Fraction


@dataclass(frozen=True, slots=True)
class Goal:
    """
    What a stage makes least.

    Attributes
    ----------
    kind
        "miss" of one measure, "worst" share of miss over measures, or a "linear" sum over open columns.
    measures
        Positions in `Problem.measures`; empty for a linear goal.
    coefficients
        (J,) whole, the linear goal's; zeros otherwise.
    """

    kind: Literal["miss", "worst", "linear"]
    measures: tuple[int, ...]
    coefficients: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rules as one matrix: low <= A y <= high, `None` where a side is free."""

    matrix: sparse.csr_array
    low: tuple[int | None, ...]
    high: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class System:
    """A goal over merged rows, under rules and caps (measure position -> allowed miss)."""

    core: Core
    totals: tuple[int, ...]
    rules: tuple[Rule, ...]
    rows: Rows  # the rules as one matrix
    caps: Mapping[int, int]
    goal: Goal


def rows_of(rules: tuple[Rule, ...], columns: int) -> Rows:
    """Stack rules into one whole-number matrix."""
    indptr = np.concatenate(([0], np.cumsum([rule.columns.size for rule in rules], dtype=np.int64)))
    indices = np.concatenate([rule.columns for rule in rules] or [np.zeros(0, np.int64)])
    data = np.concatenate([rule.coefficients for rule in rules] or [np.zeros(0, np.int64)])
    matrix = sparse.csr_array((data.astype(np.int64), indices.astype(np.int32), indptr), shape=(len(rules), columns))
    low = tuple(int(rule.right) if rule.sense != "<=" else None for rule in rules)
    high = tuple(int(rule.right) if rule.sense != ">=" else None for rule in rules)
    return Rows(matrix, low, high)


def system_of(problem: Problem, core: Core, *, rules: tuple[Rule, ...], caps: Mapping[int, int], goal: Goal) -> System:
    """Put a goal, rules and caps over the merged rows of a problem."""
    totals = tuple(measure.total for measure in problem.measures)
    return System(core, totals, rules, rows_of(rules, problem.columns.place.size), dict(caps), goal)


def meets_rows(rows: Rows, chosen: NDArray[np.bool_]) -> bool:
    """Tell whether y meets every rule, in whole numbers."""
    sums = rows.matrix @ chosen.astype(np.int64)
    return all(
        (low is None or total >= low) and (high is None or total <= high)
        for total, low, high in zip(sums.tolist(), rows.low, rows.high, strict=True)
    )


def value_of(system: System, chosen: NDArray[np.bool_]) -> Value | None:
    """Return the goal's exact value at `chosen`, or None where a bound, rule or cap is broken."""
    core = system.core
    if (chosen < core.lower).any() or (chosen > core.upper).any() or not meets_rows(system.rows, chosen):
        return None
    misses = core.missed(chosen)
    if any(misses[measure] > allowed for measure, allowed in system.caps.items()):
        return None
    return goal_value(system.goal, misses, system.totals, chosen)


def goal_value(goal: Goal, misses: list[int], totals: tuple[int, ...], chosen: NDArray[np.bool_]) -> Value:
    """Return a goal's value from the misses and y."""
    if goal.kind == "miss":
        return misses[goal.measures[0]]
    if goal.kind == "linear":
        return int(goal.coefficients[chosen].sum())
    return max(Fraction(misses[measure], totals[measure]) for measure in goal.measures)


@dataclass(frozen=True, slots=True)
class Targets:
    """What a better plan would have to meet: allowed misses, and the linear goal's largest sum."""

    allowed: Mapping[int, int]
    linear: int


def better_than(system: System, value: Value | None) -> Targets:
    """
    Say what a plan strictly better than `value` must meet, in whole quanta.

    Without a value, anything that keeps the caps is better than nothing.
    """
    goal = system.goal
    allowed = dict(system.caps)
    linear = int(goal.coefficients.clip(min=0).sum())
    if goal.kind == "linear" and value is not None:
        linear = int(value) - 1
    for measure in goal.measures:
        total = system.totals[measure]
        if value is None:
            limit = total
        elif goal.kind == "miss":
            limit = int(value) - 1
        else:
            limit = -((-value * total) // 1) - 1  # the largest whole number below value · total
        allowed[measure] = min(int(limit), allowed.get(measure, total))
    return Targets(allowed, linear)
