"""Which centres suit, what is lost if they fail, and lots: against trying every way."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from planning.partnership import (
    Benefits,
    Grouping,
    Opened,
    Selection,
    Without,
    fall,
    falls_of,
    loss_without,
    overlap,
    part,
    parting_of,
    public_of,
    start_of,
    stated,
    suited,
    tender,
    weak_centres,
    weigh,
    worst_off,
)
from planning.partnership.risk_terms import Event
from tests.planning.partnership_made_up import PLAIN, forecast, ground

VISITS = np.array([100.0, 80.0, 20.0, 60.0, 10.0])
ALL_MAY = Selection(worst_off_loss=1.0)
SAFE = Selection(worst_off=1)
FEW = settings(max_examples=25, deadline=None)


# ---------------------------------------------------------------- coverage


def test_what_is_lost_without_some_centres():
    one = loss_without(ground(), [0])
    assert one.by_zone.tolist() == [10, 0, 0]  # point 0 only; 1 and 2 have b as well
    assert (one.worst_before, one.zone_before) == (0.5, 2)
    assert one.worst_after == 0.5
    both = loss_without(ground(), [0, 1])
    assert both.by_zone.tolist() == [30, 0, 0]  # c still covers point 3
    assert (both.worst_after, both.zone_after) == (0.25, 0)
    assert loss_without(ground(), [4]).worst_after == 0.0


def test_governorates_without_people_are_never_the_worst_off():
    empty = ground(people=np.array([10, 10, 10, 10, 10, 10, 0, 0]))
    assert loss_without(empty, [4]).worst_before == 1.0
    nobody = loss_without(ground(people=np.zeros(8, dtype=int)), [0])
    assert np.isnan(nobody.worst_before)
    assert worst_off(ground(people=np.zeros(8, dtype=int)), 3).size == 0
    assert fall(ground(), [0, 1, 3, 4], np.zeros(0, dtype=int)) == 0.0


def test_the_worst_off_are_the_least_covered_governorates():
    assert worst_off(ground(), 1).tolist() == [2]
    assert worst_off(ground(), 2).tolist() == [2]  # the other two are covered whole: which of them would be no choice
    assert worst_off(ground(), 9).tolist() == [2, 0, 1]
    assert fall(ground(), [0, 1], np.array([2])) == 0.0
    assert fall(ground(), [0, 1], np.array([2, 0])) == 0.75
    assert fall(ground(), [4], np.array([2, 0])) == 0.5


@given(st.integers(0, 2**32 - 1))
@FEW
def test_the_fall_of_some_centres_is_the_same_counted_both_ways(seed):
    random = np.random.default_rng(seed)
    place = ground(within=random.random((5, 8)) < 0.4, people=random.integers(1, 100, 8))
    zones, centres = worst_off(place, 2), (0, 1, 3)
    falls = falls_of(place, centres, zones)
    for some in product([False, True], repeat=3):
        chosen = frozenset(i for i, is_in in enumerate(some) if is_in)
        assert falls(chosen) == pytest.approx(fall(place, [centres[i] for i in chosen], zones))


def test_overlap_is_the_share_of_the_catchment_with_a_public_centre():
    public = np.array([False, True, True, True, True])
    assert overlap(ground(), 0, public) == 0.5  # of points 0 and 1, point 1
    assert overlap(ground(), 1, public) == 0.5  # itself never counts: of points 2 and 3, point 3 by c
    assert np.isnan(overlap(ground(), 2, public))  # nobody is nearest to it


# ---------------------------------------------------------------- which centres suit


def test_the_score_by_hand():
    found = suited(ground(), VISITS, SAFE)
    # Public are all but a and b: of a's points none, of b's point 3.
    assert found.overlap[:2].tolist() == [0.0, 0.5]
    assert found.score[0] == pytest.approx((1.0 + 0.0) / 2)
    assert found.score[1] == pytest.approx((0.8 + 0.5) / 2)
    assert found.chosen == (0, 1)
    assert found.against[3] == ("only_centre",)
    assert found.against[4] == ("kind", "only_centre", "worst_off")


@pytest.mark.parametrize(("weights", "best"), [((1.0, 0.0), 0), ((0.0, 1.0), 1), ((4.0, 1.0), 0), ((1.0, 1.0), 1)])
def test_weights_change_the_order(weights, best):
    found = suited(ground(), VISITS, Selection(visits_weight=weights[0], overlap_weight=weights[1], worst_off=1))
    assert int(np.argmax(found.score[:2])) == best


def test_no_governorate_s_only_centre_and_none_at_the_expense_of_the_worst_off():
    all_of_them = ground(labelled=np.ones(5, dtype=bool))
    found = suited(all_of_them, VISITS, Selection(worst_off=1))
    assert found.chosen == (0, 1)
    assert found.left_out == (2, 3, 4)
    # Three worst-off: all of the governorates; of a, b and c all but a have someone standing behind them everywhere.
    assert suited(all_of_them, VISITS, Selection(worst_off=3)).chosen == (1, 2)
    loose = suited(all_of_them, VISITS, Selection(worst_off_loss=1.0))
    assert loose.against[3] == ("only_centre",)  # still barred
    assert loose.chosen == (0, 1)


def test_a_tender_never_takes_all_the_centres_of_a_governorate_together():
    """Each of a, b and c may go alone; the least visited stays public, whatever the choice."""
    all_of_them = ground(labelled=np.array([True, True, True, False, False]))
    found = suited(all_of_them, VISITS, SAFE)
    assert (found.chosen, found.left_out) == ((0, 1), (2,))
    assert found.against[2] == ("last_public",)
    assert found.against[0] == found.against[1] == ()
    busier = suited(all_of_them, np.array([100.0, 5.0, 20.0, 60.0, 10.0]), SAFE)
    assert (busier.chosen, busier.left_out) == ((0, 2), (1,))
    best = suited(ground(), VISITS, Selection("suited", count=3, worst_off=1))
    assert best.chosen == (0, 1)
    assert best.against[2] == ("last_public",)
    with pytest.raises(InvalidInput, match="every public centre of Z1"):
        suited(ground(), VISITS, Selection("named", named=("a", "b", "c"), worst_off=1))


def test_a_kind_that_is_operated_privately_is_nobodys_public_centre():
    private_c = ground(private_kind=np.array([False, False, True, False, False]))
    found = suited(private_c, VISITS, Selection("named", named=("a", "c"), worst_off=1))
    assert found.chosen == (0, 2)  # b stays
    assert found.overlap[1] == 0.0  # of b's points 2 and 3 the second has c, which is private
    with pytest.raises(InvalidInput, match="every public centre of Z1"):
        suited(private_c, VISITS, Selection("named", named=("a", "b"), worst_off=1))
    alone = ground(private_kind=np.array([False, True, True, False, False]))
    assert suited(alone, VISITS, SAFE).against[0] == ("only_centre",)


def test_the_fall_that_is_allowed_is_inclusive():
    alone = ground(zone_of_centre=np.array([0, 0, 0, 1, 1]), fit=np.ones(5, dtype=bool))
    assert suited(alone, VISITS, Selection(worst_off_loss=0.5)).against[4] == ()
    assert suited(alone, VISITS, Selection(worst_off_loss=0.49)).against[4] == ("worst_off",)


def test_fixed_centres_only_where_the_choice_says_so():
    fixed = ground(fixed=np.array([True, False, False, False, False]))
    assert suited(fixed, VISITS, SAFE).chosen == (1,)
    assert suited(fixed, VISITS, Selection(existing=True, worst_off=1)).chosen == (0, 1)


def test_the_best_scored_are_chosen():
    found = suited(ground(), VISITS, Selection("suited", count=2, worst_off=1))
    assert found.chosen == (0, 1)
    assert suited(ground(), VISITS, Selection("suited", count=1, worst_off=1)).chosen == (1,)
    assert suited(ground(), VISITS, Selection("suited", count=3, least_score=0.3, worst_off=1)).chosen == (0, 1)


def test_named_centres_are_taken_or_refused_by_name():
    assert suited(ground(), VISITS, Selection("named", named=("c", "a"), worst_off=1)).chosen == (0, 2)
    for name in ("d", "e"):
        with pytest.raises(InvalidInput, match=name):
            suited(ground(), VISITS, Selection("named", named=(name,)))
    with pytest.raises(InvalidInput, match="nowhere"):
        suited(ground(), VISITS, Selection("named", named=("nowhere",)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"choice": "named"},
        {"named": ("a",)},
        {"choice": "suited"},
        {"count": 2},
        {"visits_weight": 0.0, "overlap_weight": 0.0},
    ],
)
def test_a_choice_that_does_not_hold_together_is_refused(wrong):
    with pytest.raises(InvalidInput):
        Selection(**wrong)


# ---------------------------------------------------------------- lots


def no_fall(_some):
    return 0.0


def by_trying(values, count, weak, falls, near=None):
    """The least (fall, spread) over every assignment."""
    best, low, high = None, int(weak.sum()) // count, -(-int(weak.sum()) // count)
    for given_to in product(range(count), repeat=len(values)):
        lots = [[i for i, lot in enumerate(given_to) if lot == k] for k in range(count)]
        if not all(lots) or any(not low <= int(weak[lot].sum()) <= high for lot in lots):
            continue
        if near is not None and not all(together(lot, near) for lot in lots):
            continue
        sums = [values[lot].sum() for lot in lots]
        key = (max(falls(frozenset(lot)) for lot in lots), max(sums) - min(sums))
        best = key if best is None or key < best else best
    return best


def together(lot, near):
    parts = [{i} for i in lot]
    for i in lot:
        for j in lot:
            if near[i, j]:
                joined = [p for p in parts if i in p or j in p]
                parts = [p for p in parts if p not in joined] + [set().union(*joined)]
    return len(parts) == 1


@given(st.lists(st.integers(0, 50), min_size=2, max_size=6), st.integers(1, 3), st.randoms(use_true_random=False))
@FEW
def test_lots_are_as_good_as_by_trying_everything(values, count, random):
    values = np.array(values, dtype=float)
    count = min(count, values.size)
    cost = {i: random.random() for i in range(values.size)}

    def falls(some):  # never less for more
        return round(max(0.0, sum(cost[i] for i in some) - 1.0), 6)

    weak = weak_centres(values, 1.0)
    found = part(values, count, weak=weak, falls=falls)
    assert found.status == "exact"
    expected = by_trying(values, count, weak, falls)
    assert (found.worst_falls, found.spread) == pytest.approx(expected, abs=1e-6)
    assert sorted(i for lot in found.lots for i in lot) == list(range(values.size))
    assert sum(found.values) == pytest.approx(values.sum())


def test_classic_partition_is_even():
    found = part(np.array([8.0, 7, 6, 5, 4]), 2, weak=np.zeros(5, dtype=bool), falls=no_fall)
    assert found.spread == 0.0  # 8 + 7 and 6 + 5 + 4
    assert found.lots == ((0, 1), (2, 3, 4))


def test_each_lot_takes_its_share_of_the_weak():
    values, weak = np.array([10.0, 10, 1, 1]), np.array([False, False, True, True])
    found = part(values, 2, weak=weak, falls=no_fall)
    assert all(weak[list(lot)].sum() == 1 for lot in found.lots)
    assert weak_centres(values, 1.0).tolist() == [False, False, True, True]
    assert weak_centres(values, 0.1).tolist() == [False] * 4
    assert part(np.array([9.0, 5, 4]), 2, weak=np.array([False, True, True]), falls=no_fall).lots == ((0, 2), (1,))
    assert part(np.array([9.0, 5, 4]), 2, weak=np.zeros(3, dtype=bool), falls=no_fall).lots == ((0,), (1, 2))


def test_two_that_back_each_other_up_go_into_two_lots():
    # Together a and b would cost the first governorate three quarters of its people; a with c only half.
    falls = falls_of(ground(), (0, 1, 2), np.array([2, 0]))
    values = np.array([4.0, 6, 10])
    assert part(values, 2, weak=np.zeros(3, dtype=bool), falls=no_fall).lots == ((0, 1), (2,))
    found = part(values, 2, weak=np.zeros(3, dtype=bool), falls=falls)
    assert found.worst_falls < falls(frozenset({0, 1}))
    assert {0, 1} not in [set(lot) for lot in found.lots]


def test_lots_may_have_to_hang_together():
    values = np.array([5.0, 1, 5, 1])
    near = np.eye(4, dtype=bool)
    near[0, 2] = near[2, 0] = near[1, 3] = near[3, 1] = True
    free = part(values, 2, weak=np.zeros(4, dtype=bool), falls=no_fall)
    held = part(values, 2, weak=np.zeros(4, dtype=bool), falls=no_fall, near=near)
    assert (free.spread, held.spread) == (0.0, 8.0)
    assert held.lots == ((0, 2), (1, 3))
    with pytest.raises(InvalidInput):
        part(values, 1, weak=np.zeros(4, dtype=bool), falls=no_fall, near=near)


def test_when_nodes_run_out_it_says_so():
    values = np.arange(1.0, 15.0) ** 2 + 0.37
    few = part(values, 4, weak=np.zeros(14, dtype=bool), falls=no_fall, nodes=20)
    assert few.status == "best_found"
    assert sorted(i for lot in few.lots for i in lot) == list(range(14))


def test_when_nodes_run_out_before_any_lots_it_says_so():
    with pytest.raises(InvalidInput, match="among the 5 that were tried"):
        part(np.arange(1.0, 15.0), 4, weak=np.zeros(14, dtype=bool), falls=no_fall, nodes=5)


@pytest.mark.parametrize(("values", "count"), [([1.0], 2), ([1.0, 2.0], 0), ([-1.0, 2.0], 1)])
def test_impossible_lots_are_refused(values, count):
    with pytest.raises(InvalidInput):
        part(np.array(values), count, weak=np.zeros(len(values), dtype=bool), falls=no_fall)


def test_stated_lots_are_kept():
    found = stated([[2, 0], [1]], np.array([1.0, 2.0, 4.0]), no_fall)
    assert (found.lots, found.values, found.status) == (((0, 2), (1,)), (5.0, 2.0), "stated")


# ---------------------------------------------------------------- events


def made(settings=PLAIN, *, opened=None, three=None):
    """A tender of a, b and c with 1,000, 800 and 400 visits a year of a digital and a counter service."""
    labelled, beside_d = np.array([True, True, True, False, False]), np.array([1, 1, 1, 1, 2])
    place = three or ground(labelled=labelled, zone_of_centre=beside_d)  # d stays public
    judged = suited(place, VISITS, settings.selection)
    by = np.array([[[0, 600.0], [0, 400.0]], [[0, 500.0], [0, 300.0]], [[0, 100.0], [0, 300.0]]])[: len(judged.chosen)]
    start = start_of(place, judged.chosen, settings)
    years = tuple(range(start, start + settings.term_years))
    seen = forecast(by, years=years, take_up=((2025, 0.5),))
    parting = parting_of(place, judged, seen, settings)
    none = {i: Without(0.25, 0.0, 0.0) for i in range(len(parting.lots))}
    return tender(place, judged, seen, settings, parting=parting, start=start, without=none, opened=opened or {})


SHARES = Opened(np.array([[0.5, 0.5], [0.2, 0.2], [0.0, 0.0]]), np.array([4.0, 10.0, 10.001]))


def test_a_public_centre_near_by_is_compensated_within_the_radius_only():
    near = replace(PLAIN, events=(Event("public_centre", 2026, "x"),), exclusivity_km=10.0)
    (one,) = made(near, opened={0: SHARES}).lots[0].events
    assert one.inside == 2
    assert one.visits_a_year == pytest.approx(-(0.5 * 1000 + 0.2 * 800))
    assert one.npv_without == pytest.approx(one.npv_before - 660 * (1 / 1.1**2 + 1 / 1.1**3))
    assert one.npv_with == pytest.approx(one.npv_before)  # whole loss made good
    (half,) = made(replace(near, exclusivity_km=9.999), opened={0: SHARES}).lots[0].events
    assert half.inside == 1
    assert half.npv_before - half.npv_with == pytest.approx(160 * (1 / 1.1**2 + 1 / 1.1**3))
    counter_only = replace(SHARES, share=SHARES.share * [0.0, 1.0])  # the services go different ways
    (part,) = made(near, opened={0: counter_only}).lots[0].events
    assert part.visits_a_year == pytest.approx(-(0.5 * 400 + 0.2 * 300))
    none = replace(near, compensation=replace(PLAIN.compensation, public_centre=0.0))
    (bare,) = made(none, opened={0: SHARES}).lots[0].events
    assert (bare.compensation, bare.npv_with) == (0.0, bare.npv_without)


def test_a_full_centre_gains_nothing_and_loses_nothing_while_others_wait():
    """a and b are wanted 1,000 and 800 times a year; a takes 600, b 900."""
    by = np.array([[[600.0] * 3, [400.0] * 3], [[500.0] * 3, [300.0] * 3]])
    room, rules = np.array([600.0, 900.0]), replace(PLAIN, term_years=3, events=())
    told = {"services": ("s1", "s2"), "settings": rules, "start": 2025, "room": room}
    more = weigh(Event("services_added", 2025, visits_share=0.25), by, **told)
    assert more.visits_a_year == pytest.approx(100.0)  # a stays full, b goes from 800 to its 900
    half = Opened(np.full((2, 2), 0.3), np.array([1.0, 1.0]))
    fewer = weigh(Event("public_centre", 2025, "x"), by, **told, opened=half)
    assert fewer.visits_a_year == pytest.approx(-0.3 * 800)  # 700 still want to come to a
    alone = weigh(Event("public_centre", 2025, "x"), by, **(told | {"room": None}), opened=half)
    assert alone.visits_a_year == pytest.approx(-0.3 * 1800)


def test_services_withdrawn_and_added():
    out = replace(PLAIN, events=(Event("services_withdrawn", 2025, services=("s1",)),))
    (one,) = made(out).lots[0].events
    assert one.visits_a_year == pytest.approx(-1000.0)
    assert one.npv_before - one.npv_without == pytest.approx(1000 * (1 / 1.1 + 1 / 1.21 + 1 / 1.331))
    assert one.npv_with == pytest.approx(one.npv_before)
    part_of = replace(out, compensation=replace(PLAIN.compensation, services_withdrawn=0.25))
    assert made(part_of).lots[0].events[0].compensation == pytest.approx(0.25 * one.compensation)
    more = replace(PLAIN, events=(Event("services_added", 2027, visits_share=0.1, capital=500.0),))
    (added,) = made(more).lots[0].events
    assert added.visits_a_year == pytest.approx(220.0)
    assert added.npv_without == pytest.approx(added.npv_before + (220 - 500) / 1.1**3)
    assert added.compensation == pytest.approx(280 / 1.1**3)
    with pytest.raises(InvalidInput, match="nothing"):
        made(replace(PLAIN, events=(Event("services_withdrawn", 2025, services=("nothing",)),)))


@pytest.mark.parametrize("year", [2024, 2028])
def test_an_event_outside_the_term_is_refused(year):
    with pytest.raises(InvalidInput, match=str(year)):
        made(replace(PLAIN, events=(Event("services_added", year, visits_share=0.1),)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "public_centre"},
        {"what": "services_withdrawn", "site": "a"},
        {"what": "services_added", "capital": 5.0},
        {"what": "public_centre", "site": "a", "visits_share": 0.1},
        {"what": "services_withdrawn", "services": ("a",), "capital": 0.1},
    ],
)
def test_a_field_of_another_event_is_refused(wrong):
    with pytest.raises(InvalidInput):
        Event(year=2026, **wrong)


# ---------------------------------------------------------------- the tender


def test_visits_are_conserved_between_lots_whatever_the_parting():
    whole = made().lots[0].by_service
    for how in (Grouping(2), Grouping(3), Grouping(groups=(("a", "c"), ("b",)))):
        lots = made(replace(PLAIN, grouping=how)).lots
        for case, expected in whole.items():
            assert np.sum([lot.by_service[case] for lot in lots], axis=0) == pytest.approx(expected)
        assert sum(lot.people for lot in lots) == made().lots[0].people == 40


def test_a_lot_says_its_catchment_and_what_fails_with_it():
    one = made(replace(PLAIN, grouping=Grouping(groups=(("a",), ("b", "c"))))).lots
    assert (one[0].points, one[0].people, one[0].people_within) == (2, 20, 20)
    assert one[0].overlap == 0.0  # b and c are in lots too
    assert (one[0].loss.people, one[1].loss.people) == (10, 10)
    whole = made().lots[0]
    assert (whole.loss.people, whole.loss.worst_after, whole.loss.zone_after) == (40, 0.0, 0)


def test_a_lot_that_only_together_harms_the_worst_off_says_so():
    half = replace(PLAIN, selection=Selection(worst_off=3, worst_off_loss=0.5))
    apart = made(replace(half, grouping=Grouping(groups=(("a",), ("b", "c"))))).lots
    assert [lot.at_expense for lot in apart] == [False, False]
    assert made(half).lots[0].at_expense
    assert not made(replace(PLAIN, selection=ALL_MAY)).lots[0].at_expense


def test_a_lot_that_leaves_another_governorate_the_worst_covered_says_so_apart():
    """The lot's own governorate is none of the worst-off: that rule is kept, and the new least is told."""
    one = replace(PLAIN, selection=Selection(worst_off=1))
    lot = made(one).lots[0]
    assert lot.loss.worst_after < lot.loss.worst_before
    assert lot.loss.zone_after != lot.loss.zone_before
    assert (lot.at_expense, lot.new_worst_off) == (False, True)


def test_a_small_lot_is_flagged():
    cost = made().lots[0].whole_life_cost
    for limit, small in ((cost, False), (cost + 1, True)):
        assert made(replace(PLAIN, service_contract_below=limit)).lots[0].small is small


def test_cases_follow_their_visits():
    lot = made().lots[0]
    assert lot.money["low"].npv < lot.money["mid"].npv < lot.money["high"].npv
    assert lot.money["mid"].break_even.charge == lot.money["mid"].break_even.charge > 0
    assert lot.guaranteed.tolist() == [0, 0, 0]
    sure = made(replace(PLAIN, guarantee=0.9)).lots[0]
    assert sure.guaranteed == pytest.approx(0.9 * 2200 * np.ones(3))
    assert sure.money["low"].npv > lot.money["low"].npv
    assert sure.money["mid"].npv == lot.money["mid"].npv
    assert sure.money["low"].state_pays > 0


def test_the_start_is_when_the_last_centre_operates():
    assert made().start == 2025
    assert made(replace(PLAIN, starts=2026)).forecast.years == (2026, 2027, 2028)
    with pytest.raises(InvalidInput, match="2024"):
        made(replace(PLAIN, starts=2024))


def test_known_openings_within_the_radius_are_named():
    late = ground(operating=np.array([2024, 2024, 2024, 2025, 2026]))
    assert made(replace(PLAIN, exclusivity_km=45.0), three=late).lots[0].known_openings == (3,)
    assert made(replace(PLAIN, exclusivity_km=44.999), three=late).lots[0].known_openings == ()
    late = ground(operating=np.array([2024, 2024, 2025, 2025, 2026]))
    assert made(replace(PLAIN, exclusivity_km=5.0), three=late).lots[0].known_openings == (2,)
    assert made(replace(PLAIN, exclusivity_km=4.999), three=late).lots[0].known_openings == ()


def test_balance_by_income_or_visits():
    by_visits = made(replace(PLAIN, grouping=Grouping(2))).parting
    paid = replace(PLAIN.payment, kind="mixed", availability=1e6)
    by_income = made(replace(PLAIN, grouping=Grouping(2, "income"), payment=paid)).parting
    assert by_visits.values != by_income.values
    assert min(by_income.values) > 1e6


def test_more_lots_than_centres_gives_one_each():
    assert len(made(replace(PLAIN, grouping=Grouping(9))).lots) == 3


def test_lots_hang_together_within_the_stated_links():
    held = made(replace(PLAIN, grouping=Grouping(2, together_km=5.0))).parting
    assert (0, 2) not in held.lots
    with pytest.raises(InvalidInput):
        made(replace(PLAIN, grouping=Grouping(1, together_km=4.9)))


@pytest.mark.parametrize("groups", [(("a",),), (("a", "b"), ("c", "d"))])
def test_named_lots_hold_the_tender_s_centres_once(groups):
    with pytest.raises(InvalidInput):
        made(replace(PLAIN, grouping=Grouping(groups=groups)))
    with pytest.raises(InvalidInput):
        Grouping(groups=(("a",), ("a",)))
    with pytest.raises(InvalidInput):
        Grouping(count=2, groups=(("a",),))


def test_public_are_the_centres_in_no_lot():
    judged = suited(ground(), VISITS, SAFE)
    assert public_of(ground(), judged).tolist() == [False, False, True, True, True]


def test_benefits_are_there_whatever_the_finance():
    dear = replace(PLAIN, benefits=Benefits(value_of_time=3.0))
    assert made(dear).lots[0].worth.benefits == pytest.approx(2 * made().lots[0].worth.benefits)
