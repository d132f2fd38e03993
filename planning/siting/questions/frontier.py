"""
The frontier: what each number of centres, each budget, or each promise to the worst-off governorate buys.

Every point is a whole programme solved and proven by itself (the epsilon-constraint method, Haimes,
Lasdon & Wismer 1971); nothing is interpolated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from foundation.errors import InvalidInput
from optimization import Problem, Solution
from planning.aims import CoverFloor
from planning.siting.instance import Instance
from planning.siting.plan import problem_of
from planning.siting.questions.figures import PlanFigures, figures_of
from planning.siting.questions.prices import achieved, solved
from planning.siting.request import Request
from planning.travel import Reach, Travel

Over = Literal["centres", "budget", "worst_governorate"]


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """
    One proven point.

    Attributes
    ----------
    at
        Centres in the final year, JOD over all years, or the share promised to every governorate.
    status
        Word of the first objective's proof; "infeasible" where no plan keeps the promise.
    value, bound
        First objective achieved and its bound, NaN where there is no plan.
    figures
        The plan in figures; None where there is none.
    """

    over: Over
    at: float
    status: str
    value: float
    bound: float
    figures: PlanFigures | None


def frontier(
    request: Request,
    journeys: Travel | Reach,
    instance: Instance,
    answer: tuple[Problem, Solution],
    *,
    over: Over,
    values: Sequence[float],
) -> tuple[FrontierPoint, ...]:
    """
    Solve the first objective for each value, from the plan of the value before.

    Raises
    ------
    InvalidInput
        When there is nothing to vary: a number of centres below what the earlier tranches open, a
        budget where the programme has none.
    """
    start = answer[1].chosen
    points = []
    for value, changed in _requests(request, over, values):
        if changed is request:  # the plan itself
            points.append(_own(request, instance, answer, over, value))
            continue
        whole = problem_of(changed, journeys)
        problem = replace(whole, stages=whole.stages[:1])
        found = solved(problem, request.solver, start)
        first = found.stages[0] if found.stages else None
        if first is None or np.isnan(first.value):
            points.append(FrontierPoint(over, value, found.status, float("nan"), float("nan"), None))
            continue
        start = found.chosen
        points.append(
            FrontierPoint(
                over,
                value,
                first.status,
                achieved(problem, first.value),
                achieved(problem, first.bound),
                figures_of(instance, found.chosen, request.programme.years),
            )
        )
    return tuple(points)


def _own(
    request: Request, instance: Instance, answer: tuple[Problem, Solution], over: Over, value: float
) -> FrontierPoint:
    problem, solution = answer
    first = solution.stages[0]
    return FrontierPoint(
        over,
        value,
        first.status,
        achieved(problem, first.value),
        achieved(problem, first.bound),
        figures_of(instance, solution.chosen, request.programme.years),
    )


def _requests(request: Request, over: Over, values: Sequence[float]) -> Iterator[tuple[float, Request]]:
    programme, objectives = request.programme, request.objectives
    if over == "centres":
        last = max(programme.tranches, key=lambda t: (t.operating, t.kind == "comprehensive"))
        now = programme.number(programme.final_year, last.kind)
        for value in values:
            count = last.count + int(value) - now
            if count < 0:
                raise InvalidInput(
                    "A frontier over {n} centres is asked for; the earlier tranches already open {most}.",
                    n=int(value),
                    most=now - last.count,
                )
            tranches = tuple(replace(t, count=count) if t is last else t for t in programme.tranches)
            kept = tranches if count else tuple(t for t in tranches if t.count)
            same = kept == programme.tranches
            yield float(value), request if same else replace(request, programme=replace(programme, tranches=kept))
    elif over == "budget":
        budget = programme.conditions.budget
        if budget is None or budget.total is None:
            raise InvalidInput("A frontier over the budget is asked for; the programme has no budget in total.")
        for value in values:
            changed = replace(programme.conditions, budget=replace(budget, total=int(value)))
            yield float(value), replace(request, programme=replace(programme, conditions=changed))
    else:
        for value in values:
            floor = CoverFloor("governorate", share=float(value))
            floors = (*objectives.floors, floor) if value > 0 else objectives.floors
            yield float(value), replace(request, objectives=replace(objectives, floors=floors))
