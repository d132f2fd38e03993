"""Budgets and staff as rules, in whole JOD and posts."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optimization import Rule
from planning.conditions import Budget
from planning.siting.board import Board
from planning.siting.instance import NEVER


def budget_rules(board: Board) -> Iterator[Rule]:
    """Write ``budget:2025`` and ``budget:total``; the total is discounted if the planner gave a rate."""
    budget = board.programme.conditions.budget
    if budget is None:
        return
    for year, limit in budget.by_year:
        weights, constant = spent(board, budget, (year,), rate=0.0)
        yield board.weighted_rule(f"budget:{year}", "budget", weights, "<=", limit - constant, "JOD")
    if budget.total is not None:
        weights, constant = spent(board, budget, board.years, rate=budget.discount_rate)
        yield board.weighted_rule("budget:total", "budget", weights, "<=", budget.total - constant, "JOD")


def staff_rules(board: Board) -> Iterator[Rule]:
    """Write ``staff:2025``: posts at the places open in a year."""
    for year, limit in board.programme.conditions.staff:
        weights = np.zeros(board.position.shape, dtype=np.int64)
        weights[:, board.years.index(year)] = board.instance.options.staff
        yield board.weighted_rule(f"staff:{year}", "staff", weights, "<=", limit, "posts")


def total_cost(board: Board) -> tuple[NDArray[np.int64], int]:
    """Say what each column costs over all years, as the budget counts and discounts; without one, undiscounted."""
    budget = board.programme.conditions.budget or Budget(price_year=board.years[0])
    return spent(board, budget, board.years, rate=budget.discount_rate)


def spent(board: Board, budget: Budget, years: tuple[int, ...], *, rate: float) -> tuple[NDArray[np.int64], int]:
    """
    Say what each column costs in some years together.

    Returns
    -------
    weights
        (o, T) JOD that an open column adds; capital is on the step from shut to open.
    constant
        JOD spent whatever is chosen.
    """
    options = board.instance.options
    base = board.years[0] if budget.base_year is None else budget.base_year

    def worth(money: int, year: int) -> int:
        return math.floor(money * (1.0 + rate) ** (base - year) + 0.5) if year in years else 0

    weights = np.zeros(board.position.shape, dtype=np.int64)
    for option in np.flatnonzero(options.kind != 1):
        for t, year in enumerate(board.years):
            weights[option, t] += worth(int(options.running[option]), year)
            due = _begun(board, budget, int(option), year)
            if due is None:
                continue
            capital = worth(int(options.capital[option]), due)
            weights[option, t] += capital
            if t and options.open_from[option] == NEVER:
                weights[option, t - 1] -= capital
    constant = 0
    for closure in board.programme.conditions.closures:
        closing = np.flatnonzero(board.at_sites((closure.site,)) & (options.closes_from < NEVER))
        for t, year in enumerate(board.years):
            if year < closure.not_before:
                continue
            cost = worth(closure.cost, year)
            weights[closing, t] -= cost
            if t and options.open_from[closing[0]] <= board.years[t - 1]:
                weights[closing, t - 1] += cost
            else:
                constant += cost
    return weights, constant


def _begun(board: Board, budget: Budget, option: int, year: int) -> int | None:
    """Year in which the capital of an option that opens in `year` is due; None where it does not open then."""
    options, programme = board.instance.options, board.programme
    kind = options.kinds[options.kind[option]]
    if options.open_from[option] == NEVER:
        return year if budget.capital_in == "operating" else programme.begun_year_of(year, kind)
    if options.open_from[option] != year:
        return None
    site = str(board.instance.site_ids[options.site[option]])
    begun = next(f.begun for f in programme.fixed if f.site_id == site)
    return year if budget.capital_in == "operating" or begun is None else begun
