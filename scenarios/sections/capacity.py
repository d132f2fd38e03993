"""The section `capacity` of a scenario file: what counters, staff and halls are sized on, and what limits hold."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planning.capacity import CapacitySettings, Limit, WaitingTarget
from scenarios.sections.base import Part, SiteId, Word

Minutes = Annotated[float, Field(ge=0, le=480)]
Counters = Annotated[int, Field(ge=0, le=1000)]


class Waiting(Part):
    """A share of visits served within some minutes, or a mean wait."""

    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    within_minutes: Minutes | None = None
    mean_minutes: Annotated[float, Field(gt=0, le=480)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_share = (self.share is not None) + (self.within_minutes is not None)
        if by_share not in {0, 2} or (by_share == 2) == (self.mean_minutes is not None):
            raise ValueError("give share and within_minutes together, or mean_minutes alone")
        return self

    def target(self) -> WaitingTarget:
        """Build the waiting target."""
        if self.mean_minutes is not None:
            return WaitingTarget(self.mean_minutes, None)
        assert self.within_minutes is not None
        return WaitingTarget(self.within_minutes, self.share)


class Staff(Part):
    """Paid hours of a member of staff a week, and the share of them not at the counter."""

    hours_per_week: Annotated[float, Field(ge=1, le=80)] = 35.0
    shrinkage: Annotated[float, Field(ge=0, le=0.9)] = 0.3


class Hall(Part):
    """Square metres a person, and the share of the busy hour in which no more people are present."""

    m2_per_person: Annotated[float, Field(ge=0.1, le=50)] = 2.0
    present_share: Annotated[float, Field(ge=0.01, le=0.9999)] = 0.95


class CentreLimit(Part):
    """What one centre, or every centre of a kind, can take."""

    site: SiteId | None = None
    kind: Word | None = None
    counters: Counters | None = None
    visits_per_year: Annotated[int, Field(ge=0, le=100_000_000)] | None = None

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if (self.site is None) == (self.kind is None):
            raise ValueError("name one of site and kind")
        if self.counters is None and self.visits_per_year is None:
            raise ValueError("give counters or visits_per_year")
        return self


class Capacity(Part):
    """What a centre needs and can take; every default is a stated assumption. Absent: capacity is not asked for."""

    handling_minutes: Annotated[float, Field(ge=0.1, le=480)] = 7.5
    waiting: Waiting = Field(default_factory=lambda: Waiting(share=0.9, within_minutes=10.0))
    peak_hour_share: Annotated[float, Field(gt=0, le=1)] = 0.12
    ramadan_factor: Annotated[float, Field(ge=0, le=10)] = 0.5
    least_counters: Counters = 1
    staff: Staff = Field(default_factory=Staff)
    hall: Hall = Field(default_factory=Hall)
    beyond_standard_come: bool = True
    case: Literal["low", "mid", "high", "recorded"] = "mid"
    allocation: Literal["nearest", "with_room"] = "nearest"
    limits: list[CentreLimit] = Field(default_factory=list)
    visits_per_resident: Annotated[float, Field(gt=0, le=100)] | None = None
    siting: bool = False

    def build(self) -> CapacitySettings:
        """Build the settings of capacity; raises InvalidInput for what does not hold together."""
        return CapacitySettings(
            handling_minutes=self.handling_minutes,
            target=self.waiting.target(),
            peak_hour_share=self.peak_hour_share,
            ramadan_factor=self.ramadan_factor,
            least_counters=self.least_counters,
            staff_hours_per_week=self.staff.hours_per_week,
            shrinkage=self.staff.shrinkage,
            m2_per_person=self.hall.m2_per_person,
            present_share=self.hall.present_share,
            beyond_come=self.beyond_standard_come,
            case=self.case,
            policy=self.allocation,
            limits=tuple(Limit(x.site, x.kind, x.counters, x.visits_per_year) for x in self.limits),
            visits_per_resident=self.visits_per_resident,
            siting=self.siting,
        )
