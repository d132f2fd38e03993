"""A run made again from its own inputs and proof, without a solver."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import InvalidInput
from optimization import Problem, load_certificate, load_problem
from planning.siting import Replayed, plan_of, problem_of, replayed
from scenarios.content import Content, Variant, content_of
from scenarios.files import Scenario, load_scenario
from scenarios.run import Run
from scenarios.stamp import stamp_of
from scenarios.studies import Case, studies_of
from scenarios.travelling import journeys_for, office_minutes
from scenarios.variants import variants_of
from scenarios.work import country_files, read_inputs, request_of


@dataclass(frozen=True, slots=True)
class Remade:
    """
    A run made again.

    Attributes
    ----------
    solved, rebuilt
        The arrays of the proof, and those that the inputs give.
    replay
        The answer, as far as its proof supports it.
    content
        What the folder should hold, but for studies that call the optimizer.
    inside
        The files of inputs/ and proof/ that this was made from.
    case
        What a study is made of: the request, its journeys and the plan.
    """

    solved: Problem
    rebuilt: Problem
    replay: Replayed
    content: Content
    inside: frozenset[str]
    case: Case


def remade(run: Run) -> Remade:
    """
    Make a run again from its folder.

    Raises
    ------
    MarkazError, OSError, ValueError, KeyError
        When the folder does not hold what is needed, or the proof is refuted.
    """
    proof = run.path / "proof"
    solved = load_problem(proof / "problem.npz")
    scenario = as_written(run)
    country, extra = read_inputs(scenario)
    request = request_of(scenario, country)
    journeys = journeys_for(scenario, request)
    request = dataclasses.replace(request, ready_travel=journeys, office_minutes=office_minutes(scenario, request))
    rebuilt = problem_of(request, journeys)
    replay = replayed(rebuilt, load_certificate(proof / "certificate.npz"))
    plan = plan_of(request, journeys, rebuilt, replay.solution)
    variants = [
        Variant(name, title, plan_of(other, journeys, problem, _answer(proof, name, problem).solution))
        for name, title, other in variants_of(scenario, request)
        for problem in (problem_of(other, journeys),)
    ]
    case = Case(scenario, country, request, journeys, plan)
    studies = studies_of(case, report=lambda _said, _part: None, solving=False).values()
    content = content_of(case, extra=extra, variants=variants, studies=studies, stamp=stamp_of(run.info))
    inside = {f"inputs/{name}" for name in country_files(country, extra)}
    inside |= {"proof/problem.npz", "proof/certificate.npz", *(f"proof/variant_{v.name}.npz" for v in variants)}
    return Remade(solved, rebuilt, replay, content, frozenset(inside), case)


def as_written(run: Run) -> Scenario:
    """Read the scenario that lies in the run; raises InvalidInput when it reads anything but the run's own inputs."""
    scenario = load_scenario(str(run.path / "scenario.yaml"))
    files = {"candidates": scenario.candidates_file, "matrix": scenario.matrix_file}
    outside = scenario.settings.country != "inputs/country"
    if outside or any(file and file.parent != run.path / "inputs" / kind for kind, file in files.items()):
        raise InvalidInput("scenario.yaml reads other inputs than those that lie in the run. Do not use this run.")
    return scenario


def _answer(proof: Path, name: str, problem: Problem) -> Replayed:
    return replayed(problem, load_certificate(proof / f"variant_{name}.npz"))
