"""The first stage solved again: smaller, and the same answer as the whole problem's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

import optimization
from foundation.errors import InvalidInput
from optimization import LinearStage, MissStage, TieStage, WorstStage, alternatives, certificate, forced_losses
from optimization.again import first_stage_of, solve_first
from tests.optimization.instances import brute_force, problem_of, problems, rule

RANDOM = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def case(**more):
    return problem_of(
        [[0, 1], [1, 2], [2], [3]],
        [[5, 0], [7, 0], [2, 1], [0, 9]],
        rules=[rule("count", range(4), "==", 1)],
        **({"stages": [MissStage("people", "m0"), MissStage("travel", "m1"), TieStage()]} | more),
    )


@RANDOM
@given(problems(most_places=4))
def test_the_first_stage_again_agrees_with_trying_everything(problem):
    values, _ = brute_force(replace(problem, stages=problem.stages[:1]))
    found = solve_first(problem)
    if not values:
        assert found.status == "infeasible"
        assert found.conflict is None  # nobody asked why
        return
    whole = optimization.solve(problem).stages[0]
    (stage,) = found.stages
    assert (stage.value, stage.bound, stage.status, stage.proof) == (whole.value, whole.bound, whole.status, "checked")
    assert all(check.proves for check in certificate.verify(first_stage_of(problem), found))


def test_what_the_first_stage_does_not_read_is_left_out():
    small = first_stage_of(case())
    assert [measure.name for measure in small.measures] == ["m0"]
    assert small.weights.tolist() == [[5], [7], [2]]
    assert small.sets.shape == (3, 4)
    assert small.stages == (MissStage("people", "m0"),)


def test_a_floor_keeps_its_measure_and_its_rows():
    floor = optimization.Floor("everyone", "m1", 1)
    small = first_stage_of(case(floors=[floor]))
    assert [measure.name for measure in small.measures] == ["m0", "m1"]
    assert small.sets.shape == (4, 4)
    assert solve_first(case(floors=[floor])).stages[0].value == optimization.solve(case(floors=[floor])).stages[0].value


@pytest.mark.parametrize("stage", [WorstStage("worst", ("m0", "m1")), LinearStage("fewest", (3, 1, 2, 4), "centres")])
def test_other_kinds_of_first_stage_are_solved_too(stage):
    problem = case(stages=[stage, TieStage()])
    assert solve_first(problem).stages[0].value == optimization.solve(problem).stages[0].value


def test_a_solve_without_time_claims_nothing():
    found = solve_first(case(), time_limit=1e-9)
    assert found.status in {"not_finished", "best_found", "within_gap"}
    assert found.stages[0].proof == "none"
    with pytest.raises(InvalidInput):
        solve_first(case(), gap=-1.0)


def test_a_loss_that_was_cut_off_is_not_exact():
    solution = optimization.solve(case())
    losses = forced_losses(case(), exact=range(4), solution=solution, time_limit=1e-9)
    assert losses.exact == {}
    true = forced_losses(case(), exact=range(4), solution=solution).exact
    assert set(true) == set(range(4))
    assert all(losses.at_least[column] <= true[column] for column in true)


def test_a_loss_against_a_plan_that_is_not_proven_is_not_exact():
    solution = optimization.solve(case())
    stages = (replace(solution.stages[0], status="within_gap"), *solution.stages[1:])
    losses = forced_losses(case(), exact=range(4), solution=replace(solution, stages=stages))
    assert losses.exact == {}
    true = forced_losses(case(), exact=range(4), solution=solution)
    assert losses.at_least.tolist() == [true.exact[column] for column in range(4)]  # the turned side is proven


def test_plans_that_differ_only_in_other_columns_are_one():
    one_of_two = {"stages": [MissStage("people", "m0")], "rules": [rule("one", [0, 1], "==", 1)]}
    free = problem_of([[0], [1], [2]], [[3], [3], [0]], **one_of_two)
    assert len(alternatives(problem_of([[0], [1]], [[3], [3]], **one_of_two)).plans) == 2
    assert len(alternatives(free).plans) == 4  # the third column is free and covers nobody
    among = alternatives(free, among=[0, 1])
    assert (len(among.plans), among.complete) == (2, True)
