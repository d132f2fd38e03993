"""
What a plan costs, year by year: every payment for every place, in whole JOD of one year's prices.

Capital is due in the year a place is begun (or first operates, as the budget says), running cost in
every year at whose end it operates, the cost of closing in the year it closes. Discounting follows
the usual present value, money x (1 + rate)^(base year - year), to the nearest JOD a payment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from planning.conditions import Budget
from planning.programme import Programme

What = Literal["capital", "running", "closing"]


@dataclass(frozen=True, slots=True)
class Payment:
    """What is paid for one place in one year, whole JOD; `place` is its id in the table of places."""

    year: int
    place: str
    kind: str
    what: What
    jod: int


@dataclass(frozen=True, slots=True)
class YearCost:
    """
    One year of a programme.

    `total` is capital, running and closing together; `limit` and `staff_limit` None: no limit.
    `present_value` is the total discounted to the base year.
    """

    year: int
    capital: int
    running: int
    closing: int
    limit: int | None
    present_value: int
    staff: int | None
    staff_limit: int | None

    @property
    def total(self) -> int:
        """Capital, running and closing."""
        return self.capital + self.running + self.closing


def payments_of(sites: pd.DataFrame, programme: Programme) -> list[Payment]:
    """
    List every payment of a plan, those before its first year too; kinds without a stated cost pay nothing.

    Parameters
    ----------
    sites
        `Plan.sites`.
    """
    budget, years = _budget(programme), programme.years
    closing = {closure.site: closure.cost for closure in programme.conditions.closures}
    found = []
    for row in sites.to_dict("records"):
        if row["form"] == "partial":
            continue
        opened, end = int(row["operating_year"]), _year_or(row["closing_year"], years[-1] + 1)
        kind, place = str(row["kind_id"]), str(row["id"])
        cost = programme.kind(kind).cost
        if cost is not None:
            as_opened = budget.capital_in == "operating" or (bool(row["fixed"]) and opened < years[0])
            due = opened if as_opened else _year_or(row["begun_year"], opened)
            found.append(Payment(due, place, kind, "capital", cost.capital))
            found += [Payment(y, place, kind, "running", cost.running) for y in years if opened <= y < end]
        if bool(row["fixed"]) and end <= years[-1] and closing.get(str(row["site_id"]), 0):
            found.append(Payment(end, place, kind, "closing", closing[str(row["site_id"])]))
    return found


def cost_by_year(sites: pd.DataFrame, programme: Programme) -> list[YearCost]:
    """Add up what a plan costs, and the posts at its places, in every year of the programme."""
    budget, payments = _budget(programme), payments_of(sites, programme)
    limits, posts = dict(budget.by_year), dict(programme.conditions.staff)
    base = budget.base_year or programme.years[0]
    found = []
    for year in programme.years:
        here = [payment for payment in payments if payment.year == year]
        by_what = {what: sum(p.jod for p in here if p.what == what) for what in ("capital", "running", "closing")}
        factor = (1.0 + budget.discount_rate) ** (base - year)
        found.append(
            YearCost(
                year,
                **by_what,
                limit=limits.get(year),
                present_value=sum(math.floor(payment.jod * factor + 0.5) for payment in here),
                staff=_staff(sites, programme, year),
                staff_limit=posts.get(year),
            )
        )
    return found


def _budget(programme: Programme) -> Budget:
    prices = [kind.cost.price_year for kind in programme.kinds if kind.cost is not None]
    return programme.conditions.budget or Budget(price_year=prices[0] if prices else programme.years[0])


def _staff(sites: pd.DataFrame, programme: Programme, year: int) -> int | None:
    """Posts at the places open at the end of a year; None where some kind does not say its staff."""
    total = 0
    for row in sites.to_dict("records"):
        is_open = int(row["operating_year"]) <= year < _year_or(row["closing_year"], year + 1)
        if row["form"] == "partial" or not is_open:
            continue
        staff = programme.kind(str(row["kind_id"])).staff
        if staff is None:
            return None
        total += staff
    return total


def _year_or(value: Any, otherwise: int) -> int:
    return otherwise if pd.isna(value) else int(value)
