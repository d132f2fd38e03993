"""
Better plans by swapping columns: one out, one in, the swap that saves most, until none saves anything.

Columns that stand alike in every rule are of one class; whether a swap keeps the rules depends on the two
classes alone, so all swaps of a plan are weighed at once. Kicks (a few random swaps) then start it again
from near the best plan (iterated local search). Plans are proposed, never proven, here.

References: Teitz & Bart (1968), Operations Research 16, 955-961; Resende & Werneck (2007), Annals of OR 150, 205-230.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.system import Rows
from optimization.tally import Tally

CLASSES = 200  # with more, a swap hardly ever keeps the rules
KICK = (3, 4)  # swaps in a kick, in turn
Offer = Callable[[NDArray[np.bool_]], object]


@dataclass(frozen=True, slots=True)
class Swaps:
    """
    What swaps are weighed on.

    Attributes
    ----------
    sets, across
        (R, J) CSR of ones, and the same by columns.
    weight
        (R,) float, what a row missed costs.
    movable
        (J,) columns that are free in the box.
    label
        (J,) class of each column.
    step
        (K, C) coefficient of a class in each rule.
    low, high
        (K,) sides of the rules, infinite where free.
    """

    sets: sparse.csr_array
    across: sparse.csc_array
    weight: NDArray[np.float64]
    movable: NDArray[np.bool_]
    label: NDArray[np.int64]
    step: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def missed(self, plan: NDArray[np.bool_]) -> float:
        """Weight of the rows that a plan misses."""
        return float(self.weight[self.sets @ plan.astype(np.int32) == 0].sum())

    def allowed(self, plan: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(C, C) which classes may be swapped (out, in) so that the rules still hold."""
        sums = self.step @ np.bincount(self.label[plan], minlength=self.step.shape[1])
        after = sums[:, None, None] - self.step[:, :, None] + self.step[:, None, :]
        fine = (after >= self.low[:, None, None]) & (after <= self.high[:, None, None])
        return np.asarray(fine.all(axis=0), dtype=np.bool_)


def swaps_of(
    sets: sparse.csr_array,
    weight: NDArray[np.int64],
    rows: Rows,
    *,
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
) -> Swaps | None:
    """Prepare swaps over merged rows; None where the rules leave too many classes of columns to weigh."""
    by_column = sparse.csc_array(rows.matrix)
    known: dict[bytes, int] = {}
    label = np.empty(lower.size, dtype=np.int64)
    first: list[int] = []
    for column in range(lower.size):
        part = slice(by_column.indptr[column], by_column.indptr[column + 1])
        key = by_column.indices[part].tobytes() + b"|" + by_column.data[part].tobytes()
        label[column] = known.setdefault(key, len(first))
        if label[column] == len(first):
            first.append(column)
        if len(first) > CLASSES:
            return None
    return Swaps(
        sets,
        sparse.csc_array(sets),
        weight.astype(np.float64),
        lower < upper,
        label,
        rows.matrix[:, first].toarray().astype(np.float64),
        np.array([-np.inf if side is None else float(side) for side in rows.low]),
        np.array([np.inf if side is None else float(side) for side in rows.high]),
    )


def interchange(swaps: Swaps, plan: NDArray[np.bool_], *, deadline: float = float("inf")) -> NDArray[np.bool_]:
    """Return a plan that no single swap betters, reached from `plan`, which meets the rules; never a worse one."""
    tally = _tally(swaps, plan)
    _descend(swaps, tally, deadline)
    return tally.plan


def kicked(
    swaps: Swaps, plan: NDArray[np.bool_], *, kicks: int, seed: int, deadline: float, offer: Offer
) -> NDArray[np.bool_]:
    """
    Kick and interchange from the best plan so far until `kicks` in a row better nothing; every better one is offered.

    Plans as good are gone on from too, without being offered.
    """
    rng = np.random.default_rng(seed)
    best = _tally(swaps, plan)
    turn = last = 0
    while turn - last < kicks and best.missed > 0 and time.monotonic() < deadline:
        tally = best.copy()
        _kick(swaps, tally, rng, KICK[turn % len(KICK)])
        _descend(swaps, tally, deadline)
        turn += 1
        if tally.missed < best.missed:
            last = turn
            offer(tally.plan)
        if tally.missed <= best.missed:
            best = tally
    return best.plan


def _tally(swaps: Swaps, plan: NDArray[np.bool_]) -> Tally:
    return Tally(swaps.sets, swaps.across, swaps.weight, plan)


def _descend(swaps: Swaps, tally: Tally, deadline: float) -> None:
    """Carry out the best swap until none saves anything."""
    label = swaps.label
    while time.monotonic() < deadline:
        out = np.flatnonzero(tally.plan & swaps.movable)
        into = np.flatnonzero(~tally.plan & swaps.movable)
        if out.size == 0 or into.size == 0:
            break
        net = tally.savings(out)[:, into]
        net[~swaps.allowed(tally.plan)[label[out]][:, label[into]]] = -np.inf
        leaves, enters = divmod(int(net.argmax()), into.size)
        if not net[leaves, enters] > 0.5:  # weights are whole
            break
        tally.swap(int(out[leaves]), int(into[enters]))


def _kick(swaps: Swaps, tally: Tally, rng: np.random.Generator, times: int) -> None:
    """Carry out random swaps that keep the rules."""
    for _ in range(times):
        plan = tally.plan
        out, into = np.flatnonzero(plan & swaps.movable), np.flatnonzero(~plan & swaps.movable)
        if out.size == 0 or into.size == 0:
            break
        leaves = int(rng.choice(out))
        fitting = into[swaps.allowed(plan)[swaps.label[leaves], swaps.label[into]]]
        if fitting.size:
            tally.swap(leaves, int(rng.choice(fitting)))
