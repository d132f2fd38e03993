"""
The parts of a country folder that lie in its zones, each read on its own.

What depends on a refused part says that it waits. Where the zones themselves were refused, the
form of every other part is looked at all the same: its columns, its cells, its positions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geodata.folder import places as placed
from geodata.folder.doubts import tell_places_doubts
from geodata.folder.groups import group_shares
from geodata.folder.offices import read_offices
from geodata.folder.people import Counted
from geodata.folder.rasters import raster_facts
from geodata.folder.report import Notebook
from geodata.folder.settings import RASTERS, PartFile, ShortSettings, inside
from geodata.folder.tables import read_areas

DEGREES = "EPSG:4326"


def read_parts(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, counted: Counted | None, plane: str, notes: Notebook
) -> dict[str, Any]:
    """Return places, centres, offices, districts, candidates and groups, as far as none was refused."""
    found = _positions(folder, settings, zones, plane, notes)
    places = found["places"]
    if places is not None and counted is not None:
        tell_places_doubts(counted.people, places, settings.population.file, notes)
    found["districts"] = notes.tried(
        "districts",
        _named(settings.districts),
        lambda: placed.read_districts(
            folder, settings, zones, placed.no_places() if places is None else places, plane, notes
        ),
    )
    if settings.candidates is None:
        if places is None or counted is None:
            notes.unjudged("candidates", "", "places" if places is None else "population")
        else:
            found["candidates"] = notes.tried(
                "candidates",
                "",
                lambda: placed.places_as_candidates(settings, places, counted.people, plane, notes),
            )
    if counted is not None:
        found["groups"] = notes.tried("groups", "", lambda: group_shares(folder, settings, zones, counted, notes))
    else:
        _groups_wait(settings, "population", notes)
    return found


def look_without_zones(folder: Path, settings: ShortSettings, roads: bool, notes: Notebook) -> None:
    """Look at the form of every part while the zones are refused; `roads` says that they were read."""
    anywhere = gpd.GeoDataFrame(
        {"zone_id": ["any"], "name_en": ["any"], "name_ar": ["any"]}, geometry=[shapely.box(-180, -90, 180, 90)]
    ).set_crs(DEGREES)
    found = _positions(folder, settings, anywhere, DEGREES, notes)
    looked = {name for name, frame in found.items() if frame is not None} | ({"roads"} if roads else set())
    if (part := settings.districts) is not None:
        areas = notes.tried(
            "districts",
            part.file,
            lambda: read_areas(inside(folder, part.file), part, "districts", code=settings.code, notes=notes),
        )
        looked |= {"districts"} if areas is not None else set()
    for name in ("population", "settlement", "elevation", "friction"):
        raster: PartFile | None = getattr(settings, name)
        if raster is not None and raster.file.casefold().endswith(RASTERS):
            facts = notes.tried(name, raster.file, lambda raster=raster: raster_facts(folder, raster))  # type: ignore[misc]
            looked |= {name} if facts is not None else set()
    refused = {finding.part for finding in notes.findings if finding.level == "refused"}
    for name, told in settings.parts().items():
        if name not in refused:
            notes.unjudged(name, told.file, "zones", looked=name in looked)
    _groups_wait(settings, "zones", notes)


def _positions(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, plane: str, notes: Notebook
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["places"] = notes.tried(
        "places", _named(settings.places), lambda: placed.read_places(folder, settings, zones, plane, notes)
    )
    found["centres"] = notes.tried(
        "centres", _named(settings.centres), lambda: placed.read_centres(folder, settings, zones, plane, notes)
    )
    found["offices"] = notes.tried(
        "offices", _named(settings.offices), lambda: read_offices(folder, settings, zones, plane, notes)
    )
    if (own := settings.candidates) is not None:
        found["candidates"] = notes.tried(
            "candidates",
            own.file,
            lambda: placed.read_candidates(folder, own, settings.code, zones, plane, notes),
        )
    return found


def _groups_wait(settings: ShortSettings, cause: str, notes: Notebook) -> None:
    for name in ("elderly", "disabled"):
        part = getattr(settings, name)
        if part is not None and part.share is None:
            notes.unjudged(name, part.folder, cause)


def _named(part: PartFile | None) -> str:
    return part.file if part else ""
