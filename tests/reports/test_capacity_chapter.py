"""The chapter on capacity: it says what the record says, in both languages, and is left out without one."""

import copy

from foundation.basis import Basis
from reports.parts.capacity import capacity
from tests.reports.chapters import bare, both, column, material_of, tables, texts

TOTALS = {
    "visits": 1000,
    "served": 700,
    "over_capacity": 200,
    "out_of_reach": 100,
    "counters": 5,
    "staff": 19,
    "hall_m2": 40.0,
}
CENTRE = {
    "id": "a",
    "name_en": "First",
    "name_ar": "الأول",
    "governorate": "A",
    "kind": "comprehensive",
    "visits": 950,
    "served": 700,
    "over_capacity": 200,
    "out_of_reach": 50,
    "room": 700,
    "utilisation": 1.36,
    "peak_hour": 4.2,
    "counters": 5,
    "staff": 19,
    "hall_m2": 40.0,
    "mean_wait_minutes": 2.25,
    "in_time_share": 0.95,
    "occupancy": 0.8,
}
RECORD = {
    "basis": "modelled",
    "year": 2025,
    "case": "mid",
    "demand": "visits",
    "policy": "nearest",
    "assumptions": {
        "basis": "assumed",
        "handling_minutes": 7.5,
        "waiting_minutes": 10.0,
        "waiting_share": 0.9,
        "peak_hour_share": 0.12,
        "peak_month_factor": 1.2,
        "ramadan_factor": 0.5,
        "least_counters": 1,
        "staff_hours_per_week": 35.0,
        "shrinkage": 0.3,
        "m2_per_person": 2.0,
        "present_share": 0.95,
        "beyond_standard_come": True,
        "visits_per_resident": 0.25,
        "days_per_week": 6.0,
        "hours_per_day": 15.0,
        "closed_days": 14.0,
        "ramadan_days": 30.0,
        "ramadan_hours": 6.0,
    },
    "busy_hour": "peak_month",
    "totals": TOTALS,
    "totals_by_year": {"2025": TOTALS},
    "cases": {"low": TOTALS, "mid": TOTALS},
    "centres": [CENTRE],
    "by_governorate": [{"zone_id": "A", "visits": 1000, "served": 700, "over_capacity": 200, "out_of_reach": 100}],
    "by_settlement": [
        {"settlement": "urban", "visits": 0, "served": 0, "over_capacity": 0, "out_of_reach": 0},
        {"settlement": "remote", "visits": 1000, "served": 700, "over_capacity": 200, "out_of_reach": 100},
    ],
    "by_group": [
        {"group": "all", "visits": 1000, "served": 700, "over_capacity": 200, "out_of_reach": 100},
        {"group": "elderly", "visits": 50, "served": 35, "over_capacity": 10, "out_of_reach": 5},
    ],
    "limits": 1,
    "limits_unused": ["nobody"],
}


def written(**changes):
    record = copy.deepcopy(RECORD)
    record["assumptions"] |= changes.pop("assumptions", {})
    return both(capacity, material_of({"capacity": record | changes}))


def test_a_run_without_the_record_has_no_chapter():
    assert both(capacity, material_of({})) == {"en": None, "ar": None}


def test_the_chapter_says_what_the_record_says():
    sections = written()
    for section in sections.values():
        found = tables(section)
        assert list(found) == ["capacity-centres", "capacity-split", "capacity-cases"]
        (row,) = found["capacity-centres"].rows
        assert [cell.value for cell in row.cells[2:]] == [950, 700, 200, 50, 700, 5, 19, 40.0, 1.36, 2.25]
        assert row.cells[6].basis is Basis.ASSUMED  # the planner's limit
        assert column(found["capacity-split"], 1) == [1000, 0, 1000, 50, 1000]
        for row in found["capacity-split"].rows:
            visits, served, over, out = (cell.value for cell in row.cells[1:5])
            assert served + over + out == visits
        assert found["capacity-split"].rows[-1].cells[5].value == 0.7
        assert found["capacity-split"].rows[1].cells[5].basis is None  # nobody comes: no share
        assert "nobody" in " ".join(texts(section))
    first = next(texts(sections["en"]))
    assert "of 1,000 visits to the centres, 700 are served, 200 are within reach but over capacity, and 100" in first
    assert "5 service counters, 19 front-line staff and 40 m²" in first
    assert "5 شبابيك خدمة" in next(texts(sections["ar"]))


def test_without_limits_there_is_no_column_of_limits():
    free = {"room": None, "utilisation": None}
    section = written(limits=0, limits_unused=[], centres=[CENTRE | free])["en"]
    labels = [bare(one.label) for one in tables(section)["capacity-centres"].columns]
    assert "Limit of the centre" not in labels
    assert "Utilisation" not in labels
    assert "No limit is set" in " ".join(texts(section))
    some = written(centres=[CENTRE | free])["en"]
    assert bare(tables(some)["capacity-centres"].rows[0].cells[6].text) == "none"
    assert bare(tables(some)["capacity-centres"].rows[0].cells[10].text) == "no limit"


def test_one_case_needs_no_table_of_cases():
    assert "capacity-cases" not in tables(written(cases={"mid": TOTALS})["en"])


def test_what_it_rests_on_is_said_as_it_was_stated():
    usual = " ".join(texts(written()["en"]))
    assert "Waiting target: in the busiest hour 90% of visits wait no longer than 10 minutes." in usual
    assert "it has 1.20 times the visits of a mean month" in usual
    assert "come to the nearest centre all the same" in usual
    assert "not modelled" not in usual
    other = written(
        demand="residents",
        policy="with_room",
        busy_hour="ramadan",
        assumptions={"waiting_share": None, "beyond_standard_come": False},
    )
    said = " ".join(texts(other["en"]))
    assert "the mean wait is at most 10 minutes" in said
    assert "in Ramadan: a day has 0.50 times" in said
    assert "are not counted in the size" in said
    assert "0.25 times a year" in said
    assert "with room within the standard" in said
    assert not any(
        letter in " ".join(texts(other["ar"])).replace("Erlang C", "").replace("nobody", "") for letter in "aeiou"
    )


def test_the_second_formulation_is_told_apart_from_the_plan():
    found = {
        "note_en": "A second formulation ran.",
        "note_ar": "صيغة ثانية.",
        "served": 90,
        "bound": 95,
        "plan_serves": 80,
        "sites": [
            {"name_en": "First", "name_ar": "الأول", "governorate": "A", "open_from": 2024, "in_plan": True},
            {"name_en": "New", "name_ar": "جديد", "governorate": "B", "open_from": 2025, "in_plan": False},
        ],
    }
    sections = both(capacity, material_of({"capacity": RECORD, "capacity_siting": found}))
    said = " ".join(texts(sections["en"]))
    assert "A second formulation ran." in said
    assert "serve 90 visits" in said
    assert "those of the plan serve 80" in said
    assert "No choice serves more than 95, by the solver's bound." in said
    rows = tables(sections["ar"])["capacity-siting"].rows
    assert [bare(cell.text) for cell in rows[1].cells] == ["جديد", "بيتا", "2025", "ليس في الخطة"]
    none = both(capacity, material_of({"capacity": RECORD, "capacity_siting": found | {"served": None}}))["en"]
    assert "No choice of places was found" in " ".join(texts(none))
    assert "capacity-siting" not in tables(none)
