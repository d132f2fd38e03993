"""Erlang C against published tables and worked cases, closed forms and its laws."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput, Unsupported
from planning.capacity import (
    WaitingTarget,
    counters_needed,
    erlang_b,
    erlang_c,
    greatest_load,
    queue_of,
)

# ---------------------------------------------------------------- published values


@pytest.mark.parametrize(("counters", "erlangs"), [(5, 1.361), (10, 4.461), (20, 12.03), (50, 37.90), (100, 84.06)])
def test_the_standard_erlang_b_table_at_one_percent(counters, erlangs):
    # the offered traffic of the usual Erlang B table, printed to four figures
    assert erlang_b(counters, erlangs) == pytest.approx(0.01, abs=2e-5)


@pytest.mark.parametrize(
    ("agents", "waiting", "within_20_s", "mean_wait_s"),
    [(11, 0.6821, 0.3896, 122.8), (12, 0.4494, 0.6402, 40.4), (13, 0.2853, 0.7956, 17.1), (14, 0.1741, 0.8884, 7.8)],
)
def test_the_usual_call_centre_example(agents, waiting, within_20_s, mean_wait_s):
    # 100 calls in half an hour, 180 s each: 10 erlangs; 14 agents give 17.4 % waiting and 88.8 % within 20 s
    queue = queue_of(agents, 200 * 3.0 / 60.0, 3.0)
    assert queue.waiting == pytest.approx(waiting, abs=5e-5)
    assert queue.served_within(20.0 / 60.0) == pytest.approx(within_20_s, abs=5e-5)
    assert queue.mean_wait * 60.0 == pytest.approx(mean_wait_s, abs=0.05)


def test_eighty_percent_within_twenty_seconds_takes_fourteen():
    assert counters_needed(10.0, 3.0, WaitingTarget(20.0 / 60.0, 0.8)) == 14


def test_a_large_hall_as_published():
    # 360 calls in half an hour, 240 s each, 55 agents: Ec = 0.239, mean wait 8.2 s, 84.6 % within 15 s
    queue = queue_of(55, 720 * 4.0 / 60.0, 4.0)
    assert queue.waiting == pytest.approx(0.239, abs=5e-4)
    assert queue.mean_wait * 60.0 == pytest.approx(8.2, abs=0.05)
    assert queue.served_within(0.25) == pytest.approx(0.846, abs=5e-4)


def test_a_textbook_emergency_room():
    # two doctors, 2 arrivals and 3 treatments an hour: 1/6 wait at all, 1/24 hour on average
    queue = queue_of(2, 2 / 3, 20.0)
    assert queue.waiting == pytest.approx(1 / 6)
    assert queue.mean_wait == pytest.approx(60 / 24)


# ---------------------------------------------------------------- closed forms and the definition


@given(st.integers(1, 12), st.integers(1, 95))
@settings(max_examples=25)
def test_the_recursion_agrees_with_the_definition(counters, hundredths):
    a = Fraction(counters * hundredths, 100)
    tail = a**counters / math.factorial(counters) * counters / (counters - a)
    exact = tail / (sum(a**k / math.factorial(k) for k in range(counters)) + tail)
    assert erlang_c(counters, float(a)) == pytest.approx(float(exact), rel=1e-12)


def test_one_and_two_counters():
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 1.2) == pytest.approx(1.2**2 / (2 + 1.2))


def test_a_thousand_counters_do_not_overflow():
    assert 0.0 < erlang_c(1000, 950.0) < 1.0
    assert erlang_c(1000, 999.9) == pytest.approx(1.0, abs=0.01)


def test_a_hall_that_cannot_keep_up():
    queue = queue_of(3, 3.0, 5.0)
    assert (queue.waiting, queue.mean_wait, queue.served_within(60.0)) == (1.0, math.inf, 0.0)
    assert queue.present(0.95) == math.inf
    assert queue.occupancy == 1.0


def test_nobody_comes():
    assert counters_needed(0.0, 5.0, WaitingTarget()) == 0
    for counters in (0, 2):
        queue = queue_of(counters, 0.0, 5.0)
        assert (queue.mean_wait, queue.served_within(0.0), queue.present(0.95)) == (0.0, 1.0, 0.0)


# ---------------------------------------------------------------- people present


@given(st.integers(1, 8), st.integers(5, 95), st.sampled_from([0.1, 0.5, 0.9, 0.95, 0.99]))
@settings(max_examples=30)
def test_people_present_agree_with_the_states_written_out(counters, hundredths, share):
    offered = counters * hundredths / 100
    weight = [offered**k / math.factorial(k) if k <= counters else None for k in range(counters + 1)]
    rho = offered / counters
    whole = sum(weight[:counters]) + weight[counters] / (1 - rho)
    cumulated, k = 0.0, -1
    while cumulated < share - 1e-9:
        k += 1
        cumulated += (weight[k] if k <= counters else weight[counters] * rho ** (k - counters)) / whole
    assert queue_of(counters, offered, 4.0).present(share) == k


# ---------------------------------------------------------------- targets and laws

targets = st.one_of(
    st.builds(WaitingTarget, st.floats(0.0, 30.0), st.floats(0.05, 0.99)),
    st.builds(WaitingTarget, st.floats(0.5, 30.0), st.none()),
)


@given(st.floats(0.01, 60.0), st.floats(1.0, 30.0), targets)
@settings(max_examples=30)
def test_counters_are_enough_and_one_less_is_not(offered, handling, target):
    counters = counters_needed(offered, handling, target)
    assert target.met(queue_of(counters, offered, handling))
    fewer = counters - 1
    assert fewer <= offered or not target.met(queue_of(fewer, offered, handling))


@given(st.integers(1, 40), st.floats(1.0, 30.0), targets)
@settings(max_examples=25)
def test_the_greatest_load_turns_counters_around(counters, handling, target):
    load = greatest_load(counters, handling, target)
    assert load < counters
    if load > 1e-9:
        assert counters_needed(load, handling, target) <= counters
    assert counters_needed(load * (1 + 1e-9) + 1e-9, handling, target) >= counters


@given(st.integers(1, 30), st.floats(0.0, 0.98))
@settings(max_examples=25)
def test_more_counters_never_wait_longer(counters, part):
    offered = counters * part
    one, more = queue_of(counters, offered, 5.0), queue_of(counters + 1, offered, 5.0)
    assert more.waiting <= one.waiting + 1e-12
    assert more.mean_wait <= one.mean_wait + 1e-12
    assert one.served_within(5.0) <= more.served_within(5.0) + 1e-12


def test_the_target_is_inclusive():
    queue = queue_of(14, 10.0, 3.0)
    assert WaitingTarget(queue.mean_wait, None).met(queue)
    assert WaitingTarget(1 / 3, queue.served_within(1 / 3)).met(queue)


@pytest.mark.parametrize("wrong", [(-1.0, 0.9), (5.0, 0.0), (5.0, 1.0), (0.0, None), (math.inf, 0.9), (math.nan, 0.9)])
def test_a_target_that_cannot_be_is_refused(wrong):
    with pytest.raises(InvalidInput, match="waiting target"):
        WaitingTarget(*wrong)


def test_hostile_numbers_are_refused():
    for offered in (-1.0, math.nan, math.inf):
        with pytest.raises(InvalidInput, match="offered load"):
            erlang_c(2, offered)
    with pytest.raises(InvalidInput, match="counters"):
        erlang_b(-1, 1.0)
    with pytest.raises(InvalidInput, match="handling time"):
        queue_of(2, 1.0, 0.0)
    with pytest.raises(Unsupported, match="20000 counters"):
        counters_needed(30_000.0, 5.0, WaitingTarget())


def test_waiting_is_a_share_whatever_the_load():
    loads = np.linspace(0.0, 9.999, 50)
    waits = [erlang_c(10, float(load)) for load in loads]
    assert all(0.0 <= wait <= 1.0 for wait in waits)
    assert waits == sorted(waits)
