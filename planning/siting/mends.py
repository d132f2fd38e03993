"""
Single changes of a scenario file that make an impossible programme possible.

Every change named was tried: the problem is written anew with that one line
changed, and has a plan. The numbers are the nearest ones that do it: the least move
is found by the optimizer on the right sides that the line moves together.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from foundation.errors import InvalidInput, Phrase, listed
from optimization import Conflict, Floor, Problem, Rule, least_shift, possible
from planning.aims import CoverFloor, Objectives
from planning.conditions import Spacing
from planning.counted_words import centres
from planning.programme import Programme, Tranche, ZoneQuota
from planning.siting.floor_lines import line_of_floor, lower_shares, setting_of, whom
from planning.siting.lines import Line, key_of, lines_of
from planning.siting.request import Request
from planning.siting.wording import mend_of

SECONDS = 60.0  # for all mends together

Asked = TypeVar("Asked")
Rebuilt = Callable[[Programme, Objectives], Problem]


@dataclass(frozen=True, slots=True)
class Mends:
    """The changes found; `sure` is False when some could not be tried in time."""

    found: tuple[Phrase, ...]
    sure: bool

    def said(self) -> Phrase:
        """Say them as a sentence."""
        if len(self.found) == 1:
            return Phrase("This change alone mends it: {mend}.", {"mend": self.found[0]})
        if self.found:
            return Phrase("Any one of these changes mends it: {mends}.", {"mends": listed(self.found)})
        if self.sure:
            return Phrase("No single change of one line mends it; change several.")
        return Phrase("No single change that mends it was found in the time allowed for looking.")


def mends_of(problem: Problem, request: Request, conflict: Conflict | None, rebuilt: Rebuilt) -> Mends:
    """Find every line of the file whose change, alone, gives a plan."""
    programme = request.programme
    trial = _Trial(problem, programme, request.objectives, rebuilt, time.monotonic() + SECONDS)
    found = [mend for quota in programme.zone_quotas for mend in _quota_mends(trial, quota)]
    found += [mend for tranche in programme.tranches for mend in _tranche_mends(trial, tranche)]
    found += _condition_mends(trial, conflict)
    found += _floor_mends(trial, conflict)
    found += _other_mends(trial, conflict)
    return Mends(tuple(found), trial.sure)


@dataclass(slots=True)
class _Trial:
    """Asks whether a changed problem can be met, within the time allowed."""

    problem: Problem
    programme: Programme
    objectives: Objectives
    rebuilt: Rebuilt
    deadline: float
    sure: bool = True

    def helps(self, **changes: object) -> bool:
        """Tell whether the programme with these fields changed has a plan; False where it is no programme."""
        try:
            changed = self.rebuilt(replace(self.programme, **changes), self.objectives)  # type: ignore[arg-type]
        except InvalidInput:
            return False
        return self.met(changed)

    def helps_floors(self, floors: tuple[CoverFloor, ...]) -> bool:
        """Tell whether the same programme has a plan with other floors."""
        try:
            return self.met(self.rebuilt(self.programme, replace(self.objectives, floors=floors)))
        except InvalidInput:
            return False

    def met(self, problem: Problem) -> bool:
        """Tell whether a problem is proven to have a plan."""
        answer = possible(problem, seconds=self.left)
        self.sure = self.sure and answer is not None
        return bool(answer)

    @property
    def left(self) -> float:
        """Seconds that remain."""
        return max(0.0, self.deadline - time.monotonic())

    def moved_by(self, **changes: object) -> dict[str, int]:
        """How a change of the programme moves the right side of each rule, by name."""
        before = {rule.name: rule.right for rule in self.problem.rules}
        try:
            after = self.rebuilt(replace(self.programme, **changes), self.objectives)  # type: ignore[arg-type]
        except InvalidInput:
            return {}
        moves = {rule.name: rule.right - before.get(rule.name, rule.right) for rule in after.rules}
        return {name: move for name, move in moves.items() if move}

    def matters(self, names: set[str]) -> bool:
        """Tell whether the rest could be met without these rules: if not, no number in them mends anything."""
        rules = tuple(rule for rule in self.problem.rules if rule.name not in names)
        return self.met(replace(self.problem, rules=rules))

    def least(self, shifts: dict[str, int], most: int) -> int | None:
        """Find the least move of these right sides that gives a plan."""
        return least_shift(self.problem, shifts, most=most, seconds=self.left) if shifts else None


def _quota_mends(trial: _Trial, quota: ZoneQuota) -> Iterator[Phrase]:
    """Ask for fewer in each governorate (or none), let fixed centres count, or begin later."""
    programme = trial.programme
    names = {r.name for r in trial.problem.rules if r.kind == "quota" and quota_year(r.name) == str(quota.from_year)}
    if not names or not trial.matters(names):
        return

    def others(*instead: ZoneQuota) -> tuple[ZoneQuota, ...]:
        at = programme.zone_quotas.index(quota)
        return (*programme.zone_quotas[:at], *instead, *programme.zone_quotas[at + 1 :])

    line = {"n": quota.at_least, "year": str(quota.from_year)}
    fewer = trial.least(dict.fromkeys(names, -1), quota.at_least)
    if fewer is not None and fewer < quota.at_least:
        at_least = quota.at_least - fewer
        if trial.helps(zone_quotas=others(replace(quota, at_least=at_least))):
            yield _in_quota(line, f"at_least: {at_least}")
    elif fewer is not None and trial.helps(zone_quotas=others()):
        yield Phrase("remove the quota from {year} (at least {n})", line)
    if not quota.fixed_count and trial.helps(zone_quotas=others(replace(quota, fixed_count=True))):
        yield _in_quota(line, "fixed_centres_count: true")
    taken = {each.from_year for each in programme.zone_quotas}
    later = (year for year in programme.years if year > quota.from_year and year not in taken)
    for year in later:
        if trial.helps(zone_quotas=others(replace(quota, from_year=year))):
            yield _in_quota(line, f"from: {year}")
            return


def quota_year(rule_name: str) -> str:
    """Return the first year of the quota that a rule belongs to: ``quota:JO-AM:2024-2026`` is of 2024."""
    return rule_name.rpartition(":")[2].partition("-")[0]


def _in_quota(line: dict[str, object], setting: str) -> Phrase:
    return Phrase("in the quota from {year} (at least {n}), write {setting}", line | {"setting": setting})


def _tranche_mends(trial: _Trial, tranche: Tranche) -> Iterator[Phrase]:
    """Open more or fewer centres in one tranche, or none."""
    programme = trial.programme

    def others(*instead: Tranche) -> tuple[Tranche, ...]:
        at = programme.tranches.index(tranche)
        return (*programme.tranches[:at], *instead, *programme.tranches[at + 1 :])

    up = trial.moved_by(tranches=others(replace(tranche, count=tranche.count + 1)))
    if not up or not trial.matters(set(up)):
        return
    places = int(trial.problem.columns.place.max(initial=0)) + 1
    line: dict[str, object] = {"id": tranche.id, "n": tranche.count}
    for sign, most in ((1, places), (-1, tranche.count)):
        move = trial.least({name: sign * step for name, step in up.items()}, most)
        if move is None:
            continue
        count = tranche.count + sign * move
        if count and trial.helps(tranches=others(replace(tranche, count=count))):
            yield Phrase("in the tranche {id}, write {setting} instead of {n}", line | {"setting": f"count: {count}"})
        elif not count and trial.helps(tranches=others()):
            yield Phrase(
                "remove the tranche {id} (of {centres})", {"id": tranche.id, "centres": centres(tranche.count)}
            )


def _condition_mends(trial: _Trial, conflict: Conflict | None) -> Iterator[Phrase]:
    """Loosen the number of one condition by the least that does it, or leave it out."""
    clashing = {key_of(name) for name in (conflict.names if conflict is not None else ())}
    spacings = {f"spacing:{spacing.name}": spacing for spacing in trial.programme.conditions.spacing}
    for line in lines_of(trial.programme.conditions):
        if line.key not in clashing:
            continue
        nearer = _nearer(trial, spacings[line.key]) if line.key in spacings else None
        if nearer is not None:
            yield nearer
            continue
        number = _loosened(trial, line, conflict)
        if line.number is not None and number is not None and trial.helps(conditions=line.number.with_number(number)):
            yield line.number.said(number)
        elif line.remove is not None and trial.helps(conditions=line.without):
            yield line.remove


def _nearer(trial: _Trial, spacing: Spacing) -> Phrase | None:
    """Say the most whole kilometres of a spacing that give a plan; None where only its removal can."""
    conditions = trial.programme.conditions
    at = conditions.spacing.index(spacing)

    def helps(km: int) -> bool:
        changed = (*conditions.spacing[:at], replace(spacing, km=float(km)), *conditions.spacing[at + 1 :])
        return trial.helps(conditions=replace(conditions, spacing=changed))

    km = _nearest(range(math.ceil(spacing.km) - 1, 0, -1), helps)
    if km is None:
        return None
    values = {"name": spacing.name, "setting": f"km: {km}", "n": f"{spacing.km:g}"}
    return Phrase("in the rule {name}, write {setting} instead of {n}", values)


def _loosened(trial: _Trial, line: Line, conflict: Conflict | None) -> int | None:
    """Return the nearest number of a line that gives a plan; None where only its removal can."""
    if line.number is None:
        return None
    names = [rule.name for rule in trial.problem.rules if key_of(rule.name) == line.key]
    if len(names) == 1 and conflict is not None and names[0] in conflict.relaxations:
        number = line.number.value + int(conflict.relaxations[names[0]])
    else:
        places = int(trial.problem.columns.place.max(initial=0)) + 1
        move = trial.least(dict.fromkeys(names, line.number.sign), places)
        if move is None:
            return None
        number = line.number.value + line.number.sign * move
    return number if number > 0 else None


def _floor_mends(trial: _Trial, conflict: Conflict | None) -> Iterator[Phrase]:
    """Lower a floor to the nearest tenth of a per cent, or number of people, that gives a plan, or leave it out."""
    relaxed = conflict.relaxations if conflict is not None else {}
    clashing: dict[int, tuple[CoverFloor, list[str]]] = {}
    for name in conflict.names if conflict is not None else ():
        floor = line_of_floor(name, trial.objectives)
        if floor is not None:
            clashing.setdefault(id(floor), (floor, []))[1].append(name)
    for floor, names in clashing.values():
        at = next(i for i, each in enumerate(trial.objectives.floors) if each is floor)

        def others(*instead: CoverFloor, at: int = at) -> tuple[CoverFloor, ...]:
            return (*trial.objectives.floors[:at], *instead, *trial.objectives.floors[at + 1 :])

        if not trial.helps_floors(others()):
            continue
        values: dict[str, object] = {"whom": whom(floor), "old": setting_of(floor)}
        looser = [replace(floor, share=share) for share in lower_shares(floor)]
        lower = _nearest(looser, lambda to: trial.helps_floors(others(to)))
        if floor.people is not None and len(names) == 1 and names[0] in relaxed:
            fewer = floor.people - int(relaxed[names[0]])
            lower = replace(floor, people=fewer) if fewer >= 1 else None
        if lower is not None and trial.helps_floors(others(lower)):
            values["setting"] = setting_of(lower)
            yield Phrase("in the floor for {whom}, write {setting} instead of {old}", values)
        else:
            yield Phrase("remove the floor for {whom} ({old})", values)


def _nearest(lower: Sequence[Asked], helps: Callable[[Asked], bool]) -> Asked | None:
    """Return the first that helps of demands that ask for less and less, by halving."""
    low, high = 0, len(lower)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if helps(lower[middle]) else (middle + 1, high)
    return lower[low] if low < len(lower) else None


def _other_mends(trial: _Trial, conflict: Conflict | None) -> Iterator[Phrase]:
    """Move the number of a clashing rule or floor of any other kind by the least that was found."""
    problem = trial.problem
    known = {line.key for line in lines_of(trial.programme.conditions)}
    for name, change in (conflict.relaxations if conflict is not None else {}).items():
        demands: list[Rule | Floor] = [*problem.rules, *problem.floors]
        demand = next((each for each in demands if each.name == name), None)
        if isinstance(demand, Rule):
            if demand.kind in {"count", "quota"} or key_of(name) in known:
                continue
            moved = replace(demand, right=demand.right + int(change))
            changed = replace(problem, rules=tuple(moved if r is demand else r for r in problem.rules))
        elif isinstance(demand, Floor) and line_of_floor(name, trial.objectives) is None:
            quantum = next(m.quantum for m in problem.measures if m.name == demand.measure)
            allowed = replace(demand, allowed=demand.allowed + round(change / quantum))
            changed = replace(problem, floors=tuple(allowed if f is demand else f for f in problem.floors))
        else:
            continue
        if trial.met(changed):
            yield mend_of(demand, change, problem)
