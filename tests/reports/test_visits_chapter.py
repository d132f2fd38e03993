"""The chapters of visits and of journeys saved: they say what the record says, in both languages."""

import copy
import math

import pytest

from foundation.basis import Basis
from reports.parts.visits import visits
from reports.parts.visits_agencies import agencies
from reports.parts.visits_services import journeys
from tests.reports.chapters import bare, both, column, material_of, tables, texts

YEARS = ("2024", "2025")


def _service(name, priority, basis, rate):
    return {
        "service_id": name,
        "name_en": name.title(),
        "name_ar": "خدمة",
        "agency_en": "Agency",
        "agency_ar": "جهة",
        "may_be_digital": name == "tax",
        "use_rate": rate,
        "basis": basis,
        "priority": priority,
        "score_transactions": 1.0,
        "score_green": 0.25,
        "visits_2024": 60,
        "visits_2025": 50,
    }


RECORD = {
    "basis": "modelled",
    "years": [2024, 2025],
    "totals": {
        "low": {"2024": 70, "2025": 60},
        "mid": {"2024": 110, "2025": 100},
        "high": {"2024": 160, "2025": 150},
        "recorded": {"2024": 108, "2025": 104},
    },
    "population": {"mid": {"2024": 980, "2025": 1000}},
    "digital": {"planned": {"2024": 0.6, "2025": 1.0}, "recorded": {"2024": 0.59, "2025": 0.8}},
    "take_up": {"all": {"2024": 0.381, "2025": 0.381}, "elderly": {"2024": 0.3, "2025": 0.3}},
    "assisted": 0.05,
    "cases": {
        "low": {"transactions_per_visit": 3.6, "take_up_times": 1.25, "assumed_rates_times": 0.75},
        "mid": {"transactions_per_visit": 2.48, "take_up_times": 1.0, "assumed_rates_times": 1.0},
        "high": {"transactions_per_visit": 2.0, "take_up_times": 0.75, "assumed_rates_times": 1.25},
    },
    "refugees": "return",
    "non_resident": {"A": 0.1},
    "scale": {
        "to": "network",
        "factor": 0.443,
        "alternatives": {"network": 0.443, "centres": 1.277},
        "recorded": {"first": "2025-03-31", "last": "2025-09-30", "centres": 9, "transactions": 2400, "visitors": 980},
    },
    "compared": [
        {
            "measure": "network_transactions",
            "place": "",
            "name_en": "Toyland",
            "name_ar": "بلد الألعاب",
            "recorded_low": 2400,
            "recorded_high": 2400,
            "modelled_low": 1900,
            "modelled_mid": 2400,
            "modelled_high": 2900,
            "fitted": True,
            "source": "the record",
        },
        {
            "measure": "visitors_per_day",
            "place": "a",
            "name_en": "First",
            "name_ar": "الأول",
            "recorded_low": 300,
            "recorded_high": 500,
            "modelled_low": 53,
            "modelled_mid": 96,
            "modelled_high": 144,
            "fitted": False,
            "source": "the press",
        },
    ],
    "factors": [
        {"factor": "transactions", "weight": 0.75, "counted": True},
        {"factor": "green", "weight": 0.25, "counted": False},
    ],
    "services": [_service("tax", 0.8, "modelled", 0.1), _service("works", 0.5, "assumed", 0.3)],
    "governorates": [
        {"zone_id": "A", "visits": {"2024": 70, "2025": 65}},
        {"zone_id": "B", "visits": {"2024": 40, "2025": 35}},
    ],
    "centres": [
        {
            "id": "a",
            "visits": {"low": 50, "mid": 85, "high": 120, "recorded": 88},
            "peak_day": 0.4,
            "below_floor": ["low"],
        }
    ],
    "no_centre": {"2024": 4, "2025": 5},
    "elsewhere": {"2024": 9, "2025": 10},
    "calendar": {"open_days": 298.9, "open_hours": 4251.4, "peak_month_factor": 1.2},
    "visits_floor": 60.0,
    "demand_at_work_share": 0.3,
}
SAVED = {
    "basis": "modelled",
    "year": 2025,
    "share": 0.443,
    "hours_per_journey": 1.0,
    "groups": [
        {"group": "all", "journeys": 120, "hours": 200},
        {"group": "elderly", "journeys": 6, "hours": 11},
        {"group": "disabled", "journeys": 13, "hours": 22},
    ],
    "places": [
        {"scope": "governorate", "scope_id": "A", "journeys": 80, "hours": 130},
        {"scope": "governorate", "scope_id": "B", "journeys": 40, "hours": 70},
        {"scope": "settlement", "scope_id": "urban", "journeys": 100, "hours": 160},
        {"scope": "settlement", "scope_id": "remote", "journeys": 20, "hours": 40},
    ],
    "events": [
        {
            "event_id": "birth",
            "name_en": "A newborn",
            "name_ar": "مولود جديد",
            "journeys_per_event": 1.24,
            "journeys": 120,
            "hours": 200,
        },
        {
            "event_id": "none",
            "name_en": "None",
            "name_ar": "لا شيء",
            "journeys_per_event": None,
            "journeys": 0,
            "hours": 0,
        },
    ],
}
SITES = {"sites": [{"id": "a", "name_en": "First", "name_ar": "الأول"}]}


def _written(**changes):
    return both(visits, material_of(SITES | {"visits": copy.deepcopy(RECORD) | changes}))


def test_a_run_without_the_record_has_no_chapter():
    assert both(visits, material_of({})) == {"en": None, "ar": None}
    assert both(journeys, material_of({})) == {"en": None, "ar": None}


def test_both_languages_show_the_same_figures():
    written = _written()
    english, arabic = tables(written["en"]), tables(written["ar"])
    assert set(english) == set(arabic) >= {"visits-years", "visits-compared", "visits-services", "visits-centres"}
    for name, table in english.items():
        for at in range(1, len(table.columns)):
            assert column(table, at) == column(arabic[name], at), (name, at)


def test_the_lead_names_the_two_curves():
    lead = next(texts(_written()["en"]))
    assert lead == (
        "In 2025 the model expects 100 visits a year in person (60 to 150) under the planned digital curve, and 104 "
        "under the recorded one."
    )
    assert "100 زيارة" in next(texts(_written()["ar"]))


def test_modelled_stands_beside_recorded_with_its_basis():
    table = tables(_written()["en"])["visits-compared"]
    assert [c.basis for c in table.columns[1:]] == [Basis.REPORTED] * 2 + [Basis.MODELLED] * 3
    assert [bare(row.cells[0].text) for row in table.rows] == [
        "Transactions a year, all centres",
        "Visitors a day, First",
    ]
    assert [bool(row.cells[0].mark) for row in table.rows] == [True, False]
    assert [row.cells[4].value for row in table.rows] == [2400, 96]


def test_an_assumed_rate_is_marked_as_one():
    table = tables(_written()["en"])["visits-services"]
    assert [row.cells[3].basis for row in table.rows] == [Basis.MODELLED, Basis.ASSUMED]
    assert [row.cells[5].value for row in table.rows] == [0.8, 0.5]


def test_the_parts_of_the_priority_are_shown_with_their_weights():
    table = tables(_written()["en"])["visits-scores"]
    assert [c.basis for c in table.columns[2:]] == [Basis.MODELLED, Basis.ASSUMED]  # transactions are counted
    assert bare(table.columns[3].label) == "green"  # an own factor keeps the planner's name
    assert [bare(c.unit) for c in table.columns[2:]] == ["weight 75.0%", "weight 25.0%"]
    assert [row.cells[3].value for row in table.rows] == [0.25, 0.25]


def test_governorates_sum_to_the_total_row():
    table = tables(_written()["en"])["visits-governorates"]
    for at in (1, 2):
        *parts, total = column(table, at)
        assert sum(parts) == total


def test_a_centre_below_the_floor_is_marked_and_the_rest_is_said():
    section = _written()["en"]
    row = tables(section)["visits-centres"].rows[0]
    assert bare(row.cells[0].mark) == "below the floor: low case"
    said = " ".join(texts(section))
    assert "5 visits without such a centre" in said
    assert "and 10 for services bound" in said
    assert "fall below 60 a year" in said
    assert "30.0% of the visits begins at work" in said
    assert "multiplies take-up by 1.25 and assumed rates by 0.75, the high case by 0.75 and 1.25" in said
    assert "refugees return" in said
    assert "1 of 2 service lines rest on an assumption" in said


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ({}, "Fitted to single centres instead it would be 1.277"),
        ({"to": "centres", "factor": 1.277}, "fitted to the recorded loads of single centres"),
        ({"to": "stated", "factor": 0.5}, "is stated, not fitted: 0.500"),
        ({"alternatives": {"network": 0.443}}, "it would be not computed"),
    ],
)
def test_the_factor_is_said_with_where_it_comes_from(scale, words):
    said = " ".join(texts(_written(scale=RECORD["scale"] | scale)["en"]))
    assert words in said


def test_without_a_record_nothing_is_compared():
    section = _written(compared=[], scale=RECORD["scale"] | {"to": "none", "factor": 1.0, "recorded": None})["en"]
    assert "visits-compared" not in tables(section)


ROADMAP = {
    "agencies": [
        {
            "agency_id": "a",
            "name_en": "First",
            "name_ar": "الأولى",
            "services": 75,
            "digitised": 9,
            "certainty": "printed",
        },
        {
            "agency_id": "b",
            "name_en": "Second",
            "name_ar": "الثانية",
            "services": None,
            "digitised": None,
            "certainty": "missing",
        },
    ],
    "waves": [
        {"wave": "2022-23", "serves": "persons", "agencies": [{"name_en": "First", "name_ar": "الأولى", "note": ""}]}
    ],
    "seats": [{"part": "in_part", "entries": 1, "agencies": [{"name_en": "Second", "name_ar": "الثانية", "note": ""}]}],
    "centres": [{"name_en": "Aqaba", "name_ar": "العقبة", "date": "2025-09-30", "services": 173, "institutions": None}],
    "conflicts": [{"indicator": "count", "date": "2022", "value": 486.0, "note": "conflicts with 40 %"}],
}


def test_agencies_are_said_as_recorded_and_missing_is_not_zero():
    written = both(agencies, material_of({"visits": RECORD | {"roadmap": ROADMAP}}))
    made = tables(written["en"])
    assert column(made["agencies-services"], 1)[0] == 75
    assert column(made["agencies-services"], 1)[1] is None
    assert bare(made["agencies-services"].rows[1].cells[1].text) == "not recorded"
    assert bare(made["agencies-services"].rows[1].cells[0].mark) == "no number given"
    assert column(made["agencies-centres"], 2) == [173]
    assert column(made["agencies-conflicts"], 2) == [486]
    said = list(texts(written["en"]))
    assert "Services for persons, 2022-23: First" in said
    assert "To take part in part: Second" in said
    assert list(tables(written["ar"])) == list(made)
    assert both(agencies, material_of({"visits": RECORD})) == {"en": None, "ar": None}


def test_journeys_and_hours_by_event_place_and_group():
    written = both(journeys, material_of({"journeys_saved": SAVED}))
    made = tables(written["en"])
    assert column(made["journeys-places"], 1) == [80, 40, 100, 20]
    assert column(made["journeys-groups"], 2) == [200, 11, 22]
    assert math.isnan(made["journeys-events"].rows[1].cells[1].value)
    assert bare(made["journeys-places"].rows[3].cells[0].text) == "remote"
    lead = next(texts(written["en"]))
    assert "saves 120 journeys and 200 hours a year" in lead
    assert "1 hour an office" in " ".join(texts(written["en"]))
    assert "120 رحلة" in next(texts(written["ar"]))
