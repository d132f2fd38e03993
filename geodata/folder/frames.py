"""
A country's frames as plain arrays and back: what the cache and the run folder hold.

One ``frames.npz`` without pickles, and ``compiled.json`` with the columns, the settings,
the travel rules and the sha256 of the arrays. Texts are kept once each, with a code a row.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from foundation.files import sha256_of
from foundation.reasons import reason_of
from geodata.country import Country, Resource
from geodata.gate.plain import Arrays, load_plain, save_plain
from geodata.plane import metric_system
from geodata.roads import RoadGraph
from geodata.terrain.grid import Grid, Terrain
from geodata.travel_rules import TravelRules

COMPILED, FRAMES = "compiled.json", "frames.npz"
SCHEMA = 1
LARGEST = 8 << 30
_FRAMES = ("zones", "districts", "people", "groups", "places", "candidates", "centres", "offices")
_PLAIN = ("code", "name_en", "name_ar", "metric_crs", "capital_zone", "population_year", "notes")
_ROADS = ("lon", "lat", "in_capital_city", "start", "end", "metres", "minutes", "island", "mainland")
_ROAD_TEXTS = ("node_id", "region", "road_class")
_TERRAIN = ("elevation", "friction")
_LATER = ("kind", "services")  # columns of offices that countries compiled before do not have


def save_country(folder: Path, country: Country, *, report: dict[str, Any]) -> None:
    """Write ``frames.npz`` and ``compiled.json`` into a folder that is there."""
    arrays: dict[str, Any] = {}
    kinds: dict[str, list[list[str]]] = {}
    for name in _FRAMES:
        frame = getattr(country, name)
        kinds[name] = [[str(column), _put(arrays, f"{name}.{column}", frame[column])] for column in frame.columns]
    roads = country.roads
    for name in _ROADS:
        if getattr(roads, name) is not None:
            arrays[f"roads.{name}"] = getattr(roads, name)
    for name in _ROAD_TEXTS if roads.route is None else (*_ROAD_TEXTS, "route"):
        _put_text(arrays, f"roads.{name}", getattr(roads, name).astype(object))
    grids = {name: grid for name in _TERRAIN if (grid := getattr(country.terrain, name)) is not None}
    arrays |= {f"terrain.{name}": grid.values for name, grid in grids.items()}
    save_plain(folder / FRAMES, arrays)
    told = {
        "schema": SCHEMA,
        "sha256": sha256_of(folder / FRAMES),
        "frames": kinds,
        "country": {name: getattr(country, name) for name in _PLAIN},
        "rules": asdict(roads.rules),
        "terrain": {name: [grid.west, grid.north, grid.side_m] for name, grid in grids.items()},
        "resources": [asdict(resource) for resource in country.resources],
        "report": report,
    }
    (folder / COMPILED).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def is_compiled(folder: Path) -> bool:
    """Whether a folder is a compiled country."""
    return (folder / COMPILED).is_file()


def compiled_files(folder: Path) -> dict[str, Path]:
    """Return the files of a compiled country by name: they load as a country wherever they lie."""
    return {name: folder / name for name in (COMPILED, FRAMES)}


def load_country(folder: Path) -> tuple[Country, dict[str, Any]]:
    """
    Read what `save_country` wrote: the country, and the report it was saved with.

    Raises
    ------
    InvalidInput
        If the files are damaged, of another schema, or do not belong together.
    """
    try:
        told = json.loads((folder / COMPILED).read_text("utf-8"))
        _check_belonging(told, folder)
        arrays = load_plain(folder / FRAMES, limit_bytes=LARGEST)
        frames = {name: _frame(arrays, name, told["frames"][name]) for name in _FRAMES}
        for column in _LATER:
            if column not in frames["offices"]:
                frames["offices"][column] = ""
        roads = _roads(arrays, TravelRules(**told["rules"]))
        resources = tuple(Resource(**resource) for resource in told["resources"])
        metric_system(str(told["country"]["metric_crs"]))
        country = Country(
            **told["country"],
            **frames,
            roads=roads,
            resources=resources,
            folder=folder,
            terrain=_terrain(arrays, told.get("terrain", {})),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError, shapely.errors.GEOSException) as error:
        raise InvalidInput(
            "{folder}: the compiled country is damaged ({problem}). Delete it; it is made again from its sources.",
            folder=folder.name,
            problem=reason_of(error),
        ) from error
    return country, told["report"]


def _check_belonging(told: dict[str, Any], folder: Path) -> None:
    if told["schema"] != SCHEMA or told["sha256"] != sha256_of(folder / FRAMES):
        raise ValueError("another schema, or other arrays than the ones described")


def _put(arrays: dict[str, Any], key: str, column: Any) -> str:
    if isinstance(column.dtype, gpd.array.GeometryDtype):
        raw = shapely.to_wkb(np.asarray(column.to_numpy(), dtype=object))
        arrays[key] = [b"" if item is None else bytes(item) for item in raw]
        return "geometry"
    if isinstance(column.dtype, (pd.Int64Dtype, pd.BooleanDtype)):
        whole = isinstance(column.dtype, pd.Int64Dtype)
        arrays[key] = column.fillna(0 if whole else False).to_numpy(dtype=np.int64 if whole else np.bool_)
        arrays[f"{key}?"] = column.isna().to_numpy()
        return "Int64" if whole else "boolean"
    if column.dtype.kind in "bif":
        arrays[key] = column.to_numpy()
        return "plain"
    _put_text(arrays, key, column.to_numpy(dtype=object))
    return "text"


def _put_text(arrays: dict[str, Any], key: str, values: NDArray[np.object_]) -> None:
    code, words = pd.factorize(values)
    arrays[key], arrays[f"{key}="] = code.astype(np.int32), [str(word) for word in words]
    if not len(words):
        arrays[f"{key}="] = [""]


def _text(arrays: Arrays, key: str) -> NDArray[np.object_]:
    return np.asarray(arrays[f"{key}="].astype(object)[arrays[key].astype(np.int64)], dtype=object)


def _frame(arrays: Arrays, name: str, kinds: list[list[str]]) -> Any:
    columns: dict[str, Any] = {}
    geometry = None
    for column, kind in kinds:
        key = f"{name}.{column}"
        if kind == "geometry":
            shapes = np.asarray(shapely.from_wkb([raw or None for raw in arrays[key]]), dtype=object)
            geometry = gpd.GeoSeries(shapes, crs="EPSG:4326")
            columns[column] = geometry
        elif kind == "text":
            columns[column] = pd.Series(_text(arrays, key)).astype("str")
        elif kind in ("Int64", "boolean"):
            dtype: Any = kind
            columns[column] = pd.Series(arrays[key]).astype(dtype).mask(arrays[f"{key}?"].astype(bool))
        else:
            columns[column] = arrays[key]
    frame = pd.DataFrame(columns)
    return frame if geometry is None else gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326")


def _roads(arrays: Arrays, rules: TravelRules) -> RoadGraph:
    plain: dict[str, Any] = {name: arrays[f"roads.{name}"] for name in _ROADS if f"roads.{name}" in arrays}
    texts = _ROAD_TEXTS if "roads.route" not in arrays else (*_ROAD_TEXTS, "route")
    plain |= {name: _text(arrays, f"roads.{name}").astype(np.str_) for name in texts}
    return RoadGraph(**plain, rules=rules)


def _terrain(arrays: Arrays, told: dict[str, list[float]]) -> Terrain:
    grids = {
        name: Grid(west=west, north=north, side_m=side, values=arrays[f"terrain.{name}"].astype(np.float32))
        for name, (west, north, side) in told.items()
    }
    return Terrain(**grids)
