"""
What PuLP 3.3 and PuLP 4 do not share, in one place: solving, and the word for how it ended.

PuLP 3's HiGHS wrapper says "optimal" at a time limit, so the solver's own status is read.
A relative gap of zero and an absolute gap below one quantum are asked for (none where the goal is a
share, which has no quantum): HiGHS's default relative gap of 1e-4 is no proof. "infeasible" is
believed only after a second solve without presolve.
"""

from __future__ import annotations

import warnings
from typing import Any

import pulp

from optimization.highs import quiet_highs

GAP = 0.5  # quanta


def solve(model: Any, *, solver: str = "HiGHS", seconds: float | None = None, gap: float = GAP) -> str:
    """
    Solve a PuLP model; return "optimal", "infeasible" or "stopped". Values are in `variable.varValue`.

    `gap` is the absolute one, in the objective's own numbers.
    """
    if solver == "CBC":
        return _cbc(model, seconds, gap)
    word = _highs(model, seconds, gap, presolve="on")
    return _highs(model, seconds, gap, presolve="off") if word == "infeasible" else word


def _highs(model: Any, seconds: float | None, gap: float, *, presolve: str) -> str:
    quiet_highs()  # so that the banner of the process's first instance is not PuLP's to print
    options: dict[str, Any] = {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9}
    used = pulp.HiGHS(msg=False, gapRel=0.0, gapAbs=gap, threads=1, timeLimit=seconds, presolve=presolve, **options)
    model.solve(used)
    status = str(model.solverModel.getModelStatus()).rpartition(".")[2]
    if status == "kOptimal":
        return "optimal"
    return "infeasible" if status in {"kInfeasible", "kUnboundedOrInfeasible"} else "stopped"


def _cbc(model: Any, seconds: float | None, gap: float) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PuLP 3 bundles CBC under the name PuLP 4 drops
        kind = getattr(pulp, "PULP_CBC_CMD", None) or pulp.COIN_CMD
        used = kind(msg=False, gapRel=0.0, gapAbs=gap, timeLimit=seconds)
    answer = model.solve(used)
    word = str(pulp.LpStatus[answer]) if isinstance(answer, int) else str(answer.status)
    if "Infeasible" in word:
        return "infeasible"
    return "optimal" if "Optimal" in word else "stopped"


def has_cbc() -> bool:
    """Tell whether a CBC can be run: bundled with PuLP 3, installed beside PuLP 4."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        kind = getattr(pulp, "PULP_CBC_CMD", None) or pulp.COIN_CMD
        return bool(kind(msg=False).available())
