"""Every plan of a small programme without kinds, tried one by one, and its figures by array arithmetic."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np

from planning.demand import group_people

PARTIAL = 6  # the toy's recorded partial centre


def nested_plans(country, programme):
    """Every way to open centres year by year that keeps counts (at most, where tranches say so) and quotas."""
    ids, zone_of = list(country.candidates["site_id"]), list(country.candidates["zone_id"])
    fixed = {ids.index(f.site_id): f.operating for f in programme.fixed}
    fewer = any(t.at_most for t in programme.tranches)

    def extend(before, years):
        if not years:
            yield []
            return
        must = before | {i for i, y in fixed.items() if y <= years[0]}
        may = [i for i in range(len(ids)) if i != PARTIAL and i not in must and i not in fixed]
        most = programme.operating(years[0]) - len(must)
        for k in range(0 if fewer else most, most + 1):
            for more in itertools.combinations(may, k):
                now = must | set(more)
                kept = all(
                    sum(zone_of[i] == z and (q.fixed_count or i not in fixed) for i in now) >= q.at_least
                    for q in programme.zone_quotas
                    if q.from_year <= years[0]
                    for z in set(zone_of)
                )
                if kept:
                    yield from ([now, *rest] for rest in extend(now, years[1:]))

    return extend(set(), list(programme.years))


class Figures:
    """Figures of plans of one request; people of two groups at once are split by the product of shares, rounded."""

    def __init__(self, request, minutes, rate=0.0):
        self.request, self.minutes, self.rate = request, minutes, rate
        self.known = {}
        country = request.country
        self.settlement = request.standard.settlements(country)
        self.zone = country.people["zone_id"].to_numpy()
        here = country.people["people"].to_numpy()
        years = len(request.programme.years)
        self.people = np.tile(here, (years, 1)) if request.people_by_year is None else request.people_by_year

    def members(self, t, group):
        """People of a group in a year."""
        if (t, group) not in self.known:
            frame = self.request.country.people[["zone_id"]].assign(people=self.people[t])
            self.known[t, group] = group_people(frame, self.request.country.groups, group)
        return self.known[t, group]

    def limits(self, level, strictest=math.inf):
        """(n,) limits of a level for people whose groups' strictest limit is given."""
        by_type = {"urban": level.urban, "rural": level.rural, "remote": level.remote}
        return np.minimum(np.array([by_type[s] for s in self.settlement]), strictest)

    def near(self, plan, t):
        """(n,) minutes to the nearest centre in a year."""
        return self.minutes[:, sorted(plan[t])].min(axis=1) if plan[t] else np.full(len(self.zone), np.inf)

    def served(self, plan, t, level, amount):
        """Amount within a level, where at most one group has a limit of its own: (of that group, of the others)."""
        near = self.near(plan, t)
        if not level.groups:
            return int(amount[near <= self.limits(level)].sum())
        ((group, minutes),) = level.groups
        mine = self.members(t, group)
        return int(mine[near <= self.limits(level, minutes)].sum() + (amount - mine)[near <= self.limits(level)].sum())

    def share(self, plan, mask):
        """Share of the people of a mask within the standard in the final year (no groups' limits)."""
        near = self.near(plan, -1)
        people = np.where(mask, self.people[-1], 0)
        return Fraction(int(people[near <= self.limits(self.request.standard.main)].sum()), int(people.sum()))

    def whole(self, plan):
        """(n,) whole minutes of the final network, capped."""
        cap = self.request.objectives.cap_minutes
        return np.minimum(np.ceil(np.minimum(self.near(plan, -1), cap)), cap).astype(int)
