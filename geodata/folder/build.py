"""
From a country folder of the short form to a checked `Country` and a report.

Each part is read on its own, so that one refusal does not hide the next; what depends on a
refused part is passed over.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from foundation.errors import InvalidInput, MarkazError, Name
from geodata.country import Country, Resource
from geodata.folder import places as placed
from geodata.folder.agreement import zones_among
from geodata.folder.ground import expect_near, read_terrain, with_slopes
from geodata.folder.groups import age_files
from geodata.folder.hanging import tell_hanging
from geodata.folder.parts import look_without_zones, read_parts
from geodata.folder.people import Counted, count_people, people_frame, zones_with_people
from geodata.folder.people_told import scaling_note
from geodata.folder.report import DataReport, Notebook
from geodata.folder.roads import read_roads
from geodata.folder.settings import PartFile, ShortSettings, inside, resource
from geodata.folder.short_form import read_settings
from geodata.folder.tables import read_areas
from geodata.osm import Network
from geodata.osm.speeds import BUILT_IN
from geodata.plane import MOST_OFF, expect_true, metric_plane, worst_scale

ZONE_COLUMNS = ["zone_id", "name_en", "name_ar", "read", "factor", "people", "urban", "rural", "points"]


def build(folder: Path, *, stop: bool = False) -> tuple[Country | None, DataReport]:
    """
    Read a country folder; with `stop`, the first refusal is raised.

    Returns
    -------
    country
        None if anything was refused.
    report
        Everything that was read, mended, assumed, left out and refused.
    """
    notes = Notebook(stop=stop)
    settings = notes.tried("country.yaml", "country.yaml", lambda: read_settings(folder))
    if settings is None:
        return None, _report(folder, notes, None, None, ())
    notes.part_of = {told.file: name for name, told in settings.parts().items()} | {settings.roads.speeds: "speeds"}
    files = _files(folder, settings, notes)
    zones = notes.tried("zones", settings.zones.file, lambda: _zones(folder, settings, notes))
    roads = notes.tried("roads", settings.roads.file, lambda: read_roads(folder, settings, notes))
    if zones is not None:
        read = zones
        zones = notes.tried("zones", settings.zones.file, lambda: zones_among(folder, settings, read, roads))
    if zones is None:
        look_without_zones(folder, settings, roads is not None, notes)
        return None, _report(folder, notes, None, None, files)
    country, counted = _placed(folder, settings, zones, roads, files, notes)
    return country, _report(folder, notes, zones, counted, files)


def _placed(
    folder: Path,
    settings: ShortSettings,
    zones: gpd.GeoDataFrame,
    roads: Network | None,
    files: tuple[Resource, ...],
    notes: Notebook,
) -> tuple[Country | None, Counted | None]:
    """Read what lies in the zones, and put the country together if nothing was refused."""
    plane = notes.tried("country.yaml", "country.yaml", lambda: _plane(settings, zones, notes)) or metric_plane(
        zones.geometry
    )
    counted = notes.tried(
        "population", settings.population.file, lambda: count_people(folder, settings, zones, plane, notes)
    )
    if roads is not None:
        notes.tried("roads", settings.roads.file, lambda: expect_near(roads.graph, zones, settings.roads.file))
    parts = read_parts(folder, settings, zones, counted, plane, notes)
    ground = read_terrain(folder, settings, zones, plane, notes, notes.tried)
    if counted is None or roads is None or notes.error is not None:
        return None, counted
    return (
        notes.tried(
            "country.yaml",
            "",
            lambda: _country(
                folder,
                settings,
                zones,
                counted,
                with_slopes(roads, folder, settings.roads, ground, plane, notes),
                parts | {"terrain": ground},
                plane,
                files,
                notes,
            ),
        ),
        counted,
    )


def _files(folder: Path, settings: ShortSettings, notes: Notebook) -> tuple[Resource, ...]:
    parts: dict[str, Any] = dict(settings.parts())
    for group in ("elderly", "disabled"):
        told = getattr(settings, group)
        if told is not None:
            for at, name in enumerate(told.files or _age_files(folder, told.folder), start=1):
                provenance = {"source": told.source, "licence": told.licence, "vintage": told.vintage}
                parts[f"{group}-{at}"] = PartFile.model_validate({"file": name} | provenance)
    if settings.roads.speeds not in BUILT_IN:
        parts["speeds"] = PartFile(file=settings.roads.speeds)
    found = []
    for name, part in parts.items():
        try:
            if not inside(folder, part.file).is_dir():  # where it is read, a folder is told what to do with it
                found.append(resource(folder, name, part))
        except MarkazError as error:
            notes.refuse(name, part.file, error)
    return tuple(found)


def _age_files(folder: Path, name: str) -> tuple[str, ...]:
    """Name the age rasters of a folder; what is wrong with them is said where they are read."""
    with contextlib.suppress(MarkazError):
        return age_files(folder, name)
    return ()


def _plane(settings: ShortSettings, zones: gpd.GeoDataFrame, notes: Notebook) -> str:
    if settings.metric_crs:
        expect_true(settings.metric_crs, zones.geometry, "country.yaml")
        return settings.metric_crs
    plane = metric_plane(zones.geometry)
    worst = worst_scale(plane, zones.geometry)
    if abs(worst - 1.0) > MOST_OFF:
        notes.note(
            "assumed",
            "zones",
            "country.yaml",
            "the country is so wide that in the plane made for it a metre at its edge is {metres} metres: straight "
            "distances there are off by that much. Give a metric_crs, or plan its parts one by one",
            metres=f"{worst:.2f}",
        )
    return plane


def _zones(folder: Path, settings: ShortSettings, notes: Notebook) -> gpd.GeoDataFrame:
    zones = read_areas(inside(folder, settings.zones.file), settings.zones, "zones", code=settings.code, notes=notes)
    capital = settings.capital_zone
    if capital and capital not in {*zones["zone_id"], *zones["name_en"], *zones["name_ar"]}:
        raise InvalidInput(
            "country.yaml: capital_zone is {capital}, which {zones} does not have. Correct it.",
            capital=capital,
            zones=settings.zones.file,
        )
    return zones


def _country(
    folder: Path,
    settings: ShortSettings,
    zones: gpd.GeoDataFrame,
    counted: Counted,
    network: Network,
    parts: dict[str, Any],
    plane: str,
    files: tuple[Resource, ...],
    notes: Notebook,
) -> Country:
    districts, outlines = parts["districts"]
    candidates = pd.concat([placed.centre_sites(parts["centres"]), parts["candidates"]], ignore_index=True)
    _check_ids(candidates)
    of_site = placed.districts_of(
        candidates.geometry.x.to_numpy(),
        candidates.geometry.y.to_numpy(),
        candidates["zone_id"].to_numpy(dtype=object),
        districts,
        outlines,
        plane,
    )
    candidates.insert(4, "district_id", districts["district_id"].to_numpy(dtype=object)[of_site])
    people, ids = counted.people, zones["zone_id"].to_numpy(dtype=object)
    of_point = placed.districts_of(people.lon, people.lat, ids[people.zone], districts, outlines, plane)
    points = people_frame(counted, settings.population.geometry, zones, districts, of_point, parts["places"], plane)
    tell_hanging(points, network, plane, settings.roads.file, notes)
    return Country(
        code=settings.code,
        name_en=settings.name_en,
        name_ar=settings.name_ar,
        metric_crs=plane,
        capital_zone=_capital(settings, zones, people.totals, notes),
        population_year=settings.population_year,
        zones=zones_with_people(
            zones, counted, plane, settings.population.source, settings.totals.source if settings.totals else ""
        ),
        districts=districts,
        people=points,
        groups=parts["groups"],
        places=parts["places"],
        roads=network.graph,
        candidates=gpd.GeoDataFrame(candidates, geometry="geometry", crs="EPSG:4326"),
        centres=parts["centres"],
        offices=parts["offices"],
        resources=files,
        notes={name: {"en": note.en, "ar": note.ar} for name, note in settings.notes.items()}
        | scaling_note(people, zones),
        folder=folder,
        terrain=parts["terrain"],
    )


def _check_ids(candidates: pd.DataFrame) -> None:
    doubled = candidates["site_id"].duplicated()
    if doubled.any():
        raise InvalidInput(
            "The id {site} is that of a centre and of a candidate. Give each its own.",
            site=str(candidates.loc[doubled, "site_id"].iloc[0]),
        )


def _capital(settings: ShortSettings, zones: gpd.GeoDataFrame, totals: Any, notes: Notebook) -> str:
    for title in ("zone_id", "name_en", "name_ar"):
        found = np.flatnonzero(zones[title] == settings.capital_zone)
        if settings.capital_zone and found.size:
            return str(zones["zone_id"].iloc[int(found[0])])
    largest = zones.iloc[int(np.argmax(totals))]
    notes.note(
        "assumed",
        "zones",
        "country.yaml",
        "capital_zone is not given: {zone}, which has most people",
        zone=Name(str(largest["name_en"]), str(largest["name_ar"])),
    )
    return str(largest["zone_id"])


def _report(
    folder: Path,
    notes: Notebook,
    zones: gpd.GeoDataFrame | None,
    counted: Counted | None,
    files: tuple[Resource, ...],
) -> DataReport:
    table = pd.DataFrame(columns=ZONE_COLUMNS)
    if zones is not None and counted is not None:
        people = counted.people
        urban = np.bincount(people.zone, people.persons * people.urban, minlength=len(zones)).astype(np.int64)
        table = pd.DataFrame(
            {
                "zone_id": zones["zone_id"],
                "name_en": zones["name_en"],
                "name_ar": zones["name_ar"],
                "read": people.read,
                "factor": people.factors,
                "people": people.totals,
                "urban": urban,
                "rural": people.totals - urban,
                "points": np.bincount(people.zone, minlength=len(zones)),
            }
        )
    return DataReport(folder=str(folder), findings=tuple(notes.findings), zones=table, files=files)
