"""Maximal covering and set covering by name: arrays in, certified answer out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from optimization.lexicographic import Progress, solve
from optimization.merging import equal_rows, pieces_of
from optimization.plain_solution import (
    PlainLimits,
    PlainProgress,
    PlainSolution,
    count_of,
    fixed_of,
    limits_from,
    nothing_found,
    reach_of,
    weights_of,
)
from optimization.plain_whole import CoverWeights, SiteCosts
from optimization.problem import Columns, LinearStage, Measure, MissStage, Problem, Rule
from optimization.quanta import proven_within
from optimization.solution import Solution


def max_cover(
    reach: Any, weights: ArrayLike, p: int, *, fixed: Sequence[int] = (), **limits: Unpack[PlainLimits]
) -> PlainSolution:
    """
    Open p sites so that the weight within reach of at least one is greatest.

    Parameters
    ----------
    reach
        (customers, sites) bool, or scipy sparse: True where the site covers the customer.
    weights
        (customers,) finite, non-negative.
    p
        Sites to open, 1 to all.
    fixed
        Positions of sites that must be open; they count towards p.
    limits
        ``time_limit``, ``memory_limit`` (MB), ``gap`` (a share of the *uncovered* weight), ``threads``, ``seed``,
        ``progress``.

    Returns
    -------
    solution
        ``value`` is the covered weight, ``bound`` the most any plan can cover.

    References
    ----------
    Church & ReVelle (1974), The maximal covering location problem, Papers of the Regional
    Science Association 32, 101-118; solved as in Cordeau, Furini & Ljubić (2019), EJOR 275.
    """
    started = time.monotonic()
    limits_from(limits, started)
    matrix = reach_of(reach)
    given = weights_of(weights, matrix.shape[0])
    p, lower = count_of(p, fixed, matrix.shape[1])
    data = CoverWeights.of(given, matrix, lower)
    problem = cover_problem(matrix, data.whole, p, lower=lower, quantum=data.quantum)
    weight = float(given.sum())
    answer = solve(problem, **_told(limits, value=lambda missed: weight - missed, bound=data.most))
    if _no_plan(answer):
        return _without_plan(answer, matrix, started)
    assignment = _first_open(matrix, answer.chosen)
    value = float(given[assignment >= 0].sum())
    bound = max(value, data.most(answer.stages[0].bound))
    return _with_plan(answer, assignment, value, bound, data.quantum, started)


def cover_problem(
    matrix: sparse.csr_array, quanta: NDArray[np.int64], p: int, *, lower: NDArray[np.int64], quantum: float = 1.0
) -> Problem:
    """State "p sites, the least weight uncovered" over merged rows; `quanta` are the customers' whole weights."""
    sites = matrix.shape[1]
    label, first = equal_rows(matrix)
    total = np.bincount(label, weights=quanta.astype(np.float64), minlength=first.size)
    merged_weights = np.rint(total).astype(np.int64)[:, None]
    rows = matrix[first]
    empty = np.diff(rows.indptr) == 0
    constant = int(merged_weights[empty].sum())
    return Problem(
        _columns(sites, lower),
        rows[~empty],
        merged_weights[~empty],
        (Measure("uncovered", "weight", quantum, constant, int(quanta.sum())),),
        (_count(sites, p),),
        (MissStage("uncovered", "uncovered"),),
    )


def set_cover(
    reach: Any, *, costs: ArrayLike | None = None, fixed: Sequence[int] = (), **limits: Unpack[PlainLimits]
) -> PlainSolution:
    """
    Open sites of least total cost so that every customer is within reach of one.

    Parameters
    ----------
    reach
        (customers, sites) bool, or scipy sparse.
    costs
        (sites,) finite, non-negative; one each when None: fewest sites.
    fixed
        Sites that must be open; their cost counts.

    Returns
    -------
    solution
        Infeasible with ``unreachable`` naming them when some customers are within reach of no site.

    References
    ----------
    Toregas, Swain, ReVelle & Bergman (1971), The location of emergency service facilities,
    Operations Research 19, 1363-1373.
    """
    started = time.monotonic()
    limits_from(limits, started)
    matrix = reach_of(reach)
    customers, sites = matrix.shape
    given = weights_of(costs, sites, name="costs")
    lower = fixed_of(fixed, sites)
    lost = np.flatnonzero(np.diff(matrix.indptr) == 0)
    if lost.size:
        seconds = time.monotonic() - started
        return nothing_found(
            "infeasible", customers, seconds=seconds, proof="checked", unreachable=tuple(lost.tolist())
        )
    start = _greedy(matrix, lower, given)
    data = SiteCosts.of(given, lower, start)
    problem = covering_problem(matrix, lower=lower, costs=data.whole)
    answer = solve(problem, start=start, **_told(limits, value=data.least, bound=data.least))
    if _no_plan(answer):
        return _without_plan(answer, matrix, started)
    value = float(given[answer.chosen].sum())
    bound = min(value, data.least(answer.stages[0].bound))
    return _with_plan(answer, _first_open(matrix, answer.chosen), value, bound, data.quantum, started)


def _greedy(matrix: sparse.csr_array, lower: NDArray[np.int64], costs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Open, one after another, the site that covers most customers more for its cost (Chvátal 1979)."""
    chosen, by_site = lower.astype(bool), matrix.T.tocsr()
    left = np.asarray(matrix @ chosen.astype(np.int64)) == 0
    gain = np.asarray(by_site @ left.astype(np.int64), dtype=np.float64)
    while left.any():
        worth = np.where(costs > 0, gain / np.where(costs > 0, costs, 1.0), np.where(gain > 0, np.inf, 0.0))
        site = int(np.argmax(worth))
        chosen[site] = True
        mine = by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]
        new = mine[left[mine]]
        left[new] = False
        gain -= np.bincount(matrix[new].indices, minlength=gain.size)
    return chosen


def covering_problem(
    matrix: sparse.csr_array, *, lower: NDArray[np.int64], costs: NDArray[np.int64], extra: tuple[Rule, ...] = ()
) -> Problem:
    """State "cover every row" as rules on y, least sum of whole costs; rows implied by smaller ones are left out."""
    sites = matrix.shape[1]
    rows = _essential(matrix)
    rules = tuple(
        Rule(
            f"customer {row}",
            "cover",
            matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].astype(np.int64),
            np.ones(int(matrix.indptr[row + 1] - matrix.indptr[row]), dtype=np.int64),
            ">=",
            1,
            structural=True,
        )
        for row in rows.tolist()
    )
    return Problem(
        _columns(sites, lower),
        sparse.csr_array((0, sites), dtype=np.int8),
        np.zeros((0, 0), dtype=np.int64),
        (),
        (*rules, *extra),
        (LinearStage("cost", tuple(costs.tolist()), "quanta"),),
    )


def _essential(matrix: sparse.csr_array, *, largest: int = 4000) -> NDArray[np.int64]:
    """Rows that no other row's set lies within; equal rows once. Containment is skipped above `largest` rows."""
    _, first = equal_rows(matrix)
    if first.size > largest:
        return first
    rows = matrix[first].astype(np.int32)
    width = np.diff(rows.indptr)
    shared = sparse.coo_array(rows @ rows.T)
    holds = (shared.row != shared.col) & (shared.data == width[shared.row])  # the row's set lies within the other's
    keep = np.ones(first.size, dtype=bool)
    keep[shared.col[holds]] = False
    return first[keep]


def _columns(sites: int, lower: NDArray[np.int64]) -> Columns:
    every = np.arange(sites, dtype=np.int64)
    nothing = np.zeros(sites, dtype=np.int64)
    return Columns(every, nothing, nothing, lower, np.ones(sites, dtype=np.int64), every)


def _count(sites: int, p: int) -> Rule:
    return Rule("p", "count", np.arange(sites, dtype=np.int64), np.ones(sites, dtype=np.int64), "==", p)


def _told(limits: PlainLimits, *, value: Callable[[float], float], bound: Callable[[float], float]) -> dict[str, Any]:
    """Pass limits on; progress is told in the caller's units."""
    passed: dict[str, Any] = dict(limits)
    tell = limits.get("progress")
    if tell is not None:

        def translated(progress: Progress) -> None:
            tell(PlainProgress(value(progress.value), bound(progress.bound), progress.seconds))

        passed["progress"] = translated
    return passed


def _no_plan(answer: Solution) -> bool:
    return not answer.chosen.any() and answer.status in {"infeasible", "not_finished"}


def _without_plan(answer: Solution, matrix: sparse.csr_array, started: float) -> PlainSolution:
    seconds = time.monotonic() - started
    return nothing_found(answer.status, matrix.shape[0], seconds=seconds, proof=answer.stages[0].proof)


def _with_plan(
    answer: Solution, assignment: NDArray[np.int64], value: float, bound: float, quantum: float, started: float
) -> PlainSolution:
    """Put an answer together; a proof of rounded data that leaves too much open is none of the caller's."""
    status, proof = answer.status, answer.stages[0].proof
    if status == "proven_optimal" and math.isclose(value, bound, rel_tol=1e-12):
        bound = value
    elif status == "proven_optimal" and not proven_within(value, bound):
        status, proof = "within_gap", "none"
    chosen = tuple(np.flatnonzero(answer.chosen).tolist())
    seconds = time.monotonic() - started
    return PlainSolution(status, chosen, assignment, value, bound, abs(value - bound), proof, seconds, quantum)


def _first_open(matrix: sparse.csr_array, plan: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the lowest open position in each row, -1 for none."""
    result = np.full(matrix.shape[0], -1, dtype=np.int64)
    for piece, entries in pieces_of(matrix):
        held = np.flatnonzero(plan[matrix.indices[entries]])[::-1] + entries.start
        row = np.searchsorted(matrix.indptr[piece.start : piece.stop + 1], held, side="right") - 1 + piece.start
        result[row] = matrix.indices[held]  # the last write wins: the lowest position
    return result
