"""The chapter on money and staff: it says what the record says, in both languages, and is left out without one."""

import copy

from foundation.basis import Basis
from reports.parts.budget import budget
from tests.reports.chapters import both, column, material_of, tables, texts

YEAR = {
    "year": 2025,
    "capital_jod": 300,
    "running_jod": 500,
    "closing_jod": 0,
    "total_jod": 800,
    "limit_jod": 900,
    "present_value_jod": 727,
    "staff": 100,
    "staff_limit": None,
}
RECORD = {
    "basis": "assumed",
    "price_year": 2024,
    "capital_in": "begun",
    "limited": True,
    "discount_rate": 0.1,
    "base_year": 2024,
    "years": [YEAR | {"year": 2024, "limit_jod": None}, YEAR],
    "total": 1600,
    "present_value": 1527,
    "total_limit": 2000,
    "spent_before": 300,
    "kinds": [
        {
            "id": "comprehensive",
            "title_en": "Centre",
            "title_ar": "مركز",
            "form": "comprehensive",
            "places": 5,
            "capital_jod": 300,
            "running_jod": 100,
            "staff": None,
        }
    ],
    "without_cost": [],
    "note_en": "Every amount is assumed.",
    "note_ar": "كل مبلغ مفترض.",
}


def test_without_a_record_there_is_no_chapter():
    assert both(budget, material_of({})) == {"en": None, "ar": None}


def test_the_tables_hold_the_figures_of_the_record():
    for section in both(budget, material_of({"budget": RECORD})).values():
        found = tables(section)["budget"]
        assert [column(found, at) for at in range(1, 6)] == [
            [300.0, 300.0],
            [500.0, 500.0],
            [0.0, 0.0],
            [800.0, 800.0],
            [None, 900.0],
        ]
        assert len(found.columns) == 7  # no limit on staff: no such column
        kinds = tables(section)["kinds"]
        assert [cell.value for cell in kinds.rows[0].cells] == [None, 5.0, 300.0, 100.0, None]
        assert kinds.rows[0].cells[2].basis is None or kinds.rows[0].cells[2].basis == Basis.ASSUMED


def test_the_text_says_what_it_costs():
    said = " ".join(texts(both(budget, material_of({"budget": RECORD}))["en"]))
    assert "1,600 dinars of 2024: 600 of capital and 1,000 of running cost" in said
    assert "Discounted at 10.0% a year to 2024, the programme costs 1,527 dinars" in said
    assert "at most 2,000 dinars" in said


def test_what_is_not_asked_is_not_said():
    plain = copy.deepcopy(RECORD) | {"discount_rate": 0.0, "total_limit": None, "without_cost": ["agency"]}
    said = " ".join(texts(both(budget, material_of({"budget": plain}))["en"]))
    assert "Discounted" not in said
    assert "In all" not in said
    assert "not in the sums: agency" in said
