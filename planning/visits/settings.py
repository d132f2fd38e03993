"""
What a planner states of demand: every field changes the visits, or is refused by name.

`scenarios` builds these from the section `demand` of a scenario file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from foundation.errors import InvalidInput
from planning.population import Case, Growth

Curve = tuple[tuple[int, float], ...]  # (year, share), ascending; straight between, level outside
CASES: tuple[Case, ...] = ("low", "mid", "high")


@dataclass(frozen=True, slots=True)
class Take:
    """
    Take-up of digital services: the share of an available service's transactions done digitally.

    Attributes
    ----------
    by_group
        A curve for "all", and for "elderly" and "disabled" where they differ. Someone in
        both takes the lower.
    assisted
        Share of the digital transactions done with help at a centre; those are visits.
    """

    by_group: Mapping[str, Curve]
    assisted: float = 0.0


@dataclass(frozen=True, slots=True)
class CaseRule:
    """One case: transactions a visit, what take-up and assumed rates are multiplied by, which growth."""

    transactions_per_visit: float
    take_up_times: float = 1.0
    assumed_rates_times: float = 1.0


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    When centres are open.

    `closed_days` a year fall on working days (holidays). In Ramadan, `ramadan_days` calendar
    days a year, the day has `ramadan_hours` hours.
    """

    days_per_week: float = 6.0
    hours_per_day: float = 15.0
    closed_days: float = 14.0
    ramadan_days: float = 30.0
    ramadan_hours: float = 6.0

    @property
    def open_days(self) -> float:
        """Days a year on which a centre is open."""
        return max(0.0, 365.0 * self.days_per_week / 7.0 - self.closed_days)

    @property
    def open_hours(self) -> float:
        """Hours a year during which a centre is open."""
        ramadan = min(self.open_days, self.ramadan_days * self.days_per_week / 7.0)
        return (self.open_days - ramadan) * self.hours_per_day + ramadan * self.ramadan_hours


@dataclass(frozen=True, slots=True)
class DemandAt:
    """
    Where visits begin: `work_share` of them at work, the rest at home.

    No workplaces are recorded. A stated rule stands in: within each governorate work is spread
    over its urban points (all points where none is urban) by people to the power `concentration`.
    """

    work_share: float = 0.0
    concentration: float = 1.5


@dataclass(frozen=True, slots=True)
class Refugees:
    """`stay`, or `return`: a share of the registered refugees leaves evenly from `first` to `last` (inclusive)."""

    course: Literal["stay", "return"] = "stay"
    share: float = 1.0
    first: int = 2025
    last: int = 2030

    def gone(self, year: int) -> float:
        """Return the share of the refugees who have left by the end of a year."""
        if self.course == "stay":
            return 0.0
        return self.share * min(1.0, max(0.0, (year - self.first + 1) / (self.last - self.first + 1)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    What the one scale factor is fitted to.

    "network": the recorded transactions a year of the whole network; "centres": the recorded
    loads of single centres; "none": every in-person transaction comes to a centre; "stated":
    `factor` itself. Beyond 1 a factor says that the rates are too low.
    """

    to: Literal["network", "centres", "none", "stated"] = "network"
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class AgencyYears:
    """A planner's own years of an agency, in place of the recorded ones; "" is no successor."""

    valid_from: int | None = None
    valid_to: int | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Priorities:
    """Weights of the factors (any scale, not all 0), and own scores by (service, factor), 0 to 1."""

    weights: Mapping[str, float]
    scores: Mapping[tuple[str, str], float] = field(default_factory=dict)


def _equal_weights() -> Priorities:
    names = ("transactions", "transaction_value", "value_to_citizens", "complexity", "culture", "economy")
    return Priorities(dict.fromkeys(names, 1.0))


def _cases() -> dict[str, CaseRule]:
    return {"low": CaseRule(3.6, 1.25, 0.75), "mid": CaseRule(2.48), "high": CaseRule(2.0, 0.75, 1.25)}


@dataclass(frozen=True, slots=True)
class VisitSettings:
    """
    Everything visits are computed from, beside the country's data.

    Attributes
    ----------
    services
        Service lines planned with, by id; empty: all of the country's.
    rates
        Own use rates by service, in place of the data's; they count as assumed.
    agencies
        Own years of agencies, by id.
    planned
        Own planned curve of available digital services; empty: the data's.
    peak_month_factor
        Visits of the busiest month over a mean month, at least 1.
    non_resident
        Visits of people who live outside the country (travellers, expatriates), as a share of the
        residents' visits, by zone id; "all" for zones not named.
    bundle_hours
        Hours that one journey to a separate office costs beside the way: waiting and handling.
    visits_floor
        A centre below so many visits a year is flagged; 0 flags none.
    """

    services: tuple[str, ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)
    agencies: Mapping[str, AgencyYears] = field(default_factory=dict)
    planned: Curve = ()
    take_up: Take = field(default_factory=lambda: Take({"all": ((2024, 0.381),)}))
    cases: Mapping[str, CaseRule] = field(default_factory=_cases)
    growth: Growth = field(default_factory=Growth)
    calendar: Calendar = field(default_factory=Calendar)
    peak_month_factor: float = 1.2
    demand_at: DemandAt = field(default_factory=DemandAt)
    refugees: Refugees = field(default_factory=Refugees)
    non_resident: Mapping[str, float] = field(default_factory=dict)
    priority: Priorities = field(default_factory=_equal_weights)
    calibration: Calibration = field(default_factory=Calibration)
    bundle_hours: float = 1.0
    visits_floor: float = 0.0

    def __post_init__(self) -> None:
        for name, value, low, high in self._bounds():
            if not low <= value <= high:
                raise InvalidInput(
                    "The demand's {name} is {value}; expected {low} to {high}.",
                    name=name,
                    value=value,
                    low=low,
                    high=high,
                )
        for name, curve in [("planned", self.planned), *self.take_up.by_group.items()]:
            at = [year for year, _ in curve]
            if at != sorted(set(at)) or not all(0.0 <= share <= 1.0 for _, share in curve):
                raise InvalidInput(
                    "The curve '{name}' is not ascending in years with shares of 0 to 1. Correct it.", name=name
                )
        unknown = sorted(set(self.take_up.by_group) - {"all", "elderly", "disabled"})
        if unknown or "all" not in self.take_up.by_group or not self.take_up.by_group["all"]:
            raise InvalidInput(
                "Take-up is given for {groups}; expected 'all', and if wanted 'elderly' and 'disabled'.",
                groups=", ".join(sorted(self.take_up.by_group)),
            )
        if set(self.cases) != set(CASES):
            raise InvalidInput("The cases are {cases}; expected low, mid and high.", cases=", ".join(self.cases))
        if not any(self.priority.weights.values()):
            raise InvalidInput("All weights of the priority are 0; expected one above 0.")

    def _bounds(self) -> list[tuple[str, float, float, float]]:
        calendar, many = self.calendar, 1e6
        checked = [
            ("calendar.days_per_week", calendar.days_per_week, 1.0, 7.0),
            ("calendar.hours_per_day", calendar.hours_per_day, 1.0, 24.0),
            ("calendar.closed_days", calendar.closed_days, 0.0, 40.0),
            ("calendar.ramadan_days", calendar.ramadan_days, 0.0, 60.0),
            ("calendar.ramadan_hours", calendar.ramadan_hours, 1.0, 24.0),
            ("peak_month_factor", self.peak_month_factor, 1.0, 12.0),
            ("demand_at.work_share", self.demand_at.work_share, 0.0, 1.0),
            ("demand_at.concentration", self.demand_at.concentration, 0.0, 5.0),
            ("refugees.share", self.refugees.share, 0.0, 1.0),
            ("refugees.last", float(self.refugees.last), float(self.refugees.first), 2200.0),
            ("calibration.factor", self.calibration.factor, 1e-6, 100.0),
            ("take_up.assisted", self.take_up.assisted, 0.0, 1.0),
            ("bundle_hours", self.bundle_hours, 0.0, 24.0),
            ("visits_floor", self.visits_floor, 0.0, many),
        ]
        for name, case in self.cases.items():
            checked += [
                (f"cases.{name}.transactions_per_visit", case.transactions_per_visit, 1.0, 100.0),
                (f"cases.{name}.take_up_times", case.take_up_times, 0.0, 10.0),
                (f"cases.{name}.assumed_rates_times", case.assumed_rates_times, 0.0, 10.0),
            ]
        checked += [(f"rates.{name}", rate, 0.0, 100.0) for name, rate in self.rates.items()]
        checked += [(f"non_resident.{zone}", share, 0.0, 100.0) for zone, share in self.non_resident.items()]
        checked += [(f"priority.weights.{name}", weight, 0.0, many) for name, weight in self.priority.weights.items()]
        checked += [(f"priority.scores.{s}.{f}", score, 0.0, 1.0) for (s, f), score in self.priority.scores.items()]
        return checked
