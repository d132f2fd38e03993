"""The section `programme` of a scenario file: how many, when, and what must hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from planning.kinds import BASE
from planning.private import Care
from planning.programme import FixedCentre, PrivateLabel, Programme, Tranche, ZoneQuota
from scenarios.sections.base import Part, SiteId, Title, Word, Year
from scenarios.sections.kinds import Kind
from scenarios.sections.rules import Money, PostsOfYear, Rules, conditions_of

Count = Annotated[int, Field(ge=1, le=100_000)]


class Fixed(Part):
    """A place open in every plan."""

    site: SiteId
    begun: Year | None = None
    operating: Year
    kind: Word = BASE


class TrancheOfPlaces(Part):
    """So many new places of a kind, begun and operating together."""

    id: Word
    title: Title
    count: Count
    begun: Year
    operating: Year
    kind: Word = BASE
    at_most: bool = False


class Quota(Part):
    """At least so many centres in each governorate."""

    each: Literal["governorate"]
    at_least: Count
    from_: Year = Field(alias="from")
    fixed_centres_count: bool = True


class Private(Part):
    """How many of the centres are privately operated."""

    count: Count
    offered: Year
    operating: Year


class ProgrammePart(Part):
    """The section as a whole."""

    fixed: list[Fixed] = Field(default_factory=list)
    fix_recorded: list[Literal["open", "trial", "under_construction"]] = Field(default_factory=list)
    tranches: list[TrancheOfPlaces]
    quotas: list[Quota] = Field(default_factory=list)
    private: Private | None = None
    rules: Rules = Field(default_factory=Rules)
    budget: Money | None = None
    staff: list[PostsOfYear] = Field(default_factory=list)

    def programme(
        self, years: list[int], kinds: list[Kind], recorded: tuple[FixedCentre, ...], care: Care | None = None
    ) -> Programme:
        """Build planning's type; `recorded` are further fixed centres, from the country's records."""
        own = tuple(FixedCentre(f.site, f.begun, f.operating, f.kind) for f in self.fixed)
        named = {f.site_id for f in own}
        private = self.private
        return Programme(
            years=tuple(years),
            tranches=tuple(
                Tranche(t.id, t.title.en, t.title.ar, t.count, t.begun, t.operating, t.kind, t.at_most)
                for t in self.tranches
            ),
            fixed=own + tuple(f for f in recorded if f.site_id not in named),
            zone_quotas=tuple(ZoneQuota(q.at_least, q.from_, q.fixed_centres_count) for q in self.quotas),
            private=None
            if private is None
            else PrivateLabel(private.count, private.offered, private.operating, care or Care()),
            kinds=tuple(kind.kind() for kind in kinds),
            conditions=conditions_of(self.rules, self.budget, self.staff),
        )
