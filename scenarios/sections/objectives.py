"""
The section `objectives` of a scenario file: what is wanted, in which order, and the floors.

docs/planning/objectives.md describes every field.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from foundation.errors import InvalidInput
from planning.aims import Aim, CoverFloor, Objectives, Scope
from scenarios.sections.base import Part, Share, Text, Year

LARGEST = 1_000_000_000_000  # of a number that is added up in whole numbers
_SCOPES: tuple[Scope, ...] = ("governorate", "settlement", "group")


class _Aim(Part):
    maximise: Literal["covered", "worst_governorate", "worst_settlement", "worst_group"] | None = None
    minimise: Literal["mean_travel", "worst_journey", "ede", "centres", "cost"] | None = None
    of: Literal["people", "visits", "priority_visits"] = "people"
    tolerance: Annotated[float, Field(ge=0, le=LARGEST)] = 0.0
    levels: Annotated[int, Field(ge=1, le=1000)] | Literal["all"] = 1

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.maximise is None) == (self.minimise is None):
            raise InvalidInput("An objective has one of maximise and minimise.")
        return self

    def aim(self) -> Aim:
        what = self.maximise or self.minimise
        assert what is not None
        return Aim(what, self.of, self.tolerance, levels=None if self.levels == "all" else self.levels)


class _Floor(Part):
    each: Literal["governorate", "settlement", "group"] | None = None
    governorate: Text | None = None
    settlement: Literal["urban", "rural", "remote"] | None = None
    group: Text | None = None
    nation: Literal[True] | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    people: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    all_within_reach: bool = False
    from_: Year | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _one(self) -> Self:
        named = (self.each, self.governorate, self.settlement, self.group, self.nation)
        if sum(value is not None for value in named) != 1:
            raise InvalidInput("A floor is of one of each, governorate, settlement, group and nation.")
        return self

    def floor(self) -> CoverFloor:
        scope: Scope = self.each or "nation"
        which = ""
        for name in _SCOPES:
            if getattr(self, name) is not None:
                scope, which = name, getattr(self, name)
        return CoverFloor(scope, which, self.share, self.people, self.all_within_reach, self.from_)


class ObjectivesPart(Part):
    """What is wanted, one thing after another."""

    coverage_tolerance_person_years: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    worst_tolerance_share: Share = 0.0
    travel_tolerance_person_minutes: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    travel_cap_minutes: Annotated[int, Field(ge=1, le=1440)] = 120
    inequality_aversion: Annotated[float, Field(gt=0, le=20)] = 1.0
    order: list[_Aim] = Field(default_factory=list, max_length=20)
    floors: list[_Floor] = Field(default_factory=list, max_length=200)
    discount_rate: Annotated[float, Field(ge=0, le=1)] = 0.0
    people: Literal["recorded", "low", "mid", "high"] = "recorded"
    visits_case: Literal["low", "mid", "high", "recorded"] | None = None

    @model_validator(mode="after")
    def _used(self) -> Self:
        if self.visits_case is not None and all(aim.of == "people" for aim in self.order):
            raise InvalidInput("The field visits_case has no use where no objective counts visits; remove it.")
        return self

    def objectives(self) -> Objectives:
        """Build the objectives; raises InvalidInput where they do not hold together."""
        return Objectives(
            self.coverage_tolerance_person_years,
            self.worst_tolerance_share,
            self.travel_tolerance_person_minutes,
            self.travel_cap_minutes,
            self.inequality_aversion,
            tuple(each.aim() for each in self.order),
            tuple(each.floor() for each in self.floors),
            self.discount_rate,
        )
