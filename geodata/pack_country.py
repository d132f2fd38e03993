"""A pack, read whole and checked: its tables, outlines, roads and records become a country."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from foundation.errors import InvalidInput
from geodata.checks import Ground, check_groups, check_links, check_people
from geodata.checks_records import check_records
from geodata.contract import BY_NAME, PARTS, RECORDS
from geodata.country import Country
from geodata.outlines import read_outlines
from geodata.pack import Pack, open_pack
from geodata.records import Records
from geodata.roads import read_roads
from geodata.tables import read_table


def read_pack(folder: Path) -> Country:
    """Read and check a pack, in this process; raises as `load`."""
    pack = open_pack(folder)
    settings = pack.settings
    files = {part: described.path for part, described in pack.described.items()}
    tables = {part.name: _table(pack, part.name) for part in PARTS if part.format == "csv"}
    recorded = {part.name: _table(pack, part.name) for part in RECORDS if part.name in pack.described}
    shapes = read_outlines(pack.data("zone_shapes"), name=files["zone_shapes"], metric_crs=settings.metric_crs)
    _check_zones(tables["zones"], shapes, settings.capital_zone, files)
    check_links(tables, files)
    check_people(tables["zones"], tables["people"], settings.population_total, files)
    check_groups(tables["zones"], tables["groups"], files["groups"])
    check_records(tables | recorded, files)
    ground = Ground(shapes, metric_crs=settings.metric_crs, tolerance_km=settings.position_tolerance_km)
    ground.check(tables["people"], files["people"], own_zone=True)
    for part in ("districts", "places", "candidates", "centres", "offices", "road_nodes"):
        ground.check(tables[part], files[part])
    roads = read_roads(pack.path("road_nodes"), pack.path("road_edges"), pack.path("travel_rules"))
    return Country(
        code=settings.code,
        name_en=settings.name_en,
        name_ar=settings.name_ar,
        metric_crs=settings.metric_crs,
        capital_zone=settings.capital_zone,
        population_year=settings.population_year,
        zones=_with_shapes(tables["zones"], shapes),
        districts=tables["districts"],
        people=_points(tables["people"]),
        groups=tables["groups"],
        places=_points(tables["places"]),
        roads=roads,
        candidates=_points(tables["candidates"]),
        centres=_points(tables["centres"]),
        offices=_points(tables["offices"]),
        resources=pack.resources,
        notes={name: {"en": note.en, "ar": note.ar} for name, note in settings.notes.items()},
        folder=pack.folder,
        records=Records(**recorded),
    )


def _table(pack: Pack, part: str) -> pd.DataFrame:
    described = pack.described[part]
    told = {field.name: field.constraints for field in described.schema_.fields} if described.schema_ else {}
    return read_table(pack.data(part), name=described.path, fields=BY_NAME[part].fields, extra=told)


def _check_zones(zones: pd.DataFrame, shapes: gpd.GeoDataFrame, capital: str, files: dict[str, str]) -> None:
    different = sorted(set(zones["zone_id"]) ^ set(shapes["zone_id"]))
    if different:
        raise InvalidInput(
            "{zones} and {shapes} do not have the same zones: {different}. Add what is missing.",
            zones=files["zones"],
            shapes=files["zone_shapes"],
            different=", ".join(different)[:200],
        )
    if capital not in set(zones["zone_id"]):
        raise InvalidInput(
            "country.yaml: capital_zone is {capital}, which {zones} does not have. Correct it.",
            capital=capital,
            zones=files["zones"],
        )


def _with_shapes(zones: pd.DataFrame, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    lines = shapes.set_index("zone_id").reindex(zones["zone_id"])
    plain = zones.drop(columns="url").assign(boundary_basis=lines["boundary_basis"].to_numpy())
    outlines = gpd.GeoSeries(lines.geometry.to_numpy(), index=plain.index)
    return gpd.GeoDataFrame(plain, geometry=outlines, crs="EPSG:4326")


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Turn lon and lat into points; None where they are missing."""
    lon, lat = table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64)
    known = np.isfinite(lon)
    geometry: Any = np.full(len(table), None, dtype=object)
    geometry[known] = gpd.points_from_xy(lon[known], lat[known])
    plain = table.drop(columns=["lon", "lat"])
    return gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(geometry, index=plain.index), crs="EPSG:4326")
