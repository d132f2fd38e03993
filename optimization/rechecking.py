"""
The plan counted again, by code that shares nothing with the model builder.

Works on the arrays of `Problem` alone: bounds, every rule, every floor, every
stage's value and every lock it leaves, in exact whole numbers. What a lock means
is written here a second time, on purpose.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foundation.errors import BrokenProof
from optimization.problem import LinearStage, MissStage, Problem, Stage, TieStage
from optimization.solution import Solution


@dataclass(frozen=True, slots=True)
class Lock:
    """What a stage forbids later ones: misses above `allowed` (measure name -> quanta), or a sum above `most`."""

    stage: str
    allowed: Mapping[str, int]
    coefficients: tuple[int, ...] = ()  # (J,) of the sum; empty when misses are locked
    most: int = 0


def recheck(problem: Problem, solution: Solution) -> None:
    """
    Check a solution's plan and figures against the problem's arrays.

    Raises
    ------
    BrokenProof
        If a bound, rule, floor or lock is broken, or a figure is not what the plan gives.
    """
    if solution.chosen.shape != problem.columns.place.shape:
        raise BrokenProof(
            "The plan has {found} columns; the problem has {expected}. Use the problem it was solved from.",
            found=solution.chosen.size,
            expected=problem.columns.place.size,
        )
    if solution.status in {"infeasible", "not_finished"} and not any(math.isfinite(s.value) for s in solution.stages):
        if solution.chosen.any():
            raise BrokenProof("The answer is '{status}' and yet holds a plan.", status=solution.status)
        return
    plans = stage_plans(problem, solution)
    counter = Counter(problem)
    locks: list[Lock] = []
    for at, plan in enumerate(plans):
        _check_plan(counter, plan, locks)
        stage = problem.stages[at]
        exact = stage_value(counter, stage, plan)
        _check_figure(problem, stage, exact, solution.stages[at].value)
        locks.append(lock_after(problem, stage, exact))
    _check_plan(counter, solution.chosen, locks)
    if len(plans) and not np.array_equal(plans[-1], solution.chosen):
        raise BrokenProof("The plan is not the one that the last stage ended with.")


def stage_plans(problem: Problem, solution: Solution) -> NDArray[np.bool_]:
    """Return (stages, J) the plan each stage with a value ended with, as the certificate records it."""
    ended = sum(1 for stage in solution.stages if math.isfinite(stage.value))
    recorded = solution.certificate.get("stage_chosen")
    if recorded is None:
        if ended > 1:
            raise BrokenProof("The certificate does not say which plan each stage ended with.")
        return solution.chosen[None, :][:ended]
    plans = np.asarray(recorded).astype(bool)
    if plans.shape != (ended, problem.columns.place.size):
        raise BrokenProof("The certificate holds plans of shape {shape}, not one a stage.", shape=str(plans.shape))
    return plans


class Counter:
    """Counts each measure's miss from y; the same plan is counted once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.filled = np.flatnonzero(np.diff(problem.sets.indptr) > 0)
        self.starts = problem.sets.indptr[self.filled]
        self._known: dict[bytes, dict[str, int]] = {}

    def misses(self, plan: NDArray[np.bool_]) -> dict[str, int]:
        """Return measure name -> miss in quanta: a row is missed when none of its columns is open."""
        key = plan.tobytes()
        if key not in self._known:
            self._known[key] = self._counted(plan)
        return self._known[key]

    def _counted(self, plan: NDArray[np.bool_]) -> dict[str, int]:
        met = np.zeros(self.problem.sets.shape[0], dtype=bool)
        if self.filled.size:
            met[self.filled] = np.logical_or.reduceat(plan[self.problem.sets.indices], self.starts)
        unmet = np.flatnonzero(~met)
        totals: dict[str, int] = {}
        for at, measure in enumerate(self.problem.measures):
            column = self.problem.weights[unmet, at]
            high, low = column >> 20, column & 0xFFFFF  # two halves, so that no sum can overflow
            totals[measure.name] = int(measure.constant) + (int(high.sum()) << 20) + int(low.sum())
        return totals


def stage_value(counter: Counter, stage: Stage, plan: NDArray[np.bool_]) -> Fraction:
    """Return a stage's exact value at a plan: a miss, an achieved share, or a sum over open columns."""
    problem = counter.problem
    if isinstance(stage, (TieStage, LinearStage)):
        listed = sum_of(problem, stage)
        return Fraction(sum(listed[column] for column in np.flatnonzero(plan).tolist()))
    misses = counter.misses(plan)
    if isinstance(stage, MissStage):
        return Fraction(misses[stage.measure])
    totals = {measure.name: int(measure.total) for measure in problem.measures}
    return min(1 - Fraction(misses[name], totals[name]) for name in stage.measures if totals[name] > 0)


def lock_after(problem: Problem, stage: Stage, value: Fraction) -> Lock:
    """Say what a stage that ended at `value` allows the stages after it."""
    if isinstance(stage, TieStage):
        return Lock(stage.name, {}, sum_of(problem, stage), int(value))
    if isinstance(stage, LinearStage):
        return Lock(stage.name, {}, sum_of(problem, stage), int(value) + int(stage.tolerance))
    if isinstance(stage, MissStage):
        more = int(stage.tolerance) + math.floor(Fraction(stage.slack) * value)
        return Lock(stage.name, {stage.measure: int(value) + more})
    share = 1 - value + Fraction(stage.tolerance)
    allowed = {
        m.name: math.floor(share * m.total) for m in problem.measures if m.name in stage.measures and m.total > 0
    }
    return Lock(stage.name, allowed)


def sum_of(problem: Problem, stage: TieStage | LinearStage) -> tuple[int, ...]:
    """Return (J,) what each open column adds to a stage's sum."""
    if isinstance(stage, LinearStage):
        return tuple(int(each) for each in stage.coefficients)
    return tuple(problem.columns.rank.tolist())


def _check_plan(counter: Counter, plan: NDArray[np.bool_], locks: list[Lock]) -> None:
    problem = counter.problem
    whole = plan.astype(int)
    if (whole < problem.columns.lower).any() or (whole > problem.columns.upper).any():
        raise BrokenProof("The plan closes a column fixed open, or opens a forbidden one.")
    for rule in problem.rules:
        pairs = zip(rule.columns.tolist(), rule.coefficients.tolist(), strict=True)
        total = sum(coefficient for column, coefficient in pairs if plan[column])
        if not {"<=": total <= rule.right, ">=": total >= rule.right, "==": total == rule.right}[rule.sense]:
            raise BrokenProof(
                "The plan breaks the rule '{rule}': {total} {sense} {right} does not hold.",
                rule=rule.name,
                total=total,
                sense=rule.sense,
                right=int(rule.right),
            )
    misses = counter.misses(plan)
    allowed = [(floor.name, floor.measure, int(floor.allowed)) for floor in problem.floors]
    allowed += [(lock.stage, measure, limit) for lock in locks for measure, limit in lock.allowed.items()]
    for name, measure, limit in allowed:
        if misses[measure] > limit:
            raise BrokenProof(
                "The plan breaks '{name}': it misses {missed} of '{measure}' where {limit} are allowed.",
                name=name,
                missed=misses[measure],
                measure=measure,
                limit=limit,
            )
    opened = np.flatnonzero(plan).tolist()
    for lock in locks:
        if lock.coefficients and sum(lock.coefficients[column] for column in opened) > lock.most:
            raise BrokenProof("The plan breaks '{name}': its open columns sum to more.", name=lock.stage)


def _check_figure(problem: Problem, stage: Stage, exact: Fraction, told: float) -> None:
    quantum = 1.0
    if isinstance(stage, MissStage):
        quantum = next(measure.quantum for measure in problem.measures if measure.name == stage.measure)
    counted = float(exact) * quantum + (stage.constant if isinstance(stage, LinearStage) else 0)
    if not math.isclose(counted, told, rel_tol=1e-12, abs_tol=1e-12):
        raise BrokenProof(
            "The stage '{stage}' claims {told}; counted again it is {counted}.",
            stage=stage.name,
            told=told,
            counted=counted,
        )
