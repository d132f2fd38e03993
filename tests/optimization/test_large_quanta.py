"""Weights that fill the numbers they are kept in, and what a float cannot hold."""

from __future__ import annotations

import numpy as np
import pytest

from foundation.errors import InvalidInput
from optimization import capacitated_p_median, max_cover, p_center, p_median, set_cover
from optimization.compact import solve_compact
from optimization.plain_cover import cover_problem
from optimization.plain_solution import reach_of


@pytest.mark.parametrize("most", [10**10, 10**12, None])
@pytest.mark.parametrize("seed", [0, 1, 2, 7])
def test_coverings_of_middle_size_with_great_weights_are_proven(seed, most):
    """An estimate of a block's miss that lies a little below nought asked for a cut of no row."""
    rng = np.random.default_rng(seed)
    customers, sites, p = int(rng.integers(100, 200)), int(rng.integers(20, 40)), int(rng.integers(2, 5))
    reach = rng.random((customers, sites)) < rng.uniform(0.03, 0.15)
    weights = rng.random(customers) if most is None else rng.integers(1, most, customers).astype(float)
    found = max_cover(reach, weights, p)
    assert (found.status, found.proof) == ("proven_optimal", "checked")
    assert found.value == pytest.approx(weights[reach[:, list(found.chosen)].any(axis=1)].sum(), rel=1e-12)
    if most == 10**10:
        problem = cover_problem(reach_of(reach), weights.astype(np.int64), p, lower=np.zeros(sites, dtype=np.int64))
        assert problem.measures[0].total - solve_compact(problem).values[0] == pytest.approx(found.value, rel=1e-9)


@pytest.mark.parametrize(
    ("demand", "capacity", "p", "status"),
    [
        ([1e-7] * 4, 1e-7, 2, "infeasible"),  # four of one unit into two places of one
        ([1e-7] * 4, 1e-7, 4, "proven_optimal"),
        ([1, 1], 2 - 1e-6, 1, "infeasible"),  # a millionth short
        ([1, 1], 2, 1, "proven_optimal"),
        ([10**8, 10**8], 2 * 10**8 - 1, 1, "infeasible"),  # one of two hundred million short
    ],
)
def test_capacities_hold_to_the_unit_however_small(demand, capacity, p, status):
    n = len(demand)
    found = capacitated_p_median(np.ones((n, n)), demand, capacity, p)
    assert found.status == status
    if status == "proven_optimal":
        load = np.bincount(found.assignment, weights=np.array(demand, dtype=float), minlength=n)
        assert (load <= capacity).all()


def test_a_capacitated_bound_is_true_of_the_costs_as_they_are():
    found = capacitated_p_median([[1e12 + 1, 1e12]], [1.0], 1.0, 1)
    assert found.bound <= 1e12
    assert found.value in {1e12, 1e12 + 1}
    whole = capacitated_p_median([[7.0, 5.0]], [1.0], 1.0, 1)
    assert (whole.value, whole.bound, whole.gap, whole.status) == (5.0, 5.0, 0.0, "proven_optimal")


def test_what_no_float_can_add_up_is_refused():
    with pytest.raises(InvalidInput, match="too large to be added up"):
        p_median(np.full((3, 2), 1e300), 1, weights=[1e300] * 3)
    with pytest.raises(InvalidInput, match="too large to be added up"):
        max_cover(np.ones((4, 2), dtype=bool), [1e308] * 4, 1)
    with pytest.raises(InvalidInput, match="too large to be added up"):
        set_cover(np.ones((2, 4), dtype=bool), costs=[1e308] * 4)


@pytest.mark.parametrize("capacity", [[1.0, 2.0, 3.0], [[1.0, 1.0]]])
def test_a_capacity_of_another_shape_is_refused(capacity):
    with pytest.raises(InvalidInput, match="expected one number, or one for each of 2 sites"):
        capacitated_p_median(np.ones((3, 2)), [1.0] * 3, capacity, 1)


@pytest.mark.parametrize("answer", ["p_median", "p_center"])
def test_ctrl_c_while_a_proof_is_replayed_keeps_the_plan_and_claims_nothing(monkeypatch, answer):
    def interrupted(*_args, **_more):
        raise KeyboardInterrupt

    module = {"p_median": "plain_median", "p_center": "plain_center"}[answer]
    monkeypatch.setattr(f"optimization.{module}.verify_{answer}", interrupted)
    cost = np.random.default_rng(1).integers(1, 90, (20, 12)).astype(float)
    found = {"p_median": p_median, "p_center": p_center}[answer](cost, 3)
    assert (found.status, found.proof, len(found.chosen)) == ("best_found", "none", 3)
    assert np.isnan(found.bound)
