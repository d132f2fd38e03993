"""Where people and roads come from, for whoever says how a run was made; and the credit that licences ask."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from foundation.language import language
from geodata.country import Country, Resource
from geodata.folder.people import METHOD
from geodata.folder.settings import NETWORKS, NOT_STATED

MADE_BY = {method: kind for kind, method in METHOD.items()}
OSM_SOURCE, OSM_LICENCE = "OpenStreetMap contributors", "ODbL 1.0"
OSM_CREDIT = "Contains data of OpenStreetMap: © OpenStreetMap contributors, ODbL (openstreetmap.org/copyright)."


def origins(country: Country, *, matrix: bool = False) -> dict[str, Any]:
    """
    Say where people and journeys come from; docs/run-folder.md lists the words.

    matrix: the journeys are of the planner's own table, not of the country's roads.
    """
    people = {MADE_BY.get(str(method), "") for method in country.people["method"].unique()}
    reported = bool((country.zones["basis"] != "modelled").all())
    raw = {resource.name for resource in country.resources} if _raw_roads(country) else set()
    placed = country.offices.geometry.notna() & ~country.offices.geometry.is_empty
    return {
        "people": people.pop() if len(people) == 1 and "" not in people else "totals" if reported else "",
        "scaled": "totals" in raw,
        "journeys": "matrix" if matrix else _roads(country),
        "seats": "recorded" if not raw else "districts" if "districts" in raw else "governorates",
        "roadmap": not country.records.agency_waves.empty,
        "offices": {"recorded": len(country.offices), "placed": int(placed.sum())},
    }


def credited(country: Country) -> list[dict[str, str]]:
    """Return the remarks that go with maps and reports, the credit of OpenStreetMap first where it is owed."""
    notes = [{"text_en": note["en"], "text_ar": note["ar"]} for note in country.notes.values()]
    owed = any(_is_osm(one) for one in country.resources)
    if owed and not any("openstreetmap" in note["text_en"].casefold() for note in notes):
        notes.insert(0, {f"text_{code}": language(code).text(OSM_CREDIT) for code in ("en", "ar")})
    return notes


def terms(part: Resource) -> tuple[str, str]:
    """Return the source and the licence of a part; of a road network in a format of OpenStreetMap, known unstated."""
    source, licence = part.source, part.licence
    if part.name == "roads" and PurePath(part.path).suffix.casefold() in NETWORKS:
        source = OSM_SOURCE if source == NOT_STATED else source
        licence = OSM_LICENCE if licence == NOT_STATED else licence
    return source, licence


def _is_osm(part: Resource) -> bool:
    source, licence = terms(part)
    return "openstreetmap" in source.casefold() or "odbl" in licence.casefold()


def _raw_roads(country: Country) -> Resource | None:
    """The road file of a folder of plain files; a pack has tables in its place."""
    found = (one for one in country.resources if one.name == "roads" and PurePath(one.path).suffix != ".csv")
    return next(found, None)


def _roads(country: Country) -> str:
    raw = _raw_roads(country)
    if raw is not None:
        return "openstreetmap" if _is_osm(raw) else "lines"
    route = country.roads.route
    return "routes" if route is not None and (route != "").any() else "roads"
