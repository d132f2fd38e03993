"""
The rules on y of the compact model, one function for each kind of rule, with its inequality and its source.

A rule of a kind that is not listed (a step of a threshold, a part of leximin) is written as it stands by
`add_sums`: the solver never reads the kind, so nothing but the name of the row depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulp

from optimization.problem import Rule

TAKEN = {"miss", "cap", "worst"}  # how the model's other rows are called
Numbered = tuple[int, Rule]  # a rule and its place among the problem's


def add_rules(model: Any, y: Sequence[Any], rules: Sequence[Rule]) -> None:
    """Write every rule by the function of its kind."""
    for numbered in enumerate(rules):
        WRITERS.get(numbered[1].kind, add_sums)(model, y, numbered)


def add_counts(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """Σ y(j,t) = p, <= p or >= p: how many places are open in year t (Church & ReVelle 1974)."""
    _write(model, y, numbered)


def add_quotas(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """Σ_{j in G} y(j,t) >= q or <= k: at least or at most so many in a region (Gerrard & Church 1995)."""
    _write(model, y, numbered)


def add_budgets(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """
    Σ_j a(j) y(j,t) + b(j) (y(j,t) − y(j,t − 1)) <= B: money or staff of a year.

    Running cost is paid by what is open, capital by what opens that year: maximal covering under a budget
    (Khuller, Moss & Naor 1999), over years (Van Roy & Erlenkotter 1982).
    """
    _write(model, y, numbered)


def add_opening_order(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """
    y(j,t) − y(j,t + 1) <= 0: what is open stays open; the other way round for an office that may close.

    Van Roy & Erlenkotter (1982).
    """
    _write(model, y, numbered)


def add_closures(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """
    y(j,t) + Σ_{k near j} y(k,t) >= 1: a place that moves closes only once another takes its work.

    Roodman & Schwarz (1975).
    """
    _write(model, y, numbered)


def add_spacing(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """
    Σ_{j in Q} y(j,t) <= 1 for each set Q of places that are all too near to one another.

    Moon & Chaudhry (1984); a clique is stronger than its pairs (Padberg 1973).
    """
    _write(model, y, numbered)


def add_exclusions(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """
    Σ_k y(j,k,t) <= 1: one kind of centre at a place; = 1 where one must stand, <= 0 where none may.

    Siting of several types in one model: Schilling, Elzinga, Cohon, Church & ReVelle (1979).
    """
    _write(model, y, numbered)


def add_togetherness(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """Σ_{k at i} y(i,k,t) − Σ_{k at j} y(j,k,t) = 0: two places open together or not at all."""
    _write(model, y, numbered)


def add_locks(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """Σ c(j) y(j) <= value + tolerance: an earlier linear stage, held (ε-constraint: Haimes, Lasdon & Wismer 1971)."""
    _write(model, y, numbered)


def add_sums(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    """Σ a(j) y(j) <= b, = b or >= b: any other rule on y."""
    _write(model, y, numbered)


def _write(model: Any, y: Sequence[Any], numbered: Numbered) -> None:
    at, rule = numbered
    pairs = zip(rule.coefficients.tolist(), rule.columns.tolist(), strict=True)
    left = pulp.lpSum(value * y[column] for value, column in pairs)
    right = int(rule.right)
    name = f"rule_{rule.kind}_{at}" if rule.kind in TAKEN else f"{rule.kind}_{at}"
    if rule.sense == "==":
        model += left == right, name
    elif rule.sense == ">=":
        model += left >= right, name
    else:
        model += left <= right, name


WRITERS: Mapping[str, Callable[[Any, Sequence[Any], Numbered], None]] = {
    "count": add_counts,
    "quota": add_quotas,
    "at_least": add_quotas,
    "at_most": add_quotas,
    "budget": add_budgets,
    "staff": add_budgets,
    "open_stays_open": add_opening_order,
    "closure": add_closures,
    "spacing": add_spacing,
    "exclusion": add_exclusions,
    "forbidden": add_exclusions,
    "togetherness": add_togetherness,
    "lock": add_locks,
}
