"""
The compact model: the statement of record of one stage, written with PuLP.

    min  goal
    miss(r):   z(r) + Σ_{j in S(r)} y(j) >= 1          0 <= z <= 1, y binary
    rules:     Σ a(i,j) y(j) <= b(i), = or >=: see `compact_rules`, a function for each kind
    cap(g):    K(g) + Σ_r w(r,g) z(r) <= allowed(g)
    worst(g):  K(g) + Σ_r w(r,g) z(r) <= total(g) · share

It is what the large path (`search`) is compared with, and what the golden .lp files
keep. PuLP builds row by row, which takes as long as a solve: not for large problems.

References: Church & ReVelle (1974) for covering; Cornuéjols, Nemhauser & Wolsey
(1980) and García, Labbé & Marín (2011) for distance layers.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

from optimization import pulp_shim
from optimization.compact_rules import add_rules
from optimization.merging import Core, merged
from optimization.problem import Problem, Stage
from optimization.stages import Locks, floor_caps, goal_of, locked
from optimization.system import System, Value, goal_value, system_of


@dataclass(frozen=True, slots=True)
class Compact:
    """A written model, and its variables: y by column, z by merged row, the worst share of miss."""

    model: Any
    y: list[Any]
    z: dict[int, Any]
    share: Any  # None unless the goal is a worst share


def compact_model(system: System, *, name: str = "siting") -> Compact:
    """Write one stage as a PuLP model over the merged rows."""
    model = pulp.LpProblem(name, pulp.LpMinimize)
    core, goal = _rows_of(system), system.goal
    y = [
        model.add_variable(f"y_{j}", int(core.lower[j]), int(core.upper[j]), pulp.LpInteger)
        for j in range(core.lower.size)
    ]
    weighed = sorted({*system.caps, *goal.measures})
    used = np.flatnonzero(core.weights[:, weighed].any(axis=1)).tolist() if weighed else []
    z = {row: model.add_variable(f"z_{row}", 0, 1) for row in used}
    share = model.add_variable("share", 0, 1) if goal.kind == "worst" else None
    compact = Compact(model, y, z, share)
    model += _objective(system, compact)
    add_misses(system, compact)
    add_rules(model, y, system.rules)
    add_caps(system, compact)
    if share is not None:
        add_worst(system, compact)
    return compact


def _rows_of(system: System) -> Core:
    assert isinstance(system.core, Core)
    return system.core


def _objective(system: System, compact: Compact) -> Any:
    goal = system.goal
    if goal.kind == "miss":
        return miss_of(system, compact, goal.measures[0])
    if goal.kind == "worst":
        return 1 * compact.share
    return pulp.lpSum(int(goal.coefficients[j]) * compact.y[j] for j in np.flatnonzero(goal.coefficients).tolist())


def miss_of(system: System, compact: Compact, measure: int) -> Any:
    """K(g) + Σ_r w(r,g) z(r): the miss of one measure, in quanta."""
    weights = _rows_of(system).weights[:, measure]
    terms = [int(weights[row]) * compact.z[row] for row in np.flatnonzero(weights).tolist()]
    return pulp.lpSum(terms) + int(system.core.constant[measure])


def add_misses(system: System, compact: Compact) -> None:
    """z(r) + Σ_{j in S(r)} y(j) >= 1: a row is missed unless one of its columns is open (Church & ReVelle 1974)."""
    model = compact.model
    sets = _rows_of(system).sets
    for row, variable in compact.z.items():
        columns = sets.indices[sets.indptr[row] : sets.indptr[row + 1]].tolist()
        model += variable + pulp.lpSum(compact.y[j] for j in columns) >= 1, f"miss_{row}"


def add_caps(system: System, compact: Compact) -> None:
    """
    K(g) + Σ_r w(r,g) z(r) <= allowed(g): floors, and the locks of earlier stages.

    The ε-constraint method (Haimes, Lasdon & Wismer 1971), lexicographic with a tolerated loss.
    """
    model = compact.model
    for measure, allowed in sorted(system.caps.items()):
        model += miss_of(system, compact, measure) <= int(allowed), f"cap_{measure}"


def add_worst(system: System, compact: Compact) -> None:
    """K(g) + Σ_r w(r,g) z(r) <= total(g) · share: the worst share of miss, made least (Marsh & Schilling 1994)."""
    model = compact.model
    for measure in system.goal.measures:
        left = miss_of(system, compact, measure)
        model += left <= system.totals[measure] * compact.share, f"worst_{measure}"


def write_lp(problem: Problem, stage: Stage, path: Path) -> None:
    """Write a stage of a problem, floors included and locks not, as an .lp file."""
    core = merged(problem)
    goal = goal_of(problem, stage)
    system = system_of(problem, core, rules=problem.rules, caps=floor_caps(problem), goal=goal)
    compact_model(system).model.writeLP(str(path))


@dataclass(frozen=True, slots=True)
class CompactAnswer:
    """What plain HiGHS says of all stages: exact values recounted from y, and whether it calls every stage optimal."""

    word: str
    chosen: NDArray[np.bool_]
    values: tuple[Value, ...]


def solve_compact(problem: Problem, *, time_limit: float | None = None, solver: str = "HiGHS") -> CompactAnswer:
    """
    Solve all stages by the compact model; ``word`` is "optimal", "infeasible" or "stopped".

    For comparison only: it returns no certificate, and the worst stage is exact only as far as the
    solver's tolerances (1e-9 of a share) go. `solver` is "HiGHS" or "CBC".
    """
    deadline = math.inf if time_limit is None else time.monotonic() + time_limit
    core = merged(problem)
    locks = Locks(floor_caps(problem), ())
    chosen = np.zeros(problem.columns.place.size, dtype=bool)
    values: list[Value] = []
    for stage in problem.stages:
        goal = goal_of(problem, stage)
        system = system_of(problem, core, rules=problem.rules + locks.rules, caps=locks.caps, goal=goal)
        compact = compact_model(system)
        left = None if math.isinf(deadline) else max(0.1, deadline - time.monotonic())
        gap = 0.0 if goal.kind == "worst" else pulp_shim.GAP
        word = pulp_shim.solve(compact.model, solver=solver, seconds=left, gap=gap)
        if word != "optimal":
            return CompactAnswer(word, chosen, tuple(values))
        # a column that no row and no goal names is never handed to the solver, and stays at its lower bound
        values_of = [variable.lowBound if variable.varValue is None else variable.varValue for variable in compact.y]
        chosen = np.array([value > 0.5 for value in values_of])
        value = goal_value(goal, core.missed(chosen), system.totals, chosen)
        values.append(value)
        locks = locked(problem, stage, value, locks)
    return CompactAnswer("optimal", chosen, tuple(values))
