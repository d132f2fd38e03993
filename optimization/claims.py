"""What an answer says of itself, held to what a replay of its proof found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from foundation.errors import BrokenProof
from optimization.problem import Problem, WorstStage
from optimization.solution import Solution, StageCheck, StageResult, Status

WORST_WORD_LAST: tuple[Status, ...] = ("proven_optimal", "within_gap", "best_found", "not_finished", "infeasible")


@contextmanager
def read_as_given() -> Iterator[None]:
    """Say of an answer that cannot even be read that it is malformed: it may come from anybody."""
    try:
        yield
    except (LookupError, ValueError, TypeError, ArithmeticError, AttributeError, MemoryError) as error:
        raise BrokenProof("The answer or its certificate is malformed ({reason}).", reason=repr(error)[:200]) from error


def refuse_claims(problem: Problem, solution: Solution, checks: Sequence[StageCheck]) -> None:
    """
    Refuse what an answer claims beyond its replay: a word, a name, a bound, a gap, a stage left out.

    Raises
    ------
    BrokenProof
        Naming the first claim that does not hold.
    """
    if not solution.stages:
        raise BrokenProof("The answer holds no stage: nothing is claimed, and nothing proven.")
    for at, (stage, check) in enumerate(zip(solution.stages, checks, strict=True)):
        _refuse_stage(stage, check, better_is_less=not isinstance(problem.stages[at], WorstStage))
    status = overall(problem, solution.stages)
    if solution.status != status:
        raise BrokenProof(
            "The answer calls itself {told}; its stages make it {found}.", told=solution.status, found=status
        )


def overall(problem: Problem, stages: Sequence[StageResult]) -> Status:
    """Return the weakest word of all stages, one that never ran included."""
    words = [stage.status for stage in stages]
    if len(words) < len(problem.stages) and "infeasible" not in words:
        words.append("best_found" if any(math.isfinite(stage.value) for stage in stages) else "not_finished")
    return max(words, key=WORST_WORD_LAST.index)


def unconfirmed(check: StageCheck, status: Status) -> BrokenProof:
    """Return the error of a stage whose word its replay does not bear out."""
    return BrokenProof(
        "The replay does not confirm stage '{stage}', which the search calls {status}.",
        stage=check.objective,
        status=status,
    )


def gap_of(check: StageCheck) -> float:
    """Return what a replayed bound leaves open; infinite where none was proven."""
    return math.inf if math.isnan(check.checked_bound) else abs(check.value - check.checked_bound)


def _refuse_stage(stage: StageResult, check: StageCheck, *, better_is_less: bool) -> None:
    for told, found in ((stage.objective, check.objective), (stage.unit, check.unit)):
        if told != found:
            raise BrokenProof(
                "A stage's name or unit is '{told}'; in the problem it is '{found}'.", told=told, found=found
            )
    if stage.status not in WORST_WORD_LAST:
        raise BrokenProof(
            "Stage '{stage}' has the word {told}, which says nothing.", stage=check.objective, told=stage.status
        )
    settled = stage.status in {"proven_optimal", "infeasible"} or stage.proof == "checked"
    impossible = check.proves and math.isnan(check.value)
    if (settled and not check.proves) or (stage.status == "infeasible") != impossible:
        raise unconfirmed(check, stage.status)
    for bound in (stage.bound, stage.checked_bound):
        short = stage.status == "proven_optimal" and bound != stage.value
        if short or not (math.isnan(bound) or _no_better(bound, check.checked_bound, better_is_less=better_is_less)):
            raise BrokenProof(
                "Stage '{stage}' claims the bound {told}; its certificate proves {found}.",
                stage=check.objective,
                told=bound,
                found=check.checked_bound,
            )
    if not math.isnan(stage.gap) and not math.isclose(
        stage.gap, abs(stage.value - stage.bound), rel_tol=1e-9, abs_tol=1e-9
    ):
        raise BrokenProof("Stage '{stage}' claims a gap that its value and bound do not leave.", stage=check.objective)


def _no_better(bound: float, proven: float, *, better_is_less: bool) -> bool:
    """Tell whether a bound says no more than the proven one; nothing is proven where that is NaN."""
    slack = 1e-12 * max(1.0, abs(proven))
    return bound <= proven + slack if better_is_less else bound >= proven - slack
