"""
What each of the planner's demands costs: the plan with that one line loosened by one step, proven again.

A price is the difference of two proven optima, so it is exact; where a proof is missing there is no price,
but only what is proven of it on either side. It is no shadow price of a relaxation: siting is whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Phrase
from optimization import Problem, Solution
from planning.siting.instance import Instance
from planning.siting.questions.figures import PlanFigures, figures_of
from planning.siting.questions.loosening import Change, Loosening, Part, Steps
from planning.siting.questions.resolving import (
    achieved,
    counts_money,
    counts_persons,
    first_measure,
    first_solved,
    gained,
    whole_solved,
)
from planning.siting.request import Request
from planning.travel import Reach, Travel

PROVEN = "proven_optimal"
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RulePrice:
    """
    The price of one line of the programme.

    Attributes
    ----------
    key, part
        The line ("quota:2024"), or one governorate of it ("quota:JO-AJ:2024").
    says, step
        The demand, and how it was loosened.
    step_jod
        By how many JOD, of a budget; None elsewhere.
    unit
        Of the first objective.
    kept, relaxed
        The first objective with the demand, and with it loosened; in `unit`, NaN where no plan was found.
    gain
        What loosening gains in the first objective, in `unit`; NaN unless both sides are proven. Negative where
        it loses: one more centre that must open may do so, as counts are exact unless a tranche says at most.
    at_least, at_most
        What is proven of the gain, both `gain` where it is proven; NaN where nothing is.
    status
        Word of the loosened side's proof; "infeasible" where no plan meets it (one more centre than there is
        money for).
    before, after
        Both plans in figures; None where there is no plan. Where nothing is gained, the plan at hand is one of
        the best of the loosened programme too, and `after` is `before`.
    settled
        Whether the later objectives of `after` are proven as well, so that both plans are the best in all.
    proven
        True when both sides are proven optimal in the first objective.
    """

    key: str
    part: Part
    says: Phrase
    step: Phrase
    step_jod: int | None
    unit: str
    kept: float
    relaxed: float
    gain: float
    at_least: float
    at_most: float
    status: str
    before: PlanFigures
    after: PlanFigures | None
    settled: bool
    proven: bool


def rule_prices(
    request: Request,
    journeys: Travel | Reach,
    instance: Instance,
    answer: tuple[Problem, Solution],
    steps: Steps | None = None,
) -> tuple[RulePrice, ...]:
    """
    Price every count, quota, condition and floor of a programme.

    A quota of each governorate is priced as the whole line first; then, where the line costs something or may
    do so, by itself for each governorate that the plan without the line leaves below it. Conditions and
    floors that together cost nothing are not solved for one by one.

    Parameters
    ----------
    answer
        The problem and its solution, the side with every demand.

    Where the first objective is an amount of money (or a number of centres), a gain is what is saved, in JOD.

    Raises
    ------
    InvalidInput
        When the first objective is a worst-off share, a worst journey or an equivalent: no differences of sums.
    """
    if not counts_persons(answer[0]) and not counts_money(answer[0]):
        raise InvalidInput("Prices need a first objective of people, visits, travel, centres or money.")
    loosening = Loosening(request, journeys, steps or Steps())
    asking = _Asking(request, instance, *answer)
    loose = loosening.all_loose()
    whole = asking.price(loose) if loose is not None else None
    free = whole is not None and whole.proven and whole.gain == 0.0
    found: list[RulePrice] = []
    for change in loosening.changes():
        counted = change.key.partition(":")[0] in {"quota", "tranche"}
        if whole is not None and free and not counted:
            found.append(replace(whole, key=change.key, says=change.says, step=change.step, step_jod=change.step_jod))
            continue
        price, plan = asking.answer(change)
        found.append(price)
        if change.key.startswith("quota:") and price.gain != 0.0 and plan is not None:
            found += _by_zone(asking, loosening, change, price, plan)
    return tuple(found)


def _by_zone(asking: _Asking, loosening: Loosening, line: Change, price: RulePrice, plan: Flags) -> Iterator[RulePrice]:
    """
    Price the quota of each governorate that the plan without the line leaves below it, in some year.

    Where that is one governorate alone, the plan keeps every other quota: it is the best plan without the
    quota of that one too.
    """
    parts = list(loosening.by_zone(asking.problem, line, broken_quotas(asking.problem, plan)))
    one_each = all(
        q.at_least == 1 for q in loosening.request.programme.zone_quotas if line.key == f"quota:{q.from_year}"
    )
    for part in parts:
        if len(parts) == 1 and one_each and price.proven:
            yield replace(price, key=part.key, part=part.part, says=part.says, step=part.step)
        else:
            yield asking.price(part)


def broken_quotas(problem: Problem, plan: Flags) -> set[str]:
    """Name the quota rules of a problem that a plan of the same columns breaks."""
    return {
        rule.name
        for rule in problem.rules
        if rule.kind == "quota" and int(rule.coefficients @ plan[rule.columns]) < rule.right
    }


@dataclass(frozen=True, slots=True)
class _Asking:
    request: Request
    instance: Instance
    problem: Problem
    solution: Solution

    def price(self, change: Change) -> RulePrice:
        """Return the price alone."""
        return self.answer(change)[0]

    def answer(self, change: Change) -> tuple[RulePrice, Flags | None]:
        """Solve the loosened problem and compare; also return its plan."""
        kept, settings = self.solution.stages[0], self.request.solver
        problem = change.problem(True)
        loosened = first_solved(problem, settings, self.solution.chosen)
        first = loosened.stages[0]
        one, other = achieved(self.problem, kept.value), achieved(problem, first.value)
        proven = first.status == kept.status == PROVEN
        difference = gained(problem, one, other)
        best = gained(problem, one, achieved(problem, first.bound))
        before = self._figures(self.solution)
        after: PlanFigures | None = before
        plan: Flags | None = self.solution.chosen
        settled = all(stage.status == PROVEN for stage in self.solution.stages)
        if math.isnan(first.value):
            after, plan, settled = None, None, False
        elif not proven or difference != 0.0:
            whole = whole_solved(change.problem(False), settings, loosened.chosen)
            after, plan = self._figures(whole), whole.chosen
            settled = settled and whole.status == PROVEN
        price = RulePrice(
            change.key,
            change.part,
            change.says,
            change.step,
            change.step_jod,
            str(getattr(self.problem.stages[0], "unit", "")) or first_measure(self.problem).unit,
            kept=one,
            relaxed=other,
            gain=difference if proven else math.nan,
            at_least=difference if kept.status == PROVEN else math.nan,
            at_most=best,
            status=first.status,
            before=before,
            after=after,
            settled=settled,
            proven=proven,
        )
        return price, plan

    def _figures(self, solution: Solution) -> PlanFigures:
        return figures_of(self.instance, solution.chosen, self.request.programme)
