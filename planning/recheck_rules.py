"""
Every rule of a programme counted again on the places of a plan, from the input tables.

Loops and plain numbers on purpose, and nothing of the builder: a ``<`` where ``<=`` was meant
there must be caught here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

from foundation.errors import BrokenProof
from geodata.country import Country
from planning.conditions import AreaRule, Closure
from planning.programme import Programme
from planning.recheck_ground import Ground, Place, limits_of, stops_of

__all__ = ["Ground", "Open", "Place", "limits_of", "payments_of", "recheck_rules", "stops_of"]

Open = Mapping[int, Sequence[Place]]  # year -> places open at its end


def recheck_rules(country: Country, programme: Programme, open_: Open, ground: Ground | None = None) -> None:
    """
    Recount the counts, quotas and conditions of a programme.

    `ground` saves measuring the country again for every plan.

    Raises
    ------
    BrokenProof
        Names the first rule that the places do not keep.
    """
    again = _Recount(country, programme, open_, ground or Ground(country))
    again.places()
    again.counts()
    again.order()
    again.quotas()
    again.areas()
    again.sites()
    again.spacing()
    again.closures()
    again.money()
    again.staff()


def payments_of(country: Country, programme: Programme, open_: Open) -> Iterable[tuple[int, int]]:
    """List every payment of a programme with a budget for the places of a plan: its year and whole JOD."""
    return _Recount(country, programme, open_, Ground(country)).payments()


class _Recount:
    """One plan's places, year by year."""

    def __init__(self, country: Country, programme: Programme, open_: Open, ground: Ground) -> None:
        self.country, self.programme, self.ground = country, programme, ground
        self.open: dict[int, list[Place]] = {year: list(open_[year]) for year in programme.years}
        self.zone, self.district = ground.zone, ground.district
        self.fixed = {fixed.site_id: fixed for fixed in programme.fixed}
        self.closing = {closure.site: closure for closure in programme.conditions.closures}

    def years_of(self, place: Place) -> list[int]:
        return [year for year in self.programme.years if place in self.open[year]]

    def all_places(self) -> list[Place]:
        return sorted({place for places in self.open.values() for place in places})

    def is_fixed(self, place: Place) -> bool:
        return place[0] in self.fixed and self.fixed[place[0]].kind == place[1]

    def counted(self, place: Place) -> bool:
        return place[1] != "partial" and self.programme.counted(place[1])

    def places(self) -> None:
        """Every place stands where and when its kind may, and a site holds one kind at a time."""
        partial, earliest = self.ground.partial, self.ground.earliest
        for place in self.all_places():
            site, kind_id = place
            if kind_id == "partial" or self.is_fixed(place):
                continue
            kind, first = self.programme.kind(kind_id), self.years_of(place)[0]
            _expect(first >= (kind.opens_from or first), f"{site} ({kind_id}) opens in {first}, too early")
            _expect(first <= (kind.opens_to or first), f"{site} ({kind_id}) opens in {first}, too late")
            _expect(first >= earliest[site], f"{site} opens in {first}, before it may")
            _expect(self.ground.fits(site, kind.where), f"a place of the kind {kind_id} may not stand at {site}")
            bases = [base for base, _ in kind.round.routes] if kind.round is not None else []
            _expect(not bases or site in bases, f"no round of the kind {kind_id} begins at {site}")
            if kind.upgrades is not None:
                there = "partial" if site in partial else getattr(self.fixed.get(site), "kind", None)
                _expect(there == kind.upgrades, f"nothing at {site} can be upgraded to {kind_id}")
            elif kind.form != "mobile":
                _expect(site not in partial, f"a partial centre stands at {site}")
        for year, places in self.open.items():
            standing = [
                site for site, kind in places if kind == "partial" or self.programme.kind(kind).form != "mobile"
            ]
            _expect(len(set(standing)) == len(standing), f"a site holds two kinds in {year}")

    def counts(self) -> None:
        """As many places of each count group as the tranches and the fixed ones say."""
        programme = self.programme
        for group in {"comprehensive", *(tranche.kind for tranche in programme.tranches)}:
            fewer = any(t.at_most for t in programme.tranches if t.kind == group)
            for year, places in self.open.items():
                found = wanted = 0
                for tranche in programme.tranches:
                    wanted += tranche.count if tranche.kind == group and tranche.operating <= year else 0
                for fixed in programme.fixed:
                    if programme.count_group(fixed.kind) == group and fixed.operating <= year:
                        wanted += 0 if self.leaving(fixed.site_id, year) else 1
                for place in places:
                    if place[1] == "partial" or programme.count_group(place[1]) != group:
                        continue
                    found += 0 if self.is_fixed(place) and self.leaving(place[0], year) else 1
                _expect(found <= wanted if fewer else found == wanted, f"{found} centres operate in {year} ({group})")

    def leaving(self, site: str, year: int) -> bool:
        """Tell whether a fixed place may have closed by then without a successor, or for an upgrade."""
        closure = self.closing.get(site)
        if any(kind.upgrades == self.fixed[site].kind for kind in self.programme.kinds):
            return True
        return closure is not None and not closure.moves and year >= closure.not_before

    def order(self) -> None:
        """What is open stays open, what is fixed is open, and what closes was allowed to and stays shut."""
        years = self.programme.years
        for before, now in itertools.pairwise(years):
            for place in self.open[before]:
                _expect(place in self.open[now] or self.may_leave(place, now), f"a centre closes in {now}: {place[0]}")
            for place in self.open[now]:
                returns = place not in self.open[before] and any(place in self.open[y] for y in years if y < before)
                _expect(not returns, f"{place[0]} opens again in {now}")
        for site, fixed in self.fixed.items():
            for year in years:
                if year >= fixed.operating and (site, fixed.kind) not in self.open[year]:
                    _expect(self.may_leave((site, fixed.kind), year), f"a fixed centre is shut in {year}")
                if year < fixed.operating:
                    _expect((site, fixed.kind) not in self.open[year], f"{site} is open before {fixed.operating}")

    def may_leave(self, place: Place, year: int) -> bool:
        """Tell whether a place may be shut in a year: the planner lets it close, or an upgrade stands there."""
        closure = self.closing.get(place[0])
        if closure is not None and self.is_fixed(place) and year >= closure.not_before:
            return True
        if not self.is_fixed(place) and place[1] != "partial":
            return False
        upgrades = [kind.id for kind in self.programme.kinds if kind.upgrades == place[1]]
        return any((place[0], kind) in self.open[year] for kind in upgrades)

    def quotas(self) -> None:
        for quota in self.programme.zone_quotas:
            for year, places in self.open.items():
                if year < quota.from_year:
                    continue
                for zone in self.country.zones["zone_id"]:
                    here = [p for p in places if self.counted(p) and self.zone[p[0]] == zone]
                    found = sum(1 for p in here if quota.fixed_count or not self.is_fixed(p))
                    _expect(found >= quota.at_least, f"{zone} has {found} centres in {year}")

    def areas(self) -> None:
        for area in self.programme.conditions.areas:
            zones: list[str] = [str(zone) for zone in self.country.zones["zone_id"]]
            parts = [[zone] for zone in area.governorates or zones] if area.each_governorate else [area.governorates]
            for zones_of_part in parts:
                self.area(area, zones_of_part)

    def area(self, area: AreaRule, zones: Sequence[str]) -> None:
        for year, places in self.open.items():
            found = 0
            for place in places:
                here = self.zone[place[0]] in zones or self.district[place[0]] in area.districts
                if here and self.named(place, area.kinds) and (area.fixed_count or not self.is_fixed(place)):
                    found += 1
            if area.at_least is not None and year >= (area.from_year or self.programme.years[-1]):
                _expect(found >= area.at_least, f"{area.name} has {found} centres in {year}")
            if area.at_most is not None and year >= (area.from_year or 0):
                _expect(found <= area.at_most, f"{area.name} has {found} centres in {year}")

    def named(self, place: Place, kinds: tuple[str, ...]) -> bool:
        return place[1] in kinds if kinds else self.counted(place)

    def sites(self) -> None:
        conditions = self.programme.conditions
        for limit in conditions.site_limits:
            for year, places in self.open.items():
                found = sum(1 for p in places if p[0] in limit.sites and self.named(p, limit.kinds))
                _expect(found <= limit.at_most, f"{limit.name}: {found} of its sites are open in {year}")
        for tie in conditions.together:
            for year, places in self.open.items():
                counted = [[p[0] for p in places if self.counted(p)].count(site) for site in tie.sites]
                _expect(len(set(counted)) == 1, f"{tie.name}: its sites are not open together in {year}")

    def spacing(self) -> None:
        for spacing in self.programme.conditions.spacing:
            for year, places in self.open.items():
                near = [p for p in places if self.named(p, spacing.kinds)]
                for at, one in enumerate(near):
                    for other in near[at + 1 :]:
                        km = self.ground.km(one[0], other[0])
                        _expect(
                            km >= spacing.km, f"{spacing.name}: {one[0]} and {other[0]} are {km} km apart in {year}"
                        )

    def closures(self) -> None:
        for closure in self.programme.conditions.closures:
            if not closure.moves:
                continue
            for year, places in self.open.items():
                if year >= closure.not_before and closure.site not in [p[0] for p in places if self.is_fixed(p)]:
                    moved = any(self.counted(p) and self.succeeds(p[0], closure) for p in places)
                    _expect(moved, f"{closure.site} has closed by {year} without a successor")

    def succeeds(self, site: str, closure: Closure) -> bool:
        if site == closure.site:
            return False
        near = closure.within_km is not None and self.ground.km(site, closure.site) <= closure.within_km
        return near or site in closure.move_to

    def money(self) -> None:
        """Add up what every place costs in every year."""
        budget = self.programme.conditions.budget
        if budget is None:
            return
        base = budget.base_year or self.programme.years[0]
        total = 0
        spent = dict.fromkeys(self.programme.years, 0)
        for year, jod in self.payments():
            if year in spent:
                spent[year] += jod
                total += math.floor(jod * (1.0 + budget.discount_rate) ** (base - year) + 0.5)
        for year, limit in budget.by_year:
            _expect(spent[year] <= limit, f"{spent[year]} JOD are spent in {year}")
        _expect(budget.total is None or total <= budget.total, f"{total} JOD are spent in all")

    def payments(self) -> Iterable[tuple[int, int]]:
        """Every payment: its year and whole JOD."""
        budget = self.programme.conditions.budget
        assert budget is not None
        for place in self.all_places():
            if place[1] == "partial":
                continue
            cost, years = self.programme.kind(place[1]).cost, self.years_of(place)
            assert cost is not None
            yield from ((year, cost.running) for year in years)
            begun = years[0]
            if self.is_fixed(place):
                fixed = self.fixed[place[0]]
                begun = fixed.operating if fixed.begun is None else fixed.begun
                if budget.capital_in == "operating" or fixed.operating < self.programme.years[0]:
                    begun = fixed.operating
            elif budget.capital_in == "begun":
                begun = years[0] - self.years_of_building(years[0], place[1])
            yield begun, cost.capital
        for closure in self.programme.conditions.closures:
            fixed = self.fixed[closure.site]
            shut = [
                y
                for y in self.programme.years
                if y >= fixed.operating and (closure.site, fixed.kind) not in self.open[y]
            ]
            if shut:
                yield shut[0], closure.cost

    def years_of_building(self, year: int, kind_id: str) -> int:
        """Years between begun and operating: of the tranche of that year, else of the kind, else of the one before."""
        group = self.programme.count_group(kind_id)
        spans: dict[int, int] = {}
        for tranche in self.programme.tranches:
            if tranche.kind == group:
                spans[tranche.operating] = max(tranche.operating - tranche.begun, spans.get(tranche.operating, 0))
        before = [span for operating, span in sorted(spans.items()) if operating <= year]
        if year in spans or (kind_id == "comprehensive" and before):
            return before[-1]
        return self.programme.kind(kind_id).build_years

    def staff(self) -> None:
        for year, limit in self.programme.conditions.staff:
            posts = sum(self.programme.kind(kind).staff or 0 for _, kind in self.open[year] if kind != "partial")
            _expect(posts <= limit, f"{posts} posts are filled in {year}")


def _expect(holds: bool, found: str) -> None:
    if not holds:
        raise BrokenProof("The recheck from the input tables disagrees with the plan: {found}.", found=found)
