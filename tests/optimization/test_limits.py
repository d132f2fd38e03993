from __future__ import annotations

import numpy as np
import pytest

import optimization
from optimization import MissStage, TieStage, certificate
from tests.optimization.instances import problem_of, rule


def hard(points=400, sites=60, count=8, seed=3):
    """Random Euclidean covering, large enough not to end at the root."""
    rng = np.random.default_rng(seed)
    distance = np.linalg.norm(rng.random((points, 1, 2)) - rng.random((1, sites, 2)), axis=2)
    sets = [np.flatnonzero(row < 0.13).tolist() for row in distance]
    sets, weights = zip(
        *[(s, [int(w)]) for s, w in zip(sets, rng.integers(1, 100, points), strict=True) if s], strict=True
    )
    return problem_of(
        list(sets),
        list(weights),
        stages=[MissStage("people", "m0"), TieStage()],
        rules=[rule("count", range(sites), "==", count)],
        width=sites,
    )


def test_a_time_limit_is_never_optimal_and_says_so():
    problem = hard(4000, 300, 20)
    solution = optimization.solve(problem, time_limit=0.4)
    assert solution.status in {"within_gap", "best_found", "not_finished"}
    assert not solution.settings["deterministic"]
    assert len(solution.stages) == 1
    assert solution.stages[0].proof == "none"
    check = certificate.verify(problem, solution)[0]
    assert not check.proves
    if solution.status == "within_gap":
        assert solution.stages[0].bound < solution.stages[0].value
        assert check.checked_bound <= solution.stages[0].value


def test_a_gap_stops_early_with_a_checked_bound():
    problem = hard()
    exact = optimization.solve(problem)
    assert exact.status == "proven_optimal"
    loose = optimization.solve(problem, gap=0.5)
    stage = loose.stages[0]
    assert stage.value - stage.checked_bound <= 0.5 * stage.value
    assert stage.checked_bound <= exact.stages[0].value <= stage.value


def test_ctrl_c_returns_the_best_so_far():
    calls = []

    def press(progress):
        calls.append(progress)
        if progress.value == progress.value and progress.bound < progress.value:
            raise KeyboardInterrupt

    problem = hard(4000, 300, 20)
    solution = optimization.solve(problem, progress=press)
    assert solution.stages[0].status == "within_gap"
    assert solution.status == "best_found"  # the tie stage never ran, so nothing bounds it
    assert solution.chosen.sum() == 20
    assert solution.stages[0].checked_bound < solution.stages[0].value
    optimization.recheck(problem, solution)
    assert calls[-1].stage == "people"


def test_ctrl_c_before_any_plan_finishes_nothing():
    def press(_):
        raise KeyboardInterrupt

    solution = optimization.solve(hard(2000, 150, 12), progress=press)
    assert solution.status in {"not_finished", "within_gap", "best_found"}
    assert solution.status != "proven_optimal"


def test_progress_tells_values_and_bounds_in_the_stages_unit():
    seen = []
    solution = optimization.solve(hard(), progress=seen.append)
    assert {p.stage for p in seen} <= {"people", "tie"}
    told = [p for p in seen if p.stage == "people" and p.value == p.value]
    assert told[-1].value == pytest.approx(solution.stages[0].value)
    assert all(p.bound != p.bound or p.bound <= p.value for p in told)


def test_nothing_is_printed(capfd):
    optimization.solve(hard())
    out, err = capfd.readouterr()
    assert out == ""
    assert err == ""


@pytest.mark.parametrize("where", ["_chapter", "inherited"])
def test_ctrl_c_before_the_first_node_of_a_stage_keeps_the_plan_and_proves_nothing_of_it(monkeypatch, where):
    """The moments between two stages, and before a search has begun, are no worse than any other."""
    from optimization import search as module

    real = module.inherited if where == "inherited" else module._Forest._chapter
    asked = []

    def broken_off(*given):
        asked.append(where)
        if where == "inherited" or len(asked) == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(module if where == "inherited" else module._Forest, where, broken_off)
    problem = hard(200, 25, 4)
    solution = optimization.solve(problem)
    assert asked
    assert solution.status != "proven_optimal"
    assert solution.chosen.sum() == 4
    certificate.verify(problem, solution)
