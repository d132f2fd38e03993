"""
Lived density: how densely people live around where they live.

A governorate that is mostly desert has a low density by area, though nearly all its people
live in towns. Lived density averages over people instead of land: the density within a radius of each
demand point, weighted by the people there. So a group and a settlement type, which have no area,
have a density too.

References
----------
Craig, J. (1984). Averaging population density. Demography 21 (3), 405-412.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from foundation.errors import InvalidInput

if TYPE_CHECKING:
    from geodata.country import Country

RADIUS_M = 3000.0
CHUNK = 2048  # points asked at a time: what bounds the memory of their neighbours

Floats = NDArray[np.float64]
Counts = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]


def density_around(xy: Floats, people: Counts, *, radius_m: float = RADIUS_M) -> Floats:
    """
    Count the people around each point, per square kilometre of the circle.

    Parameters
    ----------
    xy
        (n, 2) metres, in a metric CRS.
    people
        (n,) residents, >= 0; all of a point's people stand at the point.
    radius_m
        Radius of the circle, inclusive, above 0. The whole circle counts, also beyond a border or a coast.

    Returns
    -------
    density
        (n,) residents per km2 within the radius, the point's own among them.

    Raises
    ------
    InvalidInput
        If shapes disagree, a position is not finite, or the radius is not positive.
    """
    where, counts = np.asarray(xy, dtype=np.float64), np.asarray(people, dtype=np.float64)
    if where.shape != (counts.size, 2) or not np.isfinite(where).all():
        raise InvalidInput("A density needs one finite position (x, y) for each of {n} points.", n=counts.size)
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise InvalidInput("people holds negative or non-finite entries; expected residents, 0 or more.")
    if not 0.0 < radius_m < np.inf:
        raise InvalidInput("The radius is {radius} m; expected a positive finite number.", radius=float(radius_m))
    around = np.zeros(counts.size)
    if not counts.size:
        return around
    tree = cKDTree(where)
    for start in range(0, counts.size, CHUNK):
        near = tree.query_ball_point(where[start : start + CHUNK], radius_m, return_sorted=True)
        size = np.array([len(one) for one in near])  # never 0: a point is near itself
        found = counts[np.concatenate([np.asarray(one, dtype=np.int64) for one in near])]
        around[start : start + size.size] = np.add.reduceat(found, np.cumsum(size) - size)
    return around / (math.pi * (radius_m / 1000.0) ** 2)


def density_of(country: Country, *, radius_m: float = RADIUS_M) -> Floats:
    """Return (n,) residents per km2 around each demand point of a country, measured in its metric CRS."""
    points = country.people.geometry.to_crs(country.metric_crs)
    xy = np.column_stack([points.x.to_numpy(), points.y.to_numpy()])
    return density_around(xy, country.people["people"].to_numpy(), radius_m=radius_m)


def lived_density(density: Floats, persons: Counts) -> float:
    """
    Average a density over people, not over land.

    Parameters
    ----------
    density
        (n,) residents per km2 around each point; see `density_of`.
    persons
        (n,) whose density it is: all residents, or a group.

    Returns
    -------
    lived
        Residents per km2 around the mean person; NaN for nobody.
    """
    weights = np.asarray(persons, dtype=np.float64)
    total = float(weights.sum())
    return float(density @ weights / total) if total > 0 else float("nan")
