"""What comes in wrong is refused by name, and what ends early keeps what it has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from foundation.errors import InvalidInput
from optimization import (
    Floor,
    MissStage,
    TieStage,
    alternatives,
    capacitated_p_median,
    certificate,
    forced_losses,
    lexicographic,
    max_cover,
    p_center,
    p_median,
    set_cover,
    solve,
)
from tests.optimization.instances import problem_of, rule


def small(**changes):
    problem = problem_of(
        [[0], [1], [2], [0, 3]],
        [[5], [4], [3], [2]],
        rules=[rule("count", range(4), "==", 2)],
        stages=[MissStage("m", "m0"), TieStage()],
        width=4,
    )
    return replace(problem, **changes)


COST = np.random.default_rng(0).integers(1, 100, (30, 12)).astype(float)


@pytest.mark.parametrize(
    "ask",
    [
        lambda **limits: p_median(COST, 3, **limits),
        lambda **limits: p_center(COST, 3, **limits),
        lambda **limits: capacitated_p_median(COST, np.ones(30), 20, 3, **limits),
    ],
)
def test_limits_are_known_by_name_and_the_memory_is_heeded(ask):
    with pytest.raises(InvalidInput, match="There is no limit called 'memroy'"):
        ask(memroy=1)
    assert ask().status == "proven_optimal"
    assert ask(memory_limit=1.0).status != "proven_optimal"  # a process is larger than that


@pytest.mark.parametrize("p", [float("nan"), 2.5, 0, 13, True])
def test_a_number_of_sites_that_is_none(p):
    with pytest.raises(InvalidInput, match="expected a whole number"):
        p_median(COST, p)


def test_fixed_sites_are_positions():
    with pytest.raises(InvalidInput, match="expected positions of sites"):
        p_median(COST, 3, fixed=[0.7])


def test_nobody_to_cover_costs_nothing():
    found = set_cover(np.zeros((0, 3), dtype=bool))
    assert (found.status, found.value, found.bound, found.chosen) == ("proven_optimal", 0.0, 0.0, ())


def test_every_fault_is_told_at_once():
    wrong = small(
        weights=-small().weights,
        floors=(Floor("f", "nowhere", 5.9),),  # type: ignore[arg-type]
        stages=(MissStage("m", "m0", tolerance=2.7), MissStage("n", "gone")),  # type: ignore[arg-type]
        sets=sparse.csc_array(small().sets),
    )
    with pytest.raises(InvalidInput) as told:
        solve(wrong)
    text = str(told.value)
    for part in ("is negative", "'nowhere'", "allowed is 5.9", "tolerance is 2.7", "'gone'", "expected a scipy CSR"):
        assert part in text


def test_a_list_of_all_plans_is_complete_even_where_it_is_just_as_long_as_asked():
    everything = alternatives(small(), within=100, at_most=6)
    assert (len(everything.plans), everything.complete) == (6, True)
    assert not alternatives(small(), within=100, at_most=5).complete


def test_questions_take_the_limits_of_a_solve():
    heard = []
    limits = {"memory_limit": 1e6, "progress": heard.append, "time_limit": 60.0}
    assert alternatives(small(), within=3, **limits).plans.shape[0] > 1
    assert forced_losses(small(), exact=[0], **limits).exact[0] == 4.0  # 7 of 14 covered in place of 11
    assert heard


def test_ctrl_c_during_the_replay_keeps_the_plan_and_claims_nothing(monkeypatch):
    whole = solve(small())

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(lexicographic.certificate, "replay", interrupted)
    found = solve(small())
    monkeypatch.undo()
    assert found.chosen.tolist() == whole.chosen.tolist()
    assert found.status == "best_found"
    assert {stage.proof for stage in found.stages} == {"none"}
    assert all(np.isnan(stage.bound) for stage in found.stages)
    assert certificate.verify(small(), whole)[0].proves


def test_a_rule_that_its_columns_alone_cannot_keep_is_the_clash():
    rules = (*small().rules, rule("far too many", [0, 1], ">=", 3), rule("another", [2, 3], ">=", 1))
    found = solve(small(rules=rules))
    assert found.status == "infeasible"
    assert found.conflict.names == ("far too many",)
    assert found.conflict.irreducible


def test_a_covering_takes_its_limits_too():
    with pytest.raises(InvalidInput, match="timelimit"):
        max_cover(np.eye(3, dtype=bool), np.ones(3), 1, timelimit=3)
