"""
What every swap of a plan would save, kept up to date while columns open and close.

With n(r) the open columns that satisfy row r, closing i and opening j saves

    Σ { w(r) : n(r) = 0, j in S(r) }  −  Σ { w(r) : r held by i alone }  +  Σ { w(r) : r held by i alone, j in S(r) }

and a swap touches only the rows of its two columns (Resende & Werneck 2007, Annals of OR 150, 205-230, in the form for
covering).
"""

from __future__ import annotations

import copy

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Tally:
    """A plan over rows of sets, and the three sums of every swap; floats of whole weights, exact below 2**53."""

    def __init__(
        self, sets: sparse.csr_array, across: sparse.csc_array, weight: Floats, plan: NDArray[np.bool_]
    ) -> None:
        self._sets, self._across, self._weight = sets, across, weight
        self.plan = plan.copy()
        self.missed = 0.0
        self._count = np.asarray(sets @ plan.astype(np.int64))
        columns = plan.size
        self._slot = np.full(columns, -1, dtype=np.int64)  # of an open column, its row in `again`
        opened = np.flatnonzero(plan)
        self._slot[opened] = np.arange(opened.size)
        self._bare = np.zeros(columns)  # weight of rows that no column holds, by column of their sets
        self._alone = np.zeros(opened.size)  # weight of the rows that one open column holds alone
        self._again = np.zeros((opened.size, columns))  # and which of it another column would hold too
        self._add(np.arange(sets.shape[0], dtype=np.int64), 1.0)

    def copy(self) -> Tally:
        """Return one that goes its own way from here."""
        other = copy.copy(self)
        for name in ("plan", "_count", "_slot", "_bare", "_alone", "_again"):
            setattr(other, name, getattr(self, name).copy())
        return other

    def savings(self, leaving: Ints) -> Floats:
        """(leaving, J) weight saved by closing an open column of `leaving` and opening another."""
        slot = self._slot[leaving]
        saved: Floats = self._again[slot] + self._bare[None, :] - self._alone[slot, None]
        return saved

    def swap(self, leaves: int, enters: int) -> None:
        """Close one column and open another."""
        gone, come = self._rows(leaves), self._rows(enters)
        touched = np.union1d(gone, come)
        self._add(touched, -1.0)
        self._count[gone] -= 1
        self._count[come] += 1
        self.plan[leaves], self.plan[enters] = False, True
        self._slot[enters], self._slot[leaves] = self._slot[leaves], -1
        self._add(touched, 1.0)

    def _rows(self, column: int) -> Ints:
        start, end = self._across.indptr[column : column + 2]
        return np.asarray(self._across.indices[start:end], dtype=np.int64)

    def _add(self, rows: Ints, sign: float) -> None:
        """Add (or take away) what these rows put into the sums, as the plan now holds them."""
        count = self._count[rows]
        bare, alone = rows[count == 0], rows[count == 1]
        weight = sign * self._weight
        self.missed += float(weight[bare].sum())
        _, entries = self._entries(bare)
        columns = self.plan.size
        self._bare += np.bincount(entries[0], weights=weight[entries[1]], minlength=columns)
        width, (column, row) = self._entries(alone)
        slot = self._slot[column]
        keeper = slot[slot >= 0]  # each of these rows has just one open column
        self._alone += np.bincount(keeper, weights=weight[alone], minlength=self._alone.size)
        at = np.repeat(keeper, width) * columns + column
        self._again += np.bincount(at, weights=weight[row], minlength=self._again.size).reshape(self._again.shape)

    def _entries(self, rows: Ints) -> tuple[Ints, tuple[Ints, Ints]]:
        """Return the width of each row, and its entries as (column, row)."""
        start = self._sets.indptr[rows].astype(np.int64)
        width = self._sets.indptr[rows + 1] - start
        ends = np.cumsum(width)
        within = np.arange(ends[-1] if ends.size else 0) - np.repeat(ends - width, width)
        return width, (self._sets.indices[np.repeat(start, width) + within], np.repeat(rows, width))
