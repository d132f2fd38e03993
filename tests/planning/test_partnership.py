"""Discounted cash flow, the account of a lot, visits over the term: hand-worked, published, and by law."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from planning.partnership import (
    Benefits,
    Future,
    HandBack,
    Moved,
    PartnershipSettings,
    Payment,
    ServiceLevels,
    Without,
    break_even,
    drivers_of,
    flows_of,
    npv,
    payback_years,
    returns,
    without_lot,
    worth_of,
)
from tests.planning.partnership_made_up import COSTS, PLAIN, forecast

FEW = settings(max_examples=40, deadline=None)
SOME = np.array([1000.0, 1100.0, 1200.0])
MONEY = st.floats(-1e6, 1e6, allow_nan=False)


# ---------------------------------------------------------------- present value, rates of return, payback


def test_present_value_by_hand():
    assert npv(0.1, np.array([-100.0, 55.0, 60.5])) == pytest.approx(0.0, abs=1e-12)
    assert npv(0.0, np.array([1.0, 2.0, 3.0])) == 6.0
    # Published: the examples of numpy-financial, after Gitman (2003), Principles of Managerial Finance, p. 346.
    assert npv(0.281, np.array([-100.0, 39, 59, 55, 20])) == pytest.approx(-0.0084785916384548798, abs=1e-12)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-100, 0, 0, 74], -0.0955),
        ([-100, 100, 0, 7], 0.06206),
        ([-200, 78, 118, 111, 40], 0.2794),
    ],
)
def test_one_rate_of_return_as_published(flows, rate):
    found = returns(np.array(flows, dtype=float))
    assert found.found == "one"
    assert found.rate == pytest.approx(rate, abs=5e-3 if rate == 0.2794 else 5e-5)
    assert npv(found.rate, np.array(flows, dtype=float)) == pytest.approx(0.0, abs=1e-8)


def test_several_rates_are_all_found_and_none_is_chosen():
    pump = returns(np.array([-1600.0, 10_000, -10_000]))  # Lorie & Savage (1955)
    assert pump.found == "several"
    assert np.isnan(pump.rate)
    assert pump.roots == pytest.approx((0.25, 4.0))
    # Elsewhere -8.33 % is printed as the rate of this one; it is one of two.
    assert returns(np.array([-100.0, 100, 0, -7])).roots == pytest.approx((-0.67888, -0.0833), abs=1e-4)


@pytest.mark.parametrize("flows", [[], [0, 0], [100, 20, 3], [-5, -1], [1, -3, 3]])
def test_where_there_is_no_rate_of_return_none_is_said(flows):
    found = returns(np.array(flows, dtype=float))
    assert (found.found, found.roots) == ("none", ())
    assert np.isnan(found.rate)


@pytest.mark.parametrize(
    ("flows", "found", "root"),
    [
        ([-1, 101], "one", 100.0),  # 10,000 % a year is still said
        ([-1, 101.1], "above", 100.1),
        ([-100, 1], "one", -0.99),  # and so is -99 %
        ([-100, 0.9], "below", -0.991),
        ([-1, 0, 40_000], "above", 199.0),
        ([-100, 0, 0.0001], "below", -0.999),
    ],
)
def test_a_rate_beyond_what_is_said_as_a_number_says_on_which_side(flows, found, root):
    got = returns(np.array(flows, dtype=float))
    assert got.found == found
    assert got.roots == pytest.approx((root,))
    assert np.isnan(got.rate) == (found != "one")


def test_a_rate_out_of_range_beside_one_in_it_makes_several():
    """Of (x - 1/1.1)(x - 1/201)(...): 10 % and 20,000 % a year, and none is meant."""
    flows = np.polynomial.polynomial.polyfromroots([1 / 1.1, 1 / 201])
    got = returns(flows)
    assert got.found == "several"
    assert np.isnan(got.rate)
    assert got.roots == pytest.approx((0.1, 200.0))


@given(st.lists(MONEY, min_size=2, max_size=20))
@FEW
def test_at_every_rate_of_return_the_present_value_is_zero(flows):
    flows = np.array(flows)
    for rate in returns(flows).roots:
        if rate < -0.999999:  # 1 + rate has no six digits left
            continue
        scale = np.abs(flows) @ (1.0 + rate) ** -np.arange(flows.size, dtype=float)
        assert abs(npv(rate, flows)) <= 1e-6 * max(scale, 1e-300)


@pytest.mark.parametrize(
    ("flows", "years"),
    [
        ([-2000, 500, 500, 5000], 2.2),
        ([-2000, 500, 1800, 0], 1 + 1500 / 1800),
        ([-100, 100, 5], 1.0),
        ([-100, 150, -100, 60], 2 + 50 / 60),  # paid back once, and again for good
        ([-100, 50], np.nan),
        ([0, 10], 0.0),
    ],
)
def test_payback(flows, years):
    assert payback_years(np.array(flows, dtype=float)) == pytest.approx(years, nan_ok=True)


@pytest.mark.parametrize("call", [npv, lambda _rate, flows: returns(flows)])
def test_nan_is_refused(call):
    with pytest.raises(InvalidInput):
        call(0.1, np.array([1.0, np.nan]))
    with pytest.raises(InvalidInput):
        npv(-1.0, np.array([1.0]))


# ---------------------------------------------------------------- the account of a lot


def test_an_account_by_hand():
    found = flows_of(SOME, SOME, 1, PLAIN, start=2025)
    assert found.years == (2024, 2025, 2026, 2027)
    assert found.lines["capital"].tolist() == [1200.0, 0, 0, 0]
    assert found.lines["charge"].tolist() == [0, 2000.0, 2200.0, 2400.0]
    assert found.lines["running"].tolist() == [0, 1100.0, 1200.0, 1300.0]
    assert found.net.tolist() == [-1200.0, 900.0, 1000.0, 1100.0]
    assert npv(0.1, found.net) == pytest.approx(-1200 + 900 / 1.1 + 1000 / 1.21 + 1100 / 1.331)
    assert found.whole_life_cost(0.0) == 1200 + 3600


def test_the_form_says_who_builds():
    spent = {
        form: flows_of(SOME, SOME, 2, replace(PLAIN, form=form), start=2025).lines["capital"].sum()
        for form in ("greenfield", "fit_out", "operate_only")
    }
    assert spent == {"greenfield": 8400.0, "fit_out": 2400.0, "operate_only": 400.0}


def test_capital_is_spread_over_the_years_of_building():
    found = flows_of(SOME, SOME, 1, replace(PLAIN, build_years=2), start=2025)
    assert found.years == (2023, 2024, 2025, 2026, 2027)
    assert found.lines["capital"].tolist() == [600.0, 600.0, 0, 0, 0]


@pytest.mark.parametrize(("term", "due"), [(3, [0, 500, 0]), (4, [0, 500, 0, 0]), (5, [0, 500, 0, 500, 0])])
def test_fit_out_is_renewed_but_not_in_the_last_year(term, due):
    found = flows_of(np.ones(term), np.ones(term), 1, replace(PLAIN, costs=COSTS, term_years=term), start=2025)
    assert found.lines["renewal"].tolist() == [0, *due]


def test_hand_back_costs_works_and_may_be_paid():
    back = replace(PLAIN, hand_back=HandBack("good", 0.25, 0.5))
    found = flows_of(SOME, SOME, 1, back, start=2025)
    assert found.lines["works"].tolist() == [0, 0, 0, 300.0]
    assert found.lines["hand_back"].tolist() == [0, 0, 0, 600.0]


@pytest.mark.parametrize(
    ("levels", "share"),
    [
        (ServiceLevels(0.98, 0.98), 0.0),
        (ServiceLevels(0.98, 1.0), 0.0),
        (ServiceLevels(0.98, 0.95, 0.02, 0.2), 0.06),
        (ServiceLevels(0.98, 0.50, 0.02, 0.2), 0.2),
    ],
)
def test_what_falling_short_of_the_service_level_costs(levels, share):
    mixed = replace(PLAIN, service_levels=levels, payment=Payment("mixed", 2.0, 500.0))
    found = flows_of(SOME, SOME, 1, mixed, start=2025)
    assert levels.deduction == pytest.approx(share)
    assert found.lines["deductions"][1:] == pytest.approx(share * (2 * SOME + 500))


def test_the_three_payments():
    paid = {
        kind: flows_of(SOME, SOME, 2, replace(PLAIN, payment=payment), start=2025)
        for kind, payment in {
            "user_charge": Payment("user_charge", 2.0),
            "availability": Payment("availability", None, 700.0),
            "mixed": Payment("mixed", 2.0, 700.0),
        }.items()
    }
    assert paid["availability"].lines["availability"].tolist() == [0, 1400, 1400, 1400]
    assert paid["availability"].lines["charge"].sum() == 0
    assert paid["availability"].state_pays.sum() == 4200
    assert paid["user_charge"].state_pays.sum() == 0
    running = paid["mixed"].lines["running"] + paid["mixed"].lines["capital"]
    assert (paid["mixed"].net + running).sum() == pytest.approx(2 * SOME.sum() + 4200)


def test_a_guarantee_pays_for_visits_that_do_not_come():
    sure = replace(PLAIN, guarantee=0.8)
    low = flows_of(0.5 * SOME, SOME, 1, sure, start=2025)
    assert low.lines["guarantee"][1:] == pytest.approx(2.0 * 0.3 * SOME)
    assert low.state_pays.sum() == pytest.approx(low.lines["guarantee"].sum())
    assert flows_of(0.8 * SOME, SOME, 1, sure, start=2025).lines["guarantee"].sum() == pytest.approx(0.0)


@given(fee=st.floats(0, 1e4), visits=st.floats(0, 1e6), kind=st.sampled_from(["user_charge", "availability", "mixed"]))
@FEW
def test_fees_passed_through_never_change_the_flow(fee, visits, kind):
    charge, paid = (2.0 if kind != "availability" else None), (500.0 if kind != "user_charge" else None)
    got = np.full(3, visits)
    with_fee, without = (
        flows_of(got, got, 1, replace(PLAIN, payment=Payment(kind, charge, paid, f)), start=2025) for f in (fee, 0.0)
    )
    assert (with_fee.net == without.net).all()
    assert (with_fee.state_pays == without.state_pays).all()
    assert with_fee.state_fees.sum() == pytest.approx(3 * fee * visits)


# ---------------------------------------------------------------- break-even

TERMS = st.builds(
    lambda kind, charge, paid, rate, build, guarantee, works, expected: replace(
        PLAIN,
        costs=COSTS,
        payment=Payment(kind, charge if kind != "availability" else None, paid if kind != "user_charge" else None),
        hurdle_rate=rate,
        build_years=build,
        guarantee=guarantee if kind != "availability" else None,
        hand_back=HandBack("good", works, 0.1),
        service_levels=ServiceLevels(0.98, expected),
    ),
    st.sampled_from(["user_charge", "availability", "mixed"]),
    st.floats(0, 10),
    st.floats(0, 5000),
    st.floats(0, 0.3),
    st.integers(1, 3),
    st.sampled_from([None, 0.5, 1.0]),
    st.floats(0, 0.5),
    st.floats(0.9, 1.0),
)


@given(terms=TERMS, times=st.floats(0.2, 2.0))
@FEW
def test_at_break_even_the_present_value_is_zero(terms, times):
    got = times * SOME
    even = break_even(got, SOME, 2, terms, start=2025)
    base = flows_of(got, SOME, 2, terms, start=2025).net
    for name in ("charge", "availability"):
        value = getattr(even, name)
        assert np.isnan(value) == (getattr(terms.payment, name) is None)
        if not np.isnan(value):
            moved = flows_of(got, SOME, 2, terms, start=2025, moved=Moved(**{name: value}))
            assert npv(terms.hurdle_rate, moved.net) == pytest.approx(0.0, abs=1e-6)
    with_grant = base.copy()
    with_grant[0] += even.grant
    assert even.grant >= 0
    if even.grant:
        assert npv(terms.hurdle_rate, with_grant) == pytest.approx(0.0, abs=1e-6)
    else:
        assert npv(terms.hurdle_rate, base) >= -1e-9
    if not np.isnan(even.volume):
        none = np.zeros(3)
        there = flows_of(even.volume * got, none, 2, replace(terms, guarantee=None), start=2025)
        assert npv(terms.hurdle_rate, there.net) == pytest.approx(0.0, abs=1e-6)


def test_without_visits_no_charge_breaks_even():
    even = break_even(np.zeros(3), np.zeros(3), 1, PLAIN, start=2025)
    assert np.isnan(even.charge)
    assert np.isnan(even.volume)
    assert even.grant == pytest.approx(1200 + 100 / 1.1 + 100 / 1.21 + 100 / 1.331)


# ---------------------------------------------------------------- visits over the term


def test_after_the_programme_visits_are_held_and_follow_take_up():
    found = forecast([[[100.0, 200.0], [10.0, 20.0]]], years=(2024, 2025, 2026, 2027, 2028))
    got = found.visits("mid")[0]
    # Everything is available from 2025; take-up 0.5 in 2025, 0.625 in 2026, 0.75 from 2027.
    assert got[0] == pytest.approx([100, 200, 200 * 0.375 / 0.5, 200 * 0.25 / 0.5, 200 * 0.25 / 0.5])
    assert got[1] == pytest.approx([10, 20, 20, 20, 20])  # needs presence


def test_growth_counts_from_the_last_year():
    got = forecast([[[100.0, 200.0], [10.0, 20.0]]], future=Future(0.1)).visits("mid")[0, 1]
    assert got == pytest.approx([20, 22, 24.2])


def test_a_stated_take_up_goes_on_from_the_demand_s():
    got = forecast([[[100.0, 200.0]]], future=Future(0.0, ((2027, 0.9),))).visits("mid")[0, 0]
    assert got == pytest.approx([200, 200 * 0.3 / 0.5, 200 * 0.1 / 0.5])


def test_where_all_is_done_digitally_nothing_comes_back():
    got = forecast([[[100.0, 0.0]]], take_up=((2025, 1.0), (2026, 0.5))).visits("mid")[0, 0]
    assert got == pytest.approx([0, 0, 0])


def test_more_take_up_leaves_fewer_visits_and_never_beyond_all():
    found = forecast([[[100.0, 200.0], [10.0, 20.0]]])
    more = found.visits("mid", take_up=1.2)[0]
    assert more[0] == pytest.approx([200 * 0.4 / 0.5, 150 * 0.25 / 0.375, 100 * 0.1 / 0.25])
    assert more[1] == pytest.approx([20, 20, 20])
    assert found.visits("mid", take_up=5.0)[0, 0] == pytest.approx([0, 0, 0])
    helped = forecast([[[100.0, 200.0]]], assisted=1.0)
    assert helped.visits("mid", take_up=5.0)[0, 0] == pytest.approx([200, 200, 200])


def test_a_centre_takes_no_more_than_its_room():
    found = forecast([[[0.0, 300.0], [0.0, 100.0]]], room=[100.0]).visits("mid")[0]
    assert found.sum(axis=0) == pytest.approx([100, 100, 100])
    assert found[:, 0] == pytest.approx([75, 25])


@pytest.mark.parametrize("wrong", [{"years": (2023,)}, {"future": Future(0.0, ((2025, 0.5),))}])
def test_a_term_before_the_programme_is_refused(wrong):
    with pytest.raises(InvalidInput):
        forecast([[[1.0, 1.0]]], **wrong)


# ---------------------------------------------------------------- sensitivity


def test_take_up_stands_first_and_the_others_by_swing():
    found = forecast([[[500.0, 1000.0], [50.0, 100.0]]])
    rows = drivers_of(found, np.array([0]), PLAIN, start=2025)
    assert rows[0].name == "take_up"
    assert sorted(row.name for row in rows) == ["capital", "payment", "rate", "running", "take_up", "visits"]
    swings = [row.swing for row in rows[1:]]
    assert swings == sorted(swings, reverse=True)
    by = {row.name: row for row in rows}
    base = npv(0.1, flows_of(found.visits("mid")[0].sum(axis=0), np.zeros(3), 1, PLAIN, start=2025).net)
    assert by["capital"].npv_low - base == pytest.approx(0.2 * 1200)
    assert by["capital"].npv_high - base == pytest.approx(-0.2 * 1200)
    assert by["take_up"].npv_low > base > by["take_up"].npv_high
    assert by["visits"].npv_low < base < by["visits"].npv_high
    assert by["rate"].npv_low > by["rate"].npv_high


@pytest.mark.parametrize("name", ["take_up", "visits", "capital", "running", "payment", "rate"])
def test_a_step_of_nothing_changes_nothing(name):
    found = forecast([[[500.0, 1000.0]]])
    still = replace(PLAIN, sensitivity=replace(PLAIN.sensitivity, **{name: 0.0}))
    row = next(row for row in drivers_of(found, np.array([0]), still, start=2025) if row.name == name)
    assert row.swing == 0


# ---------------------------------------------------------------- cost-benefit


def test_hours_are_saved_against_the_next_centre():
    visits, minutes = np.array([10.0, 30.0, 5.0]), np.array([5.0, 20.0, 10.0])
    other, kept = np.array([35.0, 30.0, np.inf]), np.array([True, False, False])
    journeys, hours = np.array([1.0, 2.0, 4.0]), np.array([1.5, 3.0, 6.0])
    near = without_lot(visits, minutes, other, kept, journeys, hours, Benefits())
    assert near.hours_per_visit == pytest.approx((10 * 30 + 30 * 10) * 2 / 60 / 45)
    assert (near.journeys, near.hours) == (4.0, 6.0)  # nobody else can be reached
    apart = without_lot(visits, minutes, other, kept, journeys, hours, Benefits(without="separate_offices"))
    assert apart.hours_per_visit == pytest.approx(10 * 30 * 2 / 60 / 45)
    assert (apart.journeys, apart.hours) == (6.0, 9.0)


def test_benefits_and_costs_by_hand():
    terms = replace(PLAIN, benefits=Benefits(value_of_time=2.0, social_rate=0.05, avoided_per_visit=0.5))
    found = worth_of(SOME, 1, Without(0.5, 7.0, 100.0), terms)
    gains = [(2 * (0.5 * v + 100) + 0.5 * v) / 1.05**t for t, v in enumerate(SOME, start=1)]
    takes = [4200, *((100 + v) / 1.05**t for t, v in enumerate(SOME, start=1))]
    assert found.hours == pytest.approx(0.5 * SOME + 100)
    assert found.benefits == pytest.approx(sum(gains))
    assert found.costs == pytest.approx(sum(takes))
    assert found.npv == pytest.approx(sum(gains) - sum(takes))
    assert found.ratio == pytest.approx(sum(gains) / sum(takes))
    assert found.journeys == 7.0


@given(charge=st.floats(0, 100), fee=st.floats(0, 100), form=st.sampled_from(["greenfield", "fit_out", "operate_only"]))
@FEW
def test_who_pays_is_no_part_of_the_cost_benefit(charge, fee, form):
    other = replace(PLAIN, payment=Payment("user_charge", charge, None, fee), form=form)
    found = Without(0.5, 0.0, 0.0)
    assert worth_of(SOME, 1, found, other).npv == worth_of(SOME, 1, found, PLAIN).npv


def test_defaults_hold_together():
    stated = PartnershipSettings()
    assert [f.name for f in fields(stated)][:2] == ["selection", "grouping"]
    assert stated.payment.charge is not None


def test_deductions_never_turn_what_the_state_pays_into_income():
    """A user charge: the state pays nothing, and what it takes off the operator's income is no payment to it."""
    poor = replace(PLAIN, service_levels=ServiceLevels(0.98, 0.9, 0.05, 0.5))
    found = flows_of(SOME, SOME, 1, poor, start=2025)
    assert found.lines["deductions"].sum() > 0
    assert (found.state_pays == 0).all()
