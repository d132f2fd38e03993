"""
Read a raster of heights or of friction in the gate's child, tile by tile, onto a grid of the country's plane.

Each tile reads only the window of the raster under it, so that memory does not grow with the raster.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Phrase
from geodata.gate.plain import Arrays
from geodata.gate.raster import BEYOND, cell_metres, expect_figures, figures, opened

MOST_CELLS = 25_000_000
WINDOW_CELLS = 4_000_000
LOWEST_M, HIGHEST_M = -500.0, 9_000.0
SLOWEST = 1.0
"""Minutes for a metre: a raster whose middle value is above (60 metres an hour) is in another unit."""
MARGIN_M = 5_000.0
AROUND = 8  # cells of the raster read around a tile: its edges bend in another plane

Floats = NDArray[np.float64]


def grid(
    path: Path,
    *,
    scratch: Path,
    given: Arrays,
    what: str,
    plane: str,
    resolution_m: float,
    crs: str = "",
    nodata: float | None = None,
    window_cells: int = WINDOW_CELLS,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return ``values`` (h, w) float32, NaN where nothing is known, and where the grid lies.

    Parameters
    ----------
    given
        ``frame``: west, south, east, north of the zones in the plane, metres; the grid reaches 5 km further.
    what
        "elevation" or "friction": which values are refused.
    resolution_m
        Wished side of a cell; never finer than the raster's own cell.

    Raises
    ------
    InvalidInput
        For a raster that does not lie over the zones, impossible values, or too many cells.
    """
    del scratch
    with opened(path, crs=crs) as (data, system):
        expect_figures(data, path.name)
        own_m = cell_metres(data, system)
        side = max(resolution_m, own_m)
        west, south, east, north = (float(value) for value in given["frame"])
        left, top = (math.floor((west - MARGIN_M) / side) * side, math.ceil((north + MARGIN_M) / side) * side)
        wide, tall = (math.ceil((east + MARGIN_M - left) / side), math.ceil((top - south + MARGIN_M) / side))
        if wide * tall > MOST_CELLS:
            raise InvalidInput(
                "{file}: at {metres} m the country has {cells} cells; at most {limit} are kept. Raise 'resolution_m:' "
                "in country.yaml.",
                file=path.name,
                metres=side,
                cells=wide * tall,
                limit=MOST_CELLS,
            )
        values = np.full((tall, wide), np.nan, dtype=np.float32)
        step = max(8, int(math.sqrt(window_cells) * own_m / side) - 4)
        for row in range(0, tall, step):
            for column in range(0, wide, step):
                part = values[row : row + step, column : column + step]
                _fill(part, data, system, plane, (left + column * side, top - row * side, side), what, nodata, own_m)
    known = np.isfinite(values)
    if not known.any():
        raise InvalidInput(
            "{file} does not lie over the zones. One of the two coordinate systems must be another.", file=path.name
        )
    if what == "friction" and float(np.median(values[known])) > SLOWEST:
        raise _impossible(values[known], what, path.name)
    facts = {"west": left, "north": top, "side_m": side, "cell_m": own_m, "crs": system.name, "known": int(known.sum())}
    return {"values": values}, facts


def _fill(
    part: NDArray[np.float32],
    data: Any,
    system: Any,
    plane: str,
    where: tuple[float, float, float],
    what: str,
    nodata: float | None,
    own_m: float,
) -> None:
    """Fill one tile from the window of the raster under it."""
    from affine import Affine
    from rasterio.warp import Resampling, reproject

    west, north, side = where
    window = _window(data, system, plane, part.shape, where)
    if window is None:
        return
    held, known = figures(data, window, nodata=nodata)
    if not known.size:
        return
    wrong = (known < LOWEST_M) | (known > HIGHEST_M) if what == "elevation" else (known <= 0) | np.isinf(known)
    if wrong.any():
        raise _impossible(known[wrong], what, Path(data.name).name)
    values = np.full((window.height, window.width), np.nan)
    values.ravel()[held] = known
    grid = data.transform
    closest = Resampling.bilinear if what == "elevation" else Resampling.nearest
    reproject(
        values,
        part,
        src_transform=Affine(
            grid.a, 0.0, grid.c + grid.a * window.col_off, 0.0, grid.e, grid.f + grid.e * window.row_off
        ),
        src_crs=system.to_wkt(),
        src_nodata=np.nan,
        dst_transform=Affine(side, 0.0, west, 0.0, -side, north),
        dst_crs=plane,
        dst_nodata=np.nan,
        resampling=Resampling.average if side > 1.5 * own_m else closest,
        XSCALE="1",  # else GDAL widens its kernel by a scale that it takes from each tile
        YSCALE="1",
    )


def _window(data: Any, system: Any, plane: str, shape: tuple[int, ...], where: tuple[float, float, float]) -> Any:
    """Return the raster's window under a tile, with some cells around it; None where there is none."""
    from pyproj import Transformer
    from rasterio.windows import Window

    west, north, side = where
    down, across = np.meshgrid(np.linspace(0, shape[0], 9), np.linspace(0, shape[1], 9), indexing="ij")
    x, y = Transformer.from_crs(plane, system, always_xy=True).transform(west + across * side, north - down * side)
    grid = data.transform
    if system.is_geographic:  # a raster from 0 to 360 counts on from where it begins; GDAL finds its cells there
        x = np.where(x < data.bounds.left, x + 360.0, x)
        if data.bounds.right > BEYOND and np.nanmax(x, initial=-np.inf) - np.nanmin(x, initial=np.inf) > 180.0:
            raise InvalidInput(
                "{file} begins and ends within the country: it counts degrees from {west}. Turn it with: gdalwarp "
                "-t_srs EPSG:4326 -wo SOURCE_EXTRA=1000 --config CENTER_LONG 0 {file} turned.tif",
                file=Path(data.name).name,
                west=float(data.bounds.left),
            )
    columns, rows = (x - grid.c) / grid.a, (y - grid.f) / grid.e
    columns, rows = columns[np.isfinite(columns)], rows[np.isfinite(rows)]
    if not columns.size or not rows.size:
        return None
    left, right = max(0, math.floor(columns.min() - AROUND)), min(data.width, math.ceil(columns.max() + AROUND))
    top, bottom = max(0, math.floor(rows.min() - AROUND)), min(data.height, math.ceil(rows.max() + AROUND))
    return Window(left, top, right - left, bottom - top) if right > left and bottom > top else None


def _impossible(values: NDArray[Any], what: str, name: str) -> InvalidInput:
    return InvalidInput(
        "{file}: {count} cells cannot be {expected}, such as {value}. If that value means 'no figure', say so with "
        "'nodata:' in country.yaml; else give the raster in that unit.",
        file=name,
        count=int(values.size),
        expected=Phrase("metres above the sea" if what == "elevation" else "minutes for one metre"),
        value=f"{float(values[0]):g}",
    )
