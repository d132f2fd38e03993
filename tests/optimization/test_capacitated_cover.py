"""Capacitated covering against trying every choice, its cuts against every choice, and what it refuses."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from foundation.errors import InvalidInput
from optimization.capacitated_cover import capacitated_cover
from optimization.capacitated_cuts import block_of
from optimization.problem import Columns, Rule


def columns_of(places, years=1, *, lower=None, upper=None):
    count = places * years
    return Columns(
        place=np.repeat(np.arange(places), years),
        kind=np.zeros(count, dtype=np.int64),
        year=np.tile(np.arange(years), places),
        lower=np.zeros(count, dtype=np.int64) if lower is None else np.array(lower),
        upper=np.ones(count, dtype=np.int64) if upper is None else np.array(upper),
        rank=np.ones(count, dtype=np.int64),
    )


def count_rule(columns, right, sense="<="):
    return Rule("count", "count", columns, np.ones(columns.size, dtype=np.int64), sense, right)


def served_by_trying(reach, demand, capacity, chosen):
    """The transport problem written out, solved as a linear programme of its own."""
    rows, sites = np.nonzero(reach & chosen[None, :])
    if not rows.size:
        return 0
    a = np.zeros((demand.size + capacity.size, rows.size))
    a[rows, np.arange(rows.size)] = 1
    a[demand.size + sites, np.arange(rows.size)] = 1
    found = linprog(-np.ones(rows.size), A_ub=a, b_ub=np.concatenate([demand, capacity]))
    return round(-found.fun)


def instance(seed, rows=7, places=5):
    random = np.random.default_rng(seed)
    reach = random.random((rows, places)) < 0.45
    return reach, random.integers(0, 30, rows), random.integers(0, 40, places)


@given(st.integers(0, 10_000), st.integers(1, 4))
@settings(max_examples=15, deadline=None)
def test_it_agrees_with_trying_every_choice(seed, p):
    reach, demand, capacity = instance(seed)
    columns = columns_of(5)
    rules = (count_rule(np.arange(5), p),)
    found = capacitated_cover(columns, sparse.csr_array(reach.astype(np.int8)), demand, capacity, rules)
    best = max(
        served_by_trying(reach, demand, capacity, np.isin(np.arange(5), picked))
        for picked in itertools.combinations(range(5), p)
    )
    assert (found.status, found.proof) == ("proven_optimal", "solver")
    assert found.value == found.bound == best
    assert served_by_trying(reach, demand, capacity, found.chosen) == best
    assert found.chosen.sum() <= p


@given(st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_a_cut_holds_for_every_choice_and_is_tight_where_it_was_made(seed):
    reach, demand, capacity = instance(seed)
    sets = sparse.csr_array(reach.astype(np.int8))
    block = block_of(sets, demand, capacity, np.ones(5, dtype=np.int64))
    random = np.random.default_rng(seed + 1)
    points = [random.random(5), random.integers(0, 2, 5).astype(float)]
    cuts = [block.cut_at(y) for y in points]
    for picked in itertools.product([False, True], repeat=5):
        chosen = np.array(picked)
        served = served_by_trying(reach, demand, capacity, chosen)
        assert block.served(chosen) == served
        for cut in cuts:
            assert served <= cut.constant + cut.slope @ chosen
    whole = points[1]
    assert block.served(whole > 0.5) == cuts[1].constant + cuts[1].slope @ whole


def test_rows_of_equal_reach_are_one_and_the_lost_leave():
    reach = np.array([[1, 0, 1], [1, 0, 1], [0, 1, 0], [0, 0, 0], [0, 1, 0]], dtype=np.int8)
    block = block_of(sparse.csr_array(reach), np.array([3, 4, 5, 6, 0]), np.array([9, 9, 99]), np.array([1, 0, 1]))
    assert block.demand.tolist() == [7]  # the third row's only column is forbidden
    assert block.total == 7
    assert block.capacity.tolist() == [7, 7, 7]


def test_without_limits_it_is_maximal_covering():
    reach = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=np.int8)
    found = capacitated_cover(
        columns_of(3),
        sparse.csr_array(reach),
        np.array([5, 4, 3, 6]),
        np.full(3, 10**6),
        (count_rule(np.arange(3), 2),),
    )
    assert found.value == 15
    assert found.chosen.tolist() == [True, False, True]


def test_capacity_changes_where_to_build():
    # one town of 100 within reach of two sites, a village of 30 of the third; a site serves 60
    reach = np.array([[1, 1, 0], [0, 0, 1]], dtype=np.int8)
    arrays = (columns_of(3), sparse.csr_array(reach), np.array([100, 30]))
    rules = (count_rule(np.arange(3), 2),)
    assert capacitated_cover(*arrays, np.full(3, 60), rules).chosen.tolist() == [True, True, False]
    assert capacitated_cover(*arrays, np.full(3, 60), rules).value == 100
    assert capacitated_cover(*arrays, np.full(3, 100), rules).value == 130


def test_years_are_served_apart_under_rules_across_them():
    # two places, two years; the second is worth more but may open only in the second year, and what opens stays
    columns = columns_of(2, 2, upper=[1, 1, 0, 1])
    sets = sparse.csr_array(np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=np.int8))
    stays = Rule("stays", "open_stays_open", np.array([0, 1]), np.array([1, -1]), "<=", 0, structural=True)
    one = tuple(count_rule(np.array([t, 2 + t]), 1, "<=") for t in (0, 1))
    found = capacitated_cover(columns, sets, np.array([10, 10, 15]), np.full(4, 12), (stays, *one))
    assert found.value == 20
    assert found.chosen.tolist() == [True, True, False, False]


def test_fixed_columns_stay_and_forbidden_ones_stay_shut():
    reach = sparse.csr_array(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.int8))
    columns = columns_of(3, lower=[1, 0, 0], upper=[1, 0, 1])
    found = capacitated_cover(columns, reach, np.array([1, 50, 5]), np.full(3, 100), (count_rule(np.arange(3), 2),))
    assert found.chosen.tolist() == [True, False, True]
    assert found.value == 6


def test_demands_that_clash_are_said_to():
    rules = (count_rule(np.arange(3), 2), Rule("q", "quota", np.arange(3), np.ones(3, dtype=np.int64), ">=", 3))
    reach = sparse.csr_array(np.eye(3, dtype=np.int8))
    found = capacitated_cover(columns_of(3), reach, np.ones(3, dtype=np.int64), np.ones(3, dtype=np.int64), rules)
    assert (found.status, found.proof) == ("infeasible", "solver")
    assert not found.chosen.any()


def test_nothing_to_serve_is_no_trouble():
    none = sparse.csr_array((2, 2), dtype=np.int8)
    found = capacitated_cover(columns_of(2), none, np.array([4, 4]), np.array([1, 1]), ())
    assert (found.status, found.value, found.bound) == ("proven_optimal", 0, 0)


def test_no_time_gives_no_plan():
    reach, demand, capacity = instance(3)
    found = capacitated_cover(
        columns_of(5), sparse.csr_array(reach.astype(np.int8)), demand, capacity, (), time_limit=1e-9
    )
    assert found.status == "not_finished"
    assert found.proof == "none"


def test_the_same_arrays_give_the_same_choice():
    reach, demand, capacity = instance(11, rows=30, places=9)
    arrays = (columns_of(9), sparse.csr_array(reach.astype(np.int8)), demand, capacity, (count_rule(np.arange(9), 4),))
    assert capacitated_cover(*arrays).chosen.tolist() == capacitated_cover(*arrays).chosen.tolist()


def test_hostile_arrays_are_refused():
    reach = sparse.csr_array(np.eye(2, dtype=np.int8))
    one = np.ones(2, dtype=np.int64)
    with pytest.raises(InvalidInput, match="expected 3 rows"):
        capacitated_cover(columns_of(2), reach, np.ones(3, dtype=np.int64), one, ())
    with pytest.raises(InvalidInput, match="not negative"):
        capacitated_cover(columns_of(2), reach, -one, one, ())
    with pytest.raises(InvalidInput, match="at most 2147483646"):
        capacitated_cover(columns_of(2), reach, one * 2**31, one, ())
    with pytest.raises(InvalidInput, match="one year only"):
        capacitated_cover(columns_of(1, 2), sparse.csr_array(np.ones((1, 2), dtype=np.int8)), one[:1], one, ())
    with pytest.raises(InvalidInput, match="time_limit"):
        capacitated_cover(columns_of(2), reach, one, one, (), time_limit=0.0)
