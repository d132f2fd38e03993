"""Read the layers of a country folder through the gate: zones, districts, and tables of positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from foundation.errors import InvalidInput
from geodata.columns import expect_fields
from geodata.folder.arabic import tell_latin
from geodata.folder.report import Notebook
from geodata.folder.settings import PartFile
from geodata.folder.words import checked_ids, checked_names, texts_of, unmarked
from geodata.gate import Answer, read_through_gate
from geodata.outlines import check_overlap
from geodata.plane import metric_plane
from geodata.population.blocks import holder
from geodata.population.rows import USUAL, check_positions, degrees, numbers

NAMES = {
    "name_en": ("name_en", "name_english", "shapename", "name_1", "name"),
    "name_ar": ("name_ar", "name_arabic"),
}
IDS = ("id", "code", "pcode", "iso", "shapeiso")
LEVEL = {  # the administrative levels of common boundary sets: COD (adm1_en), GADM (name_1), geoBoundaries
    "zones": {
        "id": ("zone_id", "adm1_pcode", "adm1_code", "gid_1", "iso_1", *IDS),
        "name_en": ("name_en", "adm1_en", "name_1", "shapename", "name"),
        "name_ar": ("name_ar", "adm1_ar"),
    },
    "districts": {
        "id": ("district_id", "adm2_pcode", "adm2_code", "gid_2", *IDS),
        "name_en": ("name_en", "adm2_en", "name_2", "shapename", "name"),
        "name_ar": ("name_ar", "adm2_ar"),
    },
}
NEAR_M = 5_000.0
"""Outlines are generalised: a position so near to its zone still lies in it."""
MOST_TOLD = 20


def wanted(fields: Mapping[str, tuple[str, ...]], columns: Mapping[str, str], file: str) -> dict[str, list[str]]:
    """
    Return which column names to look for, field by field; a named column is the only one.

    Raises
    ------
    InvalidInput
        If `columns` names a field that this part does not have.
    """
    expect_fields(columns, fields, file)
    return {field: [columns[field]] if field in columns else list(names) for field, names in fields.items()}


def read_areas(
    path: Path, part: PartFile, name: str, *, code: str, notes: Notebook, further: tuple[str, ...] = ()
) -> gpd.GeoDataFrame:
    """
    Read zones or districts: ``{zone|district}_id``, name_en, name_ar, geometry, and `further` columns as texts.

    Where the file has no ids they are made of the country's code and the row; where it has no
    Arabic names the English ones stand in, and both are noted.
    """
    fields = LEVEL[name] | {field: (field,) for field in further}
    answer = read_through_gate(
        "geodata.gate.vector:features",
        path,
        kinds=("geopackage", "geojson", "zip"),
        library="vector",
        options={
            "fields": wanted(fields, part.columns, path.name),
            "optional": ["id", "name_ar"],
            "family": "polygon",
            "layer": part.layer,
            "crs": part.crs,
            "encoding": part.encoding,
        },
    )
    answer = _unmarked(answer, name, part, notes)
    count = int(answer.facts["rows"])
    rows = list(range(1, count + 1))
    notes.note("read", name, part.file, "outlines: {rows}, {crs}", rows=count, crs=str(answer.facts["crs"]))
    _tell_columns(answer, name, part, notes)
    _tell_repairs(answer, name, part, notes)
    title = f"{name.removesuffix('s')}_id"
    if "field:id" in answer.arrays:
        ids = checked_ids(texts_of(answer.arrays["field:id"]), rows, field="id", file=path.name)
    else:
        ids = [f"{code}-{'' if name == 'zones' else 'd'}{row:0{max(2, len(str(count)))}d}" for row in rows]
        notes.note("assumed", name, part.file, "no column of ids: they are made of the code and the row")
    english, arabic = names_of(answer, rows, name, part, notes)
    frame = gpd.GeoDataFrame(
        {title: ids, "name_en": english, "name_ar": arabic}
        | {f: texts_of(answer.arrays[f"field:{f}"]) for f in further},
        geometry=shapely.from_wkb(answer.arrays["wkb"]),
        crs="EPSG:4326",
    )
    check_overlap(frame.rename(columns={title: "zone_id"}), part.file, metric_plane(frame.geometry))
    return frame


def names_of(
    answer: Answer, rows: list[int], name: str, part: PartFile, notes: Notebook
) -> tuple[list[str], list[str]]:
    """Return English and Arabic names; a missing Arabic one is the English one, noted."""
    english = checked_names(texts_of(answer.arrays["field:name_en"]), rows, field="name_en", file=part.file)
    if "field:name_ar" in answer.arrays:
        arabic = checked_names(
            texts_of(answer.arrays["field:name_ar"]), rows, field="name_ar", file=part.file, empty=True
        )
        tell_latin(arabic, english, rows, name, part, notes)
        arabic = ["" if own == other else own for own, other in zip(arabic, english, strict=True)]
    else:
        arabic = [""] * len(rows)
    lacking = sum(1 for text in arabic if not text)
    if lacking:
        notes.note(
            "assumed",
            name,
            part.file,
            "names that are not given in Arabic, so that the others stand in: {count}",
            count=lacking,
        )
    return english, [own or other for own, other in zip(arabic, english, strict=True)]


def read_points(
    path: Path,
    part: PartFile,
    name: str,
    *,
    fields: Mapping[str, tuple[str, ...]],
    optional: tuple[str, ...],
    notes: Notebook,
) -> gpd.GeoDataFrame:
    """
    Read a table or layer of positions: the fields as texts, ``row``, name_en, name_ar, geometry.

    Raises
    ------
    InvalidInput
        With file, row and field.
    """
    table = path.suffix.casefold() in (".csv", ".xlsx")
    asked = dict(NAMES) | dict(fields) | ({"lon": USUAL["lon"], "lat": USUAL["lat"]} if table else {})
    options: dict[str, Any] = {
        "fields": wanted(asked, part.columns, path.name),
        "optional": ["name_ar", *optional],
    }
    if table:
        answer = read_through_gate("geodata.gate.tables:columns", path, kinds=("csv", "xlsx"), options=options)
        answer = _unmarked(answer, name, part, notes)
        row = answer.arrays["row"].astype(np.int64)
        chosen = answer.facts["columns"]
        x, y = (numbers(answer.arrays[f"field:{axis}"], row, chosen[axis], path.name) for axis in ("lon", "lat"))
        check_positions(x, y, row, path.name)
        lon, lat = degrees(x, y, part.crs or "EPSG:4326", path.name, row)
        crs = part.crs or "EPSG:4326"
    else:
        answer = read_through_gate(
            "geodata.gate.vector:features",
            path,
            kinds=("geopackage", "geojson", "zip"),
            library="vector",
            options=options | {"family": "point", "layer": part.layer, "crs": part.crs, "encoding": part.encoding},
        )
        answer = _unmarked(answer, name, part, notes)
        row = np.arange(1, int(answer.facts["rows"]) + 1)
        where = shapely.get_coordinates(shapely.from_wkb(answer.arrays["wkb"]))
        lon, lat = where[:, 0], where[:, 1]
        check_positions(lon, lat, row, path.name)
        crs = str(answer.facts["crs"])
    if not row.size:
        raise InvalidInput("{file} holds a header but no row. Add at least one.", file=path.name)
    notes.note("read", name, part.file, "positions: {rows}, {crs}", rows=int(row.size), crs=crs)
    _tell_columns(answer, name, part, notes)
    _tell_repairs(answer, name, part, notes)
    rows = row.tolist()
    english, arabic = names_of(answer, rows, name, part, notes)
    own = {field: texts_of(answer.arrays[f"field:{field}"]) for field in fields if f"field:{field}" in answer.arrays}
    frame = pd.DataFrame({"row": row, "name_en": english, "name_ar": arabic} | own)
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")


def in_zones(
    points: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, name: str, part: PartFile, plane: str, notes: Notebook
) -> gpd.GeoDataFrame:
    """
    Add zone_id; positions farther than 5 km from every zone are left out and noted, row by row.

    Raises
    ------
    InvalidInput
        If most lie outside: swapped columns, or another coordinate system.
    """
    lon, lat = points.geometry.x.to_numpy(), points.geometry.y.to_numpy()
    at = holder(lon, lat, zones.geometry)
    shapes = zones.geometry.to_crs(plane)
    metric = points.geometry.to_crs(plane)
    for row in np.flatnonzero(at < 0):
        far = shapes.distance(metric.iloc[row]).to_numpy()
        at[row] = int(far.argmin()) if far.min() <= NEAR_M else -1
    out = at < 0
    if out.mean() > 0.5:
        turned = (holder(lat, lon, zones.geometry) >= 0).mean() > 0.5
        if turned:
            raise InvalidInput(
                "{file}: longitude and latitude are swapped, here or in the zones. Swap the two columns, or export the "
                "zones again.",
                file=part.file,
            )
        raise InvalidInput(
            "{file}: most positions lie outside every zone. Its coordinate system must be another; say it with 'crs:'.",
            file=part.file,
        )
    for row in np.flatnonzero(out)[:MOST_TOLD]:
        notes.note(
            "left_out",
            name,
            part.file,
            "row {row}: {name} lies outside every zone. Correct its position, or leave it out",
            row=int(points["row"].iloc[row]),
            name=str(points["name_en"].iloc[row]),
        )
    if out.sum() > MOST_TOLD:
        notes.note(
            "left_out", name, part.file, "further rows outside every zone: {count}", count=int(out.sum()) - MOST_TOLD
        )
    kept = points[~out].assign(zone_id=zones["zone_id"].to_numpy()[at[~out]])
    return gpd.GeoDataFrame(kept.reset_index(drop=True), crs="EPSG:4326")


def _unmarked(answer: Answer, name: str, part: PartFile, notes: Notebook) -> Answer:
    """Take hidden marks off the ends of all texts, and note how many were mended."""
    arrays = dict(answer.arrays)
    for field, values in answer.arrays.items():
        if field.startswith("field:") and values.dtype.kind == "O":
            bare, count = unmarked([str(value) for value in values])
            if count:
                arrays[field] = np.array(bare, dtype=object)
                title = answer.facts["columns"][field.removeprefix("field:")]
                notes.note(
                    "repaired",
                    name,
                    part.file,
                    "hidden marks at the ends of texts in the column {column} were taken off; rows: {count}",
                    column=title,
                    count=count,
                )
    return replace(answer, arrays=arrays)


def _tell_columns(answer: Answer, name: str, part: PartFile, notes: Notebook) -> None:
    chosen = {field: title for field, title in answer.facts["columns"].items() if field != title}
    if chosen:
        told = ", ".join(f"{field} = {title}" for field, title in chosen.items())
        notes.note("read", name, part.file, "columns: {columns}", columns=told[:300])
    if answer.facts.get("decimal_commas"):
        notes.note("read", name, part.file, "semicolons part its columns, and commas are its decimal marks")
    elif answer.facts.get("separator") == ";":
        notes.note("read", name, part.file, "semicolons part its columns")


def _tell_repairs(answer: Answer, name: str, part: PartFile, notes: Notebook) -> None:
    for repair in answer.facts.get("repaired", [])[:MOST_TOLD]:
        row = int(repair["row"])
        if repair["why"] == "outline mended":
            notes.note("repaired", name, part.file, "feature {row}: its outline touched itself and was mended", row=row)
        else:
            notes.note(
                "repaired", name, part.file, "feature {row} and others: a third coordinate was left out", row=row
            )
