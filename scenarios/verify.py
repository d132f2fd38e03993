"""Verifying a run from itself alone: files, proof, figures. No solver is called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from foundation.errors import BrokenProof, MarkazError
from foundation.files import sha256_of
from optimization import load_certificate, load_problem
from optimization.certificate import verify
from planning.network import network
from planning.results import value_of
from planning.travel import travel
from scenarios.files import load_scenario
from scenarios.run import Run
from scenarios.work import read_inputs, request_of


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, and what was found; `name` and `detail` are English sentences."""

    name: str
    ok: bool
    detail: str


def verify_run(run: Run) -> tuple[Check, ...]:
    """
    Check a run from its own folder: every file's hash, the proof, the recount from the inputs.

    The proof is replayed in whole numbers from proof/, and the covered people of every
    year are counted again from inputs/.
    """
    return (_files(run), *_proof(run), _recount(run))


def _files(run: Run) -> Check:
    name = "Every file is as it was written"
    try:
        listed = json.loads((run.path / "manifest.json").read_text("utf-8"))["sha256"]
        here = {p.relative_to(run.path).as_posix() for p in run.path.rglob("*") if p.is_file()} - {"manifest.json"}
        safe = all(not PurePosixPath(f).is_absolute() and ".." not in PurePosixPath(f).parts for f in listed)
        wrong = sorted(set(listed) ^ here) if safe else sorted(listed)
        wrong += [file for file in sorted(here & set(listed)) if sha256_of(run.path / file) != listed[file]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Check(name, False, f"manifest.json cannot be read: {error}")
    return Check(name, not wrong, f"{len(here)} files" if not wrong else "differs: " + ", ".join(wrong[:5]))


def _proof(run: Run) -> list[Check]:
    try:
        problem = load_problem(run.path / "proof" / "problem.npz")
        solution = load_certificate(run.path / "proof" / "certificate.npz")
        stages = verify(problem, solution)
    except (MarkazError, OSError, ValueError, KeyError) as error:
        return [Check("The proof can be replayed", False, str(error))]
    claimed = run.info["certificate"]["stages"]
    checks = []
    for stage, said in zip(stages, claimed, strict=True):
        ok = stage.ok and (said["proof"] != "checked" or stage.proven)
        detail = "bound replayed in whole numbers" if stage.proven else "value recounted; the bound rests on the solver"
        checks.append(Check(f"Stage {said['objective']}", ok, detail))
    return checks


def _recount(run: Run) -> Check:
    name = "Covered people counted again from the inputs"
    try:
        scenario = load_scenario(str(run.path / "scenario.yaml"))
        country, _ = read_inputs(scenario)
        request = request_of(scenario, country)
        journeys = travel(country)
    except MarkazError as error:
        return Check(name, False, str(error))
    limits = request.standard.limits(country.people["settlement"].to_numpy(dtype=object))
    people = country.people["people"].to_numpy(dtype=np.int64)
    position = {site: i for i, site in enumerate(country.candidates["site_id"])}
    for year in run.info["years"]:
        open_ = [position[s["id"]] for s in run.info["sites"] if s["operating_year"] <= year]
        covered = int(people[network(journeys, np.array(open_), limits, year=year).covered].sum())
        said = value_of(run.results, "covered", year=year, scope="nation", scope_id=country.code)
        if covered != said:
            return Check(name, False, f"{year}: {covered} counted, {said:.0f} in the results")
    return Check(name, True, f"{len(run.info['years'])} years agree")


def expect_verified(run: Run) -> None:
    """Raise BrokenProof with the first check that fails."""
    for check in verify_run(run):
        if not check.ok:
            raise BrokenProof("{name}: {detail}.", name=check.name, detail=check.detail)
