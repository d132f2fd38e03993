"""The nearest of several sites for every point, by one search from all of them together, without a limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from planning.journeys.legs import straight_across
from planning.journeys.search import Search, best_leg, metres_along

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Nearest:
    """
    The nearest site of every demand point.

    Attributes
    ----------
    site
        (n,) its position, -1 where no site can be reached. Of journeys equal to 0.1 minutes either may be named.
    minutes
        (n,) rounded once to 0.1; inf where no site can be reached: this is what decides *unreachable*.
    metres
        (n,) of the same journey; inf where there is none.
    """

    site: Ints
    minutes: Floats
    metres: Floats


def nearest_of(search: Search, sites: Ints) -> Nearest:
    """
    Search once from all `sites` (positions) together.

    References
    ----------
    Erwig (2000), The graph Voronoi diagram with applications, Networks 36, 156-163.
    """
    origins, targets = search.origins, search.targets
    n = len(origins.xy)
    sites = np.unique(np.asarray(sites, dtype=np.int64))
    if not sites.size or not n:
        return Nearest(np.full(n, -1), np.full(n, np.inf), np.full(n, np.inf))
    minutes, before, source = dijkstra(
        search.backwards, indices=search.nodes + sites, return_predecessors=True, min_only=True
    )
    took, leg = best_leg(origins, minutes)
    site, metres = np.full(n, -1), np.full(n, np.inf)
    reached = np.flatnonzero(np.isfinite(took))
    if reached.size:
        node = origins.node[reached, leg[reached]]
        along = metres_along(search, minutes, before)
        site[reached] = source[node] - search.nodes
        metres[reached] = origins.metres[reached, leg[reached]] + along[node]
    tree = cKDTree(origins.xy)
    for one in sites.tolist():
        near = tree.query_ball_point(targets.xy[one], search.direct_limit_m + 0.01, return_sorted=True)
        rows, across, length = straight_across(
            origins, targets, one, np.array(near, dtype=np.int64), search.direct_limit_m
        )
        faster = across < took[rows]
        rows = rows[faster]
        took[rows], metres[rows], site[rows] = across[faster], length[faster], one
    return Nearest(site, np.round(took, 1), metres)
