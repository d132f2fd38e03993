"""The tables of a run folder: what they hold, as the bytes that are written, and their descriptor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from planning.plan import Plan
from scenarios.units import unit_of

_GOVERNORATE_MEASURES = (
    "population",
    "area_km2",
    "density_per_km2",
    "lived_density_per_km2",
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
    "lived_density_per_km2",
    "ede_minutes",
    "gini",
)


def plan_tables(plan: Plan) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan by file name; all but the first read the one results table."""
    final = plan.results[plan.results["year"] == plan.programme.final_year]
    return {
        "results.csv": plan.results,
        "sites.csv": plan.sites,
        "coverage_by_governorate.csv": _coverage(final, plan.layers["governorates"]),
        "equity.csv": _equity(final),
    }


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Write a table as UTF-8 with the mark that spreadsheets want."""
    return str(table.to_csv(index=False, lineterminator="\n")).encode("utf-8-sig")


def json_bytes(value: object) -> bytes:
    """Write a mapping as JSON that a person can read."""
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def descriptor(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Describe the run's tables as a Frictionless data package: types, units, and what they were made from."""
    inputs = [
        {"title": f"{each['name']}: {each['source']}; {each['licence']}", "version": each["sha256"]}
        for each in record["inputs"]
    ]
    return {
        "name": str(record["run_id"]).lower(),
        "title": record["scenario"]["title_en"],
        "created": record["created"],
        "description": "Areas, and residents of governorates in the population year, are reported; what is computed is "
        "modelled, unless a column `basis` of the row says otherwise.",
        "sources": inputs,
        "resources": [
            {
                "name": name.removesuffix(".csv"),
                "path": name,
                "format": "csv",
                "encoding": "utf-8-sig",
                "schema": {"fields": [_field(str(c), table[c]) for c in table.columns]},
            }
            for name, table in tables.items()
        ],
    }


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


def _field(name: str, column: pd.Series[Any]) -> dict[str, str]:
    found = {"name": name, "type": _field_type(column)}
    unit = unit_of(name) if found["type"] in {"integer", "number"} else ""
    return found | ({"unit": unit} if unit else {})


def _field_type(column: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(column) else "string"
