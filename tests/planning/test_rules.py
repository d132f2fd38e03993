"""Kinds and rules against trying everything on a small country, and each field by what it changes."""

import dataclasses
import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimization
from foundation.errors import BrokenProof, ImpossibleProgramme, InvalidInput
from planning.aims import Aim, Objectives
from planning.conditions import AreaRule, Budget, Closure, Conditions, SiteLimit, Spacing, Together
from planning.kinds import Cost, KindOfPlace, Round, Where
from planning.programme import FixedCentre, Programme, Tranche, ZoneQuota
from planning.recheck_rules import Ground, recheck_rules
from planning.sites import centres_open
from planning.siting import Request, certificate_of, journeys_of, problem_of, site_programme
from planning.siting.request import instance_of
from planning.siting.spacing import cliques_of
from planning.siting.standing import named, network_of
from planning.standards import Limits, Standard
from tests.planning.trying import best_by_trying
from tests.toy import toy_country

PILOT = FixedCentre("TO-A-00", 2022, 2023)
KEPT = ("TO-A-00", "TO-A-02", "TO-B-05", "TO-B-06", "TO-C-08", "TO-C-11")  # TO-B-06 holds the partial centre
ONE, TWO = (Tranche(f"t{year}", "One", "واحد", 1, year - 1, year) for year in (2024, 2025))
AGENCY = KindOfPlace(
    "agency", "Agency point", "نقطة خدمة", form="agency", standard=Limits(15.0, 20.0), counts_as=None,
    cost=Cost(50, 20, 2024), staff=3,
)  # fmt: skip
CENTRE = KindOfPlace("comprehensive", "Centre", "مركز", cost=Cost(300, 100, 2024), staff=20)
MOBILE = KindOfPlace(
    "mobile", "Mobile unit", "وحدة متنقلة", form="mobile", standard=Limits(10.0, 15.0), counts_as=None,
    round=Round(2, 50.0), cost=Cost(40, 30, 2024), staff=2,
)  # fmt: skip
A_POINT = Tranche("points", "Points", "نقاط", 1, 2024, 2025, kind="agency")
A_UNIT = Tranche("units", "Units", "وحدات", 1, 2024, 2025, kind="mobile")


@functools.cache
def country(seed=3, points=20):
    whole = toy_country(seed=seed, points=points)
    kept = whole.candidates[whole.candidates["site_id"].isin(KEPT)].reset_index(drop=True)
    return dataclasses.replace(whole, candidates=kept)


def programme(**changes):
    whole = {"years": (2024, 2025), "tranches": (ONE, TWO), "fixed": (PILOT,)}
    return Programme(**(whole | changes))


def ruled(**conditions):
    return programme(conditions=Conditions(**conditions))


def priced(budget, **changes):
    return programme(kinds=(CENTRE,), conditions=Conditions(budget=budget), **changes)


def area(**limits):
    return AreaRule("area", "Area", "منطقة", **limits)


def fewer(tranche):
    return dataclasses.replace(tranche, at_most=True)


IN_C = dataclasses.replace(AGENCY, where=Where(governorates=("TO-C",)))
UPGRADE = KindOfPlace("upgrade", "Upgraded", "مطوّر", upgrades="agency", cost=Cost(100, 100, 2024), staff=20)
OFFICE = FixedCentre("TO-B-05", None, 2023, kind="agency")
NOWHERE = Where(sites=("TO-A-02",))

CASES = {
    "no rule": programme(),
    "forbidden": ruled(site_limits=(SiteLimit("no", ("TO-C-08",), 0),)),
    "at most one of": ruled(site_limits=(SiteLimit("one", ("TO-C-08", "TO-B-05")),)),
    "together": ruled(together=(Together("both", ("TO-B-05", "TO-C-08")),)),
    "spacing": ruled(spacing=(Spacing("far", 55.0),)),
    "at least": ruled(areas=(area(districts=("TO-A-1",), at_least=2),)),
    "at least, early": ruled(areas=(area(districts=("TO-A-1",), at_least=2, from_year=2024),)),
    "at least, fixed not counted": ruled(areas=(area(governorates=("TO-A",), at_least=1, fixed_count=False),)),
    "at most": ruled(areas=(area(districts=("TO-B-1", "TO-C-1"), at_most=1),)),
    "at most, late": ruled(areas=(area(governorates=("TO-C",), at_most=0, from_year=2025),)),
    "at most each": ruled(areas=(AreaRule("each", "", "", at_most=1, each_governorate=True),)),
    "closing": ruled(closures=(Closure("TO-A-00", 2025),)),
    "moving": ruled(closures=(Closure("TO-A-00", 2024, move_to=("TO-A-02",)),)),
    "moving near": ruled(closures=(Closure("TO-A-00", 2025, within_km=30.0),)),
    "at most tranche": programme(tranches=(fewer(ONE), fewer(TWO))),
    "budget": priced(Budget(2024, ((2024, 500), (2025, 250))), tranches=(fewer(ONE), fewer(TWO))),
    "budget, opened": priced(Budget(2024, ((2025, 599),), capital_in="operating"), tranches=(fewer(ONE), fewer(TWO))),
    "budget in all": priced(Budget(2024, total=799), tranches=(fewer(ONE), fewer(TWO))),
    "discounted": priced(Budget(2024, total=799, discount_rate=0.1), tranches=(fewer(ONE), fewer(TWO))),
    "staff": programme(
        tranches=(fewer(ONE), fewer(TWO)), kinds=(CENTRE,), conditions=Conditions(staff=((2025, 40),))
    ),
    "agency point": programme(tranches=(ONE, A_POINT), kinds=(IN_C,)),
    "agency point, late": programme(
        tranches=(ONE, dataclasses.replace(A_POINT, begun=2023, operating=2024)),
        kinds=(dataclasses.replace(IN_C, opens_to=2024),),
    ),
    "mobile unit": programme(tranches=(ONE, A_UNIT), kinds=(MOBILE,)),
    "mobile unit, named round": programme(
        tranches=(ONE, A_UNIT),
        kinds=(dataclasses.replace(MOBILE, round=Round(2, 50.0, (("TO-A-00", ("TO-A-02", "TO-C-08")),))),),
    ),
    "upgrade": programme(
        fixed=(PILOT, OFFICE), kinds=(dataclasses.replace(AGENCY, where=NOWHERE), UPGRADE),
        tranches=(ONE, fewer(A_POINT)),
    ),
    "upgrade, others counted exactly": programme(
        fixed=(PILOT, OFFICE), kinds=(IN_C, UPGRADE), tranches=(ONE, A_POINT),
    ),
    "upgrade of the partial centre": programme(kinds=(dataclasses.replace(UPGRADE, upgrades="partial"),)),
    "quota with a closure": programme(
        zone_quotas=(ZoneQuota(1, 2024),), tranches=(dataclasses.replace(ONE, count=2), TWO),
        conditions=Conditions(closures=(Closure("TO-A-00", 2025),)),
    ),
}  # fmt: skip


KINDS = ("agency point", "mobile unit", "upgrade", "moving")  # described in full, and so rechecked in full


@functools.cache
def answer_to(name):
    """Solve a case: the proven stages, and the places of each year."""
    request = Request(country(), CASES[name])
    if name in KINDS:
        site_programme(request)
    problem = problem_of(request, journeys_of(request))
    solution = optimization.solve(problem)
    optimization.recheck(problem, solution)
    instance = instance_of(request, journeys_of(request))
    chosen = solution.chosen.reshape(instance.options.size, 2)
    places = {
        year: named(instance, network_of(instance, np.flatnonzero(chosen[:, t]), year=year))
        for t, year in enumerate(CASES[name].years)
    }
    return certificate_of(problem, solution), places


@pytest.mark.parametrize("name", CASES)
def test_a_plan_agrees_with_trying_everything(name):
    here = country()
    best = best_by_trying(here, CASES[name])
    assert best is not None
    certificate, places = answer_to(name)
    stages = certificate.stages
    recheck_rules(here, CASES[name], places)
    assert certificate.status == "proven_optimal"
    assert {stage.proof for stage in stages} == {"checked"}
    assert stages[0].value == best[0]
    assert stages[1].value == pytest.approx(float(best[1]), abs=1e-12)
    assert stages[2].value * int(here.people["people"].sum()) == pytest.approx(-best[2], rel=1e-12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("no rule", "forbidden"),
        ("no rule", "at most one of"),
        ("no rule", "together"),
        ("no rule", "spacing"),
        ("no rule", "at least"),
        ("at least", "at least, early"),
        ("no rule", "at least, fixed not counted"),
        ("no rule", "at most"),
        ("no rule", "at most, late"),
        ("no rule", "moving"),
        ("no rule", "budget"),
        ("budget in all", "discounted"),
        ("no rule", "staff"),
        ("no rule", "agency point"),
        ("agency point", "agency point, late"),
        ("agency point", "mobile unit"),
        ("mobile unit", "mobile unit, named round"),
        ("no rule", "upgrade"),
    ],
)
def test_each_rule_changes_the_plan(one, other):
    assert answer_to(one)[1] != answer_to(other)[1]


def test_two_rules_that_clash_are_named():
    clashing = ruled(spacing=(Spacing("far", 70.0),))
    assert best_by_trying(country(), clashing) is None
    with pytest.raises(ImpossibleProgramme, match="far"):
        site_programme(Request(country(), clashing))


def test_a_distance_of_exactly_the_spacing_is_far_enough():
    here = country()
    km = Ground(here).km("TO-B-05", "TO-C-08")
    both = (dataclasses.replace(PILOT, site_id="TO-B-05"), dataclasses.replace(PILOT, site_id="TO-C-08"))

    def wanted(distance):
        return programme(fixed=both, tranches=(fewer(ONE),), conditions=Conditions(spacing=(Spacing("far", distance),)))

    assert site_programme(Request(here, wanted(km))).certificate.status == "proven_optimal"
    with pytest.raises(InvalidInput, match="'TO-B-05' and 'TO-C-08' are fixed nearer"):
        site_programme(Request(here, wanted(km + 1e-6)))


def test_money_is_due_when_a_centre_is_begun_and_while_it_runs():
    """Begun 2023 and 2024: the first centre's capital is spent before, the second's 300 and three years of running."""
    plenty = priced(Budget(2024, ((2024, 500), (2025, 300))))
    assert site_programme(Request(country(), plenty)).certificate.status == "proven_optimal"
    for short in (Budget(2024, ((2024, 499),)), Budget(2024, ((2025, 299),)), Budget(2024, total=799)):
        with pytest.raises(ImpossibleProgramme, match="JOD"):
            site_programme(Request(country(), priced(short)))


def test_a_total_is_discounted_to_its_base_year_to_the_dinar():
    """2024: capital 300 and running 200; 2025: running 300 / 1.1 = 272.73, 91 a centre: 3 x 91 = 273."""
    enough = Budget(2024, total=773, discount_rate=0.1)
    assert site_programme(Request(country(), priced(enough))).certificate.status == "proven_optimal"
    with pytest.raises(ImpossibleProgramme, match="JOD"):
        site_programme(Request(country(), priced(dataclasses.replace(enough, total=772))))
    a_year_later = Budget(2024, total=850, discount_rate=0.1, base_year=2025)  # 330 + 2 x 110 + 3 x 100
    assert site_programme(Request(country(), priced(a_year_later))).certificate.status == "proven_optimal"
    with pytest.raises(ImpossibleProgramme, match="JOD"):
        site_programme(Request(country(), priced(dataclasses.replace(a_year_later, total=849))))


def test_closing_costs_money_in_its_year():
    moving = Closure("TO-A-00", 2025, cost=70, move_to=("TO-A-02",))

    def wanted(limit):
        budget = Budget(2024, ((2025, limit),), capital_in="operating")
        forced = (
            area(governorates=("TO-A",), at_most=1),
            AreaRule("new", "", "", governorates=("TO-A",), at_least=1, fixed_count=False),
        )
        return programme(
            kinds=(CENTRE,), tranches=(dataclasses.replace(TWO, begun=2025),), years=(2024, 2025),
            conditions=Conditions(budget=budget, closures=(moving,), areas=forced),
        )  # fmt: skip

    plan = site_programme(Request(country(), wanted(2 * 300 + 2 * 100 + 70)))
    closed = plan.sites.set_index("id").loc["TO-A-00"]
    assert (closed["closing_year"], closed["operating_year"]) == (2025, 2023)
    assert "TO-A-02" in set(plan.sites["id"])
    with pytest.raises(ImpossibleProgramme):
        site_programme(Request(country(), wanted(2 * 300 + 2 * 100 + 69)))


def test_a_place_upgraded_closes_as_it_opens_and_keeps_its_own_row():
    late = dataclasses.replace(OFFICE, operating=2024)
    must = area(districts=("TO-B-1",), at_least=1)
    wanted = programme(
        fixed=(PILOT, late), kinds=(dataclasses.replace(AGENCY, where=NOWHERE), UPGRADE),
        tranches=(TWO, fewer(A_POINT)),
        conditions=Conditions(areas=(must,), site_limits=(SiteLimit("no", ("TO-B-05",), 0, ("comprehensive",)),)),
    )  # fmt: skip
    plan = site_programme(Request(country(), wanted))
    rows = plan.sites.set_index("id")
    assert rows.loc["TO-B-05", "kind"] == "upgrade"
    assert rows.loc["TO-B-05", "upgraded_from"] == "agency"
    assert rows.loc["TO-B-05/agency", "closing_year"] == rows.loc["TO-B-05", "operating_year"] == 2025


def test_a_partial_centre_that_counts_is_upgraded_where_it_stands():
    wanted = programme(
        kinds=(dataclasses.replace(UPGRADE, upgrades="partial"),),
        conditions=Conditions(
            areas=(area(districts=("TO-B-1",), at_least=1),), site_limits=(SiteLimit("no", ("TO-B-05",), 0),)
        ),
    )  # fmt: skip
    plan = site_programme(Request(country(), wanted, standard=Standard(partial_counts=True)))
    found = {(s.site_id, s.kind): s for s in plan.sites.itertuples()}
    upgraded = found["TO-B-06", "upgrade"]
    if ("TO-B-06", "partial") in found:
        assert found["TO-B-06", "partial"].closing_year == upgraded.operating_year
    assert [len(place.open_options) for place in plan.networks] == sorted(len(p.open_options) for p in plan.networks)


def test_a_mobile_unit_shares_its_base_and_visits_each_stop_of_its_round():
    base = dataclasses.replace(MOBILE, where=Where(sites=("TO-A-00",)), round=Round(2, 30.0))
    plan = site_programme(Request(country(), programme(tranches=(ONE, A_UNIT), kinds=(base,))))
    rows = plan.sites.set_index("id")
    assert rows.loc["TO-A-00/mobile", "stops"] == "TO-A-00;TO-A-02"
    assert rows.loc["TO-A-00", "kind"] == "comprehensive"


def test_the_covered_of_a_year_are_those_the_order_of_opening_ends_with():
    plan = site_programme(Request(country(), CASES["moving"]))
    people = country().people["people"].to_numpy()
    for place in plan.networks:
        last = plan.sites[plan.sites["operating_year"] == place.year]
        if len(last):
            assert last["cumulative_covered"].iloc[-1] == people[place.covered].sum()


@pytest.mark.parametrize(
    ("conditions", "open_", "said"),
    [
        ({"spacing": (Spacing("far", 1000.0),)}, [], "far"),
        ({"site_limits": (SiteLimit("no", ("TO-C-08",), 0),)}, [], "no: 1 of its sites"),
        ({"together": (Together("both", ("TO-C-08", "TO-C-11")),)}, [], "both"),
        ({"areas": (area(governorates=("TO-C",), at_least=2),)}, [], "area has 1 centres"),
        ({"staff": ((2025, 59),)}, [], "60 posts"),
        ({"budget": Budget(2024, ((2025, 299),))}, [], "300 JOD are spent in 2025"),
        ({}, [("TO-C-11", "comprehensive")], "centres operate"),
        ({}, [("TO-B-06", "comprehensive")], "a partial centre stands"),
    ],
)
def test_the_recheck_catches_a_plan_that_breaks_a_rule(conditions, open_, said):
    wanted = programme(kinds=(CENTRE,), conditions=Conditions(**conditions))
    places = {
        2024: [("TO-A-00", "comprehensive"), ("TO-C-08", "comprehensive")],
        2025: [("TO-A-00", "comprehensive"), ("TO-C-08", "comprehensive"), ("TO-B-05", "comprehensive"), *open_],
    }
    with pytest.raises(BrokenProof, match=said):
        recheck_rules(country(), wanted, places)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12))
def test_cliques_cover_the_near_pairs_and_no_others(seed, size):
    at = np.random.default_rng(seed).uniform(0, 10, (size, 2))
    near = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1)) < 3.0
    np.fill_diagonal(near, val=False)
    covered = np.zeros_like(near)
    for clique in cliques_of(near):
        covered[np.ix_(clique, clique)] = True
    np.fill_diagonal(covered, val=False)
    np.testing.assert_array_equal(covered, near)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([20.0, 45.0, 60.0]))
def test_a_wider_spacing_never_covers_more(seed, km):
    here = country(seed=seed)
    free = site_programme(Request(here, programme(tranches=(fewer(ONE), fewer(TWO)))))
    spaced = programme(tranches=(fewer(ONE), fewer(TWO)), conditions=Conditions(spacing=(Spacing("far", km),)))
    assert site_programme(Request(here, spaced)).certificate.stages[0].value <= free.certificate.stages[0].value


def test_a_rule_is_priced_and_a_budget_moved_by_its_name(tmp_path):
    here, tight = country(), Budget(2024, ((2024, 500), (2025, 250)))
    wanted = priced(tight, tranches=(fewer(ONE), fewer(TWO)))
    request = Request(here, wanted)
    problem = problem_of(request, journeys_of(request))
    kept = optimization.solve(problem)
    loose = Request(here, programme(tranches=(fewer(ONE), fewer(TWO))))
    free = optimization.solve(problem_of(loose, journeys_of(loose)))
    price = optimization.price_of(problem, "budget:2025", solution=kept)
    assert price.proven
    assert price.cost == kept.stages[0].value - free.stages[0].value > 0
    points = optimization.frontier(problem, over="budget:2025", values=[0, 100, 200, 300, 400])
    values = [point.solution.stages[0].value for point in points if point.solution.status == "proven_optimal"]
    assert values == sorted(values, reverse=True)  # person-years missed
    assert values[-1] == free.stages[0].value
    optimization.save_problem(tmp_path / "problem.npz", problem)
    again = optimization.load_problem(tmp_path / "problem.npz")
    units = {rule.name: (rule.unit, rule.kind, rule.right) for rule in problem.rules}
    assert {rule.name: (rule.unit, rule.kind, rule.right) for rule in again.rules} == units
    assert units["budget:2025"] == ("JOD", "budget", 250)


def test_centres_that_count_are_counted_without_those_that_closed():
    plan = site_programme(Request(country(), CASES["moving"]))
    assert [centres_open(plan.sites, CASES["moving"], year) for year in (2024, 2025)] == [2, 3]
    with_unit = site_programme(Request(country(), CASES["mobile unit"]))
    assert [centres_open(with_unit.sites, CASES["mobile unit"], year) for year in (2024, 2025)] == [2, 2]


def test_a_centre_that_opens_after_its_tranche_is_paid_for_all_the_same():
    """
    At most one from 2024; the pilot runs for 200. In 2024: 200 more, its 300 spent in 2023, before the programme.

    In 2025, in no tranche's year, it is begun in 2024: 300 + 100.
    """

    def opened(total):
        wanted = priced(Budget(2024, total=total), tranches=(fewer(ONE),))
        sites = site_programme(Request(country(), wanted)).sites
        return sites.loc[~sites["fixed"], ["begun_year", "operating_year"]].to_numpy().tolist()

    assert opened(399) == []
    assert opened(400) == [[2023, 2024]]


def test_a_plan_may_open_nothing():
    wanted = programme(tranches=(fewer(ONE),), fixed=(), kinds=(CENTRE,))
    fewest = Objectives(order=(Aim("centres"),))
    plan = site_programme(Request(country(), wanted, objectives=fewest))
    assert plan.sites.empty
    assert {"id", "begun_year", "capital_jod", "stops"} <= set(plan.sites.columns)
    assert plan.certificate.status == "proven_optimal"
