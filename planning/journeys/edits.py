"""
Roads otherwise than they are: slower at some hour, closed, upgraded, added. Each edit gives a new graph.

Nodes never change, so that legs and labels hold; a closed road's edges are taken out, every other edit
only writes minutes or adds edges between nodes that are there. Plain frozen types, so that a scenario can carry them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput, NotFound
from geodata.roads import RoadGraph

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Place = tuple[float, float]

WGS84_A_M, WGS84_E2 = 6_378_137.0, 0.00669437999014  # semi-major axis, first eccentricity squared


@dataclass(frozen=True, slots=True)
class Where:
    """
    Which roads an edit touches; what is given must all hold, nothing given is every road.

    Attributes
    ----------
    between
        Two node ids: the road (or parallel roads) that join them directly, both ways.
    near, radius_m
        lon, lat in degrees and metres: roads that pass within the radius (inclusive), taken straight from node to
        node on the plane that touches the Earth there (to some metres for roads of 10 km).
    zones
        Zone ids: roads with both ends in one of them; needs `zone_of_node`.
    classes
        Road classes.
    """

    between: tuple[str, str] | None = None
    near: Place | None = None
    radius_m: float = 50.0
    zones: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoadFactor:
    """Minutes on these roads are times `factor`, > 0: congestion at some hour (above 1), a free night (below 1)."""

    where: Where
    factor: float


@dataclass(frozen=True, slots=True)
class RoadClosed:
    """These roads cannot be driven."""

    where: Where


@dataclass(frozen=True, slots=True)
class RoadUpgraded:
    """These roads are driven at `speed_kmh` where they were slower; never slower than before."""

    where: Where
    speed_kmh: float


@dataclass(frozen=True, slots=True)
class RoadAdded:
    """
    A new road between two nodes, or between the nodes nearest to two positions (lon, lat).

    metres: its length; None: the straight length times the detour of its class.
    """

    start: str | Place
    end: str | Place
    road_class: str
    speed_kmh: float
    metres: float | None = None
    oneway: bool = False


RoadEdit = RoadFactor | RoadClosed | RoadUpgraded | RoadAdded


def edited(graph: RoadGraph, *edits: RoadEdit, zone_of_node: NDArray[np.object_] | None = None) -> RoadGraph:
    """
    Return the graph with edits made one after another.

    Parameters
    ----------
    zone_of_node
        (N,) zone id of each node; needed where an edit names zones.

    Raises
    ------
    InvalidInput
        For a factor or speed that is not above 0, an unknown class, or an edit that touches no road.
    NotFound
        For a node id that is not there.
    """
    for edit in edits:
        if isinstance(edit, RoadAdded):
            graph = _added(graph, edit)
            continue
        touched = touched_by(graph, edit.where, zone_of_node)
        if not touched.any():
            raise InvalidInput("The edit {edit} touches no road. Check its place, zone and class.", edit=repr(edit))
        if isinstance(edit, RoadClosed):
            graph = graph.without(touched)
        elif isinstance(edit, RoadFactor):
            factor = _above_zero(edit.factor, "factor")
            graph = replace(graph, minutes=np.where(touched, graph.minutes * factor, graph.minutes))
        else:
            faster = graph.metres / 1000.0 / _above_zero(edit.speed_kmh, "speed_kmh") * 60.0
            graph = replace(graph, minutes=np.where(touched, np.minimum(graph.minutes, faster), graph.minutes))
    return graph


def touched_by(graph: RoadGraph, where: Where, zone_of_node: NDArray[np.object_] | None = None) -> Flags:
    """Return (E,) True at the edges an edit touches; see `Where`."""
    touched = np.ones(graph.start.size, dtype=bool)
    if where.between is not None:
        one, other = (_node(graph, name) for name in where.between)
        touched &= ((graph.start == one) & (graph.end == other)) | ((graph.start == other) & (graph.end == one))
    if where.near is not None:
        touched &= _passes(graph, where.near, _above_zero(where.radius_m, "radius_m"))
    if where.classes:
        unknown = set(where.classes) - set(graph.rules.speed_kmh)
        if unknown:
            raise InvalidInput(
                "There is no road class {unknown}; known are {known}.",
                unknown=", ".join(sorted(unknown)),
                known=", ".join(graph.rules.speed_kmh),
            )
        touched &= np.isin(graph.road_class, where.classes)
    if where.zones:
        if zone_of_node is None or zone_of_node.shape != graph.lon.shape:
            raise InvalidInput("An edit names zones, and the zone of each road node was not given. Give zone_of_node.")
        here = zone_of_node[graph.start]
        touched &= np.isin(here, where.zones) & (here == zone_of_node[graph.end])
    return touched


def zones_of_nodes(graph: RoadGraph, zones: object) -> NDArray[np.object_]:
    """
    Return the zone id of each node, "" outside all zones.

    zones: `Country.zones` (zone_id, polygons in EPSG:4326); a node on a border goes to the first.
    """
    import geopandas as gpd
    import shapely

    assert isinstance(zones, gpd.GeoDataFrame)
    tree = shapely.STRtree(zones.geometry.to_numpy())
    node, zone = tree.query(shapely.points(graph.lon, graph.lat), predicate="intersects")
    result = np.full(graph.lon.size, "", dtype=object)
    order = np.lexsort((-zone, node))
    result[node[order]] = zones["zone_id"].to_numpy(dtype=object)[zone[order]]
    return result


def _added(graph: RoadGraph, edit: RoadAdded) -> RoadGraph:
    speed = _above_zero(edit.speed_kmh, "speed_kmh")
    if edit.road_class not in graph.rules.speed_kmh:
        raise InvalidInput(
            "There is no road class {unknown}; known are {known}.",
            unknown=edit.road_class,
            known=", ".join(graph.rules.speed_kmh),
        )
    one, other = (_node(graph, end) for end in (edit.start, edit.end))
    if one == other:
        raise InvalidInput("The edit {edit} joins a node to itself. Name two places.", edit=repr(edit))
    x, y = _flat(graph, (float(graph.lon[one]), float(graph.lat[one])))
    straight = float(np.hypot(x[other], y[other]))
    metres = edit.metres if edit.metres is not None else straight * graph.rules.road_detour.get(edit.road_class, 1.0)
    metres = _above_zero(metres, "metres")
    ways = [(one, other)] if edit.oneway else [(one, other), (other, one)]
    start, end = np.array(ways, dtype=np.int64).T
    return replace(
        graph,
        start=np.concatenate([graph.start, start]),
        end=np.concatenate([graph.end, end]),
        metres=np.concatenate([graph.metres, np.full(start.size, metres)]),
        minutes=np.concatenate([graph.minutes, np.full(start.size, metres / 1000.0 / speed * 60.0)]),
        road_class=np.concatenate([graph.road_class, np.full(start.size, edit.road_class)]),
    )


def _node(graph: RoadGraph, end: str | Place) -> int:
    if isinstance(end, str):
        found = np.flatnonzero(graph.node_id == end)
        if not found.size:
            raise NotFound("There is no road node '{node}'.", node=end)
        return int(found[0])
    x, y = _flat(graph, end)
    return int(np.argmin(np.hypot(x, y)))


def _flat(graph: RoadGraph, place: Place) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return metres east and north of a place, good near it."""
    lon, lat = place
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise InvalidInput(
            "The position {lon}, {lat} is not on the Earth. Write lon, lat in degrees.", lon=lon, lat=lat
        )
    w = 1.0 - WGS84_E2 * np.sin(np.radians(lat)) ** 2
    east = np.radians(graph.lon - lon) * WGS84_A_M / np.sqrt(w) * np.cos(np.radians(lat))
    return east, np.radians(graph.lat - lat) * WGS84_A_M * (1.0 - WGS84_E2) / w**1.5


def _passes(graph: RoadGraph, place: Place, radius_m: float) -> Flags:
    x, y = _flat(graph, place)
    ax, ay, bx, by = x[graph.start], y[graph.start], x[graph.end], y[graph.end]
    length = np.maximum((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)
    along = np.clip(-(ax * (bx - ax) + ay * (by - ay)) / length, 0.0, 1.0)
    apart = np.hypot(ax + along * (bx - ax), ay + along * (by - ay))
    return np.asarray(np.round(apart, 3) <= radius_m)


def _above_zero(value: float, name: str) -> float:
    if not 0 < value < np.inf:
        raise InvalidInput("In an edit of roads, {name} is {value}; expected a number above 0.", name=name, value=value)
    return float(value)
