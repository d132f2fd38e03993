"""
A generated road network and people of a country's size: every figure is invented by a seeded generator.

Towns of clustered junctions on a plain of about Jordan's settled size, streets along a Delaunay
triangulation (a spanning tree and some of the shorter edges), trunk and other roads along the
branches of the tree that carry most junctions, some streets one-way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree
from scipy.spatial import Delaunay

WIDTH_M, HEIGHT_M = 200_000.0, 350_000.0
STREET_KMH, ROAD_KMH, TRUNK_KMH = 25.0, 55.0, 85.0
ROAD_CARRIES, TRUNK_CARRIES = 150, 2_000  # junctions beyond a branch that make it a road, a trunk road


@dataclass(frozen=True, slots=True)
class Streets:
    """xy (N, 2) metres; start, end (E,) directed; metres (E,); kmh (E,)."""

    xy: NDArray[np.float64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    metres: NDArray[np.float64]
    kmh: NDArray[np.float64]


def streets(*, nodes: int = 400_000, towns: int = 300, seed: int = 1, xy: NDArray[np.float64] | None = None) -> Streets:
    """Generate the network; the same seed gives the same arrays. `xy`: junctions, in place of generated ones."""
    random = np.random.default_rng(seed)
    if xy is None:
        xy = _scatter(random, nodes, towns)
    nodes = len(xy)
    pairs = _triangle_edges(xy)
    metres = np.maximum(np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) * 1.1, 1.0)
    tree = minimum_spanning_tree(sparse.csr_array((metres, pairs.T), shape=(nodes, nodes))).tocoo()
    in_tree = np.isin(pairs[:, 0] * nodes + pairs[:, 1], tree.row.astype(np.int64) * nodes + tree.col)
    kept = in_tree | ((random.random(len(pairs)) < 0.22) & (metres < 2_000.0))
    pairs, metres = pairs[kept], metres[kept]
    kmh = _arterials(xy, pairs, in_tree[kept], metres)
    one_way = (random.random(len(pairs)) < 0.08) & ~np.isin(kmh, (TRUNK_KMH,)) & ~in_tree[kept]
    back = ~one_way
    return Streets(
        xy=xy,
        start=np.concatenate([pairs[:, 0], pairs[back, 1]]),
        end=np.concatenate([pairs[:, 1], pairs[back, 0]]),
        metres=np.concatenate([metres, metres[back]]),
        kmh=np.concatenate([kmh, kmh[back]]),
    )


def homes(network: Streets, *, points: int, seed: int = 2) -> NDArray[np.float64]:
    """Scatter (points, 2) homes near the streets, in metres."""
    random = np.random.default_rng(seed)
    at = random.integers(0, len(network.xy), points)
    return np.asarray(network.xy[at] + random.normal(0, 120.0, (points, 2)))


def _scatter(random: np.random.Generator, nodes: int, towns: int) -> NDArray[np.float64]:
    centre = random.uniform((0, 0), (WIDTH_M, HEIGHT_M), (towns, 2))
    size = random.pareto(1.1, towns) + 0.3
    town = random.choice(towns, nodes, p=size / size.sum())
    spread = 900.0 * np.sqrt(size[town] / size.mean())
    xy = centre[town] + random.normal(0, 1.0, (nodes, 2)) * spread[:, None]
    rural = random.random(nodes) < 0.1
    xy[rural] = random.uniform((0, 0), (WIDTH_M, HEIGHT_M), (int(rural.sum()), 2))
    return np.asarray(xy)


def _triangle_edges(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    triangles = Delaunay(xy).simplices.astype(np.int64)
    edges = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1)
    return np.unique(edges, axis=0)


def _arterials(
    xy: NDArray[np.float64], pairs: NDArray[np.int64], in_tree: NDArray[np.bool_], metres: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the branches of the tree that carry most junctions a road's or a trunk road's speed."""
    n = len(xy)
    branches = np.flatnonzero(in_tree)
    tree = sparse.csr_array((metres[branches], pairs[branches].T), shape=(n, n))
    order, before = breadth_first_order(tree, int(np.argmin(np.hypot(*(xy - xy.mean(axis=0)).T))), directed=False)
    below = [1] * n
    for node in order[:0:-1].tolist():
        below[before[node]] += below[node]
    carried = np.array(below)
    child = np.where(before[pairs[branches, 1]] == pairs[branches, 0], pairs[branches, 1], pairs[branches, 0])
    kmh = np.full(len(pairs), STREET_KMH)
    kmh[branches] = np.select(
        [carried[child] > TRUNK_CARRIES, carried[child] > ROAD_CARRIES], [TRUNK_KMH, ROAD_KMH], STREET_KMH
    )
    return kmh
