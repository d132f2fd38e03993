"""
Searching the network backwards from a site: bounded, one site or several at a time.

The sites are added as vertices that only their legs leave, so that nobody drives through one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geodata.roads import RoadGraph
from planning.journeys.legs import Ends, straight_across

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLACK = 0.06  # minutes: a journey of at most limit + 0.05 is rounded to the limit


@dataclass(frozen=True, slots=True)
class Search:
    """
    A network turned round, ready to be searched from any of its sites.

    Attributes
    ----------
    backwards
        (n + m, n + m) minutes; row u, column v is the road that is driven from v to u.
    column, row, metres
        The same roads by column: ``column[v]:column[v + 1]`` are those driven from v, towards `row`.
    nodes
        n; site j is vertex n + j.
    """

    backwards: sparse.csr_array
    column: Ints
    row: Ints
    metres: Floats
    nodes: int
    origins: Ends
    targets: Ends
    direct_limit_m: float


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Journeys to one site: points (p,) ascending; minutes, not yet rounded, and metres (p,)."""

    points: Ints
    minutes: Floats
    metres: Floats


def search_of(graph: RoadGraph, origins: Ends, targets: Ends) -> Search:
    """Turn the network round and hang the sites on it. Of parallel roads the fastest is driven."""
    n, m = graph.node_id.size, len(targets.xy)
    kept = graph.least_edges()
    site, leg = np.nonzero(np.isfinite(targets.minutes))
    tail = np.concatenate([graph.end[kept], n + site])
    head = np.concatenate([graph.start[kept], targets.node[site, leg]])
    weights = np.concatenate([graph.minutes[kept], targets.minutes[site, leg]])
    lengths = np.concatenate([graph.metres[kept], targets.metres[site, leg]])
    order = np.lexsort((tail, head))
    return Search(
        backwards=sparse.csr_array((weights, (tail, head)), shape=(n + m, n + m)),
        column=np.searchsorted(head[order], np.arange(n + m + 1)),
        row=tail[order],
        metres=lengths[order],
        nodes=n,
        origins=origins,
        targets=targets,
        direct_limit_m=graph.rules.direct_limit_m,
    )


def arrivals(search: Search, *, limit_minutes: float, at_once: int) -> Iterator[Arrivals]:
    """
    Search from each site in turn.

    Parameters
    ----------
    limit_minutes
        Journeys that are longer after rounding to 0.1 are left out (inclusive); inf: none is.
    at_once
        Sites searched in one call; the result does not depend on it.
    """
    tree = cKDTree(search.origins.xy) if len(search.origins.xy) else None
    m = len(search.targets.xy)
    for first in range(0, m, at_once):
        sites = np.arange(first, min(first + at_once, m))
        minutes, before = dijkstra(
            search.backwards, indices=search.nodes + sites, limit=limit_minutes + SLACK, return_predecessors=True
        )
        for at, site in enumerate(sites.tolist()):
            yield _arrive(search, tree, site, minutes[at], before[at], limit_minutes)


def _arrive(
    search: Search, tree: cKDTree | None, site: int, minutes: Floats, before: NDArray[np.int32], limit: float
) -> Arrivals:
    origins = search.origins
    took, leg = best_leg(origins, minutes)
    across_rows, across, across_metres = np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
    if tree is not None:
        near = tree.query_ball_point(search.targets.xy[site], search.direct_limit_m + 0.01, return_sorted=True)
        across_rows, across, across_metres = straight_across(
            origins, search.targets, site, np.array(near, dtype=np.int64), search.direct_limit_m
        )
    faster = across < took[across_rows]
    rows = across_rows[faster]
    took[rows] = across[faster]
    kept = np.isfinite(took) & (np.round(took, 1) <= limit)
    points = np.flatnonzero(kept)
    metres = _road_metres(search, minutes, before, points, leg)
    position = np.searchsorted(points, rows)
    inside = kept[rows]
    metres[position[inside]] = across_metres[faster][inside]
    return Arrivals(points, took[points], metres)


def best_leg(origins: Ends, minutes: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return each point's fastest journey over the network and the leg it begins with; inf where there is none."""
    if not origins.node.shape[1]:
        n = len(origins.xy)
        return np.full(n, np.inf), np.zeros(n, dtype=np.intp)
    times = origins.minutes + minutes[origins.node]
    leg = times.argmin(axis=1)
    return np.take_along_axis(times, leg[:, None], axis=1)[:, 0], leg


def _road_metres(
    search: Search, minutes: Floats, before: NDArray[np.int32], points: Ints, leg: NDArray[np.intp]
) -> Floats:
    if not search.origins.node.shape[1]:
        return np.zeros(points.size)
    along = metres_along(search, minutes, before)
    chosen = leg[points]
    return np.asarray(search.origins.metres[points, chosen] + along[search.origins.node[points, chosen]])


def metres_along(search: Search, minutes: Floats, before: NDArray[np.int32]) -> Floats:
    """
    Return (V,) road metres along a tree of fastest journeys, inf where it does not reach.

    Sums by pointer doubling over the reached vertices only.
    """
    reached = np.flatnonzero(np.isfinite(minutes))
    parent = before[reached].astype(np.int64)
    root = parent < 0
    local = np.zeros(minutes.size, dtype=np.int64)
    local[reached] = np.arange(reached.size)
    up = np.where(root, np.arange(reached.size), local[np.maximum(parent, 0)])
    total = np.zeros(reached.size)
    moving = np.flatnonzero(~root)
    total[moving] = _lengths(search, reached[moving], parent[moving])
    while True:
        further = up[up]
        if (further == up).all():
            break
        total = total + total[up]
        up = further
    result = np.full(minutes.size, np.inf)
    result[reached] = total
    return result


def _lengths(search: Search, vertex: Ints, towards: Ints) -> Floats:
    """Return the metres of the roads driven from each vertex towards a neighbour."""
    at = search.column[vertex]
    left = np.arange(vertex.size)
    while left.size:
        left = left[search.row[at[left]] != towards[left]]
        at[left] += 1
    return search.metres[at]
