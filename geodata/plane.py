"""The metric plane of a country: a projected system in metres that measures truly where the country lies."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from pyproj import Proj
from pyproj.exceptions import CRSError

from foundation.errors import InvalidInput
from geodata.systems import system_of

TRUE_MERCATORS = ("Transverse", "Oblique")  # those keep distances near their line; the plain ones do not
MOST_OFF = 0.05
"""By how much a metre of the plane may differ from one on the ground, anywhere in the country."""


def metric_system(text: str) -> str:
    """
    Return a plane as it was written, if it is a projected system in metres and not Web Mercator or its like.

    Raises
    ------
    InvalidInput
        With what is wrong.
    """
    crs = system_of(text)
    metres = crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info)
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    mercator = "Mercator" in method and not any(kind in method for kind in TRUE_MERCATORS)
    if not metres or mercator:
        raise InvalidInput(
            "'{system}': expected a projected system in metres, not Web Mercator or its like, such as EPSG:32636.",
            system=text[:80],
        )
    return text


def bounds_around(shapes: gpd.GeoSeries) -> tuple[float, float, float, float]:
    """
    Return west, south, east, north of shapes in degrees, the short way round the Earth.

    A country on both sides of the 180th meridian has an east above 180.
    """
    parts = shapes.explode(index_parts=False).bounds
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    order = np.argsort(parts["minx"].to_numpy())
    first = parts["minx"].to_numpy()[order]
    reached = np.maximum.accumulate(parts["maxx"].to_numpy()[order])
    gaps = first[1:] - reached[:-1]
    if gaps.size and gaps.max() > 360.0 - (east - west):
        at = int(gaps.argmax())
        west, east = float(first[at + 1]), float(reached[at]) + 360.0
    return west, south, east, north


def metric_plane(shapes: gpd.GeoSeries) -> str:
    """Return a Lambert azimuthal equal-area plane on the middle of the zones, to a quarter of a degree."""
    west, south, east, north = bounds_around(shapes)
    lon, lat = (round((low + high) * 2) / 4 for low, high in ((west, east), (south, north)))
    lon = (lon + 180.0) % 360.0 - 180.0
    return f"+proj=laea +lat_0={lat:g} +lon_0={lon:g} +datum=WGS84 +units=m +no_defs +type=crs"


def worst_scale(plane: str, shapes: gpd.GeoSeries) -> float:
    """Return how long a metre of the ground is where a plane is most off, over the box around shapes; or inf."""
    west, south, east, north = bounds_around(shapes)
    lon, lat = np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5))
    lon = (lon + 180.0) % 360.0 - 180.0
    try:
        factors = Proj(system_of(plane)).get_factors(lon.ravel(), lat.ravel())
        scale = np.concatenate([np.ravel(factors.tissot_semimajor), np.ravel(factors.tissot_semiminor)])
    except (RuntimeError, CRSError):  # PROJ has no figures where a plane does not reach
        return float("inf")
    return float(scale[int(np.argmax(np.abs(np.where(np.isfinite(scale), scale, np.inf) - 1.0)))])


def expect_true(plane: str, shapes: gpd.GeoSeries, file: str) -> None:
    """
    Refuse a plane that stretches or shrinks the country it is for: one of another part of the world.

    Raises
    ------
    InvalidInput
        With how long a metre is at its worst place.
    """
    worst = worst_scale(plane, shapes)
    if not abs(worst - 1.0) <= MOST_OFF:
        raise InvalidInput(
            "{file}: in the plane metric_crs {plane} a metre of this country is {metres} metres. Give one that is made "
            "for it, or take metric_crs out: then one is made.",
            file=file,
            plane=plane[:80],
            metres=f"{worst:.2f}",
        )
