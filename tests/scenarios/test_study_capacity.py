"""The section and the study of capacity: every field changes the answer, visits are conserved, nothing is ignored."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from foundation.errors import InvalidInput
from planning.capacity import CapacitySettings, Limit, WaitingTarget
from planning.siting import Request, SolverSettings, journeys_of, site_programme
from planning.visits.settings import Calendar
from scenarios.sections.capacity import Capacity
from scenarios.studies import capacity_siting
from scenarios.studies.capacity import study
from scenarios.studies.case import Case, Study
from tests.toy import toy_country, toy_programme

THREE = ["served", "over_capacity", "out_of_reach"]


@pytest.fixture(scope="module")
def sited():
    country = toy_country()
    request = Request(country, toy_programme())
    journeys = journeys_of(request)
    return country, request, journeys, site_programme(request)


def made_up_visits(country, years, *, calendar=None, peak=1.2):
    """As many visits as residents in 2025, a tenth fewer the years before; one service."""
    people = country.people["people"].to_numpy(dtype=float)
    amount = {
        name: np.array([[people * times * (1.0 if year == years[-1] else 0.9) for year in years]])
        for name, times in {"low": 0.5, "mid": 1.0, "high": 2.0, "recorded": 1.1}.items()
    }
    return SimpleNamespace(
        years=tuple(years),
        services=("one",),
        lines=SimpleNamespace(jurisdiction=np.full((len(years), 1), "national", dtype=object)),
        amount=amount,
        total=lambda name: amount[name].sum(axis=0),
        settings=SimpleNamespace(calendar=calendar or Calendar(), peak_month_factor=peak),
    )


def made(sited, section, **visits):
    country, request, journeys, plan = sited
    done = {}
    if visits is not None and visits.pop("some", True):
        done["visits"] = Study(record={}, answer=made_up_visits(country, plan.programme.years, **visits))
    scenario = SimpleNamespace(settings=SimpleNamespace(capacity=section))
    return study(Case(scenario, country, request, journeys, plan, done))


# ---------------------------------------------------------------- the section


def test_the_defaults_build_the_defaults_of_planning():
    assert Capacity().build() == CapacitySettings()


def test_every_field_reaches_planning():
    section = Capacity.model_validate(
        {
            "handling_minutes": 6.0,
            "waiting": {"mean_minutes": 3.0},
            "peak_hour_share": 0.2,
            "ramadan_factor": 0.7,
            "least_counters": 3,
            "staff": {"hours_per_week": 40.0, "shrinkage": 0.25},
            "hall": {"m2_per_person": 1.5, "present_share": 0.9},
            "beyond_standard_come": False,
            "case": "high",
            "allocation": "with_room",
            "limits": [{"kind": "comprehensive", "counters": 5}, {"site": "a", "visits_per_year": 10}],
            "visits_per_resident": 0.3,
            "siting": True,
        }
    )
    expected = CapacitySettings(
        handling_minutes=6.0,
        target=WaitingTarget(3.0, None),
        peak_hour_share=0.2,
        ramadan_factor=0.7,
        least_counters=3,
        staff_hours_per_week=40.0,
        shrinkage=0.25,
        m2_per_person=1.5,
        present_share=0.9,
        beyond_come=False,
        case="high",
        policy="with_room",
        limits=(Limit(kind="comprehensive", counters=5), Limit(site="a", visits_per_year=10)),
        visits_per_resident=0.3,
        siting=True,
    )
    assert section.build() == expected
    default = CapacitySettings()
    same = [f.name for f in dataclasses.fields(expected) if getattr(expected, f.name) == getattr(default, f.name)]
    assert same == []  # every field of planning was set by one of the section


@pytest.mark.parametrize(
    "wrong",
    [
        {"counters": 5},
        {"waiting": {"share": 0.9}},
        {"waiting": {"share": 0.9, "within_minutes": 5.0, "mean_minutes": 2.0}},
        {"waiting": {}},
        {"limits": [{"counters": 5}]},
        {"limits": [{"site": "a", "kind": "b", "counters": 5}]},
        {"limits": [{"site": "a"}]},
        {"handling_minutes": 0.0},
        {"peak_hour_share": 1.5},
        {"staff": {"shrinkage": 1.0}},
        {"case": "middle"},
        {"visits_per_resident": 0.0},
    ],
)
def test_what_does_not_hold_together_is_refused(wrong):
    with pytest.raises(ValidationError):
        Capacity.model_validate(wrong)


# ---------------------------------------------------------------- the study


def test_it_is_made_only_when_asked_for(sited):
    assert made(sited, None) is None
    assert made(sited, Capacity(), some=False) is None


def test_residents_stand_in_where_the_scenario_says_how_often_they_come(sited):
    found = made(sited, Capacity(visits_per_resident=0.5), some=False)
    people = int(sited[0].people["people"].sum())
    assert found.record["capacity"]["demand"] == "residents"
    assert found.record["capacity"]["totals"]["visits"] == round(people * 0.5)
    assert list(found.record["capacity"]["cases"]) == ["mid"]


def test_visits_are_conserved_in_every_table(sited):
    limits = [{"kind": "comprehensive", "visits_per_year": 20_000}]
    for policy in ("nearest", "with_room"):
        found = made(sited, Capacity.model_validate({"limits": limits, "allocation": policy}))
        record, split = found.record["capacity"], found.tables["capacity_split.csv"]
        people = int(sited[0].people["people"].sum())
        for year, total in ((2023, round(people * 0.9)), (2024, round(people * 0.9)), (2025, people)):
            here = split[split["year"] == year]
            nation = here[(here["scope"] == "nation") & (here["group"] == "all")].iloc[0]
            assert nation["visits"] == nation[THREE].sum() == total
            for scope in ("governorate", "settlement"):
                assert here.loc[here["scope"] == scope, [*THREE, "visits"]].sum().tolist() == [
                    nation[name] for name in [*THREE, "visits"]
                ]
        assert record["totals"]["over_capacity"] > 0
        centres = pd.DataFrame(record["centres"])
        assert centres["served"].sum() == record["totals"]["served"]
        assert centres["over_capacity"].sum() == record["totals"]["over_capacity"]
        unreachable = int(sited[0].people.loc[~np.isfinite(sited[3].networks[-1].minutes), "people"].sum())
        assert centres["out_of_reach"].sum() + unreachable == record["totals"]["out_of_reach"]
        assert (centres["served"] <= 20_000).all()
        for group in record["by_group"]:
            assert sum(group[name] for name in THREE) == group["visits"]


def test_sharing_out_with_room_serves_no_fewer(sited):
    limits = [{"site": "TO-A-00", "visits_per_year": 5000}]
    served = {
        policy: made(sited, Capacity.model_validate({"limits": limits, "allocation": policy})).record["capacity"]
        for policy in ("nearest", "with_room")
    }
    assert served["with_room"]["totals"]["served"] > served["nearest"]["totals"]["served"]


def test_out_of_reach_is_what_the_plan_leaves_out(sited):
    plan = sited[3]
    record = made(sited, Capacity()).record["capacity"]
    out = int(sited[0].people.loc[~plan.networks[-1].covered, "people"].sum())
    assert record["totals"]["out_of_reach"] == out
    assert record["totals"]["over_capacity"] == 0


@pytest.mark.parametrize(
    ("change", "measure"),
    [
        ({"handling_minutes": 30.0}, "counters"),
        ({"waiting": {"mean_minutes": 0.01}}, "counters"),
        ({"peak_hour_share": 0.5}, "counters"),
        ({"ramadan_factor": 3.0}, "counters"),
        ({"least_counters": 40}, "counters"),
        ({"staff": {"hours_per_week": 20.0}}, "staff"),
        ({"staff": {"shrinkage": 0.8}}, "staff"),
        ({"hall": {"m2_per_person": 5.0}}, "hall_m2"),
        ({"hall": {"present_share": 0.999}}, "hall_m2"),
        ({"case": "high"}, "visits"),
        ({"beyond_standard_come": False, "least_counters": 0}, "staff"),
        ({"limits": [{"kind": "comprehensive", "counters": 1}], "handling_minutes": 60.0}, "over_capacity"),
    ],
)
def test_every_field_changes_the_answer(sited, change, measure):
    def total(section):
        return made(sited, Capacity.model_validate(section)).record["capacity"]["totals"][measure]

    base = {"handling_minutes": change["handling_minutes"]} if "limits" in change else {}
    base |= {"least_counters": 0} if measure == "staff" and "least_counters" in change else {}
    assert total(change) != total(base)


def test_the_calendar_and_the_peak_month_of_the_visits_are_used(sited):
    def peak(**visits):
        return made(sited, Capacity(ramadan_factor=0.0), **visits).tables["capacity.csv"]["peak_hour"].sum()

    assert peak(peak=2.4) == pytest.approx(2 * peak(peak=1.2), rel=1e-3)
    assert peak(calendar=Calendar(days_per_week=3.0)) > peak()


def test_cases_are_sized_for_the_last_year(sited):
    cases = made(sited, Capacity()).record["capacity"]["cases"]
    assert list(cases) == ["low", "mid", "high", "recorded"]
    visits = [cases[name]["visits"] for name in ("low", "mid", "high")]
    assert visits[1] * 2 == visits[2]
    assert cases["low"]["counters"] <= cases["mid"]["counters"] <= cases["high"]["counters"]


def test_tables_and_layer_have_a_row_for_each_open_centre(sited):
    found = made(sited, Capacity())
    table = found.tables["capacity.csv"]
    mid = table[table["case"] == "mid"]
    assert mid.groupby("year").size().to_dict() == {2023: 1, 2024: 4, 2025: 5}
    layer = found.layers["capacity"]
    assert layer.crs == "EPSG:4326"
    assert layer["id"].tolist() == sited[3].sites["id"].tolist()
    assert table["room"].isna().all()


def test_a_limit_on_no_centre_of_the_plan_is_said(sited):
    limits = [{"site": "TO-B-05", "counters": 1}, {"kind": "mobile", "counters": 1}]
    record = made(sited, Capacity.model_validate({"limits": limits})).record["capacity"]
    assert record["limits_unused"] == ["TO-B-05", "mobile"]


# ---------------------------------------------------------------- sited under capacity


def sited_again(sited, section, **changes):
    country, request, journeys, plan = sited
    done = {"visits": Study(record={}, answer=made_up_visits(country, plan.programme.years))}
    scenario = SimpleNamespace(settings=SimpleNamespace(capacity=Capacity.model_validate(section)))
    case = Case(scenario, country, dataclasses.replace(request, **changes), journeys, plan, done)
    first = study(case)
    return first, capacity_siting.study(dataclasses.replace(case, done=done | {"capacity": first}))


def test_siting_under_capacity_is_made_only_when_asked_for(sited):
    limits = [{"kind": "comprehensive", "visits_per_year": 10_000}]
    assert sited_again(sited, {"limits": limits})[1] is None
    country, request, journeys, plan = sited
    scenario = SimpleNamespace(settings=SimpleNamespace(capacity=None))
    assert capacity_siting.study(Case(scenario, country, request, journeys, plan, {})) is None
    with pytest.raises(InvalidInput, match="no centre has a limit"):
        sited_again(sited, {"siting": True})


def test_siting_under_capacity_serves_no_less_than_the_plan_and_keeps_its_rules(sited):
    limits = [{"kind": "comprehensive", "visits_per_year": 20_000}]
    shared, again = sited_again(sited, {"limits": limits, "siting": True, "allocation": "with_room"})
    record = again.record["capacity_siting"]
    assert (record["status"], record["proof"]) == ("proven_optimal", "solver")
    served = sum(total["served"] for total in shared.record["capacity"]["totals_by_year"].values())
    assert record["plan_serves"] == served  # two ways to count the same sharing out
    assert record["served"] == record["bound"] >= served
    opened = again.tables["capacity_siting.csv"].groupby("open_from").size().to_dict()
    assert opened == {2023: 1, 2024: 3, 2025: 1}
    assert set(record["sites"][0]) >= {"site_id", "name_en", "name_ar", "governorate", "open_from", "in_plan"}
    assert record["sites"][0]["site_id"] == "TO-A-00"
    zones = {site["governorate"] for site in record["sites"] if site["open_from"] <= 2024}
    assert zones == {"TO-A", "TO-B", "TO-C"}  # the quota
    assert again.layers["capacity_siting"].crs == "EPSG:4326"
    assert "second formulation" in record["note_en"]
    assert record["note_ar"] != record["note_en"]


def test_limits_that_bind_nothing_give_back_the_covering_of_the_plan(sited):
    limits = [{"kind": "comprehensive", "visits_per_year": 10_000_000}]
    record = sited_again(sited, {"limits": limits, "siting": True})[1].record["capacity_siting"]
    # a tenth fewer visits in the first two years: another weight than person-years, and still no less than the plan
    assert record["served"] >= record["plan_serves"]


def test_the_solvers_time_limit_holds_here_too(sited):
    limits = [{"kind": "comprehensive", "visits_per_year": 20_000}]
    solver = SolverSettings(time_limit_seconds=1e-9)
    record = sited_again(sited, {"limits": limits, "siting": True}, solver=solver)[1].record["capacity_siting"]
    assert (record["status"], record["proof"]) == ("not_finished", "none")
