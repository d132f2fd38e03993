"""Random problems of middle size: large path, compact HiGHS and CBC give the same values; a wrong one is cornered."""

from __future__ import annotations

import pytest

from benchmarks import differential
from benchmarks.differential import compared, described, differ, instance, ours, smallest, solvers
from benchmarks.synthetic import country

SEEDS = range(1014, 1030)  # benchmarks.differential compares hundreds


@pytest.mark.parametrize("seed", SEEDS)
def test_three_solvers_agree(seed):
    found = compared(seed)
    assert set(found.answers) >= {"ours", "HiGHS"}
    assert "stopped" not in {answer[0] for answer in found.answers.values()}
    if found.wrong:
        other = solvers()[found.wrong[0]]
        cornered = smallest(instance(seed), lambda trial: differ(ours(trial, 60.0), other(trial, 60.0)))
        pytest.fail(f"{found}\n{described(cornered)}")


def test_the_instances_are_of_middle_size_and_of_every_kind():
    drawn = [instance(seed) for seed in range(20)]
    assert min(problem.sets.shape[0] for problem in drawn) > 100
    assert {int(problem.columns.year.max()) for problem in drawn} == {0, 1, 2}
    kinds = {rule.kind for problem in drawn for rule in problem.rules}
    assert kinds >= {"count", "quota", "budget", "spacing", "open_stays_open"}
    assert any(problem.floors for problem in drawn)
    assert any(problem.columns.upper.min() == 0 for problem in drawn)
    assert any(problem.stages[0].tolerance for problem in drawn)
    words = {ours(problem, 60.0)[0] for problem in drawn[:8]}
    assert words == {"optimal", "infeasible"}


def test_a_solver_that_is_wrong_is_shown_on_a_small_problem():
    def forgetful(problem, seconds):
        """A solver that does not know of quotas."""
        rules = tuple(rule for rule in problem.rules if rule.kind != "quota")
        return ours(differential.replace(problem, rules=rules), seconds)

    def wrong(trial):
        return differ(ours(trial, 60.0), forgetful(trial, 60.0))

    drawn = (country(points=40, places=16, counts=(12,), mean=False, seed=seed) for seed in range(50))
    problem = next(problem for problem in drawn if wrong(problem))
    cornered = smallest(problem, wrong)
    assert wrong(cornered)
    assert cornered.sets.shape[0] <= 3
    assert not any(wrong(trial) for trial in differential.smaller(cornered))  # nothing more can be left out
    assert '"quota' in described(cornered)
