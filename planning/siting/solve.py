"""Solve the programme and say the answer, and its proof, in a planner's units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import optimization
from foundation.errors import ImpossibleProgramme, Phrase, Phrases
from optimization import Problem, Rule, Solution
from optimization.solution import StageResult
from planning.plan import Certificate, Objectives, Stage
from planning.programme import Programme
from planning.siting.build import COVERAGE, TRAVEL, Instance, build_problem


@dataclass(frozen=True, slots=True)
class SolverSettings:
    """Recorded with every run: same input and settings, same sites (time limits excepted)."""

    time_limit_seconds: float | None = None
    gap: float = 0.0
    threads: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Open columns as an (m, years) table, with the proof."""

    problem: Problem
    solution: Solution
    certificate: Certificate
    open_: NDArray[np.bool_]


def solve_programme(
    instance: Instance, programme: Programme, objectives: Objectives, settings: SolverSettings
) -> Answer:
    """
    Find the best plan, prove it, and recheck it on the arrays.

    Raises
    ------
    ImpossibleProgramme
        When no plan meets the demands together; names the ones that clash and, for
        each, the least change that alone mends it.
    BrokenProof
        When the recheck disagrees with the optimizer.
    """
    problem = build_problem(instance, programme, objectives)
    solution = optimization.solve(
        problem,
        time_limit=settings.time_limit_seconds,
        gap=settings.gap,
        threads=settings.threads,
        seed=settings.seed,
    )
    if solution.status == "infeasible":
        raise _clash(solution, problem, instance)
    if not solution.chosen.any():
        raise ImpossibleProgramme(
            "No plan was found within the time limit. Allow more seconds in solver: time_limit_seconds."
        )
    optimization.recheck(problem, solution)
    return Answer(
        problem=problem,
        solution=solution,
        certificate=certificate_of(problem, solution),
        open_=solution.chosen.reshape(instance.site_ids.size, len(programme.years)),
    )


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


def _clash(solution: Solution, problem: Problem, instance: Instance) -> ImpossibleProgramme:
    conflict = solution.conflict
    if conflict is None or not conflict.names:
        return ImpossibleProgramme("No plan meets all demands together, and no clash could be named.")
    rules = {rule.name: rule for rule in problem.rules}
    said = tuple(_in_words(rules[name], conflict.relaxations.get(name), instance) for name in conflict.names)
    if conflict.irreducible:
        return ImpossibleProgramme(
            "No plan meets all demands together. These clash: {clash}. Change one of them.", clash=Phrases(said)
        )
    return ImpossibleProgramme(
        "No plan meets all demands together. These clash, though perhaps not all are needed for it: {clash}. "
        "Change one of them.",
        clash=Phrases(said),
    )


def _in_words(rule: Rule, change: float | None, instance: Instance) -> Phrase:
    """Say a rule as the planner wrote it, and the number that, alone, would mend the clash."""
    values: dict[str, object] = {"n": str(rule.right)}
    if rule.kind == "count":
        words = "{n} centres operating in {year}"
        values["year"] = rule.name.partition(":")[2]
    else:
        words = "at least {n} centres operating in {zone} from {year}"
        _, zone, values["year"] = rule.name.split(":")
        at = instance.zones.index(zone)
        values["zone"] = instance.zone_names[at]
    if change is None:
        return Phrase(words, values)
    return Phrase(words + " ({mend} would do)", values | {"mend": f"{rule.right + change:g}"})
