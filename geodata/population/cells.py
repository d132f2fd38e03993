"""
Read a raster of people in the gate's child, window by window, into blocks of cells.

A cell belongs to the zone that holds its centre; a block is k x k cells, and gives one
point for each zone and settlement type in it, at the centre of its people. So people are
kept exactly, and a point lies in its own zone and type however coarse the blocks are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.gate.plain import Arrays
from geodata.gate.raster import cell_metres, figures, opened
from geodata.population.settlement import CELL_M, urban_cells

WINDOW_CELLS = 4_000_000
EARTH_KM = 6_371.0072  # radius of the sphere with the area of the WGS 84 ellipsoid
MOST_KM_CELLS = 150_000_000
FAR_MORE = 4.0
"""A raster with this many times the area of the zones' frame is read only around the zones."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a raster that is read, and its grids: rows and columns from `top`, `left`."""

    top: int
    left: int
    height: int
    width: int
    block: int
    kilometre: int


def blocks(
    path: Path,
    *,
    scratch: Path,
    given: Arrays,
    resolution_m: float,
    crs: str = "",
    nodata: float | None = None,
    density_per_km2: float,
    cluster_people: float,
    exact: bool = False,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return blocks of people and what was read.

    Parameters
    ----------
    given
        ``zones``: outlines (WKB, EPSG:4326), in order; ``urban``: outlines of urban land, which
        take the place of the rule where given.
    resolution_m
        Wished side of a block; at least one cell, a whole number of cells.
    nodata
        Value of cells without a figure, where the file does not say.
    exact
        Also sum each zone with the exact share of every cell it cuts (exactextract).

    Returns
    -------
    arrays
        lon, lat, people, zone (-1 outside all), urban; exact (a sum a zone, if asked).
    facts
        total, cells (read), cells_all (of the raster), empty (cells without a figure), block (cells a side), cell_m,
        outside, cropped (people's raster reaches far beyond the zones), crs, nodata.

    Raises
    ------
    InvalidInput
        For negative or infinite people, or a raster that does not lie over the zones.
    """
    del scratch
    with opened(path, crs=crs) as (data, system):
        here = _shapes(given["zones"], system)
        part, cell_m = _part(data, system, here, resolution_m, path.name)
        told: dict[str, Any] = {"cropped": (part.height, part.width) != (data.height, data.width)}
        told |= {"crs": system.name, "cell_m": cell_m, "block": part.block, "cells": part.height * part.width}
        told["cells_all"] = int(data.height) * int(data.width)
        wrong = _Wrong(data, path.name, nodata)
        km = _kilometres(data, part, wrong)
        told |= {"total": float(km.sum()), "empty": wrong.empty, "nodata": wrong.nodata}
        urban_shapes = _shapes(given["urban"], system) if "urban" in given else None
        urban = (
            urban_cells(
                km, _areas(data, system, part, km.shape), density_per_km2=density_per_km2, cluster_people=cluster_people
            )
            if urban_shapes is None
            else np.zeros((1, 1), dtype=bool)
        )
        arrays = _gathered(data, part, wrong, here, urban, urban_shapes)
        arrays |= _positions(arrays, system)
        if exact:
            arrays["exact"] = _exact(data, here, wrong)
    told["outside"] = float(arrays["people"][arrays["zone"] < 0].sum())
    return arrays, told


def zone_sums(
    path: Path, *, scratch: Path, given: Arrays, crs: str = "", nodata: float | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return ``sums``: people a zone by the centres of cells, and the ``total``; see `blocks`."""
    del scratch
    with opened(path, crs=crs) as (data, system):
        here = _shapes(given["zones"], system)
        part, _ = _part(data, system, here, CELL_M, path.name)
        wrong = _Wrong(data, path.name, nodata)
        sums, total = np.zeros(len(here)), 0.0
        for window, at, people in _windows(data, part, wrong):
            zone = _burnt(data, window, here).ravel()[at]
            sums += np.bincount(zone + 1, people, minlength=len(here) + 1)[1:]
            total += float(people.sum())
    return {"sums": sums}, {"total": total}


def sampled(path: Path, *, scratch: Path, given: Arrays, crs: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return ``value``: what the raster holds at each ``lon``, ``lat``; NaN off it and where it holds nothing."""
    del scratch
    from pyproj import Transformer
    from rasterio.windows import Window

    with opened(path, crs=crs) as (data, system):
        x, y = Transformer.from_crs("EPSG:4326", system, always_xy=True).transform(given["lon"], given["lat"])
        grid = data.transform
        with np.errstate(invalid="ignore"):
            column, row = np.floor((x - grid.c) / grid.a), np.floor((y - grid.f) / grid.e)
        value = np.full(len(x), np.nan)
        inside = np.isfinite(column) & (column >= 0) & (column < data.width) & (row >= 0) & (row < data.height)
        step = max(1, WINDOW_CELLS // data.width)
        for band in np.unique(row[inside] // step) if inside.any() else ():
            top = int(band) * step
            rows = np.flatnonzero(inside & (row // step == band))
            read = data.read(1, window=Window(0, top, data.width, min(step, data.height - top)), masked=True)
            value[rows] = read.astype(np.float64).filled(np.nan)[row[rows].astype(int) - top, column[rows].astype(int)]
    return {"value": value}, {}


def _shapes(raw: NDArray[Any], system: Any) -> list[Any]:
    """Return outlines in the raster's own system; long edges are cut first, as a straight line bends."""
    from pyproj import Transformer

    transform = Transformer.from_crs("EPSG:4326", system, always_xy=True)
    shapes = shapely.from_wkb(raw)
    if not system.is_geographic:
        shapes = shapely.segmentize(shapes, 0.05)
    where = shapely.get_coordinates(shapes)
    x, y = transform.transform(where[:, 0], where[:, 1])
    return list(shapely.set_coordinates(shapes, np.column_stack([x, y])))


def _part(data: Any, system: Any, zones: list[Any], resolution_m: float, name: str) -> tuple[_Part, float]:
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
    return _Part(top, left, bottom - top, right - left, side, max(1, round(CELL_M / cell_m))), cell_m


class _Wrong:
    """Turns what was read into people, and refuses what cannot be people."""

    def __init__(self, data: Any, name: str, told: float | None) -> None:
        self.name, self.data, self.told = name, data, told
        nodata = data.nodata if told is None else told
        self.nodata = nodata if nodata is not None and math.isfinite(nodata) else None
        self.empty = 0

    def people(self, read: NDArray[Any], *, count: bool) -> tuple[NDArray[np.int64], Floats]:
        """Return the cells with people, by flat position, and their people."""
        held, values = figures(read, self.data, nodata=self.told)
        self.empty += read.size - held.size if count else 0
        if np.isinf(values).any():
            raise InvalidInput(
                "{file}: cells that hold an infinite figure: {count}. Write the raster again with a finite one for "
                "'no figure'.",
                file=self.name,
                count=int(np.isinf(values).sum()),
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


def _windows(
    data: Any, part: _Part, wrong: _Wrong, *, count: bool = True
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
            yield window, *wrong.people(data.read(1, window=window), count=count)


def _kilometres(data: Any, part: _Part, wrong: _Wrong) -> Floats:
    side = part.kilometre
    shape = (-(-part.height // side), -(-part.width // side))
    if shape[0] * shape[1] > MOST_KM_CELLS:
        raise InvalidInput("{file} covers more land than can be read at once. Cut it to the country.", file=wrong.name)
    sums = np.zeros(shape)
    for window, at, people in _windows(data, part, wrong):
        row, column = np.divmod(at, int(window.width))
        km = (row + int(window.row_off) - part.top) // side * shape[1] + (
            column + int(window.col_off) - part.left
        ) // side
        if km.size:  # the cells of a window lie in few rows of the grid: only those are added to
            first, last = int(km.min()), int(km.max()) + 1
            sums.ravel()[first:last] += np.bincount(km - first, people, minlength=last - first)
    return sums


def _areas(data: Any, system: Any, part: _Part, shape: tuple[int, ...]) -> Floats:
    """(h, 1) true square kilometres of the kilometre cells of each row (of the middle column)."""
    grid, side = data.transform, part.kilometre
    tops = grid.f + grid.e * (part.top + side * np.arange(shape[0] + 1))
    if system.is_geographic:
        sines = np.sin(np.radians(np.clip(tops, -90, 90)))
        return np.asarray((EARTH_KM**2 * math.radians(grid.a * side) * (sines[:-1] - sines[1:]))[:, None])
    from pyproj import Proj, Transformer

    middle = np.full(shape[0], grid.c + grid.a * (part.left + part.width / 2))
    lon, lat = Transformer.from_crs(system, system.geodetic_crs, always_xy=True).transform(
        middle, (tops[:-1] + tops[1:]) / 2
    )
    scale = np.asarray(Proj(system).get_factors(lon, lat, errcheck=False).areal_scale)
    unit = system.axis_info[0].unit_conversion_factor
    plain = grid.a * -grid.e * side * side * unit * unit / 1e6
    return np.asarray((plain / np.where(np.isfinite(scale) & (scale > 0), scale, 1.0))[:, None])


def _burnt(data: Any, window: Any, shapes: list[Any]) -> NDArray[np.int32]:
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


def _gathered(
    data: Any,
    part: _Part,
    wrong: _Wrong,
    zones: list[Any],
    urban: NDArray[np.bool_],
    urban_shapes: list[Any] | None,
) -> dict[str, NDArray[Any]]:
    grid, across = data.transform, -(-part.width // part.block)
    keys, sums = [], []
    for window, at, there in _windows(data, part, wrong, count=False):
        row, column = np.divmod(at, int(window.width))
        if not row.size:
            continue
        zone = _burnt(data, window, zones)[row, column].astype(np.int64)
        row, column = row + int(window.row_off) - part.top, column + int(window.col_off) - part.left
        town = (
            urban[row // part.kilometre, column // part.kilometre]
            if urban_shapes is None
            else _burnt(data, window, urban_shapes)[
                row - int(window.row_off) + part.top, column - int(window.col_off) + part.left
            ]
            >= 0
        )
        block = (row // part.block).astype(np.int64) * across + column // part.block
        key, place = np.unique((block * (len(zones) + 1) + zone + 1) * 2 + town, return_inverse=True)
        keys.append(key)
        sums.append([np.bincount(place, there * w, minlength=key.size) for w in (1.0, column + 0.5, row + 0.5)])
    if not keys:
        raise InvalidInput("{file} holds no people at all. Give the raster of counts.", file=wrong.name)
    key, place = np.unique(np.concatenate(keys), return_inverse=True)
    whole = [np.concatenate([some[at] for some in sums]) for at in range(3)]
    held, across_sum, down_sum = (np.asarray(np.bincount(place, one), dtype=np.float64) for one in whole)
    return {
        "people": held,
        "zone": (key // 2 % (len(zones) + 1) - 1).astype(np.int64),
        "urban": key % 2 == 1,
        "x": grid.c + grid.a * (part.left + across_sum / held),
        "y": grid.f + grid.e * (part.top + down_sum / held),
    }


def _positions(arrays: dict[str, NDArray[Any]], system: Any) -> dict[str, NDArray[Any]]:
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(arrays.pop("x"), arrays.pop("y"))
    return {"lon": np.where(lon > 180.0, lon - 360.0, lon), "lat": lat}


def _exact(data: Any, zones: list[Any], wrong: _Wrong) -> Floats:
    """Sum every zone with the exact share of each cell it cuts (Baston, exactextract)."""
    from exactextract import exact_extract
    from exactextract.raster import RasterioRasterSource
    from rasterio.windows import Window

    class Source(RasterioRasterSource):  # type: ignore[misc]
        def nodata_value(self) -> None:
            return None

        def read_window(self, x0: int, y0: int, nx: int, ny: int) -> Floats:
            at, people = wrong.people(data.read(1, window=Window(x0, y0, nx, ny)), count=False)
            cells = np.zeros(ny * nx)
            cells[at] = people
            return cells.reshape(ny, nx)

    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(zone), "properties": {"at": at}}
        for at, zone in enumerate(zones)
    ]
    answers = exact_extract(
        Source(data),
        features,
        ["sum"],
        include_cols=["at"],
        strategy="raster-sequential",
        max_cells_in_memory=WINDOW_CELLS,
    )
    sums = np.zeros(len(zones))
    for answer in answers:
        sums[answer["properties"]["at"]] = answer["properties"]["sum"] or 0.0
    return sums
