"""
Every objective and floor counted again on the places of a plan, person by person, from the input tables.

Loops and plain numbers on purpose, and nothing of the builder: what a cell, a level, a band, a layer
and a quantum mean is written here a second time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from foundation.errors import BrokenProof
from geodata.country import Country
from planning.aims import WORST_OFF, Aim, CoverFloor, Objectives
from planning.conditions import Budget
from planning.demand import group_people
from planning.offers import ANY_PLACE, Offer
from planning.programme import Programme
from planning.recheck_rules import Open, payments_of
from planning.standards import Level, Standard

Near = list[tuple[float, dict[str, float]]]  # minutes to places, each with its kind's own limits
Groups = frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """
    What a plan and its inputs are, as plain tables.

    Attributes
    ----------
    near
        Offer -> year -> for each point, minutes to the open places that meet it, by kinds of one own limit.
    permitted
        Year -> for one point, the same for all places that some plan could open there, within every limit and the cap.
    people
        Year -> residents of each point.
    demand
        Visits a year of each point: name -> offer -> year -> visits.
    rate
        Of the equivalent, per minute.
    """

    country: Country
    programme: Programme
    standard: Standard
    objectives: Objectives
    places: Open
    near: Mapping[Offer, Mapping[int, list[Near]]]
    permitted: Callable[[int, int], Near]
    people: Mapping[int, list[int]]
    demand: Mapping[str, Mapping[Offer, Mapping[int, list[float]]]] = field(default_factory=dict)
    rate: float = 0.0


class AimRecount:
    """The values of objectives and the numbers behind floors, recounted."""

    def __init__(self, found: Found) -> None:
        self.found = found
        country = found.country
        self.settlement = [str(kind) for kind in found.standard.settlements(country)]
        self.zone = [str(zone) for zone in country.people["zone_id"]]
        self.years = found.programme.years
        self.groups = self._groups_told_apart()
        self.members, self.cells = self._cells()

    def _groups_told_apart(self) -> list[str]:
        """Groups that need cells: all of them where limits or figures of a group depend on another's."""
        found = self.found
        every = {str(name) for name in found.country.groups["group"]}
        floors = [floor for floor in found.objectives.floors if floor.scope == "group"]
        own = any(level.limits.groups for level in found.standard.levels())
        if own or found.objectives.asks("worst_group") or any(not floor.which for floor in floors):
            return sorted(every)
        return sorted({floor.which for floor in floors})

    def _cells(self) -> tuple[list[Groups], dict[int, list[list[int]]]]:
        """Year -> cell -> persons of each point, group after group, carrying what rounding leaves over."""
        members: list[Groups] = [frozenset()]
        for group in self.groups:
            members += [known | {group} for known in members]
        cells = {}
        for year in self.years:
            people = self.found.people[year]
            parted = [list(people)]
            frame = self.found.country.people[["zone_id"]].assign(people=people)
            for group in self.groups:
                left = [int(count) for count in group_people(frame, self.found.country.groups, group)]
                rest, inside = list(people), []
                for cell in parted:
                    taken, carried = [], 0
                    for i, here in enumerate(cell):
                        before = (carried + 2**15) // 2**16
                        carried += left[i] * here * 2**16 // max(rest[i], 1)
                        wanted = (carried + 2**15) // 2**16 - before
                        wanted = max(wanted, 0, left[i] - (rest[i] - here))
                        taken.append(min(wanted, left[i], here))
                        left[i] -= taken[-1]
                        rest[i] -= here
                    inside.append(taken)
                parted = [
                    [all_ - some for all_, some in zip(cell, taken, strict=True)]
                    for cell, taken in zip(parted, inside, strict=True)
                ] + inside
            cells[year] = parted
        return members, cells

    def limit(self, level: Level, i: int, members: Groups, own: dict[str, float]) -> float:
        """Minutes that one person may travel to one kind of place."""
        limits = level.limits
        usual = {"urban": limits.urban, "rural": limits.rural, "remote": limits.remote}[self.settlement[i]]
        strict = [minutes for group, minutes in limits.groups if group in members]
        asked = min([limits.rural if usual is None else usual, *strict])
        kind = own.get(self.settlement[i])
        if kind is None:
            return asked
        return kind if level.name == "standard" and not strict else min(kind, asked)

    def within(self, near: Near, level: Level, i: int, members: Groups) -> bool:
        """Tell whether one person is within a level's limits of some place."""
        return any(minutes <= self.limit(level, i, members, own) for minutes, own in near)

    def inside(self, year: int, level: Level) -> Iterator[tuple[int, int, bool]]:
        """Every cell and point with people: (cell, point, within the level's limits)."""
        near, main = self.found.near[ANY_PLACE][year], self.cells[year]
        for c, members in enumerate(self.members):
            for i, count in enumerate(main[c]):
                if count:
                    yield c, i, self.within(near[i], level, i, members)

    def value(self, aim: Aim, *, level: int = 1) -> float:
        """Return what the plan gives of an objective, as a planner reads it; `level` counts from the worst-off up."""
        if aim.what == "covered":
            return self.covered(aim)
        if aim.what in WORST_OFF:
            return self.worst(aim.what.removeprefix("worst_"), level)
        if aim.what == "mean_travel":
            whole = mass = 0
            for offer, amount in self.final_amounts(aim).items():
                whole += sum(a * m for a, m in zip(amount, self.final_minutes(offer), strict=True))
                mass += sum(amount)
            return whole / mass
        if aim.what == "worst_journey":
            return self.worst_journey()
        if aim.what == "ede":
            return self.equivalent()
        return self.centres() if aim.what == "centres" else self.cost()

    def covered(self, aim: Aim) -> float:
        """Add up people (or visits) within each level, times its factor, over the years."""
        rate, first = self.found.objectives.discount_rate, self.years[0]
        total = 0
        per_unit: Fraction | int = 1
        for year in self.years:
            amounts, per_unit = self.amounts(aim, year)
            for level in self.found.standard.levels():
                factor = math.floor(level.weight * (1.0 + rate) ** (first - year) * 1000 + 0.5)
                if not factor:
                    continue
                for offer, cells in amounts.items():
                    near = self.found.near[offer][year]
                    for c, members in enumerate(self.members):
                        for i, amount in enumerate(cells[c]):
                            if amount and self.within(near[i], level, i, members):
                                total += amount * factor
        return float(Fraction(total, 1000) / Fraction(per_unit))

    def amounts(self, aim: Aim, year: int) -> tuple[dict[Offer, list[list[int]]], Fraction | int]:
        """Return offer -> cell -> whole quanta of each point, and quanta a unit."""
        if aim.of == "people":
            return {ANY_PLACE: self.cells[year]}, 1
        parts = self.found.demand[aim.of]
        total, places = sum(float(np.sum([visits[y] for y in self.years])) for visits in parts.values()), 3
        while places > -6 and total * 10.0**places > 1e9:
            places -= 1
        found = {
            offer: self.parted([math.floor(amount * 10.0**places + 0.5) for amount in visits[year]], year)
            for offer, visits in parts.items()
        }
        return found, Fraction(10) ** places

    def parted(self, whole: list[int], year: int) -> list[list[int]]:
        """Return cell -> whole quanta of each point, in proportion to its people."""
        parted: list[list[int]] = [[] for _ in self.members]
        for i, amount in enumerate(whole):
            living = [cell[i] for cell in self.cells[year]]
            done, reached = 0, 0
            for c, count in enumerate(living):
                reached += count
                edge = amount * reached // sum(living) if sum(living) else amount
                parted[c].append(edge - done)
                done = edge
        return parted

    def worst(self, scope: str, level: int) -> float:
        """Return the least share (or the one of another level) within the standard of a scope, in the final year."""
        shares = []
        for part in self.parts(scope):
            inside, total = self.counted(scope, part, self.years[-1])
            if total:
                shares.append(Fraction(inside, total))
        return float(sorted(shares)[level - 1])

    def parts(self, scope: str) -> list[str]:
        """Parts of the nation of a scope."""
        if scope == "nation":
            return ["nation"]
        if scope == "group":
            return self.groups
        if scope == "settlement":
            return sorted(set(self.settlement))
        return [str(zone) for zone in self.found.country.zones["zone_id"]]

    def belongs(self, scope: str, part: str, c: int, i: int) -> bool:
        """Tell whether the people of a cell belong to a part of the nation."""
        if scope == "group":
            return part in self.members[c]
        return scope == "nation" or {"governorate": self.zone, "settlement": self.settlement}[scope][i] == part

    def counted(self, scope: str, part: str, year: int) -> tuple[int, int]:
        """Return people of a part of the nation within the standard, and all of them."""
        level = self.found.standard.levels()[0]
        inside = total = 0
        for c, i, near in self.inside(year, level):
            if self.belongs(scope, part, c, i):
                total += self.cells[year][c][i]
                inside += self.cells[year][c][i] if near else 0
        return inside, total

    def final_minutes(self, offer: Offer = ANY_PLACE) -> list[int]:
        """Whole minutes to the nearest place of the final network that can serve, rounded up, at most the cap."""
        cap = self.found.objectives.cap_minutes
        nearest = [min([m for m, _ in near], default=math.inf) for near in self.found.near[offer][self.years[-1]]]
        return [cap if minutes >= cap else math.ceil(minutes) for minutes in nearest]

    def final_amounts(self, aim: Aim) -> dict[Offer, list[int]]:
        """Offer -> persons or visit quanta of each point in the final year."""
        amounts, _ = self.amounts(aim, self.years[-1])
        return {
            offer: [sum(cell[i] for cell in cells) for i in range(len(self.settlement))]
            for offer, cells in amounts.items()
        }

    def worst_journey(self) -> float:
        """Return the longest whole minutes of anybody whom some permitted place lies within the cap of."""
        cap, year = self.found.objectives.cap_minutes, self.years[-1]
        longest = 0
        for i, minutes in enumerate(self.final_minutes()):
            if minutes <= longest or not self.found.people[year][i]:
                continue
            if minutes < cap or any(m <= cap for m, _ in self.found.permitted(year, i)):
                longest = minutes
        return float(longest)

    def equivalent(self) -> float:
        """Return ln(mean of e^(rate x)) / rate, each exponential rounded to a decimal place that keeps sums exact."""
        people, rate = self.found.people[self.years[-1]], self.found.rate
        most = sum(people) * math.exp(rate * self.found.objectives.cap_minutes)
        scale = next(10**k for k in (6, 5, 4, 3, 2) if most * 10**k <= 1e12 or k == 2)
        total = 0
        for count, minutes in zip(people, self.final_minutes(), strict=True):
            total += count * math.floor(math.exp(rate * minutes) * scale + 0.5)
        return math.log(total / scale / sum(people)) / rate

    def centres(self) -> float:
        """Count the centres of the final year that count for the programme."""
        programme = self.found.programme
        return float(sum(k != "partial" and programme.counted(k) for _, k in self.found.places[self.years[-1]]))

    def cost(self) -> float:
        """Add up what all places cost in the programme's years."""
        programme = self.found.programme
        budget = programme.conditions.budget or Budget(price_year=self.years[0], total=10**15)
        priced = replace(programme, conditions=replace(programme.conditions, budget=budget))
        base, total = budget.base_year or self.years[0], 0
        for year, jod in payments_of(self.found.country, priced, self.found.places):
            if year in self.years:
                total += math.floor(jod * (1.0 + budget.discount_rate) ** (base - year) + 0.5)
        return float(total)

    def check_floor(self, floor: CoverFloor) -> None:
        """Raise BrokenProof where a floor does not hold."""
        for part in [floor.which] if floor.which else self.parts(floor.scope):
            for year in self.years:
                if year < (self.years[-1] if floor.from_year is None else floor.from_year):
                    continue
                inside, total = self.counted(floor.scope, part, year)
                if floor.within_reach:
                    wanted: Fraction | int = total - self.beyond_reach(floor.scope, part, year)
                else:
                    wanted = floor.people if floor.people is not None else Fraction(str(floor.share)) * total
                if inside < wanted:
                    raise BrokenProof(
                        "The recheck from the input tables disagrees with the plan: {found}.",
                        found=f"{inside} of {total} people of {part} are within the standard in {year}",
                    )

    def beyond_reach(self, scope: str, part: str, year: int) -> int:
        """Count the people whom no permitted place could bring within the standard."""
        level = self.found.standard.levels()[0]
        lost = 0
        for c, i, near in self.inside(year, level):
            if not near and self.belongs(scope, part, c, i):
                possible = self.within(self.found.permitted(year, i), level, i, self.members[c])
                lost += 0 if possible else self.cells[year][c][i]
        return lost
