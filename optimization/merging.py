"""
Exact reductions of the rows: what no choice can change leaves, equal sets become one.

    a row that a column fixed open satisfies drops out with miss 0;
    a row whose columns are all forbidden drops out, its weight into K;
    rows of equal set merge, each weight column added up.

Nothing leaves the totals, so every miss stays what it was, to the quantum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.cuts import Layout, layout_of
from optimization.problem import Problem

SATISFIED = -1  # by a column fixed open
PIECE = 2**19  # entries of a matrix worked on at a time
ROWS = 2**20  # rows whose sums are sorted at a time
LOST = -2  # no usable column: its weight is in the constant


@dataclass(frozen=True, slots=True)
class Core:
    """
    Merged rows over the columns that are still free.

    Attributes
    ----------
    group
        (R,) the merged row of each row of the problem; `SATISFIED` or `LOST` where it dropped out.
    sets
        (G, J) CSR of ones, free columns only, indices sorted.
    weights
        (G, W) int64.
    constant
        (W,) miss that no choice within the bounds can avoid.
    lower, upper
        (J,) bounds on y.
    """

    group: NDArray[np.int64]
    sets: sparse.csr_array
    weights: NDArray[np.int64]
    constant: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]

    def weight_of(self, measure: int) -> int:
        """Σ weight of a measure's rows."""
        return int(self.weights[:, measure].sum())

    def missed(self, chosen: NDArray[np.bool_]) -> list[int]:
        """Count every measure's miss from y, never from z (quanta, constant included)."""
        satisfied = (self.sets @ chosen.astype(np.int32)) > 0
        left = self.weights[~satisfied].sum(axis=0, dtype=np.int64)
        return [int(value) for value in self.constant + left]

    def narrowed(self, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> Core:
        """Reduce merged rows again under tighter bounds; `group` still starts from the problem's rows."""
        smaller = reduced(self.sets, self.weights, self.constant, lower=lower, upper=upper)
        kept = self.group >= 0
        group = self.group.copy()
        group[kept] = smaller.group[self.group[kept]]
        return Core(group, smaller.sets, smaller.weights, smaller.constant, smaller.lower, smaller.upper)

    def layout(self, measures: tuple[int, ...], *, blocks: int) -> Layout:
        """Stack the rows of `measures` into blocks; see `cuts.layout_of`."""
        return layout_of(self.sets, self.weights, measures, blocks=blocks)


def merged(problem: Problem) -> Core:
    """Reduce a problem's rows; groups are numbered in order of first appearance."""
    constant = np.array([measure.constant for measure in problem.measures], dtype=np.int64)
    return reduced(problem.sets, problem.weights, constant, lower=problem.columns.lower, upper=problem.columns.upper)


def reduced(
    sets: sparse.csr_array,
    weights: NDArray[np.int64],
    constant: NDArray[np.int64],
    *,
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
) -> Core:
    """Apply the three reductions of this module to rows under bounds on y."""
    rows = sets.shape[0]
    member = np.repeat(np.arange(rows), np.diff(sets.indptr))
    satisfied = np.zeros(rows, dtype=bool)
    satisfied[member[lower[sets.indices] == 1]] = True
    usable = (upper[sets.indices] == 1) & ~satisfied[member]
    width = np.bincount(member[usable], minlength=rows)
    lost = ~satisfied & (width == 0)
    constant = constant + weights[lost].sum(axis=0, dtype=np.int64)
    useful = ~satisfied & ~lost
    keep = usable & useful[member]
    indptr = np.concatenate(([0], np.cumsum(np.where(useful, width, 0)[useful])))
    live = sparse.csr_array(
        (np.ones(int(keep.sum()), dtype=np.int8), sets.indices[keep].astype(np.int32), indptr),
        shape=(int(useful.sum()), sets.shape[1]),
    )
    live.sort_indices()
    label, first = equal_rows(live)
    group = np.where(lost, LOST, SATISFIED).astype(np.int64)
    group[useful] = label
    total = np.zeros((first.size, weights.shape[1]), dtype=np.int64)
    np.add.at(total, label, weights[useful])
    return Core(group, live[first], total, constant, lower.astype(np.int64), upper.astype(np.int64))


def equal_rows(sets: sparse.csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Find rows of equal set: (label of each row, first row of each label).

    Sets are compared by a 64-bit hash (random keys added modulo 2**64), then column
    by column, so that a collision cannot pass: it draws new keys.
    """
    for seed in range(16):
        keys = np.random.default_rng(seed).integers(0, 2**64, size=sets.shape[1], dtype=np.uint64)
        label, first = _labelled(sets, keys)
        if _same(sets, label, first):
            return label, first
    raise AssertionError("sixteen independent 64-bit hashes collided")  # pragma: no cover


def _labelled(sets: sparse.csr_array, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Label rows by the sum of their keys, piece by piece: only the sums of different rows are kept."""
    label = np.empty(sets.shape[0], dtype=np.int64)
    known, number = np.zeros(0, np.uint64), np.zeros(0, np.int64)  # sums seen so far, ascending, and their labels
    first = [np.zeros(0, np.int64)]
    for start in range(0, sets.shape[0], ROWS):
        stop = min(sets.shape[0], start + ROWS)
        values, at, which = np.unique(_sums(sets, keys, start, stop), return_index=True, return_inverse=True)
        where = np.searchsorted(known, values)
        new = np.ones(values.size, dtype=bool)
        inside = where < known.size
        new[inside] = known[where[inside]] != values[inside]
        labels = np.empty(values.size, dtype=np.int64)
        labels[~new] = number[where[~new]]
        fresh = np.flatnonzero(new)
        fresh = fresh[np.argsort(at[fresh], kind="stable")]
        labels[fresh] = known.size + np.arange(fresh.size)
        label[start:stop] = labels[which.reshape(-1)]
        first.append(start + at[fresh].astype(np.int64))
        known, number = np.insert(known, where[new], values[new]), np.insert(number, where[new], labels[new])
    return label, np.concatenate(first)


def _sums(sets: sparse.csr_array, keys: NDArray[np.uint64], start: int, stop: int) -> NDArray[np.uint64]:
    """Σ of the keys of each row from `start` to `stop`, modulo 2**64."""
    total = np.empty(stop - start, dtype=np.uint64)
    for piece, entries in pieces_of(sets, start, stop):
        sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(keys[sets.indices[entries]], dtype=np.uint64)))
        ends = sets.indptr[piece.start : piece.stop + 1] - entries.start
        total[piece.start - start : piece.stop - start] = sums[ends[1:]] - sums[ends[:-1]]
    return total


def pieces_of(sets: sparse.csr_array, start: int = 0, stop: int | None = None) -> Iterator[tuple[slice, slice]]:
    """Yield (rows, entries) of at most `PIECE` entries where a row allows, so that work on them stays in the cache."""
    rows = sets.shape[0] if stop is None else stop
    while start < rows:
        end = min(int(sets.indptr[start]) + PIECE, int(sets.indptr[-1]))
        # of the array's own type: another would copy the whole of it to compare
        stop = int(np.searchsorted(sets.indptr, sets.indptr.dtype.type(end), side="right")) - 1
        stop = min(rows, max(start + 1, stop))
        yield slice(start, stop), slice(int(sets.indptr[start]), int(sets.indptr[stop]))
        start = stop


def _same(sets: sparse.csr_array, label: NDArray[np.int64], first: NDArray[np.int64]) -> bool:
    starts, width = sets.indptr[:-1], np.diff(sets.indptr)
    for piece, entries in pieces_of(sets):
        twin = first[label[piece]]
        if not np.array_equal(width[piece], width[twin]):
            return False
        shift = np.repeat(starts[twin].astype(np.int64) - starts[piece], width[piece])
        shift += np.arange(entries.start, entries.stop)
        if not np.array_equal(sets.indices[entries], sets.indices[shift]):
            return False
    return True
