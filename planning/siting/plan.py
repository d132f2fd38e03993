"""From a country and a programme to a `Plan`: travel, solve, recheck, figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from foundation.errors import ImpossibleProgramme
from optimization import Problem, Solution
from planning.aims import Objectives
from planning.plan import Plan
from planning.programme import Programme
from planning.siting.build import build_problem
from planning.siting.clash import clash
from planning.siting.describe import plan_of
from planning.siting.request import Request, instance_of, journeys_of
from planning.siting.solve import solve_programme
from planning.travel import Reach, Travel

Report = Callable[[str, float], None]


def _silent(_sentence: str, _fraction: float) -> None:
    """Report to nobody."""


def site_programme(request: Request, *, report: Report = _silent) -> Plan:
    """
    Site a programme with proof.

    Raises
    ------
    InvalidInput
        When the programme names a site that is no candidate.
    ImpossibleProgramme
        When its demands clash.
    NotFinished
        When the time limit came before any plan.
    BrokenProof
        When a recheck disagrees with the answer.
    """
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    report("Computing travel times", 0.05)
    journeys = request.ready_travel or journeys_of(request)
    seconds["travel"] = time.perf_counter() - started
    report("Solving the programme, stage by stage", 0.2)
    problem = problem_of(request, journeys)
    solution = solve_programme(problem, request.solver, impossible=partial(_impossible, request, journeys, problem))
    seconds["solve"] = solution.seconds
    report("Rechecking the answer from the input tables", 0.75)
    plan = plan_of(request, journeys, problem, solution)
    report("Computing figures and layers", 0.8)
    seconds |= {f"stage:{stage.objective}": stage.seconds for stage in plan.certificate.stages}
    return replace(plan, seconds=seconds | {"total": time.perf_counter() - started})


def _impossible(
    request: Request, journeys: Travel | Reach, problem: Problem, solution: Solution
) -> ImpossibleProgramme:
    """Say why there is no plan; a mend is tried by writing the arrays of the changed programme anew."""

    def rebuilt(programme: Programme, objectives: Objectives) -> Problem:
        return problem_of(replace(request, programme=programme, objectives=objectives), journeys)

    return clash(solution, problem, request, rebuilt)


def problem_of(request: Request, journeys: Travel | Reach) -> Problem:
    """Write a request as the arrays that are solved; the same request gives the same arrays."""
    return build_problem(instance_of(request, journeys), request.programme, request.objectives)
