"""
What a planner wants, one objective after another, and the floors below which nobody may fall.

Plain data; `planning.siting` turns each into a stage of the model, with its own certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from foundation.errors import InvalidInput, Phrase, listed

What = Literal[
    "covered",
    "worst_governorate",
    "worst_settlement",
    "worst_group",
    "mean_travel",
    "worst_journey",
    "ede",
    "centres",
    "cost",
]
Of = Literal["people", "visits", "priority_visits"]
Scope = Literal["nation", "governorate", "settlement", "group"]
WORST_OFF = ("worst_governorate", "worst_settlement", "worst_group")
WHOLE_PLACES = ("worst_journey", "centres", "cost")  # their tolerance is a whole number
COVERAGE, TRAVEL = "covered_person_years", "mean_travel"
_OF_VISITS = {"covered": "covered_{of}", "mean_travel": "mean_travel_{of}"}


@dataclass(frozen=True, slots=True)
class Aim:
    """
    One objective.

    Attributes
    ----------
    what
        "covered": people (or visits) within the standard, over all years, made most. "worst_...": the share
        of people within the standard in the governorate, settlement type or group where it is least, in the
        final year, made greatest. "mean_travel", "worst_journey", "ede" (Kolm-Pollak equivalent): minutes of
        the final network, made least. "centres" (operating in the final year), "cost" (JOD): made least.
    of
        Whom "covered" and "mean_travel" count.
    tolerance
        What later objectives may lose of it, in its own unit: people or visits (a year each), share, minutes,
        centres, JOD.
    person_minutes
        The tolerance of "mean_travel" as a total instead, as older files state it.
    levels
        Of "worst_governorate", "worst_settlement" and "worst_group": how many of the least shares are made
        greatest, one after another, the least first (leximin); None: all of them. Each level is a stage of its
        own with the same tolerance.
    """

    what: What
    of: Of = "people"
    tolerance: float = 0.0
    person_minutes: int = 0
    levels: int | None = 1

    @property
    def name(self) -> str:
        """The objective's name in the certificate."""
        if self.of == "people":
            return COVERAGE if self.what == "covered" else self.what
        return _OF_VISITS[self.what].format(of=self.of)


@dataclass(frozen=True, slots=True)
class CoverFloor:
    """
    A share or number of people who must be within the standard.

    Attributes
    ----------
    scope, which
        Of whom: the nation, a governorate (id), a settlement type or a group (name). An empty `which` is each
        of them (of the groups: each with shares).
    share, people, within_reach
        One of the three: at least that share (inclusive), so many people, or everyone whom some permitted
        place could bring within the standard.
    from_year
        From which year on; None: the final year.
    """

    scope: Scope
    which: str = ""
    share: float | None = None
    people: int | None = None
    within_reach: bool = False
    from_year: int | None = None

    def years(self, years: tuple[int, ...]) -> tuple[int, ...]:
        """Return the years in which it holds."""
        return tuple(year for year in years if year >= (years[-1] if self.from_year is None else self.from_year))


@dataclass(frozen=True, slots=True)
class Objectives:
    """
    The order of what is wanted, with what may be lost of it later.

    Without an `order`: person-years within the standard; the worst-off governorate's share in
    the final year; mean travel of the final network in whole minutes (rounded up), capped. Their
    tolerances are in person-years, share and person-minutes.

    Attributes
    ----------
    cap_minutes
        Longer journeys and the unreached count as this long, in mean travel, the worst journey and the equivalent.
    aversion
        Kolm-Pollak inequality aversion (epsilon, > 0).
    order
        Objectives, the most important first.
    floors
        Hold in every objective.
    discount_rate
        Yearly; coverage of a year t counts (1 + rate)^(first year - t), to the nearest thousandth.

    Raises
    ------
    InvalidInput
        On construction, with every fault at once.
    """

    coverage_tolerance: int = 0
    worst_tolerance: float = 0.0
    travel_tolerance: int = 0
    cap_minutes: int = 120
    aversion: float = 1.0
    order: tuple[Aim, ...] = ()
    floors: tuple[CoverFloor, ...] = ()
    discount_rate: float = 0.0

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise InvalidInput("The objectives do not hold together: {faults}.", faults=listed(faults))

    def aims(self) -> tuple[Aim, ...]:
        """Return the objectives in their order."""
        return self.order or (
            Aim("covered", tolerance=self.coverage_tolerance),
            Aim("worst_governorate", tolerance=self.worst_tolerance),
            Aim("mean_travel", person_minutes=self.travel_tolerance),
        )

    def asks(self, *what: What) -> bool:
        """Tell whether one of these is among the objectives."""
        return any(aim.what in what for aim in self.aims())


def _faults(objectives: Objectives) -> Iterator[Phrase]:
    names = [aim.name for aim in objectives.order if aim.of == "people" or aim.what in _OF_VISITS]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Phrase("the objective '{name}' is asked for twice", {"name": name})
    if objectives.order and (
        objectives.coverage_tolerance or objectives.worst_tolerance or objectives.travel_tolerance
    ):
        yield Phrase("with an order, state each tolerance with its objective")
    for aim in objectives.order:
        yield from _aim_faults(aim)
    if objectives.discount_rate and not objectives.asks("covered"):
        yield Phrase("discount_rate changes nothing, as coverage is no objective")
    if objectives.discount_rate < 0:
        yield Phrase("discount_rate is {rate}; expected 0 or more", {"rate": objectives.discount_rate})
    for floor in objectives.floors:
        yield from _floor_faults(floor)
    keys = [(floor.scope, floor.which, floor.from_year) for floor in objectives.floors]
    for scope, which, _ in sorted({key for key in keys if keys.count(key) > 1}, key=str):
        yield Phrase(
            "two floors hold for {scope} {which} from the same year; keep one", {"scope": Phrase(scope), "which": which}
        )


def _aim_faults(aim: Aim) -> Iterator[Phrase]:
    values: dict[str, object] = {"name": aim.what, "tolerance": aim.tolerance}
    if aim.of != "people" and aim.what not in _OF_VISITS:
        yield Phrase("the objective '{name}' counts people only; visits go with covered and mean_travel", values)
    if aim.tolerance < 0:
        yield Phrase("the objective '{name}' has the tolerance {tolerance}; expected 0 or more", values)
    if aim.what in WORST_OFF and aim.tolerance > 1:
        yield Phrase("the objective '{name}' has the tolerance {tolerance}; expected a share, at most 1", values)
    if aim.levels is not None and aim.levels < 1:
        yield Phrase("the objective '{name}' has {levels} levels; expected 1 or more", values | {"levels": aim.levels})
    if aim.levels != 1 and aim.what not in WORST_OFF:
        yield Phrase("the objective '{name}' has no levels; they belong to the worst-off", values)
    if aim.what in WHOLE_PLACES and aim.tolerance != int(aim.tolerance):
        yield Phrase("the objective '{name}' has the tolerance {tolerance}; expected a whole number", values)


def _floor_faults(floor: CoverFloor) -> Iterator[Phrase]:
    values: dict[str, object] = {"scope": Phrase(floor.scope), "which": floor.which}
    if (floor.share is not None) + (floor.people is not None) + floor.within_reach != 1:
        yield Phrase("the floor of {scope} {which} needs one of share, people and all_within_reach", values)
    if floor.share is not None and not 0 < floor.share <= 1:
        yield Phrase(
            "the floor of {scope} {which} is the share {share}; expected above 0, at most 1",
            values | {"share": floor.share},
        )
    if floor.people is not None and floor.people < 1:
        yield Phrase(
            "the floor of {scope} {which} is {people} people; expected 1 or more", values | {"people": floor.people}
        )
    if floor.scope == "nation" and floor.which:
        yield Phrase("the floor of the nation names '{which}'; leave that out", values)
