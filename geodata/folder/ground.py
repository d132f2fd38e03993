"""The ground of a country folder: heights, friction, and slopes along roads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np

from foundation.errors import InvalidInput
from geodata.folder.report import Notebook
from geodata.folder.settings import RoadsPart, ShortSettings, TerrainPart, inside
from geodata.osm import Network
from geodata.osm.speeds import BUILT_IN, read_speed_table
from geodata.roads import RoadGraph
from geodata.terrain.grid import Grid, Terrain
from geodata.terrain.read import read_grid
from geodata.terrain.roads import on_slopes

Tried = Callable[[str, str, Callable[[], Grid]], Grid | None]


def read_terrain(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, plane: str, notes: Notebook, tried: Tried
) -> Terrain:
    """Return heights and friction, each as far as given; `tried` runs one reading and notes its refusal."""

    def one(what: Literal["elevation", "friction"], part: TerrainPart | None) -> Grid | None:
        if part is None:
            return None
        return tried(what, part.file, lambda: _grid(folder, what, part, zones, plane, notes))

    return Terrain(one("elevation", settings.elevation), one("friction", settings.friction))


def _grid(
    folder: Path,
    what: Literal["elevation", "friction"],
    part: TerrainPart,
    zones: gpd.GeoDataFrame,
    plane: str,
    notes: Notebook,
) -> Grid:
    grid, facts = read_grid(
        inside(folder, part.file),
        zones.geometry,
        what=what,
        metric_crs=plane,
        resolution_m=part.resolution_m,
        crs=part.crs,
        nodata=part.nodata,
    )
    known = grid.values[np.isfinite(grid.values)]
    said = (
        "heights from {low} to {high} m; {crs}, {own} m, kept in cells of {metres} m"
        if what == "elevation"
        else ("friction from {low} to {high} minutes a metre; {crs}, {own} m, kept in cells of {metres} m")
    )
    notes.note(
        "read",
        what,
        part.file,
        said,
        low=f"{known.min():.4g}",
        high=f"{known.max():.4g}",
        crs=str(facts["crs"]),
        own=round(facts["cell_m"]),
        metres=round(grid.side_m),
    )
    blank = grid.values.size - known.size
    if blank:
        notes.note(
            "read",
            what,
            part.file,
            "{share} % of the cells over the zones and around them hold no figure: there it is as if the part were "
            "not given",
            share=f"{100 * blank / grid.values.size:.1f}",
        )
    if what == "friction":
        said = "it takes the place of the speed off the road, between homes and roads or centres"
        notes.note("read", what, part.file, said)
    return grid


def sloped(graph: RoadGraph, folder: Path, part: RoadsPart, elevation: Grid, plane: str, notes: Notebook) -> RoadGraph:
    """Return the graph with slopes in its minutes, and note how many roads they touch."""
    table = read_speed_table(part.speeds if part.speeds in BUILT_IN else inside(folder, part.speeds))
    walked = not table.oneway
    result = on_slopes(graph, elevation, metric_crs=plane, walked=walked)
    changed = result.minutes != graph.minutes
    before, after = float(graph.minutes[changed].sum()), float(result.minutes[changed].sum())
    said = (
        "slopes change {edges} of {all} directed edges of the walk, together {percent} % of their minutes"
        if walked
        else "slopes slow {edges} of {all} directed edges, the rough tracks, together {percent} % of their minutes"
    )
    notes.note(
        "assumed",
        "elevation",
        part.file,
        said,
        edges=int(changed.sum()),
        all=int(changed.size),
        percent=f"{100 * (after / before - 1) if before else 0:+.1f}",
    )
    return result


def with_slopes(
    network: Network, folder: Path, part: RoadsPart, terrain: Terrain, plane: str, notes: Notebook
) -> Network:
    """Return the network with slopes in its minutes where heights are given."""
    if terrain.elevation is None:
        return network
    return replace(network, graph=sloped(network.graph, folder, part, terrain.elevation, plane, notes))


NEAR_DEGREES = 0.5
"""Roads so near to the frame of the zones still belong to the country."""


def expect_near(graph: RoadGraph, zones: gpd.GeoDataFrame, file: str) -> None:
    """
    Refuse roads none of which lies in the frame of the zones, or near it.

    Raises
    ------
    InvalidInput
        Saying where both lie, and whether longitude and latitude are swapped in one of them.
    """
    west, south, east, north = zones.total_bounds + np.array([-1, -1, 1, 1]) * NEAR_DEGREES

    def within(lon: np.ndarray, lat: np.ndarray) -> bool:
        return bool(((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).any())

    if within(graph.lon, graph.lat):
        return
    where = {
        "lon": f"{float(np.median(graph.lon)):.2f}",
        "lat": f"{float(np.median(graph.lat)):.2f}",
        "zones_lon": f"{(west + east) / 2:.2f}",
        "zones_lat": f"{(south + north) / 2:.2f}",
    }
    if within(graph.lat, graph.lon):
        raise InvalidInput(
            "{file}: the roads are around {lon}, {lat}, the zones around {zones_lon}, {zones_lat} (longitude, "
            "latitude). They would lie together if these were swapped in one of the two files. Export that one again.",
            file=file,
            **where,
        )
    raise InvalidInput(
        "{file}: no road lies in the zones: they are around {lon}, {lat}, the zones around {zones_lon}, {zones_lat}. "
        "Take the roads and the zones of one country, or correct the coordinate system of one of them.",
        file=file,
        **where,
    )
