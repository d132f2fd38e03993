"""A country of plain files through the whole report: what its reader finds agrees, and is said in their language."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geodata
from foundation.language import language
from geodata.offices import placed
from planning.travel import nearest
from reports.material import gather
from reports.parts.sources import part_name
from reports.writing import Writer, plain
from tests.reports.conftest import Written, write


@pytest.fixture(scope="module")
def pages(foreign) -> dict[str, Written]:
    material = gather(foreign)
    return {code: write(material, code) for code in ("en", "ar")}


def texts(page, section: str = "") -> list[str]:
    return [one.text for one in page.texts if not section or one.section == section]


def test_coverage_and_equity_count_by_the_same_standards(pages):
    tables = pages["en"].page.tables
    covered = {row[0].text: row[4].value for row in tables["coverage-groups"].rows}
    beyond = {row[0].text: row[4].value for row in tables["inequality"].rows}
    for coverage, equity in (
        ("All residents", "Testland"),
        ("Elderly (60 and over)", "Elderly (60 and over)"),
        ("People with disabilities", "People with disabilities"),
    ):
        assert float(covered[coverage]) + float(beyond[equity]) == pytest.approx(1.0)
    assert float(beyond["Elderly (60 and over)"]) > float(beyond["People with disabilities"])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "For this group the standard is 15 minutes wherever it is stricter: Elderly (60 and over)."),
        ("ar", "معيار الوصول لهذه الفئة 15 دقيقة حيثما كان أشدّ: كبار السن (60 سنة فأكثر)."),
    ],
)
def test_a_standard_of_a_group_is_named_where_the_standard_is(pages, code: str, said: str):
    page = pages[code].page
    assert said in next(one.text for one in page.texts if "lead" in one.classes)
    assert said in texts(page, "governorates")[0]


def test_who_is_near_an_office_is_counted_where_offices_have_positions(foreign, pages):
    country = geodata.load(foreign.path / "inputs" / "country")
    minutes = nearest(country, placed(country.offices)).minutes  # the closed road lies between two towns with offices
    urban = (country.people["settlement"] == "urban").to_numpy()
    people = country.people["people"].to_numpy()
    most = people[minutes <= np.where(urban, 20.0, 45.0)].sum()
    (shown,) = (float(row[2].value) for row in pages["en"].page.tables["offices"].rows if row[0].text == "Testland")
    assert 0 < shown < most  # the old have 15 minutes
    assert shown > 0.9 * most
    assert not any("was not computed" in said for said in texts(pages["en"].page, "offices"))


@pytest.mark.parametrize(
    ("code", "finding", "field", "route"),
    [
        (
            "en",
            "have one only over a long way off the road that is assumed",
            "it is assumed, up to 40 km",
            "in the data.",
        ),
        ("ar", "مسافة طويلة مفترضة خارج الطرق", "وحدّها الأقصى 40 كم", "ولكل مكان مأهول طريق في البيانات."),
    ],
)
def test_a_long_way_off_the_road_is_said_to_be_assumed(foreign, pages, code: str, finding: str, field: str, route: str):
    record, page = foreign.info["long_legs"], pages[code].page
    assert (record["beyond_km"], record["limit_km"]) == (10, 40)
    assert 0 < record["no_other_way"] <= record["people"]
    lead = next(one.text for one in page.texts if "lead" in one.classes)
    assert finding in lead
    assert route not in lead
    said = " ".join(texts(page, "left-out"))
    assert field in said
    assert "off_road: longest_leg_km" in said
    assert f"{record['people']:,}" in said


@pytest.mark.parametrize(
    ("code", "heads"),
    [
        ("en", ["Within 15 minutes", "Within 20 minutes", "Within 30 minutes", "Within 45 minutes"]),
        ("ar", ["خلال 15 دقيقة فأقل", "خلال 20 دقيقة فأقل", "خلال 30 دقيقة فأقل", "خلال 45 دقيقة فأقل"]),
    ],
)
def test_the_bands_end_at_the_standards_too(pages, code: str, heads: list[str]):
    table = pages[code].page.tables["bands"]
    assert [cell.text.partition(" \u2014")[0] for cell in table.head][1:5] == heads
    for row in table.values():
        assert row[1:7] == sorted(row[1:7])


def test_closed_roads_are_named_by_what_lies_beside_them(foreign, pages):
    shown = [[cell.text for cell in row[:3]] for row in pages["en"].page.tables["travel-roads"].rows]
    assert shown[0] == ["Closed", "near Puerto Alto (-33.15105, -57.51867)", "near Puerto Alto (-33.15011, -57.50818)"]
    assert pages["ar"].page.tables["travel-roads"].rows[0][1].text == "قرب Puerto Alto (-33.15105, -57.51867)"
    table = pd.read_csv(foreign.path / "travel_roads.csv", encoding="utf-8-sig")
    assert table.loc[0, ["start_lat", "start_lon", "end_lat", "end_lon"]].tolist() == [
        -33.15105,
        -57.51867,
        -33.15011,
        -57.50818,
    ]


def test_the_arabic_report_names_groups_places_and_parts_in_arabic(pages):
    tables = pages["ar"].page.tables
    shares = [row[0].text for row in tables["carless-shares"].rows]
    assert shares == ["الجميع", "الريف، كبار السن (60 سنة فأكثر)", "الغرب، الشرق"]
    assert tables["methods"].rows[0][0].text == "خلايا شبكة لأعداد السكان، مجموعة في كتل"
    sources = [[cell.text for cell in row[:4]] for row in tables["sources"].rows]
    assert ["شبكة الطرق", "OpenStreetMap contributors", "ODbL 1.0", "غير مذكور"] in sources
    assert not [row for row in sources if {"zones", "population", "not stated"} & set(row)]


def test_files_of_a_group_are_numbered():
    for code, said in (("en", "Elderly (60 and over): file 7"), ("ar", "كبار السن (60 سنة فأكثر): الملف 7")):
        shown = plain(part_name(Writer(language(code)), "elderly-7"))
        assert "".join(mark for mark in shown if mark not in "\u2066\u2067\u2068\u2069") == said
