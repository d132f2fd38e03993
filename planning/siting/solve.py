"""Solve the programme and say the answer, and its proof, in a planner's units."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import optimization
from foundation.errors import ImpossibleProgramme, NotFinished
from optimization import Measure, Problem, Solution
from optimization.solution import StageResult
from planning.plan import Certificate, Stage


@dataclass(frozen=True, slots=True)
class SolverSettings:
    """Recorded with every run: same input and settings, same sites (time limits excepted)."""

    time_limit_seconds: float | None = None
    gap: float = 0.0
    threads: int = 1
    seed: int = 0


def solve_programme(
    problem: Problem, settings: SolverSettings, *, impossible: Callable[[Solution], ImpossibleProgramme]
) -> Solution:
    """
    Find the best plan, prove it, and recheck it on the arrays.

    Raises
    ------
    ImpossibleProgramme
        When no plan meets the demands together: what `impossible` makes of the solution,
        which names the ones that clash and the changes that mend it.
    NotFinished
        When the time limit came before any plan.
    BrokenProof
        When the recheck disagrees with the optimizer.
    """
    solution = optimization.solve(
        problem,
        time_limit=settings.time_limit_seconds,
        gap=settings.gap,
        threads=settings.threads,
        seed=settings.seed,
    )
    if solution.status == "infeasible":
        raise impossible(solution)
    if solution.status == "not_finished":
        raise NotFinished("No plan was found within the time limit. Allow more seconds in solver: time_limit_seconds.")
    optimization.recheck(problem, solution)
    return solution


def certificate_of(problem: Problem, solution: Solution) -> Certificate:
    """Say a solution's stages in a planner's units: what is achieved, mean minutes."""
    return Certificate(solution.status, tuple(_in_planners_units(stage, problem) for stage in solution.stages))


def _in_planners_units(stage: StageResult, problem: Problem) -> Stage:
    """A miss becomes what is achieved, a mean, or an equivalent in minutes."""
    measure = next((m for m in problem.measures if m.name == stage.objective), None)
    unit, convert = _reading(stage, measure)
    value, bound = convert(stage.value), convert(stage.bound)
    return Stage(
        objective=stage.objective,
        unit=unit,
        status=stage.status,
        value=value,
        bound=bound,
        gap=abs(value - bound),
        checked_bound=convert(stage.checked_bound),
        proof=stage.proof,
        rechecked=stage.rechecked,
        start=convert(stage.start),
        moved=stage.moved,
        seconds=stage.seconds,
    )


def _reading(stage: StageResult, measure: Measure | None) -> tuple[str, Callable[[float], float]]:
    """Return the unit a planner reads a stage in, and how its miss (in units of the measure) is read."""
    if measure is None:
        return stage.unit, lambda value: value
    if measure.rate:
        mass, rate = float(measure.mass), measure.rate
        return "minutes", lambda miss: math.log(miss / mass) / rate
    if measure.mass:
        mass = measure.mass * measure.quantum
        return "minutes", lambda miss: miss / mass
    per_unit = round(1.0 / measure.quantum) if measure.quantum < 1.0 else 1
    total = measure.total if measure.quantum <= 1.0 else measure.total * measure.quantum
    return measure.unit, lambda miss: float(total - np.rint(miss * per_unit)) / per_unit
