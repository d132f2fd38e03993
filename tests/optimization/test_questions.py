from __future__ import annotations

import itertools
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import optimization
from foundation.errors import InvalidInput
from optimization import (
    MissStage,
    TieStage,
    WorstStage,
    alternatives,
    forced_losses,
    frontier,
    price_of,
    questions,
)
from tests.optimization.instances import brute_force, feasible, misses, problem_of, problems, rule

RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def case(**more):
    return problem_of(
        [[0, 1], [1, 2], [2], [3]],
        [[5], [7], [2], [1]],
        stages=[MissStage("people", "m0"), TieStage()],
        rules=[rule("count", range(4), "==", 1), rule("north", [0, 3], ">=", 1, kind="quota")],
        **more,
    )


def test_a_quota_costs_what_is_lost_by_it():
    price = price_of(case(), "north")
    assert (price.kept, price.dropped, price.cost, price.unit) == (10.0, 3.0, 7.0, "people")
    assert price.proven
    assert price.solution.status == "proven_optimal"


def test_a_rule_that_does_not_bind_costs_nothing_and_an_unknown_one_is_refused():
    slack = replace(case(), rules=(*case().rules, rule("slack", [0], "<=", 1)))
    assert price_of(slack, "slack").cost == 0.0
    with pytest.raises(InvalidInput, match="'east'"):
        price_of(case(), "east")


def test_the_frontier_over_the_count_is_certified_point_by_point():
    points = frontier(case(), over="count", values=[1, 2, 3, 4, 5])
    assert [p.right for p in points] == [1, 2, 3, 4, 5]
    assert [p.solution.status for p in points] == ["proven_optimal"] * 4 + ["infeasible"]
    assert [p.solution.stages[0].value for p in points[:4]] == [10.0, 1.0, 0.0, 0.0]


def test_all_equal_plans_are_listed_the_most_different_first():
    problem = problem_of([[0], [1], [2], [3]], [[3], [3], [3], [3]], stages=[MissStage("people", "m0"), TieStage()],
                         rules=[rule("two", range(4), "==", 2)])  # fmt: skip
    found = alternatives(problem, at_most=10)
    assert found.complete
    assert found.plans.shape == (6, 4)
    assert found.plans[:2].tolist() == [[True, True, False, False], [False, False, True, True]]
    assert set(found.values) == {6.0}
    assert not alternatives(problem, at_most=3).complete


def test_the_most_different_plan_is_so_in_what_is_open_and_in_what_is_shut():
    """All plans are alike in weight, and how many are open is free: the opposite comes second."""
    problem = problem_of(
        [[0, 1, 2, 3]],
        [[5]],
        stages=[MissStage("people", "m0"), TieStage()],
        rules=[rule("count", range(4), ">=", 1)],
        width=4,
    )
    found = alternatives(problem, at_most=2)
    first, second = (plan.astype(int).tolist() for plan in found.plans)
    assert sum(first) == 1
    assert second == [1 - each for each in first]
    with pytest.raises(InvalidInput, match="does not exist"):
        alternatives(problem, among=[4])


def test_losses_of_a_problem_without_a_plan_are_none():
    problem = problem_of([[0]], [[5]], stages=[MissStage("people", "m0")], rules=[rule("count", [0], ">=", 2)], width=1)
    found = forced_losses(problem, exact=[0])
    assert (found.at_least.tolist(), found.exact) == ([0.0], {})


@RANDOM
@given(problems(most_places=4), st.integers(0, 3))
def test_alternatives_are_exactly_the_plans_within_the_loss(problem, within):
    problem = replace(problem, stages=(MissStage("people", "m0"), TieStage()))
    values, _ = brute_force(problem)
    found = alternatives(problem, within=within, at_most=100)
    assert found.complete
    every = itertools.product((0, 1), repeat=problem.columns.place.size)
    near = {p for p in every if values and feasible(problem, p) and misses(problem, p)["m0"] <= values[0] + within}
    assert {tuple(int(v) for v in plan) for plan in found.plans} == near
    assert list(found.values) == [float(misses(problem, tuple(p))["m0"]) for p in found.plans]


@RANDOM
@given(problems(most_places=4))
def test_forced_losses_are_bounds_and_exact_where_asked(problem):
    problem = replace(problem, stages=(MissStage("people", "m0"),))
    values, _ = brute_force(problem)
    if not values:
        return
    count = problem.columns.place.size
    solution = optimization.solve(problem)
    losses = forced_losses(problem, exact=range(count), solution=solution)
    for column in range(count):
        side = int(not solution.chosen[column])
        lower, upper = problem.columns.lower.copy(), problem.columns.upper.copy()
        lower[column] = upper[column] = side
        turned = replace(problem, columns=replace(problem.columns, lower=lower, upper=upper))
        after, _ = brute_force(turned)
        true = after[0] - values[0] if after else np.inf
        assert losses.exact[column] == true
        if problem.columns.lower[column] < problem.columns.upper[column]:
            assert losses.at_least[column] <= true


def test_questions_of_another_kind_are_refused():
    worst = replace(case(), stages=(WorstStage("worst", ("m0",)),))
    with pytest.raises(InvalidInput):
        alternatives(worst)
    with pytest.raises(InvalidInput):
        forced_losses(worst)
    with pytest.raises(InvalidInput):
        forced_losses(case(), exact=[9])
    with pytest.raises(InvalidInput):
        alternatives(case(), at_most=0)


def test_a_start_of_the_wrong_size_is_refused_and_a_bad_start_changes_nothing():
    with pytest.raises(InvalidInput, match="start has 2"):
        optimization.solve(case(), start=np.array([True, False]))
    assert optimization.solve(case(), start=np.ones(4, bool)).stages[0].value == 10.0


def interrupted_at(monkeypatch, module, name, number):
    """Make the answer number `number` of a module's solver one that Ctrl-C ended."""
    real, asked = getattr(module, name), []

    def solved(*given, **named):
        asked.append(1)
        found = real(*given, **named)
        return replace(found, settings={**found.settings, "interrupted": len(asked) == number})

    monkeypatch.setattr(module, name, solved)
    return asked


def test_ctrl_c_ends_a_frontier_with_the_points_so_far(monkeypatch):
    asked = interrupted_at(monkeypatch, questions, "solve", 2)
    points = frontier(case(), over="count", values=[1, 2, 3, 4])
    assert [point.right for point in points] == [1, 2]
    assert len(asked) == 2


def test_ctrl_c_ends_the_forcing_of_sites(monkeypatch):
    asked = interrupted_at(monkeypatch, questions, "solve_first", 2)
    losses = forced_losses(case(), exact=range(4))
    assert len(losses.exact) == 1
    assert len(asked) == 2


def test_ctrl_c_before_the_comparison_prices_nothing(monkeypatch):
    interrupted_at(monkeypatch, questions, "solve", 1)
    with pytest.raises(KeyboardInterrupt):
        price_of(case(), "north")


def test_ctrl_c_ends_the_list_of_plans_and_says_that_it_is_cut_off(monkeypatch):
    interrupted_at(monkeypatch, sys.modules["optimization.alternatives"], "solve_first", 1)
    found = alternatives(case(), within=100, at_most=4)
    assert len(found.plans) == 1
    assert not found.complete


def test_a_planners_names_do_not_get_in_the_way_of_the_lists_own():
    named = replace(case(), rules=(*case().rules, rule("not plan 0", [0], "<=", 1), rule("as good", [1], "<=", 1)))
    found, plain = alternatives(named, within=100, at_most=9), alternatives(case(), within=100, at_most=9)
    assert found.plans.tolist() == plain.plans.tolist()
    assert found.in_order
    assert found.complete


@pytest.mark.parametrize("exact", [[1.7], [True], [np.bool_(1)]])
def test_what_is_no_position_is_not_taken_for_one(exact):
    with pytest.raises(InvalidInput, match="no position of a column"):
        forced_losses(case(), exact=exact)
    with pytest.raises(InvalidInput, match="no position of a column"):
        alternatives(case(), among=exact)
