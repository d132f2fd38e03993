"""
The one scale factor: which share of in-person transactions comes to a comprehensive centre.

Other transactions are done at the agencies' own offices. The factor makes the model's
transactions equal to the record, over the governorates that had an open centre.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.visits.settings import Calibration


@dataclass(frozen=True, slots=True)
class Recorded:
    """Transactions and visitors a year between two dates of the same number of centres."""

    first: str
    last: str
    centres: int
    transactions: float
    visitors: float

    @property
    def year(self) -> int:
        """The year the record ends in."""
        return int(self.last[:4])


@dataclass(frozen=True, slots=True)
class Compared:
    """
    One recorded figure beside the model's.

    `measure`: "network_transactions", "network_visitors", "visitors_per_day" or
    "transactions_per_day"; `place` is a centre id, "" for the network. Recorded low and high
    are equal where one figure is printed. `fitted` marks the figure the factor was fitted to.
    """

    measure: str
    place: str
    recorded_low: float
    recorded_high: float
    low: float
    mid: float
    high: float
    source: str
    fitted: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """
    The scale factor, and modelled against recorded.

    Attributes
    ----------
    factor
        Applied to every case; NaN never, 1 where nothing was fitted.
    alternatives
        What the factor would be by "network" and "centres", where recorded.
    recorded
        The network's record; None where there is none.
    rows
        Each recorded figure beside the model's three cases under the recorded digital curve.
    """

    factor: float
    to: str
    alternatives: dict[str, float]
    recorded: Recorded | None
    rows: tuple[Compared, ...]


def recorded_rates(record: pd.DataFrame) -> Recorded | None:
    """
    Read yearly transactions and visitors from cumulative totals.

    The last date with both totals, and the first before it with both and the same number of
    centres; None where there are no two such dates.
    """
    dated = record[record["date"].str.fullmatch(r"\d{4}-\d{2}-\d{2}") & (record["measure"] != "")]
    wide = dated.pivot_table(index="date", columns="measure", values="value", aggfunc="first")
    wanted = ["transactions_cumulative", "visitors_cumulative", "centres_open"]
    if not set(wanted) <= set(wide.columns):
        return None
    wide = wide[wanted].dropna().sort_index()
    wide = wide[wide["centres_open"] == wide["centres_open"].iloc[-1]] if len(wide) else wide
    if len(wide) < 2:
        return None
    first, last = str(wide.index[0]), str(wide.index[-1])
    days = (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days
    gained = (wide.iloc[-1] - wide.iloc[0]) * 365.0 / days
    return Recorded(
        first,
        last,
        int(wide["centres_open"].iloc[-1]),
        float(gained["transactions_cumulative"]),
        float(gained["visitors_cumulative"]),
    )


def centre_zones(country: Country, year: int) -> pd.Series[int]:
    """Count the centres that had opened by the end of a year, by governorate."""
    centres = country.centres
    opened = (centres["status"] == "open") & (centres["opened_year"].fillna(9999) <= year)
    counted: pd.Series[int] = centres[opened].groupby("zone_id").size()
    return counted


def fit(
    country: Country,
    by_zone: dict[str, pd.Series[float]],
    per_visit: dict[str, float],
    wanted: Calibration,
    *,
    year: int,
    recorded: Recorded | None,
    open_days: float,
) -> Fit:
    """
    Fit the factor and compare.

    Parameters
    ----------
    by_zone
        In-person transactions of `year` by governorate for "low", "mid", "high", unscaled, under the
        recorded digital curve.
    per_visit
        Transactions a visit by case.

    Raises
    ------
    InvalidInput
        If the factor is to be fitted to what is not recorded.
    """
    zones = centre_zones(country, year)
    network = {case: float(values.reindex(zones.index).sum()) for case, values in by_zone.items()}
    loads = _loads(country, zones)
    alternatives = _alternatives(recorded, network["mid"], loads, by_zone["mid"], per_visit["mid"], open_days)
    if wanted.to in ("network", "centres") and wanted.to not in alternatives:
        raise InvalidInput(
            "The demand is to be fitted to '{to}', and the country records no such totals. Set calibration.to to none "
            "or stated.",
            to=wanted.to,
        )
    factor = {"none": 1.0, "stated": wanted.factor}.get(wanted.to) or alternatives[wanted.to]
    rows = _network_rows(recorded, network, per_visit, factor, fitted=wanted.to == "network")
    daily = {case: values * factor / open_days for case, values in by_zone.items()}
    rows += [_load_row(load, daily, per_visit, fitted=wanted.to == "centres") for load in loads]
    return Fit(float(factor), wanted.to, alternatives, recorded, tuple(rows))


@dataclass(frozen=True, slots=True)
class _Load:
    """A centre's recorded load, with its governorate and how many centres share that."""

    row: Any
    zone: str
    centres: int


def _loads(country: Country, zones: pd.Series[int]) -> list[_Load]:
    where = country.centres.set_index("centre_id")["zone_id"]
    found = []
    for row in country.records.centre_loads.itertuples():
        zone = str(where[row.centre_id])
        found.append(_Load(row, zone, max(1, int(zones.get(zone, 1)))))
    return found


def _alternatives(
    recorded: Recorded | None,
    network: float,
    loads: list[_Load],
    by_zone: pd.Series[float],
    per_visit: float,
    open_days: float,
) -> dict[str, float]:
    """Return the factor by what it may be fitted to, where that is recorded and modelled above 0."""
    found = {}
    if recorded is not None and network > 0:
        found["network"] = recorded.transactions / network
    modelled = sum(float(by_zone.get(load.zone, 0.0)) / load.centres for load in loads)
    if modelled > 0:
        found["centres"] = sum(_transactions(load.row, per_visit) * open_days for load in loads) / modelled
    return found


def _load_row(
    load: _Load, daily: dict[str, pd.Series[float]], per_visit: dict[str, float], *, fitted: bool
) -> Compared:
    rate = {case: float(values.get(load.zone, 0.0)) / load.centres for case, values in daily.items()}
    if load.row.measure == "visitors_per_day":
        rate = {case: value / per_visit[case] for case, value in rate.items()}
    return Compared(
        measure=str(load.row.measure),
        place=str(load.row.centre_id),
        recorded_low=float(load.row.low),
        recorded_high=float(load.row.high),
        low=rate["low"],
        mid=rate["mid"],
        high=rate["high"],
        source=str(load.row.source),
        fitted=fitted,
    )


def _transactions(load: Any, per_visit: float) -> float:
    middle = (float(load.low) + float(load.high)) / 2.0
    return middle * per_visit if load.measure == "visitors_per_day" else middle


def _network_rows(
    recorded: Recorded | None, network: dict[str, float], per_visit: dict[str, float], factor: float, *, fitted: bool
) -> list[Compared]:
    if recorded is None:
        return []
    source = f"network_record, {recorded.first} to {recorded.last}, {recorded.centres} centres, made yearly"
    scaled = {case: value * factor for case, value in network.items()}
    seen = {case: value / per_visit[case] for case, value in scaled.items()}
    return [
        Compared("network_transactions", "", *(recorded.transactions,) * 2, *_three(scaled), source, fitted),
        Compared("network_visitors", "", *(recorded.visitors,) * 2, *_three(seen), source, False),
    ]


def _three(values: dict[str, float]) -> tuple[float, float, float]:
    return values["low"], values["mid"], values["high"]
