"""The study of money: what it records and the tables it writes."""

import dataclasses

import pytest

from planning.conditions import Budget, Conditions
from planning.kinds import Cost, KindOfPlace
from planning.siting import Request, journeys_of, site_programme
from scenarios.studies.budget import study
from scenarios.studies.case import Case
from tests.toy import toy_country, toy_programme

CENTRE = KindOfPlace("comprehensive", "Centre", "مركز", cost=Cost(300, 100, 2024), staff=20)


def case_of(programme):
    request = Request(toy_country(points=20), programme)
    return Case(None, request.country, request, journeys_of(request), site_programme(request))


@pytest.fixture(scope="module")
def made():
    budget = Budget(2024, ((2025, 500),), total=2500, discount_rate=0.1)
    programme = toy_programme(kinds=(CENTRE,), conditions=Conditions(budget=budget, staff=((2025, 100),)))
    return study(case_of(programme))


def test_the_record_adds_up_to_the_dinar(made):
    """Three begun 2023, one begun 2024; the pilot was begun in 2022, before: 1, 4 and 5 run."""
    record = made.record["budget"]
    assert [(y["capital_jod"], y["running_jod"]) for y in record["years"]] == [(900, 100), (300, 400), (0, 500)]
    assert (record["total"], record["spent_before"]) == (2200, 300)
    assert record["present_value"] == 1000 + (273 + 4 * 91) + 5 * 83
    assert [(y["limit_jod"], y["staff"], y["staff_limit"]) for y in record["years"]] == [
        (None, 20, None),
        (None, 80, None),
        (500, 100, 100),
    ]
    assert [(k["id"], k["places"]) for k in record["kinds"]] == [("comprehensive", 5)]
    assert record["basis"] == "assumed"


def test_the_tables_say_the_same(made):
    years, payments = made.tables["budget.csv"], made.tables["payments.csv"]
    paid = payments[payments["year"] >= 2023].groupby("year")["jod"].sum()
    assert years.set_index("year")["total_jod"].to_dict() == paid.to_dict() == {2023: 1000, 2024: 700, 2025: 500}
    assert payments.loc[payments["year"] < 2023, "jod"].sum() == 300


def test_a_programme_without_costs_or_staff_has_no_such_study():
    assert study(case_of(toy_programme())) is None


def test_a_kind_without_a_cost_is_named(made):
    programme = toy_programme(kinds=(dataclasses.replace(CENTRE, cost=None),))
    record = study(case_of(programme)).record["budget"]
    assert record["without_cost"] == ["comprehensive"]
    assert record["total"] == 0
    assert record["years"][-1]["staff"] == 100
