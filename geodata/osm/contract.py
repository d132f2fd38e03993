"""
A compact graph: points that only lie along a road are passed over, shortest journeys stay as they were.

A point is passed over when exactly two pieces of road of one class meet in it and it can be
driven through in the same directions on both. Everything else is kept: junctions, ends, changes of
class or of one-way, parallel roads. Along a road a point is also kept every so many metres, so
that a home beside a long road finds a node near it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from geodata.osm.table import RoadTable

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Edges:
    """
    Directed edges over the points of a table.

    start, end, metres, minutes, road_class (E,); reverse (E,) position of the opposite edge of the same
    road, -1 where it is one-way.
    """

    start: Ints
    end: Ints
    metres: Floats
    minutes: Floats
    road_class: NDArray[np.int16]
    reverse: Ints


@dataclass(frozen=True, slots=True)
class Compact:
    """kept (K,) positions of the kept points in the table, ascending; edges between positions in `kept`."""

    kept: Ints
    edges: Edges


def directed(table: RoadTable) -> Edges:
    """Write each piece of road as one or two directed edges."""
    there, back = np.flatnonzero(table.forward > 0), np.flatnonzero(table.backward > 0)
    piece = np.concatenate([there, back])
    kmh = np.concatenate([table.forward[there], table.backward[back]])
    metres = table.metres[piece]
    at = np.full((2, table.start.size), -1, dtype=np.int64)
    at[0, there], at[1, back] = np.arange(there.size), there.size + np.arange(back.size)
    return Edges(
        start=np.concatenate([table.start[there], table.end[back]]),
        end=np.concatenate([table.end[there], table.start[back]]),
        metres=metres,
        minutes=metres / 1000.0 / kmh * 60.0,
        road_class=table.road_class[piece],
        reverse=np.concatenate([at[1, there], at[0, back]]),
    )


def contract(table: RoadTable, *, spacing_m: float) -> Compact:
    """
    Pass over the points that only lie along a road.

    Parameters
    ----------
    spacing_m
        Along a road a point is kept as soon as more than this many metres would pass without one (a
        single longer piece stays whole); inf keeps junctions and ends only.

    Returns
    -------
    compact
        Between any two kept points the fastest journey takes as long as over the table, and is as
        long. Roads that lead back to the point they left are left out: no fastest journey uses them.
    """
    edges = directed(table)
    along = _along_a_road(table, edges)
    _open_rings(table, along)
    following = _following(edges, along)
    if np.isfinite(spacing_m):
        along[_milestones(edges, along, following, spacing_m)] = False
        following = _following(edges, along)
    first = np.flatnonzero(~along[edges.start])
    last, metres, minutes = _walk(edges, following, first)
    kept = np.flatnonzero(~along)
    position = np.full(along.size, -1, dtype=np.int64)
    position[kept] = np.arange(kept.size)
    start, end = position[edges.start[first]], position[edges.end[last]]
    onward = start != end
    edge_at = np.full(edges.start.size, -1, dtype=np.int64)
    edge_at[first[onward]] = np.arange(int(onward.sum()))
    opposite = edges.reverse[last[onward]]
    return Compact(
        kept=kept,
        edges=Edges(
            start=start[onward],
            end=end[onward],
            metres=metres[onward],
            minutes=minutes[onward],
            road_class=edges.road_class[first[onward]],
            reverse=np.where(opposite >= 0, edge_at[opposite], -1),
        ),
    )


def _along_a_road(table: RoadTable, edges: Edges) -> Flags:
    """Return (N,) True at points that may be passed over."""
    n = table.lon.size
    ends = np.concatenate([table.start, table.end])
    others = np.concatenate([table.end, table.start])
    code = np.tile(table.road_class, 2).astype(np.int64)
    meets = np.bincount(ends, minlength=n)
    out, into = np.bincount(edges.start, minlength=n), np.bincount(edges.end, minlength=n)
    two = (meets == 2) & (out == into) & (out > 0)
    order = np.argsort(ends, kind="stable")
    head = np.searchsorted(ends[order], np.flatnonzero(two))
    one, two_ = order[head], order[head + 1] if head.size else head
    same = (code[one] == code[two_]) & (others[one] != others[two_])
    along = np.zeros(n, dtype=bool)
    along[np.flatnonzero(two)[same]] = True
    return along


def _open_rings(table: RoadTable, along: Flags) -> None:
    """Keep one point, that of the lowest position, of every ring that has no junction."""
    inside = along[table.start] & along[table.end]
    n = along.size
    links = sparse.csr_array(
        (np.ones(int(inside.sum()), dtype=np.int8), (table.start[inside], table.end[inside])), shape=(n, n)
    )
    label = connected_components(links, directed=False)[1]
    touches = np.concatenate([table.start[~along[table.end]], table.end[~along[table.start]]])
    open_ = np.zeros(int(label.max(initial=-1)) + 1, dtype=bool)
    open_[label[touches]] = True
    ring = np.flatnonzero(along & ~open_[label])
    if ring.size:
        _, first = np.unique(label[ring], return_index=True)
        along[ring[first]] = False


def _following(edges: Edges, along: Flags) -> Ints:
    """Return (E,) the edge driven next, -1 where an edge ends at a kept point."""
    result = np.full(edges.start.size, -1, dtype=np.int64)
    order = np.argsort(edges.start, kind="stable")
    head = np.searchsorted(edges.start[order], np.arange(along.size + 1))
    passing = np.flatnonzero(along[edges.end])
    first = head[edges.end[passing]]
    count = head[edges.end[passing] + 1] - first
    chosen = order[first]
    second = order[np.minimum(first + 1, order.size - 1)]
    turns_back = (count == 2) & (chosen == edges.reverse[passing])
    result[passing] = np.where(turns_back, second, chosen)
    return result


def _walk(edges: Edges, following: Ints, first: Ints) -> tuple[Ints, Floats, Floats]:
    """Follow each road from its first edge to its last: that edge, metres and minutes in all."""
    last, metres, minutes = first.copy(), edges.metres[first].copy(), edges.minutes[first].copy()
    going = np.flatnonzero(following[last] >= 0)
    while going.size:
        step = following[last[going]]
        last[going] = step
        metres[going] += edges.metres[step]
        minutes[going] += edges.minutes[step]
        going = going[following[step] >= 0]
    return last, metres, minutes


def _milestones(edges: Edges, along: Flags, following: Ints, spacing_m: float) -> Ints:
    """Return the points to keep along roads; a road driven both ways is measured from one end only."""
    first = np.flatnonzero(~along[edges.start] & (following >= 0))
    last, _, _ = _walk(edges, following, first)
    opposite = edges.reverse[last]
    current = first[(opposite < 0) | (first <= opposite)]
    since = edges.metres[current].copy()
    found: list[Ints] = [np.empty(0, dtype=np.int64)]
    while current.size:
        step = following[current]
        going = step >= 0
        current, step, since = current[going], step[going], since[going]
        longer = since + edges.metres[step]
        stop = longer > spacing_m
        found.append(edges.end[current[stop]])
        since = np.where(stop, edges.metres[step], longer)
        current = step
    return np.concatenate(found)
