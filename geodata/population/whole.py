"""Whole persons out of fractions, by largest remainder, group by group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput


def whole_persons(
    weights: NDArray[np.float64], group: NDArray[np.int64], totals: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Split whole totals over the members of each group in proportion to their weights.

    Parameters
    ----------
    weights
        (n,) finite, >= 0.
    group
        (n,) 0 .. G - 1.
    totals
        (G,) persons, >= 0.

    Returns
    -------
    persons
        (n,) whole; each group sums to its total exactly. Ties of the remainder go to the lower position.

    Raises
    ------
    InvalidInput
        If a group has a total but no weight.

    References
    ----------
    The method of Hamilton (largest remainders); Balinski & Young (1982), Fair Representation.
    """
    mass = np.bincount(group, weights, minlength=totals.size)
    if ((mass == 0) & (totals > 0)).any() or (totals < 0).any() or not np.isfinite(mass).all():
        raise InvalidInput("Cannot split a total over nobody; expected people wherever a total is above 0.")
    share = np.divide(weights, mass[group], out=np.zeros(weights.size), where=mass[group] > 0)
    exact = share * totals[group]
    persons = np.floor(exact).astype(np.int64)
    short = totals - np.bincount(group, persons, minlength=totals.size).astype(np.int64)
    order = np.lexsort((np.arange(weights.size), -(exact - persons), group))
    first = np.searchsorted(group[order], np.arange(totals.size))
    rank = np.arange(weights.size) - first[group[order]]
    # Rounding of the products may leave a group one short of, or one over, what its members hold.
    persons[order] += (rank < short[group[order]]).astype(np.int64)
    for index in np.flatnonzero(short < 0):
        over = order[group[order] == index][::-1]
        persons[over[persons[over] > 0][: -short[index]]] -= 1
    return persons


def rounded_totals(sums: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round sums to whole persons so that they add up to their rounded total."""
    total = np.array([round(float(sums.sum()))], dtype=np.int64)
    return whole_persons(sums, np.zeros(sums.size, dtype=np.int64), total)
