"""
The section `demand` of a scenario file: services, digital curves, calendar, cases, calibration.

docs/planning/demand.md describes every field. A field that would change nothing is refused.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from foundation.errors import InvalidInput
from planning.population import Growth
from planning.visits.settings import (
    AgencyYears,
    Calendar,
    Calibration,
    CaseRule,
    Curve,
    DemandAt,
    Priorities,
    Refugees,
    Take,
    VisitSettings,
)
from scenarios.sections.base import Part, Share, Word, Year

Times = Annotated[float, Field(ge=0, le=10)]
Rate = Annotated[float, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=0, le=1_000_000)]
_STATED = VisitSettings()


class _Point(Part):
    year: Year
    share: Share


class _TakeUp(Part):
    all: list[_Point] = Field(min_length=1)
    elderly: list[_Point] = Field(default_factory=list)
    disabled: list[_Point] = Field(default_factory=list)


class _Digital(Part):
    planned: list[_Point] = Field(default_factory=list)
    take_up: _TakeUp = _TakeUp(all=[_Point(year=2024, share=0.381)])
    assisted: Share = 0.0


class _Case(Part):
    transactions_per_visit: Annotated[float, Field(ge=1, le=100)]
    take_up_times: Times = 1.0
    assumed_rates_times: Times = 1.0


class _Low(_Case):
    transactions_per_visit: Annotated[float, Field(ge=1, le=100)] = 3.6
    take_up_times: Times = 1.25
    assumed_rates_times: Times = 0.75


class _Mid(_Case):
    transactions_per_visit: Annotated[float, Field(ge=1, le=100)] = 2.48


class _High(_Case):
    transactions_per_visit: Annotated[float, Field(ge=1, le=100)] = 2.0
    take_up_times: Times = 0.75
    assumed_rates_times: Times = 1.25


class _Cases(Part):
    """What a case leaves out stays as it is here."""

    low: _Low = _Low()
    mid: _Mid = _Mid()
    high: _High = _High()


class _Growth(Part):
    low: Share = 0.5
    high: Annotated[float, Field(ge=1, le=10)] = 1.5


class _Calendar(Part):
    days_per_week: Annotated[float, Field(ge=1, le=7)] = 6.0
    hours_per_day: Annotated[float, Field(ge=1, le=24)] = 15.0
    closed_days: Annotated[float, Field(ge=0, le=40)] = 14.0
    ramadan_days: Annotated[float, Field(ge=0, le=60)] = 30.0
    ramadan_hours: Annotated[float, Field(ge=1, le=24)] = 6.0


class _DemandAt(Part):
    at: Literal["home", "work", "mix"] = "home"
    work_share: Share | None = None
    concentration: Annotated[float, Field(ge=0, le=5)] | None = None

    @model_validator(mode="after")
    def _used(self) -> Self:
        if (self.at == "mix") != (self.work_share is not None):
            raise InvalidInput("The field work_share belongs to 'at: mix' and to nothing else.")
        if self.at == "home" and self.concentration is not None:
            raise InvalidInput("The field concentration has no use where visits begin at home; remove it.")
        return self

    def build(self) -> DemandAt:
        share = {"home": 0.0, "work": 1.0}.get(self.at, self.work_share or 0.0)
        return DemandAt(share, 1.5 if self.concentration is None else self.concentration)


class _Refugees(Part):
    course: Literal["stay", "return"] = "stay"
    share: Share | None = None
    from_: Year | None = Field(default=None, alias="from")
    to: Year | None = None

    @model_validator(mode="after")
    def _used(self) -> Self:
        given = [value is not None for value in (self.share, self.from_, self.to)]
        if self.course == "stay" and any(given):
            raise InvalidInput("The fields share, from and to have no use where refugees stay; remove them.")
        if self.course == "return" and not all(given):
            raise InvalidInput("A return of refugees needs share, from and to.")
        return self

    def build(self) -> Refugees:
        if self.share is None or self.from_ is None or self.to is None:
            return Refugees()
        return Refugees("return", self.share, self.from_, self.to)


class _Agency(Part):
    valid_from: Year | None = None
    valid_to: Year | None = None
    successor: Word | None = None

    @model_validator(mode="after")
    def _used(self) -> Self:
        if self.successor is not None and self.valid_to is None:
            raise InvalidInput("A successor needs valid_to, the last year of the agency before it.")
        return self


class _Priority(Part):
    """A factor whose weight is not stated keeps its own; 0 leaves it out."""

    weights: dict[Word, Weight] = Field(default_factory=lambda: dict(_STATED.priority.weights))
    scores: dict[Word, dict[Word, Share]] = Field(default_factory=dict)

    def build(self) -> Priorities:
        scores = {(service, factor): value for service, row in self.scores.items() for factor, value in row.items()}
        return Priorities(dict(_STATED.priority.weights) | self.weights, scores)


class _Calibration(Part):
    to: Literal["network", "centres", "none", "stated"] = "network"
    factor: Annotated[float, Field(gt=0, le=100)] | None = None

    @model_validator(mode="after")
    def _used(self) -> Self:
        if (self.to == "stated") != (self.factor is not None):
            raise InvalidInput("The field factor belongs to 'to: stated' and to nothing else.")
        return self


class Demand(Part):
    """Who needs which service, through which channel, in which year."""

    services: list[Word] = Field(default_factory=list)
    rates: dict[Word, Rate] = Field(default_factory=dict)
    agencies: dict[Word, _Agency] = Field(default_factory=dict)
    digital: _Digital = _Digital()
    cases: _Cases = _Cases()
    growth: _Growth = _Growth()
    calendar: _Calendar = _Calendar()
    peak_month_factor: Annotated[float, Field(ge=1, le=12)] = 1.2
    demand_at: _DemandAt = _DemandAt()
    refugees: _Refugees = _Refugees()
    non_resident_demand: dict[str, Annotated[float, Field(ge=0, le=100)]] = Field(default_factory=dict)
    priority: _Priority = Field(default_factory=_Priority)
    calibration: _Calibration = _Calibration()
    bundle_hours: Annotated[float, Field(ge=0, le=24)] = 1.0
    visits_floor: Annotated[float, Field(ge=0, le=1_000_000)] = 0.0

    def build(self) -> VisitSettings:
        """
        Build planning's settings.

        Raises
        ------
        InvalidInput
            If a curve does not ascend.
        """
        digital, cases = self.digital, self.cases
        take = {"all": digital.take_up.all, "elderly": digital.take_up.elderly, "disabled": digital.take_up.disabled}
        return VisitSettings(
            services=tuple(self.services),
            rates=self.rates,
            agencies={
                name: AgencyYears(one.valid_from, one.valid_to, one.successor or "")
                for name, one in self.agencies.items()
            },
            planned=_curve(digital.planned),
            take_up=Take({group: _curve(points) for group, points in take.items() if points}, digital.assisted),
            cases={
                "low": CaseRule(**cases.low.model_dump()),
                "mid": CaseRule(**cases.mid.model_dump()),
                "high": CaseRule(**cases.high.model_dump()),
            },
            growth=Growth(self.growth.low, self.growth.high),
            calendar=Calendar(**self.calendar.model_dump()),
            peak_month_factor=self.peak_month_factor,
            demand_at=self.demand_at.build(),
            refugees=self.refugees.build(),
            non_resident=self.non_resident_demand,
            priority=self.priority.build(),
            calibration=Calibration(self.calibration.to, self.calibration.factor or 1.0),
            bundle_hours=self.bundle_hours,
            visits_floor=self.visits_floor,
        )


def _curve(points: list[_Point]) -> Curve:
    return tuple((point.year, point.share) for point in points)
