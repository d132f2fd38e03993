from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import optimization
from foundation.errors import BrokenProof
from optimization import Floor, MissStage, TieStage
from tests.optimization.instances import problem_of, rule


def problem(**more):
    defaults = {"rules": [rule("count", [0, 1, 2], "==", 1)], "stages": [MissStage("people", "m0"), TieStage()]}
    return problem_of([[0, 1], [1, 2], [2]], [[5], [7], [2]], **{**defaults, **more})


def claimed(case, plan, value=None):
    solution = optimization.solve(case)
    plan = np.array(plan, dtype=bool)
    stages = solution.stages
    if value is not None:
        stages = (replace(stages[0], value=value), *stages[1:])
    plans = solution.certificate["stage_chosen"].copy()
    plans[:] = plan
    return replace(solution, chosen=plan, stages=stages, certificate={**solution.certificate, "stage_chosen": plans})


def test_a_true_answer_passes():
    case = problem()
    optimization.recheck(case, optimization.solve(case))


def test_a_wrong_figure_is_found():
    with pytest.raises(BrokenProof, match="counted again it is 2"):
        optimization.recheck(problem(), claimed(problem(), [0, 1, 0], value=1.0))


def test_a_broken_rule_is_found():
    with pytest.raises(BrokenProof, match="'count': 2 == 1"):
        optimization.recheck(problem(), claimed(problem(), [0, 1, 1]))


def test_a_forbidden_site_is_found():
    solution = claimed(problem(), [0, 1, 0])
    with pytest.raises(BrokenProof, match="forbidden"):
        optimization.recheck(problem(upper=[1, 0, 1]), solution)


def test_a_broken_floor_is_found():
    with pytest.raises(BrokenProof, match="'all': it misses 2"):
        optimization.recheck(problem(floors=[Floor("all", "m0", 1)]), claimed(problem(), [0, 1, 0]))


def test_a_broken_lock_is_found():
    solution = optimization.solve(problem())
    plans = solution.certificate["stage_chosen"].copy()
    plans[1] = [True, False, False]
    told = replace(solution.stages[1], value=1.0)
    cheat = replace(
        solution,
        chosen=plans[1],
        stages=(solution.stages[0], told),
        certificate={**solution.certificate, "stage_chosen": plans},
    )
    with pytest.raises(BrokenProof, match="'people': it misses 9"):
        optimization.recheck(problem(), cheat)


def test_a_plan_of_another_problem_is_refused():
    other = problem_of([[0]], [[1]], stages=[MissStage("people", "m0")], width=2)
    with pytest.raises(BrokenProof, match="3 columns"):
        optimization.recheck(other, optimization.solve(problem()))


def test_infeasible_with_a_plan_is_a_contradiction():
    case = problem(rules=[rule("count", [0, 1, 2], "==", 4)])
    solution = optimization.solve(case)
    optimization.recheck(case, solution)
    with pytest.raises(BrokenProof, match="yet holds a plan"):
        optimization.recheck(case, replace(solution, chosen=np.array([True, False, False])))
