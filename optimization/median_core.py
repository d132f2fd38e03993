"""
The rows of a p-median, held as a cost matrix instead of distance layers.

Each customer's layers (radius formulation) give, for any distance D(i), the cut

    cost(i)  >=  D(i) − Σ_j max(0, D(i) − d(i,j)) y(j)

true of every plan with an open site: the site that serves i at d(i,j*) alone takes the
right side down to min(D(i), d(i,j*)) or below. At a point ȳ the strongest D(i) is the
distance at which the nearest sites' ȳ first add up to 1. A block adds up its customers.

References: Cornuéjols, Nemhauser & Wolsey (1980); García, Labbé & Marín (2011);
Duran-Mateluna, Ales & Elloumi (2023), An efficient Benders decomposition for the p-median, EJOR 308.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimization.cut_pool import CutPool

FULL = 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class MedianCore:
    """
    Customers and costs over the sites that are not forbidden.

    Attributes
    ----------
    cost
        (n, L) int64, whole quanta of one unit of weight, for the live sites.
    weight
        (n,) int64.
    live
        (L,) positions of sites whose upper bound is 1.
    lower, upper, constant
        As in `protocols.MissCore`; one measure, constant 0.
    """

    cost: NDArray[np.int64]
    weight: NDArray[np.int64]
    live: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    constant: NDArray[np.int64]

    def weight_of(self, measure: int) -> int:
        """Σ weight · largest cost."""
        del measure
        return int((self.weight * self.cost.max(axis=1, initial=0)).sum())

    def missed(self, chosen: NDArray[np.bool_]) -> list[int]:
        """Σ weight · cost of the nearest open site; the largest possible when none is open."""
        return [int((self.weight * self._served(chosen)).sum())]

    def _served(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        among = self.cost[:, chosen[self.live]]
        served: NDArray[np.int64] = among.min(axis=1) if among.shape[1] else self.cost.max(axis=1)
        return served

    def narrowed(self, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> MedianCore:
        """Leave out sites that are forbidden now."""
        keep = upper[self.live] == 1
        return MedianCore(self.cost[:, keep], self.weight, self.live[keep], lower, upper, self.constant)

    def layout(self, measures: tuple[int, ...], *, blocks: int) -> MedianLayout:
        """Part the customers into blocks of neighbours: ordered by their nearest sites."""
        order = np.argsort(self.cost.argmin(axis=1), kind="stable") if self.cost.size else np.zeros(0, np.int64)
        pieces = max(1, min(blocks, order.size))
        block = np.empty(order.size, dtype=np.int64)
        block[order] = np.arange(order.size) * pieces // max(1, order.size)
        return MedianLayout(self, measures, block, np.zeros(pieces, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class MedianLayout:
    """Customers parted into blocks; see `protocols.Layout`."""

    core: MedianCore
    measures: tuple[int, ...]
    block: NDArray[np.int64]
    block_measure: NDArray[np.int64]

    def separate(
        self, pool: CutPool, point: NDArray[np.float64], known: NDArray[np.float64], *, margin: float
    ) -> list[int]:
        """Cut off what `known` underestimates at `point`, one cut a block."""
        core, blocks = self.core, self.block_measure.size
        distance = critical_distances(core.cost, point[core.live])
        y = point[core.live]
        support = np.flatnonzero(y > 0)
        near = np.maximum(0, distance[:, None] - core.cost[:, support])
        estimate = core.weight * (distance - near @ y[support])
        misses = np.bincount(self.block, weights=estimate, minlength=blocks)
        due = np.flatnonzero(misses > known + margin * np.maximum(1.0, misses) + 5e-4)
        return [self._cut(pool, int(block), distance) for block in due]

    def _cut(self, pool: CutPool, block: int, distance: NDArray[np.int64]) -> int:
        core = self.core
        mine = np.flatnonzero(self.block == block)
        reduction = np.maximum(0, distance[mine, None] - core.cost[mine])
        slope = np.zeros(core.lower.size, dtype=np.int64)
        slope[core.live] = core.weight[mine] @ reduction
        return pool.add(block, distance[mine], int(core.weight[mine] @ distance[mine]), slope)


def critical_distances(cost: NDArray[np.int64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n,) the distance at which the nearest sites' y first add up to 1; the largest with y > 0 if they never do."""
    support = np.flatnonzero(y > 0)
    if support.size == 0:
        return np.asarray(cost.max(axis=1), dtype=np.int64)
    among = cost[:, support]
    order = np.argsort(among, axis=1, kind="stable")
    filled = np.cumsum(y[support][order], axis=1)
    at = np.minimum((filled < FULL).sum(axis=1), support.size - 1)
    rows = np.arange(cost.shape[0])
    return np.asarray(among[rows, order[rows, at]], dtype=np.int64)
