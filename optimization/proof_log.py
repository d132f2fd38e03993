"""
What a search writes down while it runs, so that its answer can be checked later.

A tree whose nodes fix columns (each fixing carries the multipliers that rule the
other value out), then are closed by multipliers, or branch on one column. Cuts
belong to a chapter: a layout of merged rows; a search that merges again after
fixing columns opens a new chapter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from optimization.cut_pool import CutPool
from optimization.cuts import Layout
from optimization.duality import Multipliers, Verdict, judge
from optimization.merging import Core
from optimization.system import System, Targets


@dataclass(frozen=True, slots=True)
class Chapter:
    """A layout of merged rows, and its cuts."""

    core: Core
    layout: Layout
    pool: CutPool


@dataclass(slots=True)
class ProofNode:
    """One node: fixings (witness, column, value), then a closing witness or a branching."""

    fixes: list[tuple[int, int, int]] = field(default_factory=list)
    witness: int = -1
    column: int = -1
    zero: int = -1
    one: int = -1


@dataclass(slots=True)
class ProofLog:
    """The tree so far; node 0 is the root. Chapters and witnesses are shared by all stages of a solve."""

    chapters: list[Chapter] = field(default_factory=list)
    witnesses: list[tuple[int, Multipliers]] = field(default_factory=list)  # (chapter, multipliers)
    nodes: list[ProofNode] = field(default_factory=lambda: [ProofNode()])

    def open_chapter(self, chapter: Chapter) -> int:
        """Add a chapter and return its number."""
        self.chapters.append(chapter)
        return len(self.chapters) - 1

    def witness(self, chapter: int, multipliers: Multipliers) -> int:
        """Keep multipliers and return their number."""
        self.witnesses.append((chapter, multipliers))
        return len(self.witnesses) - 1

    def branch(self, node: int, column: int) -> tuple[int, int]:
        """Split a node on a column; return the children with y = 0 and y = 1."""
        self.nodes += [ProofNode(), ProofNode()]
        zero, one = len(self.nodes) - 2, len(self.nodes) - 1
        record = self.nodes[node]
        record.column, record.zero, record.one = column, zero, one
        return zero, one


@dataclass(frozen=True, slots=True)
class OpenNode:
    """A node that is not closed yet, and its box."""

    number: int
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]


def inherited(before: ProofLog, system: System, targets: Targets) -> tuple[ProofLog, list[OpenNode]]:
    """
    Take over the tree of the stage before: what its witnesses still prove stays closed.

    The stage before is locked now, so a leaf whose miss it bounded above the lock holds no plan
    of this stage either. Fixings and leaves that no longer hold are dropped; the nodes left open are returned.
    """
    log = ProofLog(before.chapters, before.witnesses, [replace(node, fixes=list(node.fixes)) for node in before.nodes])
    opened: list[OpenNode] = []
    stack = [OpenNode(0, system.core.lower.copy(), system.core.upper.copy())]
    while stack:
        at = stack.pop()
        node = log.nodes[at.number]
        node.fixes = _still_fixed(log, system, targets, at)
        if node.column < 0:
            if node.witness >= 0:
                verdict = _judged(log, system, targets, node.witness, (at.lower, at.upper))
                if verdict is not None and verdict.closes:
                    continue
            node.witness = -1
            opened.append(at)
            continue
        for child, side in ((node.zero, 0), (node.one, 1)):
            lower, upper = at.lower.copy(), at.upper.copy()
            lower[node.column] = upper[node.column] = side
            stack.append(OpenNode(child, lower, upper))
    return log, opened


def _still_fixed(log: ProofLog, system: System, targets: Targets, at: OpenNode) -> list[tuple[int, int, int]]:
    kept = []
    verdicts: dict[int, Verdict | None] = {}
    for witness, column, value in log.nodes[at.number].fixes:
        if witness not in verdicts:
            verdicts[witness] = _judged(log, system, targets, witness, (at.lower.copy(), at.upper.copy()))
        verdict = verdicts[witness]
        if verdict is not None and verdict.rules_out(column, 1 - value):
            kept.append((witness, column, value))
            at.lower[column] = at.upper[column] = value
    return kept


def _judged(
    log: ProofLog,
    system: System,
    targets: Targets,
    witness: int,
    box: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Verdict | None:
    """
    What a witness proves now; None for one of a linear goal, which is not this stage's.

    A chapter merged its rows under its own bounds: outside them, as where a fixing was dropped, its cuts and
    constants say nothing.
    """
    number, multipliers = log.witnesses[witness]
    chapter = log.chapters[number]
    lower, upper = box
    if multipliers.linear or (lower < chapter.core.lower).any() or (upper > chapter.core.upper).any():
        return None
    return judge(replace(system, core=chapter.core), chapter.pool, multipliers, targets, box)
