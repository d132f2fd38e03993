"""The section `demand` and the study of visits: what a planner writes, and what a run then says."""

from __future__ import annotations

import collections
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

import geodata
from foundation.errors import NotFound
from planning.kinds import Round
from planning.programme import Tranche
from planning.siting import Request, site_programme
from planning.travel import travel
from planning.visits import VisitSettings, visits_of
from planning.visits.settings import AgencyYears, Calibration, DemandAt, Refugees, Take
from scenarios.sections.capacity import Capacity
from scenarios.sections.demand import Demand
from scenarios.studies import capacity as capacity_study
from scenarios.studies import visits as study_module
from scenarios.studies.case import Case
from scenarios.studies.lots_ground import seen_of, visits_by_centre
from scenarios.studies.visits_roadmap import roadmap_record
from scenarios.studies.ways import ways_of
from tests.planning.test_rules import MOBILE
from tests.toy import toy_country, toy_programme
from tests.toy_services import toy_with_services

WHOLE = {
    "services": ["id-card", "permit", "tax", "works"],
    "rates": {"tax": 0.15},
    "agencies": {"civil": {"valid_to": 2030, "successor": "tax"}},
    "digital": {
        "planned": [{"year": 2023, "share": 0.3}, {"year": 2025, "share": 0.9}],
        "take_up": {"all": [{"year": 2024, "share": 0.4}], "elderly": [{"year": 2024, "share": 0.2}]},
        "assisted": 0.1,
    },
    "cases": {"mid": {"transactions_per_visit": 2.5}},
    "growth": {"low": 0.4, "high": 1.6},
    "calendar": {"days_per_week": 5.0, "hours_per_day": 8.0},
    "peak_month_factor": 1.3,
    "demand_at": {"at": "mix", "work_share": 0.3},
    "refugees": {"course": "return", "share": 0.5, "from": 2024, "to": 2026},
    "non_resident_demand": {"TO-B": 0.05},
    "priority": {
        "weights": {"economy": 2.0, "green": 1.0},
        "scores": {s: {"green": 0.5} for s in ("id-card", "permit", "tax", "works")},
    },
    "calibration": {"to": "stated", "factor": 0.5},
    "bundle_hours": 1.5,
    "visits_floor": 100.0,
}


def _section(**fields) -> Demand:
    return Demand.model_validate(fields)


# ---- the section


def test_nothing_said_is_planning_s_own_default():
    assert _section().build() == VisitSettings()


def test_every_field_reaches_planning():
    built = _section(**WHOLE).build()
    assert built.services == ("id-card", "permit", "tax", "works")
    assert built.rates == {"tax": 0.15}
    assert built.agencies == {"civil": AgencyYears(None, 2030, "tax")}
    assert built.planned == ((2023, 0.3), (2025, 0.9))
    assert built.take_up == Take({"all": ((2024, 0.4),), "elderly": ((2024, 0.2),)}, 0.1)
    assert built.cases["mid"].transactions_per_visit == 2.5
    assert (built.growth.low, built.growth.high) == (0.4, 1.6)
    assert (built.calendar.days_per_week, built.calendar.closed_days) == (5.0, 14.0)
    assert built.demand_at == DemandAt(0.3)
    assert built.refugees == Refugees("return", 0.5, 2024, 2026)
    assert built.non_resident == {"TO-B": 0.05}
    assert built.priority.scores["tax", "green"] == 0.5
    assert built.calibration == Calibration("stated", 0.5)
    assert (built.bundle_hours, built.visits_floor, built.peak_month_factor) == (1.5, 100.0, 1.3)


def test_a_section_reads_back_from_what_a_run_keeps():
    section = _section(**WHOLE)
    assert Demand.model_validate(section.model_dump(mode="json", by_alias=True)) == section
    assert Demand.model_validate(_section().model_dump(mode="json", by_alias=True)) == _section()


def test_home_work_and_mix():
    assert _section(demand_at={"at": "home"}).build().demand_at.work_share == 0.0
    assert _section(demand_at={"at": "work"}).build().demand_at.work_share == 1.0
    assert _section(demand_at={"at": "work", "concentration": 2.0}).build().demand_at.concentration == 2.0


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"colour": "red"}, "colour"),
        ({"demand_at": {"at": "mix"}}, "work_share belongs"),
        ({"demand_at": {"at": "home", "work_share": 0.2}}, "work_share belongs"),
        ({"demand_at": {"at": "home", "concentration": 2.0}}, "concentration has no use"),
        ({"refugees": {"course": "stay", "share": 0.2}}, "have no use where refugees stay"),
        ({"refugees": {"course": "return", "share": 0.2}}, "needs share, from and to"),
        ({"agencies": {"civil": {"successor": "tax"}}}, "needs valid_to"),
        ({"calibration": {"to": "network", "factor": 0.5}}, "factor belongs"),
        ({"calibration": {"to": "stated"}}, "factor belongs"),
        ({"digital": {"take_up": {"all": []}}}, "take_up.all"),
        ({"digital": {"assisted": 1.1}}, "assisted"),
        ({"peak_month_factor": 0.5}, "peak_month_factor"),
        ({"cases": {"mid": {"transactions_per_visit": 0.5}}}, "transactions_per_visit"),
    ],
)
def test_a_field_without_effect_or_out_of_bounds_is_refused(field, message):
    with pytest.raises(ValidationError, match=message):
        _section(**field)


# ---- the study


@pytest.fixture(scope="module")
def case() -> Case:
    country, programme = toy_with_services(), toy_programme()
    request = Request(country=country, programme=programme)
    plan = site_programme(request)
    section = _section(visits_floor=3000.0, calibration={"to": "none"})
    scenario = SimpleNamespace(settings=SimpleNamespace(demand=section))
    return Case(scenario, country, request, travel(country), plan)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def study(case):
    return study_module.study(case)


def test_a_scenario_without_the_section_has_no_study(case):
    scenario = SimpleNamespace(settings=SimpleNamespace(demand=None))
    assert study_module.study(Case(scenario, case.country, case.request, None, case.plan)) is None  # type: ignore[arg-type]


def test_a_country_without_services_is_refused_by_name(case):
    other = Case(case.scenario, toy_country(), case.request, None, case.plan)  # type: ignore[arg-type]
    with pytest.raises(
        NotFound,
        match=r"no service lines.*the part services of a pack",
    ):
        study_module.study(other)


def test_visits_before_siting_are_those_of_the_study(case, study):
    before = study_module.visits_for(case.scenario, case.country, case.plan.programme.years)
    assert (before.total() == study.answer.total()).all()


def test_places_sum_to_the_nation_to_the_visit(study):
    table = study.tables["visits_by_year.csv"]
    nation = table[table["scope"] == "nation"].set_index(["year", "case"])["visits"]
    for scope in ("governorate", "settlement"):
        sums = table[table["scope"] == scope].groupby(["year", "case"])["visits"].sum()
        assert (sums.reindex(nation.index) == nation).all()
    assert study.record["visits"]["totals"]["mid"]["2025"] == nation[2025, "mid"]


def test_centres_and_the_rest_sum_to_the_nation(case, study):
    record, table = study.record["visits"], study.tables["visits_by_centre.csv"]
    for year in ("2023", "2024", "2025"):
        mid = table[(table["year"] == int(year)) & (table["case"] == "mid")]["visits"].sum()
        assert mid + record["no_centre"][year] + record["elsewhere"][year] == record["totals"]["mid"][year]
    by_hand = _by_hand(case, study.answer)
    for one in record["centres"]:
        assert abs(one["visits"]["mid"] - by_hand[one["id"]]) < 1


def _by_hand(case, visits):
    """Visits of 2025 by site: each service at the nearest open place, in the own governorate where it is bound."""
    found, sites = collections.Counter(), case.plan.sites["site_id"].tolist()
    zone = case.country.candidates.set_index("site_id")["zone_id"]
    position = list(case.country.candidates["site_id"])
    minutes = case.journeys.minutes
    for s in range(len(visits.services)):
        bound = visits.lines.jurisdiction[-1][s] in {"governorate", "area"}
        for i, home in enumerate(case.country.people["zone_id"]):
            able = [site for site in sorted(sites, key=position.index) if not bound or zone[site] == home]
            reached = [(minutes[i, position.index(site)], site) for site in able]
            best = min(reached, key=lambda one: one[0], default=(math.inf, ""))
            if math.isfinite(best[0]):
                found[best[1]] += visits.amount["mid"][s, -1, i]
    return found


def test_two_places_at_one_site_are_counted_apart(case):
    country = case.country
    unit = replace(MOBILE, id="unit", round=Round(2, 60.0, (("TO-A-00", ("TO-A-00", "TO-A-01")),)))
    programme = replace(
        toy_programme(),
        kinds=(unit,),
        tranches=(*toy_programme().tranches, Tranche("units", "Units", "وحدات", 1, 2024, 2025, kind="unit")),
    )
    request = Request(country=country, programme=programme)
    made = Case(case.scenario, country, request, case.journeys, site_programme(request))
    found = study_module.study(made)
    record, table = found.record["visits"], found.tables["visits_by_centre.csv"]
    final = table[(table["year"] == 2025) & (table["case"] == "mid")].set_index("site_id")["visits"]
    assert {"TO-A-00", "TO-A-00/unit"} <= set(final.index)
    assert final.index.is_unique
    assert final.sum() + record["no_centre"]["2025"] + record["elsewhere"]["2025"] == record["totals"]["mid"]["2025"]
    assert final["TO-A-00/unit"] > 0  # its other stop is nearer for some


def test_the_layer_of_journeys_saved_sums_to_the_record(study):
    layer, record = study.layers["journeys_saved"], study.record["journeys_saved"]
    places = {one["scope_id"]: one for one in record["places"] if one["scope"] == "governorate"}
    for zone in layer.itertuples():
        assert (zone.journeys, zone.hours) == (places[zone.zone_id]["journeys"], places[zone.zone_id]["hours"])
    whole = {one["group"]: one["journeys"] for one in record["groups"]}
    assert (layer["journeys"].sum(), layer["journeys_elderly"].sum()) == (whole["all"], whole["elderly"])


def test_a_kind_that_names_its_services_sees_no_other_visits(case):
    """In visits, in capacity, and in the lots' account of the same centres."""
    country = case.country
    unit = replace(MOBILE, id="unit", services=("tax",), round=Round(2, 60.0, (("TO-A-00", ("TO-A-00", "TO-A-01")),)))
    units = Tranche("units", "Units", "وحدات", 1, 2024, 2025, kind="unit")
    every = replace(toy_programme(), kinds=(replace(unit, services=()),), tranches=(*toy_programme().tranches, units))
    some = replace(every, kinds=(unit,))
    scenario = SimpleNamespace(settings=SimpleNamespace(demand=case.scenario.settings.demand, capacity=Capacity()))
    found = {}
    for name, programme in (("every", every), ("some", some)):
        request = Request(country=country, programme=programme)
        made = Case(scenario, country, request, case.journeys, site_programme(request))
        visits = study_module.study(made)
        sized = capacity_study.study(replace(made, done={"visits": visits}))
        table = visits.tables["visits_by_centre.csv"]
        mid = table[(table["year"] == 2025) & (table["case"] == "mid")].set_index("site_id")["visits"]
        counters = sized.tables["capacity.csv"]
        counters = counters[(counters["year"] == 2025) & (counters["case"] == "mid")].set_index("id")["visits"]
        assert (mid - counters).abs().max() <= len(mid)  # each rounds on its own
        ways = ways_of(made)
        lots = visits_by_centre(made, seen_of(made, ways), ways, visits.answer)["mid"][:, :, -1]
        at = list(seen_of(made, ways).ground.ids).index("TO-A-00/unit")
        assert lots[at].sum() == pytest.approx(mid["TO-A-00/unit"], abs=1)
        found[name] = (mid["TO-A-00/unit"], lots[at], record_rest(visits))
    assert found["every"][1].min() > 0
    assert np.flatnonzero(found["some"][1]).tolist() == [2]  # tax
    assert found["some"][0] == pytest.approx(found["every"][1][2], abs=1)
    assert found["some"][2] == found["every"][2]  # others go to the centre instead, none is lost


def record_rest(visits):
    return visits.record["visits"]["no_centre"]["2025"], visits.record["visits"]["elsewhere"]["2025"]


def test_a_centre_below_the_floor_in_its_life_is_flagged(study):
    table = study.tables["visits_by_centre.csv"]
    low = table.groupby(["site_id", "case"])["visits"].transform("min") < 3000.0
    assert (table["below_floor"] == low).all()
    assert table["below_floor"].any()
    assert not table["below_floor"].all()


def test_the_comparison_stands_in_the_record(study):
    rows = study.record["visits"]["compared"]
    assert [row["measure"] for row in rows] == ["network_transactions", "network_visitors", "visitors_per_day"]
    assert rows[2]["name_ar"] == "الريادي"
    assert study.record["visits"]["scale"]["factor"] == 1.0


def test_services_stand_by_priority_with_their_parts(study):
    rows = study.record["visits"]["services"]
    scores = [row["priority"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    factors = study.record["visits"]["factors"]
    for row in rows:
        assert row["priority"] == pytest.approx(
            sum(f["weight"] * row[f"score_{f['factor']}"] for f in factors), abs=1e-3
        )
    permit = next(row for row in rows if row["service_id"] == "permit")
    assert (permit["agency_id"], permit["agency_en"]) == ("tax", "Tax")  # labour's successor in the last year


def test_journeys_saved_sum_over_places(study):
    table = study.tables["journeys_saved.csv"]
    for name in ("journeys", "hours"):
        nation = table[table["scope"] == "nation"].set_index("group")[name]
        for scope in ("governorate", "settlement"):
            assert (table[table["scope"] == scope].groupby("group")[name].sum() == nation.sort_index()).all()
    record = study.record["journeys_saved"]
    assert record["groups"][0]["journeys"] == record["events"][0]["journeys"] > 0


def test_the_layer_holds_visits_by_point_and_year(case, study):
    layer = study.layers["visits"]
    assert layer.crs == "EPSG:4326"
    assert len(layer) == len(case.country.people)
    assert layer["visits_2025"].sum() == pytest.approx(study.answer.total()[2].sum(), abs=0.1 * len(layer))


def test_the_record_is_plain(study):
    import json

    text = json.dumps({name: _plain(value) for name, value in study.record.items()}, allow_nan=False)
    assert "NaN" not in text


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def test_the_roadmap_s_tables_stand_apart(study):
    roadmap = study.record["visits"]["roadmap"]
    assert [one["agency_id"] for one in roadmap["agencies"]] == ["civil", "tax", "labour", "city"]
    assert roadmap["agencies"][3]["services"] is None  # missing is not zero
    assert roadmap["waves"] == roadmap["seats"] == roadmap["centres"] == roadmap["conflicts"] == []


def test_jordan_s_seventeen_and_its_conflict_stand_in_the_record():
    roadmap = roadmap_record(geodata.load("jordan"))
    assert {one["part"]: one["entries"] for one in roadmap["seats"]} == {"wholly": 9, "in_part": 8}
    assert len(roadmap["waves"]) == 4
    assert sorted(one["value"] for one in roadmap["conflicts"]) == [40.0, 227.0, 486.0]
    centres = {one["name_en"]: one["services"] for one in roadmap["centres"]}
    assert (min(centres.values()), max(centres.values()), len(centres)) == (61, 173, 9)
    assert centres["Jerash"] == 143  # the latest of two
    aqaba = next(one for one in roadmap["centres"] if one["name_ar"] == "العقبة")
    assert aqaba["institutions"] is None  # an earlier row has it, the latest has not


def test_two_studies_say_the_same(case, study):
    again = study_module.study(case)
    assert again.record == study.record
    for name, table in study.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)


def test_a_place_with_fewer_services_is_no_one_stop_centre(case):
    """A unit that offers one service saves nobody the journeys to several offices."""
    country = case.country
    units = Tranche("units", "Units", "وحدات", 1, 2024, 2025, kind="unit")
    whole = toy_programme()
    saved = {}
    for services in ((), ("tax",)):
        unit = replace(
            MOBILE, id="unit", services=services, round=Round(2, 60.0, (("TO-A-00", ("TO-A-00", "TO-A-01")),))
        )
        request = Request(country=country, programme=replace(whole, kinds=(unit,), tranches=(*whole.tranches, units)))
        made = Case(case.scenario, country, request, case.journeys, site_programme(request))
        saved[services] = study_module.study(made).record["journeys_saved"]["groups"][0]
    assert saved["tax",]["journeys"] == saved[()]["journeys"]  # the centres reach everybody here
    assert saved["tax",]["hours"] > saved[()]["hours"]  # but from farther than the unit


def test_a_selection_of_services_is_fitted_to_the_record_as_all_of_them_are(case):
    country = case.country
    every, some = (visits_of(country, (2024, 2025), VisitSettings(services=names)) for names in ((), ("tax",)))
    assert some.fit.factor == every.fit.factor < 1.0
    assert some.total().sum() < every.total().sum()
