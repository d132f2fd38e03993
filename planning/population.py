"""
Residents by year: each governorate's recorded growth, carried to every demand point, to the person.

Cohort-free: between two records a governorate grows at the one yearly rate that joins them, after
the last at the rate of the last pair (geometric method: Shryock & Siegel 1976, The Methods and
Materials of Demography, chapter 13). Records are taken as of the end of their year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.demand import apportion

Case = Literal["low", "mid", "high"]


@dataclass(frozen=True, slots=True)
class Growth:
    """
    How the low and the high case leave the recorded growth after the last record.

    `low` and `high` multiply the yearly rate (an assumption); between records the cases agree.
    """

    low: float = 0.5
    high: float = 1.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= 1.0 <= self.high:
            raise InvalidInput(
                "Growth cases are {low} and {high} times the recorded rate; expected 0 to 1 and 1 or more.",
                low=self.low,
                high=self.high,
            )

    def times(self, case: Case) -> float:
        """Return what the case multiplies the rate by."""
        return {"low": self.low, "mid": 1.0, "high": self.high}[case]


def people_by_year(
    country: Country, years: Sequence[int], case: Case = "mid", *, growth: Growth | None = None
) -> NDArray[np.int64]:
    """
    Count the residents of every demand point at the end of each year.

    The people of `country.people` are those of `country.population_year`; a governorate's
    total of another year is that total times its recorded growth, rounded to whole
    persons and split over its points in proportion to their people. A governorate with
    fewer than two used records keeps its people in every year.

    Parameters
    ----------
    years
        T years.
    case
        "low", "mid" or "high" growth after the last record.

    Returns
    -------
    people
        (T, n) whole persons; governorates sum exactly to their rounded totals.
    """
    base = country.people["people"].to_numpy(dtype=np.int64)
    zone_of = country.people["zone_id"].to_numpy(dtype=object)
    times = (growth or Growth()).times(case)
    found = np.zeros((len(years), base.size), dtype=np.int64)
    records = {str(zone): rows for zone, rows in country.records.growth.groupby("zone_id")}
    none = country.records.growth.iloc[:0]
    for zone in pd.unique(zone_of):
        here = np.flatnonzero(zone_of == zone)
        weights, total = base[here].astype(np.float64), int(base[here].sum())
        ratio = growth_ratio(records.get(str(zone), none), str(zone), years, since=country.population_year, times=times)
        for t, year in enumerate(years):
            same = year == country.population_year
            found[t, here] = base[here] if same else apportion(weights, round(total * float(ratio[t])))
    return found


def growth_ratio(
    records: pd.DataFrame, zone: str, years: Sequence[int], *, since: int, times: float = 1.0
) -> NDArray[np.float64]:
    """
    Return a governorate's residents of each year over those of `since`.

    `records` is `Records.growth`; years before the first record take the first pair's rate.
    `times` multiplies the yearly rate after the last record.
    """
    used = records[(records["zone_id"] == zone) & records["used"]].sort_values("year")
    if len(used) < 2:
        return np.ones(len(years))
    at, log = used["year"].to_numpy(np.float64), np.log(used["population"].to_numpy(np.float64))
    if (np.diff(at) <= 0).any() or not np.isfinite(log).all():
        raise InvalidInput(
            "The growth records of {zone} have two rows for one year, or nobody in one. Correct the growth table.",
            zone=zone,
        )
    rate = np.diff(log) / np.diff(at)

    def value(year: NDArray[np.float64]) -> NDArray[np.float64]:
        inside = np.interp(year, at, log)
        before, after = np.minimum(year - at[0], 0.0), np.maximum(year - at[-1], 0.0)
        return np.asarray(inside + before * rate[0] + after * np.log1p(np.expm1(rate[-1]) * times))

    wanted = np.asarray(years, dtype=np.float64)
    return np.asarray(np.exp(value(wanted) - value(np.array([float(since)]))), dtype=np.float64)
