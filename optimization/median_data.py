"""
A p-median in whole numbers: the statement that both the search and its checker read.

The caller's matrix is kept as it is; whole costs are made from it in pieces, so that
a large instance is held once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimization.quanta import unit_of, whole

EXACT, ROUNDED = 2.0**49, 2.0**36  # largest total in quanta: of decimals taken exactly, of other floats
LIGHT = 2.0**24  # weights that are whole multiples of the least, no more than this in all, are taken as such
PIECE = 1 << 19  # entries of a matrix worked on at a time


@dataclass(frozen=True, slots=True)
class MedianData:
    """
    Customers, sites and weighted costs.

    Attributes
    ----------
    cost
        (n, m) non-negative, in the caller's units; inf where there is no route.
    weight
        (n,) whole, non-negative.
    factor
        ``rint(cost * factor) * weight`` is the whole cost.
    quantum
        One unit of the whole cost, in the caller's units.
    real
        (n,) the caller's own weights; None where the whole numbers are the data themselves.
    """

    cost: NDArray[np.float64]
    weight: NDArray[np.int64]
    factor: float
    quantum: float
    real: NDArray[np.float64] | None = None

    def real_bound(self, value: float, bound: int) -> float:
        """
        Return what a bound in whole quanta proves of the caller's own numbers; `value` is a plan's own cost.

        A plan that costs less serves nobody at more than `value`, so only the rounding of such entries may hide it.
        """
        if self.real is None:
            known = bound * self.quantum
            return value if math.isclose(known, value, rel_tol=1e-12) else max(0.0, min(value, known))
        hidden = 0.0
        for rows in self.pieces():
            part = self.cost[rows]
            routed = np.isfinite(part)
            real = np.where(routed, part, np.inf) * np.where(routed, self.real[rows, None], 1.0)
            there = self.whole(rows, slice(None), far=0) * self.quantum
            off = np.abs(np.where(real <= value, real - there, 0.0))
            hidden += float(off.max(axis=1, initial=0.0).sum())
        return max(0.0, min(value, bound * self.quantum - hidden))

    def pieces(self) -> Iterator[slice]:
        """Rows a piece at a time."""
        customers, sites = self.cost.shape
        step = max(1, PIECE // max(1, sites))
        for start in range(0, customers, step):
            yield slice(start, min(customers, start + step))

    def whole(
        self, rows: slice | NDArray[np.int64], columns: slice | NDArray[np.int64], *, far: int
    ) -> NDArray[np.int64]:
        """Whole weighted costs of some rows and columns; `far` where there is no route."""
        part = self.cost[rows][:, columns]
        routed = np.isfinite(part)
        if routed.all():
            return np.rint(part * self.factor).astype(np.int64) * self.weight[rows, None]
        scaled = np.rint(np.where(routed, part, 0.0) * self.factor).astype(np.int64) * self.weight[rows, None]
        return np.where(routed, scaled, far)

    def nearest(self, chosen: Sequence[int]) -> NDArray[np.int64]:
        """(n,) whole cost of each customer's cheapest site among `chosen`; -1 where none has a route."""
        sites = np.asarray(chosen, dtype=np.int64)
        top = np.iinfo(np.int64).max
        best = self.whole(slice(None), sites, far=top).min(axis=1, initial=top)
        return np.where(best == top, -1, best)

    def value(self, chosen: Sequence[int]) -> int | None:
        """Σ whole cost of a plan; None when it leaves a customer without a route."""
        nearest = self.nearest(chosen)
        return None if (nearest < 0).any() else int(nearest.sum())


def within(cost: NDArray[np.float64], weights: NDArray[np.float64], ceiling: float) -> NDArray[np.float64]:
    """Return the costs without the routes that alone cost more than `ceiling`: no plan of `ceiling` or less has one."""
    return np.where(np.where(np.isfinite(cost), cost, 0.0) * weights[:, None] <= ceiling, cost, np.inf)


def median_data(cost: NDArray[np.float64], weights: NDArray[np.float64]) -> MedianData:
    """
    Put a p-median into whole numbers.

    Decimals of up to six places are taken exactly where the total stays within 2^49 quanta (and within 2^60
    over the number of customers, so that multipliers fit 64 bits). Otherwise costs are rounded to the finest unit
    that keeps the total within 2^36, and weights that are no whole multiples of the least to 20 binary places;
    `MedianData.real_bound` says how much that may matter.
    """
    most = min(EXACT, 2.0**60 / max(1, cost.shape[0]))
    heavy, weight_quantum = whole(weights, room=2.0**40, name="weights")
    load = max(1.0, float(heavy.sum(dtype=np.float64)))
    factor, quantum, exact = unit_of(cost, room=most / load)
    if not exact:
        least = float(weights[weights > 0].min(initial=np.inf))
        times = weights / least if np.isfinite(least) else weights
        if (times == np.rint(times)).all() and times.sum() <= LIGHT:  # whole multiples of the least: equal ones too
            heavy, weight_quantum = times.astype(np.int64), least if np.isfinite(least) else 1.0
        else:
            heavy, weight_quantum = whole(weights, room=2.0**20, name="weights")
        load = max(1.0, float(heavy.sum()))
        factor, quantum, _ = unit_of(cost, room=most / load, rounded=max(1.0, min(most, ROUNDED) / load))
    data = MedianData(cost, heavy, factor, weight_quantum * quantum)
    as_given = exact and unit_of(weights, room=2.0**40)[2]
    return data if as_given else replace(data, real=weights)
