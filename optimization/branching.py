"""
Which column to branch on: the one whose two children promise to raise the bound most.

What a column's children gained before is kept for each unit of the fraction rounded away (pseudo-costs); a column
of which too little is known is probed: its bound is changed on the LP and a few dual simplex steps are made
(reliability branching; Achterberg, Koch & Martin 2005, Operations Research Letters 33, 42-54). Scores only
order the tree; they prove nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimization.master import LpAnswer, Master
from optimization.system import Goal

WHOLE = 1e-6
RELIABLE = 1  # children seen on each side before a column's own record is trusted
CANDIDATES, STEPS = 8, 30
LEAST = 1e-6  # stands for no gain, so that the other side still counts


@dataclass(slots=True)
class Record:
    """Gains of the bound by column and side, per unit of fraction; changed in place."""

    columns: int
    gained: NDArray[np.float64] = field(init=False)
    seen: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.gained = np.zeros((2, self.columns))
        self.seen = np.zeros((2, self.columns), dtype=np.int64)

    def note(self, column: int, side: int, gain: float, distance: float) -> None:
        """Take down what fixing a column to `side` gained, the LP having been `distance` away from it."""
        if math.isfinite(gain) and distance > WHOLE:
            self.gained[side, column] += max(0.0, gain) / distance
            self.seen[side, column] += 1

    def scores(self, columns: NDArray[np.int64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Product of the two gains to be expected, each at least a trifle; the mean column where nothing is known."""
        total = np.ones(columns.size)
        for side in (0, 1):
            known = self.seen[side] > 0
            rate = np.divide(self.gained[side], self.seen[side], out=np.zeros(self.columns), where=known)
            usual = float(rate[known].mean()) if known.any() else 1.0
            expected = np.where(known[columns], rate[columns], usual) * np.abs(side - y[columns])
            total *= np.maximum(expected, LEAST)
        return total

    def reliable(self, column: int) -> bool:
        """True where both sides were seen often enough."""
        return bool(self.seen[:, column].min() >= RELIABLE)


def branching_column(master: Master, record: Record, goal: Goal, free: NDArray[np.int64], answer: LpAnswer) -> int:
    """Choose among the free columns; the LP must be at `answer`, whose box it keeps."""
    y = answer.y
    undecided = free[np.abs(y[free] - np.rint(y[free])) > WHOLE]
    if goal.kind == "linear":
        # where a linear goal counts some columns alone (thresholds), fixing those moves the bound
        counted = undecided[goal.coefficients[undecided] != 0]
        undecided = counted if 0 < counted.size < undecided.size else undecided
        if undecided.size == 0:
            counted = free[goal.coefficients[free] != 0]
            free = counted if 0 < counted.size < free.size else free
    if undecided.size == 0:
        return int(free[0])
    if goal.kind == "linear" or not math.isfinite(answer.objective):
        return int(undecided[np.argsort(np.abs(y[undecided] - 0.5), kind="stable")[0]])
    scores = record.scores(undecided, y)
    order = np.argsort(-scores, kind="stable")[:CANDIDATES]
    asked = [int(at) for at in order if not record.reliable(int(undecided[at]))]
    if not asked:
        return int(undecided[order[0]])
    with master.probing() as probe:
        for at in asked:
            column = int(undecided[at])
            for side in (0, 1):
                gain = probe(column, side, STEPS) - answer.objective
                record.note(column, side, gain if math.isfinite(gain) else _most(record, answer), abs(side - y[column]))
    return int(undecided[order[np.argmax(record.scores(undecided[order], y))]])


def _most(record: Record, answer: LpAnswer) -> float:
    """What a child without a point counts for: more than any gain seen."""
    return 2.0 * max(float(record.gained.max(initial=0.0)), abs(answer.objective) * 1e-3, 1.0)
