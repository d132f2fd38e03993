"""Hand-worked values and laws of the equity measures."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from planning import equity

INF = math.inf
NOBODY = (np.array([]), np.array([]))
ZERO_WEIGHT = (np.array([10.0, INF]), np.array([0, 0]))


def lists(*, min_people=1, max_minutes=1200, reached_only=False):
    """Travel in tenths of a minute (some unreachable), whole people."""
    minute = st.integers(0, max_minutes).map(lambda tenths: tenths / 10)
    if not reached_only:
        minute = st.one_of(minute, st.just(INF))
    pair = st.tuples(minute, st.integers(min_people, 5000))
    return st.lists(pair, min_size=1, max_size=25).map(
        lambda pairs: (np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs], dtype=np.int64))
    )


# ---------------------------------------------------------------- hand-worked values


def test_mean_is_over_the_reached_only():
    assert equity.mean_minutes(np.array([10.0, 40.0, INF]), np.array([3, 1, 96])) == pytest.approx(17.5)


def test_quantile_is_the_least_value_whose_people_reach_the_share():
    minutes, people = np.array([5.0, 20.0, 10.0, INF]), np.array([50, 20, 30, 1000])
    assert equity.quantile_minutes(minutes, people, 0.5) == 5.0  # exactly half: reached, inclusive
    assert equity.quantile_minutes(minutes, people, 0.51) == 10.0
    assert equity.quantile_minutes(minutes, people, 0.8) == 10.0
    assert equity.quantile_minutes(minutes, people, 0.9) == 20.0
    assert equity.quantile_minutes(minutes, people, 0.0) == 5.0
    assert equity.quantile_minutes(minutes, people, 1.0) == 20.0


def test_quantile_boundary_is_not_lost_to_binary_rounding():
    # 0.55 * 100 = 55.00000000000001 in binary
    assert equity.quantile_minutes(np.array([1.0, 2.0]), np.array([55, 45]), 0.55) == 1.0


def test_gini_of_two_people_one_travelling():
    # half the mean absolute difference (0.5 * 0.5 * 40) over the mean 20
    assert equity.gini(np.array([0.0, 40.0]), np.array([1, 1])) == pytest.approx(0.5)


def test_gini_by_hand_with_weights():
    # 3 people at 10, 1 at 30: mean 15, mean absolute difference 2 * 3/4 * 1/4 * 20 = 7.5
    assert equity.gini(np.array([10.0, 30.0]), np.array([3, 1])) == pytest.approx(7.5 / (2 * 15))


def test_gini_counts_the_unreachable_at_the_cap_or_leaves_them_out():
    minutes, people = np.array([10.0, INF]), np.array([3, 1])
    assert equity.gini(minutes, people) == 0.0
    assert equity.gini(minutes, people, cap_minutes=30.0) == pytest.approx(0.25)


def test_alpha_by_hand():
    # (3*10 + 1*30) / (3*100 + 1*900)
    assert equity.ede_alpha(np.array([10.0, INF]), np.array([3, 1]), cap_minutes=30.0) == pytest.approx(0.05)


def test_ede_by_hand():
    # a = ln 2 / 10: e^{10 a} = 2, e^{30 a} = 8; mean (3*2 + 1*8)/4 = 3.5; ln 3.5 / a
    rate = math.log(2) / 10
    ede = equity.kolm_pollak_ede(np.array([10.0, INF]), np.array([3, 1]), aversion=1.0, alpha=rate, cap_minutes=30.0)
    assert ede == pytest.approx(math.log(3.5) / rate)


def test_ede_does_not_overflow():
    minutes, people = np.array([0.0, 10_000.0]), np.array([10**9, 1])
    ede = equity.kolm_pollak_ede(minutes, people, aversion=5.0, alpha=1.0, cap_minutes=10_000.0)
    assert ede == pytest.approx(10_000 - math.log(10**9 + 1) / 5)


def test_bands_are_inclusive_at_the_edge():
    result = equity.bands(np.array([30.0, 30.1, 60.0, 90.0, 90.1, INF]), np.array([1, 2, 4, 8, 16, 32]))
    assert result.inside == (1, 2 + 4, 8)
    assert result.within == (1, 7, 15)
    assert (result.beyond, result.unreachable, result.total) == (16, 32, 63)


# ---------------------------------------------------------------- empty cases, refusals


@pytest.mark.parametrize("nobody", [NOBODY, ZERO_WEIGHT])
def test_a_measure_of_nobody_is_nan_and_bands_are_zero(nobody):
    minutes, people = nobody
    assert math.isnan(equity.mean_minutes(minutes, people))
    assert math.isnan(equity.quantile_minutes(minutes, people, 0.5))
    assert math.isnan(equity.gini(minutes, people))
    assert math.isnan(equity.gini(minutes, people, cap_minutes=120))
    assert math.isnan(equity.ede_alpha(minutes, people, cap_minutes=120))
    assert math.isnan(equity.kolm_pollak_ede(minutes, people, aversion=1, alpha=0.01, cap_minutes=120))
    assert equity.bands(minutes, people).total == 0


def test_nobody_reached_has_no_mean_but_costs_the_cap():
    minutes, people = np.array([INF]), np.array([7])
    assert math.isnan(equity.mean_minutes(minutes, people))
    assert math.isnan(equity.quantile_minutes(minutes, people, 0.9))
    assert equity.kolm_pollak_ede(minutes, people, aversion=1, alpha=0.01, cap_minutes=120) == pytest.approx(120)


def test_all_at_zero_minutes():
    minutes, people = np.zeros(3), np.array([1, 2, 3])
    assert equity.gini(minutes, people) == 0.0
    assert math.isnan(equity.ede_alpha(minutes, people, cap_minutes=120))
    assert equity.kolm_pollak_ede(minutes, people, aversion=1, alpha=0.02, cap_minutes=120) == 0.0
    assert math.isnan(equity.kolm_pollak_ede(minutes, people, aversion=1, alpha=math.nan, cap_minutes=120))
    assert equity.kolm_pollak_ede(minutes, people, aversion=0, alpha=math.nan, cap_minutes=120) == 0.0


@pytest.mark.parametrize(
    ("minutes", "people"),
    [([math.nan], [1]), ([-1.0], [1]), ([1.0], [-1]), ([1.0], [math.nan]), ([1.0, 2.0], [1]), ([[1.0]], [[1]])],
)
def test_what_is_not_travel_and_people_is_refused(minutes, people):
    with pytest.raises(InvalidInput):
        equity.mean_minutes(np.array(minutes), np.array(people))


def test_wrong_options_are_refused():
    one = (np.array([1.0]), np.array([1]))
    with pytest.raises(InvalidInput, match="quantile"):
        equity.quantile_minutes(*one, 1.5)
    with pytest.raises(InvalidInput, match="cap"):
        equity.ede_alpha(*one, cap_minutes=INF)
    with pytest.raises(InvalidInput, match="aversion"):
        equity.kolm_pollak_ede(*one, aversion=-1, alpha=0.1, cap_minutes=120)
    with pytest.raises(InvalidInput, match="alpha"):
        equity.kolm_pollak_ede(*one, aversion=1, alpha=-0.1, cap_minutes=120)
    for edges in [(), (60, 30), (30, 30), (-1, 30), (30, INF)]:
        with pytest.raises(InvalidInput, match="edges"):
            equity.bands(*one, edges=edges)


# ---------------------------------------------------------------- laws


@given(lists(), st.floats(0.01, 8))
def test_ede_lies_between_the_mean_and_the_longest(data, aversion):
    minutes, people = data
    capped = np.minimum(minutes, 120.0)
    alpha = equity.ede_alpha(minutes, people, cap_minutes=120)
    ede = equity.kolm_pollak_ede(minutes, people, aversion=aversion, alpha=alpha, cap_minutes=120)
    if capped.max() == 0:
        assert math.isnan(ede)
    else:
        assert equity.mean_minutes(capped, people) - 1e-9 <= ede <= capped.max() + 1e-9


@given(lists())
def test_ede_tends_to_the_mean_as_aversion_vanishes(data):
    minutes, people = data
    mean = equity.mean_minutes(np.minimum(minutes, 120.0), people)
    for aversion, close in [(1e-3, 0.2), (1e-6, 2e-4), (1e-9, 1e-6), (0.0, 1e-9)]:
        ede = equity.kolm_pollak_ede(minutes, people, aversion=aversion, alpha=0.02, cap_minutes=120)
        assert ede == pytest.approx(mean, abs=close)


@given(lists(), st.floats(0.05, 3), st.floats(0.05, 3))
def test_ede_grows_with_aversion(data, aversion, more):
    less, greater = (
        equity.kolm_pollak_ede(*data, aversion=a, alpha=0.02, cap_minutes=120) for a in (aversion, aversion + more)
    )
    assert less <= greater + 1e-9


@given(lists(reached_only=True), st.floats(0, 60), st.floats(0.01, 5))
def test_everyone_travelling_longer_adds_just_that(data, longer, aversion):
    minutes, people = data
    before, after = (
        equity.kolm_pollak_ede(times, people, aversion=aversion, alpha=0.02, cap_minutes=500)
        for times in (minutes, minutes + longer)
    )
    assert after == pytest.approx(before + longer, abs=1e-7)


@given(lists(reached_only=True), st.floats(0.01, 0.5))
def test_ede_agrees_with_the_formula_as_printed(data, rate):
    minutes, people = data
    exact = math.log(math.fsum(w * math.exp(rate * x) for x, w in zip(minutes, people, strict=True)) / people.sum())
    ede = equity.kolm_pollak_ede(minutes, people, aversion=rate / 0.05, alpha=0.05, cap_minutes=1e4)
    assert ede == pytest.approx(exact / rate, abs=1e-6)


@given(lists())
def test_gini_agrees_with_the_mean_difference_of_all_pairs(data):
    minutes, people = data
    times = [Fraction(str(min(x, 120.0))) for x in minutes]
    weights = [int(w) for w in people]
    total = sum(weights)
    mean = sum(w * x for w, x in zip(weights, times, strict=True)) / Fraction(total)
    difference = sum(
        v * w * abs(x - y) for v, x in zip(weights, times, strict=True) for w, y in zip(weights, times, strict=True)
    ) / Fraction(total * total)
    expected = float(difference / (2 * mean)) if mean else 0.0
    result = equity.gini(minutes, people, cap_minutes=120)
    assert 0.0 <= result < 1.0
    assert result == pytest.approx(expected, abs=1e-12)


@given(lists(reached_only=True), st.floats(0.001, 1000))
def test_gini_does_not_know_the_unit(data, factor):
    minutes, people = data
    assert equity.gini(minutes * factor, people) == pytest.approx(equity.gini(minutes, people), abs=1e-9)


@given(st.floats(0.1, 120), lists())
def test_equal_travel_has_no_inequality(minute, data):
    people = data[1]
    same = np.full(people.size, minute)
    assert equity.gini(same, people) == pytest.approx(0, abs=1e-12)
    assert equity.kolm_pollak_ede(same, people, aversion=2, alpha=0.02, cap_minutes=120) == pytest.approx(minute)


@given(lists(min_people=2), st.data())
def test_splitting_an_entry_changes_nothing(data, draw):
    minutes, people = data
    at = draw.draw(st.integers(0, people.size - 1))
    part = draw.draw(st.integers(0, int(people[at])))
    split_minutes = np.append(minutes, minutes[at])
    split_people = np.append(people, part)
    split_people[at] -= part
    for measure in (
        equity.mean_minutes,
        lambda m, w: equity.quantile_minutes(m, w, 0.9),
        lambda m, w: equity.gini(m, w, cap_minutes=120),
        lambda m, w: equity.ede_alpha(m, w, cap_minutes=120),
        lambda m, w: equity.kolm_pollak_ede(m, w, aversion=1, alpha=0.02, cap_minutes=120),
    ):
        assert measure(split_minutes, split_people) == pytest.approx(
            measure(minutes, people), rel=1e-9, abs=1e-9, nan_ok=True
        )
    assert equity.bands(split_minutes, split_people) == equity.bands(minutes, people)


@given(lists(min_people=0))
def test_bands_lose_nobody(data):
    minutes, people = data
    result = equity.bands(minutes, people)
    assert result.total == people.sum()
    assert result.unreachable == people[np.isinf(minutes)].sum()
    assert result.within[-1] + result.beyond == people[np.isfinite(minutes)].sum()


@given(lists(reached_only=True), st.floats(0, 1))
def test_quantile_agrees_with_writing_everyone_out(data, q):
    minutes, people = data
    people = people % 7 + 1
    everyone = np.sort(np.repeat(minutes, people))
    position = max(math.ceil(q * everyone.size - 1e-9) - 1, 0)
    assert equity.quantile_minutes(minutes, people, q) == everyone[position]
