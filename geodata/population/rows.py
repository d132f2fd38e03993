"""
People in the rows of a table or a layer: points with counts, and outlines whose people are spread over them.

Every row is checked by name: a figure that is none, a negative number of people, a position that is not on the Earth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Phrase
from geodata.gate import Answer, Limits, read_through_gate
from geodata.population.windows import MOST_PEOPLE
from geodata.systems import system_of

Floats = NDArray[np.float64]
LIMITS = Limits(memory_mib=3072, cpu_seconds=900, wall_seconds=1800.0, answer_mib=2048)
MOST_GRID = 100_000_000
USUAL = {
    "people": ("people", "population", "pop", "persons", "inhabitants"),
    "lon": ("lon", "longitude", "x", "lng"),
    "lat": ("lat", "latitude", "y"),
}


@dataclass(frozen=True, slots=True)
class PopulationSource:
    """
    A file of people.

    Attributes
    ----------
    path
        GeoTIFF of counts, CSV, or GeoPackage, GeoJSON or zipped Shapefile of points or polygons.
    resolution_m
        Wished side of the blocks; of a raster at least one cell, a whole number of cells.
    columns
        For a table or layer: ``people``, and for a CSV ``lon`` and ``lat`` (degrees, or the
        coordinates of `crs`), to the names in the file; usual
        names (`USUAL`) are found without.
    geometry
        "raster", "point" or "polygon".
    crs, layer, nodata
        Where the file does not say itself.
    exact
        Also sum a raster's zones with the exact share of every cell.
    """

    path: Path
    geometry: Literal["raster", "point", "polygon"] = "raster"
    resolution_m: float = 1_000.0
    columns: Mapping[str, str] = field(default_factory=dict)
    crs: str = ""
    layer: str = ""
    nodata: float | None = None
    exact: bool = False


def points(source: PopulationSource) -> tuple[Floats, Floats, Floats, dict[str, Any]]:
    """Return lon, lat and people of a table or layer of points, and the facts of its reading."""
    name, columns = source.path.name, source.columns
    if source.path.suffix.casefold() in (".csv", ".xlsx"):
        fields = {part: [columns[part]] if part in columns else list(USUAL[part]) for part in USUAL}
        answer = read_through_gate(
            "geodata.gate.tables:columns", source.path, kinds=("csv", "xlsx"), options={"fields": fields}, limits=LIMITS
        )
        row = answer.arrays["row"].astype(np.int64)
        chosen = answer.facts["columns"]
        people, x, y = (numbers(answer.arrays[f"field:{part}"], row, chosen[part], name) for part in USUAL)
        lon, lat = degrees(x, y, source.crs or "EPSG:4326", name, row)
    else:
        answer, row, people = _features(source, "point")
        where = shapely.get_coordinates(shapely.from_wkb(answer.arrays["wkb"]))
        lon, lat = where[:, 0], where[:, 1]
    check_people(people, lon, lat, row, name)
    return lon, lat, people, {"rows": int(row.size), "repaired": answer.facts.get("repaired", [])}


def polygons(source: PopulationSource, metric_crs: str) -> tuple[Floats, Floats, Floats, dict[str, Any]]:
    """Spread each polygon's people evenly over points of the grid inside it, one at least."""
    answer, row, people = _features(source, "polygon")
    shapes = gpd.GeoSeries(shapely.from_wkb(answer.arrays["wkb"]), crs="EPSG:4326").to_crs(metric_crs)
    check_people(people, np.ones(row.size), np.ones(row.size), row, source.path.name)
    x, y, held = [], [], []
    for shape, count in zip(shapes, people, strict=True):
        across, up = _inside(shape, source.resolution_m)
        x.append(across)
        y.append(up)
        held.append(np.full(across.size, count / across.size))
    lon, lat = degrees(np.concatenate(x), np.concatenate(y), metric_crs, source.path.name, np.arange(sum(map(len, x))))
    facts = {"rows": int(row.size), "repaired": answer.facts["repaired"], "spread": True}
    return lon, lat, np.concatenate(held), facts


def _features(source: PopulationSource, family: str) -> tuple[Answer, NDArray[np.int64], Floats]:
    """Return a layer's shapes as the gate read them, the number of each row, and its people."""
    named = [source.columns["people"]] if "people" in source.columns else list(USUAL["people"])
    answer = read_through_gate(
        "geodata.gate.vector:features",
        source.path,
        kinds=("geopackage", "geojson", "zip"),
        library="vector",
        options={"fields": {"people": named}, "family": family, "layer": source.layer, "crs": source.crs},
        limits=LIMITS,
    )
    row = np.arange(1, answer.facts["rows"] + 1)
    return answer, row, numbers(answer.arrays["field:people"], row, answer.facts["columns"]["people"], source.path.name)


def _inside(shape: Any, side: float) -> tuple[Floats, Floats]:
    west, south, east, north = shape.bounds
    if (east - west) * (north - south) > MOST_GRID * side * side / 100:
        side = float(np.sqrt((east - west) * (north - south) * 100 / MOST_GRID))
    columns = (np.arange(np.floor(west / side), np.ceil(east / side)) + 0.5) * side
    rows = (np.arange(np.floor(south / side), np.ceil(north / side)) + 0.5) * side
    x, y = (part.ravel() for part in np.meshgrid(columns, rows))
    inside = np.asarray(shapely.contains_xy(shape, x, y), dtype=bool)
    if not inside.any():
        point = shape.representative_point()
        return np.array([point.x]), np.array([point.y])
    return x[inside], y[inside]


def numbers(texts: NDArray[Any], row: NDArray[np.int64], field: str, name: str) -> Floats:
    """
    Return texts as finite numbers, or refuse the first that is none; thousands marks are no numbers.

    Raises
    ------
    InvalidInput
        With file, row and field.
    """
    if texts.dtype.kind in "biuf":
        values = texts.astype(np.float64)
    else:
        values = np.full(len(texts), np.nan)
        for at, text in enumerate(texts):
            try:
                values[at] = float(text) if str(text).isascii() and "_" not in str(text) else np.nan
            except ValueError:
                values[at] = np.nan
    bad = ~np.isfinite(values)
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        said = "{file}, row {row}, field {field}: '{value}' is not a finite number. Correct the cell."
        if "," in str(texts[at]):
            said = (
                "{file}, row {row}, field {field}: '{value}' is no number that can be read: its comma could part "
                "thousands or decimals. Write decimals with a point and nothing between thousands, in every row."
            )
        raise InvalidInput(
            said,
            file=name,
            row=int(row[at]),
            field=field,
            value=str(texts[at])[:80],
        )
    return values


def degrees(x: Floats, y: Floats, crs: str, name: str, row: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return longitude and latitude (EPSG:4326) of coordinates of another system, or refuse the first that has none."""
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(system_of(crs, file=name), "EPSG:4326", always_xy=True).transform(x, y)
    bad = ~(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise InvalidInput(
            "{file}, row {row}: the position {x}, {y} is none in {crs}. Correct the cell, or 'crs:'.",
            file=name,
            row=int(row[at]),
            x=str(x[at]),
            y=str(y[at]),
            crs=crs,
        )
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def check_people(people: Floats, lon: Floats, lat: Floats, row: NDArray[np.int64], name: str) -> None:
    """Refuse people that cannot be, or that live where nobody can."""
    _refuse(people < 0, "a negative number of people", row, name)
    _refuse(people > MOST_PEOPLE, "more people than the Earth", row, name)
    check_positions(lon, lat, row, name)
    if not people.sum() > 0:
        raise InvalidInput("{file} holds no people at all. Give the column of counts.", file=name)


def check_positions(lon: Floats, lat: Floats, row: NDArray[np.int64], name: str) -> None:
    """Refuse the position 0, 0 (in any system), which stands for an unknown one."""
    _refuse((lon == 0) & (lat == 0), "the position 0, 0, which stands for an unknown one", row, name)


def _refuse(bad: NDArray[np.bool_], problem: str, row: NDArray[np.int64], name: str) -> None:
    if bad.any():
        raise InvalidInput(
            "{file}, row {row}: it has {problem}. Correct or leave out the row.",
            file=name,
            row=int(row[int(np.flatnonzero(bad)[0])]),
            problem=Phrase(problem),
        )
