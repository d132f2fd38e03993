"""
Whom a zone is given although it does not hold them: people outside every zone, near enough to one.

A coast or a border is drawn more coarsely than people live. The rule is one of the finest unit that is read, a
cell of a raster or a point, so that whom a zone is given does not change with the blocks that they are put in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TILES = (256, 16)
"""Cells a side of the tiles that are looked at before the cells in them, while no tile is wider than `WIDEST_M`."""
WIDEST_M = 100_000.0
CHUNK = 500_000
MOST_COLUMNS = 1 << 31


class Around:
    """Zones in the country's plane, and how far outside them (metres, inclusive) people are still given to one."""

    def __init__(self, zones: list[Any], within_m: float) -> None:
        self.zones, self.within_m = np.array(zones, dtype=object), within_m
        self.bounds = shapely.bounds(self.zones)
        shapely.prepare(self.zones)

    def nearest(self, x: Floats, y: Floats) -> Ints:
        """Return (n,) the zone nearest to each position, the first of several; -1 where all are too far."""
        found, best = np.full(x.size, -1, dtype=np.int64), np.full(x.size, np.inf)
        reach = np.full(x.size, self.within_m + 1e-3)
        points = _points(x, y)
        for at, rows in self._candidates(points, x, y, reach):
            # To the millimetre, far more precise than any outline: a tie of floating point goes to the first zone.
            metres = np.round(shapely.length(shapely.shortest_line(self.zones[at], points[rows])), 3)
            nearer = (metres <= self.within_m) & (metres < best[rows])
            found[rows[nearer]], best[rows[nearer]] = at, metres[nearer]
        return found

    def reached(self, x: Floats, y: Floats, further: Floats) -> NDArray[np.bool_]:
        """Return (n,) whether a zone is so near to each position, and (n,) metres further."""
        near = np.zeros(x.size, dtype=bool)
        for _, rows in self._candidates(_points(x, y), x, y, self.within_m + further):
            near[rows] = True
        return near

    def _candidates(self, points: NDArray[Any], x: Floats, y: Floats, reach: Floats) -> Any:
        """Yield each zone with the positions that it lies within reach of."""
        for at, (west, south, east, north) in enumerate(self.bounds):
            framed = (x >= west - reach) & (x <= east + reach) & (y >= south - reach) & (y <= north + reach)
            rows = np.flatnonzero(framed)
            far: Any = reach[rows]  # an array a row, which the types of shapely do not know
            yield at, rows[shapely.dwithin(self.zones[at], points[rows], far)]


def _points(x: Floats, y: Floats) -> NDArray[Any]:
    """Points; those that the plane does not know (inf) lie in no frame and are never asked for."""
    return np.asarray(
        shapely.points(np.nan_to_num(x, posinf=0.0, neginf=0.0), np.nan_to_num(y, posinf=0.0, neginf=0.0))
    )


def strays_of(row: Ints, column: Ints, grid: Any, to_plane: Any, around: Around, cell_m: float) -> Ints:
    """
    Return the zone that each cell of a raster outside every zone is given to, by its centre; -1 for none.

    Parameters
    ----------
    row, column
        Of the cells, in the raster whose transform is `grid`.
    to_plane
        From the raster's system to the plane of `around` (pyproj).
    cell_m
        About how wide a cell is.
    """
    left = np.arange(row.size)
    for side in TILES:
        if side * cell_m <= WIDEST_M:
            tile, place = np.unique((row[left] // side) * MOST_COLUMNS + column[left] // side, return_inverse=True)
            left = left[_tiles_near(*np.divmod(tile, MOST_COLUMNS), side, grid, to_plane, around)[place]]
    found = np.full(row.size, -1, dtype=np.int64)
    for first in range(0, left.size, CHUNK):
        some = left[first : first + CHUNK]
        at = to_plane.transform(grid.c + grid.a * (column[some] + 0.5), grid.f + grid.e * (row[some] + 0.5))
        found[some] = around.nearest(*at)
    return found


def _tiles_near(tall: Ints, wide: Ints, side: int, grid: Any, to_plane: Any, around: Around) -> NDArray[np.bool_]:
    """Whether any cell of a tile may be near enough to a zone; a tile that the plane does not know may."""
    corners = np.array([(0.5, 0.5), (0, 0), (0, 1), (1, 0), (1, 1)])
    x = grid.c + grid.a * side * (wide + corners[:, 1:])
    y = grid.f + grid.e * side * (tall + corners[:, :1])
    x, y = to_plane.transform(x, y)
    with np.errstate(invalid="ignore"):
        half = 1.1 * np.hypot(x - x[0], y - y[0]).max(axis=0)  # a tile's sides bend a little in the plane
    known = np.isfinite(half)
    near = ~known
    near[known] = around.reached(x[0][known], y[0][known], half[known])
    return np.asarray(near)
