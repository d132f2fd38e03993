"""
Weak duality in whole numbers: what a set of multipliers proves about a box of y.

With λ >= 0 on cuts (at most γ(g) in each block of measure g), γ >= 0 on misses and β
of its row's sign on rules, every plan in the box that meets `Targets` has

    Σ λ a0 + β·b + Σ_g γ(g) (K(g) − allowed(g)) − γ0·linear
        + Σ_j min over the box of (γ0 c(j) − Σ λ a(j) − (Aᵀβ)(j)) y(j)   <=  0

so a positive left side proves that the box holds no such plan. All of it is done
in Python integers; floats only propose the multipliers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optimization.cut_pool import CutPool
from optimization.cuts import Layout
from optimization.master import LpAnswer, Master
from optimization.system import System, Targets, Value

BITS = 40  # multipliers are rounded to this many binary places


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Whole multipliers: cut -> λ, rule -> β, measure -> γ, and γ0 of a linear goal."""

    cuts: Mapping[int, int]
    rules: Mapping[int, int]
    misses: Mapping[int, int]
    linear: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The left side (`excess`) over a box, and the reduced cost of each column in it."""

    excess: int
    reduced: NDArray[np.object_]  # (J,) Python integers

    @property
    def closes(self) -> bool:
        """True when the box holds no plan that meets the targets."""
        return self.excess > 0

    def rules_out(self, column: int, value: int) -> bool:
        """True when no plan with y(column) = value, a column free in the box, meets the targets."""
        cost = self.reduced[column]
        return bool(self.excess + (max(cost, 0) if value else -min(cost, 0)) > 0)


def multipliers_from(master: Master, answer: LpAnswer, *, sign: int = 1) -> Multipliers:
    """Round an LP's duals, or its Farkas ray times `sign`, to whole multipliers that obey their signs."""
    system, layout, pool = master.system, master.layout, master.pool
    linear_scale = master.goal_scale if system.goal.kind == "linear" else 1.0
    largest = max([master.scale_for(measure) for measure in layout.measures] + [linear_scale])
    unit = float(2**BITS) * largest
    duals = answer.duals * sign
    count = len(system.rows.low)
    rules = _rule_multipliers(system, duals[:count], unit)
    cuts: dict[int, int] = {}
    for cut, dual in zip(answer.cuts, duals[master.fixed_rows :].tolist(), strict=True):
        measure = int(layout.block_measure[pool.block[cut]])
        weight = round(dual * (unit / master.scale_for(measure)))
        if weight > 0:
            cuts[cut] = cuts.get(cut, 0) + weight
    misses = {}
    for measure, dual in zip(master.cap_measures, duals[count : master.fixed_rows].tolist(), strict=True):
        misses[measure] = max(0, round(-dual * (unit / master.scale_for(measure))))
    goal = system.goal
    linear = round(unit / linear_scale) if answer.feasible and goal.kind == "linear" else 0
    if answer.feasible and goal.kind == "miss":
        measure = goal.measures[0]
        misses[measure] = misses.get(measure, 0) + round(unit / master.scale_for(measure))
    return Multipliers(*_within_blocks(layout, pool, cuts, misses, rules), linear)


def _rule_multipliers(system: System, duals: NDArray[np.float64], unit: float) -> dict[int, int]:
    rules = {}
    for row in np.flatnonzero(duals).tolist():
        weight = round(float(duals[row]) * unit)
        side = system.rows.low[row] if weight > 0 else system.rows.high[row]
        if weight and side is not None:
            rules[row] = weight
    return rules


def _within_blocks(
    layout: Layout, pool: CutPool, cuts: dict[int, int], misses: dict[int, int], rules: dict[int, int]
) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Trim each block's Σ λ to its measure's γ; the trimming is rounding dust."""
    sums: dict[int, int] = {}
    heaviest: dict[int, int] = {}
    for cut, weight in cuts.items():
        block = pool.block[cut]
        sums[block] = sums.get(block, 0) + weight
        if weight > cuts.get(heaviest.get(block, -1), 0):
            heaviest[block] = cut
    for block, total in sums.items():
        over = total - misses.get(int(layout.block_measure[block]), 0)
        if over <= 0:
            continue
        for cut in [heaviest[block], *(c for c in cuts if pool.block[c] == block)]:
            taken = min(over, cuts[cut])
            cuts[cut] -= taken
            over -= taken
    return {cut: weight for cut, weight in cuts.items() if weight > 0}, rules, misses


def combined(weights: list[int], matrix: NDArray[np.int64]) -> NDArray[np.object_]:
    """Σ weights · matrix rows, exact, by limbs that cannot overflow int64."""
    width = matrix.shape[1]
    result = np.zeros(width, dtype=object)
    if not weights:
        return result
    largest = max(1, int(np.abs(matrix).max()))
    room = 62 - largest.bit_length() - len(weights).bit_length()
    if room < 8:
        for weight, row in zip(weights, matrix, strict=True):
            result += weight * row.astype(object)
        return result
    rest = [abs(weight) for weight in weights]
    signs = np.array([1 if weight >= 0 else -1 for weight in weights], dtype=np.int64)
    shift, mask = 0, (1 << room) - 1
    while any(rest):
        limb = np.array([value & mask for value in rest], dtype=np.int64) * signs
        result += (limb @ matrix).astype(object) * (1 << shift)
        rest = [value >> room for value in rest]
        shift += room
    return result


def judge(
    system: System,
    pool: CutPool,
    multipliers: Multipliers,
    targets: Targets,
    box: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Verdict:
    """Work out what `multipliers` prove about a box against `targets`; cuts and K are those of `system`'s rows."""
    lower, upper = box
    cuts = list(multipliers.cuts)
    rows = list(multipliers.rules)
    columns = lower.size
    slopes = np.stack([pool.slope[cut] for cut in cuts]) if cuts else np.zeros((0, columns), np.int64)
    ruled = system.rows.matrix[rows].toarray() if rows else np.zeros((0, columns), np.int64)
    reduced = -combined(list(multipliers.cuts.values()), slopes)
    reduced -= combined(list(multipliers.rules.values()), ruled)
    if multipliers.linear:
        reduced = reduced + multipliers.linear * system.goal.coefficients.astype(object)
    excess = sum(weight * pool.constant[cut] for cut, weight in multipliers.cuts.items())
    for row, weight in multipliers.rules.items():
        side = system.rows.low[row] if weight > 0 else system.rows.high[row]
        excess += weight * (side if side is not None else 0)
    for measure, weight in multipliers.misses.items():
        excess += weight * (int(system.core.constant[measure]) - targets.allowed[measure])
    excess -= multipliers.linear * targets.linear
    open_now, free = lower == 1, (lower == 0) & (upper == 1)
    excess += int(sum(reduced[open_now])) + int(sum(value for value in reduced[free] if value < 0))
    return Verdict(int(excess), reduced)


def bound_from(system: System, multipliers: Multipliers, targets: Targets, excess: int) -> Value | None:
    """
    Return the least value of the goal that the multipliers leave possible in the box; None if they say nothing.

    A miss or a linear sum is rounded up to a whole number.
    """
    goal = system.goal
    if goal.kind == "linear":
        if multipliers.linear <= 0:
            return None
        return -(-(excess + multipliers.linear * targets.linear) // multipliers.linear)
    weight = {measure: multipliers.misses.get(measure, 0) for measure in goal.measures}
    rest = excess + sum(value * targets.allowed[measure] for measure, value in weight.items())
    if goal.kind == "miss":
        own = weight[goal.measures[0]]
        return -(-rest // own) if own > 0 else None
    stretched = sum(value * system.totals[measure] for measure, value in weight.items())
    return Fraction(rest, stretched) if stretched > 0 else None
