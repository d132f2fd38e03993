"""The study of equity: what it says is what the plan's travel says, and nobody is lost."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from planning import equity
from planning.demand import group_people
from planning.results import value_of
from planning.siting import Request, journeys_of, site_programme
from planning.standards import Standard
from scenarios.studies.case import Case
from scenarios.studies.equity import study
from tests.toy import toy_country, toy_programme


@pytest.fixture(scope="module", params=["one standard", "a group's own", "people who grow"])
def case(request):
    country = toy_country()
    standard = Standard(groups=(("elderly", 10.0),)) if request.param == "a group's own" else Standard()
    people = country.people["people"].to_numpy()
    grown = np.stack([people, people, 2 * people]) if request.param == "people who grow" else None
    request = Request(country, toy_programme(), standard=standard, people_by_year=grown)
    return Case(SimpleNamespace(), country, request, journeys_of(request), site_programme(request))


def residents(case):
    grown = case.request.people_by_year
    return case.country.people["people"].to_numpy() if grown is None else grown[-1]


@pytest.fixture(scope="module")
def made(case):
    return study(case)


def test_the_share_beyond_the_standard_is_that_of_the_results(case, made):
    for one in made.record["equity"]["measures"]:
        at = {"year": 2025, "scope": one["scope"], "scope_id": one["scope_id"], "group": one["group"]}
        people, outside, lost = (
            value_of(case.plan.results, name, **at) for name in ("population", "out_of_standard", "unreachable")
        )
        assert one["population"] == people
        assert one["headcount"] == pytest.approx((outside + lost) / people)
        if one["scope"] != "settlement":
            assert one["gini"] == pytest.approx(value_of(case.plan.results, "gini", **at))


def test_a_group_of_its_own_standard_is_measured_by_it():
    country = toy_country()
    request = Request(country, toy_programme(), standard=Standard(groups=(("elderly", 10.0),)))
    case = Case(SimpleNamespace(), country, request, journeys_of(request), site_programme(request))
    rows = {(one["scope"], one["group"]): one for one in study(case).record["equity"]["measures"]}
    minutes = case.plan.networks[-1].minutes
    old = group_people(country.people, country.groups, "elderly")
    late = np.minimum(np.where(np.isfinite(minutes), minutes, 120.0), 120.0) - 10.0
    late[late < 0] = 0
    found = rows["nation", "elderly"]
    assert found["headcount"] == pytest.approx(old[minutes > 10.0].sum() / old.sum())
    assert found["depth"] == pytest.approx(old @ (late / 10.0) / old.sum())
    assert found["excess_minutes"] == pytest.approx(old @ late / old[minutes > 10.0].sum())
    assert rows["nation", "disabled"]["headcount"] < found["headcount"]


def test_decompositions_are_whole(case, made):
    found = made.record["equity"]["theil"]
    assert [(one["by"], one["index"]) for one in found] == [
        ("governorate", "T"),
        ("governorate", "L"),
        ("settlement", "T"),
        ("settlement", "L"),
    ]
    for one in found:
        assert one["within"] + one["between"] == pytest.approx(one["total"], abs=1e-12)
    assert [share["label"] for share in found[0]["shares"]] == ["TO-A", "TO-B", "TO-C"]
    assert found[0]["total"] == found[2]["total"] == made.record["equity"]["measures"][0]["theil_t"]


def test_the_worst_places_hold_the_worst_served_people(case, made):
    table, final = made.tables["worst_places.csv"], case.plan.networks[-1]
    people = residents(case)
    marked = equity.worst_served(final.minutes, people, share=0.05)
    assert table["people"].sum() == people[marked].sum() == made.record["equity"]["worst"]["people"]
    assert table["unreachable"].sum() == people[~np.isfinite(final.minutes)].sum()
    assert table["people"].sum() >= 0.05 * people.sum()
    assert (table["elderly"] <= table["people"]).all()
    assert made.layers["worst_places"].crs == "EPSG:4326"
    reached = table["minutes"].dropna()
    assert reached.is_monotonic_decreasing
    assert reached.min() == made.record["equity"]["worst"]["from_minutes"]
    assert table["minutes"].isna().iloc[0]  # no route is worst


def test_the_layer_says_of_each_governorate_what_the_tables_say(case, made):
    layer, rows = made.layers["equity"], made.record["equity"]["measures"]
    assert layer["zone_id"].tolist() == case.country.zones["zone_id"].tolist()
    assert layer.crs == "EPSG:4326"
    for zone in layer.itertuples():
        (row,) = [one for one in rows if (one["scope_id"], one["group"]) == (zone.zone_id, "all")]
        assert (zone.population, zone.gini, zone.theil_t) == (row["population"], row["gini"], row["theil_t"])
        at = {"year": 2025, "scope": "governorate", "scope_id": zone.zone_id}
        assert zone.ede_minutes == value_of(case.plan.results, "ede_minutes", **at)


def test_the_curves_run_from_nothing_to_all_and_hold_the_gini(case, made):
    table = made.tables["lorenz.csv"]
    nation = table[(table["scope"] == "nation") & (table["group"] == "all")]
    assert (nation["people_share"].tolist(), len(nation)) == ([k / 100 for k in range(101)], 101)
    assert (nation["travel_share"].iloc[0], nation["travel_share"].iloc[-1]) == (0.0, 1.0)
    area = np.trapezoid(nation["travel_share"], nation["people_share"])
    assert 1 - 2 * area == pytest.approx(made.record["equity"]["measures"][0]["gini"], abs=2e-3)
    assert {(one["scope_id"], one["group"]) for one in made.record["equity"]["lorenz"]} >= {
        ("TO", "all"),
        ("urban", "all"),
        ("rural", "all"),
        ("TO", "elderly"),
    }


def test_the_indicator_that_is_a_survey_is_named_as_not_claimed(made):
    said = made.record["equity"]["not_claimed"]
    assert "16.6.2" in said["text_en"]
    assert "16.6.2" in said["text_ar"]
    assert said["text_en"] != said["text_ar"]


def test_the_record_is_json(made):
    from scenarios.record import _plain

    json.dumps(_plain(dict(made.record)), allow_nan=False)
