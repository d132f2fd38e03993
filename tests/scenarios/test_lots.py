"""The section and the study of partnership: every field changes the answer, and lots add up."""

import dataclasses
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from pydantic import BaseModel, ValidationError

from foundation.errors import InvalidInput
from foundation.language import language
from foundation.strict_yaml import parse_yaml
from planning.partnership import PartnershipSettings
from planning.private import Care
from planning.programme import PrivateLabel
from planning.siting import Request, journeys_of, site_programme
from planning.visits import visits_of
from planning.visits.settings import Calibration, CaseRule, Refugees, Take, VisitSettings
from scenarios.files import _scenario
from scenarios.record import _plain
from scenarios.sections.partnership import Partnership
from scenarios.studies import lots
from scenarios.studies.case import Case, Study
from scenarios.studies.lots_operators import operated
from tests.toy import toy_programme
from tests.toy_pack import merged
from tests.toy_services import toy_with_services

LOOSE = {"centres": {"worst_off_loss": 1.0}, "term_years": 6, "service_contract_below": 1000.0}
LABELLED = Care(worst_off_loss=1.0)  # as LOOSE says
NUMBERS = {"lots": {"count": 2}}
MIXED = {"payment": {"kind": "mixed", "charge": 3.0, "availability": 200_000.0}}
SHORT = {"service_levels": {"expected": 0.9}}
OPENS = {"events": [{"what": "public_centre", "year": 2026, "site": "TO-B-05"}], "exclusivity_km": 80.0}
LESS = {"events": [{"what": "services_withdrawn", "year": 2026, "services": ["tax"]}]}
MORE = {"events": [{"what": "services_added", "year": 2026, "visits_share": 0.1, "capital": 100_000.0}]}


@pytest.fixture(scope="module")
def sited():
    country = toy_with_services()
    request = Request(country, toy_programme(private=PrivateLabel(2, 2023, 2024, LABELLED)))
    journeys = journeys_of(request)
    plan = site_programme(request)
    take = Take({"all": ((2024, 0.4), (2027, 0.6))}, 0.1)
    rules = {"low": CaseRule(3.6, 1.25, 0.75), "mid": CaseRule(2.48), "high": CaseRule(2.0, 0.75, 1.25)}
    stated = VisitSettings(calibration=Calibration("none"), take_up=take, cases=rules)
    return country, request, journeys, plan, visits_of(country, plan.programme.years, stated)


@pytest.fixture(scope="module", autouse=True)
def saved_once():
    """The journeys saved depend on the plan and the visits alone: computed once for all of these tests."""
    patch = pytest.MonkeyPatch()
    known = {}
    compute = lots.journeys_saved

    def remembered(country, visits, minutes, *, year):
        if id(visits) not in known:
            known[id(visits)] = compute(country, visits, minutes, year=year)
        return known[id(visits)]

    patch.setattr(lots, "journeys_saved", remembered)
    yield
    patch.undo()


def made(sited, *parts, visits=True, capacity=None):
    country, request, journeys, plan, found = sited
    section = None if parts == (None,) else Partnership.model_validate(merged(*parts))
    done = {"visits": Study(record={}, answer=found)} if visits else {}
    if capacity is not None:
        done["capacity"] = Study(record={}, answer=SimpleNamespace(room=capacity))
    scenario = SimpleNamespace(settings=SimpleNamespace(partnership=section))
    return lots.study(Case(scenario, country, request, journeys, plan, done))


def said(study):
    """The record without what merely repeats the settings."""
    record = _plain(dict(study.record))
    record["partnership"].pop("assumptions")
    return json.dumps(record, sort_keys=True)


# ---------------------------------------------------------------- the section


def test_the_defaults_build_the_defaults_of_planning():
    assert Partnership().build() == PartnershipSettings()


def test_a_section_reads_back_from_what_a_run_keeps():
    for parts in ((), (MIXED, OPENS, NUMBERS), (LESS, {"future": {"take_up": [{"year": 2030, "share": 0.9}]}})):
        section = Partnership.model_validate(merged(*parts))
        assert Partnership.model_validate(section.model_dump(mode="json", by_alias=True)) == section


BEFORE: dict[str, str] = {}
# What stands before the change, the field, what it is changed to, and what is refused instead of changed.
FIELDS = [
    ({}, "centres.choice", {"centres": {"choice": "suited", "count": 1}}),
    ({}, "centres.centres", {"centres": {"choice": "named", "centres": ["TO-A-02"]}}),
    ({"centres": {"choice": "suited", "count": 1}}, "centres.count", {"centres": {"count": 2}}),
    ({}, "centres.visits_weight", {"centres": {"visits_weight": 3.0}}),
    ({}, "centres.overlap_weight", {"centres": {"overlap_weight": 3.0}}),
    ({}, "centres.least_score", {"centres": {"least_score": 0.99}}),
    ({}, "centres.existing", {"centres": {"existing": True}}),
    ({"centres": {"worst_off_loss": 0.0}}, "centres.worst_off", {"centres": {"worst_off": 1}}),
    ({}, "centres.worst_off_loss", {"centres": {"worst_off_loss": 0.0}}),
    ({}, "lots.count", {"lots": {"count": 2}}),
    ({}, "lots.balance_by", {"lots": {"balance_by": "income"}}),
    ({}, "lots.groups", {"lots": {"groups": [["TO-B-07"], ["TO-A-02"]]}}),
    ({}, "form", {"form": "greenfield"}),
    ({}, "term_years", {"term_years": 7}),
    ({}, "starts", {"starts": 2026}),
    ({}, "build_years", {"build_years": 2}),
    ({}, "costs.price_year", {"costs": {"price_year": 2023}}),
    ({}, "costs.building", {"costs": {"building": 1.0}}),
    ({}, "costs.fit_out", {"costs": {"fit_out": 1.0}}),
    ({}, "costs.mobilisation", {"costs": {"mobilisation": 1.0}}),
    ({}, "costs.renewal_share", {"costs": {"renewal_share": 0.1}}),
    ({}, "costs.renewal_every", {"costs": {"renewal_every": 2}}),
    ({}, "costs.running_fixed", {"costs": {"running_fixed": 1.0}}),
    ({}, "costs.running_per_visit", {"costs": {"running_per_visit": 0.1}}),
    ({}, "payment.kind", MIXED),
    ({}, "payment.charge", {"payment": {"charge": 4.0}}),
    (MIXED, "payment.availability", {"payment": {"availability": 300_000.0}}),
    ({}, "payment.state_fee", {"payment": {"charge": 3.0, "state_fee": 2.0}}),
    (SHORT, "service_levels.target", {"service_levels": {"target": 0.95}}),
    ({}, "service_levels.expected", {"service_levels": {"expected": 0.9}}),
    (SHORT, "service_levels.deduction_per_point", {"service_levels": {"deduction_per_point": 0.01}}),
    (SHORT, "service_levels.deduction_most", {"service_levels": {"deduction_most": 0.05}}),
    ({}, "hand_back.condition", {"hand_back": {"condition": "as_is", "works_share": 0.0}}),
    ({}, "hand_back.works_share", {"hand_back": {"works_share": 0.3}}),
    ({}, "hand_back.paid_share", {"hand_back": {"paid_share": 0.3}}),
    (OPENS, "exclusivity_km", {"exclusivity_km": 0.1}),
    ({}, "events.what", MORE),
    (MORE, "events.year", {"events": [MORE["events"][0] | {"year": 2027}]}),
    (OPENS, "events.site", {"events": [OPENS["events"][0] | {"site": "TO-B-06"}]}),
    (LESS, "events.services", {"events": [LESS["events"][0] | {"services": ["permit"]}]}),
    (MORE, "events.visits_share", {"events": [MORE["events"][0] | {"visits_share": 0.2}]}),
    (MORE, "events.capital", {"events": [MORE["events"][0] | {"capital": 0.0}]}),
    (OPENS, "compensation.public_centre", {"compensation": {"public_centre": 0.5}}),
    (LESS, "compensation.services_withdrawn", {"compensation": {"services_withdrawn": 0.5}}),
    (MORE, "compensation.services_added", {"compensation": {"services_added": 0.5}}),
    ({}, "guarantee", {"guarantee": 0.9}),
    ({}, "future.growth", {"future": {"growth": 0.02}}),
    ({}, "future.take_up.year", {"future": {"take_up": [{"year": 2027, "share": 0.9}]}}),
    (
        {"future": {"take_up": [{"year": 2027, "share": 0.9}]}},
        "future.take_up.share",
        {"future": {"take_up": [{"year": 2027, "share": 0.8}]}},
    ),
    ({}, "benefits.value_of_time", {"benefits": {"value_of_time": 2.0}}),
    ({}, "benefits.social_rate", {"benefits": {"social_rate": 0.03}}),
    ({}, "benefits.without", {"benefits": {"without": "separate_offices"}}),
    ({}, "benefits.avoided_per_visit", {"benefits": {"avoided_per_visit": 1.0}}),
    ({}, "hurdle_rate", {"hurdle_rate": 0.08}),
    ({}, "service_contract_below", {"service_contract_below": 1e9}),
    *[({}, f"sensitivity.{name}", {"sensitivity": {name: 0.15}}) for name in ("take_up", "visits", "capital")],
    *[({}, f"sensitivity.{name}", {"sensitivity": {name: 0.15}}) for name in ("running", "payment", "rate")],
]


@pytest.mark.parametrize(("before", "name", "change"), FIELDS, ids=[name for _, name, _ in FIELDS])
def test_every_field_changes_the_answer(sited, before, name, change):
    key = json.dumps(before)
    if key not in BEFORE:
        BEFORE[key] = said(made(sited, LOOSE, before))
    assert said(made(sited, LOOSE, before, change)) != BEFORE[key], name


def test_the_two_fields_that_the_toy_is_too_small_for_change_the_lots_of_planning():
    """`weak_below` and `together_km`: tests/planning/test_partnership_lots.py; here they reach planning."""
    built = Partnership.model_validate({"lots": {"count": 2, "weak_below": 0.5, "together_km": 30.0}}).build()
    assert (built.grouping.weak_below, built.grouping.together_km) == (0.5, 30.0)


def test_no_field_is_left_out_of_these_tests():
    tried = {name for _, name, _ in FIELDS} | {"lots.weak_below", "lots.together_km"}
    assert set(leaves(Partnership)) == tried


def leaves(model, head=""):
    for name, field in model.model_fields.items():
        inner = next((part for part in kinds(field.annotation) if issubclass(part, BaseModel)), None)
        yield from leaves(inner, f"{head}{name}.") if inner else [f"{head}{name}"]


def kinds(annotation):
    if isinstance(annotation, type):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from kinds(part)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"colour": "red"}, "colour"),
        ({"centres": {"choice": "named"}}, "named"),
        ({"centres": {"count": 2}}, "suited"),
        ({"payment": {"kind": "availability", "charge": 1.0, "availability": 1.0}}, "charge"),
        ({"payment": {"kind": "mixed", "availability": 1.0}}, "charge"),
        ({"payment": {"kind": "mixed", "charge": 1.0}}, "availability"),
        ({"hand_back": {"condition": "as_is"}}, "works_share"),
        ({"form": "operate_only", "build_years": 2}, "build_years"),
        ({"guarantee": 0.5, "payment": {"kind": "availability", "availability": 1.0}}, "guaranteed"),
        ({"lots": {"groups": [["a"]], "count": 2}}, "together_km"),
        ({"lots": {"groups": [["a"]], "weak_below": 0.5}}, "weak_below"),
        ({"lots": {"groups": [["a"], ["a"]]}}, "more than one lot"),
        ({"events": [{"what": "public_centre", "year": 2026}]}, "site"),
        ({"events": [{"what": "services_added", "year": 2026, "services": ["a"]}]}, "visits_share"),
        ({"future": {"take_up": [{"year": 2030, "share": 0.1}, {"year": 2029, "share": 0.2}]}}, "ascending"),
        ({"term_years": 0}, "term_years"),
        ({"costs": {"fit_out": -1.0}}, "fit_out"),
    ],
)
def test_what_does_not_hold_together_is_refused_when_the_file_is_read(wrong, message):
    with pytest.raises(ValidationError, match=message):
        Partnership.model_validate(wrong)


# ---------------------------------------------------------------- nothing to compute


def test_it_is_made_only_when_asked_for(sited):
    assert made(sited, None) is None


def test_without_visits_it_says_why_nothing_is_computed(sited):
    found = made(sited, {}, visits=False)
    assert found.record["lots"] == []
    record = found.record["partnership"]
    assert not record["computed"]
    assert "visits are not modelled" in record["reason_en"]
    assert record["reason_ar"] == language("ar").text(lots.NO_VISITS) != record["reason_en"]
    assert (found.tables, found.layers) == ({}, {})


def test_without_a_private_centre_it_says_why(sited):
    country, request, journeys, plan, visits = sited
    public = dataclasses.replace(plan, sites=plan.sites.assign(operator="government"))
    found = made((country, request, journeys, public, visits), {})
    assert "no centre that is to be operated privately" in found.record["partnership"]["reason_en"]
    assert found.record["lots"] == []


def test_where_none_may_be_private_the_table_says_why(sited):
    record = made(sited, {}).record["partnership"]
    assert "none may be operated privately" in record["reason_en"]
    left = [one for one in record["centres"] if one["left_out"]]
    assert [one["against"] for one in left] == [["worst_off"], ["worst_off"]]


# ---------------------------------------------------------------- the lots


def test_visits_are_conserved_between_lots_and_files(sited):
    one, two = made(sited, LOOSE), made(sited, LOOSE, NUMBERS)
    assert [len(study.record["lots"]) for study in (one, two)] == [1, 2]
    for case in ("low", "mid", "high", "recorded"):
        whole = one.record["lots"][0]["visits"][case]
        for year, visits in whole.items():
            assert sum(lot["visits"][case][year] for lot in two.record["lots"]) == visits
    table = two.tables["lot_visits.csv"]
    for lot in two.record["lots"]:
        mine = table[(table["lot"] == lot["id"]) & (table["case"] == "mid")].groupby("year")["visits"].sum()
        assert {str(year): int(n) for year, n in mine.items()} == lot["visits"]["mid"]
    assert sum(lot["people"] for lot in two.record["lots"]) == one.record["lots"][0]["people"]


def test_visits_of_programme_years_are_the_modelled_ones(sited):
    lot = made(sited, LOOSE).record["lots"][0]["visits"]["mid"]
    assert lot["2025"] == round(_of_the_lot(sited, sited[-1], 2025))  # the first year of the term


def _of_the_lot(sited, visits, year):
    """Visits of TO-B-07 and TO-A-02 in the final network, by hand: bound services at the nearest in the governorate."""
    country, _, journeys, plan, _ = sited
    network, t = plan.networks[-1], visits.years.index(year)
    ids = {site: i for i, site in enumerate(country.candidates["site_id"])}
    mine = np.isin(network.nearest, [ids["TO-B-07"], ids["TO-A-02"]])
    zone, at_home = country.people["zone_id"].to_numpy(), np.zeros(len(country.people), dtype=bool)
    for site in ("TO-B-07", "TO-A-02"):
        near = np.array([j for j in network.open_sites if country.candidates["zone_id"][j] == site[:4]])
        nearest = near[journeys.minutes[:, near].argmin(axis=1)]
        at_home |= (zone == site[:4]) & (nearest == ids[site]) & np.isfinite(journeys.minutes[:, ids[site]])
    bound = visits.lines.jurisdiction[t] != "national"
    amount = visits.amount["mid"][:, t]
    return amount[~bound][:, mine].sum() + amount[bound][:, at_home].sum()


def test_later_visits_follow_the_residents_and_the_digital_services_of_their_year(sited):
    country, _, _, _, visits = sited
    lot = made(sited, LOOSE).record["lots"][0]["visits"]["mid"]
    later = visits_of(country, (2027,), visits.settings)
    assert later.people.sum() > visits.people[-1].sum()  # Alpha grows
    assert lot["2027"] == round(_of_the_lot(sited, later, 2027))
    gone = replace(visits, settings=replace(visits.settings, refugees=Refugees("return", 1.0, 2026, 2026)))
    left = made((*sited[:-1], gone), LOOSE).record["lots"][0]["visits"]["mid"]
    assert left["2025"] == lot["2025"]
    assert left["2027"] < lot["2027"]


def test_the_cash_flow_adds_up_to_the_record(sited):
    found = made(sited, LOOSE, MIXED, SHORT, {"guarantee": 0.9, "hand_back": {"paid_share": 0.2}})
    table = found.tables["lot_cashflow.csv"]
    income = ["charge", "availability", "guarantee", "hand_back", "compensation"]
    costs = ["capital", "renewal", "running", "works", "deductions"]
    assert table["net"].to_numpy() == pytest.approx(
        (table[income].sum(axis=1) - table[costs].sum(axis=1)).to_numpy(), abs=0.1
    )
    (lot,) = found.record["lots"]
    for case, money in lot["money"].items():
        rows = table[table["case"] == case].sort_values("year")
        discounted = rows["net"].to_numpy() @ 1.1 ** -np.arange(len(rows), dtype=float)
        assert discounted == pytest.approx(money["npv"], abs=1.0)
    low = table[(table["case"] == "low") & (table["visits"] > 0)]
    assert (low["guarantee"] > 0).all()
    assert lot["guaranteed"]["2025"] == pytest.approx(0.9 * lot["visits"]["mid"]["2025"], abs=1)  # of unrounded visits


def test_the_sensitivity_table_starts_with_take_up(sited):
    table = made(sited, LOOSE, NUMBERS).tables["lot_sensitivity.csv"]
    for _, rows in table.groupby("lot"):
        assert rows["driver"].iloc[0] == "take_up"
        swing = (rows["npv_high"] - rows["npv_low"]).abs().to_numpy()[1:]
        assert (np.diff(swing) <= 0.02).all()


def test_a_centre_takes_no_more_than_its_capacity(sited):
    room = np.full(len(sited[3].sites), np.inf)
    room[list(sited[3].sites["id"]).index("TO-B-07")] = 100.0
    free, held = (made(sited, LOOSE, NUMBERS, capacity=given) for given in (None, room))
    by_centre = {lot["centres"][0]["id"]: lot["visits"]["mid"] for lot in held.record["lots"]}
    assert set(by_centre["TO-B-07"].values()) <= {100, 101}  # lots are rounded so that they add up
    other = {lot["centres"][0]["id"]: lot["visits"]["mid"] for lot in free.record["lots"]}
    assert by_centre["TO-A-02"] == pytest.approx(other["TO-A-02"], abs=1)


def test_state_fees_change_no_money(sited):
    without, with_fee = (
        made(sited, LOOSE, {"payment": {"charge": 3.0, "state_fee": fee}}).record["lots"][0] for fee in (0.0, 5.0)
    )
    assert without["money"] == with_fee["money"]
    assert with_fee["state_fees"] > 0 == without["state_fees"]


def test_what_is_lost_if_a_lot_fails_by_counting_again(sited):
    country, _, _, plan, _ = sited
    (lot,) = made(sited, LOOSE).record["lots"]
    ids = list(country.candidates["site_id"])
    final = plan.networks[-1]
    limits = plan.standard.limits(plan.standard.settlements(country))
    minutes = sited[2].minutes
    people = country.people["people"].to_numpy()
    gone = [ids.index(site) for site in ("TO-B-07", "TO-A-02")]
    left = [site for site in final.open_sites if site not in gone]
    before = (minutes[:, final.open_sites] <= limits[:, None]).any(axis=1)
    after = (minutes[:, left] <= limits[:, None]).any(axis=1)
    assert lot["loss"]["people"] == people[before & ~after].sum()
    assert sum(one["people"] for one in lot["loss"]["by_governorate"]) == lot["loss"]["people"]


def test_a_centre_whose_visits_fall_below_the_floor_within_the_term_is_named(sited):
    country, request, journeys, plan, found = sited
    demand = SimpleNamespace(visits_floor=0.0)
    section = Partnership.model_validate(LOOSE)

    def told(floor):
        demand.visits_floor = floor
        settings = SimpleNamespace(partnership=section, demand=demand)
        done = {"visits": Study(record={}, answer=found)}
        case = Case(SimpleNamespace(settings=settings), country, request, journeys, plan, done)
        return lots.study(case).record["lots"][0]

    assert told(0.0)["below_floor"] == []
    every = told(1e9)
    assert [one["id"] for one in every["below_floor"]] == [one["id"] for one in every["centres"]]
    assert {one["year"] for one in every["below_floor"]} == {int(min(every["visits"]["mid"]))}
    least = min(one["least"] for one in every["below_floor"])
    (named,) = [one for one in told(least + 0.6)["below_floor"] if one["least"] == least]
    assert named["year"] >= int(min(every["visits"]["mid"]))


def test_a_charge_that_is_not_stated_is_three_dinars():
    for part in ({}, {"kind": "user_charge"}, {"state_fee": 2.0}):
        assert Partnership.model_validate({"payment": part}).build().payment.charge == 3.0


def test_a_public_centre_where_the_plan_has_one_changes_nothing_and_is_said(sited):
    (one,) = made(sited, LOOSE, OPENS, {"events": [{"what": "public_centre", "year": 2026, "site": "TO-A-00"}]}).record[
        "lots"
    ][0]["events"]
    assert one["already_open"]
    assert (one["visits_a_year"], one["compensation"]) == (0, 0)
    assert one["npv_with"] == one["npv_before"]
    assert not made(sited, LOOSE, OPENS).record["lots"][0]["events"][0]["already_open"]


def test_a_public_centre_near_by_takes_visits_and_is_compensated_within_the_radius(sited):
    (near,) = made(sited, LOOSE, OPENS).record["lots"][0]["events"]
    (far,) = made(sited, LOOSE, OPENS, {"exclusivity_km": 0.1}).record["lots"][0]["events"]
    assert near["visits_a_year"] == far["visits_a_year"] < 0
    assert (near["inside"], far["inside"]) == (2, 0)
    assert near["npv_with"] == near["npv_before"] > near["npv_without"]
    assert far["compensation"] == 0


def test_the_layer_and_the_record_are_plain(sited):
    found = made(sited, LOOSE, NUMBERS, OPENS)
    table = found.tables["lots.csv"]
    assert table["break_even_availability"].dtype == float  # empty, and a number all the same
    layer = found.layers["lots"]
    assert layer.crs == "EPSG:4326"
    assert list(layer["id"]) == [one["id"] for lot in found.record["lots"] for one in lot["centres"]]
    assert layer.groupby("lot")["share_of_lot"].sum().to_numpy() == pytest.approx(1.0, abs=1e-3)
    text = json.dumps(_plain(dict(found.record)), allow_nan=False)
    assert "NaN" not in text
    assert set(found.tables) == {
        "lots.csv",
        "lot_cashflow.csv",
        "lot_sensitivity.csv",
        "lot_visits.csv",
        "lot_centres.csv",
    }


def test_two_studies_say_the_same(sited):
    assert said(made(sited, LOOSE, NUMBERS)) == said(made(sited, LOOSE, NUMBERS))


# ---------------------------------------------------------------- one rule for the map and the lots


def test_the_table_of_places_and_its_layer_follow_the_tender(sited):
    plan = sited[3]
    layer = plan.layers["centres"].assign(operator="government")
    public = dataclasses.replace(plan, sites=plan.sites.assign(operator="government"), layers={"centres": layer})
    found = made(sited, LOOSE, {"centres": {"choice": "suited", "count": 1}})
    tendered = {one["id"] for lot in found.record["lots"] for one in lot["centres"]}
    after = operated(public, [found])
    assert set(after.sites.loc[after.sites["operator"] == "private", "id"]) == tendered
    layer = after.layers["centres"]
    assert set(layer.loc[layer["operator"] == "private", "id"]) == tendered
    assert set(public.sites["operator"]) == {"government"}  # the plan given is not changed
    assert {one["id"] for one in found.record["partnership"]["centres"] if one["operator"] == "private"} == tendered


def test_the_plans_own_label_is_what_is_tendered(sited):
    plan = sited[3]
    found = made(sited, LOOSE)
    record = found.record["partnership"]["centres"]
    labelled = set(plan.sites.loc[plan.sites["operator"] == "private", "id"])
    assert {one["id"] for one in record if one["in_tender"]} == labelled
    assert not any(one["left_out"] for one in record)
    assert operated(plan, [found]) is plan


def test_two_rules_for_who_is_private_are_refused_by_name():
    text = yaml.safe_dump(
        {
            "schema": 1,
            "name": "both",
            "title": {"en": "both", "ar": "كلاهما"},
            "country": "jordan",
            "years": [2024, 2025],
            "programme": {
                "tranches": [
                    {"id": "a", "title": {"en": "a", "ar": "أ"}, "count": 2, "begun": 2023, "operating": 2024}
                ],
                "private": {"count": 1, "offered": 2024, "operating": 2024},
            },
            "partnership": {"centres": {"choice": "suited", "count": 1}},
        }
    )
    with pytest.raises(InvalidInput, match="Remove private from the programme"):
        _scenario(parse_yaml(text, name="both"), name="both", folder=Path())
