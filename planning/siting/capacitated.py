"""
Siting under limits of capacity: the second formulation, beside the plan and never in its place.

Makes the most visits served over the years: within the standard, and with room. The programme's rules hold
(counts, quotas, order, budgets, and what else is a rule on places); its objectives and floors are
not part of it. See `optimization.capacitated_cover` for the model and for what its proof is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import InvalidInput
from optimization.capacitated_cover import capacitated_cover
from optimization.capacitated_cuts import block_of
from optimization.solution import Proof, Status
from planning.offers import Offer
from planning.siting.columns import columns_of, positions_of
from planning.siting.offered import serving
from planning.siting.request import Request, instance_of
from planning.siting.rules import every_rule
from planning.travel import Reach, Travel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CapacitatedPlan:
    """
    What the second formulation answers.

    Attributes
    ----------
    status, proof
        How far it is proven; "solver": the bound is HiGHS's own.
    is_open
        (o, T) True where an option is open at the end of a year.
    served
        Visits served, summed over the years; NaN where there is no plan.
    bound
        No choice serves more.
    plan_serves
        What the choice `instead_of` serves, counted in the same way.
    rows
        Rows of the model, after those of equal reach were merged.
    """

    status: Status
    proof: Proof
    is_open: NDArray[np.bool_]
    served: float
    bound: float
    plan_serves: int
    rows: int
    seconds: float


def site_with_room(
    request: Request,
    journeys: Travel | Reach,
    visits: Mapping[Offer, Ints],
    room: Floats,
    *,
    instead_of: NDArray[np.bool_],
) -> CapacitatedPlan:
    """
    Site the programme for the most visits served.

    Parameters
    ----------
    visits
        By what a place must be to serve them, (T, n) whole visits a year.
    room
        (o,) whole visits a year that each option can take; inf for no limit.
    instead_of
        (o, T) True where an option is open at the end of a year in the plan it is compared with.

    Raises
    ------
    InvalidInput
        When no option has a limit: then nothing distinguishes it from covering, which is solved with proof.
    """
    instance = instance_of(request, journeys)
    years = request.programme.years
    shapes = {part.shape for part in visits.values()}
    if shapes != {(len(years), instance.people.size)} or room.shape != (instance.options.size,):
        raise InvalidInput(
            "The visits are {visits} and the rooms {room}; expected years by points, and one room for each option.",
            visits=", ".join(map(str, sorted(shapes))),
            room=str(room.shape),
        )
    if not np.isfinite(room).any():
        raise InvalidInput(
            "Siting under capacity was asked for, and no centre has a limit. State some limits, or leave siting out."
        )
    columns = columns_of(instance, request.programme)
    position = positions_of(columns, instance, request.programme)
    pairs = instance.pairs(instance.longest_limit)
    near = pairs.minutes <= instance.limits_at(pairs, instance.limits)
    n, amount = instance.people.size, np.stack(list(visits.values()), axis=1)  # (T, F, n)
    parts = [near & serving(instance, offer).pairs(pairs.point, pairs.option) for offer in visits]
    point = np.concatenate([f * n + pairs.point[part] for f, part in enumerate(parts)])
    option = np.concatenate([pairs.option[part] for part in parts])
    blocks = []
    for t in range(len(years)):
        usable = position[option, t] >= 0
        ones = np.ones(int(usable.sum()), dtype=np.int8)
        at = (point[usable], position[option[usable], t])
        blocks.append(sparse.csr_array((ones, at), shape=(n * len(parts), columns.place.size)))
    capacity = np.repeat(np.minimum(room, float(amount.sum())).astype(np.int64), len(years))
    found = capacitated_cover(
        columns,
        sparse.csr_array(sparse.vstack(blocks, format="csr")),
        amount.ravel(),
        capacity,
        every_rule(instance, request.programme, position),
        time_limit=request.solver.time_limit_seconds,
        gap=request.solver.gap,
        threads=request.solver.threads,
        seed=request.solver.seed,
    )
    plan_size = instance.options.size * len(years)
    is_open = found.chosen[:plan_size].reshape(instance.options.size, len(years))
    plan_serves = sum(
        block_of(block, amount[t].ravel(), capacity, columns.upper).served(instead_of.ravel())
        for t, block in enumerate(blocks)
    )
    return CapacitatedPlan(
        found.status, found.proof, is_open, found.value, found.bound, plan_serves, found.rows, found.seconds
    )
