"""
What a planner demands of a programme beside its counts: rules as data.

Each becomes named rules of the problem, so that a clash or a price is said by name. A
distance is a straight line in the country's metric CRS; limits are inclusive (law 2).
"Centres" are, where no kinds are named, the places that count for the programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from foundation.errors import Phrase
from planning.counted_words import centres


@dataclass(frozen=True, slots=True)
class Together:
    """Centres stand at all of `sites` or at none, from the same year on."""

    name: str
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteLimit:
    """At most `at_most` centres at `sites` in any year; 0 forbids them."""

    name: str
    sites: tuple[str, ...]
    at_most: int = 1
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spacing:
    """Any two centres stand at least `km` apart; exactly `km` is far enough."""

    name: str
    km: float
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaRule:
    """
    At least or at most so many centres in an area: a governorate, or a region of districts.

    Attributes
    ----------
    name, title_en, title_ar
        Of the area, such as "badia".
    governorates, districts
        Ids; a centre in any of them is in the area.
    each_governorate
        The rule holds for each of `governorates` by itself (without any: for every one of the country).
    at_least, at_most
        Inclusive; None: no such limit.
    from_year
        First year in which it holds; None: every year (at most), the last year (at least).
    kinds
        Kinds that are counted; empty: the programme's centres.
    fixed_count
        Whether fixed centres are counted.
    """

    name: str
    title_en: str
    title_ar: str
    governorates: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    from_year: int | None = None
    kinds: tuple[str, ...] = ()
    fixed_count: bool = True
    each_governorate: bool = False


@dataclass(frozen=True, slots=True)
class Budget:
    """
    Money of the programme, in whole JOD of `price_year`: of some years, and in all.

    Attributes
    ----------
    by_year
        (year, JOD), at most so much in that year: capital and running cost.
    total
        At most so much over the programme's years, discounted if a rate is given.
    capital_in
        Whether capital is spent in the year a place is begun, or in its first of operation. What is
        spent before the first year (a place begun or open earlier) is spent, and not counted.
    discount_rate
        Yearly; money of year t counts (1 + rate)^(base year - t) in the total, to the nearest JOD a
        place and year. The yearly limits are never discounted.
    base_year
        Of discounting; None: the first year of the programme.
    """

    price_year: int
    by_year: tuple[tuple[int, int], ...] = ()
    total: int | None = None
    capital_in: Literal["begun", "operating"] = "begun"
    discount_rate: float = 0.0
    base_year: int | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """
    A fixed centre that the plan may close, from the end of `not_before` on; for good.

    Attributes
    ----------
    cost
        JOD, once, in the year of closing.
    move_to, within_km
        Sites, or every site so near: it closes only where a centre stands at one of them, and that
        one takes its place in the programme's count. Neither: it closes without a successor, and
        the count is one less.
    """

    site: str
    not_before: int
    cost: int = 0
    move_to: tuple[str, ...] = ()
    within_km: float | None = None

    @property
    def moves(self) -> bool:
        """Whether it closes only for a successor."""
        return bool(self.move_to) or self.within_km is not None


@dataclass(frozen=True, slots=True)
class Conditions:
    """Every rule beside the counts and the quotas of each governorate."""

    together: tuple[Together, ...] = ()
    site_limits: tuple[SiteLimit, ...] = ()
    spacing: tuple[Spacing, ...] = ()
    areas: tuple[AreaRule, ...] = ()
    budget: Budget | None = None
    staff: tuple[tuple[int, int], ...] = ()  # (year, posts): at most so many posts in that year
    closures: tuple[Closure, ...] = ()

    def sites(self) -> Iterator[str]:
        """Every site id that is named."""
        for tie in self.together:
            yield from tie.sites
        for limit in self.site_limits:
            yield from limit.sites
        for closure in self.closures:
            yield from (closure.site, *closure.move_to)

    def kinds(self) -> Iterator[str]:
        """Every kind that is named."""
        for limit in self.site_limits:
            yield from limit.kinds
        for spacing in self.spacing:
            yield from spacing.kinds
        for area in self.areas:
            yield from area.kinds


def condition_faults(conditions: Conditions, years: tuple[int, ...], fixed: dict[str, int]) -> Iterator[Phrase]:
    """
    Say what is wrong with conditions by themselves.

    Parameters
    ----------
    fixed
        Operating year of the fixed centres by site.
    """
    names = [tie.name for tie in conditions.together] + [limit.name for limit in conditions.site_limits]
    names += [spacing.name for spacing in conditions.spacing] + [area.name for area in conditions.areas]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Phrase("two rules are called '{name}'; give each its own name", {"name": name})
    for rule in conditions.together:
        if len(set(rule.sites)) < 2:
            yield Phrase("rule '{name}' ties fewer than two sites together", {"name": rule.name})
    closing = {closure.site for closure in conditions.closures}
    for limit in conditions.site_limits:
        standing = sorted(site for site in set(limit.sites) if site in fixed and site not in closing)
        if not limit.kinds and len(standing) > limit.at_most:
            yield Phrase(
                "rule '{name}' allows {centres} at sites where {fixed} are fixed: {sites}",
                {
                    "name": limit.name,
                    "centres": centres(limit.at_most),
                    "fixed": len(standing),
                    "sites": ", ".join(standing),
                },
            )
    for area in conditions.areas:
        yield from _area_faults(area, years)
    yield from _money_faults(conditions, years)
    for closure in conditions.closures:
        yield from _closure_faults(closure, years, fixed)
    sites = [closure.site for closure in conditions.closures]
    for name in sorted({site for site in sites if sites.count(site) > 1}):
        yield Phrase("site '{id}' is closed twice; keep one", {"id": name})


def _area_faults(area: AreaRule, years: tuple[int, ...]) -> Iterator[Phrase]:
    values: dict[str, object] = {"name": area.name}
    if area.at_least is None and area.at_most is None:
        yield Phrase("rule '{name}' asks for nothing; give at_least or at_most", values)
    if area.at_least is not None and area.at_most is not None and area.at_least > area.at_most:
        yield Phrase(
            "rule '{name}' asks for at least {centres} and at most {m}",
            values | {"centres": centres(area.at_least), "m": area.at_most},
        )
    if not area.governorates and not area.districts and not area.each_governorate:
        yield Phrase("rule '{name}' names no district and no governorate", values)
    if area.from_year is not None and area.from_year not in years:
        yield Phrase(
            "rule '{name}' begins in {year}, in no year of the programme", values | {"year": str(area.from_year)}
        )


def _money_faults(conditions: Conditions, years: tuple[int, ...]) -> Iterator[Phrase]:
    expected = {
        "the budget has a limit in {year}; expected one limit a year of the programme": (
            conditions.budget.by_year if conditions.budget else ()
        ),
        "staff has a limit in {year}; expected one limit a year of the programme": conditions.staff,
    }
    for sentence, limits in expected.items():
        known = [year for year, _ in limits]
        for year in sorted({year for year in known if year not in years or known.count(year) > 1}):
            yield Phrase(sentence, {"year": str(year)})
    budget = conditions.budget
    if budget is not None and not budget.by_year and budget.total is None:
        yield Phrase("the budget limits nothing; give by_year or total")
    if budget is not None and budget.total is None and (budget.discount_rate or budget.base_year is not None):
        yield Phrase("only a total is discounted; give the budget a total, or no discount_rate and base_year")


def _closure_faults(closure: Closure, years: tuple[int, ...], fixed: dict[str, int]) -> Iterator[Phrase]:
    values: dict[str, object] = {"id": closure.site, "year": str(closure.not_before)}
    if closure.site not in fixed:
        yield Phrase("site '{id}' may close, but no fixed centre stands there", values)
    elif closure.not_before not in years or closure.not_before < fixed[closure.site]:
        yield Phrase("site '{id}' may close from {year}; expected a year of the programme in which it stands", values)
    for site in sorted({site for site in closure.move_to if site in fixed}):
        yield Phrase("site '{id}' moves to '{other}', where a fixed centre stands already", values | {"other": site})
