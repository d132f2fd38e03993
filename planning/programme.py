"""
The programme: how many centres begin and operate in which year, and what must hold.

Data, never code: `scenarios` builds these from a scenario file. *Begun* and
*operating* are different years. Without further kinds the numbers are of comprehensive
centres; a centre once operating stays open, unless the planner names it as one that may close.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from foundation.errors import InvalidInput, Phrase, listed
from planning.conditions import Conditions, condition_faults
from planning.counted_words import centres
from planning.kinds import BASE, COMPREHENSIVE, KindOfPlace, kind_faults
from planning.private import Care


@dataclass(frozen=True, slots=True)
class Tranche:
    """
    `count` new places of a kind, begun in one year and operating from another (inclusive).

    `at_most` allows fewer; then every tranche that counts with it must allow it too.
    """

    id: str
    title_en: str
    title_ar: str
    count: int
    begun: int
    operating: int
    kind: str = BASE
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class FixedCentre:
    """A place open in every plan from its operating year on; counts beside the tranches."""

    site_id: str
    begun: int | None
    operating: int
    kind: str = BASE


@dataclass(frozen=True, slots=True)
class ZoneQuota:
    """
    At least `at_least` operating centres in each governorate from year `from_year` on.

    `fixed_count` says whether a fixed centre meets its governorate's quota.
    """

    at_least: int
    from_year: int
    fixed_count: bool = True


@dataclass(frozen=True, slots=True)
class PrivateLabel:
    """
    How many of the programme's centres are privately operated.

    Private operation does not change reach, so the label is given after siting,
    to the centres of the highest expected visits among those operating in year
    `operating` (then later ones), as far as `planning.private` allows: the rule of a
    tender, too.
    """

    count: int
    offered: int
    operating: int
    care: Care = field(default_factory=Care)


@dataclass(frozen=True, slots=True)
class Programme:
    """
    A siting programme over `years` (consecutive, ascending).

    Raises
    ------
    InvalidInput
        On construction, with every fault at once.
    """

    years: tuple[int, ...]
    tranches: tuple[Tranche, ...]
    fixed: tuple[FixedCentre, ...] = ()
    zone_quotas: tuple[ZoneQuota, ...] = ()
    private: PrivateLabel | None = None
    kinds: tuple[KindOfPlace, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise InvalidInput("The programme does not hold together: {faults}.", faults=listed(faults))

    def kind(self, kind_id: str) -> KindOfPlace:
        """Return a kind by its id; raises KeyError for one that is not described."""
        known = {BASE: COMPREHENSIVE} | {kind.id: kind for kind in self.kinds}
        return known[kind_id]

    def counted(self, kind_id: str) -> bool:
        """Tell whether a kind counts for the programme's quotas."""
        return self.kind(kind_id).counted

    def count_group(self, kind_id: str) -> str | None:
        """Say with whose tranches a kind is counted: its own if it has any; None: with nobody's."""
        if kind_id == BASE or any(tranche.kind == kind_id for tranche in self.tranches):
            return kind_id
        return self.kind(kind_id).counts_as

    def number(self, year: int, group: str) -> int:
        """Places of a count group operating at the end of `year`, fixed ones included, if none closes."""
        fixed = sum(f.operating <= year and self.count_group(f.kind) == group for f in self.fixed)
        return fixed + sum(t.count for t in self.tranches if t.operating <= year and t.kind == group)

    def operating(self, year: int) -> int:
        """Centres operating at the end of `year` that count, fixed ones included, if none closes."""
        return sum(f.operating <= year and self.counted(f.kind) for f in self.fixed) + sum(
            t.count for t in self.tranches if t.operating <= year and self.counted(t.kind)
        )

    def begun(self, year: int) -> int:
        """Centres begun by the end of `year` that count, fixed ones included (unknown begin: its operating year)."""
        return sum((f.begun or f.operating) <= year and self.counted(f.kind) for f in self.fixed) + sum(
            t.count for t in self.tranches if t.begun <= year and self.counted(t.kind)
        )

    def begun_year_of(self, operating_year: int, kind_id: str = BASE) -> int:
        """
        Begin year of a place that operates from `operating_year`.

        That of the (earliest begun) tranche of that year; without one, a described kind takes its own years
        of building, and a centre as long as the last tranche before it did: it takes up a place of that tranche.
        """
        group = self.count_group(kind_id)
        mine = [t for t in self.tranches if t.kind == group and t.operating <= operating_year]
        last = max((t.operating for t in mine), default=operating_year)
        if last < operating_year and kind_id != BASE:
            mine = []
        begun = min((t.begun for t in mine if t.operating == last), default=None)
        if begun is None:
            return operating_year - self.kind(kind_id).build_years
        return begun + operating_year - last

    @property
    def final_year(self) -> int:
        """The last year of the programme."""
        return self.years[-1]


def _faults(programme: Programme) -> list[Phrase]:
    years = programme.years
    if not years or list(years) != list(range(years[0], years[0] + len(years))):
        return [Phrase("years must be consecutive and ascending, for instance [2022, 2023, 2024, 2025]")]
    found = [*_tranche_faults(programme), *_fixed_faults(programme), *_quota_faults(programme)]
    found += _private_faults(programme)
    found += kind_faults(programme.kinds, years)
    found += condition_faults(programme.conditions, years, {f.site_id: f.operating for f in programme.fixed})
    found += _unknown_kinds(programme)
    if not found:
        found += _count_faults(programme)
    if not programme.tranches:
        found.append(Phrase("there is no tranche; name at least one"))
    return found


def _span(programme: Programme) -> str:
    return f"{programme.years[0]}-{programme.years[-1]}"


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _tranche_faults(programme: Programme) -> Iterator[Phrase]:
    for tranche in programme.tranches:
        values: dict[str, object] = {"id": tranche.id, "year": str(tranche.operating)}
        if tranche.count < 1:
            yield Phrase("tranche '{id}' has count {n}, expected 1 or more", values | {"n": tranche.count})
        if tranche.begun > tranche.operating:
            yield Phrase("tranche '{id}' operates in {year}, before it is begun", values)
        if tranche.operating not in programme.years:
            yield Phrase("tranche '{id}' operates in {year}, outside {years}", values | {"years": _span(programme)})
    for name in _twice([t.id for t in programme.tranches]):
        yield Phrase("tranche '{id}' is named twice", {"id": name})


def _fixed_faults(programme: Programme) -> Iterator[Phrase]:
    for name in _twice([f.site_id for f in programme.fixed]):
        yield Phrase("fixed centre '{id}' is named twice", {"id": name})
    for fixed in programme.fixed:
        values: dict[str, object] = {"id": fixed.site_id, "year": str(fixed.operating)}
        if fixed.operating > programme.final_year:
            yield Phrase("fixed centre '{id}' operates in {year}, after the last year", values)
        if fixed.begun is not None and fixed.begun > fixed.operating:
            yield Phrase("fixed centre '{id}' operates in {year}, before it is begun", values)


def _quota_faults(programme: Programme) -> Iterator[Phrase]:
    for quota in programme.zone_quotas:
        if quota.at_least < 1 or quota.from_year not in programme.years:
            yield Phrase(
                "a quota asks for {centres} from {year}, expected at least 1 from a year of the programme",
                {"centres": centres(quota.at_least), "year": str(quota.from_year)},
            )
    for year in _twice([str(quota.from_year) for quota in programme.zone_quotas]):
        yield Phrase("two quotas begin in {year}; keep the one that asks for more", {"year": year})


def _private_faults(programme: Programme) -> Iterator[Phrase]:
    private = programme.private
    if private is None:
        return
    if private.count > sum(t.count for t in programme.tranches if t.kind == BASE):
        yield Phrase("{n} private centres are asked for, more than the tranches open", {"n": private.count})
    if private.offered > private.operating:
        yield Phrase(
            "private centres operate in {year}, before they are offered in {offered}",
            {"year": str(private.operating), "offered": str(private.offered)},
        )
    outside = {"operating": private.operating, "offered": private.offered}
    for name, year in outside.items():
        if year not in programme.years:
            yield Phrase(
                "private: {field} is {year}, outside {years}",
                {"field": name, "year": str(year), "years": _span(programme)},
            )


def _unknown_kinds(programme: Programme) -> Iterator[Phrase]:
    known = {BASE, *(kind.id for kind in programme.kinds)}
    named = [(t.kind, Phrase("tranche '{id}'", {"id": t.id})) for t in programme.tranches]
    named += [(f.kind, Phrase("fixed centre '{id}'", {"id": f.site_id})) for f in programme.fixed]
    named += [(kind, Phrase("a rule")) for kind in dict.fromkeys(programme.conditions.kinds())]
    for kind, what in named:
        if kind not in known:
            yield Phrase(
                "{what} is of the kind '{kind}', which is not described; known are {known}",
                {"what": what, "kind": kind, "known": ", ".join(sorted(known))},
            )


def _count_faults(programme: Programme) -> Iterator[Phrase]:
    """Counts that leave open what they ask for."""
    for group in sorted({tranche.kind for tranche in programme.tranches}):
        ways = {tranche.at_most for tranche in programme.tranches if tranche.kind == group}
        if len(ways) > 1:
            yield Phrase(
                "some tranches of the kind '{kind}' say at_most and others do not; say it in all", {"kind": group}
            )
    conditions = programme.conditions
    limited = conditions.budget is not None or bool(conditions.staff)
    for kind in programme.kinds:
        if programme.count_group(kind.id) is None and not kind.upgrades and not limited:
            yield Phrase(
                "nothing limits how many of the kind '{kind}' open; give it a tranche, or a budget or staff",
                {"kind": kind.id},
            )
    for kind in (programme.kind(BASE), *(kind for kind in programme.kinds if kind.id != BASE)):
        if conditions.staff and kind.staff is None:
            yield Phrase("kind '{id}' does not say its staff, which a limit on staff needs", {"id": kind.id})
        if conditions.budget is None:
            continue
        if kind.cost is None:
            yield Phrase("kind '{id}' has no cost, which the budget needs", {"id": kind.id})
        elif kind.cost.price_year != conditions.budget.price_year:
            yield Phrase(
                "kind '{id}' costs JOD of {year}, the budget is in JOD of {budget}; state both in those of one year",
                {"id": kind.id, "year": str(kind.cost.price_year), "budget": str(conditions.budget.price_year)},
            )
