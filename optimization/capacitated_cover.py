"""
Capacitated maximal covering: a second, clearly separate formulation.

    max  Σ x(r,j)                              served demand
    Σ_j x(r,j) <= demand(r)                    over the columns j in S(r)
    Σ_r x(r,j) <= capacity(j) y(j)
    x(r,j)     <= min(demand(r), capacity(j)) y(j)
    rules on y,  y binary,  x >= 0

Rows of equal S merge: only how much of a set's demand is served matters. For a given y the x are a
maximum flow, so they leave the model, and a minimum cut says what they leave behind (Benders 1962;
see `capacitated_cuts`): cuts at fractional y first, then at the whole y that HiGHS finds, until none is missing.

Somebody within reach may still not be served, so the weighted miss does not apply and its certificate
does not either: the bound is HiGHS's own over these cuts, and the proof says "solver". What the answer
serves is counted exactly.

References
----------
Current, J. R. & Storbeck, J. E. (1988). Capacitated covering models. Environment and Planning B 15, 153-163.
Pirkul, H. & Schilling, D. A. (1991). The maximal covering location problem with capacities on total
    workload. Management Science 37 (2), 233-248.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import BrokenProof, InvalidInput
from optimization.capacitated_cuts import MOST, Block, Cut, block_of
from optimization.highs import add_rules, quiet_highs, run_heeding
from optimization.limits import Limits, checked_limits
from optimization.problem import Columns, Rule
from optimization.solution import Proof, Status
from optimization.system import Rows, meets_rows, rows_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROOT_ROUNDS = 300
ROUGH = 0.002  # share of the bound left open by the first choice; what is cut there saves time later
_IMPOSSIBLE = {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}


@dataclass(frozen=True, slots=True)
class CapacitatedCover:
    """
    An answer of the capacitated formulation.

    Attributes
    ----------
    status
        As in `Solution`; "infeasible" is HiGHS's word, with no conflict named.
    chosen
        (J,) True where a column is open; all False when there is no plan.
    value, bound
        Demand served, counted exactly, and the most that can be, by HiGHS's bound; NaN: none.
    gap
        bound - value.
    proof
        "solver": HiGHS's bound over the cuts leaves nothing (or no more than the gap asked for); "none".
    rows, cuts
        Merged rows, and cuts that were made.
    """

    status: Status
    chosen: Flags
    value: float
    bound: float
    gap: float
    proof: Proof
    rows: int
    cuts: int
    seconds: float


def capacitated_cover(
    columns: Columns,
    sets: sparse.csr_array,
    demand: Ints,
    capacity: Ints,
    rules: tuple[Rule, ...],
    *,
    time_limit: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    seed: int = 0,
) -> CapacitatedCover:
    """
    Choose columns that serve the most demand within their capacities.

    Parameters
    ----------
    columns
        J decisions with their bounds; a row of one year has columns of that year alone.
    sets
        (R, J) CSR of ones: the columns that may serve row r.
    demand, capacity
        (R,), (J,) whole, >= 0. A capacity above all demand is no limit.
    rules
        Rows on y alone.
    time_limit, gap, threads, seed
        As in `optimization.solve`; a relative gap.

    Raises
    ------
    InvalidInput
        When shapes disagree, entries are negative, demand does not fit 31 bits, or a row mixes years.
    BrokenProof
        When HiGHS's answer breaks a rule, or serves more than it says is possible.
    """
    started = time.monotonic()
    blocks = _blocks(columns, sets, demand, capacity)
    limits = checked_limits(started=started, time_limit=time_limit, gap=gap, threads=threads, seed=seed)
    master = _Master(columns, rows_of(rules, columns.place.size), blocks, limits, threads)
    possible = master.cut_at_the_root()
    return master.answer(started) if possible else master.nothing(started)


class _Master:
    """The choice of y under the cuts made so far; one θ a block says what it may serve."""

    def __init__(self, columns: Columns, rules: Rows, blocks: tuple[Block, ...], limits: Limits, threads: int) -> None:
        self.columns, self.rules, self.blocks, self.limits = columns, rules, blocks, limits
        self.stopped = False
        self.cuts = 0
        self.width = columns.place.size
        self.highs = quiet_highs(threads=threads, random_seed=limits.seed, mip_rel_gap=0.0, mip_abs_gap=0.5)
        most = np.array([float(block.total) for block in blocks])
        count = self.width + most.size
        self.highs.addVars(
            count,
            np.concatenate([columns.lower.astype(np.float64), np.zeros(most.size)]),
            np.concatenate([columns.upper.astype(np.float64), most]),
        )
        cost = np.concatenate([np.zeros(self.width), -np.ones(most.size)])
        self.highs.changeColsCost(count, np.arange(count, dtype=np.int32), cost)
        add_rules(self.highs, rules)

    def cut_at_the_root(self) -> bool:
        """Cut fractional choices, half way to a running mean of them first, until none is cut; False: no choice."""
        mean: Floats | None = None
        for _ in range(ROOT_ROUNDS):
            if not self._run():
                return self.highs.getModelStatus() not in _IMPOSSIBLE
            y, theta = self._point()
            mean = y if mean is None else (mean + y) / 2.0
            halfway = (mean + y) / 2.0
            made = [self._cut(at, block, (halfway, y), y, theta[at]) for at, block in enumerate(self.blocks)]
            if not any(made):
                break
        whole = np.arange(self.width, dtype=np.int32)
        self.highs.changeColsIntegrality(self.width, whole, np.full(self.width, highspy.HighsVarType.kInteger))
        return True

    def answer(self, started: float) -> CapacitatedCover:
        """Let HiGHS choose, count what the choice serves, cut, and again until its bound is met."""
        best, value, bound = np.zeros(self.width, dtype=bool), -1, sum(block.total for block in self.blocks)
        self.highs.setOptionValue("mip_abs_gap", max(0.5, ROUGH * bound))
        at_best: list[int] = []
        finished = False
        try:
            while not finished and not self.stopped and self._run():
                info = self.highs.getInfo()
                if math.isfinite(info.mip_dual_bound):
                    bound = min(bound, math.floor(-float(info.mip_dual_bound) + 1e-3))
                if info.primal_solution_status != 2:  # 2: a feasible point is held
                    break
                y, theta = self._point()
                chosen = y > 0.5
                served = [block.served(chosen) for block in self.blocks]
                if sum(served) > value:
                    best, value, at_best = chosen, sum(served), served
                made = [
                    self._cut(at, block, (chosen.astype(np.float64),), chosen.astype(np.float64), theta[at])
                    for at, block in enumerate(self.blocks)
                    if theta[at] > served[at] + 1e-3
                ]
                finished = bound - value <= self.limits.gap * max(1, value)
                tight = self.highs.getOptionValue("mip_abs_gap")[1] <= 0.5
                finished |= not any(made) and tight
                # Far from the end a rough choice is cut as well as the best one.
                rough = 0.5 if not any(made) else max(0.5, (bound - value) / 4.0)
                self.highs.setOptionValue("mip_abs_gap", rough)
                self._start_from(best, at_best)
        except KeyboardInterrupt:  # what is known is answered
            self.stopped = True
        return self._checked(best, value, bound, started)

    def nothing(self, started: float) -> CapacitatedCover:
        """Say that no choice keeps the rules."""
        closed, nan = np.zeros(self.width, dtype=bool), math.nan
        return CapacitatedCover(
            "infeasible", closed, nan, nan, nan, "solver", self._rows, self.cuts, time.monotonic() - started
        )

    @property
    def _rows(self) -> int:
        return sum(block.demand.size for block in self.blocks)

    def _run(self) -> bool:
        """Solve; False when the time is up or there is no choice."""
        if math.isfinite(self.limits.deadline):
            left = self.limits.deadline - time.monotonic()
            if left <= 0.0:
                return False
            self.highs.setOptionValue("time_limit", left)
        run_heeding(self.highs, self.limits)
        if self.highs.getModelStatus() in _IMPOSSIBLE:
            self.highs.setOptionValue("presolve", "off")  # presolve has been wrong about infeasibility
            run_heeding(self.highs, self.limits)
        self.stopped = self.highs.getModelStatus() == highspy.HighsModelStatus.kInterrupt
        return self.highs.getModelStatus() not in _IMPOSSIBLE

    def _start_from(self, chosen: Flags, served: list[int]) -> None:
        """Tell HiGHS the best choice so far, with what it really serves."""
        known = highspy.HighsSolution()
        known.col_value = [*chosen.astype(np.float64).tolist(), *map(float, served)]
        self.highs.setSolution(known)

    def _point(self) -> tuple[Floats, Floats]:
        values = np.array(self.highs.getSolution().col_value)
        return np.clip(values[: self.width], 0.0, 1.0), values[self.width :]

    def _cut(self, at: int, block: Block, tried: tuple[Floats, ...], y: Floats, theta: float) -> bool:
        """Add the first cut, made at one of `tried`, that (y, theta) breaks."""
        for point in tried:
            cut = block.cut_at(point)
            if theta > cut.constant + float(cut.slope @ y) + 1e-3 + 1e-7 * theta:
                self._add(at, cut)
                return True
        return False

    def _add(self, at: int, cut: Cut) -> None:
        here = np.flatnonzero(cut.slope)
        columns = np.append(here, self.width + at).astype(np.int32)
        entries = np.append(-cut.slope[here].astype(np.float64), 1.0)
        self.highs.addRow(-np.inf, float(cut.constant), columns.size, columns, entries)
        self.cuts += 1

    def _checked(self, chosen: Flags, value: int, bound: int, started: float) -> CapacitatedCover:
        seconds, nan = time.monotonic() - started, math.nan
        if value < 0:
            status: Status = "infeasible" if self.highs.getModelStatus() in _IMPOSSIBLE else "not_finished"
            proof: Proof = "solver" if status == "infeasible" else "none"
            return CapacitatedCover(status, chosen, nan, nan, nan, proof, self._rows, self.cuts, seconds)
        held = (chosen >= self.columns.lower).all() and (chosen <= self.columns.upper).all()
        if not held or not meets_rows(self.rules, chosen) or value > bound:
            raise BrokenProof(
                "The capacitated answer serves {value} where at most {bound} is said possible, or breaks a rule.",
                value=value,
                bound=bound,
            )
        within = bound - value <= self.limits.gap * max(1, value)
        status = "proven_optimal" if value == bound else "within_gap"
        proof = "solver" if within else "none"
        return CapacitatedCover(
            status, chosen, float(value), float(bound), float(bound - value), proof, self._rows, self.cuts, seconds
        )


def _blocks(columns: Columns, sets: sparse.csr_array, demand: Ints, capacity: Ints) -> tuple[Block, ...]:
    """Check the arrays and part the rows by the year of their columns."""
    if sets.shape != (demand.size, columns.place.size) or capacity.shape != columns.place.shape:
        raise InvalidInput(
            "sets is {sets} and capacity {capacity}; expected {rows} rows, and an entry for each of {columns} columns.",
            sets=str(sets.shape),
            capacity=str(capacity.shape),
            rows=demand.size,
            columns=columns.place.size,
        )
    if (demand < 0).any() or (capacity < 0).any() or int(demand.sum()) > MOST:
        raise InvalidInput("demand and capacity must be whole and not negative, demand at most {most}.", most=MOST)
    row = np.repeat(np.arange(demand.size), np.diff(sets.indptr))
    year = np.full(demand.size, columns.year.min() if columns.year.size else 0)
    year[row] = columns.year[sets.indices]
    if (year[row] != columns.year[sets.indices]).any():
        raise InvalidInput("A row may be served by columns of one year only. Write one row for each year.")
    return tuple(
        block_of(sparse.csr_array(sets[year == one]), demand[year == one], capacity, columns.upper)
        for one in np.unique(year)
    )
