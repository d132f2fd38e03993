"""
What would make an impossible problem possible: is it, after a change, and how much of a change is enough.

A change moves the right sides of several rules together, as one number in a
planner's file does: a tranche's count moves the count of every later year, a
quota's number moves the rule of every region. The least such move is found in one
search: its size is written in binary digits, 0-or-1 columns beside y, and made least.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy import sparse

from foundation.errors import InvalidInput
from optimization.limits import Limits
from optimization.merging import merged
from optimization.problem import Columns, Problem, Rule
from optimization.search import Outcome, search
from optimization.stages import floor_caps
from optimization.system import Goal, system_of
from optimization.validation import is_whole


def possible(problem: Problem, *, seconds: float = float("inf")) -> bool | None:
    """Tell whether some plan meets every rule and floor: True, False, or None when `seconds` were not enough."""
    outcome = _least(problem, np.zeros(problem.columns.place.size, dtype=np.int64), seconds)
    if outcome.chosen is not None:
        return True
    return False if outcome.complete else None


def least_shift(problem: Problem, shifts: Mapping[str, int], *, most: int, seconds: float = float("inf")) -> int | None:
    """
    Find the least whole d, 0 to `most`, such that moving the right side of each rule by d times its shift is a mend.

    Parameters
    ----------
    shifts
        How far one step moves the right side of a rule, by the rule's name; rules not named stay.
    most
        The largest d looked at, inclusive.
    seconds
        How long to look.

    Returns
    -------
    least
        None where no such d is a mend, or where it was not proven the least in time.

    Raises
    ------
    InvalidInput
        If `shifts` names a rule that is none of the problem, or a number is not whole or beyond 2**40.
    """
    unknown = sorted(set(shifts) - {rule.name for rule in problem.rules})
    if unknown:
        raise InvalidInput("There is no rule called '{name}' to move.", name=unknown[0])
    for name, value in {"most": most, **shifts}.items():
        if not is_whole(value) or abs(int(value)) > 2**40:
            raise InvalidInput("{name} is {found}; expected a whole number up to 2**40.", name=name, found=str(value))
    digits = max(int(most), 0).bit_length()
    before = problem.columns.place.size
    worth = 2 ** np.arange(digits, dtype=np.int64)
    positions = np.arange(before, before + digits)
    rules = [_movable(rule, shifts.get(rule.name, 0), positions, worth) for rule in problem.rules]
    rules.append(Rule("the largest move", "move", positions, worth, "<=", max(most, 0), structural=True))
    goal = np.concatenate([np.zeros(before, dtype=np.int64), worth])
    outcome = _least(replace(_widened(problem, digits), rules=tuple(rules)), goal, seconds)
    return int(outcome.value) if outcome.value is not None and outcome.complete else None


def _least(problem: Problem, coefficients: np.ndarray, seconds: float) -> Outcome:
    """Search for a plan of the least sum of `coefficients`; rows of demand matter only to floors."""
    if not problem.floors:
        width = problem.columns.place.size
        none = sparse.csr_array((0, width), dtype=np.int8)
        problem = replace(problem, sets=none, weights=problem.weights[:0])
    caps = floor_caps(problem)
    system = system_of(problem, merged(problem), rules=problem.rules, caps=caps, goal=Goal("linear", (), coefficients))
    return search(system, limits=Limits(deadline=time.monotonic() + seconds))


def _movable(rule: Rule, shift: int, positions: np.ndarray, worth: np.ndarray) -> Rule:
    """Write  Σ a y  sense  right + shift d  with the digits of d on the left."""
    if shift == 0 or positions.size == 0:
        return rule
    return replace(
        rule,
        columns=np.concatenate([rule.columns, positions]),
        coefficients=np.concatenate([rule.coefficients, -shift * worth]),
    )


def _widened(problem: Problem, more: int) -> Problem:
    """Add `more` free columns that satisfy no row."""
    columns = problem.columns

    def padded(values: np.ndarray, fill: int) -> np.ndarray:
        return np.concatenate([values, np.full(more, fill, dtype=values.dtype)])

    rows, width = problem.sets.shape
    return replace(
        problem,
        columns=Columns(
            place=padded(columns.place, -1),
            kind=padded(columns.kind, 0),
            year=padded(columns.year, 0),
            lower=padded(columns.lower, 0),
            upper=padded(columns.upper, 1),
            rank=padded(columns.rank, 0),
        ),
        sets=sparse.csr_array(
            (problem.sets.data, problem.sets.indices, problem.sets.indptr), shape=(rows, width + more)
        ),
    )
