"""
Urban or rural, by a stated rule over cells of about one kilometre.

The two-class reading of the Degree of Urbanisation (Eurostat & FAO & ILO & OECD &
UN-Habitat & World Bank 2021, Applying the Degree of Urbanisation): a cell is urban if it
belongs to a cluster of neighbouring cells (sharing a side or a corner), each with at least
300 people a square kilometre, that holds at least 5,000 people together. Cities and towns
are urban, everything else is rural. Both figures can be set; a map of settlements, where
one is given, takes the place of the rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELL_M = 1_000.0


@dataclass(frozen=True, slots=True)
class SettlementRule:
    """Least density of a cell (people a square kilometre) and least people of a cluster; both inclusive."""

    density_per_km2: float = 300.0
    cluster_people: float = 5_000.0


def urban_cells(
    people: NDArray[np.float64], area_km2: NDArray[np.float64], *, density_per_km2: float, cluster_people: float
) -> NDArray[np.bool_]:
    """
    Return which cells are urban.

    Parameters
    ----------
    people
        (h, w) persons a cell.
    area_km2
        (h, 1) or (h, w) true areas.
    """
    from scipy import ndimage

    dense = (people >= density_per_km2 * area_km2) & (people > 0)
    cluster, count = ndimage.label(dense, structure=np.ones((3, 3), dtype=np.int8))
    held = np.bincount(cluster.ravel(), people.ravel(), minlength=count + 1)
    large = held >= cluster_people - 1e-6  # sums of fractions fall short of whole persons by rounding
    large[0] = False
    return np.asarray(large[cluster], dtype=bool)
