"""What would make a problem possible, against trying every plan and every move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimization import Floor, MissStage, least_shift, possible
from tests.optimization.instances import brute_force, problem_of, problems, rule


def _moved(problem, shifts, step):
    rules = (replace(r, right=r.right + step * shifts.get(r.name, 0)) for r in problem.rules)
    return replace(problem, rules=tuple(rules))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=problems(most_places=4), data=st.data())
def test_the_least_move_is_the_first_that_any_plan_allows(problem, data):
    assert possible(problem) == bool(brute_force(problem)[0])
    names = [r.name for r in problem.rules if not r.structural]
    shifts = {name: data.draw(st.sampled_from([-2, -1, 1, 2])) for name in names if data.draw(st.booleans())}
    most = data.draw(st.integers(0, 5))
    tried = [step for step in range(most + 1) if brute_force(_moved(problem, shifts, step))[0]]
    assert least_shift(problem, shifts, most=most) == (tried[0] if tried else None)


def test_a_move_shared_by_several_rules_is_one_number():
    both = problem_of(
        [[0], [1], [2]],
        [[1], [1], [1]],
        stages=[MissStage("people", "m0")],
        rules=[rule("count", range(3), "==", 1), rule("north", [0, 1], ">=", 2), rule("south", [2], ">=", 2)],
    )
    assert least_shift(both, {"north": -1, "south": -1}, most=2) == 2
    assert least_shift(both, {"count": 1}, most=9) is None


@pytest.mark.parametrize(("most", "expected"), [(1, None), (2, 2), (3, 2)])
def test_the_largest_move_is_inclusive(most, expected):
    problem = problem_of(
        [[0], [1]], [[1], [1]], stages=[MissStage("people", "m0")], rules=[rule("count", range(2), "==", 4)]
    )
    assert least_shift(problem, {"count": -1}, most=most) == expected


def test_floors_count_and_a_clock_that_ran_out_says_nothing():
    problem = problem_of(
        [[0], [1]], [[3], [4]], stages=[MissStage("people", "m0")], rules=[rule("count", range(2), "==", 1)],
        floors=[Floor("reach", "m0", 2)],
    )  # fmt: skip
    assert possible(problem) is False
    assert least_shift(problem, {"count": 1}, most=1) == 1
    assert possible(problem, seconds=0.0) is None
    assert least_shift(problem, {"count": 1}, most=1, seconds=0.0) is None
