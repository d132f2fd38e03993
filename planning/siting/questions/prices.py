"""
What each of the planner's demands costs: the plan with that one line loosened by one step, proven again.

A price is the difference of two proven optima, so it is exact; where a proof is missing, the
price says so and is only what was found. It is no shadow price of a relaxation: siting is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import optimization
from foundation.errors import InvalidInput, Name, Phrase
from optimization import LinearStage, Measure, MissStage, Problem, Solution
from planning.aims import CoverFloor, Objectives
from planning.conditions import Conditions
from planning.programme import Programme, Tranche, ZoneQuota
from planning.siting.floor_lines import setting_of, whom
from planning.siting.instance import Instance
from planning.siting.lines import lines_of
from planning.siting.plan import problem_of
from planning.siting.questions.figures import PlanFigures, figures_of
from planning.siting.request import Request
from planning.siting.solve import SolverSettings
from planning.travel import Reach, Travel

Part = Literal["line", "governorate"]


@dataclass(frozen=True, slots=True)
class Steps:
    """By how much a line is loosened: JOD of a budget, posts of a staff limit, share of a floor."""

    budget_jod: int = 1_000_000
    posts: int = 10
    share: float = 0.01


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
    unit
        Of the first objective.
    kept, relaxed
        The first objective with the demand, and with it loosened; in `unit`, NaN where no plan was found.
    gain
        What loosening gains in the first objective, 0 or more; NaN where one side has no plan.
    before, after
        Both plans in figures; None where there is no plan.
    proven
        True when both sides are proven optimal in the first objective.
    """

    key: str
    part: Part
    says: Phrase
    step: Phrase
    unit: str
    kept: float
    relaxed: float
    gain: float
    before: PlanFigures
    after: PlanFigures | None
    proven: bool


@dataclass(frozen=True, slots=True)
class _Change:
    key: str
    part: Part
    says: Phrase
    step: Phrase
    problem: Callable[[], Problem]


def rule_prices(
    request: Request,
    journeys: Travel | Reach,
    instance: Instance,
    answer: tuple[Problem, Solution],
    steps: Steps | None = None,
) -> tuple[RulePrice, ...]:
    """
    Price every count, quota, condition and floor of a programme.

    A quota of each governorate is priced as the whole line first; then, where the line costs something,
    by itself for each governorate that the plan without the line leaves below it.

    Parameters
    ----------
    answer
        The problem and its solution, the side with every demand.
    """
    asking = _Asking(request, journeys, instance, *answer)
    found: list[RulePrice] = []
    some = request.programme.conditions != Conditions() or bool(request.objectives.floors)
    loose = asking.price(_all_loose(request, journeys)) if some else None
    for change in _changes(request, journeys, steps or Steps()):
        if change.key.partition(":")[0] not in _COUNTED and loose is not None and _free(loose):
            price = replace(loose, key=change.key, says=change.says, step=change.step)
        else:
            price = asking.price(change)
        found.append(price)
        if change.key.startswith("quota:") and price.gain != 0.0:
            below = asking.below(change.key, price.after)
            found += [asking.price(part) for part in _by_zone(request, answer[0], change, below)]
    return tuple(found)


_COUNTED = ("quota", "tranche")


def _free(price: RulePrice) -> bool:
    return price.proven and price.gain == 0.0


def _all_loose(request: Request, journeys: Travel | Reach) -> _Change:
    """
    Leave out every condition and floor at once.

    Where even that gains nothing, none of them costs anything: loosening one by a step asks for more than this.
    """
    programme = replace(request.programme, conditions=Conditions())
    objectives = replace(request.objectives, floors=())
    return _Change(
        "all",
        "line",
        Phrase("every condition and floor"),
        Phrase("without it"),
        lambda: problem_of(replace(request, programme=programme, objectives=objectives), journeys),
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    request: Request
    journeys: Travel | Reach
    instance: Instance
    problem: Problem
    solution: Solution

    def below(self, key: str, after: PlanFigures | None) -> set[str]:
        """Zones that a plan leaves with fewer places than a quota line asks for."""
        quota = next(q for q in self.request.programme.zone_quotas if f"quota:{q.from_year}" == key)
        zone_of = dict(zip(self.instance.site_ids, self.instance.zone_of_site, strict=True))
        fixed = {f.site_id for f in self.request.programme.fixed}
        there = [zone_of[s] for s, _ in (after.places if after else ()) if quota.fixed_count or s not in fixed]
        return {zone for zone in self.instance.zones if there.count(zone) < quota.at_least}

    def price(self, change: _Change) -> RulePrice:
        """Solve the loosened problem and compare."""
        years = self.request.programme.years
        kept = self.solution.stages[0]
        before = figures_of(self.instance, self.solution.chosen, years)
        whole = change.problem()
        problem = replace(whole, stages=whole.stages[:1])  # the price is in the first objective
        loosened = solved(problem, self.request.solver, self.solution.chosen)
        first = loosened.stages[0] if loosened.stages else None
        there = first is not None and not np.isnan(first.value)
        one, other = achieved(self.problem, kept.value), achieved(problem, first.value) if first and there else np.nan
        gain = abs(other - one)
        proven = first is not None and first.status == kept.status == "proven_optimal"
        unit = str(getattr(self.problem.stages[0], "unit", "")) or _measure(self.problem).unit
        return RulePrice(
            change.key,
            change.part,
            change.says,
            change.step,
            unit,
            float(one),
            float(other),
            float(gain),
            before,
            figures_of(self.instance, loosened.chosen, years) if there else None,
            proven,
        )


def solved(problem: Problem, settings: SolverSettings, start: NDArray[np.bool_]) -> Solution:
    """Solve a changed problem from the plan that is known, where both have the same columns."""
    return optimization.solve(
        problem,
        time_limit=settings.time_limit_seconds,
        gap=settings.gap,
        threads=settings.threads,
        seed=settings.seed,
        start=start if start.size == problem.columns.place.size else None,
    )


def achieved(problem: Problem, value: float) -> float:
    """Read the first stage's value as what is achieved: people reached, not missed; other stages as they are."""
    stage = problem.stages[0]
    if isinstance(stage, MissStage):
        measure = _measure(problem)
        if not measure.mass:
            return measure.total * measure.quantum - value
    return value


def _measure(problem: Problem) -> Measure:
    stage = problem.stages[0]
    if isinstance(stage, LinearStage):
        raise InvalidInput("Prices need a first objective of people, visits or travel.")
    name = stage.measure if isinstance(stage, MissStage) else getattr(stage, "measures", ("",))[0]
    return next(measure for measure in problem.measures if measure.name == name)


def _changes(request: Request, journeys: Travel | Reach, steps: Steps) -> Iterator[_Change]:
    programme, objectives = request.programme, request.objectives

    def written(programme: Programme, objectives: Objectives = objectives) -> Callable[[], Problem]:
        return lambda: problem_of(replace(request, programme=programme, objectives=objectives), journeys)

    for quota in programme.zone_quotas:
        yield _quota(quota, programme, written)
    for tranche in programme.tranches:
        yield _tranche(tranche, programme, written)
    for line in lines_of(programme.conditions):
        number = line.number
        if number is None:
            yield _Change(
                line.key, "line", line.said, line.remove or Phrase("without it"),
                written(replace(programme, conditions=line.without)),
            )  # fmt: skip
            continue
        step = steps.budget_jod if line.key.startswith("budget:") else 1
        step = steps.posts if line.key.startswith("staff:") else step
        to = max(0, number.value + number.sign * step)
        said = Phrase("{n} JOD", {"n": to}) if line.key.startswith("budget:") else Phrase("{n}", {"n": to})
        yield _Change(line.key, "line", line.said, said, written(replace(programme, conditions=number.with_number(to))))
    for at, floor in enumerate(objectives.floors):
        yield _floor(at, floor, objectives, steps, lambda changed: written(programme, changed))


def _quota(quota: ZoneQuota, programme: Programme, written: Callable[[Programme], Callable[[], Problem]]) -> _Change:
    rest = tuple(each for each in programme.zone_quotas if each is not quota)
    less = (*rest, replace(quota, at_least=quota.at_least - 1)) if quota.at_least > 1 else rest
    return _Change(
        f"quota:{quota.from_year}",
        "line",
        Phrase(
            "at least {n} centres operating in each governorate from {year}",
            {"n": quota.at_least, "year": str(quota.from_year)},
        ),
        Phrase("{n} in each governorate", {"n": quota.at_least - 1}),
        written(replace(programme, zone_quotas=less)),
    )


def _tranche(tranche: Tranche, programme: Programme, written: Callable[[Programme], Callable[[], Problem]]) -> _Change:
    more = tuple(replace(t, count=t.count + 1) if t is tranche else t for t in programme.tranches)
    return _Change(
        f"tranche:{tranche.id}",
        "line",
        Phrase("{n} centres in “{title}”", {"n": tranche.count, "title": Name(tranche.title_en, tranche.title_ar)}),
        Phrase("one more, {n}", {"n": tranche.count + 1}),
        written(replace(programme, tranches=more)),
    )


def _floor(
    at: int,
    floor: CoverFloor,
    objectives: Objectives,
    steps: Steps,
    written: Callable[[Objectives], Callable[[], Problem]],
) -> _Change:
    others = tuple(each for each in objectives.floors if each is not floor)
    lower = None
    if floor.share is not None and floor.share > steps.share:
        lower = replace(floor, share=round(floor.share - steps.share, 12))
    if lower is None or lower.share is None:
        values = {"whom": _group(floor), "setting": setting_of(floor)}
        said = Phrase("the floor of people within the standard for {whom} ({setting})", values)
        step = Phrase("without it")
    else:
        values = {"whom": _group(floor), "share": _percent(floor.share)}
        said = Phrase("at least {share} % of these within the standard: {whom}", values)
        step = Phrase("{share} %", {"share": _percent(lower.share)})
    changed = replace(objectives, floors=(*others, lower) if lower else others)
    return _Change(f"floor:{at}", "line", said, step, written(changed))


_GROUPS = {"elderly": "Elderly (60 and over)", "disabled": "People with disabilities"}


def _group(floor: CoverFloor) -> Phrase:
    return Phrase(_GROUPS[floor.which]) if floor.which in _GROUPS else whom(floor)


def _percent(share: float | None) -> int | float:
    whole = round(100 * (share or 0.0), 6)
    return int(whole) if whole == int(whole) else whole


def _by_zone(request: Request, problem: Problem, line: _Change, zones: set[str]) -> Iterator[_Change]:
    """Drop the quota of one governorate at a time."""
    year = line.key.partition(":")[2]
    names = {str(z): Name(str(en), str(ar)) for z, en, ar in _zones(request) if z in zones}
    for zone, name in names.items():
        gone = [r.name for r in problem.rules if r.kind == "quota" and _is_of(r.name, zone, year)]
        if gone:
            kept = tuple(rule for rule in problem.rules if rule.name not in gone)
            yield _Change(
                f"quota:{zone}:{year}",
                "governorate",
                Phrase("the quota in {zone}", {"zone": name}),
                Phrase("without it"),
                lambda kept=kept: replace(problem, rules=kept),  # type: ignore[misc]
            )


def _is_of(rule: str, zone: str, year: str) -> bool:
    return rule in {f"quota:{zone}:{year}"} or rule.startswith(f"quota:{zone}:{year}-")


def _zones(request: Request) -> Iterator[tuple[object, object, object]]:
    zones = request.country.zones
    yield from zip(zones["zone_id"], zones["name_en"], zones["name_ar"], strict=True)
