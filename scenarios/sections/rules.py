"""What a programme demands beside its counts: `programme.rules`, `.budget` and `.staff` of a scenario file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from planning.conditions import AreaRule, Budget, Closure, Conditions, SiteLimit, Spacing, Together
from scenarios.sections.base import Part, SiteId, Title, Word, Year
from scenarios.sections.kinds import Km, Posts

Total = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Sites = Annotated[list[SiteId], Field(min_length=1, max_length=10_000)]


class Forbidden(Part):
    """Sites where nothing (of some kinds) may stand."""

    name: Word
    sites: Sites
    kinds: list[Word] = Field(default_factory=list)


class AtMostOneOf(Part):
    """Sites that exclude each other; `at_most` may allow more than one of them."""

    name: Word
    sites: Sites
    at_most: Annotated[int, Field(ge=1, le=100_000)] = 1
    kinds: list[Word] = Field(default_factory=list)


class RequiredTogether(Part):
    """Sites that open together or not at all."""

    name: Word
    sites: Annotated[list[SiteId], Field(min_length=2, max_length=10_000)]


class MinimumSpacing(Part):
    """Centres stand at least so many kilometres apart."""

    name: Word
    km: Km
    kinds: list[Word] = Field(default_factory=list)


class Area(Part):
    """Limits on the number of centres in an area, inclusive."""

    name: Word
    at_least: Count | None = None
    at_most: Count | None = None
    from_: Year | None = Field(default=None, alias="from")
    kinds: list[Word] = Field(default_factory=list)
    fixed_centres_count: bool = True


class InGovernorates(Area):
    """Each of the named governorates by itself; without names, every governorate."""

    governorates: list[SiteId] = Field(default_factory=list)

    def area(self) -> AreaRule:
        """Build planning's type."""
        return AreaRule(
            self.name,
            self.name,
            self.name,
            governorates=tuple(self.governorates),
            each_governorate=True,
            at_least=self.at_least,
            at_most=self.at_most,
            from_year=self.from_,
            kinds=tuple(self.kinds),
            fixed_count=self.fixed_centres_count,
        )


class QuotaRegion(Area):
    """A region made of districts, such as the Badia."""

    title: Title
    districts: Sites

    def area(self) -> AreaRule:
        """Build planning's type."""
        return AreaRule(
            self.name,
            self.title.en,
            self.title.ar,
            districts=tuple(self.districts),
            at_least=self.at_least,
            at_most=self.at_most,
            from_year=self.from_,
            kinds=tuple(self.kinds),
            fixed_count=self.fixed_centres_count,
        )


class Close(Part):
    """A fixed centre that may close, or move."""

    site: SiteId
    not_before: Year
    cost: Total = 0
    move_to: list[SiteId] = Field(default_factory=list)
    within_km: Km | None = None


class Rules(Part):
    """Every rule, by what it is about."""

    forbidden: list[Forbidden] = Field(default_factory=list)
    at_most_one_of: list[AtMostOneOf] = Field(default_factory=list)
    required_together: list[RequiredTogether] = Field(default_factory=list)
    spacing: list[MinimumSpacing] = Field(default_factory=list)
    governorates: list[InGovernorates] = Field(default_factory=list)
    quota_regions: list[QuotaRegion] = Field(default_factory=list)
    close: list[Close] = Field(default_factory=list)


class MoneyOfYear(Part):
    """A budget's limit in one year."""

    year: Year
    jod: Total


class Money(Part):
    """The budget, in JOD of `price_year`."""

    price_year: Year
    by_year: list[MoneyOfYear] = Field(default_factory=list)
    total: Total | None = None
    capital_in: Literal["begun", "operating"] = "begun"
    discount_rate: Annotated[float, Field(ge=0, le=1)] = 0.0
    base_year: Year | None = None

    def budget(self) -> Budget:
        """Build planning's type."""
        by_year = tuple((limit.year, limit.jod) for limit in self.by_year)
        return Budget(self.price_year, by_year, self.total, self.capital_in, self.discount_rate, self.base_year)


class PostsOfYear(Part):
    """A limit on the staff of one year."""

    year: Year
    posts: Posts


def conditions_of(rules: Rules, budget: Money | None, staff: list[PostsOfYear]) -> Conditions:
    """Build planning's type."""
    limits = [SiteLimit(f.name, tuple(f.sites), 0, tuple(f.kinds)) for f in rules.forbidden]
    limits += [SiteLimit(a.name, tuple(a.sites), a.at_most, tuple(a.kinds)) for a in rules.at_most_one_of]
    return Conditions(
        together=tuple(Together(t.name, tuple(t.sites)) for t in rules.required_together),
        site_limits=tuple(limits),
        spacing=tuple(Spacing(s.name, s.km, tuple(s.kinds)) for s in rules.spacing),
        areas=(*(area.area() for area in rules.governorates), *(area.area() for area in rules.quota_regions)),
        budget=None if budget is None else budget.budget(),
        staff=tuple((limit.year, limit.posts) for limit in staff),
        closures=tuple(Closure(c.site, c.not_before, c.cost, tuple(c.move_to), c.within_km) for c in rules.close),
    )
