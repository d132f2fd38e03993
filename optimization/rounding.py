"""
Points and plans by the rules alone: the plan closest to a fractional point, and a point deep inside.

The first solves min Σ (1 − 2 ȳ(j)) y(j) over the rules alone, a small integer programme; it
only proposes, nothing is proven by it.
"""

from __future__ import annotations

import math
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from optimization.highs import add_rules, quiet_highs
from optimization.system import Rows

MOST_NODES = 1000  # of the plan nearest to a point: no clock, so that every run finds the same


def nearest_plan(
    rows: Rows,
    point: NDArray[np.float64],
    *,
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    seconds: float,
    seed: int = 0,
) -> NDArray[np.bool_] | None:
    """Return the (J,) plan within the bounds and rules nearest to `point`; None if none was found in `MOST_NODES`."""
    highs = quiet_highs(threads=1, random_seed=seed, mip_max_nodes=MOST_NODES)
    if math.isfinite(seconds):
        highs.setOptionValue("time_limit", max(0.1, seconds))
    _written(highs, rows, lower, upper)
    every = np.arange(point.size, dtype=np.int32)
    highs.changeColsCost(point.size, every, 1.0 - 2.0 * point)
    highs.changeColsIntegrality(point.size, every, np.full(point.size, highspy.HighsVarType.kInteger))
    highs.run()
    values = np.array(highs.getSolution().col_value)
    if highs.getInfo().primal_solution_status != 2 or values.size != point.size:  # 2: a feasible point is held
        return None
    return values > 0.5


def central_point(rows: Rows, *, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Return a (J,) point deep inside the rules and the box (interior point method, no objective), or None."""
    highs = quiet_highs(solver="ipm", run_crossover="off", presolve="off", threads=1, ipm_iteration_limit=200)
    _written(highs, rows, lower, upper)
    highs.run()
    values = np.array(highs.getSolution().col_value)
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal or values.size != lower.size:
        return None
    centre: NDArray[np.float64] = np.clip(values, lower, upper)
    return centre


def _written(highs: Any, rows: Rows, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> None:
    highs.addVars(lower.size, lower.astype(float), upper.astype(float))
    add_rules(highs, rows)
