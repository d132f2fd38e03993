"""Who has it worst: the few percent of people with the longest journeys, the unreachable first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.equity.arrays import Minutes, People, checked


def worst_served(minutes: Minutes, people: People, *, share: float = 0.05) -> NDArray[np.bool_]:
    """
    Mark the entries of the worst-served `share` of people.

    They are all who travel as long as the last of that share, or longer; those with no route
    travel longest. So equal journeys are never told apart, and at least `share` of the people are
    marked, while those who travel strictly longer than the shortest marked journey are fewer.

    Parameters
    ----------
    minutes, people
        (n,) each, as at the top of the package.
    share
        Above 0 and at most 1.

    Returns
    -------
    marked
        (n,) True for the worst served; never where there are no people.

    Raises
    ------
    InvalidInput
        If `share` is out of range.
    """
    if not 0.0 < share <= 1.0:
        raise InvalidInput("The worst-served share is {share}; expected above 0 and at most 1.", share=float(share))
    times, weights = checked(minutes, people)
    if not weights.sum() > 0:
        return np.zeros(times.size, dtype=bool)
    order = np.argsort(-times, kind="stable")
    enough = share * weights.sum() * (1.0 - 1e-12)  # a share written in binary is a hair off
    last = int(np.searchsorted(np.cumsum(weights[order]), enough, side="left"))
    threshold = times[order][min(last, times.size - 1)]
    return np.asarray((times >= threshold) & (weights > 0))
