"""
The frontier: what each number of centres, each budget, or each promise to the worst-off governorate buys.

Every point is a whole programme solved and proven by itself (the epsilon-constraint method, Haimes,
Lasdon & Wismer 1971); nothing is interpolated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from foundation.errors import InvalidInput
from optimization import Problem, Solution
from planning.aims import CoverFloor
from planning.conditions import Budget
from planning.counted_words import centres
from planning.programme import Programme
from planning.siting.instance import Instance
from planning.siting.plan import problem_of
from planning.siting.questions.figures import PlanFigures, figures_of
from planning.siting.questions.prices import PROVEN
from planning.siting.questions.resolving import (
    achieved,
    counts_money,
    counts_persons,
    first_only,
    first_solved,
    whole_solved,
)
from planning.siting.request import Request
from planning.travel import Reach, Travel

Over = Literal["centres", "budget", "budget_factor", "budget_change", "worst_governorate"]


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """
    One proven point.

    Attributes
    ----------
    at
        Centres in the final year; JOD over all years; a factor of each year's budget, or JOD added to it; or the share
        promised to every governorate.
    status
        Word of the first objective's proof; "infeasible" where no plan keeps the promise.
    value, bound
        First objective achieved and its bound, NaN where there is no plan.
    figures
        The plan that is best in every objective, in figures; None where there is none.
    settled
        Whether its later objectives are proven too.
    """

    over: Over
    at: float
    status: str
    value: float
    bound: float
    figures: PlanFigures | None
    settled: bool = False


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
    Solve the programme for each value, from the plan of the value before.

    Raises
    ------
    InvalidInput
        When there is nothing to vary: a number of centres below what the earlier tranches open, a
        budget where the programme has none. When the first objective is a share or an equivalent.
    """
    if not counts_persons(answer[0]) and not counts_money(answer[0]):
        raise InvalidInput("A frontier needs a first objective of people, visits, travel, centres or money.")
    start, programme = answer[1].chosen, request.programme
    points = []
    for value, changed in _requests(request, over, values):
        if changed is request:  # the plan itself
            points.append(_point(over, value, answer[0], answer[1], instance, programme))
            continue
        alone = problem_of(replace(changed, objectives=first_only(changed.objectives)), journeys)
        found = first_solved(alone, request.solver, start)
        if math.isnan(found.stages[0].value):
            points.append(FrontierPoint(over, value, found.status, math.nan, math.nan, None, False))
            continue
        start = found.chosen
        whole = whole_solved(problem_of(changed, journeys), request.solver, start)
        point = _point(over, value, alone, found, instance, programme)
        settled = whole.status == PROVEN
        points.append(replace(point, figures=figures_of(instance, whole.chosen, programme), settled=settled))
    return tuple(points)


def _point(
    over: Over, value: float, problem: Problem, solution: Solution, instance: Instance, programme: Programme
) -> FrontierPoint:
    first = solution.stages[0]
    return FrontierPoint(
        over,
        value,
        first.status,
        achieved(problem, first.value),
        achieved(problem, first.bound),
        figures_of(instance, solution.chosen, programme),
        solution.status == PROVEN,
    )


def _requests(request: Request, over: Over, values: Sequence[float]) -> Iterator[tuple[float, Request]]:
    programme, objectives = request.programme, request.objectives
    if over == "centres":
        counted = [tranche for tranche in programme.tranches if programme.counted(tranche.kind)]
        if not counted:
            raise InvalidInput("A frontier over centres is asked for; no tranche of the programme opens any.")
        last = max(counted, key=lambda t: (t.operating, t.kind == "comprehensive"))
        now = programme.operating(programme.final_year)
        for value in values:
            count = last.count + int(value) - now
            if count < 0:
                raise InvalidInput(
                    "A frontier over {centres} is asked for; the earlier tranches already open {most}.",
                    centres=centres(int(value)),
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
    elif over in {"budget_factor", "budget_change"}:
        for value in values:
            changed = replace(programme.conditions, budget=_each_year(programme, over, value))
            same = changed == programme.conditions
            yield float(value), request if same else replace(request, programme=replace(programme, conditions=changed))
    else:
        for value in values:
            floor = CoverFloor("governorate", share=float(value))
            floors = (*objectives.floors, floor) if value > 0 else objectives.floors
            yield float(value), replace(request, objectives=replace(objectives, floors=floors))


def _each_year(programme: Programme, over: Over, value: float) -> Budget:
    """Change the budget of every year: times a factor, rounded down to whole JOD, or by so many JOD."""
    budget = programme.conditions.budget
    if budget is None or not budget.by_year:
        raise InvalidInput("A frontier over the yearly budgets is asked for; the programme has no budget by year.")
    exact = Fraction(str(value))
    by_year = tuple(
        (year, math.floor(jod * exact) if over == "budget_factor" else jod + int(value)) for year, jod in budget.by_year
    )
    below = [(year, jod) for year, jod in by_year if jod < 0]
    if below:
        raise InvalidInput(
            "A frontier over the yearly budgets would leave {n} JOD in {year}. Take away less.",
            n=below[0][1],
            year=str(below[0][0]),
        )
    return replace(budget, by_year=by_year)
