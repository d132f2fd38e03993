"""
The section `standard` of a scenario file: how long a journey may be, for whom, and what nearer ones are worth.

docs/planning/standards.md describes every field.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from planning.standards import Band, Further, Limits, Remote, Standard
from scenarios.sections.base import Minutes, Part, Word

Benefit = Annotated[float, Field(gt=0, le=1)]
Weight = Annotated[float, Field(gt=0, le=1000)]


class _Limits(Part):
    urban_minutes: Minutes
    rural_minutes: Minutes
    remote_minutes: Minutes | None = None
    groups: dict[Word, Minutes] = Field(default_factory=dict, max_length=6)

    def limits(self) -> Limits:
        groups = tuple(sorted(self.groups.items()))
        return Limits(self.urban_minutes, self.rural_minutes, self.remote_minutes, groups)


class _Band(_Limits):
    benefit: Benefit


class _Further(_Limits):
    name: Word
    weight: Weight = 1.0


class _Remote(Part):
    districts: list[Word] = Field(default_factory=list)
    density_at_most_per_km2: Annotated[float, Field(gt=0, le=100_000)] | None = None


class StandardPart(Part):
    """Longest journeys, minutes, inclusive."""

    urban_minutes: Minutes = 30.0
    rural_minutes: Minutes = 60.0
    remote_minutes: Minutes | None = None
    remote: _Remote | None = None
    groups: dict[Word, Minutes] = Field(default_factory=dict, max_length=6)
    partial_centres_count: bool = False
    bands: list[_Band] = Field(default_factory=list, max_length=20)
    weight: Weight = 1.0
    further: list[_Further] = Field(default_factory=list, max_length=20)

    def standard(self) -> Standard:
        """Build the access standard; raises InvalidInput where its parts do not hold together."""
        remote = self.remote
        return Standard(
            self.urban_minutes,
            self.rural_minutes,
            self.partial_centres_count,
            remote_minutes=self.remote_minutes,
            remote=None if remote is None else Remote(tuple(remote.districts), remote.density_at_most_per_km2),
            groups=tuple(sorted(self.groups.items())),
            bands=tuple(Band(band.limits(), band.benefit) for band in self.bands),
            weight=self.weight,
            further=tuple(Further(each.name, each.limits(), each.weight) for each in self.further),
        )
