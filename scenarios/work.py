"""From a scenario to a run folder: load, plan, write, publish."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

import geodata
from foundation.errors import NotFound, OutputRefused
from foundation.files import refuse_unless_free, sha256_of
from geodata.candidates import combine_candidates, read_candidates
from geodata.country import Country
from planning.plan import Plan
from planning.programme import FixedCentre
from planning.siting import Request, site_programme
from planning.travel import Reach, Travel
from scenarios.content import Variant, content_of
from scenarios.files import Scenario
from scenarios.run import Run, open_run
from scenarios.siting_demand import demand_of
from scenarios.stamp import run_key, stamp_now, versions
from scenarios.studies import Case, studies_of
from scenarios.studies.asked import check_asked
from scenarios.travelling import journeys_for, office_minutes
from scenarios.variants import variants_of
from scenarios.write import Publisher, write_run

__all__ = ["Progress", "Publisher", "country_files", "read_inputs", "request_of", "run_scenario"]

Progress = Callable[[str, float], None]


def _silent(_sentence: str, _fraction: float) -> None:
    """Report to nobody."""


def run_scenario(
    scenario: Scenario,
    *,
    out: Path | None = None,
    runs_folder: Path = Path("runs"),
    publishers: Sequence[Publisher] = (),
    progress: Progress = _silent,
) -> Run:
    """
    Plan a scenario and write its run folder.

    Parameters
    ----------
    out
        The run folder itself; refused if it exists and is not empty. Default:
        ``runs_folder/<scenario>-<short hash>``; if that run is already there it is
        returned as it is, without solving again.
    publishers
        Writers of maps and reports, called while the folder still lies aside.
    progress
        Called with an English sentence of the catalogue and a fraction from 0 to 1.

    Raises
    ------
    InvalidInput, NotFound, ImpossibleProgramme, OutputRefused, BrokenProof
        See `load_scenario`, `geodata.load`, `site_programme`, `write_run`. Nothing is
        left behind.
    """
    progress("Reading the country's data", 0.0)
    country, extra = read_inputs(scenario)
    hashes = {name: sha256_of(path) for name, path in extra.items()}
    run_id = f"{scenario.name}-{run_key(scenario, country, hashes, parts=versions())[:8]}"
    if out is None and (runs_folder / run_id / "manifest.json").is_file():
        progress("Done", 1.0)
        return open_run(runs_folder / run_id)
    refuse_unless_free(out or runs_folder / run_id)
    request, journeys, plan, variants = _solve(scenario, country, progress)
    case = Case(scenario, country, request, journeys, plan)
    started = time.perf_counter()
    studies = tuple(studies_of(case, report=lambda said, part: progress(said, 0.4 + 0.45 * part)).values())
    seconds = plan.seconds | {"studies": time.perf_counter() - started}
    content = content_of(case, extra=extra, variants=variants, studies=studies, stamp=stamp_now(scenario, seconds))
    progress("Writing the run folder", 0.85)
    try:
        run = write_run(
            out or runs_folder / run_id,
            content,
            country_files=country_files(country, extra),
            publishers=publishers,
            before_publishing=lambda: progress("Drawing the map and writing the reports", 0.9),
        )
    except OutputRefused:
        if out is not None or not (runs_folder / run_id / "manifest.json").is_file():
            raise
        run = open_run(runs_folder / run_id)  # another program has written the same run meanwhile
    progress("Done", 1.0)
    return run


def read_inputs(scenario: Scenario) -> tuple[Country, dict[str, Path]]:
    """Load the country, with the planner's own candidates in it; also name further files, see `scenarios.inputs`."""
    country, extra = geodata.load(scenario.country), dict[str, Path]()
    path, matrix = scenario.candidates_file, scenario.matrix_file
    if path is not None and scenario.settings.candidates is not None:
        own = read_candidates(path, country=country)
        combined = combine_candidates(country.candidates, own, mode=scenario.settings.candidates.mode)
        country, extra = dataclasses.replace(country, candidates=combined), {f"candidates/{path.name}": path}
    if matrix is not None:
        if not matrix.is_file():
            raise NotFound("There is no file {path}.", path=str(matrix))
        extra[f"matrix/{matrix.name}"] = matrix
    return country, extra


def request_of(scenario: Scenario, country: Country) -> Request:
    """Bring a scenario and a country together as what siting asks for."""
    programme = scenario.programme(_recorded(scenario, country.centres))
    return Request(
        country=country,
        programme=programme,
        standard=scenario.standard(),
        objectives=scenario.objectives(),
        load=scenario.load(),
        solver=scenario.solver(),
        **demand_of(scenario, country, programme.kinds),
    )


def _recorded(scenario: Scenario, centres: pd.DataFrame) -> tuple[FixedCentre, ...]:
    """Fixed centres taken from the records; one of unknown year counts from the programme's first."""
    first = scenario.settings.years[0]
    wanted = centres[
        centres["status"].isin(scenario.settings.programme.fix_recorded)
        & (centres["kind"] == "comprehensive")
        & (centres["site_id"] != "")
    ]
    years = wanted["opened_year"].fillna(first).astype(int)
    return tuple(FixedCentre(str(site), None, year) for site, year in zip(wanted["site_id"], years, strict=True))


def _solve(
    scenario: Scenario, country: Country, progress: Progress
) -> tuple[Request, Travel | Reach, Plan, list[Variant]]:
    request = request_of(scenario, country)
    check_asked(scenario, country)
    progress("Computing travel times", 0.02)
    started = time.perf_counter()
    journeys = journeys_for(scenario, request)
    request = dataclasses.replace(request, ready_travel=journeys, office_minutes=office_minutes(scenario, request))
    seconds = time.perf_counter() - started
    plan = site_programme(request, report=lambda said, part: progress(said, 0.4 * part))
    total = plan.seconds["total"] + seconds
    plan = dataclasses.replace(plan, seconds=plan.seconds | {"travel": seconds, "total": total})
    variants = []
    for name, title, other in variants_of(scenario, request):
        progress("Solving the programme read the other way", 0.38)
        variants.append(Variant(name, title, site_programme(other)))
    return request, journeys, plan, variants


def country_files(country: Country, extra: dict[str, Path]) -> dict[str, Path]:
    """Name the files that a country and its candidates are read from, by path inside the run's ``inputs/``."""
    return {f"country/{name}": path for name, path in geodata.files_of(country).items()} | extra
