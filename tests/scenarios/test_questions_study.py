"""The section `questions` and its studies: every field changes the answer, or is refused by name."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from foundation.errors import InvalidInput
from planning.aims import Aim, CoverFloor, Objectives
from planning.conditions import Budget, Conditions, Spacing
from planning.kinds import Cost, KindOfPlace
from planning.programme import FixedCentre, Programme, Tranche, ZoneQuota
from planning.siting import Request, journeys_of, site_programme
from scenarios.sections.questions import QuestionsPart
from scenarios.studies.case import Case
from scenarios.studies.questions import alternatives_study, frontier_study, prices_study, why_not_study
from tests.toy import toy_country

CENTRE = KindOfPlace("comprehensive", "Centre", "مركز", cost=Cost(300, 100, 2024), staff=20)
PROGRAMME = Programme(
    years=(2024, 2025),
    tranches=(
        Tranche("two", "Two", "اثنان", 2, 2023, 2024, at_most=True),
        Tranche("one", "One", "واحد", 1, 2024, 2025, at_most=True),
    ),
    fixed=(FixedCentre("TO-A-00", 2022, 2022),),
    zone_quotas=(ZoneQuota(1, 2024),),
    kinds=(CENTRE,),
    conditions=Conditions(budget=Budget(2024, (), total=1000), staff=((2025, 80),), spacing=(Spacing("apart", 1.0),)),
)
OBJECTIVES = Objectives(floors=(CoverFloor("nation", share=0.3),))


def sited(programme, objectives):
    request = Request(toy_country(seed=2, points=24, candidates=8), programme, objectives=objectives)
    request = dataclasses.replace(request, ready_travel=journeys_of(request))
    return request, site_programme(request)


@pytest.fixture(scope="module")
def base():
    return sited(PROGRAMME, OBJECTIVES)


def asked(base, study, **section):
    request, plan = base
    settings = SimpleNamespace(questions=QuestionsPart.model_validate(section))
    made = study(Case(SimpleNamespace(settings=settings), request.country, request, request.ready_travel, plan))
    if made is not None:
        json.dumps(made.record, allow_nan=False)
    return made


def steps(base, **part):
    rows = asked(base, prices_study, rule_prices=part).record["rule_prices"]
    return {row["key"].partition(":")[0]: row["step_en"].replace(",", "") for row in rows}


def test_rules_are_priced_unless_they_are_asked_not_to_be(base):
    assert len(asked(base, prices_study).record["rule_prices"]) >= 6
    assert asked(base, prices_study, rule_prices=None) is None


def test_each_step_of_a_price_is_the_planners(base):
    assert {k: v for k, v in steps(base).items() if k in {"budget", "staff", "floor"}} == {
        "budget": "1000000 JOD more: 1001000 JOD",
        "staff": "90",
        "floor": "29 %",
    }
    assert steps(base, budget_step=250)["budget"] == "250 JOD more: 1250 JOD"
    assert steps(base, posts_step=3)["staff"] == "83"
    assert steps(base, share_step=0.1)["floor"] == "20 %"
    assert (steps(base)["spacing"], steps(base, km_step=0.5)["spacing"]) == ("without it", "0.5 km")


def test_a_price_is_the_same_in_the_record_and_the_table_and_in_both_languages(base):
    made = asked(base, prices_study)
    rows, table = made.record["rule_prices"], made.tables["rule_prices.csv"]
    assert table["key"].tolist() == [row["key"] for row in rows]
    assert table["gain"].tolist() == [row["gain"] for row in rows]
    two = next(row for row in rows if row["key"] == "tranche:two")
    assert (two["says_en"], two["step_en"]) == ("2 centres in “Two”", "one more, 3")
    assert "اثنان" in two["says_ar"]
    assert two["relaxed"] - two["kept"] == two["gain"] > 0
    assert two["people_gained"] == two["people_after"] - two["people_before"]
    assert all(row["proven"] and row["unit"] == "person-years" for row in rows)
    quota = next(row for row in rows if row["key"] == "quota:2024")
    assert quota["gain"] > 0
    assert quota["opened"]
    assert quota["closed"]


def test_each_field_of_a_frontier_chooses_its_points(base):
    def points(**part):
        made = asked(base, frontier_study, frontier=[part])
        assert made.tables["frontier.csv"]["value"].dropna().tolist() == [
            row["value"] for row in made.record["frontier"] if row["value"] is not None
        ]
        return [(row["over"], row["at"], row["status"]) for row in made.record["frontier"]]

    proven = "proven_optimal"
    assert points(over="centres", **{"from": 3}, to=4) == [("centres", 3.0, proven), ("centres", 4.0, proven)]
    assert points(over="centres", **{"from": 4}, to=4) == [("centres", 4.0, proven)]
    assert points(over="budget", **{"from": 400}, to=1000, step=300) == [
        ("budget", 400.0, "infeasible"),
        ("budget", 700.0, proven),
        ("budget", 1000.0, proven),
    ]
    assert points(over="worst_governorate", **{"from": 0.4}, to=1.0, step=0.6) == [
        ("worst_governorate", 0.4, proven),
        ("worst_governorate", 1.0, "infeasible"),
    ]
    assert asked(base, frontier_study) is None


YEARLY = dataclasses.replace(
    PROGRAMME, conditions=Conditions(budget=Budget(2024, ((2024, 500), (2025, 500))), staff=((2025, 80),))
)


def test_a_frontier_over_yearly_budgets_takes_factors_and_dinars():
    base = sited(YEARLY, OBJECTIVES)

    def points(**part):
        rows = asked(base, frontier_study, frontier=[part]).record["frontier"]
        return [(row["at"], row["value"], row["jod"]) for row in rows]

    factors = points(over="budget_factor", **{"from": 0.6}, to=1.4, step=0.4)
    added = points(over="budget_change", **{"from": -200}, to=200, step=200)
    assert [at for at, _, _ in factors] == [0.6, 1.0, 1.4]
    assert [at for at, _, _ in added] == [-200.0, 0.0, 200.0]
    assert [value for _, value, _ in factors] == [value for _, value, _ in added]  # 300, 500 and 700 JOD both ways
    assert factors[2][1] > factors[0][1]
    assert factors[2][2] > factors[0][2]
    with pytest.raises(InvalidInput, match="leave -100 JOD in 2024"):
        points(over="budget_change", **{"from": -600}, to=-600)
    whole = sited(PROGRAMME, OBJECTIVES)
    with pytest.raises(InvalidInput, match="no budget by year"):
        asked(whole, frontier_study, frontier=[{"over": "budget_factor", "from": 1, "to": 1}])


def test_one_more_dinar_of_a_year_gains_people_and_says_so():
    rows = {
        row["key"]: row
        for row in asked(sited(YEARLY, OBJECTIVES), prices_study, rule_prices={"budget_step": 200}).record[
            "rule_prices"
        ]
    }
    price = rows["budget:2025"]
    assert price["step_jod"] == 200
    assert price["step_en"] == "200 JOD more: 700 JOD"
    assert price["jod_saved"] == price["jod_before"] - price["jod_after"]
    assert rows["tranche:two"]["step_jod"] is None


def test_exact_and_exact_chosen_say_which_sites_are_solved_for(base):
    request, plan = base
    chosen = set(plan.sites.loc[~plan.sites["fixed"], "site_id"])
    rows = asked(base, why_not_study, why_not={}).record["why_not"]
    assert {row["site_id"] for row in rows if row["chosen"]} == chosen
    assert {row["site_id"] for row in rows if row["proof"] == "exact"} >= chosen
    other = next(row["site_id"] for row in rows if not row["chosen"])
    more = asked(base, why_not_study, why_not={"exact": [other]})
    row = next(row for row in more.record["why_not"] if row["site_id"] == other)
    assert row["proof"] == "exact"
    assert row["loss"] >= row["at_least"] >= 0
    every = asked(base, why_not_study, why_not={"exact": "all"}).record["why_not"]
    assert {row["proof"] for row in every} == {"exact"}
    bounds = {row["site_id"]: row["at_least"] for row in rows}
    assert all(row["loss"] is None or row["loss"] >= bounds[row["site_id"]] for row in every)
    assert all(row["loss"] >= 0 for row in every if row["possible"])
    few = asked(base, why_not_study, why_not={"exact_chosen": False}).record["why_not"]
    assert {row["loss"] for row in few if row["proof"] == "at_least"} == {None}
    assert any(row["proof"] == "at_least" for row in few if row["chosen"])
    assert asked(base, why_not_study) is None
    layer = more.layers["why_not"]
    at = request.country.candidates.set_index("site_id").loc[layer["site_id"]]
    assert layer.crs == "EPSG:4326"
    assert layer.geometry.geom_equals(at.geometry.reset_index(drop=True)).all()
    assert more.tables["why_not.csv"]["site_id"].tolist() == layer["site_id"].tolist()


def test_layers_of_prices_and_alternatives_hold_every_site_that_differs(base):
    request, _ = base
    prices = asked(base, prices_study)
    layer = prices.layers["rule_prices"]
    told = {
        (row["key"], site, change)
        for row in prices.record["rule_prices"]
        for change in ("opened", "closed")
        for site in row[change]
    }
    assert told
    assert set(zip(layer["key"], layer["site_id"], layer["change"], strict=True)) == told
    assert len(layer) == len(told)
    plans = asked(base, alternatives_study, alternatives={"within_share": 0.3, "at_most": 3})
    layer, rows = plans.layers["alternatives"], plans.record["alternatives"]["plans"]
    for row in rows:
        here = layer[layer["number"] == row["number"]]
        for change in ("added", "left_out", "moved"):
            assert sorted(here.loc[here["change"] == change, "site_id"]) == row[change]
    at = request.country.candidates.set_index("site_id").loc[layer["site_id"]]
    assert layer.geometry.geom_equals(at.geometry.reset_index(drop=True)).all()
    assert (layer["governorate"] == at["zone_id"].to_numpy()).all()
    assert layer.crs == "EPSG:4326"


def test_an_unknown_site_is_refused_by_name(base):
    with pytest.raises(InvalidInput, match="There is no site TO-Z-99"):
        asked(base, why_not_study, why_not={"exact": ["TO-Z-99"]})


def test_within_share_and_at_most_bound_the_alternatives(base):
    def answer(**part):
        return asked(base, alternatives_study, alternatives=part).record["alternatives"]

    wide, one, none = (
        answer(within_share=0.3, at_most=20),
        answer(within_share=0.3, at_most=1),
        answer(within_share=0.0),
    )
    assert len(wide["plans"]) > len(one["plans"]) == 1
    assert all(plan["loss"] <= wide["within"] for plan in wide["plans"])
    assert (none["within"], none["plans"], none["complete"]) == (0.0, [], True)
    assert [plan["number"] for plan in wide["plans"]] == list(range(1, len(wide["plans"]) + 1))
    assert asked(base, alternatives_study) is None


def test_seconds_each_bounds_every_solve_and_what_it_cut_off_says_so(base):
    """A solve that had no time claims no proof: neither of a price, nor a point, nor a whole list."""
    cut = {"seconds_each": 1e-9}
    rows = asked(base, prices_study, **cut).record["rule_prices"]
    assert not any(row["proven"] for row in rows)
    points = asked(base, frontier_study, frontier=[{"over": "centres", "from": 3, "to": 3}], **cut).record["frontier"]
    assert [point["status"] for point in points] != ["proven_optimal"]
    found = asked(base, alternatives_study, alternatives={"within_share": 0.3}, **cut).record["alternatives"]
    assert not found["complete"]


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"colour": 1}, "colour"),
        ({"rule_prices": {"budget_step": 0}}, "budget_step"),
        ({"rule_prices": {"posts_step": 0}}, "posts_step"),
        ({"rule_prices": {"share_step": 1.5}}, "share_step"),
        ({"frontier": [{"over": "hope", "from": 1, "to": 2}]}, "over"),
        ({"frontier": [{"over": "centres", "from": 3, "to": 2}]}, "to is below from"),
        ({"frontier": [{"over": "centres", "from": 1, "to": 2, "step": 0.5}]}, "whole numbers"),
        ({"frontier": [{"over": "budget_change", "from": 0, "to": 1, "step": 0.5}]}, "whole numbers"),
        ({"frontier": [{"over": "budget_factor", "from": -1, "to": 1}]}, "only budget_change may take away"),
        ({"frontier": [{"over": "worst_governorate", "from": 0, "to": 2}]}, "shares go from 0 to 1"),
        ({"frontier": [{"over": "centres", "from": 1, "to": 50}]}, "more than 40 points"),
        ({"why_not": {"exact": [""]}}, "exact"),
        ({"why_not": {"exact_chosen": "yes"}}, "exact_chosen"),
        ({"alternatives": {"within_share": 0.6}}, "within_share"),
        ({"alternatives": {"at_most": 0}}, "at_most"),
        ({"seconds_each": 0}, "seconds_each"),
    ],
)
def test_a_wrong_field_is_refused_by_name(section, message):
    with pytest.raises(ValidationError, match=message):
        QuestionsPart.model_validate(section)


def test_a_first_objective_that_is_no_miss_gets_a_note_in_both_languages():
    base = sited(PROGRAMME, Objectives(order=(Aim("worst_governorate"), Aim("covered"))))
    asking = {"frontier": [{"over": "centres", "from": 2, "to": 3}], "why_not": {}, "alternatives": {}}
    for name, study in {
        "rule_prices": prices_study,
        "frontier": frontier_study,
        "why_not": why_not_study,
        "alternatives": alternatives_study,
    }.items():
        made = asked(base, study, **asking)
        assert made.record[name] is None
        note = made.record[f"{name}_note"]
        summed = name in {"rule_prices", "frontier"}
        assert note["text_en"].startswith("The first objective is a share" if summed else "The first objective is not")
        assert note["text_ar"].startswith("الهدف الأول")
        assert not made.tables
        assert not made.layers
