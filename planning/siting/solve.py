"""Solve the programme and say the answer, and its proof, in a planner's units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import optimization
from foundation.errors import ImpossibleProgramme, NotFinished
from optimization import Problem, Solution
from optimization.solution import StageResult
from planning.plan import Certificate, Stage
from planning.siting.coverage import COVERAGE
from planning.siting.layers import TRAVEL


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
    """A miss becomes what is achieved; person-minutes become mean minutes."""
    total = {measure.name: measure.total for measure in problem.measures}
    people = sum(measure.total for measure in problem.measures if measure.unit == "people")
    said: dict[str, tuple[str, Callable[[float], float], float]] = {
        COVERAGE: ("person-years", lambda miss: total[COVERAGE] - miss, 1.0),
        TRAVEL: ("minutes", lambda miss: miss / people, 1.0 / people),
    }
    unit, convert, scale = said.get(stage.objective, (stage.unit, lambda value: value, 1.0))
    return Stage(
        objective=stage.objective,
        unit=unit,
        status=stage.status,
        value=convert(stage.value),
        bound=convert(stage.bound),
        gap=stage.gap * scale,
        checked_bound=convert(stage.checked_bound),
        proof=stage.proof,
        rechecked=stage.rechecked,
        start=convert(stage.start),
        moved=stage.moved,
        seconds=stage.seconds,
    )
