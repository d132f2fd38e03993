"""
Who goes where when centres are full: to the nearest centre with room, all together at their best.

    min  Σ c(i,j) x(i,j) + M Σ s(i)         x visits of point i to centre j, s left unserved
    Σ_j x(i,j) + s(i) = visits(i)
    Σ_i x(i,j) <= room(j),   x, s >= 0

over the pairs within the standard, c in tenths of a minute. M is longer than any chain of moves
between centres can save, so that fewest visits are left unserved first, and travel is least
second. It is a transport problem: with whole visits and rooms an optimal corner is whole, and the
prices of the rooms prove it, in whole numbers: for any prices v <= 0,

    bound = Σ visits(i) min(M, min_j (c(i,j) - v(j))) + Σ room(j) v(j).

References
----------
Hitchcock, F. L. (1941). The distribution of a product from several sources to numerous localities.
    Journal of Mathematics and Physics 20, 224-230.
Dantzig, G. B. (1963). Linear Programming and Extensions, ch. 14 (integrality of the corners). Princeton.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from foundation.errors import BrokenProof, InvalidInput, Unsupported

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_PAIRS = 3_000_000  # about a minute of HiGHS's dual simplex


@dataclass(frozen=True, slots=True)
class Allocation:
    """
    Visits shared out over centres.

    Attributes
    ----------
    flow
        (p,) whole visits on each pair, in the order given.
    unserved
        (n,) whole visits of points with a centre within the standard, that found no room. Points
        without a pair are not in it.
    load
        (k,) visits each centre serves, at most its room.
    price
        (k,) tenths of a minute: what one more visit of room would save, M for one more served.
    value, bound
        Least cost found and proven least, in tenths of a minute; equal.
    """

    flow: Ints
    unserved: Ints
    load: Ints
    price: Ints
    value: int
    bound: int


def allocate(visits: Ints, point: Ints, centre: Ints, minutes: Floats, room: Floats) -> Allocation:
    """
    Send whole visits to centres with room.

    Parameters
    ----------
    visits
        (n,) whole visits a year, >= 0.
    point, centre, minutes
        (p,) the pairs within the standard: positions in 0..n-1 and 0..k-1, and the journey (0.1 minutes).
    room
        (k,) whole visits a year; inf for no limit.

    Raises
    ------
    InvalidInput
        If a room is negative or no whole number, or a journey is not finite.
    Unsupported
        Above `MOST_PAIRS` pairs.
    BrokenProof
        When the solver's answer is not proven by its own prices.
    """
    if not np.isfinite(minutes).all() or (minutes < 0).any():
        raise InvalidInput("The journeys to share visits out over must be finite and 0 or more.")
    if np.isnan(room).any() or (room < 0).any() or (np.isfinite(room) & (room != np.floor(room))).any():
        raise InvalidInput("room holds what is no number of visits; expected whole, 0 or more, inf for no limit.")
    if point.size > MOST_PAIRS:
        raise Unsupported(
            "Sharing visits out would need {pairs} pairs, more than {most}. Use allocation: nearest, or fewer points.",
            pairs=int(point.size),
            most=MOST_PAIRS,
        )
    cost = np.rint(minutes * 10.0).astype(np.int64)
    reachable = np.zeros(visits.size, dtype=np.int64)
    reachable[np.unique(point)] = 1
    supply = visits * reachable
    rooms = np.minimum(room, float(supply.sum())).astype(np.int64)
    much = int(cost.max(initial=0)) * (rooms.size + 1) + 1
    flow, price = _solved(supply, point, centre, cost, rooms, much)
    load = np.bincount(centre, weights=flow, minlength=rooms.size).astype(np.int64)
    unserved = supply - np.bincount(point, weights=flow, minlength=supply.size).astype(np.int64)
    value = int(flow @ cost) + much * int(unserved.sum())
    bound = _bound(supply, point, centre, cost, rooms, much, price)
    if (flow < 0).any() or (unserved < 0).any() or (load > rooms).any() or value != bound:
        raise BrokenProof(
            "The sharing out of visits costs {value} and is proven no cheaper than {bound}.", value=value, bound=bound
        )
    return Allocation(flow, unserved, load, -price, value, bound)


def _solved(supply: Ints, point: Ints, centre: Ints, cost: Ints, rooms: Ints, much: int) -> tuple[Ints, Ints]:
    """Return whole flows and whole prices (<= 0) of the rooms, from HiGHS's dual simplex."""
    if not point.size:
        return np.zeros(0, dtype=np.int64), np.zeros(rooms.size, dtype=np.int64)
    # Unserved visits cost M: leave s out, and take M off every served one.
    pairs = np.arange(point.size)
    ones = np.ones(point.size)
    rows = sparse.vstack(
        [
            sparse.csr_array((ones, (point, pairs)), shape=(supply.size, point.size)),
            sparse.csr_array((ones, (centre, pairs)), shape=(rooms.size, point.size)),
        ]
    )
    found = linprog(
        (cost - much).astype(np.float64),
        A_ub=sparse.csc_matrix(rows),
        b_ub=np.concatenate([supply, rooms]).astype(np.float64),
        method="highs-ds",
    )
    if found.status != 0:
        raise BrokenProof("The sharing out of visits was not solved: {reason}.", reason=str(found.message))
    prices = np.minimum(np.rint(found.ineqlin.marginals[supply.size :]), 0.0).astype(np.int64)
    return np.rint(found.x).astype(np.int64), prices


def _bound(supply: Ints, point: Ints, centre: Ints, cost: Ints, rooms: Ints, much: int, price: Ints) -> int:
    least = np.full(supply.size, much, dtype=np.int64)
    np.minimum.at(least, point, cost - price[centre])
    return int(supply @ least) + int(rooms @ price)
