"""The p-median by name: right, certified, and certificates that claim too much refused."""

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
from optimization import p_median, verify_p_median
from optimization.median_box import Pricer, judge
from optimization.median_data import median_data
from optimization.median_lagrangian import Ascent
from optimization.median_lp import critical, median_lp
from optimization.median_start import Incumbent, greedy, interchange, working

RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def instances(draw, most_sites=7):
    """(cost, weights, p, fixed): ties, zero weights, missing routes, decimals, p up to all sites."""
    customers, sites = draw(st.integers(1, 9)), draw(st.integers(1, most_sites))
    each = st.sampled_from([0, 0, 1, 1, 2, 3, 5, 8.25, 1 / 3, 100, math.inf])
    flat = draw(st.lists(each, min_size=customers * sites, max_size=customers * sites))
    weights = draw(st.lists(st.sampled_from([0, 1, 1, 2, 0.5, 30]), min_size=customers, max_size=customers))
    p = draw(st.integers(1, sites))
    fixed = draw(st.lists(st.integers(0, sites - 1), max_size=p, unique=True))
    return np.array(flat, dtype=float).reshape(customers, sites), np.array(weights, dtype=float), p, tuple(fixed)


def by_trying(cost, weights, p, fixed):
    """Least value over every plan that serves everybody; None when none does."""
    plans = [c for c in itertools.combinations(range(cost.shape[1]), p) if set(fixed) <= set(c)]
    values = [
        float(weights @ cost[:, list(c)].min(axis=1)) for c in plans if np.isfinite(cost[:, list(c)]).any(axis=1).all()
    ]
    return min(values, default=None)


def random_points(n, seed, *, p, weighted=False):
    rng = np.random.default_rng(seed)
    at = rng.integers(0, 1000, (n, 2))
    cost = np.floor(np.linalg.norm(at[:, None] - at[None], axis=2))
    return cost, rng.integers(0, 20, n).astype(float) if weighted else np.ones(n), p


@RANDOM
@given(instances())
def test_agrees_with_trying_every_plan_and_its_certificate_says_so(instance):
    cost, weights, p, fixed = instance
    solution = p_median(cost, p, weights=weights, fixed=fixed)
    check = verify_p_median(cost, p, solution, weights=weights, fixed=fixed)
    best = by_trying(cost, weights, p, fixed)
    assert check.proves
    assert solution.proof == "checked"
    assert check.leaves >= 1
    if best is None:
        assert solution.status == "infeasible"
        assert solution.unreachable == tuple(np.flatnonzero(~np.isfinite(cost).any(axis=1)))
        return
    assert solution.status == "proven_optimal"
    assert solution.value == pytest.approx(best, rel=1e-9)
    assert check.checked_bound == solution.bound <= best * (1 + 1e-12)
    assert solution.value - solution.bound <= 1e-6 * solution.value
    assert set(fixed) <= set(solution.chosen)


@RANDOM
@given(instances(), st.data())
def test_no_certificate_proves_a_plan_that_is_not_best(instance, data):
    """Whatever the numbers and the tree are turned into, a worse plan is never proven."""
    cost, weights, p, fixed = instance
    solution = p_median(cost, p, weights=weights, fixed=fixed)
    best = by_trying(cost, weights, p, fixed)
    plans = [c for c in itertools.combinations(range(cost.shape[1]), p) if set(fixed) <= set(c)]
    if best is None or len(plans) < 2:
        return
    plan = data.draw(st.sampled_from(plans))
    served = cost[:, list(plan)].min(axis=1)
    if not np.isfinite(served).all() or float(weights @ served) <= best * (1 + 1e-9) + 1e-9:
        return
    arrays = {name: array.copy() for name, array in solution.certificate.items()}
    for _ in range(data.draw(st.integers(0, 3))):
        name = data.draw(st.sampled_from(sorted(set(arrays) - {"scale"})))
        if arrays[name].size:
            at = data.draw(st.integers(0, arrays[name].size - 1))
            arrays[name].flat[at] += data.draw(st.sampled_from([-2, -1, 1, 2, 1 << 20]))
    assignment = np.asarray(plan)[cost[:, list(plan)].argmin(axis=1)]
    value = float(weights @ cost[np.arange(len(cost)), assignment])
    forged = replace(
        solution, chosen=plan, assignment=assignment, value=value, bound=value, gap=0.0, certificate=arrays
    )
    try:
        check = verify_p_median(cost, p, forged, weights=weights, fixed=fixed)
    except BrokenProof:
        return
    assert not check.proves
    assert check.checked_bound <= best * (1 + 1e-6)  # the data are rounded to a quantum


def branched():
    """An instance without geometry, whose certificate has several leaves and fixings."""
    cost = np.random.default_rng(0).integers(0, 200, (60, 40)).astype(float)
    solution = p_median(cost, 8)
    assert solution.certificate["node"].shape[0] >= 5
    assert solution.certificate["fix"].shape[0]
    return cost, 8, solution


def test_forged_and_truncated_certificates_are_refused():
    cost, p, solution = branched()
    good = solution.certificate
    assert verify_p_median(cost, p, solution).proves

    def forged(**arrays):
        return replace(solution, certificate={**good, **arrays})

    leaves = np.flatnonzero((good["node"][:, 1] < 0) & (good["node"][:, 0] >= 0))
    open_leaf = good["node"].copy()
    open_leaf[leaves[0], 0] = -1
    assert not verify_p_median(cost, p, forged(node=open_leaf)).proves
    skipped = good["node"].copy()  # both children of the root are the same one: half of the box is left out
    skipped[0, 2] = skipped[0, 3]
    with pytest.raises(BrokenProof, match="twice"):
        verify_p_median(cost, p, forged(node=skipped))
    with pytest.raises(BrokenProof, match="not there"):
        verify_p_median(cost, p, forged(node=good["node"][:2]))
    with pytest.raises(BrokenProof, match="does not hold"):
        verify_p_median(cost, p, forged(multipliers=good["multipliers"][:0]))
    with pytest.raises(BrokenProof, match="negative"):
        verify_p_median(cost, p, forged(multipliers=-good["multipliers"] - 1))
    with pytest.raises(BrokenProof, match="too large"):
        verify_p_median(cost, p, forged(multipliers=good["multipliers"] + (1 << 60)))
    with pytest.raises(BrokenProof, match="malformed"):
        verify_p_median(cost, p, forged(multipliers=good["multipliers"].astype(float)))
    with pytest.raises(BrokenProof, match="malformed"):
        verify_p_median(cost, p, replace(solution, certificate={"node": good["node"]}))
    assert not verify_p_median(cost, p, forged(multipliers=good["multipliers"] // 2)).proves
    assert not verify_p_median(cost, p, replace(solution, certificate={})).proves
    named = {*good["fix"][:, 3].tolist(), *good["node"][:, 1].tolist()}
    site = next(each for each in solution.chosen if each not in named)
    grabbed = np.array([[0, 0, 0, site, 0]])  # a good site closed on no ground, before anything else
    assert not verify_p_median(cost, p, forged(fix=np.concatenate([grabbed, good["fix"]]))).proves


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("value", 1.0), ("chosen", (0, 1, 2)), ("chosen", (4, 3, 2, 1, 0)), ("assignment", np.zeros(40, dtype=np.int64))],
)
def test_a_plan_that_is_not_what_it_says_is_refused(field, wrong):
    cost, _, p = random_points(40, 3, p=5)
    solution = p_median(cost, p)
    with pytest.raises(BrokenProof):
        verify_p_median(cost, p, replace(solution, **{field: wrong}))


def test_a_certificate_of_other_costs_proves_nothing():
    cost, _, p = random_points(40, 3, p=5)
    solution = p_median(cost, p)
    cheaper = np.where(np.arange(40) == solution.chosen[0], cost, cost * 0.5)
    other = p_median(cheaper, p)
    with pytest.raises(BrokenProof):
        verify_p_median(cheaper, p, solution)
    assert not verify_p_median(cheaper, p, replace(other, certificate=solution.certificate)).proves or (
        other.value >= solution.value
    )


def compact(cost, weights, p, fixed=()):
    """The textbook model by HiGHS: x(i,j) <= y(j)."""
    n, m = cost.shape
    finite = np.isfinite(cost)
    objective = np.concatenate([np.zeros(m), np.where(finite, weights[:, None] * np.where(finite, cost, 0), 0).ravel()])
    one_each = sparse.hstack([sparse.csr_array((n, m)), sparse.kron(sparse.eye_array(n), np.ones((1, m)))])
    linked = sparse.hstack([sparse.kron(np.ones((n, 1)), sparse.eye_array(m)), -sparse.eye_array(n * m)])
    count = sparse.csr_array(np.concatenate([np.ones(m), np.zeros(n * m)])[None, :])
    lower = np.zeros(m + n * m)
    lower[list(fixed)] = 1
    upper = np.concatenate([np.ones(m), finite.ravel().astype(float)])
    found = milp(
        objective,
        constraints=[LinearConstraint(one_each, 1, 1), LinearConstraint(linked, 0), LinearConstraint(count, p, p)],
        integrality=np.concatenate([np.ones(m), np.zeros(n * m)]),
        bounds=Bounds(lower, upper),
        options={"mip_rel_gap": 0},
    )
    return found.fun if found.status == 0 else None


@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_the_compact_model_on_mid_size_instances(seed):
    rng = np.random.default_rng(seed)
    n, m, p = 45, 30, int(rng.integers(2, 9))
    cost = rng.integers(0, 200, (n, m)).astype(float)
    cost[rng.random((n, m)) < (0.6 if seed % 2 else 0.0)] = np.inf
    weights = rng.integers(0, 9, n).astype(float)
    fixed = tuple(rng.choice(m, 2, replace=False).tolist()) if seed % 3 == 0 else ()
    expected = compact(cost, weights, p, fixed)
    solution = p_median(cost, p, weights=weights, fixed=fixed)
    if expected is None:
        assert (solution.status, solution.proof) == ("infeasible", "checked")
        assert verify_p_median(cost, p, solution, weights=weights, fixed=fixed).proves
        return
    assert (solution.status, solution.proof) == ("proven_optimal", "checked")
    assert solution.value == pytest.approx(expected)


@pytest.mark.parametrize(("n", "p"), [(60, 60), (60, 59), (1, 1), (60, 1)])
def test_all_sites_all_but_one_and_one_alone(n, p):
    cost, weights, _ = random_points(n, 5, p=p, weighted=True)
    solution = p_median(cost, p, weights=weights)
    assert solution.status == "proven_optimal"
    if p == n:
        assert solution.value == 0.0
    if p == 1:
        assert solution.value == (weights @ cost).min()


def test_the_same_input_gives_the_same_sites_whatever_the_threads():
    cost, weights, p = random_points(120, 8, p=7, weighted=True)
    answers = [p_median(cost, p, weights=weights, threads=threads) for threads in (1, 2, 1)]
    assert len({answer.chosen for answer in answers}) == 1
    for name, array in answers[0].certificate.items():
        assert np.array_equal(array, answers[2].certificate[name])


def test_a_gap_stops_early_and_its_bound_holds():
    cost, _, p = random_points(150, 4, p=10)
    exact, near = p_median(cost, p), p_median(cost, p, gap=0.05)
    assert near.bound <= exact.value <= near.value
    assert near.gap <= 0.05 * near.value
    assert near.proof == ("checked" if near.status == "proven_optimal" else "none")
    check = verify_p_median(cost, p, near)
    assert near.bound <= check.checked_bound <= exact.value


@pytest.mark.parametrize("after", [1, 2, 4])
def test_an_interrupt_keeps_the_best_plan_and_a_bound_that_holds(after):
    cost, _, p = random_points(150, 4, p=10)
    exact = p_median(cost, p).value
    told = []

    def stop(progress):
        told.append(progress)
        if len(told) == after:
            raise KeyboardInterrupt

    solution = p_median(cost, p, progress=stop)
    assert solution.value >= exact
    assert solution.status in {"best_found", "within_gap", "proven_optimal"}
    assert math.isnan(solution.bound) or solution.bound <= exact
    check = verify_p_median(cost, p, solution)
    assert math.isnan(check.checked_bound) or check.checked_bound <= exact


def test_a_time_limit_is_kept_and_never_called_optimal():
    cost, _, p = random_points(900, 1, p=30)
    solution = p_median(cost, p, time_limit=0.2)
    assert solution.seconds < 5.0
    assert solution.status in {"within_gap", "best_found"}
    assert solution.proof == "none"
    assert len(solution.chosen) == p
    assert verify_p_median(cost, p, solution).checked_bound <= solution.value


def test_large_weights_and_long_decimals_stay_within_64_bits():
    cost, _, p = random_points(60, 2, p=4)
    for weights, scaled in ((np.full(60, 1e12), cost), (np.full(60, 1e-12), cost), (np.ones(60), cost * math.pi)):
        solution = p_median(scaled, p, weights=weights)
        assert (solution.status, solution.proof) == ("proven_optimal", "checked")
        assert solution.chosen == p_median(cost, p).chosen


def test_whole_numbers_of_every_kind():
    plain = median_data(np.array([[2.0, math.inf]]), np.array([3.0]))
    assert plain.value([0]) == 6
    assert plain.value([1]) is None
    assert plain.whole(slice(None), slice(None), far=99).tolist() == [[6, 99]]
    decimal = median_data(np.array([[0.125, 2.5]]), np.array([0.5]))
    assert decimal.value([1]) * decimal.quantum == pytest.approx(1.25, rel=1e-15)


def test_multipliers_of_a_worked_case():
    # two customers, three sites, one to open: u = (4, 4) gives rho = (-4, -4, -4) and 8 - 4 = 4
    data = median_data(np.array([[0.0, 4.0, 2.0], [4.0, 0.0, 2.0]]), np.ones(2))
    pricer = Pricer(data, far=5)
    u = pricer.rounded(np.array([4.0, 4.0]))
    reduced = pricer.reduced(u)
    one = 1 << pricer.scale
    assert (reduced // one).tolist() == [-4, -4, -4]
    verdict = judge(reduced, int(u.sum()), np.zeros(3, np.int8), np.ones(3, np.int8), 1)
    assert verdict.bound == 4 * one
    assert verdict.closes(3 * one)
    assert not verdict.closes(4 * one)
    both = judge(reduced, int(u.sum()), np.ones(3, np.int8), np.ones(3, np.int8), 1)
    assert both.bound is None


def test_interchange_reaches_a_plan_that_no_swap_betters():
    cost, weights, p = random_points(60, 6, p=5)
    work = working(median_data(cost, weights))
    start = greedy(work, p, [7])
    plan = interchange(work, start, [7])
    assert 7 in plan
    value = cost[:, plan].min(axis=1).sum()
    assert value <= cost[:, start].min(axis=1).sum()
    for out, into in itertools.product(range(p), range(60)):
        if plan[out] != 7:
            swapped = [*plan[:out], into, *plan[out + 1 :]]
            assert cost[:, swapped].min(axis=1).sum() >= value - 1e-6


def test_the_ascent_and_the_programme_bound_the_best_plan_from_below():
    cost, weights, p = random_points(80, 9, p=6)
    data = median_data(cost, weights)
    best = Incumbent(data, p)
    best.offer(greedy(working(data), p, []))
    ascent = Ascent(working(data), np.arange(80), p, (), data.nearest(best.chosen).astype(float))
    ascent.run(lambda: float(best.value), best.offer, steps=300, deadline=math.inf)
    exact = p_median(cost, p).value
    assert 0.98 * exact <= ascent.bound <= exact + 1e-3
    lp = median_lp(np.arange(80), cost, p, unit=1.0, blocks=10, seed=0)
    answer = lp.solve(math.inf)
    while lp.cut(answer):
        answer = lp.solve(math.inf)
    assert ascent.bound - 1e-3 <= answer.objective <= exact + 1e-6
    reduced = np.minimum(cost - answer.u[:, None], 0).sum(axis=0)
    assert answer.u.sum() + np.sort(reduced)[:p].sum() == pytest.approx(answer.objective)  # the duals as one price


def test_critical_costs_fill_up_to_one():
    cost = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]])
    assert critical(cost, np.array([0.5, 0.5, 0.0])).tolist() == [2.0, 3.0]
    assert critical(cost, np.array([1.0, 1.0, 0.0])).tolist() == [1.0, 1.0]
    assert critical(cost, np.array([0.2, 0.2, 0.2])).tolist() == [3.0, 3.0]
