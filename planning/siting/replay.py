"""
An answer as its own proof supports it: what a stage claims beyond that is taken back.

For whoever reads an answer from a file. The search's words are believed only where they
claim no more than the replay shows: that a plan is the best takes a proof that replays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from foundation.errors import BrokenProof
from optimization import Problem, Solution, StageResult, certificate
from optimization.claims import overall
from optimization.rechecking import Counter, stage_plans
from optimization.solution import Proof, StageCheck
from optimization.stages import goal_of, reported
from optimization.system import goal_value

Rest = Literal["proof", "open gap", "word"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """
    What a replay leaves of an answer.

    Attributes
    ----------
    solution
        The answer with every figure of its stages recounted, and every word that its proof does
        not support replaced by the one that it does; only seconds and settings are as they were.
    rests_on
        For each stage, what "no plan does better" rests on: the "proof" replayed here closes the
        gap; the bound is replayed and leaves an "open gap"; or it is the search's "word" alone.
    leaves
        For each stage, leaves of its tree.
    """

    solution: Solution
    rests_on: tuple[Rest, ...]
    leaves: tuple[int, ...]


def replayed(problem: Problem, solution: Solution) -> Replayed:
    """
    Replay an answer's proof in whole numbers; no solver is called.

    Raises
    ------
    BrokenProof
        When there is no plan, the plan breaks a rule, a value is not what the plan gives, or the
        certificate is malformed or claims something untrue.
    """
    asked, told = len(problem.stages), len(solution.stages)
    if not 0 < told <= asked or not all(math.isfinite(stage.value) for stage in solution.stages):
        raise BrokenProof("The answer has {told} stages with a plan; the problem has {asked}.", told=told, asked=asked)
    checks = certificate.replay(problem, solution)
    plans = stage_plans(problem, solution)
    counter, totals = Counter(problem), tuple(int(measure.total) for measure in problem.measures)
    stages = []
    for at, (stage, check) in enumerate(zip(solution.stages, checks, strict=True)):
        start = math.nan
        if at:
            goal, misses = goal_of(problem, problem.stages[at]), counter.misses(plans[at - 1])
            counted = goal_value(goal, [misses[measure.name] for measure in problem.measures], totals, plans[at - 1])
            start = reported(problem, problem.stages[at], counted)
        moved = int(np.count_nonzero(plans[at] != plans[at - 1])) if at else 0
        stages.append(replace(_supported(stage, check), start=start, moved=moved))
    return Replayed(
        replace(solution, stages=tuple(stages), status=overall(problem, stages)),
        tuple(_rest(*pair) for pair in zip(stages, checks, strict=True)),
        tuple(check.leaves for check in checks),
    )


def _supported(stage: StageResult, check: StageCheck) -> StageResult:
    """Say a stage with what its replay found; a weaker word of the search is kept."""
    status, bound = stage.status, stage.bound
    proof: Proof = "none"
    if status not in {"within_gap", "best_found"}:
        status, bound = "proven_optimal", check.value
        if check.proves:
            proof = "checked"
        else:
            bound = check.checked_bound
            status = "within_gap" if math.isfinite(bound) else "best_found"
    return replace(
        stage,
        objective=check.objective,
        unit=check.unit,
        status=status,
        value=check.value,
        bound=bound,
        gap=abs(check.value - bound),
        checked_bound=check.checked_bound,
        proof=proof,
        rechecked=True,
    )


def _rest(stage: StageResult, check: StageCheck) -> Rest:
    if stage.proof == "checked":
        return "proof"
    slack = 1e-9 * max(1.0, abs(stage.value))
    checked = abs(stage.value - check.checked_bound)  # NaN where nothing is proven
    if math.isnan(stage.bound) or stage.gap >= checked - slack:
        return "open gap"
    return "word"
