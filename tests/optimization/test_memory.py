"""What one solve leaves for the next changes how fast it answers, never what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimization import Floor, Memory, MissStage, Problem, TieStage, WorstStage, certificate, solve
from tests.optimization.instances import problem_of, problems, rule

RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def country(*, count: int = 4, seed: int = 1, reach: float = 0.27) -> Problem:
    """Points and sites in a square, two measures by half, one count and one quota."""
    rng = np.random.default_rng(seed)
    sites, points = rng.random((30, 2)), rng.random((400, 2))
    near = np.linalg.norm(points[:, None] - sites[None], axis=2) <= reach
    people = rng.integers(1, 100, size=400)
    west = points[:, 0] < 0.5
    return problem_of(
        [np.flatnonzero(row).tolist() for row in near],
        np.column_stack((people, people * west, people * ~west)),
        rules=[
            rule("count", range(30), "==", count),
            rule("quota", np.flatnonzero(sites[:, 0] < 0.5), ">=", 1, kind="quota"),
        ],
        stages=[MissStage("covered", "m0"), WorstStage("worst", ("m1", "m2")), TieStage()],
        width=30,
    )


def as_good(one, other) -> None:
    assert one.status == other.status
    assert [(str(s.value), s.status, s.proof) for s in one.stages] == [
        (str(s.value), s.status, s.proof) for s in other.stages
    ]  # as text: without a plan there is no value, and NaN is unlike itself


def same(one, other) -> None:
    as_good(one, other)
    assert (one.chosen == other.chosen).all()


def bounded(problem: Problem, column: int, side: int) -> Problem:
    lower, upper = problem.columns.lower.copy(), problem.columns.upper.copy()
    lower[column] = upper[column] = side
    return replace(problem, columns=replace(problem.columns, lower=lower, upper=upper))


def edits() -> dict[str, Problem]:
    base = country()
    chosen = np.flatnonzero(solve(base).chosen)
    spare = int(np.flatnonzero(~solve(base).chosen)[3])
    floor = Floor("west", "m1", int(base.weights[:, 1].sum()) // 2)
    return {
        "nothing": base,
        "one shut": bounded(base, int(chosen[1]), 0),
        "one open": bounded(base, spare, 1),
        "one more": country(count=5),
        "one less": country(count=3),
        "no quota": replace(base, rules=base.rules[:1]),
        "another rule first": replace(base, rules=(rule("spacing", [0, 1], "<=", 1), *base.rules)),
        "a floor": replace(base, floors=(floor,)),
        "another standard": country(reach=0.22),
        "other people": country(seed=2),
        "fewer stages": replace(base, stages=base.stages[:1]),
    }


@pytest.mark.parametrize("name", list(edits()))
def test_a_change_is_answered_as_if_it_had_been_asked_first(name):
    changed = edits()[name]
    memory = Memory()
    solve(country(), memory=memory)
    found = solve(changed, memory=memory)
    same(found, solve(changed))
    assert all(check.proves for check in certificate.verify(changed, found))


def test_many_changes_one_after_another_and_back_again():
    memory = Memory()
    first = solve(country(), memory=memory)
    for changed in edits().values():
        same(solve(changed, memory=memory), solve(changed))
    same(solve(country(), memory=memory), first)


@RANDOM
@given(problems(most_places=4), st.data())
def test_small_problems_with_one_bound_changed(problem, data):
    memory = Memory()
    solve(problem, memory=memory)
    column = data.draw(st.integers(0, problem.columns.place.size - 1))
    changed = bounded(problem, column, data.draw(st.sampled_from((0, 1))))
    # these problems may have several best plans: the start then decides which is found
    as_good(solve(changed, memory=memory), solve(changed))


def test_the_same_question_again_needs_no_new_cut():
    memory = Memory()
    solve(country(), memory=memory)
    kept = {name: len(stage.cuts) for name, stage in memory.stages.items()}
    assert kept["covered"] > 0
    solve(country(), memory=memory)
    assert {name: len(stage.cuts) for name, stage in memory.stages.items()} == kept


def test_a_bound_set_free_is_no_bound_any_more():
    memory = Memory()
    fixed = bounded(country(), 0, 1)
    solve(fixed, memory=memory)
    same(solve(country(), memory=memory), solve(country()))


def test_a_problem_with_other_columns_starts_afresh():
    memory = Memory()
    solve(country(), memory=memory)
    small = problem_of([[0], [1]], [[3], [2]], rules=[rule("count", [0, 1], "==", 1)], stages=[MissStage("a", "m0")])
    found = solve(small, memory=memory)
    assert found.chosen.tolist() == [True, False]


def test_weights_written_into_the_same_array_are_other_rows():
    base, memory = country(), Memory()
    solve(base, memory=memory)
    base.weights[:, 0] = base.weights[::-1, 0].copy()
    same(solve(base, memory=memory), solve(base))


def test_sets_written_into_the_same_array_are_other_rows():
    base, memory = country(), Memory()
    solve(base, memory=memory)
    base.sets.indices[:] = base.sets.indices[::-1].copy()  # still columns of the problem, each row with others
    base.sets.sum_duplicates()
    base.sets.data[:] = 1
    same(solve(base, memory=memory), solve(base))


@pytest.mark.parametrize("seed", range(6))
def test_the_first_solve_leaves_the_cuts_of_its_answer_even_where_it_went_into_boxes(seed):
    base, memory = country(seed=seed, count=8, reach=0.15), Memory()
    solve(base, memory=memory)
    left = len(memory.stages["covered"].cuts)
    solve(base, memory=memory)
    assert len(memory.stages["covered"].cuts) == left


@pytest.mark.parametrize("seed", [3, 7, 10, 11])
def test_what_a_stage_found_in_a_narrower_box_is_not_kept_for_all_rows(seed):
    # in these the stage before leaves the worst stage a box, whose rows are fewer than the problem's
    base = country(seed=seed, count=4 + seed % 3, reach=0.2 + 0.03 * (seed % 4))
    memory = Memory()
    solve(base, memory=memory)
    freed = replace(base, rules=base.rules[:1])
    same(solve(freed, memory=memory), solve(freed))
