"""The p-centre by name: right, certified, and certificates that claim too much refused."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from foundation.errors import BrokenProof
from optimization import p_center, verify_p_center
from optimization.center_cover import cover_within
from optimization.center_reduction import reduced_cover
from optimization.center_start import exchanged, farthest_points, good_centre, radius
from optimization.limits import Limits

RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def instances(draw, most_sites=7):
    customers, sites = draw(st.integers(1, 9)), draw(st.integers(1, most_sites))
    each = st.sampled_from([0, 1, 1, 2, 3, 5, 8.5, 1 / 3, 100, math.inf])
    flat = draw(st.lists(each, min_size=customers * sites, max_size=customers * sites))
    p = draw(st.integers(1, sites))
    fixed = draw(st.lists(st.integers(0, sites - 1), max_size=p, unique=True))
    return np.array(flat, dtype=float).reshape(customers, sites), p, tuple(fixed)


def by_trying(cost, p, fixed):
    plans = [c for c in itertools.combinations(range(cost.shape[1]), p) if set(fixed) <= set(c)]
    return min(float(cost[:, list(c)].min(axis=1).max()) for c in plans)


def random_points(n, seed):
    at = np.random.default_rng(seed).integers(0, 1000, (n, 2))
    return np.floor(np.linalg.norm(at[:, None] - at[None], axis=2))


@RANDOM
@given(instances())
def test_agrees_with_trying_every_plan_and_its_certificate_says_so(instance):
    cost, p, fixed = instance
    solution = p_center(cost, p, fixed=fixed)
    check = verify_p_center(cost, p, solution, fixed=fixed)
    best = by_trying(cost, p, fixed)
    assert check.proves
    assert solution.proof == "checked"
    if math.isinf(best):
        assert solution.status == "infeasible"
        assert solution.unreachable == tuple(np.flatnonzero(~np.isfinite(cost).any(axis=1)))
        return
    assert solution.status == "proven_optimal"
    assert solution.value == solution.bound == best == check.checked_bound
    assert set(fixed) <= set(solution.chosen)
    assert len(solution.chosen) == p


@RANDOM
@given(instances(), st.data())
def test_no_certificate_proves_a_plan_that_is_not_best(instance, data):
    cost, p, fixed = instance
    solution = p_center(cost, p, fixed=fixed)
    best = by_trying(cost, p, fixed)
    plans = [c for c in itertools.combinations(range(cost.shape[1]), p) if set(fixed) <= set(c)]
    plan = data.draw(st.sampled_from(plans))
    value = float(cost[:, list(plan)].min(axis=1).max())
    if math.isinf(value) or value <= best:
        return
    arrays = {name: array.copy() for name, array in solution.certificate.items()}
    for _ in range(data.draw(st.integers(0, 3))):
        name = data.draw(st.sampled_from(sorted(set(arrays) - {"scale"}) or [""]))
        if name and arrays[name].size:
            at = data.draw(st.integers(0, arrays[name].size - 1))
            arrays[name].flat[at] += data.draw(st.sampled_from([-1, 1, 1 << 20]))
    assignment = np.asarray(plan)[cost[:, list(plan)].argmin(axis=1)]
    forged = replace(
        solution, chosen=plan, assignment=assignment, value=value, bound=value, gap=0.0, certificate=arrays
    )
    try:
        check = verify_p_center(cost, p, forged, fixed=fixed)
    except BrokenProof:
        return
    assert not check.proves


def test_forged_and_truncated_certificates_are_refused():
    cost = random_points(60, 2)
    solution = p_center(cost, 6)
    good = solution.certificate
    assert verify_p_center(cost, 6, solution).proves
    assert good["dominated"].size
    prices = good["multipliers"].copy()
    prices[:, good["rows"][0]] = 0
    assert not verify_p_center(cost, 6, replace(solution, certificate={**good, "multipliers": prices * 0})).proves
    gone = good["dominated"][0, 0]
    first, second = sorted(set(range(60)) - set(good["dominated"][:, 0]))[:2]  # neither holds the other
    for pairs, match in (
        ([[gone, gone]], "left out too"),
        ([[first, second]], "without ground"),
        ([[0, 99]], "malformed"),
    ):
        forged = replace(solution, certificate={**good, "dominated": np.array(pairs)})
        with pytest.raises(BrokenProof, match=match):
            verify_p_center(cost, 6, forged)
    fewer = replace(solution, certificate={**good, "rows": good["rows"][:1]})
    with pytest.raises(BrokenProof, match="prices a customer"):
        verify_p_center(cost, 6, fewer)
    assert not verify_p_center(cost, 6, replace(solution, certificate={})).proves
    low = replace(solution, bound=solution.bound - 1)
    assert not verify_p_center(cost, 6, low).proves
    assert verify_p_center(cost, 6, low).checked_bound == low.bound
    with pytest.raises(BrokenProof, match="claims"):
        verify_p_center(cost, 6, replace(solution, value=solution.value - 1))


def test_a_fixed_site_may_not_be_exchanged_away():
    cost = random_points(60, 2)
    plain = p_center(cost, 6)
    gone = int(plain.certificate["dominated"][0, 0])
    solution = p_center(cost, 6, fixed=(gone,))
    assert verify_p_center(cost, 6, solution, fixed=(gone,)).proves
    with pytest.raises(BrokenProof, match="fixed open"):
        verify_p_center(cost, 6, replace(solution, certificate=plain.certificate), fixed=(gone,))


def fewest(reach):
    """Least number of sites that reach everybody, by HiGHS on the plain cover."""
    sites = reach.shape[1]
    found = milp(
        np.ones(sites),
        constraints=LinearConstraint(sparse.csr_array(reach.astype(float)), 1),
        integrality=np.ones(sites),
        bounds=Bounds(0, 1),
    )
    return None if found.status == 2 else round(found.fun)


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_plain_covers_on_mid_size_instances(seed):
    cost = random_points(90, seed)
    p = 4 + seed
    solution = p_center(cost, p)
    assert (solution.status, solution.proof) == ("proven_optimal", "checked")
    assert fewest(cost <= solution.value) <= p
    assert fewest(cost < solution.value) > p


@RANDOM
@given(st.integers(0, 10_000), st.floats(0.05, 0.5), st.integers(1, 6))
def test_a_cover_is_found_where_there_is_one(seed, density, p):
    reach = np.random.default_rng(seed).random((25, 14)) < density
    found = cover_within(reach, p, np.zeros(14, dtype=np.int64), Limits())
    least = fewest(reach)
    assert found.settled
    assert (found.plan is not None) == (least is not None and least <= p)
    if found.plan is not None:
        assert len(found.plan) <= p
        assert reach[:, found.plan].any(axis=1).all()


@RANDOM
@given(st.integers(0, 10_000), st.floats(0.05, 0.6))
def test_a_reduced_cover_needs_as_many_sites(seed, density):
    reach = np.random.default_rng(seed).random((20, 12)) < density
    reach = reach[reach.any(axis=1)]
    reduced = reduced_cover(reach, np.zeros(12, dtype=np.int64))
    if reduced.rows.size:
        assert fewest(reach) == fewest(reach[np.ix_(reduced.rows, reduced.columns)])
    assert sorted([*reduced.columns, *reduced.dominated[:, 0]]) == list(range(12))
    assert set(reduced.dominated[:, 1]) <= set(reduced.columns)


def test_interchange_lowers_the_radius_and_keeps_what_is_fixed():
    cost = random_points(120, 3)
    start = farthest_points(cost, 8, [11])
    plan = exchanged(cost, start, [11], deadline=math.inf)
    assert 11 in plan
    assert radius(cost, plan) <= radius(cost, start)
    for out, into in itertools.product(range(8), range(120)):
        if plan[out] != 11:
            assert radius(cost, [*plan[:out], into, *plan[out + 1 :]]) >= radius(cost, plan)
    best, value = good_centre(cost, 8, [11], deadline=math.inf, seed=0)
    assert value == radius(cost, best) <= radius(cost, plan)


def test_the_same_input_gives_the_same_sites():
    cost = random_points(150, 7)
    first, second = p_center(cost, 9), p_center(cost, 9, threads=2)
    assert first.chosen == second.chosen
    assert all(np.array_equal(array, second.certificate[name]) for name, array in first.certificate.items())


@pytest.mark.parametrize("after", [1, 2, 3])
def test_an_interrupt_keeps_the_best_plan_and_a_bound_that_holds(after):
    cost = random_points(150, 7)
    exact = p_center(cost, 9).value
    told = []

    def stop(progress):
        told.append(progress)
        if len(told) == after:
            raise KeyboardInterrupt

    solution = p_center(cost, 9, progress=stop)
    assert solution.bound <= exact <= solution.value
    check = verify_p_center(cost, 9, solution)
    assert check.checked_bound == solution.bound or math.isnan(check.checked_bound)


def test_a_gap_is_a_share_of_the_value():
    cost = random_points(150, 7)
    exact, near = p_center(cost, 9).value, p_center(cost, 9, gap=0.3)
    assert near.bound <= exact <= near.value
    assert near.gap <= 0.3 * near.value
    assert verify_p_center(cost, 9, near).checked_bound in (near.bound, pytest.approx(math.nan, nan_ok=True))


def test_nobody_to_serve_and_costs_of_zero_need_no_certificate():
    for cost in (np.zeros((0, 4)), np.zeros((3, 4))):
        solution = p_center(cost, 2)
        assert (solution.status, solution.value, solution.proof) == ("proven_optimal", 0.0, "checked")
        assert verify_p_center(cost, 2, replace(solution, certificate={})).proves
