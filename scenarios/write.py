"""Writing a run folder: aside, whole, renamed once, with a manifest of every file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from foundation.files import folder_written_aside, sha256_of, write_text
from foundation.strict_yaml import dump_yaml
from optimization import save_certificate, save_problem
from planning.plan import Plan
from scenarios.run import Run, open_run
from scenarios.studies.case import Study

Publisher = Callable[[Run], None]

_GEOMETRY = {"governorates": "MultiPolygon", "assignment": "LineString", "bands": "MultiPolygon"}
_GOVERNORATE_MEASURES = (
    "population",
    "area_km2",
    "density_per_km2",
    "centres",
    "covered",
    "out_of_standard",
    "unreachable",
    "covered_share",
    "within_30",
    "within_60",
    "within_90",
    "beyond_90",
    "mean_minutes",
    "median_minutes",
    "p90_minutes",
    "mean_km",
    "residents_per_centre",
)
_EQUITY_MEASURES = (
    "population",
    "covered",
    "covered_share",
    "out_of_standard",
    "unreachable",
    "mean_minutes",
    "median_minutes",
    "p90_minutes",
    "mean_km",
    "ede_minutes",
    "gini",
)


def write_run(
    final: Path,
    plan: Plan,
    record: dict[str, Any],
    *,
    country_files: dict[str, Path],
    studies: Sequence[Study] = (),
    publishers: Sequence[Publisher] = (),
    before_publishing: Callable[[], None] = lambda: None,
) -> Run:
    """
    Write a run folder and return it opened.

    Parameters
    ----------
    final
        The run folder itself; must not exist, or be empty.
    record
        run.json.
    country_files
        What the country was read from, by path inside the run's inputs/.
    studies
        What was studied beside the plan: their tables and layers.
    publishers
        Called in order with the run while it still lies aside; each writes its own files.

    Raises
    ------
    OutputRefused
        When the place cannot be written or is not empty. Nothing is left behind.
    """
    with folder_written_aside(final) as aside:
        _write_data(aside, plan, record, studies)
        _write_inputs(aside, record, country_files)
        run = open_run(aside)
        before_publishing()
        for publish in publishers:
            publish(run)
        _write_manifest(aside)
    return open_run(final)


def _write_data(folder: Path, plan: Plan, record: dict[str, Any], studies: Sequence[Study]) -> None:
    write_text(folder / "run.json", json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    _write_package(folder / "plan.gpkg", plan.layers | {name: x for made in studies for name, x in made.layers.items()})
    final = plan.results[plan.results["year"] == plan.programme.final_year]
    tables = {
        "results.csv": plan.results,
        "sites.csv": plan.sites,
        "coverage_by_governorate.csv": _coverage(final, plan.layers["governorates"]),
        "equity.csv": _equity(final),
    }
    tables |= {name: table for made in studies for name, table in made.tables.items()}
    for name, table in tables.items():
        write_text(folder / name, table.to_csv(index=False, lineterminator="\n"), encoding="utf-8-sig")
    write_text(
        folder / "datapackage.json", json.dumps(_descriptor(record, tables), ensure_ascii=False, indent=1) + "\n"
    )
    (folder / "proof").mkdir()
    save_problem(folder / "proof" / "problem.npz", plan.problem)
    save_certificate(folder / "proof" / "certificate.npz", plan.solution)


def _write_package(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    for name, layer in layers.items():
        pyogrio.write_dataframe(
            layer,
            path,
            layer=name,
            driver="GPKG",
            geometry_type=_GEOMETRY.get(name, "Point"),
            promote_to_multi=name in {"governorates", "bands"},
            append=path.exists(),
        )


def _coverage(final: pd.DataFrame, governorates: gpd.GeoDataFrame) -> pd.DataFrame:
    here = final[(final["scope"] == "governorate") & (final["group"] == "all")]
    wide = here.pivot_table(index="scope_id", columns="measure", values="value", dropna=False)
    names = governorates[["zone_id", "name_en", "name_ar"]]
    table = names.merge(wide.reset_index(), left_on="zone_id", right_on="scope_id")
    return _whole_persons(table[["zone_id", "name_en", "name_ar", *_GOVERNORATE_MEASURES]])


def _equity(final: pd.DataFrame) -> pd.DataFrame:
    here = final[final["measure"].isin(_EQUITY_MEASURES)]
    wide = here.pivot_table(index=["scope", "scope_id", "group"], columns="measure", values="value", dropna=False)
    wide = wide[wide["population"].notna()]
    return _whole_persons(wide.reset_index()[["scope", "scope_id", "group", *_EQUITY_MEASURES]])


def _whole_persons(table: pd.DataFrame) -> pd.DataFrame:
    """Columns that hold only whole numbers are written as such."""
    whole = [
        name
        for name in table.columns
        if pd.api.types.is_float_dtype(table[name]) and (table[name].dropna() % 1 == 0).all()
    ]
    return table.astype(dict.fromkeys(whole, "Int64"))


def _descriptor(record: dict[str, Any], tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Describe the run's tables as a Frictionless data package."""
    return {
        "name": str(record["run_id"]).lower(),
        "title": record["scenario"]["title_en"],
        "created": record["created"],
        "resources": [
            {
                "name": name.removesuffix(".csv"),
                "path": name,
                "format": "csv",
                "encoding": "utf-8-sig",
                "schema": {"fields": [{"name": str(c), "type": _field_type(table[c])} for c in table.columns]},
            }
            for name, table in tables.items()
        ],
    }


def _field_type(column: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(column) else "string"


def _write_inputs(folder: Path, record: dict[str, Any], country_files: dict[str, Path]) -> None:
    for inside, source in country_files.items():
        target = folder / "inputs" / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    settings = dict(record["settings"])
    settings["country"] = "inputs/country"
    if settings.get("candidates"):
        own = next(name for name in country_files if name.startswith("candidates/"))
        settings["candidates"] = settings["candidates"] | {"file": f"inputs/{own}"}
    write_text(folder / "scenario.yaml", dump_yaml(settings))


def _write_manifest(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listed = {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}
    write_text(folder / "manifest.json", json.dumps({"sha256": listed}, indent=1, ensure_ascii=False) + "\n")
