"""
Read a raster of people in the gate's child, window by window, into blocks of cells.

A cell belongs to the zone that holds its centre; a block is k x k cells, and gives one
point for each zone and settlement type in it, at the centre of its people. So people are
kept exactly, and a point lies in its own zone and type however coarse the blocks are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.gate.plain import Arrays
from geodata.gate.raster import frame_of, opened, words_of
from geodata.population.settlement import CELL_M, urban_cells
from geodata.population.strays import Around, strays_of
from geodata.population.windows import WINDOW_CELLS, Part, PeopleOfCells, burnt, part_of, shapes_of, windows_of
from geodata.systems import system_of

EARTH_KM = 6_371.0072  # radius of the sphere with the area of the WGS 84 ellipsoid
MOST_KM_CELLS = 150_000_000

Floats = NDArray[np.float64]


def blocks(
    path: Path,
    *,
    scratch: Path,
    given: Arrays,
    resolution_m: float,
    plane: str,
    strays_within_m: float,
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
    plane
        The country's plane in metres.
    strays_within_m
        A cell outside every zone, so near to the nearest (inclusive), is given to it.
    nodata
        Value of cells without a figure, where the file does not say.
    exact
        Also sum each zone with the exact share of every cell it cuts (exactextract).

    Returns
    -------
    arrays
        lon, lat, people, zone (-1 outside all), near (the zone that people outside all are given to, -1 for none),
        urban; exact (a sum a zone, if asked).
    facts
        total, cells (read), cells_all (of the raster), empty (cells without a figure), block (cells a side), cell_m,
        outside, cropped (people's raster reaches far beyond the zones), crs, nodata, frame and words (see
        `geodata.gate.raster`).

    Raises
    ------
    InvalidInput
        For negative or infinite people, or a raster that does not lie over the zones.
    """
    del scratch
    with opened(path, crs=crs) as (data, system):
        here = shapes_of(given["zones"], system, data.bounds)
        part, cell_m = part_of(data, system, here, resolution_m, path.name, around_m=strays_within_m)
        told: dict[str, Any] = {"crs": system.name, "cell_m": cell_m, "block": part.block, "cells": part.cells}
        told["cells_all"] = int(data.height) * int(data.width)
        told["cropped"] = told["cells"] != told["cells_all"]
        told |= {"frame": frame_of(data, system), "words": words_of(data)}
        wrong = PeopleOfCells(data, path.name, nodata)
        km = _kilometres(data, part, wrong)
        told |= {"total": float(km.sum()), "empty": wrong.empty, "nodata": wrong.nodata}
        urban_shapes = shapes_of(given["urban"], system, data.bounds) if "urban" in given else None
        urban = (
            urban_cells(
                km, _areas(data, system, part, km.shape), density_per_km2=density_per_km2, cluster_people=cluster_people
            )
            if urban_shapes is None
            else np.zeros((1, 1), dtype=bool)
        )
        around = _around(data, system, given["zones"], plane, strays_within_m, cell_m)
        arrays = _gathered(data, part, wrong, here, around, urban, urban_shapes)
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
        here = shapes_of(given["zones"], system, data.bounds)
        part, _ = part_of(data, system, here, CELL_M, path.name)
        wrong = PeopleOfCells(data, path.name, nodata)
        sums, total = np.zeros(len(here)), 0.0
        for window, at, people in windows_of(data, part, wrong):
            zone = burnt(data, window, here).ravel()[at]
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
        if system.is_geographic:  # a raster from 0 to 360 counts on from where it begins
            x = np.where(x < data.bounds.left, x + 360.0, x)
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


def _kilometres(data: Any, part: Part, wrong: PeopleOfCells) -> Floats:
    side = part.kilometre
    shape = (-(-part.height // side), -(-part.width // side))
    if shape[0] * shape[1] > MOST_KM_CELLS:
        raise InvalidInput("{file} covers more land than can be read at once. Cut it to the country.", file=wrong.name)
    sums = np.zeros(shape)
    for window, at, people in windows_of(data, part, wrong):
        row, column = np.divmod(at, int(window.width))
        km = (row + int(window.row_off) - part.top) // side * shape[1] + (
            column + int(window.col_off) - part.left
        ) // side
        if km.size:  # the cells of a window lie in few rows of the grid: only those are added to
            first, last = int(km.min()), int(km.max()) + 1
            sums.ravel()[first:last] += np.bincount(km - first, people, minlength=last - first)
    return sums


def _areas(data: Any, system: Any, part: Part, shape: tuple[int, ...]) -> Floats:
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


def _around(
    data: Any, system: Any, zones: NDArray[Any], plane: str, within_m: float, cell_m: float
) -> Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]:
    """Return what tells, of cells (row, column) outside every zone, the zone that each is given to; -1 for none."""
    from pyproj import Transformer

    metric = system_of(plane)
    near, ahead = Around(shapes_of(zones, metric), within_m), Transformer.from_crs(system, metric, always_xy=True)
    return lambda row, column: strays_of(row, column, data.transform, ahead, near, cell_m)


def _gathered(
    data: Any,
    part: Part,
    wrong: PeopleOfCells,
    zones: list[Any],
    around: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]],
    urban: NDArray[np.bool_],
    urban_shapes: list[Any] | None,
) -> dict[str, NDArray[Any]]:
    grid, across, last = data.transform, -(-part.width // part.block), len(zones)
    keys, sums = [], []
    for window, at, there in windows_of(data, part, wrong, count=False):
        row, column = np.divmod(at, int(window.width))
        if not row.size:
            continue
        holder = burnt(data, window, zones)[row, column].astype(np.int64) + 1  # 0: none; above `last`: given to
        town = burnt(data, window, urban_shapes)[row, column] >= 0 if urban_shapes is not None else None
        row, column = row + int(window.row_off), column + int(window.col_off)
        out = np.flatnonzero(holder == 0)
        given = around(row[out], column[out])
        holder[out] = np.where(given < 0, 0, given + 1 + last)
        row, column = row - part.top, column - part.left
        if town is None:
            town = urban[row // part.kilometre, column // part.kilometre]
        block = (row // part.block).astype(np.int64) * across + column // part.block
        key, place = np.unique((block * (2 * last + 1) + holder) * 2 + town, return_inverse=True)
        keys.append(key)
        sums.append([np.bincount(place, there * w, minlength=key.size) for w in (1.0, column + 0.5, row + 0.5)])
    if not keys:
        raise InvalidInput("{file} holds no people at all. Give the raster of counts.", file=wrong.name)
    parts = np.concatenate(keys)
    keys.clear()
    key, place = np.unique(parts, return_inverse=True)
    whole = [np.concatenate([some[at] for some in sums]) for at in range(3)]
    sums.clear()  # of a raster whose every cell is a block these are most of what is held
    held, across_sum, down_sum = (np.asarray(np.bincount(place, one), dtype=np.float64) for one in whole)
    holder = (key // 2 % (2 * last + 1)).astype(np.int32)
    return {
        "people": held,
        "zone": np.where(holder <= last, holder - 1, -1),
        "near": np.where(holder > last, holder - 1 - last, -1),
        "urban": key % 2 == 1,
        "x": grid.c + grid.a * (part.left + across_sum / held),
        "y": grid.f + grid.e * (part.top + down_sum / held),
    }


def _positions(arrays: dict[str, NDArray[Any]], system: Any) -> dict[str, NDArray[Any]]:
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(arrays.pop("x"), arrays.pop("y"))
    return {"lon": np.where(lon > 180.0, lon - 360.0, lon), "lat": lat}


def _exact(data: Any, zones: list[Any], wrong: PeopleOfCells) -> Floats:
    """Sum every zone with the exact share of each cell it cuts (Baston, exactextract)."""
    from exactextract import exact_extract
    from exactextract.raster import RasterioRasterSource
    from rasterio.windows import Window

    class Source(RasterioRasterSource):  # type: ignore[misc]
        def nodata_value(self) -> None:
            return None

        def read_window(self, x0: int, y0: int, nx: int, ny: int) -> Floats:
            at, people = wrong.people(Window(x0, y0, nx, ny), count=False)
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
