"""
The Lorenz curve of travel: what share of all travel the least-travelling share of people does.

References
----------
Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the
    American Statistical Association 9, 209-219.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.equity.arrays import Floats, Minutes, People, capped, checked


@dataclass(frozen=True, slots=True)
class Lorenz:
    """
    A Lorenz curve, straight between its points.

    Attributes
    ----------
    people
        (k,) share of the people, least travel first; from 0 to 1. Empty for nobody.
    travel
        (k,) share of all travel that they do; from 0 to 1, never above `people`.
    """

    people: Floats
    travel: Floats

    def at(self, share: float) -> float:
        """Return the share of travel done by the least-travelling `share` of people; NaN for nobody."""
        return float(np.interp(share, self.people, self.travel)) if self.people.size else float("nan")

    @property
    def gini(self) -> float:
        """Twice the area between the curve and equality: the Gini coefficient."""
        return 1.0 - 2.0 * float(np.trapezoid(self.travel, self.people)) if self.people.size else float("nan")


def lorenz(minutes: Minutes, people: People, *, cap_minutes: float) -> Lorenz:
    """
    Return the Lorenz curve; longer times and the unreachable count as `cap_minutes`.

    Where nobody travels at all it is the line of equality.
    """
    times, weights = capped(*checked(minutes, people), cap_minutes)
    if not times.size:
        return Lorenz(np.array([]), np.array([]))
    values, member = np.unique(times, return_inverse=True)
    counts = np.bincount(member, weights=weights)
    shares = np.concatenate([[0.0], np.cumsum(counts)])
    travel = np.concatenate([[0.0], np.cumsum(counts * values)])
    shares = shares / shares[-1]
    return Lorenz(shares, travel / travel[-1] if travel[-1] > 0 else shares)
