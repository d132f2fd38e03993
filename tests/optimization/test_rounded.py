"""Numbers that no common unit makes whole: what rounding may hide is in the bound, and nothing more is claimed."""

from __future__ import annotations

import itertools
import math
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import BrokenProof, InvalidInput
from optimization import capacitated_p_median, max_cover, p_center, p_median, set_cover, verify_p_median

ONE_EACH = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
PAIR = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1]], dtype=bool)
ODD = st.sampled_from([0.0, 0.1, 1 / 3, 2.5, 1.0, 1e-9, 900.0, 1e6 + 1 / 7, 1e12, 2e15])
NO_DEADLINE = settings(max_examples=60, deadline=None)


def test_a_weight_that_no_plan_reaches_does_not_coarsen_the_others():
    found = max_cover(ONE_EACH, [1e12, 0.1, 0.2, 1 / 3], 1)
    assert (found.chosen, found.value, found.status) == ((2,), 1 / 3, "proven_optimal")
    assert found.bound == pytest.approx(1 / 3, rel=1e-9)
    whole = max_cover(ONE_EACH, [2e15, 100, 200, 900], 1)
    assert (whole.value, whole.bound, whole.gap) == (900.0, 900.0, 0.0)


def test_costs_in_thousandths_of_millions_are_taken_exactly():
    found = set_cover(PAIR, costs=[5000000.001, 2500000.003, 2500000.003])
    assert (found.chosen, found.value, found.gap) == ((0,), 5000000.001, 0.0)
    whole = set_cover(PAIR, costs=[5000000001, 2500000003, 2500000003])
    assert (whole.chosen, whole.value, whole.bound) == ((0,), 5000000001.0, 5000000001.0)


def test_a_site_dearer_than_a_whole_plan_does_not_coarsen_the_others():
    dear = np.c_[PAIR, [[0], [0], [1]]]
    assert set_cover(dear, costs=[300.0, 200.0, 200.0, 1e12]).value == 300.0


@NO_DEADLINE
@given(st.lists(ODD, min_size=5, max_size=5), st.integers(0, 2**15 - 1), st.integers(1, 3))
def test_max_cover_never_claims_more_than_every_plan_shows(weights, bits, p):
    reach = np.array([bits >> at & 1 for at in range(15)], dtype=bool).reshape(5, 3)
    best = max(
        float(np.array(weights)[reach[:, list(plan)].any(axis=1)].sum()) for plan in itertools.combinations(range(3), p)
    )
    found = max_cover(reach, weights, p)
    slack = 1e-12 * best
    assert found.value <= best + slack
    assert found.bound >= best - slack
    if found.status == "proven_optimal":
        assert found.value >= best * (1 - 2e-6)


@NO_DEADLINE
@given(st.lists(ODD, min_size=4, max_size=4), st.integers(0, 2**12 - 1), st.lists(st.integers(0, 3), max_size=2))
def test_set_cover_never_claims_more_than_every_plan_shows(costs, bits, fixed):
    reach = np.array([bits >> at & 1 for at in range(12)], dtype=bool).reshape(3, 4) | np.eye(3, 4, dtype=bool)
    best = min(
        float(np.array(costs)[list(plan)].sum())
        for size in range(5)
        for plan in itertools.combinations(range(4), size)
        if set(fixed) <= set(plan) and reach[:, list(plan)].any(axis=1).all()
    )
    found = set_cover(reach, costs=costs, fixed=fixed)
    slack = 1e-12 * best
    assert found.value >= best - slack
    assert found.bound <= best + slack
    if found.status == "proven_optimal":
        assert found.value <= best * (1 + 2e-6)


@NO_DEADLINE
@given(st.lists(ODD, min_size=12, max_size=12), st.booleans())
def test_one_site_for_each_customer_costs_what_every_plan_shows(costs, single):
    cost = np.array(costs).reshape(4, 3)
    best = min(float(cost[:, list(plan)].min(axis=1).sum()) for plan in itertools.combinations(range(3), 2))
    found = capacitated_p_median(cost, np.ones(4), 4.0, 2) if single else p_median(cost, 2)
    assert found.value >= best * (1 - 1e-12)
    assert found.bound <= best * (1 + 1e-12)
    if found.status == "proven_optimal":
        assert found.value <= best * (1 + 2e-6)


@pytest.mark.parametrize("far", [1e6, 1e9, 1e12])
def test_a_huge_cost_written_for_no_route_hides_nothing(far):
    rng = np.random.default_rng(1)
    cost = rng.random((40, 8))
    cost[rng.random((40, 8)) < 0.2] = math.inf
    cost[:, 0] = rng.random(40)
    written = np.where(np.isinf(cost), far, cost)
    clear, hidden = p_median(cost, 3), p_median(written, 3)
    assert (hidden.chosen, hidden.status, hidden.proof) == (clear.chosen, "proven_optimal", "checked")
    assert hidden.value == clear.value
    assert verify_p_median(written, 3, hidden).checked_bound >= hidden.value * (1 - 1e-6)
    room = capacitated_p_median(written, np.ones(40), 20, 3)
    assert room.status == "proven_optimal"
    assert room.value == pytest.approx(capacitated_p_median(cost, np.ones(40), 20, 3).value, rel=1e-9)


def test_a_certificate_may_not_leave_out_costs_that_a_better_plan_could_have():
    cost = np.array([[1 / 3, 5.0, 1e9], [0.5, 0.1, 1e9], [7.0, 1 / 7, 1e9]])
    found = p_median(cost, 1)
    assert "ceiling" in found.certificate
    low = {**found.certificate, "ceiling": np.array([found.value / 2])}
    forged = found.__class__(**{name: getattr(found, name) for name in found.__slots__} | {"certificate": low})
    with pytest.raises(BrokenProof, match="leaves out costs below"):
        verify_p_median(cost, 1, forged)


def test_tiny_numbers_are_not_taken_for_nothing():
    found = capacitated_p_median([[9e-10, 1e-10, 1000]], [1], [5, 5, 5], 1)
    assert (found.chosen, found.value) == ((1,), 1e-10)
    assert capacitated_p_median([[1, math.inf], [math.inf, 1.0]], [1000, 5e-10], [1000, 0], 2).status == "infeasible"
    for cost in ([[5e-324, 1.0]], [[4e-310, 3e-310]]):
        small = p_median(cost, 1)
        assert small.status in {"proven_optimal", "within_gap"}
        assert small.bound <= min(cost[0])


def test_a_large_customer_does_not_loosen_a_small_capacity():
    far = math.inf
    assert capacitated_p_median([[1, far], [far, 1.0]], [2e9, 1], [2e9, 0], 2).status == "infeasible"
    thirds = [[0.0, 5, 5]] + [[far, 0, 2]] * 3
    assert capacitated_p_median(thirds, [1e9, 1 / 3, 1 / 3, 1 / 3], [1e9, 0.5, 0.4], 3).status == "infeasible"


@pytest.mark.parametrize("gap", [0.0, 0.1, 0.5, 2.0])
def test_divided_customers_within_a_gap_are_not_called_proven(gap):
    cost = [[0, 0, 2], [3, 3, 2], [0, 2, 2], [3, 0, 0], [0, 1, 2], [2, 2, 3]]
    found = capacitated_p_median(np.array(cost, dtype=float), [3, 4, 1, 1, 4, 5], 10, 2, split=True, gap=gap)
    assert found.bound <= 4.6
    assert (found.status == "proven_optimal") == (found.value == pytest.approx(4.6, rel=1e-7))


def test_two_threads_solve_two_problems():
    rng = np.random.default_rng(0)
    cost, demand = np.rint(rng.random((15, 5)) * 100), rng.integers(1, 9, 15)
    answers: list[float] = []

    def solved() -> None:
        answers.append(capacitated_p_median(cost, demand, int(demand.sum() / 2), 3).value)

    workers = [threading.Thread(target=solved) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(answers) == 3
    assert len(set(answers)) == 1


def test_what_is_masked_is_no_figure():
    masked = np.ma.masked_array([[1.0, 100.0], [1.0, 100.0]], mask=[[True, False], [True, False]])
    for asked in (lambda: p_median(masked, 1), lambda: max_cover(masked > 0, [1, 1], 1), lambda: p_center(masked, 1)):
        with pytest.raises(InvalidInput, match="masked array"):
            asked()


def test_fixed_sites_may_be_given_once():
    cost = np.array([[1.0, 5.0], [2.0, 6.0]])
    assert p_median(cost, 1, fixed=iter([1])).chosen == (1,)
    assert p_center(cost, 1, fixed=iter([1])).chosen == (1,)
    with pytest.raises(InvalidInput, match="fixed names site 5; there are sites 0 to 1"):
        p_median(cost, 1, fixed=[5])


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ({"seed": math.nan}, "seed is nan"),
        ({"seed": 1.5}, "seed is 1.5"),
        ({"threads": 0}, "threads is 0"),
        ({"gap": -1}, "gap is -1"),
        ({"time_limit": 0}, "time_limit is 0"),
        ({"memory_limit": "much"}, "memory_limit is much"),
        ({"progress": 5}, "progress is 5"),
    ],
)
def test_each_limit_is_refused_by_its_name(limit, told):
    with pytest.raises(InvalidInput, match=told):
        p_median([[1.0, 2.0]], 1, **limit)


def test_numbers_of_numpy_are_numbers():
    found = max_cover(
        ONE_EACH, [1, 2, 3, 4], 1, seed=np.int64(3), time_limit=np.float32(9), gap=np.float64(0), threads=np.int8(1)
    )
    assert found.value == 4.0
