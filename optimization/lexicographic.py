"""`solve`: the stages one after another, each proven, each keeping what the earlier ones locked."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import BrokenProof, InvalidInput
from optimization import certificate, claims, conflict
from optimization.certificate_arrays import proof_arrays
from optimization.highs import quiet_highs
from optimization.limits import Limits, checked_limits, settings_of
from optimization.memory import Memory, Recall
from optimization.merging import Core, merged
from optimization.problem import Problem, Stage
from optimization.proof_log import ProofLog
from optimization.search import Outcome, deepened, search
from optimization.solution import Conflict, Solution, StageCheck, StageResult, Status
from optimization.stages import Locks, floor_caps, goal_of, locked, reported, unit_of
from optimization.system import Value, goal_value, system_of
from optimization.validation import validate


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve is: the stage's name, its unit, the value found and the bound (NaN: none yet)."""

    stage: str
    unit: str
    value: float
    bound: float
    seconds: float


def solve(
    problem: Problem,
    *,
    time_limit: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    start: NDArray[np.bool_] | None = None,
    memory: Memory | None = None,
    memory_limit: float | None = None,
) -> Solution:
    """
    Solve every stage in turn, each with a proof that is replayed before it is claimed.

    Parameters
    ----------
    problem
        Checked first; every fault is named.
    time_limit
        Seconds for all stages together; None for no limit. A stage cut off is never "proven_optimal".
    gap
        A stage may stop when |value − bound| <= gap · |miss|; 0.0 asks for proof.
    threads
        How many threads may be used. The search keeps to one whatever is allowed, so that the answer does
        not depend on it; recorded in the settings.
    seed
        Given to HiGHS; a run that met its time limit is the only one that another machine may answer otherwise.
    progress
        Told about every improvement.
    start
        (J,) a plan to start from, such as the answer to nearly the same problem; it may be infeasible
        and never changes what is proven, as with `memory`.
    memory
        What an earlier solve of nearly the same problem left, used and then filled with what this one leaves:
        after a change of rules, bounds or floors the answer comes several times sooner. It changes neither a
        value nor its proof; of plans that the tie stage too ranks alike another may be found.
    memory_limit
        Resident megabytes (2**20 bytes) of the whole process above which the search stops as at a time limit,
        with the best plan so far and its bound; looked at between two linear programmes, so it may be passed a little.

    Returns
    -------
    solution
        Ctrl-C or the time limit give the best so far, with the word that fits it.

    Raises
    ------
    InvalidInput
        If the problem, `gap`, `threads` or `time_limit` is not well formed.
    BrokenProof
        If the replay disagrees with the search: a fault of this code, never to be shown as a plan.
    """
    validate(problem)
    started = time.monotonic()
    limits = checked_limits(
        started=started, time_limit=time_limit, gap=gap, threads=threads, seed=seed, memory_limit=memory_limit
    )
    if start is not None and start.shape != problem.columns.place.shape:
        raise InvalidInput(
            "start has {found} columns; expected {expected}.", found=start.size, expected=problem.columns.place.size
        )
    deepen = memory is not None and memory.core is None
    core = merged(problem) if memory is None else memory.core_of(problem)
    if start is None and memory is not None:
        start = memory.plan
    run = _Run(problem, core, limits, started, progress, start, memory, deepen=deepen)
    run.work()
    found = run.solution()
    settings: dict[str, Any] = {
        **settings_of(time_limit=time_limit, gap=gap, threads=threads, seed=seed, memory_limit=memory_limit),
        "solver": f"HiGHS {quiet_highs().version()}",
        "deterministic": not (run.cut_off or run.rushed),
        "interrupted": run.interrupted,
    }
    return replace(found, settings=settings)


class _Run:
    """One call of `solve`; collects stage results."""

    def __init__(
        self,
        problem: Problem,
        core: Core,
        limits: Limits,
        started: float,
        progress: Callable[[Progress], None] | None,
        first: NDArray[np.bool_] | None,
        memory: Memory | None,
        *,
        deepen: bool,
    ) -> None:
        self.problem, self.core, self.limits, self.started = problem, core, limits, started
        self.deepen = deepen  # the first solve of a memory takes some more time over what it leaves
        self.progress, self.first, self.memory = progress, first, memory
        self.results: list[StageResult] = []
        self.plans: list[NDArray[np.bool_]] = []
        self.proofs: list[ProofLog] = []
        self.conflict: Conflict | None = None
        self.cut_off = False
        self.interrupted = False  # by Ctrl-C: whoever asks several questions stops then
        self.rushed = False

    def work(self) -> None:
        """Run the stages until one is not settled; Ctrl-C between two of them keeps those that ended."""
        try:
            self._stages()
        except KeyboardInterrupt:
            ended = len(self.results)
            if not ended:
                raise
            self.interrupted = self.cut_off = True
            self.plans, self.proofs = self.plans[:ended], self.proofs[:ended]

    def _stages(self) -> None:
        locks = Locks(floor_caps(self.problem), ())
        for stage in self.problem.stages:
            value = self._stage(stage, locks)
            if value is None or self.cut_off:
                return
            locks = locked(self.problem, stage, value, locks)

    def _stage(self, stage: Stage, locks: Locks) -> Value | None:
        began = time.monotonic()
        problem = self.problem
        goal = goal_of(problem, stage)
        system = system_of(problem, self.core, rules=problem.rules + locks.rules, caps=locks.caps, goal=goal)
        before = self.plans[-1] if self.plans else None
        start: Value | None = None
        if before is not None:
            start = goal_value(goal, self.core.missed(before), system.totals, before)
        outcome = search(
            system,
            incumbent=self.first if before is None else before,
            limits=self.limits,
            report=teller(problem, stage, self.progress, self.started),
            before=self.proofs[-1] if self.proofs else None,
            recall=self._recall(stage, locks),
        )
        if self.deepen and outcome.complete and not outcome.interrupted:
            outcome = deepened(system, outcome, self._names(locks), self.limits)
        if self.memory is not None:
            self.memory.keep(stage.name, outcome.kept, outcome.chosen)
        self.interrupted = outcome.interrupted
        self.cut_off = outcome.interrupted or (not outcome.complete)
        self.rushed = self.rushed or outcome.rushed
        if outcome.value is None and before is not None:
            raise BrokenProof("Stage '{stage}' lost the plan of the stage before it.", stage=stage.name)
        self.proofs.append(outcome.proof)
        self._record(stage, outcome, start, time.monotonic() - began)
        return outcome.value

    def _recall(self, stage: Stage, locks: Locks) -> Recall | None:
        if self.memory is None:
            return None
        return self.memory.recall(stage.name, self._names(locks))

    def _names(self, locks: Locks) -> tuple[str, ...]:
        return tuple(rule.name for rule in (*self.problem.rules, *locks.rules))

    def _record(self, stage: Stage, outcome: Outcome, start: Value | None, seconds: float) -> None:
        problem = self.problem
        value, bound = reported(problem, stage, outcome.value), reported(problem, stage, outcome.bound)
        moved = 0
        if outcome.chosen is not None:
            if self.plans:
                moved = int((outcome.chosen != self.plans[-1]).sum())
            self.plans.append(outcome.chosen)
        status = status_word(outcome)
        if status == "infeasible":
            bound = math.nan
        self.results.append(
            StageResult(
                objective=stage.name,
                unit=unit_of(problem, stage)[0],
                status=status,
                value=value,
                bound=bound,
                gap=abs(value - bound),
                checked_bound=math.nan,
                proof="none",
                rechecked=False,
                seconds=seconds,
                start=reported(problem, stage, start),
                moved=moved,
            )
        )

    def solution(self) -> Solution:
        """Put the answer together: replay the proofs, and explain an infeasibility. Ctrl-C keeps the plan alone."""
        try:
            return self._proven()
        except KeyboardInterrupt:
            return self._bare()

    def _bare(self) -> Solution:
        """The plan; without a replay of its proof nothing of it is claimed."""
        self.interrupted = True
        stages = tuple(unproven(result) for result in self.results)
        chosen, plans = self._plans()
        status, seconds = claims.overall(self.problem, stages), time.monotonic() - self.started
        return Solution(status, chosen, stages, seconds, {}, certificate={"stage_chosen": plans})

    def _plans(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(J,) the last plan, all False without one, and (stages, J) that of each stage."""
        count = self.problem.columns.place.size
        plans = np.array(self.plans, dtype=bool).reshape(len(self.plans), count)
        return plans[-1] if len(plans) else np.zeros(count, dtype=bool), plans

    def _proven(self) -> Solution:
        chosen, plans = self._plans()
        arrays: dict[str, NDArray[Any]] = dict(proof_arrays(self.proofs[-1], [proof.nodes for proof in self.proofs]))
        arrays["stage_chosen"] = plans
        status = claims.overall(self.problem, self.results)
        if status == "infeasible":
            exact = replace(self.limits, gap=0.0)  # a least change within a gap would be no least one
            self.conflict = conflict.explain(self.problem, self.core, limits=exact)
            self.rushed = self.rushed or self.limits.met()
        draft = Solution(status, chosen, tuple(self.results), 0.0, {}, certificate=arrays, conflict=self.conflict)
        checks = certificate.replay(self.problem, draft)
        stages = tuple(confirmed_stage(*pair) for pair in zip(self.results, checks, strict=True))
        status, seconds = claims.overall(self.problem, stages), time.monotonic() - self.started
        return replace(draft, status=status, stages=stages, seconds=seconds)


def status_word(outcome: Outcome) -> Status:
    """Say in one word how a search ended."""
    if outcome.value is None:
        return "infeasible" if outcome.complete else "not_finished"
    if outcome.bound is None:
        return "best_found"
    return "proven_optimal" if outcome.bound == outcome.value else "within_gap"


def unproven(result: StageResult) -> StageResult:
    """Say of a stage what is known without a replay: its plan."""
    word: Status = "not_finished" if math.isnan(result.value) else "best_found"
    return replace(result, status=word, bound=math.nan, gap=math.nan)


def teller(
    problem: Problem, stage: Stage, progress: Callable[[Progress], None] | None, started: float
) -> Callable[[Value | None, Value | None], None]:
    """Return what tells `progress` of a stage's value and bound, in its unit."""

    def tell(value: Value | None, bound: Value | None) -> None:
        if progress is not None:
            shown = (reported(problem, stage, value), reported(problem, stage, bound))
            progress(Progress(stage.name, unit_of(problem, stage)[0], *shown, time.monotonic() - started))

    return tell


def confirmed_stage(result: StageResult, check: StageCheck) -> StageResult:
    """
    Add to a stage what its replay found.

    Raises
    ------
    BrokenProof
        If the search calls proven what the replay does not confirm.
    """
    proven = result.status in {"proven_optimal", "infeasible"}
    if proven and not check.proves:
        raise claims.unconfirmed(check, result.status)
    result = replace(result, checked_bound=check.checked_bound, proof="checked" if proven else "none", rechecked=True)
    if result.status != "within_gap" or claims.gap_of(check) <= result.gap:
        return result
    # a bound is told as far as it is proven, never further
    bound = check.checked_bound
    return unproven(result) if math.isnan(bound) else replace(result, bound=bound, gap=claims.gap_of(check))
