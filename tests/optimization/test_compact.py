from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import optimization
from optimization import Floor, LinearStage, MissStage, TieStage, WorstStage
from optimization.compact import solve_compact, write_lp
from optimization.pulp_shim import has_cbc
from optimization.stages import reported
from tests.optimization.instances import problem_of, problems, rule

GOLDEN = Path(__file__).parent / "golden"
STAGES = [MissStage("people", "m0"), WorstStage("worst", ("m0", "m1")), TieStage()]


def case():
    return problem_of(
        [[0, 1], [1, 2], [2], [0, 1]],
        [[5, 0], [7, 7], [2, 2], [1, 1]],
        stages=STAGES,
        rules=[rule("count", [0, 1, 2], "==", 1), rule("quota", [1, 2], ">=", 1), rule("apart", [0, 1], "<=", 1)],
        floors=[Floor("floor", "m1", 9)],
        constants=[3, 0],
    )


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_written_model_is_the_kept_one(tmp_path, stage):
    write_lp(case(), stage, tmp_path / "model.lp")
    written = (tmp_path / "model.lp").read_text()
    kept = (GOLDEN / f"{stage.name}.lp").read_text()
    assert _sections(written) == _sections(kept)


def rollout():
    """Two places over two years, open stays open; the last year has two layers of travel for one point, and a cost."""
    return problem_of(
        [[0], [0, 1], [2], [2, 3], [3]],
        [[5, 0], [4, 0], [5, 0], [0, 30], [0, 12]],
        stages=[
            MissStage("rollout", "m0"),
            MissStage("layers", "m1"),
            LinearStage("cost", (0, 0, 40, 90), "JOD"),
        ],
        rules=[
            rule("count 0", [0, 1], "==", 1),
            rule("count 1", [2, 3], "<=", 2),
            rule("stays 0", [0, 2], "<=", 0, [1, -1], kind="open_stays_open", structural=True),
            rule("stays 1", [1, 3], "<=", 0, [1, -1], kind="open_stays_open", structural=True),
            rule("budget", [0, 1, 2, 3], "<=", 250, [20, 30, 100, 150], kind="budget"),
        ],
        floors=[Floor("floor", "m0", 9)],
        years=2,
        constants=[0, 7],
    )


@pytest.mark.parametrize("at", range(3), ids=["rollout", "layers", "cost"])
def test_the_written_rollout_is_the_kept_one(tmp_path, at):
    problem = rollout()
    write_lp(problem, problem.stages[at], tmp_path / "model.lp")
    kept = (GOLDEN / f"{problem.stages[at].name}.lp").read_text()
    assert _sections((tmp_path / "model.lp").read_text()) == _sections(kept)
    _agree(problem, "HiGHS")


def every_rule():
    """Four places over two years: an office that moves, a pair kept together, one at most of two, staff."""
    stays = [
        rule(f"stays {p}", [p, 4 + p], "<=", 0, [1, -1], kind="open_stays_open", structural=True) for p in (1, 2, 3)
    ]
    return problem_of(
        [[0, 1], [2, 3], [4, 5], [5, 6], [7]],
        [6, 5, 9, 4, 7],
        stages=[MissStage("rules", "m0"), LinearStage("centres", (0, 0, 0, 0, 1, 1, 1, 1), "centres")],
        rules=[
            rule("count 1", [4, 5, 6, 7], "<=", 3),
            rule("quota", [6, 7], ">=", 1, kind="quota"),
            rule("shut stays shut", [0, 4], ">=", 0, [1, -1], kind="open_stays_open", structural=True),
            rule("move", [4, 5, 6], ">=", 1, kind="closure"),
            rule("spacing", [5, 7], "<=", 1, kind="spacing"),
            rule("one of two", [2, 3], "<=", 1, kind="exclusion"),
            rule("never", [3], "<=", 0, kind="forbidden"),
            rule("together", [5, 6], "==", 0, [1, -1], kind="togetherness"),
            rule("staff", [4, 5, 6, 7], "<=", 9, [4, 3, 5, 6], kind="staff"),
            rule("leximin part", [4, 6, 7], ">=", 0, [2, -1, 1], kind="excepted", structural=True),
            *stays,
        ],
        years=2,
    )


@pytest.mark.parametrize("at", range(2), ids=["rules", "centres"])
def test_each_kind_of_rule_is_written_under_its_name(tmp_path, at):
    problem = every_rule()
    write_lp(problem, problem.stages[at], tmp_path / "model.lp")
    kept = (GOLDEN / f"{problem.stages[at].name}.lp").read_text()
    assert _sections((tmp_path / "model.lp").read_text()) == _sections(kept)
    _agree(problem, "HiGHS")


def test_a_rule_may_be_of_a_kind_that_other_rows_are_called_by():
    rules = [rule(name, [0, 1], "<=", 1, kind=name) for name in ("miss", "cap", "worst")]
    _agree(problem_of([[0], [1]], [[5], [7]], stages=STAGES[:1], rules=rules, width=2), "HiGHS")


def _sections(text):
    """The lines of each section, bounds in any order: PuLP 3 and 4 write them in different ones."""
    head, _, tail = text.partition("Bounds\n")
    return head.split(), sorted(tail.split("\n"))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_the_compact_model_and_the_large_path_agree(problem):
    _agree(problem, "HiGHS")


@pytest.mark.skipif(not has_cbc(), reason="no CBC: PuLP 4 does not bundle one; install pulp[cbc] to compare with it")
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_cbc_agrees(problem):
    _agree(problem, "CBC")


def _agree(problem, solver):
    plain, ours = solve_compact(problem, solver=solver), optimization.solve(problem)
    if plain.word == "infeasible":
        assert ours.status == "infeasible"
        return
    assert plain.word == "optimal"
    told = [reported(problem, stage, value) for stage, value in zip(problem.stages, plain.values, strict=True)]
    assert told == pytest.approx([stage.value for stage in ours.stages], rel=1e-9)
