from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import optimization
from optimization import Floor, MissStage, conflict
from tests.optimization.instances import brute_force, feasible, problem_of, problems, rule


def clash(rules, floors=(), **more):
    problem = problem_of([[0], [1], [2], [3]], [[1], [2], [4], [8]], stages=[MissStage("people", "m0")], rules=rules,
                         floors=floors, **more)  # fmt: skip
    return optimization.solve(problem).conflict


def test_a_count_below_the_quotas_names_both_and_says_how_much():
    conflict = clash(
        [
            rule("count 2024", range(4), "==", 1),
            rule("north", [0, 1], ">=", 1, kind="quota"),
            rule("south", [2, 3], ">=", 1, kind="quota"),
            rule("idle", [0, 1, 2, 3], "<=", 4),
        ]
    )
    assert conflict.names == ("count 2024", "north", "south")
    assert conflict.irreducible
    assert conflict.relaxations == {"count 2024": 1.0, "north": -1.0, "south": -1.0}


def test_more_centres_than_candidates():
    conflict = clash([rule("count", range(4), "==", 6)])
    assert conflict.names == ("count",)
    assert conflict.relaxations == {"count": -2.0}


def test_a_floor_against_a_budget():
    budget = rule("budget", range(4), "<=", 10, [3, 3, 3, 9], kind="budget")
    conflict = clash([budget], [Floor("reach", "m0", 5)])
    assert conflict.names == ("budget", "reach")
    assert conflict.relaxations == {"budget": 2.0, "reach": 2.0}


def test_structural_rules_are_never_named():
    stays = rule("stays", [0, 1], "<=", 0, [1, -1], structural=True)
    conflict = clash([rule("close", [1], "==", 0), stays, rule("open", [0], "==", 1)])
    assert conflict.names == ("close", "open")


def test_bounds_alone_give_no_names():
    conflict = clash([rule("stays", [0, 1], "<=", 0, [1, -1], structural=True)], lower=[1, 0, 0, 0], upper=[1, 0, 1, 1])
    assert conflict.names == ()
    assert conflict.irreducible


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(most_places=4))
def test_dropping_any_one_of_the_clash_mends_it_and_the_relaxation_is_least(problem):
    if brute_force(problem)[0]:
        return
    conflict = optimization.solve(problem).conflict
    kept = set(conflict.names)
    alone = _only(problem, kept)
    assert not _possible(alone)
    assert conflict.irreducible
    for name in kept:
        assert _possible(_only(problem, kept - {name}))
        change = conflict.relaxations[name]
        whole = _moved(problem, name, change)
        base = whole if _possible(_only(problem, _names(problem) - {name})) else _moved(alone, name, change)
        assert _possible(base)
        nearer = _moved(base, name, -1 if change > 0 else 1)
        assert not _possible(nearer)


def test_a_gap_does_not_loosen_the_least_change():
    rng = np.random.default_rng(3)
    for _ in range(12):
        sets = [sorted(rng.choice(8, size=3, replace=False).tolist()) for _ in range(30)]
        problem = problem_of(
            sets,
            rng.integers(1, 99, (30, 1)),
            stages=[MissStage("people", "m0")],
            rules=[rule("budget", range(8), "<=", 2, kind="budget")],
            floors=[Floor("floor", "m0", 20)],
            width=8,
        )
        exact, loose = optimization.solve(problem), optimization.solve(problem, gap=0.5)
        assert exact.status == loose.status == "infeasible"
        assert loose.conflict.relaxations == exact.conflict.relaxations


def _names(problem):
    return {r.name for r in problem.rules} | {f.name for f in problem.floors}


def _only(problem, names):
    return replace(
        problem,
        rules=tuple(r for r in problem.rules if r.structural or r.name in names),
        floors=tuple(f for f in problem.floors if f.name in names),
    )


def _moved(problem, name, change):
    return replace(
        problem,
        rules=tuple(replace(r, right=r.right + int(change)) if r.name == name else r for r in problem.rules),
        floors=tuple(replace(f, allowed=f.allowed + int(change)) if f.name == name else f for f in problem.floors),
    )


def _possible(problem):
    plans = itertools.product((0, 1), repeat=problem.columns.place.size)
    return any(feasible(problem, np.array(plan)) for plan in plans)


class Clock:
    """Passes a deadline at its k-th reading, so that every moment of an explanation is cut off once."""

    def __init__(self, readings):
        self.left = readings

    def __call__(self):
        self.left -= 1
        return 0.0 if self.left > 0 else 1e6


@pytest.mark.parametrize("readings", range(1, 45))
def test_an_explanation_that_the_clock_cuts_off_claims_nothing_untrue(monkeypatch, readings):
    structural = [rule("s1", range(3), ">=", 2), rule("s2", range(3), "<=", 1)]
    both = [replace(each, structural=True) for each in structural]
    cases = {
        "an equality that moves up by 10 or down by 2": [rule("even", [0, 1], "==", 12, coefficients=(10, 20))],
        "structural rules that clash by themselves": [*both, rule("count", range(3), ">=", 4)],
        "a count below two quotas": [
            rule("count", range(4), "==", 1),
            rule("north", [0, 1], ">=", 1, kind="quota"),
            rule("south", [2, 3], ">=", 1, kind="quota"),
        ],
    }
    for name, rules in cases.items():
        whole = clash(rules)
        monkeypatch.setattr(time, "monotonic", Clock(readings))
        problem = problem_of(
            [[0], [1], [2], [3]], [[1], [2], [4], [8]], stages=[MissStage("people", "m0")], rules=rules
        )
        found = optimization.solve(problem, time_limit=100.0)
        monkeypatch.undo()
        if found.status != "infeasible":
            assert found.status == "not_finished", name
            continue
        assert set(whole.names) <= set(found.conflict.names) or not found.conflict.irreducible, name
        if found.conflict.irreducible:
            assert found.conflict.names == whole.names, name
        for told, change in found.conflict.relaxations.items():
            assert change == whole.relaxations[told], name


def test_an_explanation_ends_without_a_time_limit_too(monkeypatch):
    monkeypatch.setattr(conflict, "NODES", 0)
    found = clash([rule("count", range(4), "==", 1), rule("north", [0, 1], ">=", 1), rule("south", [2, 3], ">=", 1)])
    assert found.names == ("count", "north", "south")  # nothing could be dropped, since nothing was answered
    assert not found.irreducible
