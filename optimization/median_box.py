"""
What Lagrangian multipliers prove about a box of y, in whole numbers.

With the assignment of customer i relaxed at the price u(i), the least of what is left is

    L(u)  =  Σ u(i)  +  Σ of the p least  ρ(j)        ρ(j) = Σ_i min(0, c(i,j) − u(i))

with the sites fixed open counted first: a lower bound for any whole u (Cornuéjols, Fisher &
Nemhauser 1977). Multipliers are multiples of 2^-scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimization.median_data import PIECE, MedianData

CACHE = 1 << 24  # whole costs kept, at most: 128 MB


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    The bound over a box, and what turning one site over would make of it.

    Attributes
    ----------
    bound
        No plan in the box costs less (scaled); None when the box holds no plan.
    taken, left
        Free sites that the bound opens, and the others.
    dearer
        (taken.size,), (left.size,) the bound when that one site is turned over, less `bound`.
    """

    bound: int | None
    taken: NDArray[np.int64]
    left: NDArray[np.int64]
    dearer: tuple[NDArray[np.int64], NDArray[np.int64]]

    def closes(self, target: int) -> bool:
        """True when no plan in the box costs `target` or less."""
        return self.bound is None or self.bound > target

    def fixed(self, target: int) -> list[tuple[int, int]]:
        """(site, value) of free sites whose other value costs more than `target`."""
        if self.bound is None:
            return []
        room = target - self.bound
        open_now = self.taken[self.dearer[0] > room].tolist()
        closed = self.left[self.dearer[1] > room].tolist()
        return [(site, 1) for site in open_now] + [(site, 0) for site in closed]


def judge(reduced: NDArray[np.int64], total: int, lower: NDArray[np.int8], upper: NDArray[np.int8], p: int) -> Verdict:
    """Bound a box from ρ (m,) and Σ u."""
    opened = np.flatnonzero(lower)
    free = np.flatnonzero((lower == 0) & (upper == 1))
    spare = p - opened.size
    if spare < 0:
        nothing = np.zeros(0, np.int64)
        return Verdict(None, nothing, nothing, (nothing, nothing))
    order = free[np.argsort(reduced[free], kind="stable")]
    taken, left = order[:spare], order[spare:]
    bound = total + sum(reduced[opened].tolist()) + sum(reduced[taken].tolist())
    instead = reduced[left[0]] if left.size else np.int64(0)
    last = reduced[taken[-1]] if taken.size else np.int64(0)
    beyond = reduced[left] - last if taken.size else np.zeros(left.size, np.int64)
    return Verdict(bound, taken, left, (instead - reduced[taken], beyond))


class Pricer:
    """Whole ρ over the sites that are still in play; a small part of the matrix is kept whole."""

    def __init__(self, data: MedianData, *, far: int) -> None:
        self.data = data
        self.far: int = far
        customers, sites = data.cost.shape
        self.scale: int = max(0, min(40, 61 - (max(1, customers) * far).bit_length()))
        self.columns = np.arange(sites, dtype=np.int64)
        self.kept: NDArray[np.int64] | None = None

    def narrow(self, columns: NDArray[np.int64]) -> None:
        """Look at `columns` only from now on."""
        if self.kept is not None:
            self.kept = np.ascontiguousarray(self.kept[:, np.isin(self.columns, columns)])
        self.columns = columns
        if self.kept is None and columns.size * self.data.cost.shape[0] <= CACHE:
            self.kept = self._scaled(slice(None))

    def rounded(self, u: NDArray[np.float64]) -> NDArray[np.int64]:
        """Multipliers as whole multiples of 2^-scale, between 0 and `far`: outside, none is of use."""
        scaled: NDArray[np.float64] = np.rint(np.clip(u, 0.0, float(self.far)) * 2.0**self.scale)
        return scaled.astype(np.int64)

    def reduced(self, u: NDArray[np.int64]) -> NDArray[np.int64]:
        """(m,) ρ of the columns in play, 0 elsewhere."""
        customers, sites = self.data.cost.shape
        result = np.zeros(sites, dtype=np.int64)
        mine = np.zeros(self.columns.size, dtype=np.int64)
        step = max(1, PIECE // max(1, self.columns.size))
        for start in range(0, customers, step):
            rows = slice(start, start + step)
            part = self._scaled(rows) if self.kept is None else self.kept[rows]
            mine += np.minimum(part - u[rows, None], 0).sum(axis=0)
        result[self.columns] = mine
        return result

    def _scaled(self, rows: slice) -> NDArray[np.int64]:
        """Costs above `far` count as `far`, which no multiplier passes."""
        return np.minimum(self.data.whole(rows, self.columns, far=self.far), self.far) << np.int64(self.scale)
