"""
The windows in which a raster of people is read: which part of it, in what pieces, and what a cell may hold.

Runs in the gate's child, for `geodata.population.cells`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.gate.raster import cell_metres, expect_figures, figures
from geodata.population.settlement import CELL_M

WINDOW_CELLS = 4_000_000
MOST_PEOPLE = 1e10  # more than the Earth holds: such a figure is a mistake, or means that there is none
FAR_MORE = 4.0
"""A raster with this many times the area of the zones' frame is read only around the zones."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a raster that is read, and its grids: rows and columns from `top`, `left`."""

    top: int
    left: int
    height: int
    width: int
    block: int
    kilometre: int


def shapes_of(raw: NDArray[Any], system: Any) -> list[Any]:
    """Return outlines in the raster's own system; long edges are cut first, as a straight line bends."""
    from pyproj import Transformer

    transform = Transformer.from_crs("EPSG:4326", system, always_xy=True)
    shapes = shapely.from_wkb(raw)
    if not system.is_geographic:
        shapes = shapely.segmentize(shapes, 0.05)
    where = shapely.get_coordinates(shapes)
    x, y = transform.transform(where[:, 0], where[:, 1])
    return list(shapely.set_coordinates(shapes, np.column_stack([x, y])))


def part_of(data: Any, system: Any, zones: list[Any], resolution_m: float, name: str) -> tuple[Part, float]:
    """Choose the part of the raster to read, and the sides of blocks and of kilometre cells."""
    grid = data.transform
    west, south, east, north = shapely.total_bounds(np.array(zones, dtype=object))
    if not np.isfinite([west, south, east, north]).all() or (
        east < data.bounds.left or west > data.bounds.right or north < data.bounds.bottom or south > data.bounds.top
    ):
        raise InvalidInput(
            "{file} does not lie over the zones. One of the two coordinate systems must be another.", file=name
        )
    margin = 0.05 * max(east - west, north - south)
    left = max(0, math.floor((west - margin - grid.c) / grid.a))
    right = min(data.width, math.ceil((east + margin - grid.c) / grid.a))
    top = max(0, math.floor((north + margin - grid.f) / grid.e))
    bottom = min(data.height, math.ceil((south - margin - grid.f) / grid.e))
    if data.width * data.height <= FAR_MORE * (right - left) * (bottom - top):
        left, top, right, bottom = 0, 0, data.width, data.height
    cell_m = cell_metres(data, system, (north + south) / 2)
    side = max(1, round(resolution_m / cell_m))
    return Part(top, left, bottom - top, right - left, side, max(1, round(CELL_M / cell_m))), cell_m


class PeopleOfCells:
    """Turns what was read into people, and refuses what cannot be people."""

    def __init__(self, data: Any, name: str, told: float | None) -> None:
        expect_figures(data, name)
        self.name, self.data, self.told = name, data, told
        nodata = data.nodata if told is None else told
        self.nodata = nodata if nodata is not None and math.isfinite(nodata) else None
        self.empty = 0

    def people(self, window: Any, *, count: bool) -> tuple[NDArray[np.int64], Floats]:
        """Read a window, and return its cells with people, by flat position, and their people."""
        held, values = figures(self.data, window, nodata=self.told)
        self.empty += int(window.height) * int(window.width) - held.size if count else 0
        if np.isinf(values).any():
            raise InvalidInput(
                "{file}: cells that hold an infinite figure: {count}. Write the raster again with a finite one for "
                "'no figure'.",
                file=self.name,
                count=int(np.isinf(values).sum()),
            )
        if values.size and float(values.max()) > MOST_PEOPLE:
            raise InvalidInput(
                "{file}: cells that hold more people than the Earth: {count}, the greatest {most}. "
                "If that value means 'no figure', say so with 'nodata:' in country.yaml.",
                file=self.name,
                count=int((values > MOST_PEOPLE).sum()),
                most=f"{float(values.max()):.8g}",
            )
        if values.size and float(values.min()) < 0:
            raise InvalidInput(
                "{file}: cells that hold fewer than no people: {count}, the least {least}. "
                "If that value means 'no figure', say so with 'nodata:' in country.yaml.",
                file=self.name,
                count=int((values < 0).sum()),
                least=str(float(values.min())),
            )
        lived = values > 0
        return held[lived], values[lived]


def windows_of(
    data: Any, part: Part, wrong: PeopleOfCells, *, count: bool = True
) -> Iterator[tuple[Any, NDArray[np.int64], Floats]]:
    """Yield windows of whole blocks and of whole kilometre cells, their cells with people (flat), and the people."""
    from rasterio.windows import Window

    step = math.lcm(part.block, part.kilometre)
    if step > 2_000:  # such blocks need not meet: both grids are then kept by adding into them
        step = max(part.block, part.kilometre)
    wide = part.width if step * part.width <= WINDOW_CELLS else max(step, WINDOW_CELLS // step // step * step)
    tall = max(step, WINDOW_CELLS // max(wide, 1) // step * step)
    for row in range(0, part.height, tall):
        for column in range(0, part.width, wide):
            window = Window(
                part.left + column,
                part.top + row,
                min(wide, part.width - column),
                min(tall, part.height - row),
            )
            yield window, *wrong.people(window, count=count)


def burnt(data: Any, window: Any, shapes: list[Any]) -> NDArray[np.int32]:
    """Return the position of the outline that holds each cell's centre, -1 for none."""
    from affine import Affine
    from rasterio.features import rasterize

    grid = data.transform
    own = Affine(grid.a, 0.0, grid.c + grid.a * window.col_off, 0.0, grid.e, grid.f + grid.e * window.row_off)
    frame = shapely.box(own.c, own.f + own.e * window.height, own.c + own.a * window.width, own.f)
    near = [(shape, at) for at, shape in enumerate(shapes) if shape.intersects(frame)]
    if not near:
        return np.full((int(window.height), int(window.width)), -1, dtype=np.int32)
    return np.asarray(
        rasterize(near, out_shape=(int(window.height), int(window.width)), transform=own, fill=-1, dtype="int32")
    )
