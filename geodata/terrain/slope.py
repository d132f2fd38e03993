"""
Slopes on foot: Tobler's hiking function, along straight ways and along edges.

References
----------
Tobler (1993), Three presentations on geographical analysis and modeling, NCGIA technical report 93-1:
speed = 6 km/h x exp(-3.5 |slope + 0.05|), fitted to figures of Imhof (1950); 5.04 km/h on the flat.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.terrain.grid import Grid

Floats = NDArray[np.float64]

STEEPNESS, DOWNHILL = 3.5, 0.05
STEEPEST = 1.0
"""Slopes beyond 45 degrees count as 45: nobody walks them straight, and a grid of heights shows them by mistake."""
AT_ONCE = 20_000  # straight ways looked at together


def tobler_factor(slope: Floats) -> Floats:
    """
    Return minutes over minutes on the flat for slopes (rise over run, positive uphill); NaN counts as flat.

    1 on the flat, exp(-0.175) = 0.84 at the fastest (5 % downhill), 1 again at 10 % downhill, 1.42 at 10 % uphill.
    """
    plain = np.clip(np.nan_to_num(slope, nan=0.0), -STEEPEST, STEEPEST)
    return np.asarray(np.exp(STEEPNESS * (np.abs(plain + DOWNHILL) - DOWNHILL)))


def walking_factors(elevation: Grid, start: Floats, end: Floats) -> Floats:
    """
    Return how many times longer than on the flat each straight way is walked.

    Parameters
    ----------
    elevation
        Metres above the sea.
    start, end
        (n, 2) metres in the plane of the grid; walked from start to end.

    Returns
    -------
    factors
        (n,) > 0: the mean of `tobler_factor` over pieces of the way, none longer than a cell. Pieces without
        a known height count as flat; a way without length has the factor 1.
    """
    if len(start) > AT_ONCE:
        parts = range(0, len(start), AT_ONCE)
        return np.concatenate([walking_factors(elevation, start[a : a + AT_ONCE], end[a : a + AT_ONCE]) for a in parts])
    length = np.hypot(*(end - start).T)
    pieces = np.maximum(1, np.ceil(length / elevation.side_m)).astype(np.int64)
    way = np.repeat(np.arange(len(start)), pieces + 1)
    first = np.cumsum(pieces + 1) - (pieces + 1)
    share = (np.arange(way.size) - first[way]) / pieces[way]
    height = elevation.between(start[way] + share[:, None] * (end - start)[way])
    inner = way[1:] == way[:-1]
    run = (length / pieces)[way[1:][inner]]
    slope = np.divide(np.diff(height)[inner], run, out=np.zeros(run.size), where=run > 0)
    return np.asarray(np.bincount(way[1:][inner], tobler_factor(slope), minlength=len(start)) / pieces)
