"""What a planner states of capacity, and what follows for the busy hour of a centre."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from foundation.errors import InvalidInput
from planning.capacity.erlang import WaitingTarget

Policy = Literal["nearest", "with_room"]
Case = Literal["low", "mid", "high", "recorded"]


@dataclass(frozen=True, slots=True)
class Opening:
    """
    When a centre is open, in plain numbers.

    `closed_days` a year fall on working days (holidays); in Ramadan, `ramadan_days` calendar days a
    year, the day has `ramadan_hours` hours.
    """

    days_per_week: float = 6.0
    hours_per_day: float = 15.0
    closed_days: float = 14.0
    ramadan_days: float = 30.0
    ramadan_hours: float = 6.0

    def __post_init__(self) -> None:
        """Refuse what no calendar holds."""
        hours = (self.hours_per_day, self.ramadan_hours)
        fine = 0 < self.days_per_week <= 7 and all(0 < h <= 24 for h in hours)
        fine = fine and self.closed_days >= 0 and 0 <= self.ramadan_days <= 60
        if not fine or self.open_days <= 0:
            raise InvalidInput(
                "A centre is open {days} days a week, {hours} hours a day ({ramadan} in Ramadan), less {closed} days; "
                "expected 1 to 7 days, up to 24 hours, and some open day.",
                days=float(self.days_per_week),
                hours=float(self.hours_per_day),
                ramadan=float(self.ramadan_hours),
                closed=float(self.closed_days),
            )

    @property
    def open_days(self) -> float:
        """Days a year on which a centre is open."""
        return 365.0 * self.days_per_week / 7.0 - self.closed_days

    @property
    def hours_per_week(self) -> float:
        """Hours of an ordinary week."""
        return self.days_per_week * self.hours_per_day


@dataclass(frozen=True, slots=True)
class Limit:
    """
    What the planner says a centre can take: counters, visits a year, or both (the lesser holds).

    Attributes
    ----------
    site, kind
        The one centre meant, by its id, or every centre of a kind. A limit by site goes before one by kind.
    """

    site: str | None = None
    kind: str | None = None
    counters: int | None = None
    visits_per_year: int | None = None

    def __post_init__(self) -> None:
        """Refuse a limit of nothing, or on nobody."""
        if (self.site is None) == (self.kind is None) or (self.counters is None and self.visits_per_year is None):
            raise InvalidInput(
                "A capacity limit needs one of site and kind, and counters or visits_per_year; one names "
                "{site} and {kind}.",
                site=str(self.site),
                kind=str(self.kind),
            )


@dataclass(frozen=True, slots=True)
class CapacitySettings:
    """
    What sizing and sharing out rest on; each is an assumption unless its source says otherwise.

    Attributes
    ----------
    handling_minutes
        Mean minutes at the counter for one visit (all its transactions).
    target
        How long people may wait in the busy hour.
    peak_hour_share
        Share of a day's visits in its busiest hour, at least an even share and at most 1.
    ramadan_factor
        Visits of a day in Ramadan over those of a mean day.
    least_counters
        No open centre has fewer.
    staff_hours_per_week, shrinkage
        Paid hours of a member of staff, and the share of them not at the counter (leave, training, breaks).
    m2_per_person, present_share
        Hall for each person present; and the share of the busy hour in which no more are present.
    beyond_come
        Whether visits from beyond the standard come to the nearest centre all the same, and need counters there.
    case
        The case of visits that is shared out; all cases are sized.
    policy
        "nearest": everyone goes to the nearest centre. "with_room": to the nearest with room, within the standard.
    limits
        What centres can take; none where none is named.
    visits_per_resident
        Visits a year of a resident, used only where visits are not modelled.
    siting
        Whether the final network is also sited under these limits, as a second formulation.
    """

    handling_minutes: float = 7.5
    target: WaitingTarget = field(default_factory=WaitingTarget)
    peak_hour_share: float = 0.12
    ramadan_factor: float = 0.5
    least_counters: int = 1
    staff_hours_per_week: float = 35.0
    shrinkage: float = 0.3
    m2_per_person: float = 2.0
    present_share: float = 0.95
    beyond_come: bool = True
    case: Case = "mid"
    policy: Policy = "nearest"
    limits: tuple[Limit, ...] = ()
    visits_per_resident: float | None = None
    siting: bool = False

    def __post_init__(self) -> None:
        """Refuse what is out of range, by name."""
        ranges = {
            "handling_minutes": (self.handling_minutes, 0.1, 480.0),
            "peak_hour_share": (self.peak_hour_share, 1e-6, 1.0),
            "ramadan_factor": (self.ramadan_factor, 0.0, 10.0),
            "least_counters": (self.least_counters, 0, 1000),
            "staff_hours_per_week": (self.staff_hours_per_week, 1.0, 80.0),
            "shrinkage": (self.shrinkage, 0.0, 0.9),
            "m2_per_person": (self.m2_per_person, 0.1, 50.0),
            "present_share": (self.present_share, 0.01, 0.9999),
            "visits_per_resident": (self.visits_per_resident or 0.0, 0.0, 100.0),
        }
        for name, (value, least, most) in ranges.items():
            if not least <= value <= most:
                raise InvalidInput(
                    "The capacity's {name} is {value}; expected {least} to {most}.",
                    name=name,
                    value=float(value),
                    least=float(least),
                    most=float(most),
                )


@dataclass(frozen=True, slots=True)
class Busy:
    """
    The hour a centre is sized on.

    Attributes
    ----------
    per_visit
        Visits of that hour for each visit a year.
    ramadan
        True where Ramadan's short day, not the peak month, makes it.
    """

    per_visit: float
    ramadan: bool


def busy_hour(opening: Opening, settings: CapacitySettings, *, peak_month_factor: float) -> Busy:
    """
    Return the busiest hour of the year: of a mean day of the peak month, or of a day in Ramadan.

    In Ramadan the busiest hour holds a greater share of the day, as the day is shorter, at most all of it.

    Parameters
    ----------
    peak_month_factor
        Visits of the busiest month over a mean month, at least 1.

    Raises
    ------
    InvalidInput
        If the factor is below 1, or the busiest hour holds less than an even share of the day.
    """
    if not 1.0 <= peak_month_factor <= 12.0:
        raise InvalidInput(
            "The peak month factor is {value}; expected 1 (no month stands out) to 12.", value=float(peak_month_factor)
        )
    share = settings.peak_hour_share
    if share * max(1.0, opening.hours_per_day) < 1.0 - 1e-9:
        raise InvalidInput(
            "The busiest hour holds {share} of a day of {hours} hours, less than an even share. Raise peak_hour_share.",
            share=str(share),
            hours=float(opening.hours_per_day),
        )
    peak = peak_month_factor * share / opening.open_days
    short = min(1.0, share * opening.hours_per_day / opening.ramadan_hours)
    fasting = settings.ramadan_factor * short / opening.open_days if opening.ramadan_days > 0 else 0.0
    return Busy(max(peak, fasting), fasting > peak)
