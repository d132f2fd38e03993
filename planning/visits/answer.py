"""What visits answers: visits in person by service, year and demand point, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.visits.calibration import Fit
from planning.visits.lines import Lines
from planning.visits.priority import Ranking
from planning.visits.settings import VisitSettings

Floats = NDArray[np.float64]
CASES = ("low", "mid", "high", "recorded")


@dataclass(frozen=True, slots=True)
class Visits:
    """
    Visits in person a year; all figures are modelled.

    Attributes
    ----------
    years
        T years.
    services
        S service ids.
    amount
        (S, T, n) visits a year by case: "low", "mid", "high" under the planned digital curve,
        "recorded": the mid case under the recorded one. Fractions of visits.
    priority
        (S,) score of each service, 0 to 1.
    people
        (T, n) residents of the mid case, to the person.
    lines
        The services' rates, agencies and jurisdictions.
    ranking
        The priority's parts.
    available
        (T,) share of services digitised, by "planned" and "recorded".
    fit
        The scale factor and modelled against recorded.
    settings
        What the planner stated.
    """

    years: tuple[int, ...]
    services: tuple[str, ...]
    amount: Mapping[str, Floats]
    priority: Floats
    people: NDArray[np.int64]
    lines: Lines
    ranking: Ranking
    available: Mapping[str, Floats]
    fit: Fit
    settings: VisitSettings

    def total(self, case: str = "mid") -> Floats:
        """(T, n) visits a year of all services."""
        return np.asarray(self.amount[case].sum(axis=0))

    def weight(self, case: str = "mid") -> Floats:
        """(T, n) visits a year, each counted with its service's priority."""
        return np.asarray(np.tensordot(self.priority, self.amount[case], axes=1))

    def transactions_per_visit(self, case: str = "mid") -> float:
        """Return the transactions done on one visit."""
        return self.settings.cases["mid" if case == "recorded" else case].transactions_per_visit

    def peak_day(self, yearly: Floats) -> Floats:
        """Visits on an open day of the peak month, from visits a year of any shape."""
        days = self.settings.calendar.open_days
        return np.asarray(yearly * self.settings.peak_month_factor / days)

    def peak_hour(self, yearly: Floats) -> Floats:
        """Visits in an open hour of the peak month (even over its hours), from visits a year of any shape."""
        hours = self.settings.calendar.open_hours
        return np.asarray(yearly * self.settings.peak_month_factor / hours)


def zone_visits(visits: Visits, case: str, zone_of_point: NDArray[np.object_]) -> pd.DataFrame:
    """Sum visits by governorate: one row a zone_id, one column a year."""
    return pd.DataFrame(visits.total(case).T, columns=list(visits.years)).groupby(zone_of_point, sort=False).sum()
