"""Road lines of any origin in GeoPackage or GeoJSON, with a column of classes or speeds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from foundation.reasons import named, quoted
from geodata.columns import expect_fields, refused_cell
from geodata.gate.geojson import expect_understood
from geodata.gate.vector import settled_system
from geodata.osm.table import RoadTable, Ways, table_of
from geodata.osm.tags import TagReader

CLASS_COLUMNS = ("highway", "fclass", "road_class", "class")
DRIVEN_COLUMNS = ("speed_kmh", "kmh", "speed")
POSTED_COLUMNS = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
SLOWEST_KMH, FASTEST_KMH = 1.0, 200.0  # as a scenario may state
GRID = 1e7  # points that agree to a ten-millionth of a degree (about 1 cm) are one
FIELDS = {
    "class": "highway",
    "speed": "speed_kmh",
    "maxspeed": "maxspeed",
    "oneway": "oneway",
    "junction": "junction",
    "surface": "surface",
}
"""What a folder may name a column for, and the column that it then stands for."""
PLAIN = "road"  # class of a line that has a speed and no class


def read_lines(
    path: Path,
    tags: TagReader,
    *,
    layer: str | None = None,
    columns: Mapping[str, str] | None = None,
    crs: str = "",
) -> RoadTable:
    """
    Read lines; roads meet where they share a vertex, and cross without meeting elsewhere.

    Columns: a class (one of `CLASS_COLUMNS`; Geofabrik's ``fclass`` too), a speed that is driven
    (one of `DRIVEN_COLUMNS`, km/h, taken as it is) or posted limits (``maxspeed``; 0 is unknown),
    ``oneway`` (yes, no, -1, or Geofabrik's F, T, B), ``junction``, ``surface``, access tags.

    Parameters
    ----------
    layer
        Layer of a GeoPackage; needed only when several hold lines.
    columns
        For some of `FIELDS`, the column of the file that plays it; the usual names are looked for otherwise.
    crs
        The coordinate system, where the file names none.

    Raises
    ------
    InvalidInput
        For no or several layers of lines, no CRS or another one than `crs`, no column of classes or speeds, a named
        column that is not there, a position that is not finite.
    """
    import geopandas as gpd

    package = path.suffix.casefold() == ".gpkg"
    options = {"IMMUTABLE": "YES", "NOLOCK": "YES", "LIST_ALL_TABLES": "NO"} if package else {}
    frame = gpd.read_file(path, layer=_line_layer(path, layer or ""), engine="pyogrio", **options)
    expect_understood(path, frame.crs.to_string() if frame.crs else None, path.name)
    system = settled_system(frame.crs.to_wkt() if frame.crs else None, crs, path.name)
    frame = _lines_alone(frame.set_crs(system, allow_override=True), tags, path.name)
    frame = _named(frame, columns or {}, path.name)
    found = _columns(frame, path.name)
    frame = frame.to_crs("EPSG:4326").explode(ignore_index=True)
    coordinates = frame.get_coordinates(ignore_index=False)
    points = coordinates.to_numpy(dtype=np.float64)
    wrong = ~(np.isfinite(points).all(axis=1) & (np.abs(points) <= (180.0, 90.0)).all(axis=1))
    if wrong.any():
        raise InvalidInput(
            "{file}, line {row}: a position is not on the Earth. Check its CRS.",
            file=path.name,
            row=int(coordinates.index[wrong][0]) + 1,
        )
    return _table(frame, found, coordinates.index.to_numpy(), points, tags, path.name)


def may_hold_lines(kind: str | None) -> bool:
    """Tell whether a layer of a geometry type may hold lines: any mixture may, a table without shapes does not."""
    return kind is not None and any(word in kind for word in ("LineString", "Unknown", "GeometryCollection"))


def _lines_alone(frame: Any, tags: TagReader, file: str) -> Any:
    """Keep the lines; what is none is counted among the refused, by its type."""
    line = frame.geom_type.isin(["LineString", "MultiLineString"])
    if not line.any():
        raise InvalidInput("{file} holds no line. Name the layer of roads, or give the roads as lines.", file=file)
    other = frame.geom_type[~line].fillna("nothing").value_counts()
    for kind, count in other.items():
        tags.tally.ways += int(count)
        tags.tally.leave_out("no line but", str(kind), count=int(count))
    return frame[line]


def _line_layer(path: Path, wanted: str) -> str:
    import pyogrio

    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if may_hold_lines(kind)]
        every = [str(name) for name, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as error:
        raise InvalidInput(
            "{file} cannot be read as a GeoPackage or GeoJSON ({problem}).", file=path.name, problem=quoted(str(error))
        ) from error
    if wanted:
        if wanted not in every:
            raise InvalidInput(
                "{file}: which layer? It has {layers}. Name one of them with 'layer:'.",
                file=path.name,
                layers=named(layers or every),
            )
        return wanted
    if len(layers) != 1:
        raise InvalidInput(
            "{file} holds {n} layers of lines ({names}). Name the layer of roads.",
            file=path.name,
            n=len(layers),
            names=named(layers),
        )
    return layers[0]


def _named(frame: Any, columns: Mapping[str, str], file: str) -> Any:
    """Give the columns that were named the names they stand for; a column that had such a name gives way."""
    expect_fields(columns, FIELDS, file)
    missing = sorted(set(columns.values()) - set(frame.columns))
    if missing:
        raise InvalidInput(
            "{file} has no column '{column}'; it has {known}. Correct 'columns:' in country.yaml.",
            file=file,
            column=missing[0],
            known=", ".join(map(str, frame.columns.drop("geometry")))[:300],
        )
    meant = {title: FIELDS[field] for field, title in columns.items()}
    in_the_way = [name for name in meant.values() if name in frame.columns and name not in meant]
    return frame.drop(columns=in_the_way).rename(columns=meant)


def _columns(frame: pd.DataFrame, file: str) -> tuple[str | None, str | None]:
    """Return the columns of classes and of driven speeds."""
    found = tuple(
        next((name for name in names if name in frame.columns), None) for names in (CLASS_COLUMNS, DRIVEN_COLUMNS)
    )
    if found == (None, None) and "maxspeed" not in frame.columns:
        raise InvalidInput(
            "{file} has no column of road classes ({classes}) or speeds ({speeds}). Name one of its columns so, or "
            "say which it is under 'columns:' (class, speed) in country.yaml.",
            file=file,
            classes=", ".join(CLASS_COLUMNS),
            speeds=", ".join((*DRIVEN_COLUMNS, "maxspeed")),
        )
    return found[0], found[1]


def _table(
    frame: pd.DataFrame,
    columns: tuple[str | None, str | None],
    line_of: NDArray[np.int64],
    points: NDArray[np.float64],
    tags: TagReader,
    file: str,
) -> RoadTable:
    classes = tuple(tags.table.classes)
    code = {name: at for at, name in enumerate(classes)}
    driven = _driven(frame, columns[1], file)
    rows = _tags(frame, columns[0], tags)
    rules = [tags.rule(row.get) for row in rows]
    kept = np.array([rule is not None for rule in rules], dtype=bool)
    size = np.bincount(line_of, minlength=len(frame))
    forward, backward = (
        np.array([getattr(rule, way) if rule else 0.0 for rule in rules]) for way in ("forward", "backward")
    )
    for speeds in (forward, backward):
        speeds[:] = np.where((driven > 0) & (speeds > 0), driven, speeds)
    cells = np.round(points[kept[line_of]] * GRID).astype(np.int64)
    ref = (cells[:, 1] + 900_000_000) * 4_000_000_000 + cells[:, 0] + 1_800_000_000
    key, first = np.unique(ref, return_index=True)
    ways = Ways(
        way_id=np.flatnonzero(kept) + 1,
        size=size[kept],
        ref=ref,
        road_class=np.array([code[rule.road_class] for rule in rules if rule], dtype=np.int16),
        forward=forward[kept],
        backward=backward[kept],
    )
    return table_of(ways, classes, key, cells[first, 0] / GRID, cells[first, 1] / GRID)


def _driven(frame: pd.DataFrame, column: str | None, file: str) -> NDArray[np.float64]:
    """Return driven speeds, NaN where none is given."""
    if column is None:
        return np.full(len(frame), np.nan)
    given = frame[column].notna().to_numpy()
    if frame[column].dtype.kind in "Mmb":  # dates, spans of time, true and false are no speeds
        values = np.full(len(frame), np.nan)
    else:
        values = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = given & ~((values == 0) | ((values >= SLOWEST_KMH) & (values <= FASTEST_KMH)))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise refused_cell(
            file,
            row + 1,
            column,
            str(frame[column].iloc[row])[:40],
            "a speed from {low} to {high} km/h, or 0 for none",
            low=f"{SLOWEST_KMH:g}",
            high=f"{FASTEST_KMH:g}",
        )
    return np.where(values > 0, values, np.nan)


def _tags(frame: pd.DataFrame, class_column: str | None, tags: TagReader) -> list[dict[str, Any]]:
    present = [name for name in tags.keys if name in frame.columns and name != "highway"]
    table = {name: _text(frame[name]) for name in present}
    table["highway"] = _text(frame[class_column]) if class_column else [PLAIN] * len(frame)
    for name in POSTED_COLUMNS:
        if name in table:
            table[name] = [None if value in {"0", "0.0"} else value for value in table[name]]
    names = list(table)
    return [dict(zip(names, row, strict=True)) for row in zip(*table.values(), strict=True)]


def _text(column: pd.Series[Any]) -> list[str | None]:
    """Say a column's values as tags: 50.0 is "50", True is "yes", nothing is None."""
    said: list[str | None] = []
    for value in column:
        if pd.isna(value):
            said.append(None)
        elif isinstance(value, (bool, np.bool_)):
            said.append("yes" if value else "no")
        elif isinstance(value, (float, np.floating)) and float(value).is_integer():
            said.append(str(int(value)))
        else:
            said.append(str(value).strip() or None)
    return said
