"""
Everything a run folder holds but what publishers draw, from a plan: one function, for writing and for verifying.

`content_of` calls no solver and reads no clock: the same case, variants and stamp give the
same bytes, so that a run can be made again from its own proof and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from foundation.files import sha256_of
from foundation.strict_yaml import dump_yaml
from geodata.country import Country
from optimization import Problem, Solution
from planning.plan import Plan
from scenarios.inputs import inside_run, with_files
from scenarios.origins import terms
from scenarios.record import run_record, variant_record
from scenarios.stamp import Stamp, run_key
from scenarios.studies import Case, Study
from scenarios.studies.lots_operators import operated
from scenarios.tables import csv_bytes, descriptor, json_bytes, plan_tables


@dataclass(frozen=True, slots=True)
class Variant:
    """Another reading of the programme, answered."""

    name: str
    title: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Content:
    """
    What is written into a run folder before anything is drawn.

    Attributes
    ----------
    record
        run.json as a mapping.
    files
        Files by name with their bytes: run.json, the scenario, the tables and their descriptor.
    layers
        Layers of plan.gpkg by name, in EPSG:4326.
    problem, solution
        The proof; `variants` holds the answers of the variants by name, whose problems follow from the inputs.
    """

    record: Mapping[str, Any]
    files: Mapping[str, bytes]
    layers: Mapping[str, gpd.GeoDataFrame]
    problem: Problem
    solution: Solution
    variants: Mapping[str, Solution]


def content_of(
    case: Case, *, extra: Mapping[str, Path], variants: Iterable[Variant], studies: Iterable[Study], stamp: Stamp
) -> Content:
    """
    Say everything a run holds.

    Parameters
    ----------
    extra
        Input files beside the country, by their path inside the run's ``inputs/``.
    studies
        What was studied of the case, in order.
    """
    studies, variants = tuple(studies), tuple(variants)
    plan = operated(case.plan, studies)
    record = run_record(
        case.scenario,
        case.country,
        plan,
        run_id=run_id_of(case, extra, stamp.versions),
        inputs=_inputs(case.country, extra),
        variants=[variant_record(v.plan, plan, case.country, name=v.name, title=v.title) for v in variants],
        studies=studies,
        stamp=stamp,
    )
    tables = plan_tables(plan) | {name: table for made in studies for name, table in made.tables.items()}
    files = {
        "run.json": json_bytes(record),
        "scenario.yaml": dump_yaml(_own_settings(record["settings"], extra)).encode(),
        "datapackage.json": json_bytes(descriptor(record, tables)),
    }
    return Content(
        record=record,
        files=files | {name: csv_bytes(table) for name, table in tables.items()},
        layers=plan.layers | {name: layer for made in studies for name, layer in made.layers.items()},
        problem=plan.problem,
        solution=plan.solution,
        variants={variant.name: variant.plan.solution for variant in variants},
    )


def run_id_of(case: Case, extra: Mapping[str, Path], parts: Mapping[str, str]) -> str:
    """Name a run: its scenario, and what decides its answer."""
    hashes = {name: sha256_of(path) for name, path in extra.items()}
    return f"{case.scenario.name}-{run_key(case.scenario, case.country, hashes, parts=parts)[:8]}"


def _own_settings(settings: Mapping[str, Any], extra: Mapping[str, Path]) -> dict[str, Any]:
    """Settings that read the inputs inside the run folder: a run can be planned again from itself alone."""
    return with_files(dict(settings) | {"country": "inputs/country"}, inside_run(extra))


def _inputs(country: Country, extra: Mapping[str, Path]) -> list[dict[str, str]]:
    listed = []
    for one in country.resources:
        source, licence = terms(one)
        listed.append(
            {"name": one.name, "sha256": one.sha256, "source": source, "licence": licence, "vintage": one.vintage}
        )
    return listed + [
        {"name": name, "sha256": sha256_of(path), "source": "the planner's own file", "licence": "", "vintage": ""}
        for name, path in extra.items()
    ]
