"""
Good plans of a p-median before anything is proven: greedy, then interchange.

Both work on a float matrix of weighted costs, a piece of rows at a time. Interchange looks at
every pair (site out, site in) at once: with d1, d2 the costs of the nearest and the second
nearest open site,

    saving(in)      =  Σ_i max(0, d1 − c(in))
    loss(out, in)   =  Σ_{i served by out} (d2 − d1)  −  Σ_{i served by out} max(0, d2 − max(c(in), d1))

and the best pair is carried out until none saves anything (Teitz & Bart 1968, in the form of
Resende & Werneck 2007).
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimization.median_data import PIECE, MedianData

Work = NDArray[np.floating[Any]]


@dataclass(slots=True)
class Incumbent:
    """The best plan so far, its whole cost, and who is told of a better one."""

    data: MedianData
    p: int
    value: int | None = None  # whole quanta
    chosen: tuple[int, ...] = ()
    told: Callable[[], None] | None = None

    def offer(self, chosen: Sequence[int]) -> bool:
        """Take a plan over if it serves everybody for less; fewer than p sites are filled up by the lowest."""
        plan = set(chosen)
        value = self.data.value(sorted(plan))
        if value is None or (self.value is not None and value >= self.value):
            return False
        self.value, self.chosen = value, filled(plan, self.p, self.data.cost.shape[1])
        if len(plan) < self.p:
            self.value = self.data.value(self.chosen)
        if self.told is not None:
            self.told()
        return True


def filled(chosen: set[int], p: int, sites: int) -> tuple[int, ...]:
    """Add the lowest positions until p sites are open: more sites never make a plan worse."""
    spare = (site for site in range(sites) if site not in chosen)
    return tuple(sorted([*chosen, *(site for site, _ in zip(spare, range(p - len(chosen)), strict=False))]))


def working(data: MedianData) -> Work:
    """Weighted costs as float32, for guidance only; no route costs more than any plan."""
    work = np.empty(data.cost.shape, dtype=np.float32)
    heavy, top, gaps = data.factor * data.weight, 0.0, False
    for rows in data.pieces():
        routed = np.isfinite(data.cost[rows])
        gaps = gaps or not routed.all()
        part = np.where(routed, data.cost[rows], 0.0) * heavy[rows, None]
        top += float(part.max(axis=1, initial=0.0).sum())
        work[rows] = part if routed.all() else np.where(routed, part, np.inf)
    if gaps:
        np.minimum(work, np.float32(top + 1.0), out=work)
    return work


def greedy(work: Work, p: int, fixed: Sequence[int]) -> list[int]:
    """Open, one after another, the site that saves most; savings only shrink, so old ones are upper bounds."""
    customers, sites = work.shape
    chosen = list(fixed)
    if not chosen:
        totals = np.zeros(sites)
        for rows in _pieces(work):
            totals += work[rows].sum(axis=0, dtype=np.float64)
        chosen.append(int(totals.argmin()))
    nearest = work[:, chosen].min(axis=1, initial=math.inf)
    savings = np.zeros(sites)
    for rows in _pieces(work):
        savings += np.maximum(nearest[rows, None] - work[rows], 0).sum(axis=0, dtype=np.float64)
    heap = [(-saving, site) for site, saving in enumerate(savings.tolist()) if site not in set(chosen)]
    heapq.heapify(heap)
    while len(chosen) < p:
        saving, site = heapq.heappop(heap)
        now = float(np.maximum(nearest - work[:, site], 0).sum(dtype=np.float64)) if customers else 0.0
        if heap and now < -heap[0][0]:
            heapq.heappush(heap, (-min(now, -saving), site))
            continue
        chosen.append(site)
        nearest = np.minimum(nearest, work[:, site])
    return chosen


def interchange(
    work: Work, chosen: Sequence[int], fixed: Sequence[int] = (), *, deadline: float = math.inf, steps: int = 1000
) -> list[int]:
    """Swap the best pair of sites, over the columns of `work`, until none saves anything; `fixed` stay."""
    plan = list(chosen)
    kept = [at for at, site in enumerate(plan) if site in set(fixed)]
    for _ in range(steps):
        if time.monotonic() > deadline or len(kept) == len(plan):
            break
        net, current = _savings(work, plan)
        net[kept] = -np.inf
        out, into = divmod(int(net.argmax()), work.shape[1])
        if not net[out, into] > 1e-6 * max(1.0, current):
            break
        plan[out] = into
    return plan


def _savings(work: Work, plan: list[int]) -> tuple[NDArray[np.float64], float]:
    """(p, m) what each swap saves, and the plan's cost."""
    customers, sites = work.shape
    among = work[:, plan]
    every = np.arange(customers)
    server = among.argmin(axis=1)
    first = among[every, server].copy()
    among[every, server] = np.inf
    second = np.minimum(among.min(axis=1), work.max(axis=1, initial=0.0)) if len(plan) == 1 else among.min(axis=1)
    order = np.argsort(server, kind="stable")
    net = np.zeros((len(plan), sites))
    saving = np.zeros(sites)
    step = max(1, PIECE // max(1, sites))
    for start in range(0, customers, step):
        rows = order[start : start + step]
        near, next_ = first[rows, None], second[rows, None]
        part = work[rows]
        saving += np.maximum(near - part, 0).sum(axis=0, dtype=np.float64)
        softened = np.maximum(next_ - np.maximum(part, near), 0)
        groups, at = np.unique(server[rows], return_index=True)
        net[groups] += np.add.reduceat(softened, at, axis=0)
    loss = np.bincount(server, weights=(second - first).astype(np.float64), minlength=len(plan))
    return net + saving - loss[:, None], float(first.sum(dtype=np.float64))


def _pieces(work: Work) -> list[slice]:
    step = max(1, PIECE // max(1, work.shape[1]))
    return [slice(start, start + step) for start in range(0, work.shape[0], step)]
