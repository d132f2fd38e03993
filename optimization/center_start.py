"""
Good plans of a p-centre before anything is proven: farthest points, then interchange.

Only a site nearer than the radius to the worst served customer can lower it, so each step looks at
those sites alone, against every open site that could close (Mladenović, Labbé & Hansen 2003, Solving
the p-center problem with tabu search and variable neighborhood search, Networks 42).
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

STARTS = 24


def good_centre(
    cost: NDArray[np.float64], p: int, fixed: Sequence[int], *, deadline: float, seed: int
) -> tuple[list[int], float]:
    """
    (p sites or fewer, their largest cost; inf when they leave somebody without a route).

    The best of several interchanges: from farthest points, then from the best plan with some sites moved at
    random, a few more after each failure (variable neighbourhoods).
    """
    best = exchanged(cost, farthest_points(cost, p, fixed), fixed, deadline=deadline)
    value = radius(cost, best)
    rng = np.random.default_rng(seed)
    strength = 1
    for _ in range(STARTS):
        if time.monotonic() > deadline or not np.isfinite(value):
            break
        loose = [at for at, site in enumerate(best) if site not in set(fixed)]
        outside = np.setdiff1d(np.arange(cost.shape[1]), best)
        count = min(strength, len(loose), outside.size)
        if count == 0:
            break
        moved = list(best)
        for at, site in zip(rng.permutation(loose)[:count], rng.permutation(outside)[:count], strict=True):
            moved[at] = int(site)
        moved = exchanged(cost, moved, fixed, deadline=deadline)
        now = radius(cost, moved)
        if now < value:
            best, value, strength = moved, now, 1
        else:
            strength = strength % max(1, len(loose)) + 1
    return best, value


def radius(cost: NDArray[np.float64], plan: Sequence[int]) -> float:
    """Largest cost of any customer to its nearest site of the plan."""
    return float(cost[:, list(plan)].min(axis=1).max(initial=0.0))


def farthest_points(cost: NDArray[np.float64], p: int, fixed: Sequence[int]) -> list[int]:
    """Open, one after another, the site nearest to the worst served customer (Gonzalez 1985)."""
    chosen = list(fixed)
    served = cost[:, chosen].min(axis=1) if chosen else np.full(cost.shape[0], np.inf)
    while len(chosen) < p:
        site = int(cost[int(served.argmax())].argmin()) if served.size else 0
        if site in chosen:
            break
        chosen.append(site)
        served = np.minimum(served, cost[:, site])
    return chosen or [0]


def exchanged(cost: NDArray[np.float64], plan: Sequence[int], fixed: Sequence[int], *, deadline: float) -> list[int]:
    """Move one site at a time while that lowers the radius."""
    plan = list(plan)
    kept = [at for at, site in enumerate(plan) if site in set(fixed)]
    while time.monotonic() < deadline and len(kept) < len(plan):
        among = cost[:, plan]
        every = np.arange(cost.shape[0])
        server = among.argmin(axis=1)
        first = among[every, server].copy()
        value = float(first.max(initial=0.0))
        into = np.flatnonzero(cost[int(first.argmax())] < value) if first.size else np.zeros(0, np.int64)
        if into.size == 0:
            break
        among[every, server] = np.inf
        worst = _after(cost[:, into], server, first, among.min(axis=1), len(plan))
        worst[kept] = np.inf
        out, at = divmod(int(worst.argmin()), into.size)
        if not worst[out, at] < value:
            break
        plan[out] = int(into[at])
    return plan


def _after(
    cost: NDArray[np.float64],
    server: NDArray[np.int64],
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    p: int,
) -> NDArray[np.float64]:
    """(p, K) the radius after each swap of an open site for a column of `cost`."""
    order = np.argsort(server, kind="stable")
    groups, starts = np.unique(server[order], return_index=True)
    sorted_cost = cost[order]
    staying = np.maximum.reduceat(np.minimum(sorted_cost, first[order, None]), starts, axis=0)
    leaving = np.maximum.reduceat(np.minimum(sorted_cost, second[order, None]), starts, axis=0)
    top = staying.argmax(axis=0)
    every = np.arange(cost.shape[1])
    highest = staying[top, every]
    rest = staying.copy()
    rest[top, every] = 0.0
    others = np.where(np.arange(groups.size)[:, None] == top, rest.max(axis=0, initial=0.0), highest)
    result = np.broadcast_to(highest, (p, cost.shape[1])).copy()  # a site that serves nobody may go
    result[groups] = np.maximum(others, leaving)
    return result
