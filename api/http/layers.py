"""
A layer of a run as GeoJSON (RFC 7946), in pieces.

EPSG:4326, longitude first, six decimals (about 0.1 m), outer rings counter-clockwise, no `crs`
member. What is missing or infinite is null. Thousands of features are sent a few hundred at a
time, so that a large layer never stands in memory a second time as text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from foundation.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from scenarios import Run

DECIMALS = 6
AT_ONCE = 500
# What plan.gpkg may hold: always the first nine, the others where the scenario asks for what they show.
NAMES = (
    "governorates",
    "demand",
    "assignment",
    "bands",
    "centres",
    "candidates",
    "unreachable",
    "worst_places",
    "equity",
    "stops",
    "visits",
    "journeys_saved",
    "capacity",
    "capacity_siting",
    "lots",
    "rule_prices",
    "why_not",
    "alternatives",
)


def names_of(run: Run) -> tuple[str, ...]:
    """Return the layers that a run has, in the order of `NAMES`; none where its package cannot be read."""
    try:
        there = _layers_of(run, (run.path / "plan.gpkg").lstat().st_mtime_ns)
    except (InvalidInput, OSError):
        return ()
    return tuple(name for name in NAMES if name in there)


_KNOWN: dict[Path, tuple[int, frozenset[str]]] = {}


def _layers_of(run: Run, written: int) -> frozenset[str]:
    """Read the names once for every package, and again only where it was written anew."""
    known = _KNOWN.get(run.path)
    if known is None or known[0] != written:
        known = _KNOWN[run.path] = written, frozenset(run.layers)
    return known[1]


def geojson(frame: gpd.GeoDataFrame, *, name: str) -> Iterator[bytes]:
    """
    Yield a FeatureCollection piece by piece; the pieces joined are one JSON text.

    `frame` is EPSG:4326 or declares another CRS, from which it is transformed.

    Raises
    ------
    InvalidInput
        At the first piece, if the layer holds no shapes.
    """
    if getattr(frame, "active_geometry_name", None) is None:
        raise InvalidInput("The layer '{name}' of this run holds no shapes. Plan the run again.", name=name)
    if frame.crs is not None and not frame.crs.equals("EPSG:4326"):
        frame = frame.to_crs("EPSG:4326")
    yield b'{"type":"FeatureCollection","name":' + json.dumps(name).encode() + b',"features":['
    for start in range(0, len(frame), AT_ONCE):
        part = frame.iloc[start : start + AT_ONCE]
        text = ",\n".join(_features(part))
        yield (("," if start else "") + text).encode()
    yield b"]}\n"


def _features(part: gpd.GeoDataFrame) -> Iterator[str]:
    import numpy as np
    import shapely

    shapes = shapely.orient_polygons(part.geometry.to_numpy())
    shapes = shapely.transform(shapes, lambda xy: np.round(xy, DECIMALS))
    texts = shapely.to_geojson(shapes)
    table = part.drop(columns=part.geometry.name)
    names = [str(column) for column in table.columns]
    columns = [table[column].tolist() for column in table.columns]
    for position, values in enumerate(zip(*columns, strict=True) if columns else [()] * len(part)):
        known = {name: _value(value) for name, value in zip(names, values, strict=True)}
        properties = json.dumps(known, ensure_ascii=False, allow_nan=False)
        shape = texts[position] if shapes[position] is not None and not shapes[position].is_empty else "null"
        yield f'{{"type":"Feature","properties":{properties},"geometry":{shape}}}'


def _value(value: Any) -> str | int | float | bool | None:
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    import pandas as pd

    return None if pd.isna(value) else str(value)
