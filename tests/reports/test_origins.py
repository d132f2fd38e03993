"""What is said of where people and roads come from: of this country, never of another."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from foundation.language import CODES, language
from geodata.country import Resource
from reports.parts.coverage import governorate_table
from reports.parts.method import method
from reports.parts.origins import estimates, shares_told
from reports.writing import Writer
from scenarios.origins import credited, origins
from tests.reports.chapters import bare, material_of, texts
from tests.toy import toy_country

CREDIT = {"en": "© OpenStreetMap contributors, ODbL", "ar": "© المساهمون في OpenStreetMap، برخصة ODbL"}
RAW = {"people": "raster", "scaled": False, "journeys": "openstreetmap", "seats": "districts", "roadmap": False}
JORDAN = {"people": "totals", "scaled": False, "journeys": "routes", "seats": "recorded", "roadmap": True}
OF_JORDAN = ("recorded totals", "recorded routes", "the criteria the roadmap", "district seat", "recorded share")


def said(found: dict[str, object]) -> str:
    writer, material = Writer(language("en")), material_of({"origins": found})
    parts = [bare(estimates(writer, material)), *texts(method(writer, material)), bare(shares_told(writer, material))]
    return "\n".join([*parts, *(bare(note.text) for note in governorate_table(writer, material).notes)])


def test_jordan_keeps_its_own_words():
    assert all(words in said(JORDAN) for words in OF_JORDAN)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "modelled from a raster of people, and travel time is modelled from the roads of OpenStreetMap"),
        ({}, "summed into points from a raster of people; no official totals were given"),
        ({}, "travel to the nearest of the districts' largest places"),
        ({"scaled": True}, "scaled to the official totals of the governorates that have one"),
        ({"people": "point", "journeys": "lines"}, "from points with a number of people, and travel time is modelled"),
        ({"journeys": "matrix"}, "Travel times are those of the planner's own table."),
        ({"journeys": "matrix"}, "Travel time is read from the planner's own table"),
        ({"seats": "governorates"}, "the governorates' largest places"),
    ],
)
def test_another_country_is_told_by_its_own_facts(change: dict[str, object], words: str):
    found = said(RAW | change)
    assert words in found
    assert not [each for each in OF_JORDAN if each in found]


def test_a_pack_is_known_by_its_tables():
    country = toy_country()
    assert origins(country) == {
        "people": "totals",
        "scaled": False,
        "journeys": "roads",
        "seats": "recorded",
        "roadmap": False,
        "offices": {"recorded": 0, "placed": 0},
    }
    routes = replace(country.roads, route=country.roads.road_class)
    assert origins(replace(country, roads=routes))["journeys"] == "routes"
    assert origins(country, matrix=True)["journeys"] == "matrix"


@pytest.mark.parametrize(
    ("path", "source", "licence", "owed"),
    [
        ("extract.osm.pbf", "not stated", "not stated", True),
        ("roads.GraphML", "not stated", "not stated", True),
        ("roads.gpkg", "not stated", "not stated", False),
        ("roads.gpkg", "OpenStreetMap, by Geofabrik", "not stated", True),
        ("roads.gpkg", "a survey", "ODbL 1.0", True),
        ("roads.gpkg", "the ministry", "CC BY 4.0", False),
    ],
)
def test_openstreetmap_is_credited_where_it_was_read(path: str, source: str, licence: str, owed: bool):
    roads = Resource("roads", path, "0" * 64, "roads", source, licence, "not stated")
    country = replace(toy_country(), resources=(roads,))
    notes = credited(country)
    assert [note["text_en"] for note in notes][-1] == "Made up for tests"
    assert (CREDIT["en"] in notes[0]["text_en"], CREDIT["ar"] in bare_text(notes[0]["text_ar"])) == (owed, owed)
    own = replace(country, notes={"own": {"en": "Roads of OpenStreetMap", "ar": "طرق"}})
    assert [note["text_en"] for note in credited(own)] == ["Roads of OpenStreetMap"]


@pytest.mark.parametrize("code", CODES)
def test_the_credit_stands_in_the_map_and_the_reports(foreign, code: str):
    for file in ("map.html", f"report.{code}.html"):
        assert CREDIT[code] in bare_text((foreign.path / file).read_text(encoding="utf-8")), file


def test_people_of_a_raster_are_not_said_to_be_reported(foreign):
    people = foreign.results.query("measure == 'population' and group == 'all'")
    assert set(people["basis"]) == {"modelled"}


def bare_text(text: str) -> str:
    return re.sub("<[^>]+>|[\u2066-\u2069]", "", text)
