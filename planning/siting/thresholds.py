"""
The worst journey as a threshold that is given up minute by minute (p-centre).

One further column u(t) a whole minute t says "the worst journey is longer than t", and the sum of u
is made least. A rule a point and layer: a place so near is open, or every threshold below the
point's next layer is given up. This is the formulation of Elloumi, Labbé & Pochet (2004), A new
formulation and resolution method for the p-center problem, INFORMS Journal on Computing 16; as u never
rises with t, one rule a layer is enough, and rules that another one implies are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimization import Columns, LinearStage, Rule
from planning.siting.columns import widened
from planning.siting.layers import Layers

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
WORST_JOURNEY = "worst_journey"
THRESHOLD = -1  # place and kind of a column that is no place
AT_ONCE = 4096  # rows compared with the others at a time


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    Attributes
    ----------
    least
        Whole minutes that the worst journey has in every plan, at least.
    columns
        The problem's columns, those of the thresholds behind the others.
    rules
        That thresholds are given up from below, and what each layer asks.
    """

    least: int
    columns: Columns
    rules: tuple[Rule, ...]

    def stage(self, tolerance: int) -> LinearStage:
        """Return the objective: the least threshold that need not be given up."""
        steps = tuple((self.columns.place == THRESHOLD).astype(int).tolist())
        return LinearStage(WORST_JOURNEY, steps, "minutes", tolerance, self.least)


def thresholds_of(layers: Layers, columns: Columns, compared: Flags, year: int) -> Thresholds:
    """
    Write the thresholds of the final network.

    Parameters
    ----------
    compared
        (n,) True for the points that are compared: with people, and some permitted place within the cap.
    year
        The final year.
    """
    least = int(layers.first[compared].max(initial=0))
    most = int(layers.ends[compared].max(initial=least))
    width = columns.place.size
    used = np.flatnonzero(compared[layers.point] & (layers.following - 1 >= least))
    rules = [
        _rule(f"threshold:{least + at}", np.array([width + at, width + at - 1]), np.array([1, -1]), "<=", 0)
        for at in range(1, most - least)
    ]
    for threshold, places in _needed(layers, used, width):
        at = np.append(places, width + threshold - least)
        name = f"layer:{threshold}:{len(rules)}"
        rules.append(_rule(name, at, np.ones(at.size, dtype=np.int64), ">=", 1))
    return Thresholds(least, widened(columns, most - least, year, mark=THRESHOLD), tuple(rules))


def _needed(layers: Layers, used: Ints, width: int) -> Iterator[tuple[int, Ints]]:
    """
    Yield (threshold, places) of every layer that no other one implies.

    A layer implies another when its places are among the other's and its threshold is no lower.
    """
    sets = layers.sets
    threshold = np.full(sets.shape[0], -1, dtype=np.int64)  # of equal sets the highest threshold counts
    np.maximum.at(threshold, layers.set[used], layers.following[used].astype(np.int64) - 1)
    rows = np.unique(layers.set[used]).astype(np.int64)
    live = np.unique(sets[rows].indices)
    where = np.full(width, -1)
    where[live] = np.arange(live.size)
    size = np.diff(sets.indptr)[rows]
    rows = rows[np.lexsort((rows, size, -threshold[rows]))]
    kept = np.zeros((0, live.size), dtype=np.float32)
    for level in np.unique(threshold[rows])[::-1]:
        here = rows[threshold[rows] == level]
        for start in range(0, here.size, AT_ONCE):
            part = here[start : start + AT_ONCE]
            dense = np.zeros((part.size, live.size), dtype=np.float32)
            for at, row in enumerate(part.tolist()):
                dense[at, where[sets.indices[sets.indptr[row] : sets.indptr[row + 1]]]] = 1.0
            free = ~_implied(dense, kept)
            part, dense = part[free], dense[free]
            own = dense @ dense.T >= dense.sum(axis=1)[None, :]  # [r, s]: s is inside r
            own &= np.tri(part.size, k=-1, dtype=bool)  # smaller sets come first, and none are equal
            free = ~own.any(axis=1)
            kept = np.vstack([kept, dense[free]])
            for row in part[free].tolist():
                yield int(level), np.sort(sets.indices[sets.indptr[row] : sets.indptr[row + 1]]).astype(np.int64)


def _implied(rows: NDArray[np.float32], kept: NDArray[np.float32]) -> Flags:
    """(r,) True where some kept set lies inside a row's set."""
    return np.asarray((rows @ kept.T >= kept.sum(axis=1)[None, :]).any(axis=1))


def _rule(name: str, at: Ints, coefficients: Ints, sense: str, right: int) -> Rule:
    return Rule(name, "threshold", at, coefficients, sense, right, "minutes", structural=True)  # type: ignore[arg-type]
