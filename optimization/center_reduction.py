"""
What of a cover matters: rows that no other row implies, columns that no other column replaces.

A row whose sites include all sites of another row is reached when that one is; leaving rows out needs no ground
in a proof, as what cannot reach some rows cannot reach all. A column whose rows, of those kept, all lie within
another column's may stay closed: the other takes its place (an exchange, which the certificate states pair by pair
and its checker looks at again).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENOUGH = 0.97  # a round that leaves more than this is the last
LARGEST = 3000  # rows or columns; containment is not looked for above


@dataclass(frozen=True, slots=True)
class Reduced:
    """Positions of the rows and columns kept, and (D, 2) pairs: column left out, column kept in its place."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    dominated: NDArray[np.int64]


def reduced_cover(reach: NDArray[np.bool_], fixed: NDArray[np.int64]) -> Reduced:
    """Leave out rows that a fixed site reaches, then rows and columns in turn until hardly anything more goes."""
    opened = fixed == 1
    rows = np.flatnonzero(~reach[:, opened].any(axis=1))
    columns = np.flatnonzero(~opened)
    rows = rows[_first_of_equal(reach[np.ix_(rows, columns)])]
    instead = np.full(reach.shape[1], -1, dtype=np.int64)
    while rows.size and max(rows.size, columns.size) <= LARGEST:
        before = rows.size + columns.size
        rows = rows[_within(reach[np.ix_(rows, columns)], larger=False) < 0]
        by = _within(reach[np.ix_(rows, columns)].T, larger=True)
        instead[columns[by >= 0]] = columns[by[by >= 0]]
        columns = columns[by < 0]
        if rows.size + columns.size > ENOUGH * before:
            break
    gone = np.flatnonzero(instead >= 0)
    last = instead[gone]
    while (instead[last] >= 0).any():  # follow each to the one that is kept
        last = np.where(instead[last] >= 0, instead[last], last)
    return Reduced(rows, columns, np.stack([gone, last], axis=1))


def _first_of_equal(part: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Positions of the first of each set of equal rows."""
    if part.size == 0:
        return np.arange(part.shape[0])
    _, first = np.unique(np.packbits(part, axis=1), axis=0, return_index=True)
    return np.sort(first)


def _within(part: NDArray[np.bool_], *, larger: bool) -> NDArray[np.int64]:
    """
    For each row the position of another that makes it idle, -1 for none; the first of equal rows stays.

    `larger`: another whose set holds all of this one's; else another whose set lies within this one's.
    """
    dense = part.astype(np.float32)
    size = dense.sum(axis=1)
    order = np.argsort(-size if larger else size, kind="stable")  # only an earlier row can make one idle
    dense, size = dense[order], size[order]
    idle = np.tril((dense @ dense.T) == (size[:, None] if larger else size[None, :]), -1)
    first = idle.argmax(axis=1)
    result = np.empty(order.size, dtype=np.int64)
    result[order] = np.where(idle[np.arange(order.size), first], order[first], -1)
    return result
