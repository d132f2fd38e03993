"""
Verifying a run from itself alone. No solver is called.

Four links make the chain: every file is as it was written; the inputs give the arrays that
were solved; the proof over those arrays replays in whole numbers; the plan and the figures
that run.json shows are the ones proven.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from foundation.errors import MarkazError, Phrase
from foundation.files import sha256_of
from geodata.country import Country
from optimization import Problem, Solution, load_certificate, load_problem
from optimization.certificate import verify
from planning.network import network
from planning.results import value_of
from planning.siting import Request, certificate_of, journeys_of, problem_of
from planning.travel import Reach, Travel
from scenarios.files import load_scenario
from scenarios.record import STAGES
from scenarios.run import Run
from scenarios.work import read_inputs, request_of


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, and what was found: phrases of the catalogue, in English by ``str``."""

    name: Phrase
    ok: bool
    detail: Phrase


def verify_run(run: Run) -> tuple[Check, ...]:
    """
    Check a run from its own folder.

    Never raises for a run that is wrong: what fails is a `Check` with ``ok`` False.
    """
    checks = [_files(run)]
    try:
        problem = load_problem(run.path / "proof" / "problem.npz")
        solution = load_certificate(run.path / "proof" / "certificate.npz")
        checks += _stages(run, problem, solution)
        scenario = load_scenario(str(run.path / "scenario.yaml"))
        country, _ = read_inputs(scenario)
        request = request_of(scenario, country)
        journeys = journeys_of(request)
        checks.append(_arrays(problem, problem_of(request, journeys)))
        checks.append(_sites(run, problem, solution, country))
        checks.append(_recount(run, request, journeys))
    except (MarkazError, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        checks.append(Check(Phrase("The run can be checked from its own files"), False, _reason(error)))
    return tuple(checks)


def _reason(error: Exception) -> Phrase:
    return Phrase(error.template, error.values) if isinstance(error, MarkazError) else Phrase("{x}", {"x": str(error)})


def _files(run: Run) -> Check:
    name = Phrase("Every file is as it was written")
    try:
        listed = json.loads((run.path / "manifest.json").read_text("utf-8"))["sha256"]
        here = {p.relative_to(run.path).as_posix() for p in run.path.rglob("*") if p.is_file()} - {"manifest.json"}
        safe = all(not PurePosixPath(f).is_absolute() and ".." not in PurePosixPath(f).parts for f in listed)
        wrong = sorted(set(listed) ^ here) if safe else sorted(listed)
        wrong += [file for file in sorted(here & set(listed)) if sha256_of(run.path / file) != listed[file]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Check(name, False, Phrase("manifest.json cannot be read: {reason}", {"reason": str(error)}))
    if wrong:
        return Check(name, False, Phrase("these differ: {names}", {"names": ", ".join(wrong[:5])}))
    return Check(name, True, Phrase("{n} files", {"n": len(here)}))


def _stages(run: Run, problem: Problem, solution: Solution) -> list[Check]:
    """Replay the proof, and hold what run.json says of each stage against it."""
    claimed = run.info["certificate"]["stages"]
    shown = certificate_of(problem, solution).stages
    replayed = verify(problem, solution)
    if not len(claimed) == len(shown) == len(replayed):
        counts = {"claimed": len(claimed), "replayed": len(replayed)}
        told = Phrase("{claimed} claimed, {replayed} replayed", counts)
        return [Check(Phrase("The proof has every stage"), False, told)]
    checks = []
    for said, stage, found in zip(claimed, shown, replayed, strict=True):
        same = said["objective"] == stage.objective == found.objective
        same &= _equal(said["value"], stage.value) and _equal(said["bound"], stage.bound)
        ok = same and (said["proof"] != "checked" or found.proves)
        if not ok:
            detail = Phrase("the proof does not say so")
        elif found.proves:
            detail = Phrase("bound replayed in whole numbers over a tree of {leaves} leaves", {"leaves": found.leaves})
        else:
            detail = Phrase("value recounted; the bound rests on the solver")
        checks.append(Check(Phrase("Stage: {objective}", {"objective": Phrase(STAGES[stage.objective])}), ok, detail))
    return checks


def _equal(one: float | None, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-12) if one is not None else not math.isfinite(other)


def _arrays(solved: Problem, rebuilt: Problem) -> Check:
    name = Phrase("The arrays that were solved are those of the inputs")
    same = (
        all(
            np.array_equal(getattr(solved.columns, field), getattr(rebuilt.columns, field))
            for field in ("place", "kind", "year", "lower", "upper", "rank")
        )
        and (solved.measures, solved.stages, solved.floors) == (rebuilt.measures, rebuilt.stages, rebuilt.floors)
        and np.array_equal(solved.weights, rebuilt.weights)
        and np.array_equal(solved.sets.indptr, rebuilt.sets.indptr)
        and np.array_equal(solved.sets.indices, rebuilt.sets.indices)
        and len(solved.rules) == len(rebuilt.rules)
        and all(
            (a.name, a.sense, a.right) == (b.name, b.sense, b.right)
            and np.array_equal(a.columns, b.columns)
            and np.array_equal(a.coefficients, b.coefficients)
            for a, b in zip(solved.rules, rebuilt.rules, strict=True)
        )
    )
    rows, columns = solved.sets.shape
    shown = Phrase("{rows} rows, {columns} columns", {"rows": int(rows), "columns": int(columns)})
    return Check(name, same, shown if same else Phrase("they differ"))


def _sites(run: Run, problem: Problem, solution: Solution, country: Country) -> Check:
    """The centres of run.json are the open columns of the solution."""
    ids = country.candidates["site_id"].to_numpy(dtype=object)
    columns = problem.columns
    opened: dict[str, int] = {}
    for column in np.flatnonzero(solution.chosen):
        site, year = str(ids[columns.place[column]]), int(columns.year[column])
        opened[site] = min(opened.get(site, year), year)
    first = int(columns.year.min())  # a fixed centre may have opened before the programme
    said = {site["id"]: max(site["operating_year"], first) for site in run.info["sites"]}
    same = said == opened
    detail = Phrase("{n} centres in all", {"n": len(said)}) if same else Phrase("other centres, or other years")
    return Check(Phrase("The centres shown are the ones proven"), same, detail)


def _recount(run: Run, request: Request, journeys: Travel | Reach) -> Check:
    name = Phrase("Covered people counted again from the inputs")
    country = request.country
    limits = request.standard.limits(country.people["settlement"].to_numpy(dtype=object))
    people = country.people["people"].to_numpy(dtype=np.int64)
    position = {site: i for i, site in enumerate(country.candidates["site_id"])}
    for year in run.info["years"]:
        open_: NDArray[np.int64] = np.array(
            [position[s["id"]] for s in run.info["sites"] if s["operating_year"] <= year], dtype=np.int64
        )
        covered = int(people[network(journeys, open_, limits, year=year).covered].sum())
        said = value_of(run.results, "covered", year=year, scope="nation", scope_id=country.code)
        if covered != said:
            wrong: dict[str, object] = {"year": str(year), "counted": covered, "said": said}
            return Check(name, False, Phrase("{year}: {counted} counted, {said} in the results", wrong))
    return Check(name, True, Phrase("{n} years agree", {"n": len(run.info["years"])}))
