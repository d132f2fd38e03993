"""The section `questions` of a scenario file: what is asked after the answer, each by exact solving again."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planning.siting.questions import Steps
from scenarios.sections.base import Part, SiteId

MOST_POINTS = 40
LARGEST = 1_000_000_000_000  # JOD


class RulePricesPart(Part):
    """By how much each line is loosened for its price; counts and quotas move by one."""

    budget_step: Annotated[int, Field(ge=1, le=1_000_000_000_000)] = 1_000_000
    posts_step: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    share_step: Annotated[float, Field(gt=0, le=1)] = 0.01
    km_step: Annotated[float, Field(gt=0, le=1000)] = 5.0

    def steps(self) -> Steps:
        """Build the steps."""
        return Steps(self.budget_step, self.posts_step, self.share_step, self.km_step)


class FrontierPart(Part):
    """
    From one value to another (both inclusive), by a step.

    Centres; JOD of the whole budget; a factor of each year's budget, or JOD added to each; a share.
    """

    over: Literal["centres", "budget", "budget_factor", "budget_change", "worst_governorate"]
    from_: Annotated[float, Field(ge=-LARGEST, le=LARGEST)] = Field(alias="from")
    to: Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
    step: Annotated[float, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _holds(self) -> Self:
        if self.to < self.from_:
            raise ValueError("to is below from")
        if self.over != "budget_change" and self.from_ < 0:
            raise ValueError("from is below 0; only budget_change may take away")
        if self.over == "worst_governorate" and self.to > 1:
            raise ValueError("shares go from 0 to 1")
        broken = self.over in {"worst_governorate", "budget_factor"}
        if not broken and any(value % 1 for value in (self.from_, self.to, self.step)):
            raise ValueError("centres and JOD are whole numbers")
        if len(self.values()) > MOST_POINTS:
            raise ValueError(f"more than {MOST_POINTS} points; use a larger step")
        return self

    def values(self) -> tuple[float, ...]:
        """Return the values asked for, ascending."""
        count = int((self.to - self.from_) / self.step + 1e-9) + 1
        return tuple(round(self.from_ + at * self.step, 9) for at in range(min(count, MOST_POINTS + 1)))


class WhyNotPart(Part):
    """What forcing a site costs: solved for these sites (or all), and for the chosen ones; bounded for the others."""

    exact: Literal["all"] | list[SiteId] = Field(default_factory=list)
    exact_chosen: bool = True


class AlternativesPart(Part):
    """Other plans that lose at most a share of the first objective."""

    within_share: Annotated[float, Field(ge=0, le=0.5)] = 0.005
    at_most: Annotated[int, Field(ge=1, le=20)] = 3


class QuestionsPart(Part):
    """What is asked; `seconds_each` bounds every single solve, and an answer that it cut off says so."""

    rule_prices: RulePricesPart | None = RulePricesPart()
    frontier: list[FrontierPart] = Field(default_factory=list)
    why_not: WhyNotPart | None = None
    alternatives: AlternativesPart | None = None
    seconds_each: Annotated[float, Field(gt=0, le=1_000_000)] = 60.0
