"""
The study of money: what the plan costs and how many posts it fills, year by year.

It is made when some kind of place states its cost or its staff. Every amount is the planner's own,
an assumption of the scenario.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from foundation.errors import BrokenProof
from foundation.language import language
from planning.conditions import Budget
from planning.costs import YearCost, cost_by_year, payments_of
from planning.programme import Programme
from scenarios.studies.case import Case, Study

_NOTE = (
    "Every amount is an assumption of the scenario, for each kind of place alike, in dinars of {year}. Capital spent "
    "before the first year of the programme is shown apart and counts against no limit."
)


def study(case: Case) -> Study | None:
    """Add up the plan's money and posts; None where no kind states its cost or staff."""
    programme = case.plan.programme
    if all(kind.cost is None and kind.staff is None for kind in programme.kinds):
        return None
    years = cost_by_year(case.plan.sites, programme)
    _expect_within(years, programme.conditions.budget)
    return Study(
        record={"budget": _record(case, programme, years)},
        tables={"budget.csv": _table(years), "payments.csv": _payments(case, programme)},
        answer=tuple(years),
    )


def _expect_within(years: list[YearCost], budget: Budget | None) -> None:
    """
    Compare the table with the limits that the plan was made under.

    Raises
    ------
    BrokenProof
        Where one is passed: the plan spends what its budget forbids.
    """
    over = [(year.year, year.total, year.limit) for year in years if year.limit is not None and year.total > year.limit]
    for year, spent, limit in over:
        raise BrokenProof(
            "The plan spends {spent} JOD in {year}; its budget is {limit}.", spent=spent, year=str(year), limit=limit
        )
    total = sum(year.present_value for year in years)
    if budget is not None and budget.total is not None and total > budget.total:
        raise BrokenProof("The plan spends {spent} JOD in all; its budget is {limit}.", spent=total, limit=budget.total)


def _record(case: Case, programme: Programme, years: list[YearCost]) -> dict[str, Any]:
    prices = [kind.cost.price_year for kind in programme.kinds if kind.cost is not None]
    budget = programme.conditions.budget or Budget(price_year=prices[0] if prices else programme.years[0])
    payments = payments_of(case.plan.sites, programme)
    limited = any(year.limit is not None for year in years) or budget.total is not None
    return {
        "basis": "assumed",
        "price_year": budget.price_year,
        "capital_in": budget.capital_in,
        "limited": limited,
        "discount_rate": budget.discount_rate,
        "base_year": budget.base_year or programme.years[0],
        "years": [_year(year) for year in years],
        "total": sum(year.total for year in years),
        "present_value": sum(year.present_value for year in years),
        "total_limit": budget.total,
        "spent_before": sum(payment.jod for payment in payments if payment.year < programme.years[0]),
        "kinds": [_kind(case, programme, kind_id) for kind_id in _kinds(case)],
        "without_cost": [kind_id for kind_id in _kinds(case) if programme.kind(kind_id).cost is None],
        **{
            f"note_{code}": language(code).text(_NOTE, year=language(code).year(budget.price_year))
            for code in ("en", "ar")
        },
    }


def _year(year: YearCost) -> dict[str, Any]:
    return {
        "year": year.year,
        "capital_jod": year.capital,
        "running_jod": year.running,
        "closing_jod": year.closing,
        "total_jod": year.total,
        "limit_jod": year.limit,
        "present_value_jod": year.present_value,
        "staff": year.staff,
        "staff_limit": year.staff_limit,
    }


def _kinds(case: Case) -> list[str]:
    sites = case.plan.sites
    return list(dict.fromkeys(sites.loc[sites["form"] != "partial", "kind_id"]))


def _kind(case: Case, programme: Programme, kind_id: str) -> dict[str, Any]:
    kind, sites = programme.kind(kind_id), case.plan.sites
    here = sites[(sites["kind_id"] == kind_id) & sites["closing_year"].isna()]
    return {
        "id": kind.id,
        "title_en": kind.title_en,
        "title_ar": kind.title_ar,
        "form": kind.form,
        "places": len(here),
        "capital_jod": None if kind.cost is None else kind.cost.capital,
        "running_jod": None if kind.cost is None else kind.cost.running,
        "staff": kind.staff,
    }


def _table(years: list[YearCost]) -> pd.DataFrame:
    whole = ["limit_jod", "staff", "staff_limit"]
    return pd.DataFrame([_year(year) | {"basis": "assumed"} for year in years]).astype(dict.fromkeys(whole, "Int64"))


def _payments(case: Case, programme: Programme) -> pd.DataFrame:
    rows = [(p.year, p.place, p.kind, p.what, p.jod) for p in payments_of(case.plan.sites, programme)]
    return pd.DataFrame(rows, columns=["year", "id", "kind", "what", "jod"]).sort_values(
        ["year", "id", "what"], ignore_index=True
    )
