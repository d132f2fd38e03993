"""
Minutes and metres from where people live to where a centre could stand.

Owns the (n, m) tables of minutes and metres, the one rounding of minutes (to 0.1) and the
one rule for the unreachable: inf. A journey leaves a demand point over a leg to one of its
nearest road nodes, follows the fastest roads and ends over a leg to the site; where point
and site are near each other it may also go straight across. Knows nothing of solvers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from foundation.errors import InvalidInput

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.country import Country
    from geodata.roads import RoadGraph

CHUNK = 512  # points at a time: keeps the (points, nodes, sites) block near 4 MB for 250 sites

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Travel:
    """
    Journeys from n demand points to m sites.

    Attributes
    ----------
    minutes
        (n, m) fastest journey, rounded once to 0.1; inf where there is no route, never NaN.
    metres
        (n, m) road length of that same journey; inf where there is no route.
    """

    minutes: Floats
    metres: Floats

    def __post_init__(self) -> None:
        """Refuse NaN, negative values and tables that do not belong together."""
        if self.minutes.ndim != 2 or self.minutes.shape != self.metres.shape:
            raise InvalidInput(
                "minutes has shape {minutes} and metres {metres}; expected one (points, sites) shape for both.",
                minutes=str(self.minutes.shape),
                metres=str(self.metres.shape),
            )
        for name in ("minutes", "metres"):
            table = getattr(self, name)
            if np.isnan(table).any() or (table < 0).any():
                raise InvalidInput(
                    "{name} holds NaN or a negative value; write inf where there is no route.", name=name
                )
        if (np.isinf(self.minutes) != np.isinf(self.metres)).any():
            raise InvalidInput("minutes and metres disagree about which journeys have no route.")


@dataclass(frozen=True, slots=True)
class _Ends:
    """
    Points off the network and their legs to it.

    xy (n, 2) metres; urban (n,); node (n, k) positions; minutes, metres (n, k), inf where the
    leg is too long or there is no k-th node; region (n,) that of the nearest node; in_city (n,).
    """

    xy: Floats
    urban: NDArray[np.bool_]
    node: Ints
    minutes: Floats
    metres: Floats
    region: NDArray[np.str_]
    in_city: NDArray[np.bool_]


def travel(country: Country, *, sites: gpd.GeoDataFrame | None = None) -> Travel:
    """
    Travel from every demand point to every site.

    Parameters
    ----------
    country
        Its `people` are the rows, in their order; its `roads` carry the travel rules.
    sites
        Points in any CRS, the columns in their order; `country.candidates` when not given.
        A site's own leg is driven at the urban figures.

    Returns
    -------
    travel
        See `Travel`. Congestion holds on roads and legs inside the capital city. Legs and
        direct ways never join two regions of the road graph.

    Raises
    ------
    InvalidInput
        If a point or site has no position.

    References
    ----------
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.
    """
    graph = country.roads
    columns = country.candidates if sites is None else sites
    nodes = _project(graph.lon, graph.lat, country.metric_crs)
    urban = (country.people["settlement"] == "urban").to_numpy(dtype=bool)
    origins = _ends(_positions(country.people, country.metric_crs, "point_id"), urban, graph, nodes)
    there = _positions(columns, country.metric_crs, "site_id")
    targets = _ends(there, np.ones(len(there), dtype=bool), graph, nodes)
    minutes, metres = _from_nodes(graph, targets)
    result = np.full((2, len(origins.xy), len(targets.xy)), np.inf)
    for first in range(0, len(origins.xy), CHUNK):
        rows = slice(first, first + CHUNK)
        result[:, rows] = _block(origins, targets, rows, minutes, metres, graph)
    return Travel(minutes=np.round(result[0], 1), metres=result[1])


def unreachable(country: Country, journeys: Travel) -> pd.DataFrame:
    """
    List the demand points that reach no site, each by the name of its place.

    Returns
    -------
    points
        point_id, zone_id, district_id, place_en, place_ar, settlement, people, lon, lat; in the
        order of `country.people`, empty when every point reaches a site.
    """
    if len(country.people) != len(journeys.minutes):
        raise InvalidInput(
            "The journeys have {rows} rows and the country {points} demand points; use journeys of this country.",
            rows=len(journeys.minutes),
            points=len(country.people),
        )
    cut_off = country.people[~np.isfinite(journeys.minutes).any(axis=1)]
    named = ["point_id", "zone_id", "district_id", "place_en", "place_ar", "settlement", "people"]
    return pd.DataFrame(cut_off[named]).assign(lon=cut_off.geometry.x, lat=cut_off.geometry.y).reset_index(drop=True)


def _positions(frame: gpd.GeoDataFrame, crs: str, name: str) -> Floats:
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
    import geopandas as gpd

    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(crs)
    return np.column_stack([points.x.to_numpy(), points.y.to_numpy()])


def _ends(xy: Floats, urban: NDArray[np.bool_], graph: RoadGraph, nodes: Floats) -> _Ends:
    """
    Join points to their nearest nodes of the region they lie in, which is that of the nearest node.

    No leg is longer than the nearest one by more than the direct limit: who lives beside a
    road does not drive across the land to another.
    """
    k = min(graph.rules.access_nodes, len(nodes))
    node = np.zeros((len(xy), k), dtype=np.int64)
    straight = np.full((len(xy), k), np.inf)
    nearest = cKDTree(nodes).query(xy)[1] if len(xy) else np.empty(0, dtype=np.int64)
    region = graph.region[nearest]
    for name in np.unique(region):
        rows, members = np.flatnonzero(region == name), np.flatnonzero(graph.region == name)
        some = min(k, len(members))
        apart, found = cKDTree(nodes[members]).query(xy[rows], k=[*range(1, some + 1)])
        straight[rows[:, None], np.arange(some)] = apart
        node[rows[:, None], np.arange(some)] = members[found]
    least = straight[:, :1] if k else straight
    longest = np.minimum(graph.rules.access_limit_m, least + graph.rules.direct_limit_m)
    straight[np.round(straight, 3) > longest] = np.inf  # to the millimetre: positions are projected
    slow = graph.in_capital_city[node]
    rate = graph.rules.access_minutes_per_metre(np.broadcast_to(urban[:, None], node.shape), slow)
    return _Ends(
        xy=xy,
        urban=urban,
        node=node,
        minutes=straight * rate,
        metres=straight * graph.rules.access_detour(urban)[:, None],
        region=region,
        in_city=graph.in_capital_city[nearest],
    )


def _from_nodes(graph: RoadGraph, targets: _Ends) -> tuple[Floats, Floats]:
    """
    Return (N, m) minutes and metres from every node to every site, the site's leg included.

    The sites are added as vertices and the graph is searched backwards from them.
    """
    n, m = graph.node_id.size, len(targets.xy)
    if m == 0:
        return np.empty((n, 0)), np.empty((n, 0))
    kept = graph.least_edges()
    site, leg = np.nonzero(np.isfinite(targets.minutes))
    tail = np.concatenate([graph.end[kept], n + site])
    head = np.concatenate([graph.start[kept], targets.node[site, leg]])
    weights = np.concatenate([graph.minutes[kept], targets.minutes[site, leg]])
    lengths = np.concatenate([graph.metres[kept], targets.metres[site, leg]])
    backwards = sparse.csr_array((weights, (tail, head)), shape=(n + m, n + m))
    minutes, before = dijkstra(backwards, indices=np.arange(n, n + m), return_predecessors=True)
    order = np.lexsort((head, tail))
    metres = _along(before, (tail * (n + m) + head)[order], lengths[order])
    metres[~np.isfinite(minutes)] = np.inf
    return np.ascontiguousarray(minutes[:, :n].T), np.ascontiguousarray(metres[:, :n].T)


def _along(before: NDArray[np.int32], keys: Ints, lengths: Floats) -> Floats:
    """
    Sum edge lengths along shortest-path trees by pointer doubling.

    before (m, V) is the vertex before each on its path, negative at roots and unreached
    vertices; keys (E,) ascending are ``from * V + to``.
    """
    v = before.shape[1]
    root = before < 0
    if not len(lengths):
        return np.zeros(before.shape)
    up = np.where(root, np.arange(v), before).astype(np.int64)
    at = np.searchsorted(keys, up * v + np.arange(v))
    total = np.where(root, 0.0, lengths[np.minimum(at, len(lengths) - 1)])
    while True:
        further = np.take_along_axis(up, up, axis=1)
        if (further == up).all():
            return np.asarray(total, dtype=np.float64)
        total = total + np.take_along_axis(total, up, axis=1)
        up = further


def _block(origins: _Ends, targets: _Ends, rows: slice, minutes: Floats, metres: Floats, graph: RoadGraph) -> Floats:
    """Return (2, c, m): minutes, not yet rounded, and metres for some rows."""
    node = origins.node[rows]
    times = origins.minutes[rows][:, :, None] + minutes[node]
    best = times.argmin(axis=1)[:, None, :]
    took = np.take_along_axis(times, best, axis=1)[:, 0]
    roads = origins.metres[rows][:, :, None] + metres[node]
    length = np.take_along_axis(roads, best, axis=1)[:, 0]
    here, there = origins.xy[rows][:, None, :], targets.xy[None, :, :]
    straight = np.hypot(here[..., 0] - there[..., 0], here[..., 1] - there[..., 1])
    near = (np.round(straight, 3) <= graph.rules.direct_limit_m) & (
        origins.region[rows][:, None] == targets.region[None, :]
    )
    rate = graph.rules.access_minutes_per_metre(origins.urban[rows], origins.in_city[rows])
    direct = np.where(near, straight * rate[:, None], np.inf)
    across = direct < took
    detour = graph.rules.access_detour(origins.urban[rows])[:, None]
    return np.stack([np.where(across, direct, took), np.where(across, straight * detour, length)])
