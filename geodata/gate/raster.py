"""
Open a GeoTIFF in the child, once its claims have been weighed.

A small file may claim any size. What is claimed is compared with what is there before a
cell is read, and reading goes by windows, so that memory does not grow with the claim.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput
from foundation.reasons import quoted
from geodata.gate.child import plain_problem

MIB = 1 << 20
MOST_CELLS = 40_000_000_000
MOST_RATIO = 3_000
"""Bytes unpacked for a byte in the file; deflate reaches 1,032, LZW some 2,700."""
FREE_BYTES = 512 * MIB
"""A claim so small is let through whatever its ratio: reading it takes seconds."""
MOST_BLOCK = 256 * MIB
LEAST_CELL_M = 0.01
METRES_A_DEGREE = 111_195.0
BEYOND = 180.01  # degrees; some rasters end half a cell beyond 180


@contextlib.contextmanager
def opened(path: Path, *, crs: str = "") -> Iterator[tuple[Any, Any]]:
    """
    Yield the rasterio dataset and its coordinate system (pyproj).

    Raises
    ------
    InvalidInput
        For a damaged file, a claim that its bytes do not bear, several bands, values that are
        no real numbers, no coordinate system, a turned or missing grid.
    """
    import rasterio
    from rasterio.errors import RasterioError

    name = path.name
    try:
        with (
            rasterio.Env(GDAL_GEOREF_SOURCES="INTERNAL", GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"),
            rasterio.open(path, driver="GTiff", sharing=False) as data,
        ):
            _check_claim(data, path)
            yield data, _system(data, crs, name)
    except (RasterioError, rasterio.errors.RasterioIOError, OSError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(
            "{file} is cut off or damaged: {problem}. Fetch it again.",
            file=name,
            problem=quoted(plain_problem(str(error))),
        ) from error


def _check_claim(data: Any, path: Path) -> None:
    import numpy as np

    if data.count != 1:
        raise InvalidInput("{file} has {count} bands; expected one. Export one band.", file=path.name, count=data.count)
    kind = np.dtype(data.dtypes[0]) if data.dtypes[0] != "complex_int16" else np.dtype("complex64")
    if kind.kind not in "iuf":
        raise InvalidInput("{file} holds no real numbers. Export its figures as numbers.", file=path.name)
    claimed, there = data.width * data.height * kind.itemsize, path.stat().st_size
    tall, wide = data.block_shapes[0]
    if data.width * data.height > MOST_CELLS or (claimed > FREE_BYTES and claimed > MOST_RATIO * there):
        raise InvalidInput(
            "{file} claims {cells} cells, far more than its {bytes} bytes can hold. Fetch it again.",
            file=path.name,
            cells=data.width * data.height,
            bytes=there,
        )
    if tall * wide * kind.itemsize > MOST_BLOCK:
        raise InvalidInput(
            "{file} is stored in blocks of more than {limit} MB. Save it as a tiled GeoTIFF.",
            file=path.name,
            limit=MOST_BLOCK // MIB,
        )
    grid = data.transform
    plain = all(math.isfinite(value) for value in grid) and grid.b == 0 and grid.d == 0 and grid.a > 0 and grid.e < 0
    if not plain or grid.is_identity:
        raise InvalidInput(
            "{file} does not say where it lies, or its grid is turned. Export it north up, with its position.",
            file=path.name,
        )


def _system(data: Any, told: str, name: str) -> Any:
    from geodata.gate.vector import settled_system as settled

    system = settled(data.crs.to_wkt() if data.crs else None, told, name)
    west, south, east, north = data.bounds
    if system.is_geographic and (west < -180.01 or east > 360.01 or south < -90.01 or north > 90.01):
        raise InvalidInput(
            "{file} says its coordinates are degrees, but it reaches from {west} to {east}. Correct its "
            "coordinate system.",
            file=name,
            west=float(west),
            east=float(east),
        )
    if not LEAST_CELL_M <= cell_metres(data, system) < math.inf:
        raise InvalidInput(
            "{file}: a cell of it is {metres} metres wide, which no figures are of. Export it with the size of its "
            "cells.",
            file=name,
            metres=f"{cell_metres(data, system):.3g}",
        )
    return system


def cell_metres(data: Any, system: Any, latitude: float | None = None) -> float:
    """Return the side of a cell in metres (of the square with its area), at a latitude; the raster's middle if None."""
    grid = data.transform
    if not system.is_geographic:
        return math.sqrt(grid.a * -grid.e) * float(system.axis_info[0].unit_conversion_factor)
    middle = math.radians((data.bounds.bottom + data.bounds.top) / 2 if latitude is None else latitude)
    return METRES_A_DEGREE * math.sqrt(grid.a * -grid.e * math.cos(middle))


def expect_figures(data: Any, name: str) -> None:
    """Refuse a picture: the numbers of a raster with a table of colours stand for colours."""
    if data.colorinterp[0].name == "palette":
        raise InvalidInput(
            "{file} is a picture: its numbers stand for colours. Give the raster of figures that it was drawn from.",
            file=name,
        )


def frame_of(data: Any, system: Any, *, steps: int = 20) -> list[list[float]]:
    """Return the raster's edge as a ring of longitudes (one way on, past 180 too) and latitudes; empty if unknown."""
    import numpy as np
    from pyproj import Transformer

    west, south, east, north = data.bounds
    along, back = np.linspace(0.0, 1.0, steps, endpoint=False), np.linspace(1.0, 0.0, steps, endpoint=False)
    x = west + (east - west) * np.concatenate([along, np.ones(steps), back, np.zeros(steps)])
    y = south + (north - south) * np.concatenate([np.zeros(steps), along, np.ones(steps), back])
    lon, lat = Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(x, y)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        return []
    if not system.is_geographic:
        lon = np.unwrap(lon, period=360.0)
    return [[float(one), float(other)] for one, other in zip(lon, lat, strict=True)]


def words_of(data: Any) -> str:
    """Return what the file says of its figures in words: unit, description and remarks, at most 2,000 letters."""
    said = [*data.units, *data.descriptions, *data.tags().values(), *data.tags(1).values()]
    return " ".join("; ".join(str(words)[:400] for words in said if words).split())[:2000]


def figures(data: Any, window: Any, *, nodata: float | None = None) -> tuple[Any, Any]:
    """
    Return which cells of a window hold a figure, by flat position, and their values as float64.

    Scale and offset are applied. A cell has no figure where it holds nodata or no number, or the raster's own mask
    says so. `nodata` is the value that says "no figure" where the file does not.
    """
    import numpy as np
    from rasterio.enums import MaskFlags

    plain = data.read(1, window=window).ravel()
    real = plain.dtype.kind == "f"
    missing = np.isnan(plain) if real else np.zeros(plain.shape, dtype=bool)
    if MaskFlags.per_dataset in data.mask_flag_enums[0]:
        missing |= data.read_masks(1, window=window).ravel() == 0
    nodata = data.nodata if nodata is None else nodata
    if nodata is not None and math.isfinite(nodata):
        # a float32 cell holds the nearest float32 to the value that is written beside it
        near = 1e-6 * abs(nodata) if real else 0.0
        missing |= (plain >= nodata - near) & (plain <= nodata + near)
    held = np.flatnonzero(~missing)
    values = plain[held].astype(np.float64)
    scale, offset = float(data.scales[0]), float(data.offsets[0])
    return held, values if (scale, offset) == (1.0, 0.0) else values * scale + offset


def facts(path: Path, *, scratch: Path, given: Any, crs: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return no array and what the file says of itself: size, cell, bounds, coordinate system, nodata."""
    del scratch, given
    with opened(path, crs=crs) as (data, system):
        told = {
            "width": data.width,
            "height": data.height,
            "bounds": list(data.bounds),
            "cell": [data.transform.a, -data.transform.e],
            "crs": system.name,
            "frame": frame_of(data, system),
            "nodata": None if data.nodata is None or not math.isfinite(data.nodata) else data.nodata,
        }
    return {}, told
