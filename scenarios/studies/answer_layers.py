"""The optimizer's answers as layers of plan.gpkg, made of run.json alone: a verifier needs no solver for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from scenarios.studies.answer_rows import answer_tables

BY_SITE = ("why_not", "capacity_siting")  # one row a site already


def answer_layers(info: Mapping[str, Any], candidates: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Make the layers of the answers that a run holds; points at candidate sites."""
    tables = answer_tables(info)
    found = {name: tables[f"{name}.csv"] for name in BY_SITE if f"{name}.csv" in tables}
    if info.get("rule_prices") is not None:
        found["rule_prices"] = _frame(
            ["key", "says_ar", "says_en", "step_ar", "step_en"], _of_prices(info["rule_prices"]), candidates
        )
    if info.get("alternatives") is not None:
        found["alternatives"] = _frame(["number"], _of_plans(info["alternatives"]["plans"]), candidates)
    return {name: _at_sites(table, candidates) for name, table in found.items()}


def _of_prices(rows: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        says = (row["key"], row["says_ar"], row["says_en"], row["step_ar"], row["step_en"])
        for change in ("opened", "closed"):
            yield from ((*says, place, change) for place in row[change])


def _of_plans(plans: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for plan in plans:
        for change in ("added", "left_out", "moved"):
            yield from ((plan["number"], place, change) for place in plan[change])


def _frame(of: list[str], rows: Iterator[tuple[Any, ...]], candidates: gpd.GeoDataFrame) -> pd.DataFrame:
    """One row a place that differs from the plan: whose answer, the place, how, and the names of its site."""
    frame = pd.DataFrame(list(rows), columns=[*of, "place", "change"], dtype=object)
    frame["site_id"] = [str(place).partition("/")[0] for place in frame["place"]]
    frame["kind"] = [str(place).partition("/")[2] or "comprehensive" for place in frame["place"]]
    names = candidates.set_index("site_id")[["name_en", "name_ar", "zone_id"]]
    named = frame.drop(columns="place").join(names, on="site_id")
    return named.rename(columns={"zone_id": "governorate"}).assign(basis="modelled")


def _at_sites(table: pd.DataFrame, candidates: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = candidates.set_index("site_id").geometry
    return gpd.GeoDataFrame(table, geometry=list(shapes.loc[list(table["site_id"])]), crs=candidates.crs)
