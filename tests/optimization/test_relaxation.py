from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import optimization
from foundation.errors import BrokenProof, InvalidInput
from optimization import MissStage, certificate, max_cover, relaxation
from optimization.branching import Record
from tests.optimization.instances import brute_force, problem_of, problems, rule
from tests.optimization.test_limits import hard


@pytest.fixture
def always(monkeypatch):
    """Let the ascent run on problems of any size."""
    monkeypatch.setattr(relaxation, "WORTH", 0)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(problems())
def test_with_the_ascent_every_stage_still_agrees_with_trying_every_plan(always, problem):
    values, plans = brute_force(problem)
    solution = optimization.solve(problem)
    if not values:
        assert solution.status == "infeasible"
        return
    assert solution.status == "proven_optimal"
    assert tuple(int(v) for v in solution.chosen) in plans
    assert [stage.proof for stage in solution.stages] == ["checked"] * len(values)


@pytest.mark.parametrize("seed", [1, 2])
def test_with_and_without_the_ascent_the_value_is_one_and_both_proofs_replay(monkeypatch, seed):
    problem = hard(seed=seed)
    without = optimization.solve(problem)
    monkeypatch.setattr(relaxation, "WORTH", 0)
    guided = optimization.solve(problem)
    assert guided.stages[0].value == without.stages[0].value
    assert [stage.proof for stage in guided.stages] == ["checked", "checked"]
    assert all(check.proves for check in certificate.verify(problem, guided))


def test_a_certificate_without_the_rows_of_its_planes_proves_nothing(always):
    problem = problem_of(
        [[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]],
        [[5], [7], [2], [4], [3]],
        stages=[MissStage("people", "m0")],
        rules=[rule("count", range(4), "==", 1)],
    )
    solution = optimization.solve(problem)
    assert certificate.verify(problem, solution)[0].proves
    emptied = {**solution.certificate, "cut_bits": np.zeros_like(solution.certificate["cut_bits"])}
    broken = replace(solution, certificate=emptied)
    try:
        proves = certificate.verify(problem, broken)[0].proves
    except BrokenProof:  # a fixing without ground
        proves = False
    assert not proves


def test_one_and_two_threads_give_the_same_sites():
    problem = hard(600, 80, 8)
    alone, more = optimization.solve(problem, threads=1), optimization.solve(problem, threads=2)
    assert alone.chosen.tolist() == more.chosen.tolist()
    assert alone.settings["deterministic"]
    assert [np.array_equal(alone.certificate[name], more.certificate[name]) for name in alone.certificate]


def test_a_memory_limit_stops_with_a_plan_and_a_checked_bound_and_never_says_optimal():
    problem = hard(4000, 300, 20)
    solution = optimization.solve(problem, memory_limit=1.0)
    assert solution.status in {"within_gap", "best_found", "not_finished"}
    assert solution.settings["memory_limit"] == 1.0
    assert not solution.settings["deterministic"]
    assert not certificate.verify(problem, solution)[0].proves
    roomy = optimization.solve(hard(), memory_limit=1e7)
    assert roomy.status == "proven_optimal"


@pytest.mark.parametrize("limit", [0.0, -5.0, float("nan")])
def test_a_memory_limit_of_nothing_is_refused(limit):
    with pytest.raises(InvalidInput, match="memory_limit"):
        max_cover(np.eye(3, dtype=bool), [1, 1, 1], 1, memory_limit=limit)


def test_a_record_prefers_columns_that_gain_on_both_sides():
    record = Record(3)
    for column, gains in enumerate([(10.0, 10.0), (100.0, 0.0), (1.0, 1.0)]):
        for side, gain in enumerate(gains):
            record.note(column, side, gain, 0.5)
    scores = record.scores(np.arange(3), np.full(3, 0.5))
    assert scores.argmax() == 0
    assert scores[1] < scores[2]
    record.note(0, 0, float("inf"), 0.5)  # a gain without end is not averaged in
    assert np.isfinite(record.scores(np.arange(3), np.full(3, 0.5))).all()
