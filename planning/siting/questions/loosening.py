"""
The programme with one line loosened by one step: what is priced, in the planner's words.

A closure is a permission and no demand, and is not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from foundation.errors import InvalidInput, Name, Phrase
from optimization import Problem
from planning.aims import CoverFloor, Objectives
from planning.conditions import Budget, Conditions, Spacing
from planning.counted_words import centres
from planning.programme import Programme, Tranche, ZoneQuota
from planning.siting.floor_lines import setting_of, whom
from planning.siting.lines import lines_of
from planning.siting.plan import problem_of
from planning.siting.questions.resolving import first_only
from planning.siting.request import Request
from planning.travel import Reach, Travel

Part = Literal["line", "governorate"]
BOUNDLESS = 10**15  # JOD
Written = Callable[[bool], Problem]  # True: the first objective alone


@dataclass(frozen=True, slots=True)
class Steps:
    """By how much a line is loosened: JOD of a budget, posts of a staff limit, share of a floor, km of a spacing."""

    budget_jod: int = 1_000_000
    posts: int = 10
    share: float = 0.01
    km: float = 5.0


@dataclass(frozen=True, slots=True)
class Change:
    """One line, how it is loosened (a budget by so many JOD), and the problem that is left."""

    key: str
    part: Part
    says: Phrase
    step: Phrase
    problem: Written
    step_jod: int | None = None


@dataclass(frozen=True, slots=True)
class Loosening:
    """A request and its journeys, whose lines are loosened one by one."""

    request: Request
    journeys: Travel | Reach
    steps: Steps

    def changes(self) -> Iterator[Change]:
        """Yield every quota, tranche, condition, spacing and floor."""
        programme = self.request.programme
        for quota in programme.zone_quotas:
            yield self._quota(quota)
        for tranche in programme.tranches:
            yield self._tranche(tranche)
        yield from self._conditions()
        for spacing in programme.conditions.spacing:
            yield self._spacing(spacing)
        for at, floor in enumerate(self.request.objectives.floors):
            yield self._floor(at, floor)

    def all_loose(self) -> Change | None:
        """
        Leave out every condition and floor at once; what may close may still close.

        Where even that gains nothing, none of them costs anything: loosening one by a step asks for more
        than this. None where there is no condition, or where the programme needs some to be limited at all.
        """
        programme, objectives = self.request.programme, self.request.objectives
        if programme.conditions == Conditions(closures=programme.conditions.closures) and not objectives.floors:
            return None
        bare = Conditions(closures=programme.conditions.closures, budget=self._boundless())
        try:
            programme = replace(programme, conditions=bare)
        except InvalidInput:
            return None
        written = self._written(programme, replace(objectives, floors=()))
        return Change("all", "line", Phrase("every condition and floor"), Phrase("without it"), written)

    def _boundless(self) -> Budget | None:
        """Keep how a budget counts money, where that is an objective, and no limit of it."""
        budget = self.request.programme.conditions.budget
        if budget is None or not self.request.objectives.asks("cost"):
            return None
        return replace(budget, by_year=(), total=BOUNDLESS)

    def by_zone(self, problem: Problem, line: Change, names: set[str]) -> Iterator[Change]:
        """Leave out the quota of one governorate at a time, of those with a rule among `names`."""
        year = line.key.partition(":")[2]
        frame = self.request.country.zones
        for zone, english, arabic in zip(frame["zone_id"], frame["name_en"], frame["name_ar"], strict=True):
            key = f"quota:{zone}:{year}"
            gone = [r.name for r in problem.rules if r.kind == "quota" and (r.name + "-").startswith(key + "-")]
            if names.isdisjoint(gone):
                continue
            freed = replace(problem, rules=tuple(rule for rule in problem.rules if rule.name not in gone))
            said = Phrase("the quota in {zone}", {"zone": Name(str(english), str(arabic))})
            yield Change(key, "governorate", said, Phrase("without it"), _same(freed))

    def _written(self, programme: Programme, objectives: Objectives | None = None) -> Written:
        wanted = self.request.objectives if objectives is None else objectives

        def written(alone: bool) -> Problem:
            now = first_only(wanted) if alone else wanted
            return problem_of(replace(self.request, programme=programme, objectives=now), self.journeys)

        return written

    def _quota(self, quota: ZoneQuota) -> Change:
        programme, least = self.request.programme, quota.at_least
        rest = tuple(each for each in programme.zone_quotas if each is not quota)
        less = (*rest, replace(quota, at_least=least - 1)) if least > 1 else rest
        says = Phrase(
            "at least {centres} operating in each governorate from {year}",
            {"centres": centres(least), "year": str(quota.from_year)},
        )
        step = Phrase("{n} in each governorate", {"n": least - 1})
        return Change(
            f"quota:{quota.from_year}", "line", says, step, self._written(replace(programme, zone_quotas=less))
        )

    def _tranche(self, tranche: Tranche) -> Change:
        programme, title = self.request.programme, Name(tranche.title_en, tranche.title_ar)
        more = tuple(replace(t, count=t.count + 1) if t is tranche else t for t in programme.tranches)
        return Change(
            f"tranche:{tranche.id}",
            "line",
            Phrase("{centres} in “{title}”", {"centres": centres(tranche.count), "title": title}),
            Phrase("one more, {n}", {"n": tranche.count + 1}),
            self._written(replace(programme, tranches=more)),
        )

    def _conditions(self) -> Iterator[Change]:
        programme = self.request.programme
        for line in lines_of(programme.conditions):
            what, number = line.key.partition(":")[0], line.number
            if what in {"move", "spacing"}:
                continue
            if number is None:
                changed, step = line.without, line.remove or Phrase("without it")
            else:
                by = {"budget": self.steps.budget_jod, "staff": self.steps.posts}.get(what, 1)
                to = max(0, number.value + number.sign * by)
                changed, step = number.with_number(to), Phrase("{n}", {"n": to})
            more = self.steps.budget_jod if what == "budget" else None
            if more is not None:
                step = Phrase("{more} JOD more: {n} JOD", {"more": more, "n": to})
            written = self._written(replace(programme, conditions=changed))
            yield Change(line.key, "line", line.said, step, written, more)

    def _spacing(self, spacing: Spacing) -> Change:
        """Let centres stand nearer by one step; a spacing of no more than a step is left out."""
        programme = self.request.programme
        before, nearer = programme.conditions, round(spacing.km - self.steps.km, 9)
        others = tuple(each for each in before.spacing if each is not spacing)
        kept = (*others, replace(spacing, km=nearer)) if nearer > 0 else others
        said = Phrase("centres at least {km} km apart ({name})", {"km": f"{spacing.km:g}", "name": spacing.name})
        step = Phrase("{km} km", {"km": f"{nearer:g}"}) if nearer > 0 else Phrase("without it")
        written = self._written(replace(programme, conditions=replace(before, spacing=kept)))
        return Change(f"spacing:{spacing.name}", "line", said, step, written)

    def _floor(self, at: int, floor: CoverFloor) -> Change:
        programme, objectives = self.request.programme, self.request.objectives
        others = tuple(each for each in objectives.floors if each is not floor)
        if floor.share is not None and floor.share > self.steps.share:
            lower = replace(floor, share=round(floor.share - self.steps.share, 12))
            said = Phrase(
                "at least {share} % of these within the standard: {whom}",
                {"whom": whom(floor), "share": _percent(floor.share)},
            )
            step = Phrase("{share} %", {"share": _percent(lower.share or 0.0)})
            kept = (*others, lower)
        else:
            values = {"whom": whom(floor), "setting": setting_of(floor)}
            said = Phrase("the floor of people within the standard for {whom} ({setting})", values)
            step, kept = Phrase("without it"), others
        return Change(f"floor:{at}", "line", said, step, self._written(programme, replace(objectives, floors=kept)))


def _same(problem: Problem) -> Written:
    return lambda _: problem


def _percent(share: float) -> int | float:
    whole = round(100 * share, 6)
    return int(whole) if whole == int(whole) else whole
