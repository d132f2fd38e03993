"""
Blocks of people from any source, with what was read, left out and assumed.

A raster of counts is summed by whole blocks of cells; points and polygons with counts are
put on a grid of the same size in the country's metric plane. Fractions are kept: nothing
is rounded here.
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
from geodata.gate import Limits, read_through_gate
from geodata.population.settlement import CELL_M, SettlementRule, urban_cells

Floats = NDArray[np.float64]
LIMITS = Limits(memory_mib=3072, cpu_seconds=900, wall_seconds=1800.0, answer_mib=2048)
MOST_GRID = 100_000_000
USUAL = {
    "people": ("people", "population", "pop", "persons", "inhabitants"),
    "lon": ("lon", "longitude", "x", "lng"),
    "lat": ("lat", "latitude", "y"),
}
FEW_INSIDE = 0.5
"""Less than this share of the people inside any zone means that two maps do not belong together."""


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


@dataclass(frozen=True, slots=True)
class Blocks:
    """
    n blocks of people, fractions kept.

    Attributes
    ----------
    lon, lat
        (n,) the centre of its people, EPSG:4326.
    people
        (n,) > 0.
    zone
        (n,) position of the zone, -1 outside every zone.
    urban
        (n,) settlement type.
    facts
        total (all people read), outside (people of them outside every zone), and what the
        reader says of the file: see `geodata.population.cells.blocks`.
    exact
        (Z,) sums by exact shares of cells, if asked for.
    """

    lon: Floats
    lat: Floats
    people: Floats
    zone: NDArray[np.int64]
    urban: NDArray[np.bool_]
    facts: dict[str, Any]
    exact: Floats | None = None


def read_blocks(
    source: PopulationSource,
    zones: gpd.GeoSeries,
    *,
    metric_crs: str,
    rule: SettlementRule | None = None,
    urban: gpd.GeoSeries | None = None,
) -> Blocks:
    """
    Read people into blocks.

    Parameters
    ----------
    zones
        Outlines, EPSG:4326, in the order that `Blocks.zone` counts.
    metric_crs
        The country's plane in metres, for points and polygons.
    rule
        How urban and rural are told apart; `SettlementRule()` where not given.
    urban
        Outlines of urban land (EPSG:4326), in place of the rule.

    Raises
    ------
    InvalidInput
        By name, for what the gate and the readers refuse, and where less than half of the
        people lie in any zone.
    """
    rule = rule or SettlementRule()
    if source.geometry == "raster":
        found = _raster(source, zones, rule, urban)
    else:
        lon, lat, people, facts = _points(source) if source.geometry == "point" else _polygons(source, metric_crs)
        found = _gridded(lon, lat, people, facts, zones, metric_crs, source.resolution_m, rule, urban)
    _check_overlap(found, zones, source.path.name)
    return found


def _raster(
    source: PopulationSource, zones: gpd.GeoSeries, rule: SettlementRule, urban: gpd.GeoSeries | None
) -> Blocks:
    given: dict[str, Any] = {"zones": list(shapely.to_wkb(zones.to_numpy()))}
    if urban is not None:
        given["urban"] = list(shapely.to_wkb(urban.to_numpy()))
    answer = read_through_gate(
        "geodata.population.cells:blocks",
        source.path,
        kinds=("geotiff",),
        library="raster",
        options={
            "resolution_m": source.resolution_m,
            "crs": source.crs,
            "nodata": source.nodata,
            "density_per_km2": rule.density_per_km2,
            "cluster_people": rule.cluster_people,
            "exact": source.exact,
        },
        given=given,
        limits=LIMITS,
    )
    arrays = answer.arrays
    return Blocks(
        lon=arrays["lon"].astype(np.float64),
        lat=arrays["lat"].astype(np.float64),
        people=arrays["people"].astype(np.float64),
        zone=arrays["zone"].astype(np.int64),
        urban=arrays["urban"].astype(bool),
        facts=answer.facts,
        exact=arrays["exact"].astype(np.float64) if "exact" in arrays else None,
    )


def _points(source: PopulationSource) -> tuple[Floats, Floats, Floats, dict[str, Any]]:
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
        answer = read_through_gate(
            "geodata.gate.vector:features",
            source.path,
            kinds=("geopackage", "geojson", "zip"),
            library="vector",
            options={
                "fields": {"people": _counted(columns)},
                "family": "point",
                "layer": source.layer,
                "crs": source.crs,
            },
            limits=LIMITS,
        )
        row = np.arange(1, answer.facts["rows"] + 1)
        people = numbers(answer.arrays["field:people"], row, answer.facts["columns"]["people"], name)
        where = shapely.get_coordinates(shapely.from_wkb(answer.arrays["wkb"]))
        lon, lat = where[:, 0], where[:, 1]
    _check_people(people, lon, lat, row, name)
    return lon, lat, people, {"rows": int(row.size), "repaired": answer.facts.get("repaired", [])}


def _polygons(source: PopulationSource, metric_crs: str) -> tuple[Floats, Floats, Floats, dict[str, Any]]:
    """Spread each polygon's people evenly over points of the grid inside it, one at least."""
    answer = read_through_gate(
        "geodata.gate.vector:features",
        source.path,
        kinds=("geopackage", "geojson", "zip"),
        library="vector",
        options={
            "fields": {"people": _counted(source.columns)},
            "family": "polygon",
            "layer": source.layer,
            "crs": source.crs,
        },
        limits=LIMITS,
    )
    row = np.arange(1, answer.facts["rows"] + 1)
    people = numbers(answer.arrays["field:people"], row, answer.facts["columns"]["people"], source.path.name)
    shapes = gpd.GeoSeries(shapely.from_wkb(answer.arrays["wkb"]), crs="EPSG:4326").to_crs(metric_crs)
    _check_people(people, np.ones(row.size), np.ones(row.size), row, source.path.name)
    x, y, held = [], [], []
    for shape, count in zip(shapes, people, strict=True):
        across, up = _inside(shape, source.resolution_m)
        x.append(across)
        y.append(up)
        held.append(np.full(across.size, count / across.size))
    lon, lat = degrees(np.concatenate(x), np.concatenate(y), metric_crs, source.path.name, np.arange(sum(map(len, x))))
    facts = {"rows": int(row.size), "repaired": answer.facts["repaired"], "spread": True}
    return lon, lat, np.concatenate(held), facts


def _counted(columns: Mapping[str, str]) -> list[str]:
    return [columns["people"]] if "people" in columns else list(USUAL["people"])


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
        raise InvalidInput(
            "{file}, row {row}, field {field}: '{value}' is not a finite number. Correct the cell.",
            file=name,
            row=int(row[at]),
            field=field,
            value=str(texts[at])[:80],
        )
    return values


def degrees(x: Floats, y: Floats, crs: str, name: str, row: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return longitude and latitude (EPSG:4326) of coordinates of another system, or refuse the first that has none."""
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y)
    except CRSError as error:
        raise InvalidInput(
            "{file}: PROJ does not know the system '{crs}'. Correct 'crs:'.", file=name, crs=crs
        ) from error
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


def _check_people(people: Floats, lon: Floats, lat: Floats, row: NDArray[np.int64], name: str) -> None:
    _refuse(people < 0, "fewer than no people", row, name)
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


def _gridded(
    lon: Floats,
    lat: Floats,
    people: Floats,
    facts: dict[str, Any],
    zones: gpd.GeoSeries,
    metric_crs: str,
    resolution_m: float,
    rule: SettlementRule,
    urban: gpd.GeoSeries | None,
) -> Blocks:
    from pyproj import Transformer

    kept = people > 0
    lon, lat, people = lon[kept], lat[kept], people[kept]
    ahead = Transformer.from_crs("EPSG:4326", metric_crs, always_xy=True)
    x, y = ahead.transform(lon, lat)
    zone = holder(lon, lat, zones)
    town = holder(lon, lat, urban) >= 0 if urban is not None else _urban_points(x, y, people, rule, str(facts))
    column, row = (np.floor(axis / resolution_m).astype(np.int64) for axis in (x, y))
    group = np.stack([row, column, zone, town.astype(np.int64)])
    _, place = np.unique(group, axis=1, return_inverse=True)
    held = np.asarray(np.bincount(place, people), dtype=np.float64)
    middle_x, middle_y = np.bincount(place, people * x) / held, np.bincount(place, people * y) / held
    first = np.full(held.size, place.size, dtype=np.int64)
    np.minimum.at(first, place, np.arange(place.size))
    back = ahead.transform(middle_x, middle_y, direction="INVERSE")
    told = facts | {
        "total": float(people.sum()),
        "outside": float(people[zone < 0].sum()),
        "no_people": int((~kept).sum()),
    }
    return Blocks(
        lon=np.asarray(back[0]), lat=np.asarray(back[1]), people=held, zone=zone[first], urban=town[first], facts=told
    )


def _urban_points(x: Floats, y: Floats, people: Floats, rule: SettlementRule, name: str) -> NDArray[np.bool_]:
    column, row = (np.floor(axis / CELL_M).astype(np.int64) for axis in (x, y))
    column, row = column - column.min(), row - row.min()
    shape = (int(row.max()) + 1, int(column.max()) + 1)
    if shape[0] * shape[1] > MOST_GRID:
        raise InvalidInput("The points cover more land than can be read at once. Correct those that lie far out.")
    sums = np.zeros(shape)
    np.add.at(sums, (row, column), people)
    dense = urban_cells(sums, np.ones((1, 1)), density_per_km2=rule.density_per_km2, cluster_people=rule.cluster_people)
    return np.asarray(dense[row, column], dtype=bool)


def holder(lon: Floats, lat: Floats, shapes: gpd.GeoSeries) -> NDArray[np.int64]:
    """Return the position of the outline that holds each point (the first of several), -1 for none."""
    found = np.full(lon.size, -1, dtype=np.int64)
    at, shape = shapely.STRtree(shapes.to_numpy()).query(shapely.points(lon, lat), predicate="intersects")
    order = np.lexsort((-shape, at))
    found[at[order]] = shape[order]
    return found


def _check_overlap(found: Blocks, zones: gpd.GeoSeries, name: str) -> None:
    total = float(found.people.sum())
    inside = float(found.people[found.zone >= 0].sum())
    if inside >= FEW_INSIDE * total:
        return
    turned = float(found.people[holder(found.lat, found.lon, zones) >= 0].sum())
    if turned > inside:
        raise InvalidInput(
            "{file}: the people lie in the zones only if longitude and latitude are swapped. Swap the two columns.",
            file=name,
        )
    raise InvalidInput(
        "{file}: only {inside} of {total} people lie in any zone. The coordinate system of one of the two files "
        "must be another, or the zones do not cover the country.",
        file=name,
        inside=round(inside),
        total=round(total),
    )
