from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import optimization
from foundation.errors import InvalidInput
from optimization import Floor, MissStage, TieStage, WorstStage
from tests.optimization.instances import brute_force, problem_of, problems, rule

RANDOM = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@RANDOM
@given(problems())
def test_every_stage_agrees_with_trying_every_plan(problem):
    values, plans = brute_force(problem)
    solution = optimization.solve(problem)
    if not values:
        assert solution.status == "infeasible"
        assert solution.conflict is not None
        assert not solution.chosen.any()
        assert solution.stages[-1].proof == "checked"
        return
    assert solution.status == "proven_optimal"
    assert tuple(int(v) for v in solution.chosen) in plans
    for stage, value in zip(solution.stages, values, strict=True):
        assert math.isclose(stage.value, value, rel_tol=1e-12)
        assert stage.bound == stage.value
        assert stage.checked_bound == stage.value
        assert stage.gap == 0.0
        assert stage.proof == "checked"
        assert stage.rechecked


@RANDOM
@given(problems(most_places=5), st.randoms(use_true_random=False))
def test_permuting_the_columns_changes_no_value(problem, random):
    count = problem.columns.place.size
    order = list(range(count))
    random.shuffle(order)
    new = np.argsort(order)
    columns = problem.columns
    moved = type(columns)(*(getattr(columns, f)[order] for f in ("place", "kind", "year", "lower", "upper", "rank")))
    rules = tuple(
        type(r)(r.name, r.kind, new[r.columns], r.coefficients, r.sense, r.right, r.unit, r.structural)
        for r in problem.rules
    )
    twin = type(problem)(
        moved, problem.sets[:, order], problem.weights, problem.measures, rules, problem.stages, problem.floors
    )
    first, second = optimization.solve(problem), optimization.solve(twin)
    assert first.status == second.status
    assert [s.value for s in first.stages if s.status != "infeasible"] == [
        s.value for s in second.stages if s.status != "infeasible"
    ]


def small(**more):
    """Three sites in a line: 0 covers A; 1 covers A and B; 2 covers B and C."""
    defaults = {
        "stages": [MissStage("people", "m0"), TieStage()],
        "rules": [rule("count", [0, 1, 2], "==", 1)],
    }
    return problem_of([[0, 1], [1, 2], [2]], [[5], [7], [2]], **{**defaults, **more})


def test_the_best_single_site_is_found_with_its_exact_miss():
    solution = optimization.solve(small())
    assert solution.chosen.tolist() == [False, True, False]
    people, tie = solution.stages
    assert (people.value, people.unit, people.bound) == (2.0, "people", 2.0)
    assert (tie.value, tie.unit) == (2.0, "ranks")
    assert math.isnan(people.start)
    assert (tie.start, tie.moved) == (2.0, 0)


def test_a_tolerated_loss_of_exactly_the_difference_lets_the_next_stage_move():
    stages = [MissStage("people", "m0", 3), TieStage()]
    freed = optimization.solve(small(stages=stages))
    assert freed.stages[1].value == 2.0  # site 0 would miss 9, three more than 2 is 5: not allowed
    assert optimization.solve(small(stages=[MissStage("people", "m0", 7), TieStage()])).stages[1].value == 1.0
    assert optimization.solve(small(stages=[MissStage("people", "m0", 6), TieStage()])).stages[1].value == 2.0


def test_a_floor_of_exactly_the_least_miss_is_met_and_one_less_is_not():
    assert optimization.solve(small(floors=[Floor("all", "m0", 2)])).status == "proven_optimal"
    refused = optimization.solve(small(floors=[Floor("all", "m0", 1)]))
    assert refused.status == "infeasible"
    assert refused.conflict.names == ("count", "all")
    assert refused.conflict.irreducible
    assert refused.conflict.relaxations == {"count": 1.0, "all": 1.0}


def test_unavoidable_miss_counts_in_floors_and_values():
    solution = optimization.solve(small(constants=[4]))
    assert solution.stages[0].value == 6.0
    assert optimization.solve(small(constants=[4], floors=[Floor("all", "m0", 5)])).status == "infeasible"


def test_a_fixed_open_site_stays_and_a_forbidden_one_never_opens():
    solution = optimization.solve(small(lower=[1, 0, 0], rules=[rule("count", [0, 1, 2], "==", 2)]))
    assert solution.chosen.tolist() == [True, False, True]
    solution = optimization.solve(small(upper=[1, 0, 1]))
    assert solution.chosen.tolist() == [False, False, True]
    assert solution.stages[0].value == 5.0


def test_the_worst_stage_maximises_the_least_share_exactly():
    sets, weights = [[0], [1], [2]], [[10, 10, 0], [10, 3, 7], [10, 0, 10]]
    stages = [WorstStage("worst", ("m1", "m2"))]
    solution = optimization.solve(problem_of(sets, weights, stages=stages, rules=[rule("two", [0, 1, 2], "==", 2)]))
    assert solution.stages[0].value == 1 - 7 / 17  # sites 0 and 2: 3 of 13 and 7 of 17 missed
    assert solution.stages[0].unit == "share"
    assert solution.chosen.tolist() == [True, False, True]


def test_a_measure_without_people_is_left_out_of_the_worst():
    sets, weights = [[0], [1]], [[4, 0], [6, 0]]
    stages = [WorstStage("worst", ("m0", "m1"))]
    solution = optimization.solve(problem_of(sets, weights, stages=stages, rules=[rule("one", [0, 1], "==", 1)]))
    assert solution.stages[0].value == 0.6


def test_equal_plans_are_settled_by_the_ranks():
    problem = problem_of([[0], [1], [2]], [[3], [3], [3]], stages=[MissStage("people", "m0"), TieStage()],
                         rules=[rule("one", [0, 1, 2], "==", 1)], rank=[5, 2, 9])  # fmt: skip
    assert optimization.solve(problem).chosen.tolist() == [False, True, False]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", [0, 7])
def test_threads_and_seed_do_not_change_the_answer(threads, seed):
    solution = optimization.solve(small(), threads=threads, seed=seed)
    assert solution.chosen.tolist() == [False, True, False]
    assert solution.settings["threads"] == threads
    assert solution.settings["deterministic"]


def test_no_rows_and_no_rules_is_still_an_answer():
    problem = problem_of([], np.zeros((0, 1), dtype=np.int64), stages=[MissStage("people", "m0"), TieStage()], width=2)
    solution = optimization.solve(problem)
    assert solution.status == "proven_optimal"
    assert [s.value for s in solution.stages] == [0.0, 0.0]


def test_weights_of_a_million_million_are_exact():
    big = 10**12
    problem = problem_of([[0], [1]], [[big], [big + 1]], stages=[MissStage("people", "m0")],
                         rules=[rule("one", [0, 1], "==", 1)])  # fmt: skip
    solution = optimization.solve(problem)
    assert solution.chosen.tolist() == [False, True]
    assert solution.stages[0].value == float(big)
    assert solution.stages[0].proof == "checked"


def test_wrong_limits_are_refused():
    for bad in ({"gap": -0.1}, {"gap": math.nan}, {"threads": 0}, {"time_limit": 0.0}, {"time_limit": math.nan}):
        with pytest.raises(InvalidInput, match=f"^{next(iter(bad))} is "):
            optimization.solve(small(), **bad)
