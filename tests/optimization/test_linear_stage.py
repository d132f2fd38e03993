"""A sum over open columns as an objective anywhere in the order, and losses that grow with a miss."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import optimization
from foundation.errors import BrokenProof, InvalidInput
from optimization import LinearStage, MissStage, TieStage, certificate, load_problem, save_problem
from optimization.compact import solve_compact
from tests.optimization.instances import brute_force, misses, problem_of, problems, rule

RANDOM = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def tried(problem):
    """The value of each stage, and the plans left, by trying every plan."""
    _, plans = brute_force(replace(problem, stages=(MissStage("any", "m0", 2**40),)))
    values = []
    for stage in problem.stages:
        if not plans:
            return []
        if not isinstance(stage, (LinearStage, MissStage)):
            inner, plans = brute_force_from(problem, stage, plans)
            values.append(inner)
            continue
        if isinstance(stage, LinearStage):
            worth = {p: int(np.array(stage.coefficients) @ np.array(p)) for p in plans}
            best = min(worth.values())
            most = best + stage.tolerance
            values.append(float(best + stage.constant))
        else:
            worth = {p: misses(problem, p)[stage.measure] for p in plans}
            best = min(worth.values())
            most = best + stage.tolerance + int(Fraction(stage.slack) * best)
            values.append(float(best))
        plans = [p for p in plans if worth[p] <= most]
    return values


def brute_force_from(problem, stage, plans):
    if isinstance(stage, TieStage):
        worth = {p: int(problem.columns.rank @ np.array(p)) for p in plans}
        best = min(worth.values())
        return float(best), [p for p in plans if worth[p] == best]
    totals = {m.name: m.total for m in problem.measures if m.total}
    names = [name for name in stage.measures if name in totals]
    worth = {p: {n: misses(problem, p)[n] for n in names} for p in plans}
    best = max(min(1 - Fraction(worth[p][n], totals[n]) for n in names) for p in plans)
    loss = 1 - best + Fraction(stage.tolerance)
    return float(best), [p for p in plans if all(worth[p][n] <= int(loss * totals[n] // 1) for n in names)]


@RANDOM
@given(problems(most_places=5), st.data())
def test_sums_in_any_place_agree_with_trying_everything(problem, data):
    count = problem.columns.place.size
    stages = [stage for stage in problem.stages if not isinstance(stage, TieStage)]
    for at in range(data.draw(st.integers(1, 2))):
        linear = LinearStage(
            f"sum {at}",
            tuple(data.draw(st.lists(st.integers(-4, 9), min_size=count, max_size=count))),
            "JOD",
            data.draw(st.sampled_from([0, 0, 3])),
            data.draw(st.sampled_from([0, 17])),
        )
        stages.insert(data.draw(st.integers(0, len(stages))), linear)
    stages = [replace(s, slack=0.5) if isinstance(s, MissStage) and data.draw(st.booleans()) else s for s in stages]
    whole = replace(problem, stages=(*stages, TieStage()))
    solution = optimization.solve(whole)
    expected = tried(whole)
    if not expected:
        assert solution.status == "infeasible"
        return
    assert solution.status == "proven_optimal"
    assert [stage.value for stage in solution.stages] == pytest.approx(expected, abs=1e-12)
    assert {stage.proof for stage in solution.stages} == {"checked"}
    assert all(check.proves for check in certificate.verify(whole, solution))
    assert [stage.checked_bound for stage in solution.stages] == [stage.value for stage in solution.stages]


def test_the_compact_model_agrees():
    problem = small()
    answer = solve_compact(problem)
    assert [float(value) for value in answer.values] == [3.0, 4.0, 2.0]
    assert [stage.value for stage in optimization.solve(problem).stages] == [13.0, 4.0, 2.0]


def small():
    cheapest = LinearStage("cost", (5, 3, 4), "JOD", 0, 10)
    return problem_of(
        [[0], [1], [2]],
        [[2], [2], [2]],
        stages=[cheapest, MissStage("people", "m0"), TieStage()],
        rules=[rule("count", [0, 1, 2], "==", 1)],
    )


def test_a_tolerance_leaves_room_in_the_sums_own_unit():
    problem = small()
    richer = replace(problem.stages[0], tolerance=2)
    weights = np.array([[9], [2], [2]])
    freed = replace(
        problem,
        weights=weights,
        measures=(replace(problem.measures[0], total=13),),
        stages=(richer, *problem.stages[1:]),
    )
    stages = optimization.solve(freed).stages
    assert [stage.value for stage in stages] == [13.0, 4.0, 1.0]


def test_a_plan_that_breaks_the_lock_of_a_sum_is_caught():
    problem = small()
    solution = optimization.solve(problem)
    plans = solution.certificate["stage_chosen"].copy()
    plans[1:] = [[True, False, False]]
    wrong = replace(solution, chosen=plans[-1], certificate=solution.certificate | {"stage_chosen": plans})
    with pytest.raises(BrokenProof):
        optimization.recheck(problem, wrong)


def test_a_sum_that_is_one_off_is_caught():
    problem = small()
    solution = optimization.solve(problem)
    first = replace(solution.stages[0], value=12.0)
    with pytest.raises(BrokenProof, match="claims 12"):
        optimization.recheck(problem, replace(solution, stages=(first, *solution.stages[1:])))


def test_a_sum_is_read_back_as_written(tmp_path):
    problem = small()
    save_problem(tmp_path / "p.npz", problem)
    assert load_problem(tmp_path / "p.npz").stages == problem.stages


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (LinearStage("cost", (1, 2), "JOD"), "has 2 coefficients; expected 3"),
        (LinearStage("cost", (1, 2, 2**50), "JOD"), "sum to more than"),
        (LinearStage("cost", (1, 2, 3), "JOD", -1), "must not be negative"),
        (LinearStage("cost", (1, 2.5, 3), "JOD"), "expected whole numbers"),
        (MissStage("people", "m0", 0, -0.1), "slack"),
    ],
)
def test_a_stage_that_is_not_well_formed_is_refused(stage, said):
    with pytest.raises(InvalidInput, match=said):
        optimization.validate(replace(small(), stages=(stage,)))
