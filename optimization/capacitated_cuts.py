"""
What a choice serves under capacities, and the cut that says so of every other choice.

Served demand is a maximum flow: source → row (its demand) → column within reach (the lesser of demand and
capacity, if open) → sink (the capacity, if open). By duality every set X of rows gives

    served <= Σ_{r not in X} demand(r) + Σ_j y(j) min(capacity(j), Σ_{r in X, j in S(r)} min(demand(r), capacity(j)))

for all y, and a minimum cut gives the X for which it is tight at the y in question.

References
----------
Benders, J. F. (1962). Partitioning procedures for solving mixed-variables programming problems.
    Numerische Mathematik 4, 238-252.
Ford, L. R. & Fulkerson, D. R. (1956). Maximal flow through a network. Canadian Journal of Mathematics 8, 399-404.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST = 2**31 - 2  # what scipy's maximum flow counts in
FINEST = 1000  # a fractional y is cut to this share of a unit of demand, where it fits


@dataclass(frozen=True, slots=True)
class Cut:
    """served <= `constant` + `slope` · y, in whole demand, for every y."""

    constant: int
    slope: Ints


@dataclass(frozen=True, slots=True)
class Block:
    """
    Merged rows that are served together, for instance those of one year.

    Attributes
    ----------
    demand
        (G,) whole demand of each merged row, above 0.
    capacity
        (J,) whole, at most all demand of the block.
    row, column, most
        (p,) the pairs within reach, and the lesser of demand and capacity.
    """

    demand: Ints
    capacity: Ints
    row: Ints
    column: Ints
    most: Ints

    @property
    def total(self) -> int:
        """All demand that some permitted column reaches."""
        return int(self.demand.sum())

    def served(self, chosen: NDArray[np.bool_]) -> int:
        """Count, exactly, the most demand that the chosen columns serve together."""
        return int(self._flow(chosen.astype(np.float64), 1)[0])

    def cut_at(self, y: Floats) -> Cut:
        """Return the cut that bounds what a (fractional) y serves; valid for every y, tight here up to rounding."""
        _, source_side = self._flow(y, max(1, min(FINEST, MOST // max(1, self.total))))
        inside = source_side[: self.demand.size]
        counted = inside[self.row]
        slope = np.zeros(self.capacity.size, dtype=np.int64)
        np.add.at(slope, self.column[counted], self.most[counted])
        return Cut(int(self.demand[~inside].sum()), np.minimum(slope, self.capacity))

    def _flow(self, y: Floats, scale: int) -> tuple[int, NDArray[np.bool_]]:
        """Return a maximum flow in 1/scale units, and which rows and columns lie on the source's side of its cut."""
        rows, columns = self.demand.size, self.capacity.size
        if not rows:
            return 0, np.zeros(columns, dtype=bool)
        source, sink = rows + columns, rows + columns + 1
        used = np.unique(self.column)
        start = np.concatenate([np.full(rows, source), self.row, rows + used])
        end = np.concatenate([np.arange(rows), rows + self.column, np.full(used.size, sink)])
        open_ = np.floor(np.concatenate([self.most * y[self.column], self.capacity[used] * y[used]]) * scale + 1e-6)
        room = np.concatenate([self.demand * scale, open_.astype(np.int64)])
        some = room > 0
        graph = sparse.csr_matrix((room[some].astype(np.int32), (start[some], end[some])), shape=(sink + 1, sink + 1))
        found = maximum_flow(graph, source, sink)
        left = sparse.csr_matrix(graph - found.flow)
        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        side = np.zeros(sink + 1, dtype=bool)
        side[breadth_first_order(left, source, return_predecessors=False)] = True
        return int(found.flow_value), side[:source]


def block_of(sets: sparse.csr_array, demand: Ints, capacity: Ints, upper: Ints) -> Block:
    """Merge rows of equal sets of permitted columns, adding their demand; rows of none, or without demand, leave."""
    allowed = sparse.csr_array(sets.multiply(upper[None, :] > 0))
    allowed.eliminate_zeros()
    allowed.sort_indices()
    found: dict[bytes, int] = {}
    kept: list[int] = []
    weight: list[int] = []
    for row in np.flatnonzero((np.diff(allowed.indptr) > 0) & (demand > 0)).tolist():
        key = allowed.indices[allowed.indptr[row] : allowed.indptr[row + 1]].tobytes()
        at = found.setdefault(key, len(kept))
        if at == len(kept):
            kept.append(row)
            weight.append(0)
        weight[at] += int(demand[row])
    merged, summed = allowed[kept].tocoo(), np.array(weight, dtype=np.int64)
    room = np.minimum(capacity, summed.sum())
    row, column = merged.row.astype(np.int64), merged.col.astype(np.int64)
    return Block(summed, room, row, column, np.minimum(summed[row], room[column]))
