"""
The Lagrangian bound of a weighted miss by the volume algorithm, in floats: a guide, never a proof.

With 0 <= t <= 1 on rows,

    L(t) = Σ t w − max { Σ_j c(j) y(j) : y meets the rules },     c(j) = Σ_{r: j in S(r)} t(r) w(r)

bounds the miss from below. Where each column stands in at most one rule, and with coefficient 1, the inner
problem opens the dearest columns of each rule, so that a step costs two sparse products, a hundredth of a simplex
run. The running mean of the y is nearly the LP's point. Steps are taken per unit of weight: a row moves by how far
it is from being met, however heavy it is.

References: Barahona & Anbil (2000), The volume algorithm, Mathematical Programming 87, 385-399.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.system import Rows

LENGTH, SHRINK, PATIENCE, SHORTEST = 0.3, 0.8, 5, 1e-4
FRESH, STALE = 0.1, 0.02  # share of the newest point in the running mean, at first and at the end


@dataclass(frozen=True, slots=True)
class Groups:
    """
    Rules that part the columns: at most `most` of each group are open.

    Attributes
    ----------
    rules
        (G,) positions of the rules.
    members
        Columns of each, free in the box.
    most
        How many of them may still be open.
    opened
        Columns that open for nothing: those in no rule.
    """

    rules: tuple[int, ...]
    members: tuple[NDArray[np.int64], ...]
    most: tuple[int, ...]
    opened: NDArray[np.int64]

    def best(self, profit: NDArray[np.float64]) -> NDArray[np.int64]:
        """Columns of greatest profit (none negative) that the rules let open together."""
        chosen = [self.opened]
        for members, most in zip(self.members, self.most, strict=True):
            rest = members.size - most
            if most > 0:
                chosen.append(members if rest <= 0 else members[np.argpartition(profit[members], rest)[rest:]])
        return np.concatenate(chosen)

    def prices(self, profit: NDArray[np.float64]) -> list[float]:
        """For each rule, what one more open column would add: between the last profit taken and the first left."""
        found = []
        for members, most in zip(self.members, self.most, strict=True):
            if most <= 0 or members.size <= most:
                found.append(0.0 if most > 0 else float(profit[members].max(initial=0.0)))
                continue
            order = np.sort(profit[members])[::-1]
            found.append(float(order[most - 1] + order[most]) / 2.0)
        return found


def groups_of(rows: Rows, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> Groups | None:
    """Read rules that part the columns; None where they are of another kind."""
    matrix = rows.matrix
    if matrix.nnz and ((matrix.data != 1).any() or np.bincount(matrix.indices).max() > 1):
        return None
    rules, members, most = [], [], []
    free = lower < upper
    ruled = np.zeros(lower.size, dtype=bool)
    for row, high in enumerate(rows.high):
        columns = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].astype(np.int64)
        if high is None:
            continue
        ruled[columns] = True
        rules.append(row)
        members.append(np.sort(columns[free[columns]]))
        most.append(max(0, high - int(lower[columns].sum())))
    return Groups(tuple(rules), tuple(members), tuple(most), np.flatnonzero(free & ~ruled))


@dataclass(frozen=True, slots=True)
class Summit:
    """The best multipliers found: t (R,), their bound, and the mean point (J,)."""

    t: NDArray[np.float64]
    bound: float
    mean: NDArray[np.float64]


def climbed(
    sets: sparse.csr_array,
    weight: NDArray[np.float64],
    groups: Groups,
    *,
    target: float,
    t: NDArray[np.float64],
    steps: int,
    length: float = LENGTH,
    deadline: float = float("inf"),
) -> Summit:
    """
    Climb from `t` until the bound passes `target`, a plan's miss, or the steps are spent or short.

    Parameters
    ----------
    sets
        (R, J) CSR; no row holds a column that is fixed open.
    weight
        (R,).
    length
        Of the first step, as a share of Polyak's; shorter where `t` is good already.
    """
    forward = sparse.csr_array((np.ones(sets.indices.size), sets.indices, sets.indptr), shape=sets.shape)
    back = sparse.csr_array(forward.T)
    best, top, mean, bare = -np.inf, t, np.zeros(sets.shape[1]), np.zeros(sets.shape[0])
    stale, newest = 0, FRESH
    for step in range(steps):
        heavy = t * weight
        profit = back @ heavy
        y = np.zeros(sets.shape[1])
        y[groups.best(profit)] = 1.0
        value = float(heavy.sum() - profit @ y)
        share = newest if step else 1.0
        mean = (1.0 - share) * mean + share * y
        if value > best:
            best, top, stale = value, t, 0
        else:
            stale += 1
        gradient = 1.0 - forward @ y
        if stale == 0 and float(gradient * weight @ bare) > 0.0:
            length = min(2.0, 1.1 * length)
        bare = (1.0 - share) * bare + share * gradient
        if best >= target or length < SHORTEST or time.monotonic() > deadline:
            break
        if stale >= PATIENCE:
            length, stale, newest = length * SHRINK, 0, max(STALE, 0.9 * newest)
        stuck = ((top <= 0.0) & (bare < 0.0)) | ((top >= 1.0) & (bare > 0.0))
        move = np.where(stuck, 0.0, bare)
        norm = float(move * move @ weight)
        if norm <= 1e-9:
            break
        t = np.clip(top + length * (target - best) / norm * move, 0.0, 1.0)
    return Summit(top, best, mean)
