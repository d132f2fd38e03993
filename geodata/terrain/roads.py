"""Slopes along roads: all ways of a walk, and the rough tracks of a drive."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from geodata.roads import RoadGraph
from geodata.terrain.grid import Grid
from geodata.terrain.slope import tobler_factor

ROUGH = "track"
"""Road classes that begin so are rough."""


def on_slopes(graph: RoadGraph, elevation: Grid, *, metric_crs: str, walked: bool) -> RoadGraph:
    """
    Return the graph with slopes in its minutes.

    The slope of an edge is the rise between its nodes over its road metres, so that a winding road is not taken
    for a steep one. On a walked network every edge is times `tobler_factor`. On a driven one only tracks are,
    and never below 1: that a vehicle on a rough track loses what a walker loses, and gains nothing downhill, is
    an assumption of this project. Edges without a known height stay as they are.
    """
    rough = np.char.startswith(graph.road_class, ROUGH) if graph.start.size else np.zeros(0, dtype=bool)
    height = elevation.between(_metres(graph, metric_crs))
    factor = tobler_factor((height[graph.end] - height[graph.start]) / graph.metres)
    if not walked:
        factor = np.where(rough, np.maximum(factor, 1.0), 1.0)
    return replace(graph, minutes=graph.minutes * factor)


def _metres(graph: RoadGraph, metric_crs: str) -> NDArray[np.float64]:
    x, y = Transformer.from_crs("EPSG:4326", metric_crs, always_xy=True).transform(graph.lon, graph.lat)
    return np.column_stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
