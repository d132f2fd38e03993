"""The sections `standard` and `objectives`: every field reaches planning's types, or is refused by name."""

import numpy as np
import pytest
import yaml

from foundation.errors import InvalidInput
from foundation.strict_yaml import dump_yaml
from planning.aims import Aim, CoverFloor, Objectives
from planning.population import people_by_year
from planning.standards import Band, Further, Limits, Remote, Standard
from planning.visits import visits_of
from scenarios import load_scenario
from scenarios.siting_demand import demand_of
from scenarios.stage_words import STAGES
from tests.toy import toy_country
from tests.toy_pack import toy_scenario
from tests.toy_services import toy_with_services


def load(tmp_path, **sections):
    raw = yaml.safe_load(toy_scenario(tmp_path).read_text(encoding="utf-8")) | sections
    path = tmp_path / "changed.yaml"
    path.write_text(dump_yaml(raw), encoding="utf-8")
    return load_scenario(str(path))


def test_every_field_of_the_standard_is_built(tmp_path):
    limits = {"urban_minutes": 15, "rural_minutes": 30, "remote_minutes": 40}
    scenario = load(
        tmp_path,
        standard={
            "urban_minutes": 30,
            "rural_minutes": 60,
            "remote_minutes": 90,
            "remote": {"districts": ["TO-C-1"], "density_at_most_per_km2": 12},
            "groups": {"elderly": 20},
            "partial_centres_count": True,
            "bands": [limits | {"groups": {"elderly": 10}, "benefit": 0.9}],
            "weight": 2,
            "further": [limits | {"groups": {"elderly": 10}, "name": "near", "weight": 0.5}],
        },
    )
    built = Limits(15, 30, 40, (("elderly", 10),))
    assert scenario.standard() == Standard(
        30,
        60,
        True,
        remote_minutes=90,
        remote=Remote(("TO-C-1",), 12),
        groups=(("elderly", 20),),
        bands=(Band(built, 0.9),),
        weight=2,
        further=(Further("near", built, 0.5),),
    )
    assert load(tmp_path, **scenario.resolved()).resolved() == scenario.resolved()


def test_every_field_of_the_objectives_is_built(tmp_path):
    scenario = load(
        tmp_path,
        objectives={
            "order": [
                {"maximise": "covered", "of": "visits", "tolerance": 5},
                {"maximise": "worst_group", "tolerance": 0.01},
                {"minimise": "worst_journey"},
            ],
            "floors": [
                {"each": "governorate", "share": 0.5, "from": 2024},
                {"settlement": "rural", "people": 12},
                {"group": "elderly", "share": 0.4},
                {"governorate": "TO-A", "all_within_reach": True},
                {"nation": True, "share": 0.7},
            ],
            "people": "high",
            "visits_case": "low",
            "discount_rate": 0.03,
            "travel_cap_minutes": 100,
            "inequality_aversion": 0.5,
        },
    )
    assert scenario.objectives() == Objectives(
        cap_minutes=100,
        aversion=0.5,
        order=(Aim("covered", "visits", 5), Aim("worst_group", tolerance=0.01), Aim("worst_journey")),
        floors=(
            CoverFloor("governorate", share=0.5, from_year=2024),
            CoverFloor("settlement", "rural", people=12),
            CoverFloor("group", "elderly", share=0.4),
            CoverFloor("governorate", "TO-A", within_reach=True),
            CoverFloor("nation", share=0.7),
        ),
        discount_rate=0.03,
    )
    assert load(tmp_path, **scenario.resolved()).resolved() == scenario.resolved()


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"objectives": {"order": [{"maximise": "covered", "minimise": "ede"}]}}, "one of maximise and minimise"),
        ({"objectives": {"order": [{"tolerance": 3}]}}, "one of maximise and minimise"),
        ({"objectives": {"order": [{"minimise": "covered"}]}}, "mean_travel"),
        ({"objectives": {"floors": [{"share": 0.5}]}}, "A floor is of one of"),
        ({"objectives": {"floors": [{"nation": True, "group": "elderly", "share": 0.5}]}}, "A floor is of one of"),
        ({"objectives": {"visits_case": "low"}}, "visits_case has no use"),
        ({"objectives": {"floors": [{"nation": True}]}}, "needs one of share, people and all_within_reach"),
        ({"standard": {"groups": {"elderly": 90}}}, "nowhere stricter"),
        ({"standard": {"remote_minutes": 90}}, "go together"),
    ],
)
def test_what_does_not_hold_together_is_refused_when_the_file_is_read(tmp_path, sections, said):
    with pytest.raises(InvalidInput, match=said):
        load(tmp_path, **sections)


def test_people_of_each_year_are_those_of_the_case_asked_for(tmp_path):
    country = toy_country()
    scenario = load(tmp_path, objectives={"people": "high"})
    expected = people_by_year(country, scenario.settings.years, "high")
    assert np.array_equal(demand_of(scenario, country, ())["people_by_year"], expected)
    assert demand_of(load(tmp_path), country, ()) == {}


def test_visits_without_a_section_of_demand_are_refused(tmp_path):
    scenario = load(tmp_path, objectives={"order": [{"maximise": "covered", "of": "visits"}]})
    with pytest.raises(InvalidInput, match="Add the section demand"):
        demand_of(scenario, toy_country(), ())


def test_every_objective_has_words():
    every = [Aim("covered", of) for of in ("people", "visits", "priority_visits")]
    every += [Aim("mean_travel", of) for of in ("people", "visits", "priority_visits")]
    every += [Aim(w) for w in ("worst_governorate", "worst_settlement", "worst_group", "worst_journey")]
    every += [Aim("ede"), Aim("centres"), Aim("cost")]
    assert {aim.name for aim in every} | {"tie"} == set(STAGES)


def test_the_case_of_the_visits_that_are_counted_is_the_one_asked_for(tmp_path):
    country, found = toy_with_services(), {}
    for case in ("low", "high"):
        scenario = load(
            tmp_path,
            demand={"calibration": {"to": "none"}},
            objectives={"order": [{"maximise": "covered", "of": "visits"}], "visits_case": case},
        )
        parts = demand_of(scenario, country, ())["demand"]["visits"]
        expected = visits_of(country, scenario.settings.years, scenario.settings.demand.build()).total(case)
        found[case] = sum(part.amount for part in parts)
        assert found[case] == pytest.approx(expected)
    assert (found["high"] > found["low"]).any()


def test_what_a_case_or_the_weights_leave_out_stays_as_it_is(tmp_path):
    demand = {"cases": {"low": {"transactions_per_visit": 3.0}}, "priority": {"weights": {"complexity": 0.0}}}
    built = load(tmp_path, demand=demand).settings.demand.build()
    plain = load(tmp_path, demand={}).settings.demand.build()
    assert (built.cases["low"].transactions_per_visit, plain.cases["low"].transactions_per_visit) == (3.0, 3.6)
    for name in ("take_up_times", "assumed_rates_times"):
        assert getattr(built.cases["low"], name) == getattr(plain.cases["low"], name)
    assert built.cases["high"] == plain.cases["high"]
    assert built.priority.weights == plain.priority.weights | {"complexity": 0.0}
