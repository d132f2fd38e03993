"""Legs off the road over a country's ground: the one place where slopes and friction meet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.terrain.friction import friction_minutes
from geodata.terrain.grid import Terrain
from geodata.terrain.slope import walking_factors

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def over_ground(terrain: Terrain, start: Floats, end: Floats, plain: Floats, *, walked: bool | Flags) -> Floats:
    """
    Return the minutes for one straight metre of legs, the ground taken into account.

    Parameters
    ----------
    start
        (n, 2) metres in the plane of the grids.
    end
        (n, k, 2) where the k legs of each lead.
    plain
        (n, k) minutes for one straight metre as they would be on the flat, without friction.
    walked
        Whether legs are walked, all of them or (n, k): slopes slow a walk; a drive off the road is left as it is.

    Returns
    -------
    minutes_per_metre
        (n, k). Where friction is known it takes the place of `plain`, slopes and detour: a friction raster
        measures the ground itself, and the common ones have slopes in them already.
    """
    if terrain.elevation is None and terrain.friction is None:
        return plain
    n, k = plain.shape
    here, there = np.repeat(start, k, axis=0), end.reshape(n * k, 2)
    result = plain
    if terrain.elevation is not None and np.any(walked):
        slow = walking_factors(terrain.elevation, here, there).reshape(n, k)
        result = np.where(walked, result * slow, result)
    if terrain.friction is not None:
        rough = friction_minutes(terrain.friction, here, there).reshape(n, k)
        result = np.where(np.isnan(rough), result, rough)
    return result
