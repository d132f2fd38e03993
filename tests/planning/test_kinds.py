"""Kinds of place: what is refused, where they may stand, the rounds of mobile units, and what they cost."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from foundation.errors import InvalidInput
from planning import recheck_rules
from planning.conditions import AreaRule, Budget, Closure, Conditions, SiteLimit, Spacing, Together
from planning.costs import Payment, cost_by_year, payments_of
from planning.kinds import Cost, KindOfPlace, Round, Where
from planning.programme import FixedCentre, Programme, Tranche
from planning.recheck_rules import Ground, stops_of
from planning.siting import Request, problem_of, site_programme
from planning.siting.choices import options_of, places_of
from planning.siting.where import may_stand, rounds_of
from planning.standards import Standard
from planning.travel import reach, travel
from tests.planning.test_rules import AGENCY, CENTRE, KEPT, MOBILE, ONE, PILOT, TWO, country, programme
from tests.toy import toy_country


def replaced(part, /, **changes):
    return dataclasses.replace(part, **changes)


def conditions(**changes):
    return {"conditions": Conditions(**changes)}


def area(**limits):
    return conditions(areas=(AreaRule("area", "Area", "منطقة", **limits),))


UNLIMITED = replaced(AGENCY, cost=None)
REFUSED = {
    "twice": ({"kinds": (CENTRE, CENTRE)}, "described twice"),
    "several price years": (
        {"kinds": (CENTRE, replaced(AGENCY, cost=Cost(1, 1, 2020)))}, r"several years \(2020, 2024\)",
    ),
    "partial": ({"kinds": (replaced(AGENCY, id="partial"),)}, "that of recorded centres"),
    "comprehensive agency": ({"kinds": (replaced(CENTRE, form="agency"),)}, "keeps its form"),
    "names and number": (
        {"kinds": (replaced(CENTRE, services=("a",), services_count=1),)}, "names its services and gives their number",
    ),
    "counts as": ({"kinds": (replaced(AGENCY, counts_as="post"),)}, "counts as 'post'"),
    "upgrades nothing known": ({"kinds": (replaced(AGENCY, upgrades="post"),)}, "upgrades 'post'"),
    "mobile upgrade": ({"kinds": (replaced(MOBILE, upgrades="partial"),)}, "which upgrades nothing"),
    "no round": ({"kinds": (replaced(MOBILE, round=None),)}, "a mobile unit has a round"),
    "round of an agency": ({"kinds": (replaced(AGENCY, round=MOBILE.round),)}, "no other form has one"),
    "too many stops": (
        {"kinds": (replaced(MOBILE, round=Round(1, 9.0, (("TO-A-00", ("TO-A-00", "TO-A-02")),))),)}, "has 2 stops",
    ),
    "two rounds": (
        {"kinds": (replaced(MOBILE, round=Round(1, 9.0, (("TO-A-00", ("TO-A-00",)),) * 2)),)}, "two rounds begin",
    ),
    "years": ({"kinds": (replaced(CENTRE, opens_from=2026),)}, "in no year of the programme"),
    "unknown kind of a tranche": ({"tranches": (replaced(ONE, kind="post"),)}, "tranche 't2024' is of the kind 'post'"),
    "unknown kind of a fixed": ({"fixed": (replaced(PILOT, kind="post"),)}, "fixed centre 'TO-A-00' is of the kind"),
    "unknown kind of a rule": (conditions(spacing=(Spacing("s", 1.0, ("post",)),)), "a rule is of the kind 'post'"),
    "nothing limits": ({"kinds": (UNLIMITED,)}, "nothing limits how many of the kind 'agency'"),
    "at most here and there": ({"tranches": (replaced(ONE, at_most=True), TWO)}, "say at_most and others do not"),
    "no cost": (conditions(budget=Budget(2024, total=1)), "kind 'comprehensive' has no cost"),
    "other prices": (
        {"kinds": (CENTRE,)} | conditions(budget=Budget(2020, total=1)), "the budget is in JOD of 2020",
    ),
    "no staff": (conditions(staff=((2025, 1),)), "does not say its staff"),
    "same name": (
        conditions(site_limits=(SiteLimit("x", ("TO-C-08",)),), spacing=(Spacing("x", 1.0),)),
        "two rules are called 'x'",
    ),
    "fixed and forbidden": (
        conditions(site_limits=(SiteLimit("x", ("TO-A-00",), 0),)),
        "allows 0 centres at sites where 1 are fixed: TO-A-00",
    ),
    "one together": (conditions(together=(Together("x", ("TO-C-08",)),)), "fewer than two sites"),
    "no area": (area(at_least=1), "names no district"),
    "no limit": (area(governorates=("TO-A",)), "asks for nothing"),
    "least above most": (area(governorates=("TO-A",), at_least=2, at_most=1), "at least 2 centres and at most 1"),
    "begins late": (area(governorates=("TO-A",), at_least=2, from_year=2030), "begins in 2030"),
    "empty budget": ({"kinds": (CENTRE,)} | conditions(budget=Budget(2024)), "limits nothing"),
    "discount of no total": (
        {"kinds": (CENTRE,)} | conditions(budget=Budget(2024, ((2024, 1),), discount_rate=0.1)), "only a total",
    ),
    "budget outside": ({"kinds": (CENTRE,)} | conditions(budget=Budget(2024, ((2030, 1),))), "a limit in 2030"),
    "staff twice": ({"kinds": (CENTRE,)} | conditions(staff=((2025, 1), (2025, 2))), "a limit in 2025"),
    "closing what is not fixed": (conditions(closures=(Closure("TO-C-08", 2025),)), "no fixed centre stands there"),
    "closing too late": (conditions(closures=(Closure("TO-A-00", 2030),)), "may close from 2030"),
    "closing twice": (conditions(closures=(Closure("TO-A-00", 2025),) * 2), "closed twice"),
    "moving onto a fixed one": (
        conditions(closures=(Closure("TO-A-00", 2025, move_to=("TO-A-00",)),)), "stands already",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_hold_together_is_refused_by_name(name):
    changes, said = REFUSED[name]
    with pytest.raises(InvalidInput, match=said):
        programme(**changes)


def test_every_fault_of_a_programme_is_said_at_once():
    with pytest.raises(InvalidInput, match=r"described twice.*fewer than two sites"):
        programme(kinds=(CENTRE, CENTRE), **conditions(together=(Together("x", ("a", "a")),)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (conditions(site_limits=(SiteLimit("x", ("TO-C-0",)),)), "'TO-C-0' is no candidate site; .* is 'TO-C-08'"),
        (conditions(site_limits=(SiteLimit("x", ("%",)),)), "'%' is no candidate site[.;]"),
        (area(districts=("TO-A-2",), at_least=1), "'TO-A-2' is no district; the nearest name is 'TO-A-1'"),
        (area(governorates=("TO-Z",), at_least=1), "'TO-Z' is no governorate; the nearest name is"),
        ({"kinds": (replaced(CENTRE, where=Where(origins=("plaice",))),)}, "there is 'place'"),
        ({"kinds": (replaced(CENTRE, where=Where(settlements=("rurall",))),)}, "there is 'rural'"),
        (conditions(closures=(Closure("TO-A-00", 2025, move_to=("TO-A-01",)),)), "'TO-A-01' is no candidate site"),
    ],
)  # fmt: skip
def test_names_the_country_does_not_know_are_refused_with_the_nearest(changes, said):
    with pytest.raises(InvalidInput, match=said):
        site_programme(Request(country(), programme(**changes)))


def test_a_site_that_may_close_and_be_upgraded_is_refused():
    up = KindOfPlace("up", "Up", "أعلى", upgrades="agency")
    wanted = programme(
        kinds=(replaced(AGENCY, where=Where(sites=("TO-A-02",))), up),
        fixed=(PILOT, FixedCentre("TO-B-05", None, 2023, kind="agency")),
        tranches=(ONE, Tranche("a", "A", "أ", 1, 2024, 2025, kind="agency", at_most=True)),
        **conditions(closures=(Closure("TO-B-05", 2025),)),
    )
    with pytest.raises(InvalidInput, match="'TO-B-05' may close, and may be upgraded"):
        site_programme(Request(country(), wanted))


def test_without_kinds_options_are_sites():
    here = toy_country()
    options = options_of(here, programme(), Standard())
    assert options.size == len(here.candidates)
    np.testing.assert_array_equal(options.site, np.arange(options.size))
    assert options.kinds == ("comprehensive", "partial")
    assert np.isnan(options.own_limits).all()


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (Where(), KEPT),
        (Where(governorates=("TO-A",)), ("TO-A-00", "TO-A-02")),
        (Where(districts=("TO-B-1",)), ("TO-B-05", "TO-B-06")),
        (Where(sites=("TO-C-11", "TO-A-00")), ("TO-A-00", "TO-C-11")),
        (Where(governorates=("TO-A",), sites=("TO-C-11",)), ()),
        (Where(origins=("planner",)), ()),
        (Where(origins=("place", "planner")), KEPT),
    ],
)
def test_a_kind_stands_where_every_list_allows_it(where, found):
    here = country()
    assert tuple(here.candidates["site_id"][may_stand(here, where)]) == found


def test_a_settlement_is_that_of_the_nearest_home():
    here, ground = country(), Ground(country())
    for kind in ("urban", "rural"):
        said = may_stand(here, Where(settlements=(kind,)))
        assert said.tolist() == [ground.settlement(site) == kind for site in here.candidates["site_id"]]


def test_a_round_stops_at_the_base_and_the_nearest_within_its_range_inclusive():
    here = country()
    ids, ground = list(here.candidates["site_id"]), Ground(country())
    km = ground.km("TO-B-05", "TO-B-06")
    assert rounds_of(here, Round(3, km))[2] == [2, 3]
    assert rounds_of(here, Round(3, km - 1e-6))[2] == [2]
    assert rounds_of(here, Round(1, 500.0))[2] == [2]
    far = rounds_of(here, Round(3, 500.0, stops_at=Where(governorates=("TO-C",))))
    assert [ids[stop] for stop in far[2]] == ["TO-B-05", "TO-C-08", "TO-C-11"]


@pytest.mark.parametrize(
    "round_", [Round(2, 40.0), Round(4, 90.0, stops_at=Where(governorates=("TO-B",))), Round(7, 500.0)]
)
def test_the_recheck_finds_the_same_rounds(round_):
    here, ground = country(), Ground(country())
    wanted = programme(kinds=(replaced(MOBILE, round=round_),), tranches=(ONE, replaced(TWO, kind="mobile")))
    ids = list(here.candidates["site_id"])
    for base, stops in rounds_of(here, round_).items():
        assert stops_of(ground, wanted, (ids[base], "mobile")) == [ids[stop] for stop in stops]


def test_payments_are_those_counted_by_hand():
    """The pilot ran before: no capital. One begun 2023 (before), one begun 2024; each runs at 100 a year."""
    wanted = programme(
        kinds=(CENTRE,), **conditions(budget=Budget(2024, total=1000, discount_rate=0.1), staff=((2025, 99),))
    )
    plan = site_programme(Request(country(), wanted))
    years = cost_by_year(plan.sites, wanted)
    assert [(y.year, y.capital, y.running, y.total) for y in years] == [(2024, 300, 200, 500), (2025, 0, 300, 300)]
    assert [y.present_value for y in years] == [500, 3 * 91]
    assert [(y.staff, y.staff_limit, y.limit) for y in years] == [(40, None, None), (60, 99, None)]
    before = [p for p in payments_of(plan.sites, wanted) if p.year < 2024]
    assert sorted((p.year, p.what, p.jod) for p in before) == [(2023, "capital", 300), (2023, "capital", 300)]


def test_capital_may_be_due_in_the_first_year_of_operation():
    budget = Budget(2024, ((2024, 500), (2025, 600)), capital_in="operating")
    wanted = programme(kinds=(CENTRE,), **conditions(budget=budget))
    plan = site_programme(Request(country(), wanted))
    assert [(y.capital, y.limit) for y in cost_by_year(plan.sites, wanted)] == [(300, 500), (300, 600)]


def test_a_centre_that_moves_pays_for_closing_and_no_longer_runs():
    moving = Closure("TO-A-00", 2025, cost=7, move_to=("TO-A-02",))
    new = AreaRule("new", "", "", governorates=("TO-A",), at_least=1, fixed_count=False)
    one = AreaRule("one", "", "", governorates=("TO-A",), at_most=1)
    wanted = programme(kinds=(CENTRE,), tranches=(TWO,), **conditions(closures=(moving,), areas=(new, one)))
    plan = site_programme(Request(country(), wanted))
    assert Payment(2025, "TO-A-00", "comprehensive", "closing", 7) in payments_of(plan.sites, wanted)
    last = cost_by_year(plan.sites, wanted)[-1]
    assert (last.closing, last.running, last.staff) == (7, 200, 40)


def test_staff_is_not_said_where_a_kind_does_not_state_it():
    wanted = programme(kinds=(replaced(CENTRE, staff=None),))
    plan = site_programme(Request(country(), wanted))
    assert {y.staff for y in cost_by_year(plan.sites, wanted)} == {None}


def test_a_kind_says_its_services_operator_and_capacity_in_the_table_of_places():
    own = replaced(CENTRE, services=("births", "licences"), capacity_visits=50_000)
    private = KindOfPlace("private", "Private", "خاص", form="private", services_count=9, build_years=2)
    wanted = programme(kinds=(own, private), tranches=(ONE, replaced(TWO, kind="private")))
    sites = site_programme(Request(country(), wanted)).sites.set_index("kind_id")
    assert sites.loc["private", ["operator", "services_count", "begun_year"]].tolist() == ["private", 9, 2024]
    planned = sites[sites["status"] == "planned"]
    assert planned.loc["comprehensive", ["services_count", "capacity_visits", "operator"]].tolist() == [
        2,
        50_000,
        "government",
    ]


def test_what_counts_for_no_tranche_is_begun_its_build_years_before():
    kind = replaced(AGENCY, build_years=2)
    wanted = Programme(
        years=(2024, 2025), tranches=(ONE,), fixed=(PILOT,), kinds=(replaced(CENTRE, cost=Cost(0, 0, 2024)), kind),
        conditions=Conditions(budget=Budget(2024, total=1000)),
    )  # fmt: skip
    assert wanted.begun_year_of(2025, "agency") == 2023
    assert wanted.count_group("agency") is None


EVERYTHING = {
    "kinds": (CENTRE, AGENCY, MOBILE),
    "tranches": (ONE, replaced(TWO, kind="agency"), Tranche("units", "Units", "وحدات", 1, 2024, 2025, kind="mobile")),
}


def test_a_mobile_unit_is_as_near_as_its_nearest_stop():
    here = country()
    options = options_of(here, programme(**EVERYTHING), Standard())
    places, minutes = places_of(options, travel(here)), travel(here).minutes
    every = np.arange(options.size)
    found = np.stack([minutes[:, options.stops(option)].min(axis=1) for option in every], axis=1)
    np.testing.assert_array_equal(places.columns(every)[0], found)
    np.testing.assert_array_equal(places.nearest(every).minutes, found.min(axis=1))
    some = np.array([0, options.size - 1])
    nearest = places.nearest(some)
    reached = np.isfinite(found[:, some].min(axis=1))
    np.testing.assert_array_equal(nearest.site[reached], some[found[:, some].argmin(axis=1)][reached])
    pairs = places.pairs(45.0)
    table = np.full(found.shape, np.inf)
    table[pairs.point, pairs.option] = pairs.minutes
    np.testing.assert_array_equal(table, np.where(found <= 45.0, found, np.inf))


def test_dense_and_sparse_journeys_give_the_same_arrays_with_kinds():
    request = Request(country(), programme(**EVERYTHING))
    one, other = (problem_of(request, way) for way in (travel(country()), reach(country(), limit_minutes=120.0)))
    np.testing.assert_array_equal(one.weights, other.weights)
    np.testing.assert_array_equal(one.sets.indices, other.sets.indices)
    np.testing.assert_array_equal(one.sets.indptr, other.sets.indptr)
    assert [rule.name for rule in one.rules] == [rule.name for rule in other.rules]
    assert one.measures == other.measures


@pytest.mark.parametrize("capital_in", ["begun", "operating"])
def test_the_recheck_adds_up_the_same_payments(capital_in):
    moving = Closure("TO-A-00", 2025, cost=7, move_to=("TO-A-02",))
    new = AreaRule("new", "", "", governorates=("TO-A",), at_least=1, fixed_count=False)
    late = FixedCentre("TO-C-11", 2023, 2024)
    budget = Budget(2024, total=10_000, capital_in=capital_in)
    wanted = programme(
        fixed=(PILOT, late), kinds=(CENTRE, AGENCY), tranches=(TWO, replaced(TWO, id="points", kind="agency")),
        **conditions(closures=(moving,), areas=(new,), budget=budget),
    )  # fmt: skip
    plan = site_programme(Request(country(), wanted))
    places = {
        year: [
            (s.site_id, s.kind_id)
            for s in plan.sites.itertuples()
            if s.operating_year <= year and not (s.closing_year is not pd.NA and s.closing_year <= year)
        ]
        for year in wanted.years
    }
    again = sorted(recheck_rules.payments_of(country(), wanted, places))
    assert sorted((p.year, p.jod) for p in payments_of(plan.sites, wanted)) == again
