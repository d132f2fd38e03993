"""
The section `partnership` of a scenario file: which centres go to tender, in which lots, on what terms.

docs/planning/partnership.md describes every field. Every amount is the planner's assumption.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planning.partnership import (
    Benefits,
    Compensation,
    Costs,
    Event,
    Future,
    Grouping,
    HandBack,
    PartnershipSettings,
    Payment,
    Selection,
    Sensitivity,
    ServiceLevels,
)
from scenarios.sections.base import Part, Share, SiteId, Word, Year

Money = Annotated[float, Field(ge=0, le=1e9)]
Weight = Annotated[float, Field(ge=0, le=1e6)]
Rate = Annotated[float, Field(ge=0, le=1)]
Kilometres = Annotated[float, Field(ge=0, le=1000)]
Step = Annotated[float, Field(ge=0, lt=1)]
Years = Annotated[int, Field(ge=1, le=50)]


class _Choice(Part):
    choice: Literal["plan", "suited", "named"] = "plan"
    centres: list[SiteId] = Field(default_factory=list)
    count: Annotated[int, Field(ge=1, le=1000)] | None = None
    visits_weight: Weight = 1.0
    overlap_weight: Weight = 1.0
    least_score: Share = 0.0
    existing: bool = False
    worst_off: Annotated[int, Field(ge=1, le=1000)] = 3
    worst_off_loss: Share = 0.0

    def build(self) -> Selection:
        return Selection(named=tuple(self.centres), **self.model_dump(exclude={"centres"}))


class _Lots(Part):
    count: Annotated[int, Field(ge=1, le=100)] = 1
    balance_by: Literal["visits", "income"] = "visits"
    weak_below: Annotated[float, Field(ge=0, le=10)] = 1.0
    together_km: Kilometres | None = None
    groups: list[Annotated[list[SiteId], Field(min_length=1)]] = Field(default_factory=list)

    def build(self) -> Grouping:
        groups = tuple(tuple(group) for group in self.groups)
        return Grouping(groups=groups, **self.model_dump(exclude={"groups"}))


class _Costs(Part):
    price_year: Year = 2025
    building: Money = 900_000.0
    fit_out: Money = 350_000.0
    mobilisation: Money = 60_000.0
    renewal_share: Share = 0.3
    renewal_every: Years = 5
    running_fixed: Money = 220_000.0
    running_per_visit: Annotated[float, Field(ge=0, le=10_000)] = 1.5


class _Payment(Part):
    kind: Literal["user_charge", "availability", "mixed"] = "user_charge"
    charge: Annotated[float, Field(ge=0, le=10_000)] | None = None
    availability: Money | None = None
    state_fee: Annotated[float, Field(ge=0, le=10_000)] = 0.0

    def build(self) -> Payment:
        """Build planning's payment; a user charge that is not stated is 3 JOD a visit."""
        charge = 3.0 if self.charge is None and self.kind == "user_charge" else self.charge
        return Payment(self.kind, charge, self.availability, self.state_fee)


class _ServiceLevels(Part):
    target: Share = 0.98
    expected: Share = 0.98
    deduction_per_point: Share = 0.02
    deduction_most: Share = 0.2


class _HandBack(Part):
    condition: Literal["as_is", "good"] = "good"
    works_share: Share = 0.1
    paid_share: Share = 0.0


class _Event(Part):
    what: Literal["public_centre", "services_withdrawn", "services_added"]
    year: Year
    site: SiteId | None = None
    services: list[Word] = Field(default_factory=list)
    visits_share: Annotated[float, Field(ge=0, le=10)] = 0.0
    capital: Money = 0.0

    def build(self) -> Event:
        return Event(self.what, self.year, self.site or "", tuple(self.services), self.visits_share, self.capital)


class _Compensation(Part):
    public_centre: Share = 1.0
    services_withdrawn: Share = 1.0
    services_added: Share = 1.0


class _Point(Part):
    year: Year
    share: Share


class _Future(Part):
    growth: Annotated[float, Field(ge=-0.2, le=0.2)] = 0.0
    take_up: list[_Point] = Field(default_factory=list)

    def build(self) -> Future:
        return Future(self.growth, tuple((point.year, point.share) for point in self.take_up))


class _Benefits(Part):
    value_of_time: Annotated[float, Field(ge=0, le=1000)] = 1.5
    social_rate: Rate = 0.05
    without: Literal["nearest_centre", "separate_offices"] = "nearest_centre"
    avoided_per_visit: Annotated[float, Field(ge=0, le=10_000)] = 0.0


class _Sensitivity(Part):
    take_up: Step = 0.25
    visits: Step = 0.2
    capital: Step = 0.2
    running: Step = 0.2
    payment: Step = 0.1
    rate: Annotated[float, Field(ge=0, le=0.2)] = 0.02


class Partnership(Part):
    """Lots for a tender; absent: no partnership is worked out."""

    centres: _Choice = Field(default_factory=_Choice)
    lots: _Lots = Field(default_factory=_Lots)
    form: Literal["greenfield", "fit_out", "operate_only"] = "fit_out"
    term_years: Years = 15
    starts: Year | None = None
    build_years: Annotated[int, Field(ge=1, le=10)] = 1
    costs: _Costs = _Costs()
    payment: _Payment = _Payment()
    service_levels: _ServiceLevels = _ServiceLevels()
    hand_back: _HandBack = _HandBack()
    exclusivity_km: Kilometres = 10.0
    events: list[_Event] = Field(default_factory=list)
    compensation: _Compensation = _Compensation()
    guarantee: Annotated[float, Field(gt=0, le=1)] | None = None
    future: _Future = Field(default_factory=_Future)
    benefits: _Benefits = _Benefits()
    hurdle_rate: Rate = 0.1
    service_contract_below: Money = 5_000_000.0
    sensitivity: _Sensitivity = _Sensitivity()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        self.build()
        return self

    def build(self) -> PartnershipSettings:
        """Build planning's settings; raises InvalidInput for what does not hold together."""
        return PartnershipSettings(
            selection=self.centres.build(),
            grouping=self.lots.build(),
            form=self.form,
            term_years=self.term_years,
            starts=self.starts,
            build_years=self.build_years,
            costs=Costs(**self.costs.model_dump()),
            payment=self.payment.build(),
            service_levels=ServiceLevels(**self.service_levels.model_dump()),
            hand_back=HandBack(**self.hand_back.model_dump()),
            exclusivity_km=self.exclusivity_km,
            events=tuple(event.build() for event in self.events),
            compensation=Compensation(**self.compensation.model_dump()),
            guarantee=self.guarantee,
            future=self.future.build(),
            benefits=Benefits(**self.benefits.model_dump()),
            hurdle_rate=self.hurdle_rate,
            service_contract_below=self.service_contract_below,
            sensitivity=Sensitivity(**self.sensitivity.model_dump()),
        )
