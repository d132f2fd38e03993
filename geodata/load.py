"""
The way in: `load` reads a country, checks it, and returns its frames; `check` says what was read.

``jordan`` is built in. Any other country is a folder: a pack with the same layout
(docs/data.md), or plain files with a short `country.yaml` (docs/country-folder.md).
"""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import shorten
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from foundation.errors import InvalidInput, MarkazError, NotFound
from geodata.checks import Ground, check_groups, check_links, check_people
from geodata.checks_records import check_records
from geodata.contract import BY_NAME, PARTS, RECORDS
from geodata.country import Country
from geodata.folder.build import ZONE_COLUMNS, build
from geodata.folder.cache import compiled, is_short_folder
from geodata.folder.frames import is_compiled, load_country
from geodata.folder.report import DataReport, Notebook
from geodata.outlines import read_outlines
from geodata.pack import Pack, open_pack
from geodata.records import Records
from geodata.rehearsal import rehearse
from geodata.roads import read_roads
from geodata.tables import read_table

BUILT_IN = {"jordan": Path(__file__).parent / "jordan"}


def load(country: str | Path) -> Country:
    """
    Read and check a country.

    Parameters
    ----------
    country
        The name of a built-in country (``"jordan"``), or a folder: a pack, plain files with a
        short `country.yaml`, or a compiled country. A string with a path separator is
        always a folder.

    Raises
    ------
    NotFound
        If there is no such country, or the pack lacks its settings or descriptor.
    InvalidInput
        If anything in it is wrong: file, row and field, and what to do.
    """
    folder = _folder(country)
    if is_compiled(folder):
        return load_country(folder)[0]
    if is_short_folder(folder):
        return compiled(folder)[0]
    if folder.resolve() not in {home.resolve() for home in BUILT_IN.values()}:
        rehearse(folder)
    return read_pack(folder)


def check(country: str | Path) -> DataReport:
    """
    Say what of a country is read, mended, assumed, left out and refused, and people by zone.

    Never raises for a country that is wrong: each refusal is a finding of the report.

    Parameters
    ----------
    country
        As for `load`.
    """
    try:
        folder = _folder(country)
        if not is_compiled(folder) and is_short_folder(folder):
            return build(folder)[1]
        return _checked_pack(load(folder))
    except MarkazError as error:
        notes = Notebook()
        named = str(error.values.get("file", "")) or "country.yaml"
        notes.refuse(named, named, error)
        return DataReport(str(country), tuple(notes.findings), pd.DataFrame(columns=ZONE_COLUMNS), ())


def _checked_pack(country: Country) -> DataReport:
    """Report on a pack that loaded: such a country is taken as it is or refused, never mended."""
    notes = Notebook()
    for resource in country.resources:
        notes.note(
            "read",
            resource.name,
            resource.path,
            "as described, sha256 {digest}; {source}; {licence}",
            digest=resource.sha256[:12],
            source=shorten(resource.source, 200, placeholder=" …"),
            licence=shorten(resource.licence, 300, placeholder=" …"),
        )
    zones = pd.DataFrame(country.zones[["zone_id", "name_en", "name_ar", "population", "urban", "rural"]])
    points = country.people.groupby("zone_id").size().reindex(zones["zone_id"]).fillna(0).astype("int64")
    table = zones.rename(columns={"population": "people"}).assign(
        read=zones["population"].astype("float64"), factor=1.0, points=points.to_numpy()
    )
    return DataReport(str(country.folder), tuple(notes.findings), table[ZONE_COLUMNS], country.resources)


def read_pack(folder: Path) -> Country:
    """Read and check a pack, in this process; raises as `load`."""
    pack = open_pack(folder)
    settings = pack.settings
    files = {part: described.path for part, described in pack.described.items()}
    tables = {part.name: _table(pack, part.name) for part in PARTS if part.format == "csv"}
    recorded = {part.name: _table(pack, part.name) for part in RECORDS if part.name in pack.described}
    shapes = read_outlines(pack.data("zone_shapes"), name=files["zone_shapes"], metric_crs=settings.metric_crs)
    _check_zones(tables["zones"], shapes, settings.capital_zone, files)
    check_links(tables, files)
    check_people(tables["zones"], tables["people"], settings.population_total, files)
    check_groups(tables["zones"], tables["groups"], files["groups"])
    check_records(tables | recorded, files)
    ground = Ground(shapes, metric_crs=settings.metric_crs, tolerance_km=settings.position_tolerance_km)
    ground.check(tables["people"], files["people"], own_zone=True)
    for part in ("districts", "places", "candidates", "centres", "offices", "road_nodes"):
        ground.check(tables[part], files[part])
    roads = read_roads(pack.path("road_nodes"), pack.path("road_edges"), pack.path("travel_rules"))
    return Country(
        code=settings.code,
        name_en=settings.name_en,
        name_ar=settings.name_ar,
        metric_crs=settings.metric_crs,
        capital_zone=settings.capital_zone,
        population_year=settings.population_year,
        zones=_with_shapes(tables["zones"], shapes),
        districts=tables["districts"],
        people=_points(tables["people"]),
        groups=tables["groups"],
        places=_points(tables["places"]),
        roads=roads,
        candidates=_points(tables["candidates"]),
        centres=_points(tables["centres"]),
        offices=_points(tables["offices"]),
        resources=pack.resources,
        notes={name: {"en": note.en, "ar": note.ar} for name, note in settings.notes.items()},
        folder=pack.folder,
        records=Records(**recorded),
    )


def _folder(country: str | Path) -> Path:
    if isinstance(country, str) and not any(mark in country for mark in (os.sep, "/")):
        if country in BUILT_IN:
            return BUILT_IN[country]
        if not Path(country).is_dir():
            raise NotFound(
                "There is no country '{name}'. Built in: {known}. For another, give the folder of its pack.",
                name=country,
                known=", ".join(BUILT_IN),
            )
    return Path(country)


def _table(pack: Pack, part: str) -> pd.DataFrame:
    described = pack.described[part]
    told = {field.name: field.constraints for field in described.schema_.fields} if described.schema_ else {}
    return read_table(pack.data(part), name=described.path, fields=BY_NAME[part].fields, extra=told)


def _check_zones(zones: pd.DataFrame, shapes: gpd.GeoDataFrame, capital: str, files: dict[str, str]) -> None:
    different = sorted(set(zones["zone_id"]) ^ set(shapes["zone_id"]))
    if different:
        raise InvalidInput(
            "{zones} and {shapes} do not have the same zones: {different}. Add what is missing.",
            zones=files["zones"],
            shapes=files["zone_shapes"],
            different=", ".join(different)[:200],
        )
    if capital not in set(zones["zone_id"]):
        raise InvalidInput(
            "country.yaml: capital_zone is {capital}, which {zones} does not have. Correct it.",
            capital=capital,
            zones=files["zones"],
        )


def _with_shapes(zones: pd.DataFrame, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    lines = shapes.set_index("zone_id").reindex(zones["zone_id"])
    plain = zones.drop(columns="url").assign(boundary_basis=lines["boundary_basis"].to_numpy())
    outlines = gpd.GeoSeries(lines.geometry.to_numpy(), index=plain.index)
    return gpd.GeoDataFrame(plain, geometry=outlines, crs="EPSG:4326")


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Turn lon and lat into points; None where they are missing."""
    lon, lat = table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64)
    known = np.isfinite(lon)
    geometry: Any = np.full(len(table), None, dtype=object)
    geometry[known] = gpd.points_from_xy(lon[known], lat[known])
    plain = table.drop(columns=["lon", "lat"])
    return gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(geometry, index=plain.index), crs="EPSG:4326")
