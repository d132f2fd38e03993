"""
Benders cuts of the weighted miss, in whole numbers.

For a measure g, a block b of its rows and any subset R of the block, every y obeys

    miss(g, b)  >=  Σ_{r in R} w(r,g) (1 − Σ_{j in S(r)} y(j))  =  a0 − a·y

because z(r) >= 1 − Σ y and z(r), w(r,g) >= 0. The strongest R at a point are the
rows whose Σ y is below 1. A cut is therefore true by its form alone; the
certificate stores which rows it adds up, nothing more.

References: Benders (1962); Cordeau, Furini & Ljubić (2019), Benders decomposition
for very large scale partial set covering and maximal covering problems, EJOR 275.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.cut_pool import CutPool

TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Layout:
    """
    Rows stacked measure by measure and split into blocks.

    Attributes
    ----------
    measures
        Positions of the measures that have rows here, ascending.
    rows
        (T,) merged row of each stacked row.
    weight
        (T,) int64, > 0.
    block
        (T,) block of each stacked row, ascending.
    block_measure
        (B,) measure position of each block.
    start
        (B + 1,) first stacked row of each block.
    sets
        (T, J) CSR.
    """

    measures: tuple[int, ...]
    rows: NDArray[np.int64]
    weight: NDArray[np.int64]
    block: NDArray[np.int64]
    block_measure: NDArray[np.int64]
    start: NDArray[np.int64]
    sets: sparse.csr_array

    def separate(
        self, pool: CutPool, point: NDArray[np.float64], known: NDArray[np.float64], *, margin: float
    ) -> list[int]:
        """Cut off what `known` (B,) underestimates at `point` (J,); see `separate`."""
        return separate(self, pool, point, known, margin=margin)

    def misses(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """(B,) miss of each block at `point`."""
        short = np.maximum(0.0, 1.0 - self.sets @ point)
        missed = np.bincount(self.block, weights=short * self.weight, minlength=self.block_measure.size)
        return missed.astype(np.float64)


def layout_of(sets: sparse.csr_array, weights: NDArray[np.int64], measures: tuple[int, ...], *, blocks: int) -> Layout:
    """Stack the rows of `measures`, at most `blocks` blocks each, neighbours together."""
    rows: list[NDArray[np.int64]] = []
    labels: list[NDArray[np.int64]] = []
    block_measure: list[int] = []
    for measure in measures:
        mine = np.flatnonzero(weights[:, measure])
        if mine.size == 0:
            continue
        pieces = min(blocks, max(1, mine.size // 8))
        rows.append(mine)
        labels.append(len(block_measure) + np.arange(mine.size) * pieces // mine.size)
        block_measure += [measure] * pieces
    empty = np.zeros(0, dtype=np.int64)
    stacked = np.concatenate([*rows, empty])
    block = np.concatenate([*labels, empty])
    owner = np.array(block_measure, dtype=np.int64)
    return Layout(
        tuple(dict.fromkeys(block_measure)),
        stacked,
        weights[stacked, owner[block]] if stacked.size else empty,
        block,
        owner,
        np.searchsorted(block, np.arange(owner.size + 1)),
        sets[stacked],
    )


def separate(
    layout: Layout, pool: CutPool, point: NDArray[np.float64], known: NDArray[np.float64], *, margin: float
) -> list[int]:
    """
    Cut off what `known` (B,) underestimates at `point` (J,), in quanta, by the strongest cut of each block.

    Adds to the pool, and returns, one cut for each block whose miss at `point` exceeds `known` by
    more than `margin` of itself plus half a thousandth of a quantum.
    """
    slack = 1.0 - layout.sets @ point
    short = slack > TINY
    blocks = layout.block_measure.size
    misses: NDArray[np.float64] = np.bincount(
        layout.block, weights=np.where(short, slack, 0.0) * layout.weight, minlength=blocks
    ).astype(np.float64)
    # an estimate a little below nought is float dust: a miss never is, and a block without a short row has no cut
    due = misses > np.maximum(known, 0.0) + margin * np.maximum(1.0, misses) + 5e-4
    if not due.any():
        return []
    return _added(layout, pool, short, due)


def level_cuts(layout: Layout, pool: CutPool, share: NDArray[np.float64], *, levels: int) -> list[int]:
    """
    Add, for each block, cuts over the rows whose `share` (T,) is at least 1/(2 levels), 3/(2 levels), ...

    Row multipliers between 0 and 1 are sums of such nested sets, so that an LP starts near the bound they give.
    """
    found: list[int] = []
    for level in range(levels):
        taken = share >= (level + 0.5) / levels
        due = np.bincount(layout.block[taken], minlength=layout.block_measure.size) > 0
        if due.any():
            found += _added(layout, pool, taken, due)
    return found


def _added(layout: Layout, pool: CutPool, members: NDArray[np.bool_], due: NDArray[np.bool_]) -> list[int]:
    """Add one cut for each block that is `due`, over its rows among `members` (T,)."""
    columns = layout.sets.shape[1]
    taken = np.flatnonzero(members & due[layout.block])
    compact = np.cumsum(due) - 1
    place = compact[layout.block[taken]]
    piece = layout.sets[taken]
    width = np.diff(piece.indptr)
    slope = np.bincount(
        np.repeat(place, width) * columns + piece.indices,
        weights=np.repeat(layout.weight[taken].astype(np.float64), width),
        minlength=int(due.sum()) * columns,
    )
    slopes = np.rint(slope).astype(np.int64).reshape(-1, columns)
    weight = layout.weight[taken].astype(np.float64)
    constants = np.rint(np.bincount(place, weights=weight, minlength=int(due.sum())))
    return [
        pool.add(
            int(block),
            members[layout.start[block] : layout.start[block + 1]],
            int(constants[order]),
            slopes[order],
        )
        for order, block in enumerate(np.flatnonzero(due))
    ]
