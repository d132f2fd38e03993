"""
The capacitated p-median: a second, clearly separate formulation, solved by HiGHS alone.

    min  Σ c(i,j) x(i,j)
    Σ_j x(i,j) = 1                        every customer is served
    Σ_i demand(i) x(i,j) <= capacity(j) y(j)
    x(i,j) <= y(j)
    Σ_j y(j) = p,  y binary;  x binary (single source) or continuous (split)

Somebody within reach may still not be served, so the weighted miss does not apply and its
certificate does not either: the bound is HiGHS's own, and the proof says "solver".
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from foundation.errors import InvalidInput
from optimization.capacitated_loads import ROOM, Loads, loads_of
from optimization.highs import quiet_highs, run_heeding
from optimization.limits import Limits
from optimization.plain_solution import (
    PlainLimits,
    PlainProgress,
    PlainSolution,
    cost_of,
    count_of,
    limits_from,
    nothing_found,
    numbers_of,
    weights_of,
)
from optimization.quanta import multiples_of, proven_within
from optimization.refining import refined

DUST = 1e-8  # share of a bound of divided customers that HiGHS's arithmetic may have wrong


def capacitated_p_median(
    cost: ArrayLike,
    demand: ArrayLike,
    capacity: ArrayLike,
    p: int,
    *,
    split: bool = False,
    fixed: Sequence[int] = (),
    **limits: Unpack[PlainLimits],
) -> PlainSolution:
    """
    Open p sites and serve every customer within their capacities at least total cost.

    Parameters
    ----------
    cost
        (customers, sites) cost of serving a customer whole from a site; inf where there is no route.
    demand
        (customers,) finite, non-negative.
    capacity
        (sites,) or one number for all: the demand a site can serve. Whole numbers, and decimals of up to six places,
        are held to the unit where a capacity is no more than 2^30 of them; of other numbers a site may serve a
        thousand-millionth more, and with `split` a millionth.
    p
        Sites to open, 1 to all.
    split
        True: a customer may be served by several sites in parts. False: by one only.
    fixed
        Positions of sites that must be open.

    Returns
    -------
    solution
        ``assignment`` is the site that serves the most of each customer. ``proof`` is "solver". What rounding of costs
        may hide is in ``bound``; with `split`, one cost far beyond all others makes that poor: write inf for no route.
    """
    started = time.monotonic()
    matrix = cost_of(cost)
    customers, sites = matrix.shape
    needs = weights_of(demand, customers, name="demand")
    room = numbers_of(capacity, name="capacity")
    if room.shape not in {(), (sites,)}:
        raise InvalidInput(
            "capacity has shape {shape}; expected one number, or one for each of {sites} sites.",
            shape=str(room.shape),
            sites=sites,
        )
    room = np.broadcast_to(room, (sites,))
    if not np.isfinite(room).all() or (room < 0).any():
        raise InvalidInput("capacity must be finite and not negative, with no NaN.")
    p, lower = count_of(p, fixed, sites)
    bounds = limits_from(limits, started)
    lost = np.flatnonzero(~np.isfinite(matrix).any(axis=1))
    if lost.size:
        return nothing_found(
            "infeasible",
            customers,
            seconds=time.monotonic() - started,
            proof="checked",
            unreachable=tuple(lost.tolist()),
        )
    task = _Task(loads_of(needs, room, split=split), p, lower, split, limits, bounds, started)
    answer, _ = refined(task.solved, matrix, np.ones(customers))
    return answer


@dataclass(frozen=True, slots=True)
class _Task:
    """One call of `capacitated_p_median`, its costs apart."""

    loads: Loads
    p: int
    lower: NDArray[np.int64]
    split: bool
    limits: PlainLimits
    bounds: Limits
    started: float

    def solved(self, matrix: NDArray[np.float64]) -> tuple[PlainSolution, bool]:
        """Solve with these costs; also whether a finer unit might prove more."""
        scaled, quantum, exact = multiples_of(np.where(np.isfinite(matrix), matrix, 0.0), room=ROOM)
        model = _Model(matrix, scaled, self.loads, self.p, self.lower, self.split, exact)
        left = self.bounds.deadline - time.monotonic()
        highs = model.built(seed=self.bounds.seed, gap=self.bounds.gap, seconds=left)
        heard = _listen(highs, self.limits, self.started, quantum)
        run_heeding(highs, self.bounds)
        if heard:
            raise heard[0]
        status = highs.getModelStatus()
        if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            highs.setOptionValue("presolve", "off")  # presolve has been wrong about infeasibility
            run_heeding(highs, self.bounds)
            status = highs.getModelStatus()
        answer = _read(model, highs, status, self.started, quantum)
        return answer, not (self.split or exact or answer.status != "within_gap" or self.bounds.met())


@dataclass(frozen=True, slots=True)
class _Model:
    cost: NDArray[np.float64]
    scaled: NDArray[np.int64]
    loads: Loads
    p: int
    lower: NDArray[np.int64]
    split: bool
    exact: bool  # whether `scaled` are the costs themselves, in whole quanta

    def real_bound(self, value: float, proved: float, quantum: float) -> float:
        """Return what HiGHS's bound in whole quanta says of the caller's own costs; `value` is a plan's."""
        if not self.split:
            proved = math.ceil(proved - 1e-6) if math.isfinite(proved) else proved  # whole costs: no plan lies between
        else:
            proved -= DUST * abs(proved)
        hidden = 0.0
        if not self.exact:  # a customer served whole at a dearer place than `value` is in no better plan
            low = np.where(np.isfinite(self.cost) & (self.split | (self.cost <= value)), self.cost, np.inf)
            off = np.where(np.isfinite(low), self.scaled * quantum - np.where(np.isfinite(low), low, 0.0), 0.0)
            hidden = float(np.maximum(off, 0.0).max(axis=1, initial=0.0).sum())
        bound = max(0.0, proved * quantum - hidden)
        return value if self.exact and math.isclose(bound, value, rel_tol=1e-12) else min(value, bound)

    def built(self, *, seed: int, gap: float, seconds: float) -> Any:
        """Write the model as a matrix: y first, then x row by row."""
        highs = quiet_highs(threads=1, random_seed=seed, mip_rel_gap=gap, mip_abs_gap=0.0 if self.split else 0.5)
        if math.isfinite(seconds):
            highs.setOptionValue("time_limit", max(0.1, seconds))
        customers, sites = self.cost.shape
        count = sites + customers * sites
        upper = np.ones(count)
        upper[sites:] = np.where(np.isfinite(self.cost), self.loads.most, 0.0).ravel()
        low = np.zeros(count)
        low[:sites] = self.lower
        highs.addVars(count, low, upper)
        every = np.arange(count, dtype=np.int32)
        highs.changeColsCost(count, every, np.concatenate((np.zeros(sites), self.scaled.ravel().astype(float))))
        whole_columns = every[:sites] if self.split else every
        highs.changeColsIntegrality(
            whole_columns.size, whole_columns, np.full(whole_columns.size, highspy.HighsVarType.kInteger)
        )
        matrix, low_side, high_side = self._rows()
        highs.addRows(
            low_side.size,
            low_side,
            high_side,
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data,
        )
        return highs

    def _rows(self) -> tuple[sparse.csr_array, NDArray[np.float64], NDArray[np.float64]]:
        customers, sites = self.cost.shape
        each, one = sparse.eye_array(sites), np.ones((1, sites))
        nothing = sparse.csr_array((customers, sites))
        served = sparse.hstack([nothing, sparse.kron(sparse.eye_array(customers), one)])
        at = np.arange(customers * sites)
        load = sparse.csr_array((self.loads.demand.ravel(), (at % sites, at)), shape=(sites, at.size))
        loads = sparse.hstack([-sparse.diags_array(self.loads.capacity), load])
        opened = sparse.hstack([-sparse.kron(np.ones((customers, 1)), each), sparse.eye_array(customers * sites)])
        count = sparse.hstack([sparse.csr_array(one), sparse.csr_array((1, customers * sites))])
        stacked = sparse.csr_array(sparse.vstack([served, loads, opened, count]))
        free = np.full(sites + customers * sites, -np.inf)
        low = np.concatenate((np.ones(customers), free, [self.p]))
        high = np.concatenate((np.ones(customers), np.zeros(free.size), [self.p]))
        return stacked, low, high


def _listen(highs: Any, limits: PlainLimits, started: float, quantum: float) -> list[Exception]:
    """Tell each better plan; an error of the caller's own is kept for the caller: HiGHS would swallow it."""
    tell, failed = limits.get("progress"), list[Exception]()
    if tell is None:
        return failed

    def heard(event: Any) -> None:
        data = event.data_out
        value, bound = data.mip_primal_bound * quantum, data.mip_dual_bound * quantum
        known = value if math.isfinite(value) else math.nan
        try:
            tell(PlainProgress(known, bound if math.isfinite(bound) else math.nan, time.monotonic() - started))
        except Exception as error:
            failed.append(error)

    highs.cbMipImprovingSolution.subscribe(heard)
    return failed


def _read(model: _Model, highs: Any, status: Any, started: float, quantum: float) -> PlainSolution:
    customers, sites = model.cost.shape
    info = highs.getInfo()
    seconds = time.monotonic() - started
    if status == highspy.HighsModelStatus.kInfeasible:
        return nothing_found("infeasible", customers, seconds=seconds, proof="solver")
    if info.primal_solution_status != 2:  # 2: a feasible point is held
        return nothing_found("not_finished", customers, seconds=seconds)
    values = np.array(highs.getSolution().col_value)
    opened = values[:sites] > 0.5
    shares = values[sites:].reshape(customers, sites)
    if not model.split:
        shares = np.rint(shares)
    assignment = shares.argmax(axis=1).astype(np.int64)
    held = model.loads.held(shares, opened, split=model.split)
    if not (held and opened.sum() == model.p and np.allclose(shares.sum(axis=1), 1.0, atol=1e-6)):
        return nothing_found("not_finished", customers, seconds=seconds)
    value = float((np.where(shares > 0, model.cost, 0.0) * shares).sum())
    bound, ended = model.real_bound(value, float(info.mip_dual_bound), quantum), _ended(model, info, status, shares)
    proven = ended and proven_within(value, bound)
    chosen = tuple(np.flatnonzero(opened).tolist())
    return PlainSolution(
        "proven_optimal" if proven else "within_gap",
        chosen,
        assignment,
        value,
        bound,
        value - bound,
        "solver" if proven else "none",
        seconds,
        quantum,
    )


def _ended(model: _Model, info: Any, status: Any, shares: NDArray[np.float64]) -> bool:
    """Tell whether HiGHS has shown that no plan is better: whole costs leave nothing between two neighbours."""
    solved, proved = float((model.scaled * shares).sum()), float(info.mip_dual_bound)
    near = DUST * abs(solved) + 1e-6 if model.split else 0.5 + 1e-9 * abs(solved)
    return bool(status == highspy.HighsModelStatus.kOptimal and abs(solved - proved) <= near)
