"""The one road table that every reader fills: points, and straight pieces of road between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHORTEST_M = 0.01  # two points of one place still cost something, so that no edge weighs nothing
_A, _E2 = 6_378_137.0, 0.00669437999014  # WGS 84: semi-major axis (m), first eccentricity squared


@dataclass(frozen=True, slots=True)
class RoadTable:
    """
    Pieces of road as read, nothing simplified yet.

    Attributes
    ----------
    key
        (N,) the points' ids in their file.
    lon, lat
        (N,) EPSG:4326 degrees.
    start, end
        (S,) point positions; never equal.
    metres
        (S,) > 0.
    forward, backward
        (S,) km/h from start to end and back; 0 where it may not be driven. Not both 0.
    road_class
        (S,) positions in `classes`.
    cut_ways
        Ways with a point that the file lacks; cut there, never bridged over.
    cut_at
        (way, lon, lat) of the last point on each side of such a gap, where there is one.
    missing_points
        Points that ways name and the file lacks.
    """

    key: NDArray[np.int64] | NDArray[np.str_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    metres: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    road_class: NDArray[np.int16]
    classes: tuple[str, ...]
    cut_ways: tuple[str, ...] = ()
    cut_at: tuple[tuple[str, float, float], ...] = ()
    missing_points: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """
    W ways and the points they run through, flat.

    way_id (W,); size (W,) points of each; ref (Σ size,) point ids; road_class, forward, backward (W,).
    """

    way_id: NDArray[np.int64]
    size: NDArray[np.int64]
    ref: NDArray[np.int64]
    road_class: NDArray[np.int16]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]


def table_of(
    ways: Ways,
    classes: tuple[str, ...],
    key: NDArray[np.int64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> RoadTable:
    """Cut ways into pieces between neighbouring points; pieces with an absent point are left out and counted."""
    order = np.argsort(key, kind="stable")
    key, lon, lat = key[order], lon[order], lat[order]
    known = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    key, lon, lat = key[known], lon[known], lat[known]
    way = np.repeat(np.arange(ways.size.size), ways.size)
    at = np.searchsorted(key, ways.ref)
    at = np.minimum(at, max(key.size - 1, 0))
    present = key[at] == ways.ref if key.size else np.zeros(ways.ref.size, dtype=bool)
    piece = np.flatnonzero((way[1:] == way[:-1]) & present[1:] & present[:-1] & (ways.ref[1:] != ways.ref[:-1]))
    start, end, of = at[piece], at[piece + 1], way[piece]
    every_lon, every_lat = lon, lat
    used, inverse = np.unique(np.concatenate([start, end]), return_inverse=True)
    start, end = inverse[: start.size], inverse[start.size :]
    key, lon, lat = key[used], lon[used], lat[used]
    cut = np.unique(way[~present])
    same = way[1:] == way[:-1]
    ends = np.union1d(
        np.flatnonzero(same & present[:-1] & ~present[1:]), 1 + np.flatnonzero(same & present[1:] & ~present[:-1])
    )
    edge_of_gap = tuple(
        (str(ways.way_id[way[i]]), float(every_lon[at[i]]), float(every_lat[at[i]])) for i in ends.tolist()
    )
    return RoadTable(
        key=key,
        lon=lon,
        lat=lat,
        start=start.astype(np.int64),
        end=end.astype(np.int64),
        metres=metres_between(lon[start], lat[start], lon[end], lat[end]),
        forward=ways.forward[of],
        backward=ways.backward[of],
        road_class=ways.road_class[of],
        classes=classes,
        cut_ways=tuple(str(name) for name in ways.way_id[cut]),
        cut_at=edge_of_gap,
        missing_points=int(np.unique(ways.ref[~present]).size),
    )


def metres_between(
    lon_a: NDArray[np.float64], lat_a: NDArray[np.float64], lon_b: NDArray[np.float64], lat_b: NDArray[np.float64]
) -> NDArray[np.float64]:
    """
    Return lengths on the WGS 84 ellipsoid, at least `SHORTEST_M`.

    By the radii of curvature at the middle latitude: to a millionth of the geodesic for
    pieces up to some 20 km, which pieces of road are.
    """
    middle = np.radians((lat_a + lat_b) / 2.0)
    w = 1.0 - _E2 * np.sin(middle) ** 2
    east_degrees = (lon_b - lon_a + 180.0) % 360.0 - 180.0
    north = np.radians(lat_b - lat_a) * _A * (1.0 - _E2) / w**1.5
    east = np.radians(east_degrees) * _A / np.sqrt(w) * np.cos(middle)
    return np.asarray(np.maximum(np.hypot(north, east), SHORTEST_M), dtype=np.float64)
