"""
Kinds of place in one model: a comprehensive centre, one run privately, an agency point, a mobile unit.

Data of the scenario, never code. Each kind says what it offers, what it costs, how far people may
live from it, when it may open and where it may stand. A comprehensive centre is always among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from foundation.errors import Phrase
from planning.standards import Limits

Form = Literal["comprehensive", "private", "agency", "mobile"]
BASE, PARTIAL = "comprehensive", "partial"  # kinds that need no description
FULL: tuple[Form, ...] = ("comprehensive", "private")  # forms of a full centre


@dataclass(frozen=True, slots=True)
class Cost:
    """
    What one place costs, in whole JOD of `price_year`.

    Attributes
    ----------
    capital
        Once, in the year it is begun (or opened, see `Budget.capital_in`).
    running
        Each year at whose end it operates, its first one whole.
    """

    capital: int
    running: int
    price_year: int


@dataclass(frozen=True, slots=True)
class Where:
    """
    Which candidates a kind may stand at: those that meet every list that is not empty.

    Attributes
    ----------
    origins
        Of `Country.candidates`: liwa_seat, municipality, planner, ...
    settlements
        Settlement type of the nearest demand point (straight line).
    governorates, districts, sites
        Their ids.
    """

    origins: tuple[str, ...] = ()
    settlements: tuple[str, ...] = ()
    governorates: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """
    The weekly round of a mobile unit: one stop a day, each stop once a week.

    Attributes
    ----------
    days_per_week
        Days on the road, 1 to 7: the unit serves at most as many stops, so this is its service level.
    daily_range_km
        No stop lies farther from the base (straight line, inclusive).
    routes
        (base, stops) named by the planner; other bases are then no choice. When empty, every base
        serves itself and the nearest candidates within the range (ties by site id).
    stops_at
        Which candidates may be such a stop; the base always may.
    """

    days_per_week: int
    daily_range_km: float
    routes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    stops_at: Where = field(default_factory=Where)


@dataclass(frozen=True, slots=True)
class KindOfPlace:
    """
    One kind of place.

    Attributes
    ----------
    id
        "comprehensive" describes the centres of every programme; other ids are the planner's.
    form
        What it is: "private" is operated privately; "mobile" needs a `round`, and may share its base with another kind.
    standard
        Its own longest journeys, without groups; None: the programme's. Its remote limit (None: as rural) holds
        where the programme's standard says that is.
    services, services_count
        What is offered there: the service lines of the country by id (visits for others go to other places; none
        named: all), or their number alone, which is only shown.
    cost, staff, capacity_visits
        A place of this kind; staff in full-time posts, capacity in visits a year. None: not stated.
    opens_from, opens_to
        First and last year (inclusive) in which one may begin to operate.
    build_years
        Years from begun to operating where no tranche says it.
    where
        Where it may stand.
    counts_as
        "comprehensive": it meets the programme's quotas, and its counts unless it has tranches of its own;
        None: it meets neither.
    upgrades
        The kind that must already stand at the place ("partial": a recorded partial centre), and
        closes when this one opens there.
    round
        Of a mobile unit.
    """

    id: str
    title_en: str
    title_ar: str
    form: Form = "comprehensive"
    standard: Limits | None = None
    services: tuple[str, ...] = ()
    services_count: int | None = None
    cost: Cost | None = None
    staff: int | None = None
    capacity_visits: int | None = None
    opens_from: int | None = None
    opens_to: int | None = None
    build_years: int = 0
    where: Where = field(default_factory=Where)
    counts_as: str | None = BASE
    upgrades: str | None = None
    round: Round | None = None

    @property
    def counted(self) -> bool:
        """Whether it counts for the programme's quotas."""
        return BASE in {self.id, self.counts_as}

    @property
    def number_of_services(self) -> int | None:
        """How many services are offered; None where not stated."""
        return len(self.services) if self.services else self.services_count


COMPREHENSIVE = KindOfPlace(BASE, "Comprehensive centre", "مركز شامل")


def kind_faults(kinds: tuple[KindOfPlace, ...], years: tuple[int, ...]) -> Iterator[Phrase]:
    """Say what is wrong with kinds by themselves."""
    ids = [kind.id for kind in kinds]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Phrase("kind '{id}' is described twice", {"id": name})
    for kind in kinds:
        yield from _form_faults(kind, ids)
        yield from _round_faults(kind)
        span = (kind.opens_from or years[0], kind.opens_to or years[-1])
        if span[0] > span[1] or span[1] < years[0] or span[0] > years[-1]:
            yield Phrase(
                "kind '{id}' may open from {from} to {to}, in no year of the programme ({years})",
                {"id": kind.id, "from": str(span[0]), "to": str(span[1]), "years": f"{years[0]}-{years[-1]}"},
            )
    prices = sorted({kind.cost.price_year for kind in kinds if kind.cost is not None})
    if len(prices) > 1:
        yield Phrase(
            "the kinds' costs are in JOD of several years ({years}); state all of them in those of one year",
            {"years": ", ".join(map(str, prices))},
        )


def _form_faults(kind: KindOfPlace, ids: list[str]) -> Iterator[Phrase]:
    values: dict[str, object] = {"id": kind.id}
    if kind.id == PARTIAL:
        yield Phrase("kind 'partial' is that of recorded centres; give yours another id")
    if kind.id == BASE and (kind.form != BASE or kind.upgrades or kind.counts_as != BASE):
        yield Phrase("kind 'comprehensive' keeps its form, counts as itself and upgrades nothing")
    if kind.services and kind.services_count is not None:
        yield Phrase("kind '{id}' names its services and gives their number; give one of the two", values)
    if kind.counts_as not in {None, BASE}:
        yield Phrase(
            "kind '{id}' counts as '{other}'; expected comprehensive or none", values | {"other": kind.counts_as}
        )
    if kind.upgrades is not None and (kind.upgrades == kind.id or kind.upgrades not in {*ids, PARTIAL}):
        yield Phrase("kind '{id}' upgrades '{other}', which is no other kind", values | {"other": kind.upgrades})
    if kind.upgrades is not None and kind.form == "mobile":
        yield Phrase("kind '{id}' is a mobile unit, which upgrades nothing", values)


def _round_faults(kind: KindOfPlace) -> Iterator[Phrase]:
    values: dict[str, object] = {"id": kind.id}
    if (kind.form == "mobile") != (kind.round is not None):
        yield Phrase("kind '{id}': a mobile unit has a round, and no other form has one", values)
    if kind.round is None:
        return
    for base, stops in kind.round.routes:
        if not 1 <= len(stops) <= kind.round.days_per_week or len(set(stops)) < len(stops):
            yield Phrase(
                "kind '{id}': the round from '{base}' has {n} stops; expected 1 to {days} different ones, one a day",
                values | {"base": base, "n": len(stops), "days": kind.round.days_per_week},
            )
    bases = [base for base, _ in kind.round.routes]
    for base in sorted({name for name in bases if bases.count(name) > 1}):
        yield Phrase("kind '{id}': two rounds begin at '{base}'; keep one", values | {"base": base})
