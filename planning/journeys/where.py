"""
Which roads are meant: between two nodes, on a route, near a place, in zones, of classes.

Names that are not there are refused with those that are spelled most like them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput, NotFound
from geodata.roads import RoadGraph

Flags = NDArray[np.bool_]
Place = tuple[float, float]

CAPITAL = "capital_city"  # stands among zones for the roads inside the capital city
WGS84_A_M, WGS84_E2 = 6_378_137.0, 0.00669437999014  # semi-major axis, first eccentricity squared
MOST_NAMES = 50_000  # of more names none is looked up by its spelling: seconds a name


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
        Zone ids, or `CAPITAL`: roads with both ends in one of them; zone ids need `Atlas.zone_of_node`.
    classes
        Road classes.
    route
        Number or name of a route, where the country's roads have them.
    """

    between: tuple[str, str] | None = None
    near: Place | None = None
    radius_m: float = 50.0
    zones: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    route: str | None = None


@dataclass(frozen=True, slots=True)
class Atlas:
    """
    What is known of a graph's nodes beside their ids.

    Attributes
    ----------
    zone_of_node
        (N,) zone id of each node, "" outside all zones; None: not known.
    names
        Further names of nodes, by id.
    """

    zone_of_node: NDArray[np.object_] | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NOWHERE = Atlas()


def touched_by(graph: RoadGraph, where: Where, atlas: Atlas = NOWHERE) -> Flags:
    """
    Return (E,) True at the edges an edit touches; see `Where`.

    Raises
    ------
    InvalidInput
        For nodes that no road joins directly, an unknown class, a route or zones where none are known.
    NotFound
        For a node or route that is not there; names those spelled most like it.
    """
    touched = np.ones(graph.start.size, dtype=bool)
    if where.between is not None:
        touched &= _joining(graph, where.between, atlas)
    if where.route is not None:
        touched &= _on_route(graph, where.route)
    if where.near is not None:
        touched &= _passes(graph, where.near, above_zero(where.radius_m, "radius_m"))
    if where.classes:
        for name in where.classes:
            expect_class(graph, name)
        touched &= np.isin(graph.road_class, where.classes)
    if where.zones:
        touched &= _inside(graph, where.zones, atlas)
    return touched


def node_at(graph: RoadGraph, end: str | Place, atlas: Atlas = NOWHERE) -> int:
    """
    Return the position of a node, or of the one nearest to a position.

    A position may lie as far from it as a direct way may be long (inclusive).
    """
    if isinstance(end, str):
        found = np.flatnonzero(graph.node_id == end)
        if not found.size:
            raise NotFound(
                "There is no road node '{node}'. Spelled most like it: {near}.",
                node=end,
                near=", ".join(_nodes_like(graph, end, atlas)) or "-",
            )
        return int(found[0])
    x, y = flat(graph, end)
    apart = np.hypot(x, y)
    nearest = int(np.argmin(apart))
    if round(float(apart[nearest]), 3) > graph.rules.direct_limit_m:
        raise InvalidInput(
            "The position {lon}, {lat} is {km} km from the nearest road node, {node}; expected at most {limit} km. "
            "Name a node, or a position nearer to one.",
            lon=end[0],
            lat=end[1],
            km=round(float(apart[nearest]) / 1000.0, 1),
            node=str(graph.node_id[nearest]),
            limit=graph.rules.direct_limit_m / 1000.0,
        )
    return nearest


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


def flat(graph: RoadGraph, place: Place) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return metres east and north of a place, good near it."""
    lon, lat = place
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise InvalidInput(
            "The position {lon}, {lat} is not on the Earth. Write lon, lat in degrees.", lon=lon, lat=lat
        )
    w = 1.0 - WGS84_E2 * np.sin(np.radians(lat)) ** 2
    east = np.radians(graph.lon - lon) * WGS84_A_M / np.sqrt(w) * np.cos(np.radians(lat))
    return east, np.radians(graph.lat - lat) * WGS84_A_M * (1.0 - WGS84_E2) / w**1.5


def above_zero(value: float, name: str) -> float:
    """Return a figure of an edit, or refuse it by name."""
    if not 0 < value < np.inf:
        raise InvalidInput("In an edit of roads, {name} is {value}; expected a number above 0.", name=name, value=value)
    return float(value)


def expect_class(graph: RoadGraph, name: str) -> None:
    """Refuse a road class that the speed table does not have."""
    if name not in graph.rules.speed_kmh:
        raise InvalidInput(
            "There is no road class {unknown}; known are {known}.",
            unknown=name,
            known=", ".join(graph.rules.speed_kmh),
        )


def expect_capital(graph: RoadGraph) -> None:
    """Refuse what is asked of the capital city where no node is marked as lying in it."""
    if not graph.in_capital_city.any():
        raise InvalidInput(
            "The roads of this country mark no capital city, so '{name}' names none of them. Name zones by their id.",
            name=CAPITAL,
        )


def like(wanted: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """Return the names spelled most like one, best first."""
    by_spelling = {name.casefold(): name for name in known}
    if len(by_spelling) > MOST_NAMES:
        return []
    return [by_spelling[found] for found in difflib.get_close_matches(wanted.casefold(), by_spelling, most, 0.5)]


def _joining(graph: RoadGraph, between: tuple[str, str], atlas: Atlas) -> Flags:
    one, other = (node_at(graph, name, atlas) for name in between)
    joined = ((graph.start == one) & (graph.end == other)) | ((graph.start == other) & (graph.end == one))
    if not joined.any():
        beside = np.unique(np.concatenate([graph.end[graph.start == one], graph.start[graph.end == one]]))
        raise InvalidInput(
            "No road joins {start} and {end} directly; from {start} roads lead to {beside}. Name two that are joined.",
            start=between[0],
            end=between[1],
            beside=", ".join(graph.node_id[beside].tolist()[:12]) or "-",
        )
    return np.asarray(joined, dtype=bool)


def _on_route(graph: RoadGraph, route: str) -> Flags:
    known = sorted({str(name) for name in graph.route} - {""}) if graph.route is not None else []
    if not known:
        raise InvalidInput(
            "The roads of this country carry no routes, so '{route}' names none. Say which roads by between or near.",
            route=route,
        )
    if route not in known:
        raise NotFound(
            "There is no route '{route}'. Spelled most like it: {near}. Known are {known}.",
            route=route,
            near=", ".join(like(route, known)) or "-",
            known=", ".join(known[:60]),
        )
    return np.asarray(graph.route == route)


def _inside(graph: RoadGraph, zones: tuple[str, ...], atlas: Atlas) -> Flags:
    inside = np.zeros(graph.start.size, dtype=bool)
    if CAPITAL in zones:
        expect_capital(graph)
        inside |= graph.in_capital_city[graph.start] & graph.in_capital_city[graph.end]
    named = tuple(zone for zone in zones if zone != CAPITAL)
    if named:
        zone_of_node = atlas.zone_of_node
        if zone_of_node is None or zone_of_node.shape != graph.lon.shape:
            raise InvalidInput("An edit names zones, and the zone of each road node was not given. Give zone_of_node.")
        here = zone_of_node[graph.start]
        inside |= np.isin(here, named) & (here == zone_of_node[graph.end])
    return inside


def _nodes_like(graph: RoadGraph, wanted: str, atlas: Atlas) -> list[str]:
    """Ids of nodes of which the id, its last part or a name is spelled like `wanted`, with that name."""
    ids = graph.node_id.tolist()
    said = {name: node for node in ids for name in (node.rpartition("-")[2], node)}
    said |= {name: node for node, names in atlas.names.items() for name in names}
    found = {said[name]: name for name in reversed(like(wanted, said))}
    return [node if name == node or node.endswith(name) else f"{node} ({name})" for node, name in found.items()][::-1]


def _passes(graph: RoadGraph, place: Place, radius_m: float) -> Flags:
    x, y = flat(graph, place)
    ax, ay, bx, by = x[graph.start], y[graph.start], x[graph.end], y[graph.end]
    length = np.maximum((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)
    along = np.clip(-(ax * (bx - ax) + ay * (by - ay)) / length, 0.0, 1.0)
    apart = np.hypot(ax + along * (bx - ax), ay + along * (by - ay))
    return np.asarray(np.round(apart, 3) <= radius_m)
