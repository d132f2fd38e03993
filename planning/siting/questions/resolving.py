"""Solving a changed programme again: its first objective alone, or all of them, from the plan that is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import optimization
from foundation.errors import InvalidInput
from optimization import LinearStage, Measure, MissStage, Problem, Solution
from optimization.again import solve_first
from planning.aims import Objectives
from planning.siting.solve import SolverSettings

Flags = NDArray[np.bool_]


def first_only(objectives: Objectives) -> Objectives:
    """
    Keep the first objective and the floors: the arrays of the others need not be written.

    A discount that nothing reads any more is left out with them.
    """
    first = objectives.aims()[:1]
    return replace(
        objectives,
        order=first,
        coverage_tolerance=0,
        worst_tolerance=0.0,
        travel_tolerance=0,
        discount_rate=objectives.discount_rate if first[0].what == "covered" else 0.0,
    )


def first_solved(problem: Problem, settings: SolverSettings, start: Flags) -> Solution:
    """Solve the first objective of a changed problem, from the plan that is known."""
    return solve_first(problem, gap=settings.gap, start=_start(problem, start), **_limits(settings))


def whole_solved(problem: Problem, settings: SolverSettings, start: Flags) -> Solution:
    """Solve every objective of a changed problem, from the plan of its first objective."""
    return optimization.solve(problem, gap=settings.gap, start=_start(problem, start), **_limits(settings))


def _limits(settings: SolverSettings) -> dict[str, Any]:
    return {"time_limit": settings.time_limit_seconds, "threads": settings.threads, "seed": settings.seed}


def _start(problem: Problem, plan: Flags) -> Flags | None:
    """Fit a plan to a problem whose thresholds, behind the places, may be others; it is only where to start."""
    width = problem.columns.place.size
    fitted = np.zeros(width, dtype=bool)
    fitted[: min(width, plan.size)] = plan[:width]
    fitted |= problem.columns.lower == 1
    return fitted


def place_columns(problem: Problem) -> NDArray[np.int64]:
    """Return positions of the columns that are places, without thresholds of a worst journey."""
    return np.flatnonzero(problem.columns.place >= 0)


def first_measure(problem: Problem) -> Measure:
    """
    Return the measure that the first objective is read in.

    Raises
    ------
    InvalidInput
        When it is a number of centres or an amount of money.
    """
    stage = problem.stages[0]
    if isinstance(stage, LinearStage):
        raise InvalidInput("Prices need a first objective of people, visits or travel.")
    name = stage.measure if isinstance(stage, MissStage) else getattr(stage, "measures", ("",))[0]
    return next(measure for measure in problem.measures if measure.name == name)


def counts_money(problem: Problem) -> bool:
    """Tell whether the first objective is an amount of money or a number of centres, made least."""
    return isinstance(problem.stages[0], LinearStage)


def counts_persons(problem: Problem) -> bool:
    """Tell whether the first objective is a sum of people, visits or minutes, so that differences mean something."""
    return isinstance(problem.stages[0], MissStage) and not first_measure(problem).rate


def achieved(problem: Problem, value: float) -> float:
    """Read the first stage's value as what is achieved: people reached, not missed; other stages as they are."""
    if isinstance(problem.stages[0], MissStage):
        measure = first_measure(problem)
        if not measure.mass:
            return measure.total * measure.quantum - value
    return value


def gained(problem: Problem, before: float, after: float) -> float:
    """Say how much better `after` is than `before`, both as `achieved`: negative where it is worse."""
    less_is_better = counts_money(problem) or (
        isinstance(problem.stages[0], MissStage) and bool(first_measure(problem).mass)
    )
    return round(before - after if less_is_better else after - before, 6) + 0.0
