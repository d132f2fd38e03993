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
from geodata.gate.raster import BEYOND, METRES_A_DEGREE, cell_metres, expect_figures, figures
from geodata.population.settlement import CELL_M

WINDOW_CELLS = 4_000_000
MOST_PEOPLE = 1e10  # more than the Earth holds: such a figure is a mistake, or means that there is none
FAR_MORE = 4.0
"""A raster with this many times the area of the zones' frame is read only around the zones."""
WORLD = 300.0  # degrees of longitude from which a raster goes round the world

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """
    The part of a raster that is read, and its grids: rows and columns from `top`, `left`.

    `runs` are the columns that are read, each (first, end), end exclusive: all of them, unless the raster goes round
    the world and the zones lie at both of its ends.
    """

    top: int
    left: int
    height: int
    width: int
    block: int
    kilometre: int
    runs: tuple[tuple[int, int], ...]

    @property
    def cells(self) -> int:
        """Cells that are read."""
        return self.height * sum(end - first for first, end in self.runs)


def shapes_of(raw: NDArray[Any], system: Any, bounds: Any = None) -> list[Any]:
    """
    Return outlines in another system; long edges are cut first, as a straight line bends.

    Of a raster that counts its degrees beyond 180 (0 to 360), `bounds` puts each outline where the raster has it.
    """
    from pyproj import Transformer

    transform = Transformer.from_crs("EPSG:4326", system, always_xy=True)
    shapes = shapely.from_wkb(raw)
    if not system.is_geographic:
        shapes = shapely.segmentize(shapes, 0.05)
    where = shapely.get_coordinates(shapes)
    x, y = transform.transform(where[:, 0], where[:, 1])
    shapes = shapely.set_coordinates(shapes, np.column_stack([x, y]))
    if bounds is not None and system.is_geographic and bounds.right > BEYOND:
        return _turned(shapes, bounds.left, bounds.right)
    return list(shapes)


def _turned(shapes: NDArray[Any], west: float, east: float) -> list[Any]:
    """Return what of outlines, and of outlines one turn further east, lies between two degrees."""
    frame = shapely.box(west, -91.0, east, 91.0)
    further = shapely.transform(shapes, lambda where: where + np.array([360.0, 0.0]))
    both = shapely.union(shapely.intersection(shapes, frame), shapely.intersection(further, frame))
    return [
        shapely.multipolygons([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
        for shape in both
    ]


def part_of(
    data: Any, system: Any, zones: list[Any], resolution_m: float, name: str, *, around_m: float = 0.0
) -> tuple[Part, float]:
    """Choose the part of the raster to read, `around_m` at least about the zones, and the sides of its two grids."""
    grid = data.transform
    west, south, east, north = shapely.total_bounds(np.array(zones, dtype=object))
    if not np.isfinite([west, south, east, north]).all() or (
        east < data.bounds.left or west > data.bounds.right or north < data.bounds.bottom or south > data.bounds.top
    ):
        raise InvalidInput(
            "{file} does not lie over the zones. One of the two coordinate systems must be another.", file=name
        )
    frames = shapely.bounds(shapely.get_parts(np.array(zones, dtype=object)))
    world = bool(system.is_geographic) and data.width * grid.a >= WORLD
    wide = float((frames[:, 2] - frames[:, 0]).max()) if world else east - west
    margin = max(0.05 * max(wide, north - south), around_m / _metres_a_unit(system, max(abs(north), abs(south))))
    left = max(0, math.floor((west - margin - grid.c) / grid.a))
    right = min(data.width, math.ceil((east + margin - grid.c) / grid.a))
    top = max(0, math.floor((north + margin - grid.f) / grid.e))
    bottom = min(data.height, math.ceil((south - margin - grid.f) / grid.e))
    if data.width * data.height <= FAR_MORE * (right - left) * (bottom - top) and not world:
        left, top, right, bottom = 0, 0, data.width, data.height
    edges = (frames[:, ::2] + np.array([-margin, margin]) - grid.c) / grid.a
    runs = _runs(edges, (left, right)) if world else ((left, right),)
    cell_m = cell_metres(data, system, (north + south) / 2)
    side = max(1, round(resolution_m / cell_m))
    return Part(top, left, bottom - top, right - left, side, max(1, round(CELL_M / cell_m)), runs), cell_m


def _metres_a_unit(system: Any, latitude: float) -> float:
    """Return how many metres a unit of a system is at least: a degree of longitude at a latitude, a plane's unit."""
    if system.is_geographic:
        return METRES_A_DEGREE * max(math.cos(math.radians(min(latitude, 89.0))), 0.02)
    return 0.9 * float(system.axis_info[0].unit_conversion_factor)


def _runs(edges: Floats, whole: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Join the columns (p, 2) that parts of the zones take; the whole where they are not far fewer."""
    columns = np.clip(np.stack([np.floor(edges[:, 0]), np.ceil(edges[:, 1])], axis=1), *whole).astype(int)
    runs: list[tuple[int, int]] = []
    for first, end in columns[np.argsort(columns[:, 0], kind="stable")].tolist():
        if runs and first <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], end))
        elif end > first:
            runs.append((first, end))
    few = runs and FAR_MORE * sum(end - first for first, end in runs) < whole[1] - whole[0]
    return tuple(runs) if few else (whole,)


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
                "{file}: cells that hold negative numbers of people: {count}, the least {least}. "
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
    widest = max(end - first for first, end in part.runs)
    wide = widest if step * widest <= WINDOW_CELLS else max(step, WINDOW_CELLS // step // step * step)
    tall = max(step, WINDOW_CELLS // max(wide, 1) // step * step)
    for row in range(0, part.height, tall):
        for first, end in part.runs:
            for column in range(first, end, wide):
                window = Window(column, part.top + row, min(wide, end - column), min(tall, part.height - row))
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
