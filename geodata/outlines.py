"""
Read the outlines of a pack's governorates from GeoJSON and check their geometry.

GeoJSON is longitude and latitude on WGS 84 (RFC 7946); a file that says otherwise is
refused. Outlines must be valid polygons and must not overlap.
"""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from foundation.basis import Basis
from foundation.errors import InvalidInput, Phrase
from foundation.reasons import reason_of
from geodata.outline_faults import fault_of
from geodata.tables import decoded

MAX_VERTICES = 2_000_000
OVERLAP_SHARE = 1e-4  # of the smaller of two zones; rounding of coordinates stays far below


def read_outlines(data: bytes, *, name: str, metric_crs: str) -> gpd.GeoDataFrame:
    """
    Return zone_id, boundary_basis and geometry ((Multi)Polygon, EPSG:4326), one row a feature.

    A feature's property `basis` says how its line came to be; without one it is reported.

    Raises
    ------
    InvalidInput
        With the feature: no GeoJSON, another geometry or CRS, invalid rings, coordinates
        off the globe, a zone twice, two zones that overlap.
    """
    features = _features(data, name)
    rows = [_feature(feature, row, name) for row, feature in enumerate(features)]
    frame = gpd.GeoDataFrame(
        rows, columns=["zone_id", "boundary_basis", "geometry"], geometry="geometry", crs="EPSG:4326"
    )
    doubled = frame["zone_id"].duplicated()
    if doubled.any():
        zone = frame.loc[doubled, "zone_id"].iloc[0]
        raise InvalidInput("{file}: two outlines have the zone_id {zone}. Merge them.", file=name, zone=zone)
    check_overlap(frame, name, metric_crs)
    return frame


def _features(data: bytes, name: str) -> list[Any]:
    try:
        value = json.loads(decoded(data, name))
    except (ValueError, RecursionError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("{file}: not readable as JSON: {problem}.", file=name, problem=reason_of(error)) from error
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection":
        raise InvalidInput("{file}: expected a GeoJSON FeatureCollection. Export it again.", file=name)
    crs = json.dumps(value.get("crs", "CRS84"))
    if "CRS84" not in crs and "4326" not in crs:
        raise InvalidInput(
            "{file}: GeoJSON is longitude and latitude on WGS 84, this says {crs}. Export it in EPSG:4326.",
            file=name,
            crs=crs[:80],
        )
    features = value.get("features")
    if not isinstance(features, list) or not features:
        raise InvalidInput("{file}: no features. Add one for each governorate.", file=name)
    return features


def _feature(feature: Any, row: int, name: str) -> tuple[str, str, shapely.Geometry]:
    try:
        zone = feature["properties"]["zone_id"]
        basis = feature["properties"].get("basis", Basis.REPORTED)
        shape = shapely.geometry.shape(feature["geometry"])
    except Exception as error:
        raise _refused(name, row, "no zone_id in its properties, or no readable geometry") from error
    bounds = np.array(shape.bounds) if not shape.is_empty else np.full(4, np.nan)
    if not isinstance(zone, str) or not zone:
        raise _refused(name, row, "a zone_id that is no text")
    if basis not in list(Basis):
        raise _refused(
            name, row, "the basis '{basis}', expected {choices}", basis=f"{basis!s:.40}", choices=", ".join(Basis)
        )
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise _refused(name, row, "the geometry {found}, expected a filled (Multi)Polygon", found=shape.geom_type)
    if shapely.get_num_coordinates(shape) > MAX_VERTICES or shape.has_z:
        raise _refused(name, row, "too many vertices, or a third coordinate")
    if not np.isfinite(bounds).all() or (np.abs(bounds) > [180, 90, 180, 90]).any():
        raise _refused(name, row, "coordinates that are not longitude and latitude")
    if not shape.is_valid:
        raise _refused(name, row, "an invalid outline ({detail})", detail=fault_of(shape))
    return zone, str(basis), shape


def _refused(name: str, row: int, problem: str, **gaps: object) -> InvalidInput:
    return InvalidInput(
        "{file}, feature {number}: it has {problem}. Correct it.",
        file=name,
        number=row + 1,
        problem=Phrase(problem, gaps),
    )


def check_overlap(frame: gpd.GeoDataFrame, name: str, metric_crs: str) -> None:
    """Refuse two outlines (zone_id, geometry) that share more than `OVERLAP_SHARE` of the smaller."""
    shapes = frame.geometry.to_crs(metric_crs).to_numpy()
    tree = shapely.STRtree(shapes)
    for first, second in zip(*tree.query(shapes, predicate="intersects"), strict=True):
        if first >= second:
            continue
        shared = shapely.intersection(shapes[first], shapes[second]).area
        if shared > OVERLAP_SHARE * min(shapes[first].area, shapes[second].area):
            raise InvalidInput(
                "{file}: {first} and {second} overlap by {area} square kilometres. Cut one of them.",
                file=name,
                first=str(frame["zone_id"].iloc[first]),
                second=str(frame["zone_id"].iloc[second]),
                area=shared / 1e6,
            )
