"""
Friction off the road: minutes for a metre, along straight ways.

The way is the straight one, not the least-cost one: a leg goes to the nearest roads, mostly within some cells, and a
search over the raster for each leg would promise a path that nobody surveyed. A barrier in between is so paid for
and not walked round, which makes the leg longer, never shorter, than the least-cost way over the same cells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.terrain.grid import Grid

Floats = NDArray[np.float64]
AT_ONCE = 20_000  # straight ways looked at together


def friction_minutes(friction: Grid, start: Floats, end: Floats) -> Floats:
    """
    Return the minutes for one straight metre of each way: the mean over the cells it crosses, by length.

    Parameters
    ----------
    friction
        Minutes for one metre.
    start, end
        (n, 2) metres in the plane of the grid.

    Returns
    -------
    minutes_per_metre
        (n,) exact for the grid: each cell counts with the metres inside it. Parts without a figure are
        left out of the mean; NaN where the whole way has none. A way without length has its cell's.

    References
    ----------
    Siddon (1985), Fast calculation of the exact radiological path, Medical Physics 12: crossings of grid lines.
    """
    if len(start) > AT_ONCE:
        parts = range(0, len(start), AT_ONCE)
        return np.concatenate([friction_minutes(friction, start[a : a + AT_ONCE], end[a : a + AT_ONCE]) for a in parts])
    here, there = friction.cells(start), friction.cells(end)
    ways = np.arange(len(start))
    crossings = [_crossings(here[:, axis], there[:, axis]) for axis in (0, 1)]
    way = np.concatenate([ways, ways, *(found for found, _ in crossings)])
    share = np.concatenate([np.zeros(ways.size), np.ones(ways.size), *(at for _, at in crossings)])
    order = np.lexsort((share, way))
    way, share = way[order], share[order]
    inner = way[1:] == way[:-1]
    of, part = way[1:][inner], np.diff(share)[inner]
    middle = ((share[1:] + share[:-1]) / 2)[inner]
    cell = np.floor(here[of] + middle[:, None] * (there - here)[of]).astype(np.int64)
    value = friction.held(cell[:, 0], cell[:, 1])
    known = np.isfinite(value)
    weight = np.bincount(of, np.where(known, part, 0.0), minlength=ways.size)
    total = np.bincount(of, np.where(known, part * value, 0.0), minlength=ways.size)
    return np.asarray(np.divide(total, weight, out=np.full(ways.size, np.nan), where=weight > 0))


def _crossings(here: Floats, there: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return which way crosses a grid line of one axis, and at what share of it."""
    low, high = np.floor(np.minimum(here, there)), np.floor(np.maximum(here, there))
    count = (high - low).astype(np.int64)
    way = np.repeat(np.arange(here.size), count)
    step = np.arange(way.size) - (np.cumsum(count) - count)[way]
    line = low[way] + 1.0 + step
    return way, np.clip((line - here[way]) / (there - here)[way], 0.0, 1.0)
