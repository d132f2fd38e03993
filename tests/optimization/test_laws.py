"""Laws of the engine on random problems of up to 12 places, with every kind of side rule, against all plans tried."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimization import Floor, MissStage, Problem, TieStage, WorstStage, certificate, max_cover, solve
from tests.optimization.instances import problem_of, rule

SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def plans_of(width: int) -> np.ndarray:
    return np.array(list(product((0, 1), repeat=width)), dtype=np.int64)


def kept(problem: Problem, plans: np.ndarray) -> np.ndarray:
    """(k,) which plans keep bounds and rules."""
    fine = ((plans >= problem.columns.lower) & (plans <= problem.columns.upper)).all(axis=1)
    for each in problem.rules:
        sums = plans[:, each.columns] @ each.coefficients
        fine &= {"<=": sums <= each.right, ">=": sums >= each.right, "==": sums == each.right}[each.sense]
    return fine


def misses(problem: Problem, plans: np.ndarray) -> np.ndarray:
    """(k, measures) what each plan misses."""
    missed = (plans @ problem.sets.toarray().T.astype(np.int64)) == 0
    return missed @ problem.weights + np.array([m.constant for m in problem.measures])


@st.composite
def wide_problems(draw):
    """
    Twelve columns in one to three years, one place that may close.

    Counts (exact, at most, at least), quotas, spacing, exclusion, togetherness, growth.
    """
    years = draw(st.integers(1, 3))
    places = 12 // years
    width, seed = places * years, draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    rows = rng.random((30, width)) < rng.uniform(0.1, 0.4)
    people = rng.integers(1, 50, 30)
    half = rng.random(30) < 0.5
    at = np.arange(width).reshape(places, years)
    sense = draw(st.sampled_from(["==", "==", "<=", ">="]))
    rules = [rule(f"count{t}", at[:, t], sense, min(places, 1 + t + int(rng.integers(0, 2)))) for t in range(years)]
    for t in range(1, years):  # a place once open stays open, but for one that may close
        rules += [
            rule(f"grow{j}-{t}", [at[j, t - 1], at[j, t]], "<=", 0, coefficients=[1, -1], kind="open_stays_open")
            for j in range(places - 1)
        ]
    one, two, three = rng.choice(places, 3, replace=False)
    last = at[:, -1]
    wanted = draw(st.sets(st.sampled_from(("quota", "spacing", "exclusion", "together", "budget")), max_size=3))
    if "quota" in wanted:
        rules.append(rule("quota", last[: places // 2], ">=", 1, kind="quota"))
    if "spacing" in wanted:
        rules.append(rule("spacing", last[[one, two]], "<=", 1, kind="spacing"))
    if "exclusion" in wanted:
        rules.append(rule("exclusion", last[[one, two, three]], "<=", 1, kind="exclusion"))
    if "together" in wanted:
        rules.append(rule("together", last[[one, three]], "==", 0, coefficients=[1, -1], kind="togetherness"))
    if "budget" in wanted:
        rules.append(rule("budget", last, "<=", 12, coefficients=rng.integers(1, 8, places).tolist(), kind="budget"))
    floors = (Floor("half", "m1", int((people * half).sum() * 0.6)),) if draw(st.booleans()) else ()
    problem = problem_of(
        [np.flatnonzero(row).tolist() for row in rows],
        np.column_stack((people, people * half, people * ~half)),
        rules=rules,
        stages=[MissStage("all", "m0"), WorstStage("worst", ("m1", "m2")), TieStage()],
        width=width,
    )
    return replace(problem, floors=floors)


def best_of(problem: Problem) -> int | None:
    plans = plans_of(problem.columns.place.size)
    fine = kept(problem, plans)
    missed = misses(problem, plans)
    for floor in problem.floors:
        fine &= missed[:, [m.name for m in problem.measures].index(floor.measure)] <= floor.allowed
    return int(missed[fine, 0].min()) if fine.any() else None


@SOME
@given(wide_problems())
def test_every_plan_tried_finds_no_better_one(problem):
    found = solve(problem)
    least = best_of(problem)
    if least is None:
        assert found.status == "infeasible"
        return
    assert found.status == "proven_optimal"
    assert found.stages[0].value == least
    assert kept(problem, found.chosen[None].astype(np.int64)).all()
    assert all(check.proves for check in certificate.verify(problem, found))


@SOME
@given(wide_problems())
def test_more_budget_is_never_worse_and_a_quota_never_better(problem):
    first = replace(problem, stages=problem.stages[:1])
    without = replace(first, rules=tuple(each for each in first.rules if each.name != "quota"))
    richer = replace(
        first,
        rules=tuple(replace(each, right=each.right + 3) if each.name == "budget" else each for each in first.rules),
    )
    strict, loose, rich = solve(first), solve(without), solve(richer)
    if strict.status == "proven_optimal":
        assert loose.stages[0].value <= strict.stages[0].value
        assert rich.stages[0].value <= strict.stages[0].value


@SOME
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_what_leaves_the_covered_weight_as_it_is(seed, p):
    rng = np.random.default_rng(seed)
    reach = rng.random((40, 10)) < 0.25
    weights = rng.integers(1, 30, 40).astype(float)
    value = max_cover(reach, weights, p).value
    assert max_cover(reach, 3.0 * weights, p).value == 3.0 * value
    order, other = rng.permutation(40), rng.permutation(10)
    assert max_cover(reach[order][:, other], weights[order], p).value == value
    # a customer split in two, a site twice, and one that another dominates, change nothing
    assert (
        max_cover(np.vstack([reach, reach[:1]]), np.append(weights, 0.0) + np.eye(41)[40] - np.eye(41)[0], p).value
        == value
    )
    assert max_cover(np.column_stack([reach, reach[:, 0]]), weights, p).value == value
    assert max_cover(np.column_stack([reach, reach[:, 0] & reach[:, 1]]), weights, p).value == value
    more = max_cover(reach, weights, p + 1).value
    assert value <= more <= value * (p + 1) / p
