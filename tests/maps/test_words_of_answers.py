"""What a map says of the answers beside the plan: the figures of run.json, none where nothing was asked."""

from dataclasses import replace

import pytest

from foundation.language import language
from maps.figures import figures_of
from maps.words_of_answers import candidate_answers, centre_answers, zone_answers

EN, AR = language("en"), language("ar")


@pytest.fixture
def figures(run):
    plain = figures_of(run)
    name = plain.sites[0]["id"]
    row = {
        "site_id": name,
        "kind": plain.sites[0]["kind"],
        "unit": "person-years",
        "possible": True,
        "chosen": False,
    }
    answers = {
        "visits": {
            "centres": [{"id": name, "visits": {"low": 500, "mid": 1000, "high": 2000, "recorded": 1100}}],
            "governorates": [{"zone_id": "Z", "visits": {"2025": 4321}}],
        },
        "journeys_saved": {
            "year": 2025,
            "places": [{"scope": "governorate", "scope_id": "Z", "journeys": 70, "hours": 90}],
        },
        "capacity": {"centres": [{"id": name, "over_capacity": 12, "counters": 4}]},
        "lots": [{"number": 2, "centres": [{"id": name}]}],
        "why_not": [
            row | {"loss": 1234.0, "at_least": 0.0},
            row | {"site_id": "bound", "kind": "larger", "loss": 99.0, "at_least": 5.0},
            row | {"site_id": "bound", "kind": "comprehensive", "loss": None, "at_least": 77.0},
            row | {"site_id": "nothing", "kind": "comprehensive", "loss": None, "at_least": 0.0},
            row | {"site_id": "never", "kind": "comprehensive", "loss": None, "at_least": 0.0, "possible": False},
        ],
    }
    return replace(plain, info=dict(plain.info) | answers)


def said(rows):
    return {row.label: (row.value, row.note) for row in rows}


def test_a_centre_says_its_visits_counters_lot_and_what_it_is_worth(figures):
    assert said(centre_answers(EN, figures, figures.sites[0])) == {
        "Visits in 2025": ("1,000", "500 to 2,000 in the low and the high case"),
        "Counters it needs": ("4", "visits over its capacity: 12"),
        "Lot of the tender": ("2", ""),
        "Lost if it stays out": ("1,234", "person-years"),
    }
    assert [row.basis for row in centre_answers(EN, figures, figures.sites[0])] == [
        "modelled",
        "modelled",
        "",
        "modelled",
    ]
    assert centre_answers(EN, figures, figures.sites[1]) == []


def test_a_candidate_says_what_opening_it_would_cost_as_far_as_it_is_proven(figures):
    label = "Lost if it is opened instead"
    assert said(candidate_answers(EN, figures, "bound")) == {
        label: ("at least 77", "person-years"),
        "Lost if opened as: larger": ("99", "person-years"),
    }
    assert candidate_answers(EN, figures, "nothing") == []
    assert said(candidate_answers(EN, figures, "never")) == {label: ("no plan keeps the rules then", "")}
    assert candidate_answers(EN, figures, "unasked") == []


def test_a_governorate_says_its_visits_by_year_and_the_journeys_saved_in_the_final_one(figures):
    assert said(zone_answers(EN, figures, 2025, "Z")) == {
        "Visits in person a year": ("4,321", ""),
        "Journeys saved a year": ("70", "hours saved: 90"),
    }
    assert zone_answers(EN, figures, 2022, "Z") == []


def test_a_run_that_answers_nothing_says_nothing(run):
    plain = figures_of(run)
    bare = replace(plain, info={key: value for key, value in plain.info.items() if key not in {"why_not", "lots"}})
    assert centre_answers(AR, bare, bare.sites[0]) == []
    assert candidate_answers(AR, bare, "any") == zone_answers(AR, bare, 2025, "Z") == []
