"""
The way off the road: from a home or a site to the nearest nodes of the network, and straight across.

Computed once for a country and its sites; a search over the network then joins both ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from foundation.errors import InvalidInput
from geodata.terrain.legs import over_ground

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.country import Country
    from geodata.roads import RoadGraph
    from geodata.terrain.grid import Terrain

MOST_AT_A_PLACE = 8  # nodes at one place that a leg reaches
FASTEST_WALK_KMH = 6.0  # Tobler (1993): on the flat 5, a little downhill 6

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OffRoad:
    """
    How one moves between a home and the network; the country's travel rules hold where nothing is said.

    Attributes
    ----------
    speed_kmh
        Speed of every leg and direct way, homes and sites, urban and rural alike, without congestion
        (5 for a walk to the road); None: the speeds of the travel rules.
    friction
        Minutes of a home's legs and direct ways are times this, >= 0.1: one number, or (n,) one a demand
        point (sand, slope). A site's own leg is not changed.
    limit_m
        No leg is longer, in straight metres (inclusive); None: the limit of the travel rules.
    node_factor
        (N,) minutes of a leg to each node, and of direct ways near it, are times this: congestion of zones; not
        where `speed_kmh` is given. None: 1 everywhere.
    """

    speed_kmh: float | None = None
    friction: float | Floats = 1.0
    limit_m: float | None = None
    node_factor: Floats | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        factors = np.atleast_1d(np.asarray(self.friction, dtype=np.float64))
        if not (np.isfinite(factors).all() and (factors >= 0.1).all()):
            raise InvalidInput("friction holds a value that is no number of at least 0.1. Correct it.")
        for name, value in (("speed_kmh", self.speed_kmh), ("limit_m", self.limit_m)):
            if value is not None and not 0 < value < np.inf:
                raise InvalidInput(
                    "Off the road, {name} is {value}; expected a number above 0.", name=name, value=value
                )


@dataclass(frozen=True, slots=True)
class Ends:
    """
    Points off the network and their legs to it.

    Attributes
    ----------
    xy
        (n, 2) metres.
    node
        (n, k) node positions.
    minutes, metres
        (n, k) of the leg; inf minutes where it is too long or there is no such node.
    region
        (n,) that of the nearest node.
    minutes_per_metre, detour
        (n,) of a direct way: minutes and road metres for one straight metre, on the flat and before `friction`.
    friction
        (n,) minutes of legs (already in `minutes`) and of direct ways are times this.
    terrain
        The ground of homes' ways, where the country has it: slopes slow a walk, friction takes the place of the speed.
    """

    xy: Floats
    node: Ints
    minutes: Floats
    metres: Floats
    region: NDArray[np.str_]
    minutes_per_metre: Floats
    detour: Floats
    friction: Floats
    terrain: Terrain | None = None


def both_ends(country: Country, sites: gpd.GeoDataFrame, off_road: OffRoad) -> tuple[Ends, Ends]:
    """Return the legs of the demand points and of the sites."""
    graph = country.roads
    nodes = _project(graph.lon, graph.lat, country.metric_crs)
    urban = (country.people["settlement"] == "urban").to_numpy(dtype=bool)
    friction = np.asarray(off_road.friction, dtype=np.float64)
    if friction.ndim and friction.shape != urban.shape:
        raise InvalidInput(
            "friction has shape {found}; expected one factor for each of the {n} demand points.",
            found=str(friction.shape),
            n=urban.size,
        )
    here = positions(country.people, country.metric_crs, "point_id")
    there = positions(sites, country.metric_crs, "site_id")
    origins = _ends(here, urban, graph, nodes, off_road, np.broadcast_to(friction, urban.shape), country.terrain)
    return origins, _ends(there, np.ones(len(there), dtype=bool), graph, nodes, off_road, np.ones(len(there)))


def positions(frame: gpd.GeoDataFrame, crs: str, name: str) -> Floats:
    """
    Return (n, 2) metres.

    Raises
    ------
    InvalidInput
        If a row has no position.
    """
    if frame.empty:
        return np.empty((0, 2))
    missing = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    if missing.any():
        raise InvalidInput(
            "{name} '{value}' has no position. Give it one, or leave it out.",
            name=name,
            value=str(frame[name].to_numpy()[missing][0]) if name in frame else str(int(np.flatnonzero(missing)[0])),
        )
    points = frame.geometry.to_crs(crs)
    return np.column_stack([points.x.to_numpy(), points.y.to_numpy()])


def _project(lon: Floats, lat: Floats, crs: str) -> Floats:
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    return np.column_stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])


def _ends(
    xy: Floats,
    urban: NDArray[np.bool_],
    graph: RoadGraph,
    nodes: Floats,
    off_road: OffRoad,
    friction: Floats,
    terrain: Terrain | None = None,
) -> Ends:
    """
    Join points to their nearest nodes of the region they lie in, which is that of the nearest node.

    No leg is longer than the nearest one by more than the direct limit: who lives beside a
    road does not drive across the land to another.
    """
    k = min(graph.rules.access_nodes, len(nodes))
    nearest = cKDTree(nodes).query(xy)[1] if len(xy) else np.empty(0, dtype=np.int64)
    region = graph.region[nearest]
    node, straight = _nearest_of_region(xy, region, graph, nodes, k)
    least = straight[:, :1] if k else straight
    limit = graph.rules.access_limit_m if off_road.limit_m is None else off_road.limit_m
    longest = np.round(np.minimum(limit, least + graph.rules.direct_limit_m), 3)
    straight[np.round(straight, 3) > longest] = np.inf  # to the millimetre: positions are projected
    if graph.mainland is not None and k:
        _join_mainland(xy, region, node, straight, graph, nodes, limit)
    rate = _over(terrain, xy, nodes[node], _rate(urban[:, None], node, graph, off_road)) * friction[:, None]
    detour = graph.rules.access_detour(urban)
    return Ends(
        xy=xy,
        node=node,
        minutes=straight * rate,
        metres=straight * detour[:, None],
        region=region,
        minutes_per_metre=_rate(urban, nearest, graph, off_road),
        detour=detour,
        friction=friction,
        terrain=terrain,
    )


def _over(terrain: Terrain | None, start: Floats, end: Floats, plain: Floats) -> Floats:
    """Minutes for one straight metre over the ground (`geodata.terrain.legs`); no faster than a walker's is a walk."""
    if terrain is None:
        return plain
    return over_ground(terrain, start, end, plain, walked=plain >= 60.0 / (FASTEST_WALK_KMH * 1000.0))


def _nearest_of_region(
    xy: Floats, region: NDArray[np.str_], graph: RoadGraph, nodes: Floats, k: int
) -> tuple[Ints, Floats]:
    """
    Return the nodes at each point's k nearest places of its region, and how far they are.

    (n, k) where each place has one node; more columns where a point finds several at one place. Unused ones are inf.
    """
    found = [(np.empty(0, dtype=np.int64), np.zeros((0, k), dtype=np.int64), np.empty((0, k)))]
    for name in np.unique(region):
        rows, members = np.flatnonzero(region == name), np.flatnonzero(graph.region == name)
        found.append((rows, *_beside(xy[rows], nodes, members, k)))
    columns = max(part.shape[1] for _, part, _ in found)
    node, straight = np.zeros((len(xy), columns), dtype=np.int64), np.full((len(xy), columns), np.inf)
    for rows, some, apart in found:
        node[rows, : some.shape[1]], straight[rows, : some.shape[1]] = some, apart
    return node, straight


def _beside(xy: Floats, nodes: Floats, members: Ints, k: int) -> tuple[Ints, Floats]:
    """
    Return the nodes at the k nearest places of some nodes, nearest place first, and how far they are.

    A bridge and the road under it may have a node at one place: a leg that ends there reaches both, and no tie
    decides between them. Beyond `MOST_AT_A_PLACE` the first of them count.
    """
    first, of = np.unique(nodes[members, 0] + 1j * nodes[members, 1], return_index=True, return_inverse=True)[1:]
    if first.size == members.size:
        apart, at = cKDTree(nodes[members]).query(xy, k=[*range(1, min(k, first.size) + 1)])
        return members[at], np.asarray(apart, dtype=np.float64)
    apart, at = cKDTree(nodes[members[first]]).query(xy, k=[*range(1, min(k, first.size) + 1)])
    order, size = np.argsort(of, kind="stable"), np.bincount(of)
    wide = min(int(size[at].max(initial=1)), MOST_AT_A_PLACE)
    rank = np.minimum(np.arange(wide), size[at][..., None] - 1)
    node = members[order[(np.cumsum(size) - size)[at][..., None] + rank]]
    straight = np.where(np.arange(wide) < size[at][..., None], apart[..., None], np.inf)
    return node.reshape(len(xy), -1), straight.reshape(len(xy), -1)


def _join_mainland(
    xy: Floats,
    region: NDArray[np.str_],
    node: Ints,
    straight: Floats,
    graph: RoadGraph,
    nodes: Floats,
    limit: float,
) -> None:
    """Where no leg leads to the mainland, put the last on what is nearest there, within the limit of a leg."""
    assert graph.mainland is not None
    lost = ~(graph.mainland[node] & np.isfinite(straight)).any(axis=1)
    for name in np.unique(region[lost]):
        rows = np.flatnonzero(lost & (region == name))
        members = np.flatnonzero(graph.mainland & (graph.region == name))
        if not members.size:
            continue
        there, apart = _beside(xy[rows], nodes, members, 1)
        wide = min(there.shape[1], node.shape[1])
        near = np.round(apart[:, 0], 3) <= limit
        node[rows[near], -wide:] = there[near, :wide]
        straight[rows[near], -wide:] = apart[near, :wide]


def _rate(urban: NDArray[np.bool_], node: Ints, graph: RoadGraph, off_road: OffRoad) -> Floats:
    """Minutes for one straight metre off the road, near a node."""
    urban = np.broadcast_to(urban, node.shape)
    if off_road.speed_kmh is not None:
        return np.asarray(graph.rules.access_detour(urban) * 60.0 / (off_road.speed_kmh * 1000.0))
    rate = graph.rules.access_minutes_per_metre(urban, graph.in_capital_city[node])
    return rate if off_road.node_factor is None else rate * off_road.node_factor[node]


def straight_across(origins: Ends, targets: Ends, site: int, near: Ints, limit_m: float) -> tuple[Ints, Floats, Floats]:
    """
    Return the points that may go straight to a site, their minutes and their road metres.

    near: point positions that may be close enough, ascending; the limit is inclusive, to the millimetre.
    """
    straight = np.hypot(origins.xy[near, 0] - targets.xy[site, 0], origins.xy[near, 1] - targets.xy[site, 1])
    allowed = (np.round(straight, 3) <= limit_m) & (origins.region[near] == targets.region[site])
    rows, apart = near[allowed], straight[allowed]
    rate = origins.minutes_per_metre[rows]
    end = np.broadcast_to(targets.xy[site], (len(rows), 1, 2))
    rate = _over(origins.terrain, origins.xy[rows], end, rate[:, None])[:, 0] * origins.friction[rows]
    return rows, apart * rate, apart * origins.detour[rows]
