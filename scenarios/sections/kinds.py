"""The section `kinds` of a scenario file: what else than comprehensive centres may stand, and where."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from planning.kinds import BASE, Cost, KindOfPlace, Round, Where
from planning.standards import Limits
from scenarios.sections.base import Minutes, Part, SiteId, Text, Title, Word, Year

Money = Annotated[int, Field(ge=0, le=1_000_000_000)]
Posts = Annotated[int, Field(ge=0, le=100_000)]
Km = Annotated[float, Field(gt=0, le=2000)]


class OwnStandard(Part):
    """The longest journeys to a place of one kind; remote: as rural, unless said."""

    urban_minutes: Minutes
    rural_minutes: Minutes
    remote_minutes: Minutes | None = None


class CostOfKind(Part):
    """What one place costs, in JOD of `price_year`."""

    capital: Money
    running: Money
    price_year: Year


class WhereItStands(Part):
    """Which candidates a kind may stand at."""

    origins: list[Word] = Field(default_factory=list)
    settlements: list[Word] = Field(default_factory=list)
    governorates: list[SiteId] = Field(default_factory=list)
    districts: list[SiteId] = Field(default_factory=list)
    sites: list[SiteId] = Field(default_factory=list)

    def where(self) -> Where:
        """Build planning's type."""
        return Where(
            tuple(self.origins),
            tuple(self.settlements),
            tuple(self.governorates),
            tuple(self.districts),
            tuple(self.sites),
        )


class Route(Part):
    """One round: where the unit is based, and where it stops."""

    base: SiteId
    stops: Annotated[list[SiteId], Field(min_length=1, max_length=7)]


class WeeklyRound(Part):
    """The weekly round of a mobile unit, one stop a day."""

    days_per_week: Annotated[int, Field(ge=1, le=7)]
    daily_range_km: Km
    routes: list[Route] = Field(default_factory=list)
    stops_at: WhereItStands = Field(default_factory=WhereItStands)

    def round(self) -> Round:
        """Build planning's type."""
        routes = tuple((route.base, tuple(route.stops)) for route in self.routes)
        return Round(self.days_per_week, self.daily_range_km, routes, self.stops_at.where())


class Kind(Part):
    """One kind of place; `counts` for the programme's numbers and quotas: if not said, all but agency and mobile."""

    id: Word
    title: Title
    form: Literal["comprehensive", "private", "agency", "mobile"] = "comprehensive"
    standard: OwnStandard | None = None
    services: list[Text] = Field(default_factory=list)
    services_count: Annotated[int, Field(ge=1, le=100_000)] | None = None
    cost: CostOfKind | None = None
    staff: Posts | None = None
    capacity_visits_per_year: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    opens_from: Year | None = None
    opens_to: Year | None = None
    build_years: Annotated[int, Field(ge=0, le=20)] = 0
    where: WhereItStands = Field(default_factory=WhereItStands)
    counts: bool | None = None
    upgrades: Word | None = None
    round: WeeklyRound | None = None

    def kind(self) -> KindOfPlace:
        """Build planning's type."""
        counts = self.form in {"comprehensive", "private"} if self.counts is None else self.counts
        own, cost = self.standard, self.cost
        return KindOfPlace(
            id=self.id,
            title_en=self.title.en,
            title_ar=self.title.ar,
            form=self.form,
            standard=None if own is None else Limits(own.urban_minutes, own.rural_minutes, own.remote_minutes),
            services=tuple(self.services),
            services_count=self.services_count,
            cost=None if cost is None else Cost(cost.capital, cost.running, cost.price_year),
            staff=self.staff,
            capacity_visits=self.capacity_visits_per_year,
            opens_from=self.opens_from,
            opens_to=self.opens_to,
            build_years=self.build_years,
            where=self.where.where(),
            counts_as=BASE if counts else None,
            upgrades=self.upgrades,
            round=None if self.round is None else self.round.round(),
        )
