"""
Better plans by swapping columns: one out, one in, the swap that saves most, until none saves anything.

Columns that stand alike in every rule are of one class; whether a swap keeps the rules depends on the two
classes alone, so all swaps of a plan are weighed at once. Kicks (a few random swaps) then start it again
from near the best plan (iterated local search). Plans are proposed, never proven, here.

References: Teitz & Bart (1968), Operations Research 16, 955-961; Resende & Werneck (2007), EJOR 182, 54-68.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.system import Rows

CLASSES = 200  # with more, a swap hardly ever keeps the rules
KICK = 3  # swaps in a kick
Offer = Callable[[NDArray[np.bool_]], object]


@dataclass(frozen=True, slots=True)
class Swaps:
    """
    What swaps are weighed on.

    Attributes
    ----------
    sets
        (R, J) CSR of ones.
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
        weight.astype(np.float64),
        lower < upper,
        label,
        rows.matrix[:, first].toarray().astype(np.float64),
        np.array([-np.inf if side is None else float(side) for side in rows.low]),
        np.array([np.inf if side is None else float(side) for side in rows.high]),
    )


def interchange(swaps: Swaps, plan: NDArray[np.bool_], *, deadline: float = float("inf")) -> NDArray[np.bool_]:
    """Return a plan that no single swap betters, reached from `plan`, which meets the rules; never a worse one."""
    plan = plan.copy()
    while time.monotonic() < deadline:
        out = np.flatnonzero(plan & swaps.movable)
        into = np.flatnonzero(~plan & swaps.movable)
        if out.size == 0 or into.size == 0:
            break
        net = _savings(swaps, plan, out)[:, into]
        label = swaps.label
        net[~swaps.allowed(plan)[label[out]][:, label[into]]] = -np.inf
        leaves, enters = divmod(int(net.argmax()), into.size)
        if not net[leaves, enters] > 0.5:  # weights are whole
            break
        plan[out[leaves]], plan[into[enters]] = False, True
    return plan


def kicked(
    swaps: Swaps, plan: NDArray[np.bool_], *, kicks: int, seed: int, deadline: float, offer: Offer
) -> NDArray[np.bool_]:
    """Kick and interchange `kicks` times from the best plan so far; every better one is offered."""
    rng = np.random.default_rng(seed)
    best, least = plan, swaps.missed(plan)
    for _ in range(kicks):
        if time.monotonic() > deadline or least == 0:
            break
        found = interchange(swaps, _moved(swaps, best, rng), deadline=deadline)
        missed = swaps.missed(found)
        if missed < least:
            best, least = found, missed
            offer(best)
    return best


def _savings(swaps: Swaps, plan: NDArray[np.bool_], out: NDArray[np.int64]) -> NDArray[np.float64]:
    """(out, J) weight saved by closing a column of `out` and opening another."""
    sets, weight, columns = swaps.sets, swaps.weight, plan.size
    count = sets @ plan.astype(np.int32)
    bare = sets.T @ np.where(count == 0, weight, 0.0)
    place = np.full(columns, -1, dtype=np.int64)
    place[out] = np.arange(out.size)
    alone = np.flatnonzero(count == 1)
    piece = sets[alone]
    width = np.diff(piece.indptr)
    row = np.repeat(np.arange(alone.size), width)
    keeper = np.full(alone.size, -1, dtype=np.int64)
    held = plan[piece.indices]
    keeper[row[held]] = place[piece.indices[held]]
    mine = keeper >= 0
    entries = mine[row]
    again = np.bincount(
        keeper[row[entries]] * columns + piece.indices[entries],
        weights=weight[alone][row[entries]],
        minlength=out.size * columns,
    ).reshape(out.size, columns)
    lost = np.bincount(keeper[mine], weights=weight[alone][mine], minlength=out.size)
    saved: NDArray[np.float64] = again + bare[None, :] - lost[:, None]
    return saved


def _moved(swaps: Swaps, plan: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    plan = plan.copy()
    for _ in range(KICK):
        out, into = np.flatnonzero(plan & swaps.movable), np.flatnonzero(~plan & swaps.movable)
        if out.size == 0 or into.size == 0:
            break
        leaves = int(rng.choice(out))
        fitting = into[swaps.allowed(plan)[swaps.label[leaves], swaps.label[into]]]
        if fitting.size:
            plan[leaves], plan[int(rng.choice(fitting))] = False, True
    return plan
