"""
Stages as goals, and the locks they leave behind.

A lock says in whole quanta what later stages may not lose: it is derived here
from a stage's exact value, and once more, by other code, in `rechecking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimization.problem import LinearStage, MissStage, Problem, Rule, Stage, WorstStage
from optimization.system import Goal, Value


@dataclass(frozen=True, slots=True)
class Locks:
    """Caps by measure position, and rules added by linear stages."""

    caps: Mapping[int, int]
    rules: tuple[Rule, ...]


def goal_of(problem: Problem, stage: Stage) -> Goal:
    """State a stage as a goal over measure positions."""
    position = {measure.name: at for at, measure in enumerate(problem.measures)}
    nothing = np.zeros(problem.columns.place.size, dtype=np.int64)
    if isinstance(stage, MissStage):
        return Goal("miss", (position[stage.measure],), nothing)
    if isinstance(stage, WorstStage):
        compared = tuple(
            position[name] for name in dict.fromkeys(stage.measures) if problem.measures[position[name]].total > 0
        )
        return Goal("worst", compared, nothing)
    if isinstance(stage, LinearStage):
        return Goal("linear", (), np.array(stage.coefficients, dtype=np.int64))
    return Goal("linear", (), problem.columns.rank.astype(np.int64))


def floor_caps(problem: Problem) -> dict[int, int]:
    """Turn floors into caps; the tightest of each measure counts."""
    position = {measure.name: at for at, measure in enumerate(problem.measures)}
    caps: dict[int, int] = {}
    for floor in problem.floors:
        at = position[floor.measure]
        caps[at] = min(int(floor.allowed), caps.get(at, int(floor.allowed)))
    return caps


def locked(problem: Problem, stage: Stage, value: Value, before: Locks) -> Locks:
    """Add what `stage` locks at its exact `value` (a miss, a worst share of miss, or a sum over open columns)."""
    goal = goal_of(problem, stage)
    caps = dict(before.caps)
    if isinstance(stage, MissStage):
        limits = {goal.measures[0]: int(value) + int(stage.tolerance) + int(Fraction(stage.slack) * int(value) // 1)}
    elif isinstance(stage, WorstStage):
        share = Fraction(value) + Fraction(stage.tolerance)
        limits = {at: int(share * problem.measures[at].total // 1) for at in goal.measures}
    else:
        columns = np.flatnonzero(goal.coefficients)
        unit, right = "ranks", int(value)
        if isinstance(stage, LinearStage):
            unit, right = stage.unit, right + int(stage.tolerance)
        rule = Rule(f"lock of {stage.name}", "lock", columns, goal.coefficients[columns], "<=", right, unit, True)
        return Locks(caps, (*before.rules, rule))
    for at, allowed in limits.items():
        caps[at] = min(allowed, caps.get(at, allowed))
    return Locks(caps, before.rules)


def unit_of(problem: Problem, stage: Stage) -> tuple[str, float]:
    """Return the unit a stage is reported in, and how many of it one quantum is."""
    if isinstance(stage, MissStage):
        measure = next(m for m in problem.measures if m.name == stage.measure)
        return measure.unit, float(measure.quantum)
    if isinstance(stage, LinearStage):
        return stage.unit, 1.0
    return ("share", 1.0) if isinstance(stage, WorstStage) else ("ranks", 1.0)


def reported(problem: Problem, stage: Stage, value: Value | None) -> float:
    """Return an exact value in the stage's reported unit: a worst stage reports 1 minus the share of miss."""
    if value is None:
        return float("nan")
    if isinstance(stage, WorstStage):
        return float(1 - Fraction(value))
    if isinstance(stage, LinearStage):
        return float(value + stage.constant)
    return float(value) * unit_of(problem, stage)[1]
