"""Questions after the answer against trying every plan: prices, frontier, forcing, plans about as good."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cache

import pytest

from foundation.errors import ImpossibleProgramme, InvalidInput
from planning.aims import Aim, CoverFloor, Objectives
from planning.conditions import Budget, Conditions, SiteLimit, Spacing
from planning.kinds import Cost, KindOfPlace
from planning.programme import FixedCentre, Programme, Tranche, ZoneQuota
from planning.recheck_rules import Ground
from planning.siting import Request, journeys_of, problem_of
from planning.siting.questions import Steps, figures_of, forced, frontier, rule_prices, similar_plans
from planning.siting.request import instance_of
from planning.siting.solve import solve_programme
from planning.travel import travel
from tests.planning.trying import all_plans, value_of_plan
from tests.toy import toy_country

YEARS = (2024, 2025)
ORDINARY = Objectives()
TWO, ONE = Tranche("two", "Two", "اثنان", 2, 2023, 2024), Tranche("one", "One", "واحد", 1, 2024, 2025)
PLAIN = Programme(
    years=YEARS,
    tranches=(TWO, ONE),
    fixed=(FixedCentre("TO-A-00", 2022, 2022),),
    zone_quotas=(ZoneQuota(1, 2024),),
)
CENTRE = KindOfPlace("comprehensive", "Centre", "مركز", cost=Cost(300, 100, 2024), staff=20)
# two of 2023 cost 600 before the first year; 2024 runs three (300), 2025 four at most (400) and one capital (300)
COSTLY = replace(
    PLAIN,
    tranches=(replace(TWO, at_most=True), replace(ONE, at_most=True)),
    kinds=(CENTRE,),
    conditions=Conditions(budget=Budget(2024, (), total=999), staff=((2025, 79),)),
)


@cache
def country(seed):
    return toy_country(seed=seed, points=24, candidates=8)


@cache
def ground_of(seed):
    return travel(country(seed)).minutes, Ground(country(seed))


@cache
def tried(seed, programme):
    """Every plan: first year of each site, and (person-years, share of each zone in the final year)."""
    land = country(seed)
    minutes, ground = ground_of(seed)
    people = land.people.assign(at=range(len(land.people)))
    ids = {str(site): at for at, site in enumerate(land.candidates["site_id"])}
    found = {}
    for open_ in all_plans(land, programme, [(site, "comprehensive") for site in ids]):
        since = {}
        for year in reversed(YEARS):
            since |= {site: year for site, _ in open_[year]}
        limit = people["settlement"].map({"urban": 30.0, "rural": 60.0}).to_numpy()
        at_last = [ids[site] for site, _ in open_[YEARS[-1]]]
        covered = (minutes[:, at_last] <= limit[:, None]).any(axis=1)
        zones = people.assign(inside=people["people"] * covered).groupby("zone_id")[["inside", "people"]].sum()
        value = value_of_plan(land, programme, open_, minutes, ground)[0]
        found[frozenset(since.items())] = (value, dict(zones["inside"] / zones["people"]))
    return found


def best(plans):
    return max((value for value, _ in plans.values()), default=None)


@cache
def asked(seed, programme, objectives=ORDINARY):
    request = Request(country(seed), programme, objectives=objectives)
    request = replace(request, ready_travel=journeys_of(request))
    problem = problem_of(request, request.ready_travel)
    solution = solve_programme(problem, request.solver, impossible=ImpossibleProgramme)
    return request, request.ready_travel, instance_of(request, request.ready_travel), (problem, solution)


@pytest.mark.parametrize("seed", [2])
def test_prices_of_a_quota_and_of_tranches_are_differences_of_optima_by_trying(seed):
    prices = {price.key: price for price in rule_prices(*asked(seed, PLAIN))}
    kept = best(tried(seed, PLAIN))
    free = tried(seed, replace(PLAIN, zone_quotas=()))
    more = {
        "quota:2024": best(free),
        "tranche:two": best(tried(seed, replace(PLAIN, tranches=(replace(TWO, count=3), ONE)))),
        "tranche:one": best(tried(seed, replace(PLAIN, tranches=(TWO, replace(ONE, count=2))))),
    }
    assert more["quota:2024"] > kept  # the toy was chosen so that the rule costs something
    for key, relaxed in more.items():
        price = prices[key]
        assert (price.kept, price.relaxed, price.gain) == (kept, relaxed, relaxed - kept)
        assert price.proven
        assert price.unit == "person-years"
    without_b = {
        plan: found for plan, found in free.items() if any(s[:4] == "TO-C" and year == 2024 for s, year in plan)
    }
    assert prices["quota:TO-B:2024"].gain == best(without_b) - kept
    assert prices["quota:TO-B:2024"].part == "governorate"
    assert "quota:TO-C:2024" not in prices  # the plan without the line keeps one there all the same


def test_the_price_of_a_quota_in_travel_is_what_falls_by_trying():
    def least(programme):
        minutes, ground = ground_of(2)
        sites = [(str(site), "comprehensive") for site in country(2).candidates["site_id"]]
        every = all_plans(country(2), programme, sites)
        return min(-value_of_plan(country(2), programme, open_, minutes, ground)[2] for open_ in every)

    kept, relaxed = least(PLAIN), least(replace(PLAIN, zone_quotas=()))
    travelled = Objectives(order=(Aim("mean_travel"),))
    price = next(p for p in rule_prices(*asked(2, PLAIN, travelled)) if p.key == "quota:2024")
    assert (price.kept, price.relaxed, price.gain) == (kept, relaxed, kept - relaxed)
    assert (price.unit, price.proven) == ("person-minutes", True)
    assert price.gain > 0


def test_the_price_says_both_plans_in_figures():
    request, journeys, instance, answer = asked(2, PLAIN)
    price = next(p for p in rule_prices(request, journeys, instance, answer) if p.key == "tranche:two")
    more = tried(2, replace(PLAIN, tranches=(replace(TWO, count=3), ONE)))
    shares = {min(found.values()) for value, found in more.values() if value == best(more)}
    assert any(math.isclose(price.after.worst_share, share) for share in shares)
    assert len(price.after.places) == len(price.before.places) + 1
    assert price.before == figures_of(instance, answer[1].chosen, request.programme)
    assert str(price.says) == "2 centres in “Two”"
    assert str(price.step) == "one more, 3"


def test_the_price_of_a_floor_is_by_its_step_and_by_trying():
    every = tried(2, PLAIN)
    least = {plan: min(found.values()) for plan, (_, found) in every.items()}
    floor = round(max(least.values()) - 1e-9, 4) - 0.0001  # only the fairest plans keep it
    objectives = Objectives(floors=(CoverFloor("governorate", share=floor),))

    def best_above(share):
        return best({plan: found for plan, found in every.items() if least[plan] >= share})

    for step in (0.01, 0.2):
        prices = {p.key: p for p in rule_prices(*asked(2, PLAIN, objectives), Steps(share=step))}
        kept, relaxed = best_above(floor), best_above(floor - step)
        assert (prices["floor:0"].kept, prices["floor:0"].gain) == (kept, relaxed - kept)
    assert relaxed > kept  # the wide step buys something


def affordable(total, posts=math.inf):
    """The best over plans that cost at most `total` and fill at most `posts`, both added up by hand."""
    free = tried(2, replace(COSTLY, conditions=Conditions()))
    kept = {}
    for plan, found in free.items():
        late = sum(year == 2025 for _, year in plan)  # begun in 2024
        running = 100 * (2 * len(plan) - late)
        if running + 300 * late <= total and 20 * len(plan) <= posts:
            kept[plan] = found
    return best(kept)


def test_the_price_of_a_budget_and_of_posts_is_by_their_steps_and_by_trying():
    """A total of 999 JOD and 79 posts each forbid the fourth centre; only both loosened together would allow it."""
    prices = {p.key: p for p in rule_prices(*asked(2, COSTLY), Steps(budget_jod=1, posts=1))}
    kept = affordable(999, 79)
    assert affordable(1000, 79) == affordable(999, 80) == kept < affordable(1000, 80)
    two = [prices["budget:total"], prices["staff:2025"]]
    assert [(p.kept, p.relaxed, p.gain) for p in two] == [(kept, kept, 0.0)] * 2
    alone = replace(COSTLY, conditions=replace(COSTLY.conditions, staff=()))
    for step in (1, 300):
        price = next(p for p in rule_prices(*asked(2, alone), Steps(budget_jod=step)) if p.key == "budget:total")
        assert (price.kept, price.relaxed) == (affordable(999), affordable(999 + step))
        assert str(price.step).replace(",", "") == f"{step} JOD more: {999 + step} JOD"
        assert price.step_jod == step
        assert price.gain > 0


def apart(km):
    """The best over plans whose places stand at least so far from each other, by hand."""
    land = country(2).candidates.set_index("site_id").to_crs("EPSG:8352")
    points, kept = land.geometry, {}
    for plan, found in tried(2, PLAIN).items():
        names = [name for name, _ in plan]
        if all(points[one].distance(points[other]) >= 1000 * km for one, other in itertools.combinations(names, 2)):
            kept[plan] = found
    return best(kept)


@pytest.mark.parametrize(("km", "step"), [(35.0, 16.0), (35.0, 34.0), (35.0, 35.0)])
def test_the_price_of_a_spacing_is_by_its_step_and_by_trying(km, step):
    spaced = replace(PLAIN, conditions=Conditions(spacing=(Spacing("apart", km),)))
    prices = {p.key: p for p in rule_prices(*asked(2, spaced), Steps(km=step))}
    price = prices["spacing:apart"]
    assert (price.kept, price.relaxed) == (apart(km), apart(km - step))
    assert str(price.step) == (f"{km - step:g} km" if km > step else "without it")
    assert price.gain > 0


@pytest.mark.parametrize("seed", [2])
def test_the_frontier_over_centres_is_by_trying(seed):
    points = frontier(*asked(seed, PLAIN), over="centres", values=[3, 4, 5])
    for point in points:
        tranches = (TWO, replace(ONE, count=int(point.at) - 3)) if point.at > 3 else (TWO,)
        true = best(tried(seed, replace(PLAIN, tranches=tranches)))
        assert (point.value, point.bound, point.status) == (true, true, "proven_optimal")
        assert len(point.figures.places) == point.at
    assert points[0].value < points[1].value < points[2].value


def test_the_frontier_over_a_promise_to_every_governorate_is_by_trying():
    every = tried(2, PLAIN)
    promises = [0.0, 0.4, 0.55, 0.99]
    points = frontier(*asked(2, PLAIN), over="worst_governorate", values=promises)
    for share, point in zip(promises, points, strict=True):
        true = best({plan: found for plan, found in every.items() if min(found[1].values()) >= share})
        if true is None:
            assert (point.status, point.figures) == ("infeasible", None)
            assert math.isnan(point.value)
        else:
            assert point.value == true
            assert point.figures.worst_share >= share
    assert points[0].value > points[2].value
    assert points[3].status == "infeasible"


def test_the_frontier_over_a_budget_is_by_trying():
    alone = replace(COSTLY, conditions=Conditions(budget=Budget(2024, (), total=999)))
    points = frontier(*asked(2, alone), over="budget", values=[500, 600, 999, 1000])
    assert [point.status for point in points] == ["infeasible", *["proven_optimal"] * 3]
    assert affordable(500) is None
    assert [point.value for point in points[1:]] == [affordable(600), affordable(999), affordable(1000)]


def cost_of(plan, *, running=100, capital=300):
    """JOD of the programme's years, added up by hand: two of 2024 are begun in 2023, before the first year."""
    late = sum(year == 2025 for _, year in plan)
    return running * (2 * len(plan) - late) + capital * late


def by_year(plan):
    late = sum(year == 2025 for _, year in plan)
    return 100 * (len(plan) - late) + 300 * late, 100 * len(plan)


@pytest.mark.parametrize("over", ["budget_factor", "budget_change"])
def test_the_frontier_over_the_budget_of_each_year_is_by_trying(over):
    limits = ((2024, 600), (2025, 400))
    yearly = replace(COSTLY, conditions=Conditions(budget=Budget(2024, limits)))
    values = {"budget_factor": [0.5, 0.75, 1.0], "budget_change": [-300, -100, 0]}[over]
    points = frontier(*asked(2, yearly), over=over, values=values)
    free = tried(2, replace(COSTLY, conditions=Conditions()))
    for value, point in zip(values, points, strict=True):
        now = [math.floor(jod * value) if over == "budget_factor" else jod + value for _, jod in limits]
        kept = {
            plan: found
            for plan, found in free.items()
            if all(spent <= limit for spent, limit in zip(by_year(plan), now, strict=True))
        }
        assert (point.value if kept else None) == best(kept), value
        assert point.status == ("proven_optimal" if kept else "infeasible")
        if kept:
            assert point.figures.jod in {cost_of(plan) for plan, (n, _) in kept.items() if n == point.value}
    assert points[0].status == "infeasible"
    assert points[-1].value > points[1].value


def test_where_money_is_the_first_objective_prices_are_in_dinars_and_by_trying():
    floors = (CoverFloor("nation", share=0.7),)
    cheapest = Objectives(order=(Aim("cost"), Aim("covered")), floors=floors)
    priced = replace(COSTLY, conditions=Conditions())
    people = country(2).people["people"].sum()

    def least(programme, share):
        """JOD of the cheapest plan with so many people inside in the final year, over every plan."""
        minutes, _ = ground_of(2)
        ids = {str(site): at for at, site in enumerate(country(2).candidates["site_id"])}
        limit = country(2).people["settlement"].map({"urban": 30.0, "rural": 60.0}).to_numpy()[:, None]
        here = country(2).people["people"].to_numpy()
        return min(
            cost_of(plan)
            for plan in tried(2, programme)
            if here[(minutes[:, [ids[s] for s, _ in plan]] <= limit).any(axis=1)].sum() >= share * people
        )

    request, journeys, instance, answer = asked(2, priced, cheapest)
    prices = {p.key: p for p in rule_prices(request, journeys, instance, answer, Steps(share=0.3))}
    kept = least(priced, 0.7)
    assert {p.unit for p in prices.values()} == {"JOD"}
    quota, floor = prices["quota:2024"], prices["floor:0"]
    assert (quota.kept, quota.relaxed) == (kept, least(replace(priced, zone_quotas=()), 0.7))
    assert (floor.kept, floor.relaxed) == (kept, least(priced, 0.4))
    for price in (quota, floor):
        assert price.proven
        assert price.gain == price.kept - price.relaxed == price.before.jod - price.after.jod
    assert quota.gain == floor.gain == 400
    points = frontier(request, journeys, instance, answer, over="worst_governorate", values=[0.0, 0.3])
    assert points[0].value == kept == points[0].figures.jod
    assert points[1].value >= kept


def test_a_discount_of_the_budget_stays_when_every_limit_is_left_out():
    """What money is worth is no limit: the cheapest plan without conditions is compared in the same dinars."""
    discounted = Budget(2024, (), 10_000, "begun", 0.1, 2023)
    priced = replace(COSTLY, conditions=Conditions(budget=discounted))
    cheapest = Objectives(order=(Aim("cost"),), floors=(CoverFloor("nation", share=0.3),))
    price = {p.key: p for p in rule_prices(*asked(2, priced, cheapest))}["budget:total"]
    assert (price.gain, price.relaxed) == (0.0, price.kept)
    assert price.kept == price.before.jod


def test_a_frontier_with_nothing_to_vary_is_refused():
    with pytest.raises(InvalidInput, match="no budget in total"):
        frontier(*asked(2, PLAIN), over="budget", values=[1])
    with pytest.raises(InvalidInput, match="already open 3"):
        frontier(*asked(2, PLAIN), over="centres", values=[2])


@pytest.mark.parametrize("seed", [2, 6])
def test_forcing_a_site_loses_what_trying_says(seed):
    request, _, instance, answer = asked(seed, PLAIN)
    every, top = tried(seed, PLAIN), best(tried(seed, PLAIN))
    ids = [str(site) for site in instance.site_ids]
    found = forced(request, instance, answer, exact=ids)
    assert {one.site_id for one in found} == set(ids) - {"TO-A-00", "TO-C-06"}  # fixed; held by a partial centre
    for one in found:
        turned = [value for plan, (value, _) in every.items() if (one.site_id in dict(plan)) != one.chosen]
        true = top - max(turned) if turned else math.inf
        assert one.exact == true
        assert one.at_least <= true
    assert sum(one.chosen for one in found) == 3
    bounded = forced(request, instance, answer, exact_chosen=False)
    assert all(one.exact in {None, 0.0} for one in bounded)
    assert [one.at_least for one in bounded] == [one.at_least for one in found]
    assert any(one.at_least > 0 for one in bounded)  # the proof supports more than nothing


def test_a_site_that_nothing_can_replace_has_no_plan_without_it():
    """All candidates of Gamma but one are forbidden, and Gamma has a quota."""
    sites = [str(site) for site in country(2).candidates["site_id"]]
    gone = tuple(site for site in sites if site[:4] == "TO-C")[1:]
    limited = replace(PLAIN, conditions=Conditions(site_limits=(SiteLimit("closed", gone, 0),)))
    request, _, instance, answer = asked(2, limited)
    last = next(site for site in sites if site[:4] == "TO-C")
    assert {one.site_id: one.exact for one in forced(request, instance, answer)}[last] == math.inf


def test_forcing_an_unknown_site_is_refused_by_name():
    request, _, instance, answer = asked(2, PLAIN)
    with pytest.raises(InvalidInput, match="There is no site TO-Z-99"):
        forced(request, instance, answer, exact=["TO-Z-99"])


@pytest.mark.parametrize(("seed", "share"), [(2, 0.1), (6, 0.02)])
def test_similar_plans_are_all_those_within_the_loss(seed, share):
    request, _, instance, answer = asked(seed, PLAIN)
    top = best(tried(seed, PLAIN))
    near = {plan: value for plan, (value, _) in tried(seed, PLAIN).items() if value >= top - math.floor(share * top)}
    found = similar_plans(request, instance, answer, share=share, at_most=len(near) + 5)
    assert found.complete
    assert found.within == math.floor(share * top)
    assert len(found.plans) == len(near) - 1 >= 2
    assert sorted(plan.value for plan in found.plans) == sorted(near.values())[: len(found.plans)]
    assert all(plan.loss == top - plan.value <= found.within for plan in found.plans)
    first = {site for site, _ in figures_of(instance, answer[1].chosen, request.programme).places}
    for plan in found.plans:
        added, left = {site for site, _ in plan.added}, {site for site, _ in plan.left_out}
        assert {site for site, _ in plan.figures.places} == (first - left) | added
    few = similar_plans(request, instance, answer, share=share, at_most=1)
    assert len(few.plans) == 1
    assert not few.complete  # there is another one


def test_no_loss_allowed_leaves_only_equals():
    request, _, instance, answer = asked(2, PLAIN)
    top = best(tried(2, PLAIN))
    equals = [plan for plan, (value, _) in tried(2, PLAIN).items() if value == top]
    found = similar_plans(request, instance, answer, share=0.0, at_most=20)
    assert (len(found.plans), found.complete) == (len(equals) - 1, True)


def test_questions_of_an_objective_that_is_no_miss_are_refused():
    fewest = Objectives(order=(Aim("centres"),), floors=(CoverFloor("nation", share=0.3),))
    loose = replace(PLAIN, tranches=(replace(TWO, at_most=True),), zone_quotas=())
    request, _, instance, answer = asked(2, loose, fewest)
    with pytest.raises(InvalidInput, match="needs a first objective of people, visits or travel"):
        forced(request, instance, answer)
    with pytest.raises(InvalidInput, match="need a first objective of people, visits or travel"):
        similar_plans(request, instance, answer, share=0.1, at_most=1)


def test_the_frontier_over_centres_leaves_other_kinds_alone():
    """The last tranche opens agency desks, which do not count: the points differ in centres."""
    desk = KindOfPlace("desk", "Desk", "مكتب", form="agency", counts_as=None)
    later = Tranche("desks", "Desks", "مكاتب", 2, 2024, 2025, kind="desk")
    programme = replace(PLAIN, kinds=(desk,), tranches=(TWO, replace(ONE, operating=2024, begun=2023), later))
    request, journeys, instance, answer = asked(2, programme)
    points = frontier(request, journeys, instance, answer, over="centres", values=[3, 4, 5])
    assert [len(point.figures.places) - 2 for point in points] == [3, 4, 5]  # two desks, whatever the centres
    assert [point.status for point in points] == ["proven_optimal"] * 3
