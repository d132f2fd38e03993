"""What one model of a search knows that helps the next: row multipliers and a point, mapped to other merged rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimization.cuts import Layout
from optimization.merging import Core


@dataclass(frozen=True, slots=True)
class Guide:
    """
    Row multipliers over one merging of a problem's rows; floats that propose, nothing is proven by them.

    Attributes
    ----------
    core
        The merged rows.
    shares
        For each measure (R,), how much of a row's weight its cuts hold, 0 to 1.
    mean
        (J,) a point near the best of the relaxation.
    """

    core: Core
    shares: Mapping[int, NDArray[np.float64]]
    mean: NDArray[np.float64]

    def over(self, core: Core, measure: int) -> NDArray[np.float64]:
        """(R,) the multipliers of a measure over the rows of another merging of the same problem."""
        share = np.zeros(core.sets.shape[0])
        if measure in self.shares:
            both = (core.group >= 0) & (self.core.group >= 0)
            share[core.group[both]] = self.shares[measure][self.core.group[both]]
        return share

    def stacked(self, core: Core, layout: Layout) -> NDArray[np.float64]:
        """(T,) the multipliers of the rows of a layout."""
        share = np.zeros(layout.rows.size)
        owner = layout.block_measure[layout.block]
        for measure in layout.measures:
            mine = owner == measure
            share[mine] = self.over(core, measure)[layout.rows[mine]]
        return share


def guide_from(
    core: Core, layout: Layout, weights: Mapping[int, NDArray[np.float64]], mean: NDArray[np.float64]
) -> Guide:
    """
    Read row multipliers off an LP: `weights` are, for each block, the sum of its duals over its rows (any scale).

    Each measure is scaled so that its largest is 1.
    """
    share = np.zeros(layout.rows.size)
    for block, total in weights.items():
        share[layout.start[block] : layout.start[block + 1]] = total
    owner = layout.block_measure[layout.block]
    shares = {}
    for measure in layout.measures:
        mine = owner == measure
        full = np.zeros(core.sets.shape[0])
        full[layout.rows[mine]] = share[mine]
        shares[measure] = np.minimum(1.0, full / max(1e-12, float(full.max(initial=0.0))))
    return Guide(core, shares, mean)
