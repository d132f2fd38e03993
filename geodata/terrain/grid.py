"""A regular grid of one figure in the country's metric plane, and the two grids a country may keep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """
    Square cells, rows from north to south.

    Attributes
    ----------
    west, north
        Metres, the outer corner of the first cell.
    side_m
        Side of a cell, metres.
    values
        (h, w) float32, NaN where nothing is known.
    """

    west: float
    north: float
    side_m: float
    values: NDArray[np.float32]

    def cells(self, xy: Floats) -> Floats:
        """Return (n, 2) positions in cells, columns from the west and rows from the north, of metres (n, 2)."""
        return np.column_stack([(xy[:, 0] - self.west) / self.side_m, (self.north - xy[:, 1]) / self.side_m])

    def held(self, column: NDArray[np.int64], row: NDArray[np.int64]) -> Floats:
        """Return (n,) the figures of cells; NaN off the grid."""
        tall, wide = self.values.shape
        inside = (column >= 0) & (column < wide) & (row >= 0) & (row < tall)
        found = np.full(column.shape, np.nan)
        found[inside] = self.values[row[inside], column[inside]]
        return found

    def between(self, xy: Floats) -> Floats:
        """
        Return (n,) the figure at each position (n, 2), bilinear between the centres of four cells.

        Of the four only those with a figure count; NaN where none has one. Beyond the outer
        centres the outermost figures hold, half a cell far.
        """
        at = self.cells(xy) - 0.5
        corner = np.floor(at).astype(np.int64)
        part = at - corner
        total, weight = np.zeros(len(xy)), np.zeros(len(xy))
        for right in (0, 1):
            for down in (0, 1):
                found = self.held(corner[:, 0] + right, corner[:, 1] + down)
                share = np.abs(1 - right - part[:, 0]) * np.abs(1 - down - part[:, 1])
                known = np.isfinite(found)
                total += np.where(known, found * share, 0.0)
                weight += np.where(known, share, 0.0)
        return np.asarray(np.divide(total, weight, out=np.full(len(xy), np.nan), where=weight > 0))


@dataclass(frozen=True, slots=True)
class Terrain:
    """
    What a country knows of its ground.

    Attributes
    ----------
    elevation
        Metres above the sea; None where none is given.
    friction
        Minutes for one metre off the road, > 0; None where none is given.
    """

    elevation: Grid | None = None
    friction: Grid | None = None
