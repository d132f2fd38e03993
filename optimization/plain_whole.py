"""Weights and costs of the plain coverings in whole quanta, and what rounding may hide from a bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.quanta import multiples_of


@dataclass(frozen=True, slots=True)
class CoverWeights:
    """
    Weights in whole quanta; what every plan covers, and what none does, is left out where they must be rounded.

    Attributes
    ----------
    sure
        Weight that every plan covers, where it was left out.
    hidden
        The most that rounding can take from a plan.
    """

    whole: NDArray[np.int64]
    quantum: float
    sure: float = 0.0
    hidden: float = 0.0

    @classmethod
    def of(cls, given: NDArray[np.float64], matrix: sparse.csr_array, lower: NDArray[np.int64]) -> CoverWeights:
        """Put (customers,) weights into whole numbers."""
        whole, quantum, exact = multiples_of(given, room=_room(given))
        if exact:
            return cls(whole, quantum)
        settled = np.asarray(matrix @ lower) > 0
        open_still = np.where(settled | (np.diff(matrix.indptr) == 0), 0.0, given)
        whole, quantum, exact = multiples_of(open_still, room=_room(open_still))
        hidden = 0.0 if exact else float(np.maximum(open_still - whole * quantum, 0.0).sum())
        return cls(whole, quantum, float(given[settled].sum()), hidden)

    def most(self, missed: float) -> float:
        """Return what is covered at most where every plan misses so much of the whole weights; NaN: not known."""
        covered = float(self.whole.sum()) - np.rint(missed / self.quantum)  # whole numbers: no digit is lost
        return self.sure + float(covered) * self.quantum + self.hidden


def _room(values: NDArray[np.float64]) -> float:
    """Return the largest multiple for the greatest value, so that all together stay below 2^49 quanta."""
    total = float(values.sum())
    return 2.0**49 * (float(values.max(initial=0.0)) / total if total > 0 else 1.0)


@dataclass(frozen=True, slots=True)
class SiteCosts:
    """
    Costs of sites in whole quanta; those of fixed sites are left out.

    Attributes
    ----------
    sure
        Cost of the fixed sites.
    hidden
        The most that rounding can add to a plan no dearer than one that is known.
    """

    whole: NDArray[np.int64]
    quantum: float
    sure: float
    hidden: float

    @classmethod
    def of(cls, given: NDArray[np.float64], lower: NDArray[np.int64], start: NDArray[np.bool_]) -> SiteCosts:
        """Put (sites,) costs into whole numbers. A site dearer than all of the plan `start` is in no better one."""
        fixed = lower == 1
        known = float(given[start & ~fixed].sum())
        limit = float(f"{2.0 * known:.12g}") if known > 0 else float(given.max(initial=0.0))
        asked = np.where(fixed, 0.0, np.minimum(given, limit))
        whole, quantum, exact = multiples_of(asked, room=min(2.0**40, _room(asked)))
        over = np.where(asked <= known, whole * quantum - asked, 0.0)
        hidden = 0.0 if exact else float(np.maximum(over, 0.0).sum())
        return cls(whole, quantum, float(given[fixed].sum()), hidden)

    def least(self, whole: float) -> float:
        """Return what a plan costs at least where none costs less than so many quanta; NaN: not known."""
        return self.sure + float(np.maximum(0.0, whole * self.quantum - self.hidden))
