"""
What a search over boxes of y writes down, and its arrays: no objects, no pickle.

    scale        ()      multipliers are multiples of 2^-scale
    multipliers  (U, n)  int64, non-negative
    node         (N, 4)  multipliers that close it (or the best known of an open leaf), column it is split on,
                         child with y = 0, child with y = 1; -1 for none; node 0 is the whole box
    fix          (F, 5)  node, step, multipliers, column, value: the other value is ruled out by the multipliers
                         over the box as it was before the step

and of a cover (`center_cover`) that was reduced first

    rows         (R,)    the only rows that multipliers may price
    dominated    (D, 2)  column that may stay closed, column that reaches all of `rows` that it reaches
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class LoggedNode:
    """Fixings (step, multipliers, column, value), then closing multipliers or a split."""

    fixes: list[tuple[int, int, int, int]] = field(default_factory=list)
    multipliers: int = -1
    column: int = -1
    zero: int = -1
    one: int = -1


@dataclass(slots=True)
class BoxLog:
    """The tree so far."""

    multipliers: list[NDArray[np.int64]] = field(default_factory=list)
    nodes: list[LoggedNode] = field(default_factory=lambda: [LoggedNode()])
    steps: int = 0

    def keep(self, u: NDArray[np.int64]) -> int:
        """Keep multipliers and return their number."""
        self.multipliers.append(u)
        return len(self.multipliers) - 1

    def fix(self, node: int, multipliers: int, found: list[tuple[int, int]]) -> None:
        """Write down one step of fixings (column, value)."""
        self.steps += 1
        self.nodes[node].fixes += [(self.steps, multipliers, column, value) for column, value in found]

    def split(self, node: int, column: int) -> tuple[int, int]:
        """Split a node on a column; return the children with y = 0 and y = 1."""
        self.nodes += [LoggedNode(), LoggedNode()]
        record = self.nodes[node]
        record.column, record.zero, record.one = column, len(self.nodes) - 2, len(self.nodes) - 1
        return record.zero, record.one

    def arrays(self, scale: int, customers: int) -> dict[str, NDArray[Any]]:
        """Return the certificate; multipliers that nothing refers to are left out."""
        used = {node.multipliers for node in self.nodes} | {fix[1] for node in self.nodes for fix in node.fixes}
        kept = sorted(used - {-1})
        number = {each: at for at, each in enumerate(kept)} | {-1: -1}
        nodes = [(number[n.multipliers], n.column, n.zero, n.one) for n in self.nodes]
        fixes = [
            (at, step, number[multipliers], column, value)
            for at, node in enumerate(self.nodes)
            for step, multipliers, column, value in node.fixes
        ]
        rows = np.array([self.multipliers[each] for each in kept], dtype=np.int64).reshape(len(kept), customers)
        return {
            "scale": np.array(scale, dtype=np.int64),
            "multipliers": rows,
            "node": np.array(nodes, dtype=np.int32).reshape(-1, 4),
            "fix": np.array(fixes, dtype=np.int64).reshape(-1, 5),
        }
