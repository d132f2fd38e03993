"""Questions in corners: losses by one more centre, permissions, what a clock cut off, quotas of an earlier year."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from foundation.errors import ImpossibleProgramme, InvalidInput
from planning.aims import Aim, CoverFloor, Objectives
from planning.conditions import Closure, Conditions, SiteLimit, Spacing
from planning.programme import Tranche
from planning.siting import Request, journeys_of, problem_of
from planning.siting.questions import counts_persons, figures_of, forced, frontier, rule_prices, similar_plans
from planning.siting.questions.loosening import Loosening, Steps
from planning.siting.questions.resolving import first_only
from planning.siting.request import instance_of
from planning.siting.solve import SolverSettings, solve_programme
from tests.planning.aims_by_trying import Figures, nested_plans
from tests.planning.test_questions import ONE, PLAIN, TWO, asked, best, country, tried

FAR = Conditions(spacing=(Spacing("far", 40.0),))
SPACED = replace(PLAIN, zone_quotas=(), tranches=(replace(TWO, count=1),), conditions=FAR)
COVERED = Objectives(order=(Aim("covered"),))


def price_of(key, *case):
    return next(price for price in rule_prices(*case) if price.key == key)


def test_one_more_centre_that_must_open_may_lose_people():
    """So far apart that the best single site excludes every pair: the second centre costs the first its place."""
    price = price_of("tranche:two", *asked(3, SPACED))
    kept, more = best(tried(3, SPACED)), best(tried(3, replace(SPACED, tranches=(replace(TWO, count=2),))))
    assert more < kept
    assert (price.gain, price.at_least, price.at_most) == (more - kept,) * 3
    fewer = replace(SPACED, tranches=(replace(TWO, count=1, at_most=True),))
    assert price_of("tranche:two", *asked(3, fewer)).gain == 0.0  # at most two: one may stay alone


def test_one_more_centre_than_can_stand_has_no_plan():
    crowded = replace(SPACED, tranches=(replace(TWO, count=2),))
    price = price_of("tranche:two", *asked(3, crowded))
    assert (price.status, price.proven, price.after) == ("infeasible", False, None)
    assert math.isnan(price.gain)
    assert math.isnan(price.relaxed)


def test_a_closure_is_a_permission_and_has_no_price():
    closing = Conditions(closures=(Closure("TO-A-00", 2024, within_km=60.0),))
    programme = replace(PLAIN, conditions=replace(closing, spacing=(Spacing("far", 15.0),)))
    case = asked(2, programme)
    assert [p.key for p in rule_prices(*case)] == [
        "quota:2024", "quota:TO-B:2024", "tranche:two", "tranche:one", "spacing:far",
    ]  # fmt: skip
    loose = Loosening(case[0], case[1], Steps()).all_loose()
    assert any(rule.kind == "closure" for rule in loose.problem(True).rules)  # what may close may still close


def test_without_conditions_there_is_nothing_to_loosen_at_once():
    request, journeys, *_ = asked(2, PLAIN)
    assert Loosening(request, journeys, Steps()).all_loose() is None


@pytest.mark.parametrize("objectives", [COVERED, Objectives()])
def test_where_nothing_is_gained_the_plan_itself_is_shown(objectives):
    objectives = replace(objectives, floors=(CoverFloor("nation", share=0.1),))
    prices = {p.key: p for p in rule_prices(*asked(2, replace(PLAIN, conditions=Conditions(
        site_limits=(SiteLimit("pair", ("TO-A-01", "TO-A-02"), 2),))), objectives))}  # fmt: skip
    for key in ("at_sites:pair", "floor:0"):
        assert (prices[key].gain, prices[key].proven, prices[key].settled) == (0.0, True, True)
        assert prices[key].after == prices[key].before


def test_the_plan_of_a_price_is_best_in_the_later_objectives_too():
    """Among the plans of most person-years the one shown has the best share in the worst-off governorate."""
    price = price_of("tranche:two", *asked(2, PLAIN))
    more = tried(2, replace(PLAIN, tranches=(replace(TWO, count=3), ONE)))
    fairest = max(min(shares.values()) for value, shares in more.values() if value == best(more))
    assert math.isclose(price.after.worst_share, fairest)
    assert price.settled


def test_every_point_of_a_frontier_is_best_in_the_later_objectives_too():
    for point in frontier(*asked(8, PLAIN), over="centres", values=[3, 4, 5]):
        tranches = (TWO, replace(ONE, count=int(point.at) - 3)) if point.at > 3 else (TWO,)
        every = tried(8, replace(PLAIN, tranches=tranches))
        fairest = max(min(shares.values()) for value, shares in every.values() if value == best(every))
        assert math.isclose(point.figures.worst_share, fairest)
        assert point.settled


def test_a_quota_of_one_governorate_agrees_with_trying_wherever_it_is_the_only_one_broken():
    for seed in (2, 6):
        programme = replace(PLAIN, tranches=(TWO, ONE))
        prices = rule_prices(*asked(seed, programme))
        kept, free = best(tried(seed, programme)), tried(seed, replace(programme, zone_quotas=()))
        for price in (p for p in prices if p.part == "governorate"):
            zone = price.key.split(":")[1]
            others = {"TO-B", "TO-C"} - {zone}
            left = {
                plan: found
                for plan, found in free.items()
                if all(any(s[:4] == other and year == 2024 for s, year in plan) for other in others)
            }
            assert price.gain == best(left) - kept


def test_a_quota_that_binds_only_in_an_earlier_year_is_priced_by_governorate():
    """Without the line every governorate has a centre at the end, but one of them a year later."""
    free = tried(3, replace(PLAIN, zone_quotas=()))
    (plan,) = [plan for plan, (value, _) in free.items() if value == best(free)]
    assert {site[:4] for site, _ in plan} == {"TO-A", "TO-B", "TO-C"}
    (late,) = {"TO-A", "TO-B", "TO-C"} - {site[:4] for site, year in plan if year == 2024}
    (part,) = [price for price in rule_prices(*asked(3, PLAIN)) if price.part == "governorate"]
    assert part.key == f"quota:{late}:2024"
    assert part.proven
    assert part.gain == best(free) - best(tried(3, PLAIN))  # it alone is broken: it alone costs what the line costs


def test_what_the_clock_cut_off_has_no_price_and_no_loss():
    request, journeys, instance, answer = asked(2, PLAIN)
    hurried = replace(request, solver=SolverSettings(time_limit_seconds=1e-9))
    for price in rule_prices(hurried, journeys, instance, answer):
        assert not price.proven
        assert math.isnan(price.gain)
        assert math.isnan(price.at_most) or price.at_most >= price.at_least
    ids = [str(site) for site in instance.site_ids]
    exact = {one.site_id: one.exact for one in forced(request, instance, answer, exact=ids)}
    for one in forced(hurried, instance, answer, exact=ids):
        assert one.exact in {None, 0.0}
        assert one.at_least <= exact[one.site_id]


def test_other_plans_differ_in_places_and_not_in_thresholds():
    worst = Objectives(order=(Aim("covered"), Aim("worst_journey")))
    request, _, instance, answer = asked(2, PLAIN, worst)
    assert (answer[0].columns.place < 0).any()
    top = best(tried(2, PLAIN))
    near = [plan for plan, (value, _) in tried(2, PLAIN).items() if value >= top - math.floor(0.1 * top)]
    found = similar_plans(request, instance, answer, share=0.1, at_most=len(near) + 3)
    assert (len(found.plans), found.complete) == (len(near) - 1, True)


def test_a_plan_of_the_same_places_names_those_of_another_year():
    request, _, instance, answer = asked(4, PLAIN)
    found = similar_plans(request, instance, answer, share=0.1, at_most=20)
    assert found.complete
    first = figures_of(instance, answer[1].chosen, request.programme).places
    (same,) = [plan for plan in found.plans if not plan.added and not plan.left_out]
    assert same.figures.places == first
    assert {place in first for place in same.moved} == {True}
    assert all(set(plan.moved).isdisjoint(plan.added) for plan in found.plans)


def test_the_first_objective_alone_is_the_same_stage():
    for objectives in (Objectives(), Objectives(order=(Aim("mean_travel"), Aim("covered")), discount_rate=0.05)):
        request, journeys, _, (problem, _) = asked(2, PLAIN, objectives)
        alone = problem_of(replace(request, objectives=first_only(objectives)), journeys)
        assert alone.stages[0] == problem.stages[0]
        name = alone.stages[0].measure
        one, other = (next(m for m in p.measures if m.name == name) for p in (alone, problem))
        assert one == other
        assert np.array_equal(alone.columns.place, problem.columns.place)


def test_an_equivalent_is_no_sum_and_is_not_priced():
    request, journeys, instance, (problem, solution) = asked(2, PLAIN, Objectives(order=(Aim("ede"),)))
    assert not counts_persons(problem)
    assert counts_persons(asked(2, PLAIN)[3][0])
    assert figures_of(instance, solution.chosen, request.programme).people > 0
    with pytest.raises(InvalidInput, match="Prices need a first objective"):
        rule_prices(request, journeys, instance, (problem, solution))
    with pytest.raises(InvalidInput, match="A frontier needs a first objective"):
        frontier(request, journeys, instance, (problem, solution), over="centres", values=[3])


def test_a_site_that_may_only_open_late_is_judged_from_its_earliest_year_by_trying():
    years = (2024, 2025, 2026)
    one_each = tuple(Tranche(f"t{year}", "One", "واحد", 1, year - 1, year) for year in years)
    programme = replace(PLAIN, years=years, tranches=one_each, zone_quotas=())
    land = country(2)
    late, never = "TO-B-04", "TO-C-07"
    earliest = land.candidates["earliest_year"].copy()
    earliest[land.candidates["site_id"] == late] = 2025
    earliest[land.candidates["site_id"] == never] = 2030
    land = replace(land, candidates=land.candidates.assign(earliest_year=earliest))
    request = Request(land, programme, objectives=Objectives(order=(Aim("covered"),)))
    request = replace(request, ready_travel=journeys_of(request))
    problem = problem_of(request, request.ready_travel)
    solution = solve_programme(problem, request.solver, impossible=ImpossibleProgramme)
    instance = instance_of(request, request.ready_travel)
    ids = [str(site) for site in land.candidates["site_id"]]
    at, shut = ids.index(late), ids.index(never)
    plans = [p for p in nested_plans(land, programme) if at not in p[0] and not any(shut in now for now in p)]
    figures = Figures(request, request.ready_travel.minutes)
    main = request.standard.main
    worth = [sum(figures.served(p, t, main, figures.people[t]) for t in range(3)) for p in plans]
    found = {one.site_id: one for one in forced(request, instance, (problem, solution), exact=ids)}
    for site, one in found.items():
        if site == never:
            continue
        t = 1 if site == late and not one.chosen else 2
        turned = [n for n, p in zip(worth, plans, strict=True) if (ids.index(site) in p[t]) != one.chosen]
        assert (one.since, one.exact) == (years[t], max(worth) - max(turned)), site
        assert one.at_least <= one.exact
    assert not found[late].chosen
    by_the_end = max(n for n, p in zip(worth, plans, strict=True) if at in p[2])
    assert found[late].exact > max(worth) - by_the_end  # waiting longer would have cost less
    assert (found[never].since, found[never].exact, found[never].at_least) == (2030, math.inf, 0.0)
