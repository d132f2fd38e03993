"""
The first stage solved again, for questions that read nothing else: smaller, and proven all the same.

What later stages measure is left out before the search: measures that neither the stage nor a floor
reads, and rows that weigh nothing in those kept. Every plan keeps its miss in the measures kept, so the
stage's value, bound and feasible plans are those of the whole problem.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimization import certificate
from optimization.certificate_arrays import proof_arrays
from optimization.highs import quiet_highs
from optimization.lexicographic import Progress, confirmed_stage, status_word, teller, unproven
from optimization.limits import checked_limits, settings_of
from optimization.memory import Memory
from optimization.merging import merged
from optimization.problem import MissStage, Problem, WorstStage
from optimization.search import Outcome, search
from optimization.solution import Solution, StageResult
from optimization.stages import floor_caps, goal_of, reported, unit_of
from optimization.system import system_of
from optimization.validation import validate


def first_stage_of(problem: Problem) -> Problem:
    """
    Return the problem of the first stage alone, without measures and rows that it does not read.

    Columns, rules and floors stay; of measures at least one stays.
    """
    stage = problem.stages[0]
    read = {floor.measure for floor in problem.floors}
    if isinstance(stage, MissStage):
        read.add(stage.measure)
    elif isinstance(stage, WorstStage):
        read |= set(stage.measures)
    kept = [at for at, measure in enumerate(problem.measures) if measure.name in read] or [0][: len(problem.measures)]
    weights = problem.weights[:, kept]
    rows = np.flatnonzero(weights.any(axis=1))
    return replace(
        problem,
        sets=problem.sets[rows],
        weights=np.ascontiguousarray(weights[rows]),
        measures=tuple(problem.measures[at] for at in kept),
        stages=(stage,),
    )


def solve_first(
    problem: Problem,
    *,
    start: NDArray[np.bool_] | None = None,
    memory: Memory | None = None,
    time_limit: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    seed: int = 0,
    memory_limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Solution:
    """
    Solve the first stage of a problem and replay its proof; parameters as in `solve`, where a `memory` is of
    other first stages only.

    Returns
    -------
    solution
        Of `first_stage_of(problem)`: its certificate belongs to that. Without a plan no clash is looked for.

    Raises
    ------
    InvalidInput
        If the problem or a limit is not well formed.
    BrokenProof
        If the replay disagrees with the search.
    """
    small = first_stage_of(problem)
    validate(small)
    started = time.monotonic()
    limits = checked_limits(
        started=started, time_limit=time_limit, gap=gap, threads=threads, seed=seed, memory_limit=memory_limit
    )
    goal = goal_of(small, small.stages[0])
    core = merged(small) if memory is None else memory.core_of(small)
    system = system_of(small, core, rules=small.rules, caps=floor_caps(small), goal=goal)
    names = tuple(rule.name for rule in small.rules)
    outcome = search(
        system,
        incumbent=memory.plan if start is None and memory is not None else start,
        limits=limits,
        report=teller(small, small.stages[0], progress, started),
        recall=memory.recall(small.stages[0].name, names) if memory is not None else None,
    )
    if memory is not None:
        memory.keep(small.stages[0].name, outcome.kept, outcome.chosen)
    result = _result(small, outcome)
    plans = [] if outcome.chosen is None else [outcome.chosen]
    width = small.columns.place.size
    arrays: dict[str, NDArray[Any]] = dict(proof_arrays(outcome.proof, [outcome.proof.nodes]))
    arrays["stage_chosen"] = np.array(plans, dtype=bool).reshape(len(plans), width)
    settings = {
        **settings_of(time_limit=time_limit, gap=gap, threads=threads, seed=seed, memory_limit=memory_limit),
        "solver": f"HiGHS {quiet_highs().version()}",
        "deterministic": outcome.complete and not outcome.interrupted and not outcome.rushed,
        "interrupted": outcome.interrupted,
    }
    chosen = plans[0] if plans else np.zeros(width, dtype=bool)
    draft = Solution(result.status, chosen, (result,), 0.0, settings, certificate=arrays)
    try:
        (check,) = certificate.replay(small, draft)
    except KeyboardInterrupt:  # the plan is kept; without its replay nothing of it is claimed
        left = unproven(result)
        settings["interrupted"] = True
        return replace(draft, status=left.status, stages=(left,), seconds=time.monotonic() - started)
    seconds = time.monotonic() - started
    checked = replace(confirmed_stage(result, check), seconds=seconds)
    return replace(draft, stages=(checked,), seconds=seconds)


def _result(problem: Problem, outcome: Outcome) -> StageResult:
    """Say what a search found, before its proof is replayed."""
    stage, status = problem.stages[0], status_word(outcome)
    value = reported(problem, stage, outcome.value)
    bound = math.nan if status == "infeasible" else reported(problem, stage, outcome.bound)
    return StageResult(
        objective=stage.name,
        unit=unit_of(problem, stage)[0],
        status=status,
        value=value,
        bound=bound,
        gap=abs(value - bound),
        checked_bound=math.nan,
        proof="none",
        rechecked=False,
        seconds=0.0,
        start=math.nan,
        moved=0,
    )
