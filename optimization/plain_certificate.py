"""
The proof of a p-median or a p-centre replayed, in whole numbers, from the caller's own matrix.

The certificate holds whole multipliers and a tree over boxes of y (`median_log`); everything
else is worked out here again, by code that shares nothing with the searches but the statement of
the data in whole numbers (`median_data`). For multipliers u >= 0 every plan of at most p sites in a box
costs at least

    Σ u(i)  +  Σ_{j fixed open} ρ(j)  +  the least sum of ρ over the free sites still allowed
                                                        ρ(j) = Σ_i min(0, c(i,j) − u(i))

A p-centre of less than the bound, and a p-median that serves everybody, ask for a cover: the same
with c = 0 within reach and infinite beyond, so that a positive left side says that no p sites do.
The tree is walked from the whole box: its leaves cover it by construction.

References: Cornuéjols, Fisher & Nemhauser (1977), Location of bank accounts to optimize float,
Management Science 23, 789-810.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foundation.errors import BrokenProof
from optimization.claims import read_as_given
from optimization.median_data import MedianData, median_data, within
from optimization.plain_replay import Reduced, Walk
from optimization.plain_solution import PlainSolution, cost_of, count_of, weights_of


@dataclass(frozen=True, slots=True)
class PlainCheck:
    """
    What a replay found.

    Attributes
    ----------
    value
        Recounted from the plan, in the caller's units; NaN without a plan.
    checked_bound
        No plan costs less, in the caller's units: what the certificate proves; NaN when it proves none.
    proves
        True when no plan is better than `value`, in whole multiples of the solution's quantum, or, without a
        plan, when there is none.
    leaves
        Leaves of the tree.
    """

    value: float
    checked_bound: float
    proves: bool
    leaves: int


def verify_p_median(
    cost: ArrayLike, p: int, solution: PlainSolution, *, weights: ArrayLike | None = None, fixed: Sequence[int] = ()
) -> PlainCheck:
    """
    Recheck the plan of a p-median and replay its certificate.

    What the answer calls itself, and its `bound`, are not looked at: what holds is in the check.

    Parameters
    ----------
    cost, p, weights, fixed
        As they were given to `p_median`.

    Raises
    ------
    BrokenProof
        If the plan or a figure is not what the data give, or the certificate is malformed or claims something untrue.
    """
    matrix = cost_of(cost)
    given = weights_of(weights, matrix.shape[0])
    p, lower = count_of(p, fixed, matrix.shape[1])
    if not len(solution.chosen):
        with read_as_given():
            return _no_cover(np.isfinite(matrix), p, lower, solution)
    with read_as_given():
        return _median_check(matrix, given, p, lower, solution)


def _median_check(
    matrix: NDArray[np.float64], given: NDArray[np.float64], p: int, lower: NDArray[np.int64], solution: PlainSolution
) -> PlainCheck:
    plan = _plan(solution, p, lower)
    _same_figure(float(given @ _served(matrix, solution)), solution.value)
    data = median_data(_under_its_ceiling(matrix, given, solution), given)
    value = data.value(plan)
    if value is None:
        raise BrokenProof("The plan leaves a customer without a route.")
    if not solution.certificate:
        return PlainCheck(solution.value, math.nan, False, 0)
    walk = Walk(solution.certificate, lower, p, matrix.shape[0], _median_prices(data))
    found = walk.least()
    bound = value if found is None else min(value, -((-found) >> walk.scale))  # rounded up: costs are whole
    proves = bound >= value
    return PlainCheck(solution.value, data.real_bound(solution.value, bound), proves, walk.leaves)


def _under_its_ceiling(
    matrix: NDArray[np.float64], given: NDArray[np.float64], solution: PlainSolution
) -> NDArray[np.float64]:
    """Leave out the costs that a certificate leaves out: a plan better than this one has none of them."""
    told = solution.certificate.get("ceiling")
    if told is None:
        return matrix
    ceiling = float(np.asarray(told, dtype=np.float64).reshape(1)[0])
    if not ceiling >= solution.value:
        raise BrokenProof("The certificate leaves out costs below that of the plan.")
    return within(matrix, given, ceiling)


def verify_p_center(cost: ArrayLike, p: int, solution: PlainSolution, *, fixed: Sequence[int] = ()) -> PlainCheck:
    """
    Recheck the plan of a p-centre and replay its certificate: no p sites reach everybody within less than the bound.

    Parameters and errors as in `verify_p_median`.
    """
    matrix = cost_of(cost)
    p, lower = count_of(p, fixed, matrix.shape[1])
    if not len(solution.chosen):
        with read_as_given():
            return _no_cover(np.isfinite(matrix), p, lower, solution)
    with read_as_given():
        return _center_check(matrix, p, lower, solution)


def _center_check(matrix: NDArray[np.float64], p: int, lower: NDArray[np.int64], solution: PlainSolution) -> PlainCheck:
    _plan(solution, p, lower)
    served = _served(matrix, solution)
    _same_figure(float(served.max(initial=0.0)), solution.value)
    if not np.isfinite(served).all():
        raise BrokenProof("The plan leaves a customer without a route.")
    if solution.bound == 0:  # no cost is negative
        return PlainCheck(solution.value, 0.0, solution.value == 0, 0)
    if not solution.certificate:
        return PlainCheck(solution.value, math.nan, False, 0)
    reach = matrix < solution.bound  # less than the bound is to be shown impossible
    check = _no_cover(reach, p, lower, solution)
    proven = solution.bound if check.proves else math.nan
    return PlainCheck(solution.value, proven, check.proves and solution.bound == solution.value, check.leaves)


def confirmed(draft: PlainSolution, verify: Callable[[PlainSolution], PlainCheck]) -> PlainSolution:
    """
    Call an answer checked once its proof was replayed; what the search does not call proven stays as it is.

    Raises
    ------
    BrokenProof
        If the replay disagrees with the search.
    """
    if draft.status not in {"proven_optimal", "infeasible"}:
        return draft
    try:
        proves = verify(draft).proves
    except KeyboardInterrupt:  # the plan is kept; without its replay nothing of it is claimed
        return replace(draft, status="best_found" if draft.chosen else "not_finished", bound=math.nan, gap=math.nan)
    if not proves:
        raise BrokenProof(
            "The replay does not confirm the answer, which the search calls {status}.", status=draft.status
        )
    return replace(draft, proof="checked")


def _plan(solution: PlainSolution, p: int, lower: NDArray[np.int64]) -> list[int]:
    chosen = list(solution.chosen)
    if chosen != sorted(set(chosen)) or len(chosen) != p or chosen[0] < 0 or chosen[-1] >= lower.size:
        raise BrokenProof("The plan does not hold {p} different sites in ascending order.", p=p)
    if not set(np.flatnonzero(lower).tolist()) <= set(chosen):
        raise BrokenProof("The plan closes a site that is fixed open.")
    return chosen


def _served(matrix: NDArray[np.float64], solution: PlainSolution) -> NDArray[np.float64]:
    """Return each customer's cost at the site it is assigned to, which must be the cheapest open one."""
    at = solution.assignment
    best = matrix[:, list(solution.chosen)].min(axis=1)
    if at.shape != best.shape or not np.isin(at, solution.chosen).all():
        raise BrokenProof("The assignment names sites that are not open.")
    mine: NDArray[np.float64] = matrix[np.arange(at.size), at]
    if (mine != best).any():
        raise BrokenProof("A customer is not assigned to the cheapest open site.")
    return mine


def _same_figure(counted: float, told: float) -> None:
    if not math.isclose(counted, told, rel_tol=1e-12, abs_tol=1e-12):
        raise BrokenProof("The answer claims {told}; counted again it is {counted}.", told=told, counted=counted)


def _no_cover(reach: NDArray[np.bool_], p: int, lower: NDArray[np.int64], solution: PlainSolution) -> PlainCheck:
    """Replay a proof that no p sites reach everybody."""
    nothing = PlainCheck(math.nan, math.nan, False, 0)
    if "node" not in solution.certificate:
        return nothing
    closed = _dominated(reach, lower, solution.certificate)
    covers = reach.T

    def reduced(u: NDArray[np.int64], columns: NDArray[np.int64], scale: int) -> NDArray[np.int64]:
        del scale  # the costs are zero
        support = np.flatnonzero(u)
        return -(covers[columns][:, support].astype(np.int64) @ u[support])

    walk = Walk(solution.certificate, lower, p, reach.shape[0], reduced, closed)
    found = walk.least()
    return PlainCheck(math.nan, math.nan, found is None or found > 0, walk.leaves)


def _dominated(
    reach: NDArray[np.bool_], lower: NDArray[np.int64], arrays: Mapping[str, NDArray[Any]]
) -> NDArray[np.int64]:
    """
    Columns that may stay closed: another, itself kept, reaches all of `rows` that they reach.

    A checked exchange, good for plans that need only reach `rows`: only those may have a price then.
    """
    if "dominated" not in arrays:
        return np.zeros(0, dtype=np.int64)
    pairs = np.asarray(arrays["dominated"], dtype=np.int64).reshape(-1, 2)
    rows = np.asarray(arrays.get("rows", np.arange(reach.shape[0])), dtype=np.int64)
    gone, sites = pairs[:, 0], np.arange(reach.shape[1])
    if not np.isin(rows, np.arange(reach.shape[0])).all() or not np.isin(pairs, sites).all():
        raise BrokenProof("The certificate is malformed ({reason}).", reason="rows")
    if np.isin(pairs[:, 1], gone).any() or lower[gone].any():
        raise BrokenProof("The certificate leaves out a site for one that is left out too, or one fixed open.")
    prices = np.asarray(arrays["multipliers"])
    if prices.ndim != 2 or np.delete(prices, rows, axis=1).any():
        raise BrokenProof("The certificate prices a customer that its exchanges leave out.")
    for column, other in pairs.tolist():
        if (reach[rows, column] & ~reach[rows, other]).any():
            raise BrokenProof("The certificate leaves out site {column} without ground.", column=column)
    return gone


def _median_prices(data: MedianData) -> Reduced:
    def reduced(u: NDArray[np.int64], columns: NDArray[np.int64], scale: int) -> NDArray[np.int64]:
        beyond = (int(u.max(initial=0)) >> scale) + 1  # dearer than every price: adds nothing, whatever it is
        total = np.zeros(columns.size, dtype=np.int64)
        for rows in data.pieces():
            part = np.minimum(data.whole(rows, columns, far=beyond), beyond) << scale
            total -= np.maximum(u[rows, None] - part, 0).sum(axis=0)
        return total

    return reduced
