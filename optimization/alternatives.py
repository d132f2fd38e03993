"""Plans about as good as the best, the most different first."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from optimization.again import first_stage_of, solve_first
from optimization.lexicographic import solve
from optimization.memory import Memory
from optimization.problem import Floor, LinearStage, MissStage, Problem, Rule, TieStage
from optimization.rechecking import Counter
from optimization.solution import Solution
from optimization.validation import positions_of


@dataclass(frozen=True, slots=True)
class Alternatives:
    """
    Plans about as good as the best.

    Attributes
    ----------
    plans
        (k, J) bool: the best first, then each the most different from all before it.
    values
        First stage's value of each, in its unit.
    complete
        True when there is provably no other plan.
    in_order
        False where a limit, a gap or Ctrl-C cut a search short: a plan may then be less different than another.
    """

    plans: NDArray[np.bool_]
    values: tuple[float, ...]
    complete: bool
    in_order: bool = True


def alternatives(
    problem: Problem,
    *,
    within: int = 0,
    at_most: int = 10,
    solution: Solution | None = None,
    among: Iterable[int] | None = None,
    **limits: Any,
) -> Alternatives:
    """
    List plans that keep all rules and floors and lose at most `within` quanta of the first stage.

    Parameters
    ----------
    among
        Columns that tell plans apart: two plans alike in these are one. None: every column.

    Raises
    ------
    InvalidInput
        If the first stage is not a miss, or a number is out of its range. Later stages are left free.
    """
    stage = problem.stages[0]
    if not isinstance(stage, MissStage) or within < 0 or at_most < 1:
        raise InvalidInput("Alternatives need a first stage of kind miss, within >= 0 and at_most >= 1.")
    best = solution or solve(problem, **limits)
    if not best.stages or math.isnan(best.stages[0].value):
        return Alternatives(np.zeros((0, best.chosen.size), dtype=bool), (), best.status == "infeasible")
    measure = next(m for m in problem.measures if m.name == stage.measure)
    counter = Counter(problem)
    start = np.asarray(best.certificate["stage_chosen"][0]).astype(bool)
    allowed = counter.misses(start)[stage.measure] + within
    plans = [best.chosen if counter.misses(best.chosen)[stage.measure] <= allowed else start]
    complete, in_order = False, True
    every = range(problem.columns.place.size) if among is None else among
    apart = np.unique(np.array(positions_of(problem, every), dtype=np.int64))
    small, memory = first_stage_of(problem), Memory()
    while True:
        asked = _differing(small, plans, stage.measure, allowed, apart)
        if len(plans) == at_most:  # whether there is another at all: any will do
            asked = replace(
                asked,
                columns=replace(asked.columns, rank=np.zeros_like(asked.columns.rank)),
                stages=(TieStage("any other"),),
            )
        following = solve_first(asked, memory=memory, **limits)
        if following.status == "infeasible":
            complete = True
            break
        if (
            len(plans) == at_most
            or following.interrupted
            or (not following.chosen.any() and following.status == "not_finished")
        ):
            break
        plans.append(following.chosen)
        in_order = in_order and following.status == "proven_optimal"
    values = tuple(counter.misses(plan)[stage.measure] * measure.quantum for plan in plans)
    return Alternatives(np.array(plans), values, complete, in_order)


def _differing(
    problem: Problem, plans: list[NDArray[np.bool_]], measure: str, allowed: int, apart: NDArray[np.int64]
) -> Problem:
    """Ask for a plan unlike `plans` in the columns `apart`: each is cut off, and what is shared is made least."""
    cut_off = tuple(
        Rule(
            _unused(problem, f"not plan {at}"),
            "exclusion",
            apart,
            np.where(plan[apart], 1, -1).astype(np.int64),
            "<=",
            int(plan[apart].sum()) - 1,
            structural=True,
        )
        for at, plan in enumerate(plans)
    )
    # agreements with all plans, but for a constant: open where they are open, and shut where they are shut
    shared = np.zeros(problem.columns.place.size, dtype=np.int64)
    shared[apart] = np.sum([np.where(plan[apart], 1, -1) for plan in plans], axis=0)
    floor = Floor(_unused(problem, "as good"), measure, allowed)
    return replace(
        problem,
        rules=(*problem.rules, *cut_off),
        floors=(*problem.floors, floor),
        stages=(LinearStage("least alike", tuple(shared.tolist()), "agreements"),),
    )


def _unused(problem: Problem, name: str) -> str:
    """Return a name that no rule or floor of a planner's bears."""
    taken = {rule.name for rule in problem.rules} | {floor.name for floor in problem.floors}
    while name in taken:
        name += "'"
    return name
