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
from optimization.highs import quiet_highs, run_heeding
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
from optimization.quanta import unit_of

ROOM = 2.0**30  # the largest whole cost, demand or capacity
LOOSE = 1e-7  # share by which rounded demands may pass a capacity


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
        (sites,) or one number for all: the demand a site can serve. Decimals of up to six places are held to the
        unit; of other numbers a site may serve a ten-millionth more.
    p
        Sites to open, 1 to all.
    split
        True: a customer may be served by several sites in parts. False: by one only.
    fixed
        Positions of sites that must be open.

    Returns
    -------
    solution
        ``assignment`` is the site that serves the most of each customer. ``proof`` is "solver".
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
    routed = np.where(np.isfinite(matrix), matrix, 0.0)
    factor, quantum, exact = unit_of(routed, room=ROOM)
    scaled = np.rint(routed * factor).astype(np.int64)
    model = _Model(matrix, scaled, _loads(needs, room), p, lower, split, exact)
    highs = model.built(seed=bounds.seed, gap=bounds.gap, seconds=bounds.deadline - time.monotonic())
    heard = _listen(highs, limits, started, quantum)
    run_heeding(highs, bounds)
    if heard:
        raise heard[0]
    status = highs.getModelStatus()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        highs.setOptionValue("presolve", "off")  # presolve has been wrong about infeasibility
        run_heeding(highs, bounds)
        status = highs.getModelStatus()
    return _read(model, highs, status, started, quantum)


@dataclass(frozen=True, slots=True)
class _Loads:
    """Demands and capacities: the caller's own, and whole ones for the model; `exact` where they are the same."""

    needs: NDArray[np.float64]
    room: NDArray[np.float64]
    demand: NDArray[np.int64]
    capacity: NDArray[np.int64]
    exact: bool

    def held(self, shares: NDArray[np.float64], opened: NDArray[np.bool_], *, split: bool) -> bool:
        """Tell whether open sites serve no more than they can: to the unit, or, of rounded data, to `LOOSE`."""
        if self.exact and not split:
            return bool((self.demand @ shares.astype(np.int64) <= self.capacity * opened).all())
        room = self.room * opened
        return bool((self.needs @ shares <= room + (1e-6 if split else LOOSE) * (room + float(self.needs.max()))).all())


def _loads(needs: NDArray[np.float64], room: NDArray[np.float64]) -> _Loads:
    """
    Put demands and capacities into whole numbers of one unit.

    A capacity beyond the whole demand limits nothing, and must not coarsen the unit. Where the data are no decimals
    of six places each demand may be half a unit off, and a capacity has that much room more: what is feasible stays so.
    """
    total = float(needs.sum())
    limit = np.minimum(room, total)
    factor, _, exact = unit_of(np.concatenate([needs, limit]), room=ROOM)
    demand = np.rint(needs * factor).astype(np.int64)
    slack = 0.0 if exact else 0.5 * needs.size
    capacity = np.rint(limit * factor) if exact else np.floor(limit * factor + slack)
    capacity = np.where(room >= total, max(float(demand.sum()), 1.0), capacity).astype(np.int64)
    return _Loads(needs, room, demand, capacity, exact)


@dataclass(frozen=True, slots=True)
class _Model:
    cost: NDArray[np.float64]
    scaled: NDArray[np.int64]
    loads: _Loads
    p: int
    lower: NDArray[np.int64]
    split: bool
    exact: bool  # whether `scaled` are the costs themselves, in whole quanta

    def built(self, *, seed: int, gap: float, seconds: float) -> Any:
        """Write the model as a matrix: y first, then x row by row."""
        highs = quiet_highs(threads=1, random_seed=seed, mip_rel_gap=gap, mip_abs_gap=0.0 if self.split else 0.5)
        if math.isfinite(seconds):
            highs.setOptionValue("time_limit", max(0.1, seconds))
        customers, sites = self.cost.shape
        count = sites + customers * sites
        upper = np.ones(count)
        upper[sites:] = np.isfinite(self.cost).ravel()
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
        loads = sparse.hstack(
            [
                -sparse.diags_array(self.loads.capacity.astype(np.float64)),
                sparse.kron(self.loads.demand[None, :].astype(np.float64), each),
            ]
        )
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
    solved, proved = float((model.scaled * shares).sum()), float(info.mip_dual_bound)
    proven = status == highspy.HighsModelStatus.kOptimal and abs(solved - proved) <= 0.5 + 1e-9 * abs(solved)
    bound = (proved - (0.0 if model.exact else 0.5 * customers)) * quantum  # a cost may lie half below
    chosen = tuple(np.flatnonzero(opened).tolist())
    exact = model.exact
    return PlainSolution(
        "proven_optimal" if proven else "within_gap",
        chosen,
        assignment,
        value,
        value if proven and exact else bound,
        0.0 if proven and exact else abs(value - bound),
        "solver" if proven else "none",
        seconds,
        quantum,
    )
