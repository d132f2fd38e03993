"""The p-median and the p-centre by name: arrays in, certified answer out."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from optimization.lexicographic import status_word
from optimization.limits import Limits
from optimization.median_core import MedianCore
from optimization.merging import equal_rows
from optimization.plain_cover import covering_problem
from optimization.plain_solution import (
    PlainLimits,
    PlainProgress,
    PlainSolution,
    cost_of,
    count_of,
    limits_from,
    nearest,
    nothing_found,
    weights_of,
)
from optimization.problem import Rule
from optimization.quanta import whole
from optimization.search import Outcome, Report, search
from optimization.solution import Proof, Status
from optimization.system import Goal, System, Value, rows_of

BLOCKS = 250


def p_median(
    cost: ArrayLike,
    p: int,
    *,
    weights: ArrayLike | None = None,
    fixed: Sequence[int] = (),
    **limits: Unpack[PlainLimits],
) -> PlainSolution:
    """
    Open p sites so that Σ weight · cost to the nearest open site is least.

    Parameters
    ----------
    cost
        (customers, sites) non-negative; inf where there is no route, never NaN.
    p
        Sites to open, 1 to all.
    weights
        (customers,) finite, non-negative; ones when None.
    fixed
        Positions of sites that must be open; they count towards p.

    Returns
    -------
    solution
        Every customer must be served: one that no site can reach makes it infeasible and is
        named in ``unreachable``.

    References
    ----------
    See `median_core` for the cuts; `search` for the branching.
    """
    started = time.monotonic()
    matrix = cost_of(cost)
    customers, sites = matrix.shape
    given = weights_of(weights, customers)
    p, lower = count_of(p, fixed, sites)
    routed = np.isfinite(matrix)
    lost = np.flatnonzero(~routed.any(axis=1))
    if lost.size:
        seconds = time.monotonic() - started
        return nothing_found(
            "infeasible", customers, seconds=seconds, proof="checked", unreachable=tuple(lost.tolist())
        )
    system, quantum = _median_system(matrix, routed, given, p, lower)
    bounds = limits_from(limits, started)
    report = _teller(limits, started, quantum)
    outcome = search(system, limits=replace(bounds, central=False), blocks=BLOCKS, report=report)
    if outcome.chosen is None:
        word = status_word(outcome)
        seconds = time.monotonic() - started
        return nothing_found(word, customers, seconds=seconds, proof="checked" if word == "infeasible" else "none")
    chosen = tuple(np.flatnonzero(outcome.chosen).tolist())
    assignment = nearest(matrix, chosen)
    value = float(given @ matrix[np.arange(customers), assignment])
    return _answer(outcome, chosen, assignment, value, started, quantum)


def _median_system(
    matrix: NDArray[np.float64],
    routed: NDArray[np.bool_],
    weights: NDArray[np.float64],
    p: int,
    lower: NDArray[np.int64],
) -> tuple[System, float]:
    _customers, sites = matrix.shape
    finite = np.where(routed, matrix, 0.0)
    heavy, weight_quantum = whole(weights, room=2.0**20, name="weights")
    room = 2.0**49 / max(1.0, float(heavy.sum()))
    far, cost_quantum = whole(finite, room=min(room, 2.0**40), name="cost")
    far = np.where(routed, far, far.max(axis=1, keepdims=True))  # never chosen: the rules below forbid it
    count = Rule("p", "count", np.arange(sites), np.ones(sites, dtype=np.int64), "==", p)
    served = _served_rules(routed)
    every = np.ones(sites, dtype=np.int64)
    live = np.arange(sites, dtype=np.int64)
    core = MedianCore(far, heavy, live, lower, every, np.zeros(1, dtype=np.int64))
    goal = Goal("miss", (0,), np.zeros(sites, dtype=np.int64))
    system = System(core, (core.weight_of(0),), rows_of((count, *served), sites), {}, goal)
    return system, weight_quantum * cost_quantum


def _served_rules(routed: NDArray[np.bool_]) -> tuple[Rule, ...]:
    """One rule for each different set of sites that can reach some customer, where that is not all of them."""
    partial = sparse.csr_array(routed[~routed.all(axis=1)].astype(np.int8))
    if partial.shape[0] == 0:
        return ()
    _, first = equal_rows(partial)
    return tuple(
        Rule(f"served {row}", "cover", columns.astype(np.int64), np.ones(columns.size, dtype=np.int64), ">=", 1)
        for row in first.tolist()
        for columns in [partial.indices[partial.indptr[row] : partial.indptr[row + 1]]]
    )


def p_center(cost: ArrayLike, p: int, *, fixed: Sequence[int] = (), **limits: Unpack[PlainLimits]) -> PlainSolution:
    """
    Open p sites so that the largest cost of any customer to its nearest open site is least.

    A binary search over the distinct costs between two bounds: farthest-point insertion gives
    the upper one; at each step a set cover asks whether p sites reach everybody within it. The
    answer is proven by the cover at the next smaller cost, shown infeasible.

    Parameters and result as in `p_median`, without weights.

    References
    ----------
    Minieka (1970), The m-center problem, SIAM Review 12; Gonzalez (1985), Clustering to minimize the
    maximum intercluster distance, TCS 38.
    """
    started = time.monotonic()
    matrix = cost_of(cost)
    customers, sites = matrix.shape
    p, lower = count_of(p, fixed, sites)
    lost = np.flatnonzero(~np.isfinite(matrix).any(axis=1))
    if lost.size:
        seconds = time.monotonic() - started
        return nothing_found(
            "infeasible", customers, seconds=seconds, proof="checked", unreachable=tuple(lost.tolist())
        )
    bounds = limits_from(limits, started)
    thresholds = np.unique(matrix[np.isfinite(matrix)])
    low = int(np.searchsorted(thresholds, matrix.min(axis=1).max(initial=0.0)))  # the least that could do
    high, best = thresholds.size, None
    start = _farthest_points(matrix, p, lower)
    reach = matrix[:, start].min(axis=1).max(initial=0.0)
    if np.isfinite(reach):
        high, best = int(np.searchsorted(thresholds, reach)), start
    tell = limits.get("progress")
    settled = True
    while low < high:
        middle = (low + high) // 2
        plan, proven = _cover_within(matrix, float(thresholds[middle]), p, lower, bounds)
        if plan is not None:
            best = plan
            high = int(np.searchsorted(thresholds, matrix[:, plan].min(axis=1).max()))
        elif proven:
            low = middle + 1
        else:
            settled = False
            break
        if tell is not None:
            shown = float(thresholds[high]) if high < thresholds.size else math.nan
            tell(PlainProgress(shown, float(thresholds[min(low, thresholds.size - 1)]), time.monotonic() - started))
    seconds = time.monotonic() - started
    if best is None:
        failed: Status = "infeasible" if settled else "not_finished"
        return nothing_found(failed, customers, seconds=seconds, proof="checked" if settled else "none")
    chosen = tuple(sorted(_filled(best, p, sites)))
    assignment = nearest(matrix, chosen)
    value = float(matrix[np.arange(customers), assignment].max(initial=0.0))
    bound = float(thresholds[low]) if thresholds.size and low < thresholds.size else value
    bound = min(bound, value)
    word: Status = "proven_optimal" if settled else "within_gap"
    return PlainSolution(
        word, chosen, assignment, value, bound, value - bound, "checked" if settled else "none", seconds
    )


def _farthest_points(matrix: NDArray[np.float64], p: int, lower: NDArray[np.int64]) -> list[int]:
    """Open, one after another, the site nearest to the worst served customer."""
    chosen = np.flatnonzero(lower).tolist()
    served = matrix[:, chosen].min(axis=1) if chosen else np.full(matrix.shape[0], np.inf)
    while len(chosen) < p:
        site = int(matrix[int(served.argmax())].argmin()) if served.size else 0
        if site in chosen:
            break
        chosen.append(site)
        served = np.minimum(served, matrix[:, site])
    return chosen


def _cover_within(
    matrix: NDArray[np.float64], limit: float, p: int, lower: NDArray[np.int64], limits: Limits
) -> tuple[list[int] | None, bool]:
    """(p sites or fewer that reach everybody within `limit`, or None; whether "none" is proven)."""
    reach = sparse.csr_array((matrix <= limit).astype(np.int8))
    ones = np.ones(matrix.shape[1], dtype=np.int64)
    problem = covering_problem(reach, lower=lower, ranks=ones)
    greedy = _greedy_cover(reach, p, lower)
    if greedy is not None:
        return greedy, True
    nothing = MedianCore(
        np.zeros((0, ones.size), dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        np.arange(ones.size),
        lower,
        ones,
        np.zeros(0, dtype=np.int64),
    )
    system = System(nothing, (), rows_of(problem.rules, ones.size), {}, Goal("linear", (), ones))
    found = search(system, limits=limits, cutoff=p + 1, enough=p)
    if found.interrupted:
        return None, False
    if found.chosen is not None:
        return np.flatnonzero(found.chosen).tolist(), True
    return None, found.complete


def _greedy_cover(reach: sparse.csr_array, p: int, lower: NDArray[np.int64]) -> list[int] | None:
    """Cover by the site that adds most, at most p sites."""
    columns = sparse.csc_array(reach)
    left = np.ones(reach.shape[0], dtype=bool)
    chosen: list[int] = []
    for site in np.flatnonzero(lower).tolist():
        chosen.append(site)
        left[columns.indices[columns.indptr[site] : columns.indptr[site + 1]]] = False
    while left.any():
        if len(chosen) >= p:
            return None
        gain = reach.T @ left.astype(np.int64)
        site = int(gain.argmax())
        if gain[site] == 0:
            return None
        chosen.append(site)
        left[columns.indices[columns.indptr[site] : columns.indptr[site + 1]]] = False
    return chosen


def _filled(chosen: list[int], p: int, sites: int) -> list[int]:
    """Add the lowest positions until p sites are open: more sites never make a centre worse."""
    spare = (site for site in range(sites) if site not in set(chosen))
    return [*chosen, *(site for site, _ in zip(spare, range(p - len(chosen)), strict=False))]


def _teller(limits: PlainLimits, started: float, quantum: float) -> Report | None:
    tell = limits.get("progress")
    if tell is None:
        return None

    def report(value: Value | None, bound: Value | None) -> None:
        shown = [math.nan if each is None else float(each) * quantum for each in (value, bound)]
        tell(PlainProgress(shown[0], shown[1], time.monotonic() - started))

    return report


def _answer(
    outcome: Outcome,
    chosen: tuple[int, ...],
    assignment: NDArray[np.int64],
    value: float,
    started: float,
    quantum: float,
) -> PlainSolution:
    word = status_word(outcome)
    bound = math.nan if outcome.bound is None else float(outcome.bound) * quantum
    if word == "proven_optimal":
        bound = value
    seconds = time.monotonic() - started
    proof: Proof = "checked" if word == "proven_optimal" else "none"
    return PlainSolution(word, chosen, assignment, value, bound, abs(value - bound), proof, seconds, quantum)
