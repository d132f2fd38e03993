"""
Whether the zones lie where the other files lie.

Every other part is measured against the zones, so that a bad zones file would have all of them
refused. Where the others lie together, and elsewhere than the zones, it is the zones that are named.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput, MarkazError, Phrase, listed
from geodata.folder.rasters import framed, raster_facts
from geodata.folder.report import Notebook
from geodata.folder.settings import RASTERS, ShortSettings, inside
from geodata.folder.tables import read_points
from geodata.osm import Network
from geodata.population.blocks import holder

MOST_LOOKED_AT = 5_000
NEAR_DEGREES = 0.5
PLAIN = ("name_en", "name_ar", "lon", "lat")
POSITIONS = ("places", "candidates", "centres", "offices")


class Where(NamedTuple):
    """A file and the positions (n,) that it holds, or some of them, in degrees."""

    file: str
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def zones_among(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, roads: Network | None
) -> gpd.GeoDataFrame:
    """
    Return the zones, unless all other files with positions lie together elsewhere.

    The others are read only if most of the roads lie outside the zones.

    Raises
    ------
    InvalidInput
        Naming the zones file, and whether its latitude and longitude are swapped.
    """
    others: list[Where] = []
    if roads is not None:
        others.append(_some(settings.roads.file, roads.graph.lon, roads.graph.lat))
        if _inside(others[0], zones) >= 0.5:
            return zones
    for where in _positions(folder, settings):
        if _inside(where, zones) >= 0.5:
            return zones
        others.append(where)
    if not others or not all(_near(where, others[0]) for where in others[1:]) or _part_of(zones, others[0]):
        return zones
    files = [where.file for where in others]
    frame = _raster_frame(folder, settings)
    if frame is not None:
        if np.mean(shapely.contains_xy(frame, others[0].lon, others[0].lat)) < 0.5:
            return zones
        files.append(settings.population.file)
    if len(files) > 1:
        raise _elsewhere(settings, zones, others[0], files)
    return zones


def _elsewhere(settings: ShortSettings, zones: gpd.GeoDataFrame, other: Where, files: list[str]) -> InvalidInput:
    crs = settings.zones.crs
    if _inside(Where("", other.lat, other.lon), zones) >= 0.5:
        remedy = Phrase("With latitude and longitude swapped the zones do lie there: export them, longitude first")
    elif crs:
        remedy = Phrase(
            "The 'crs: {crs}' that country.yaml gives for them is not theirs: write the one that they were made in",
            {"crs": crs[:80]},
        )
    else:
        remedy = Phrase("Take the zones of this country, or correct their coordinate system")
    west, south, east, north = zones.total_bounds
    return InvalidInput(
        "{file}: the zones lie around {lon}, {lat}, while the other files ({others}) lie together around {other_lon}, "
        "{other_lat}: it is the zones that are wrong. Leave the others as they are. {remedy}.",
        file=settings.zones.file,
        others=listed(files, between=", "),
        lon=f"{(west + east) / 2:.2f}",
        lat=f"{(south + north) / 2:.2f}",
        other_lon=f"{float(np.median(other.lon)):.2f}",
        other_lat=f"{float(np.median(other.lat)):.2f}",
        remedy=remedy,
    )


def _positions(folder: Path, settings: ShortSettings) -> list[Where]:
    """Positions of the parts that are points; what is wrong with them is said where they are read."""
    found = []
    for name in POSITIONS:
        part = getattr(settings, name)
        if part is None:
            continue
        plain = {field: title for field, title in part.columns.items() if field in PLAIN}
        asked = part.model_copy(update={"columns": plain})
        try:
            points = read_points(inside(folder, part.file), asked, name, fields={}, optional=(), notes=Notebook())
        except MarkazError:
            continue
        found.append(_some(part.file, points.geometry.x.to_numpy(), points.geometry.y.to_numpy()))
    return found


def _raster_frame(folder: Path, settings: ShortSettings) -> Any:
    """The land that the raster of people covers, or None where that is not known."""
    if not settings.population.file.casefold().endswith(RASTERS):
        return None
    try:
        return framed(raster_facts(folder, settings.population)["frame"])
    except MarkazError:
        return None


def _some(file: str, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Where:
    step = max(1, lon.size // MOST_LOOKED_AT)
    return Where(file, lon[::step], lat[::step])


def _inside(where: Where, zones: gpd.GeoDataFrame) -> float:
    return float((holder(where.lon, where.lat, zones.geometry) >= 0).mean())


def _box(where: Where) -> NDArray[np.float64]:
    """West, south, east, north of all but the outermost hundredth of the positions, and a little around."""
    (west, east), (south, north) = (np.quantile(axis, (0.01, 0.99)) for axis in (where.lon, where.lat))
    return np.array([west, south, east, north]) + np.array([-1, -1, 1, 1]) * NEAR_DEGREES


def _near(where: Where, other: Where) -> bool:
    west, south, east, north = _box(other)
    return bool(west <= np.median(where.lon) <= east and south <= np.median(where.lat) <= north)


def _part_of(zones: gpd.GeoDataFrame, other: Where) -> bool:
    """Whether the zones are a part of the land that the others cover: then those reach too far, and say so."""
    return bool(shapely.box(*_box(other)).covers(shapely.box(*zones.total_bounds)))
