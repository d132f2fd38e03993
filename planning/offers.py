"""
Which places can serve a demand: not every kind offers every service, and some services are bound to a governorate.

Residents within the standard are within it of any place; it is visits that tell kinds apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What a place must be to serve some demand.

    Attributes
    ----------
    kinds
        Ids of the kinds of place that offer it; None: every kind.
    bound
        True where only a place in the governorate of the demand will do.
    """

    kinds: frozenset[str] | None = None
    bound: bool = False

    @property
    def order(self) -> tuple[bool, tuple[str, ...]]:
        """Sorts offers, the same way in every run."""
        return self.bound, () if self.kinds is None else ("", *sorted(self.kinds))


ANY_PLACE = Offer()


@dataclass(frozen=True, slots=True)
class Part:
    """The (T, n) visits a year, by year and demand point, that the same places can serve."""

    offer: Offer
    amount: NDArray[np.float64]
