from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from foundation.errors import InvalidInput
from optimization import capacitated_p_median, max_cover, p_center, p_median, set_cover, verify_p_median

RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def reaches(draw, most_sites=12):
    customers, sites = draw(st.integers(1, 9)), draw(st.integers(1, most_sites))
    flat = draw(st.lists(st.booleans(), min_size=customers * sites, max_size=customers * sites))
    return np.array(flat, dtype=bool).reshape(customers, sites)


@st.composite
def costs(draw, most_sites=12, routes=True):
    customers, sites = draw(st.integers(1, 8)), draw(st.integers(1, most_sites))
    each = st.sampled_from([0, 1, 1, 2, 3, 5, 8.5, 100, math.inf] if routes else [0, 1, 2, 3, 5, 8, 30])
    flat = draw(st.lists(each, min_size=customers * sites, max_size=customers * sites))
    return np.array(flat, dtype=float).reshape(customers, sites)


def plans(sites, p, fixed=()):
    return [c for c in itertools.combinations(range(sites), p) if set(fixed) <= set(c)]


@RANDOM
@given(reaches(), st.data())
def test_max_cover_agrees_with_trying_every_plan(reach, data):
    customers, sites = reach.shape
    p = data.draw(st.integers(1, sites))
    weights = np.array(
        data.draw(st.lists(st.sampled_from([0, 1, 2.5, 7, 1e6]), min_size=customers, max_size=customers))
    )
    fixed = data.draw(st.lists(st.integers(0, sites - 1), max_size=p, unique=True))
    given_as = data.draw(st.sampled_from([reach, sparse.csr_array(reach), sparse.csc_matrix(reach.astype(int))]))
    solution = max_cover(given_as, weights, p, fixed=fixed)
    best = max(float(weights[reach[:, list(c)].any(axis=1)].sum()) for c in plans(sites, p, fixed))
    assert solution.status == "proven_optimal"
    assert solution.proof == "checked"
    assert solution.value == solution.bound == best
    assert len(solution.chosen) == p
    assert set(fixed) <= set(solution.chosen)
    for customer, site in enumerate(solution.assignment):
        open_near = [j for j in solution.chosen if reach[customer, j]]
        assert site == (min(open_near) if open_near else -1)


@RANDOM
@given(costs(), st.data())
def test_p_median_agrees_with_trying_every_plan(cost, data):
    customers, sites = cost.shape
    p = data.draw(st.integers(1, sites))
    weights = np.array(data.draw(st.lists(st.sampled_from([0, 1, 2, 0.5]), min_size=customers, max_size=customers)))
    fixed = data.draw(st.lists(st.integers(0, sites - 1), max_size=p, unique=True))
    solution = p_median(cost, p, weights=weights, fixed=fixed)
    lost = np.flatnonzero(~np.isfinite(cost).any(axis=1)).tolist()
    served = [c for c in plans(sites, p, fixed) if np.isfinite(cost[:, list(c)]).any(axis=1).all()]
    assert list(solution.unreachable) == lost
    if not served:
        assert solution.status == "infeasible"
        assert math.isnan(solution.value)
        assert (solution.assignment == -1).all()
        return
    best = min(float(weights @ cost[:, list(c)].min(axis=1)) for c in served)
    assert solution.status == "proven_optimal"
    assert solution.value == pytest.approx(best)
    assert solution.bound == solution.value
    assert len(solution.chosen) == p
    assert np.isfinite(cost[np.arange(customers), solution.assignment]).all()


@RANDOM
@given(costs(), st.data())
def test_p_center_agrees_with_trying_every_plan(cost, data):
    sites = cost.shape[1]
    p = data.draw(st.integers(1, sites))
    fixed = data.draw(st.lists(st.integers(0, sites - 1), max_size=p, unique=True))
    solution = p_center(cost, p, fixed=fixed)
    best = min(float(cost[:, list(c)].min(axis=1).max()) for c in plans(sites, p, fixed))
    if math.isinf(best):
        assert solution.status == "infeasible"
        return
    assert solution.status == "proven_optimal"
    assert solution.value == solution.bound == best
    assert len(solution.chosen) == p
    assert set(fixed) <= set(solution.chosen)


@RANDOM
@given(reaches(), st.data())
def test_set_cover_agrees_with_trying_every_plan(reach, data):
    sites = reach.shape[1]
    price = data.draw(st.one_of(st.none(), st.lists(st.sampled_from([0, 1, 2.5, 4]), min_size=sites, max_size=sites)))
    fixed = data.draw(st.lists(st.integers(0, sites - 1), max_size=2, unique=True))
    solution = set_cover(reach, costs=price, fixed=fixed)
    values = np.ones(sites) if price is None else np.array(price)
    every = [c for p in range(sites + 1) for c in plans(sites, p, fixed) if reach[:, list(c)].any(axis=1).all()]
    if not every:
        assert solution.status == "infeasible"
        assert list(solution.unreachable) == np.flatnonzero(~reach.any(axis=1)).tolist()
        return
    assert solution.status == "proven_optimal"
    assert solution.value == solution.bound == min(float(values[list(c)].sum()) for c in every)
    assert (solution.assignment >= 0).all()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(costs(routes=False), st.booleans(), st.data())
def test_capacitated_agrees_with_trying_every_plan(cost, split, data):
    customers, sites = cost.shape
    p = data.draw(st.sampled_from(sorted({1, min(2, sites), min(3, sites), max(1, sites - 1), sites})))
    cost = cost[: max(1, int(math.log(5000, max(2, p))))]  # at most 5,000 ways to serve everybody from one plan
    customers = cost.shape[0]
    demand = np.array(data.draw(st.lists(st.integers(1, 4), min_size=customers, max_size=customers)), dtype=float)
    capacity = np.array(data.draw(st.lists(st.integers(1, 14), min_size=sites, max_size=sites)), dtype=float)
    solution = capacitated_p_median(cost, demand, capacity, p, split=split)
    best = math.inf
    for c in plans(sites, p):
        if split:
            from scipy.optimize import linprog

            k = len(c)
            served = np.kron(np.eye(customers), np.ones((1, k)))
            loads = np.kron(demand[None, :], np.eye(k))
            answer = linprog(cost[:, c].ravel(), loads, capacity[list(c)], served, np.ones(customers), bounds=(0, 1))
            best = min(best, answer.fun if answer.status == 0 else math.inf)
            continue
        ways = np.array(list(itertools.product(c, repeat=customers)))
        fits = np.all([((ways == site) * demand).sum(axis=1) <= capacity[site] for site in c], axis=0)
        paid = cost[np.arange(customers), ways].sum(axis=1)
        best = min(best, float(paid[fits].min(initial=math.inf)))
    if math.isinf(best):
        assert solution.status == "infeasible"
        return
    assert solution.status == "proven_optimal"
    assert solution.proof == "solver"
    assert solution.value == pytest.approx(best, abs=1e-6)


def test_covering_more_sites_is_never_worse_and_returns_diminish():
    rng = np.random.default_rng(2)
    reach, weights = rng.random((60, 12)) < 0.15, rng.integers(1, 50, 60)
    values = [max_cover(reach, weights, p).value for p in range(1, 9)]
    for p, (few, more) in enumerate(itertools.pairwise(values), start=1):
        assert few <= more <= few * (p + 1) / p


def test_scaling_splitting_and_duplicating():
    rng = np.random.default_rng(3)
    reach, weights = rng.random((40, 9)) < 0.2, rng.integers(1, 50, 40)
    value = max_cover(reach, weights, 3).value
    assert max_cover(reach, weights * 7, 3).value == 7 * value
    assert max_cover(np.vstack([reach, reach]), np.concatenate([weights, weights]), 3).value == 2 * value
    assert max_cover(np.hstack([reach, reach[:, :1]]), weights, 3).value == value


def test_a_million_identical_customers_are_one_row():
    reach = sparse.csr_array(np.tile([[True, False, True]], (1_000_000, 1)))
    solution = max_cover(reach, np.ones(1_000_000), 1)
    assert solution.value == 1_000_000.0
    assert solution.chosen in {(0,), (2,)}


def test_weights_of_a_million_million():
    solution = max_cover(np.eye(3, dtype=bool), [1e12, 2e12, 3e12], 2)
    assert (solution.value, solution.proof) == (5e12, "checked")


def test_all_ties_and_empty_rows_and_no_customers():
    assert max_cover(np.ones((5, 4), bool), np.ones(5), 2).value == 5.0
    nobody = max_cover(np.zeros((5, 4), bool), np.ones(5), 2)
    assert (nobody.value, nobody.status) == (0.0, "proven_optimal")
    assert (nobody.assignment == -1).all()
    assert max_cover(np.zeros((0, 4), bool), [], 2).value == 0.0


def test_the_unreachable_customer_is_named():
    cost = np.array([[1.0, 2.0], [math.inf, math.inf], [3.0, math.inf]])
    for solution in (p_median(cost, 1), p_center(cost, 1), set_cover(np.isfinite(cost))):
        assert solution.status == "infeasible"
        assert solution.unreachable == (1,)
        assert solution.chosen == ()


def test_ties_of_assignment_go_to_the_lowest_position():
    cost = np.array([[3.0, 3.0, 1.0], [2.0, 2.0, 9.0]])
    solution = p_median(cost, 3)
    assert solution.value == 3.0
    assert solution.assignment.tolist() == [2, 0]
    assert solution.chosen == (0, 1, 2)


WRONG = {
    "p of 0": lambda: max_cover(np.eye(3, dtype=bool), np.ones(3), 0),
    "p above the sites": lambda: p_median(np.ones((3, 3)), 4),
    "p of 1.5": lambda: p_center(np.ones((3, 3)), 1.5),
    "fixed above p": lambda: p_median(np.ones((3, 3)), 1, fixed=(0, 1)),
    "fixed outside": lambda: set_cover(np.eye(3, dtype=bool), fixed=(3,)),
    "NaN cost": lambda: p_median(np.array([[math.nan]]), 1),
    "negative cost": lambda: p_center(np.array([[-1.0]]), 1),
    "NaN weight": lambda: max_cover(np.eye(2, dtype=bool), [1.0, math.nan], 1),
    "negative weight": lambda: p_median(np.ones((2, 2)), 1, weights=[1, -1]),
    "infinite weight": lambda: max_cover(np.eye(2, dtype=bool), [1.0, math.inf], 1),
    "wrong shape": lambda: max_cover(np.eye(3, dtype=bool), np.ones(2), 1),
    "one dimension": lambda: p_median(np.ones(3), 1),
    "reach of twos": lambda: set_cover(np.eye(3) * 2),
    "negative capacity": lambda: capacitated_p_median(np.ones((2, 2)), [1, 1], [1, -1], 1),
    "NaN demand": lambda: capacitated_p_median(np.ones((2, 2)), [1, math.nan], 5, 1),
    "time limit of 0": lambda: p_median(np.ones((2, 2)), 1, time_limit=0.0),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_refused(name):
    with pytest.raises(InvalidInput):
        WRONG[name]()


def test_progress_is_told_in_the_callers_units():
    rng = np.random.default_rng(4)
    at = rng.random((150, 2))
    cost = np.linalg.norm(at[:, None] - at[None], axis=2)
    seen = []
    solution = p_median(cost, 6, progress=seen.append)
    known = [p for p in seen if not math.isnan(p.value)]
    assert known[-1].value == pytest.approx(solution.value, rel=1e-6)
    assert all(math.isnan(p.bound) or p.bound <= p.value + 1e-9 for p in known)


def test_a_median_never_claims_more_than_its_rounding_lets_it():
    """Costs that are no decimals, beside weights of very different size: what rounding hides is in the bound."""
    cost = np.array([[0, 0.0], [2, 1 / 3], [2, 1.0]])
    for weights in ([2e6, 1, 1], [2e9 + 0.5, 1 / 3, 1]):
        found = p_median(cost, 1, weights=weights)
        best = min(float(np.array(weights) @ cost[:, site]) for site in (0, 1))
        assert found.bound <= best <= found.value
        assert found.status == "within_gap" or found.value <= best * (1 + 1e-6)
        assert verify_p_median(cost, 1, found, weights=weights).checked_bound <= best
    spread = np.random.default_rng(5).random((40, 2))
    metric = np.linalg.norm(spread[:, None] - spread[None], axis=2)
    found = p_median(metric, 4)
    assert (found.status, found.proof) == ("proven_optimal", "checked")
    assert 0 < found.gap < 1e-6 * found.value


def test_whole_weights_stay_whole_whatever_the_heaviest_weighs():
    customers = 100_000
    weights = np.ones(customers)
    weights[0] = 1e10
    reach = np.zeros((customers, 2), bool)
    reach[0], reach[1:10, 0], reach[10:, 1] = True, True, True
    found = max_cover(reach, weights, 1)
    assert (found.chosen, found.value, found.quantum) == ((1,), 1e10 + customers - 10, 1.0)


def test_entries_given_twice_are_one_in_every_format():
    many = sparse.csr_array((np.ones(256, np.int8), np.zeros(256, np.int32), [0, 256]), shape=(1, 2))
    twice = sparse.coo_array((np.ones(2, int), ([0, 0], [1, 1])), shape=(1, 2))
    assert max_cover(many, [5.0], 1).chosen == (0,)
    assert max_cover(twice, [5.0], 1).chosen == (1,)
    assert max_cover(sparse.lil_array(np.array([[0, 1]])), [5.0], 1).chosen == (1,)
    kept = many.copy()
    max_cover(many, [5.0], 1)
    assert many.nnz == kept.nnz == 256


def test_a_capacity_beyond_all_demand_limits_nothing_and_coarsens_nothing():
    for wide in (1e10, 6e12):
        found = capacitated_p_median([[0.0, 1], [0, 1]], [3, 3], [5, wide], 1)
        assert (found.chosen, found.value, found.status) == ((1,), 2.0, "proven_optimal")


@pytest.mark.parametrize("parts", [3, 6, 7, 11, 22, 49])
def test_equal_parts_of_one_fit_into_one(parts):
    each = [1 / parts] * parts
    for room in (1.0, sum(each)):
        assert capacitated_p_median([[1.0]] * parts, each, room, 1).status == "proven_optimal"
    assert capacitated_p_median([[1.0]] * parts, each, 0.999, 1).status == "infeasible"


def test_an_error_of_the_callers_own_comes_through():
    def tell(_progress):
        raise ZeroDivisionError("mine")

    cost = np.random.default_rng(0).random((12, 6))
    for call in (
        lambda: capacitated_p_median(cost, np.ones(12), 3, 4, progress=tell),
        lambda: p_median(cost, 2, progress=tell),
        lambda: max_cover(cost < 0.5, np.ones(12), 2, progress=tell),
    ):
        with pytest.raises(ZeroDivisionError, match="mine"):
            call()


ODD = [
    lambda: max_cover(np.eye(2, dtype=bool), [1, 1], 1, time_limit_s=3),
    lambda: set_cover(np.eye(2, dtype=bool), seconds=3),
    lambda: p_center(np.ones((2, 2)), 1, seed=1.5),
    lambda: p_center(np.ones((2, 2)), 1, seed=-1),
    lambda: p_median(np.ones((2, 2)), 1, time_limit="5"),
    lambda: p_median(np.ones((2, 2)), 1, gap=None),
    lambda: p_median(np.ones((2, 2)), 1, fixed=1),
    lambda: p_median(np.ones((2, 2)), 1, weights=["a", "b"]),
    lambda: p_median(np.ones((2, 2)) * 1j, 1),
    lambda: set_cover(sparse.coo_array(np.array([1, 0]))),
]


@pytest.mark.parametrize("at", range(len(ODD)))
def test_what_is_of_another_kind_is_refused_by_name(at):
    with pytest.raises(InvalidInput):
        ODD[at]()
