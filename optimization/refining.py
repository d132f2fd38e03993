"""Costs in a finer unit once a plan is known: what alone costs more than it is in no better one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from optimization.median_data import within
from optimization.plain_solution import PlainSolution

Solved = Callable[[NDArray[np.float64]], tuple[PlainSolution, bool]]


def refined(
    solved: Solved, cost: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[PlainSolution, float | None]:
    """
    Solve, and solve again without the costs that no better plan has, while that may prove more.

    Parameters
    ----------
    solved
        Answers a matrix of costs, and says whether a finer unit of them might prove more.
    cost, weights
        (customers, sites), (customers,).

    Returns
    -------
    answer, ceiling
        The last answer with a plan, and the weighted cost above which its costs were left out; None: none were.
    """
    answer, again = solved(cost)
    ceiling = None
    while again:
        nearer = within(cost, weights, answer.value)
        if np.isfinite(nearer).sum() == np.isfinite(cost).sum():
            break
        found, again = solved(nearer)
        if not found.chosen:
            break
        cost, ceiling, answer = nearer, answer.value, found
    return answer, ceiling
