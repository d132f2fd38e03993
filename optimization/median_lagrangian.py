"""
The Lagrangian bound of a p-median, by subgradient ascent, and plans on the way.

A step goes along the deflected subgradient g(i) = 1 − (open sites dearer by less than u(i)), of
Polyak's length towards the best plan; after steps without gain the length shrinks and the
ascent starts again from the best multipliers (Beasley 1993, Lagrangean heuristics for location
problems, EJOR 65). Sites that are open in the relaxation again and again are where good plans
lie: the most open p of them start an interchange. All of this is in floats and proves nothing;
`median_box` judges the multipliers in whole numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimization.median_start import Work, interchange

PATIENCE, SHRINK, INERTIA = 30, 0.8, 0.93
LOOK = 40  # steps between looks for a plan
LEAST_STEP = 0.005


@dataclass(slots=True)
class Ascent:
    """
    An ascent over the sites that are still worth a look.

    Attributes
    ----------
    work
        (n, L) weighted costs as floats.
    live
        (L,) the positions of its columns.
    p, fixed
        Sites to open; positions that are open.
    u
        (n,) the best multipliers so far.
    bound, reduced
        What they give: L(u), and ρ (L,).
    often
        (L,) how often each site was open of late, 0 to 1.
    """

    work: Work
    live: NDArray[np.int64]
    p: int
    fixed: tuple[int, ...]
    u: NDArray[np.float64]
    bound: float = -np.inf
    reduced: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    often: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def run(
        self,
        best: Callable[[], float],
        offer: Callable[[Sequence[int]], object],
        *,
        steps: int,
        deadline: float,
    ) -> None:
        """
        Climb until a plan's cost is met, the steps have become short, or a limit comes.

        `best` tells the cost of the best plan in whole quanta, to `offer` plans are given.
        """
        u, direction = self.u, np.zeros(self.u.size)
        length, stale, seen = 1.0, 0, set[tuple[int, ...]]()
        for step in range(1, steps + 1):
            value, reduced, opened = self._relaxed(u)
            stale = 0 if value > self.bound + 1e-6 * abs(self.bound) or step == 1 else stale + 1
            if value > self.bound:
                self.bound, self.u, self.reduced = value, u.copy(), reduced
            if self.bound > best() - 1 or length < LEAST_STEP or time.monotonic() > deadline:
                return
            gradient = 1.0 - (self.work[:, opened] < u[:, None]).sum(axis=1)
            if stale >= PATIENCE:
                length, stale, u, direction = length * SHRINK, 0, self.u.copy(), np.zeros(u.size)
            direction = gradient + INERTIA * direction
            square = float(direction @ direction)
            if square == 0:
                return
            u = np.maximum(0.0, u + length * (best() - value) / square * direction)
            if step % LOOK == 0:
                self._look(offer, seen, deadline)
                self._narrow(best())

    def _relaxed(self, u: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.int64]]:
        """L(u), ρ and the p sites it opens; remembers how often a site is open."""
        customers, sites = self.work.shape
        reduced = np.zeros(sites)
        price = u.astype(self.work.dtype)[:, None]
        step = max(1, (1 << 18) // max(1, sites))
        room = np.empty((min(step, customers), sites), dtype=self.work.dtype)
        for start in range(0, customers, step):
            part = room[: min(step, customers - start)]
            np.subtract(price[start : start + step], self.work[start : start + step], out=part)
            np.maximum(part, 0, out=part)
            reduced -= part.sum(axis=0)
        opened = least(reduced, self.p, np.isin(self.live, self.fixed))
        now = np.zeros(sites)
        now[opened] = 1.0
        self.often = now if self.often.size != sites else 0.9 * self.often + 0.1 * now
        return float(u.sum() + reduced[opened].sum()), reduced, opened

    def _look(self, offer: Callable[[Sequence[int]], object], seen: set[tuple[int, ...]], deadline: float) -> None:
        """Start an interchange from the sites that are open most often, among those open at all."""
        start = least(-self.often, self.p, np.isin(self.live, self.fixed))
        key = tuple(sorted(self.live[start].tolist()))
        if key in seen:
            return
        seen.add(key)
        among = np.union1d(np.flatnonzero(self.often > 1e-3), start)
        plan = interchange(
            self.work[:, among],
            np.searchsorted(among, start).tolist(),
            np.flatnonzero(np.isin(self.live[among], self.fixed)).tolist(),
            deadline=deadline,
        )
        offer(self.live[among[plan]].tolist())

    def _narrow(self, best: float) -> None:
        """Drop sites that no better plan opens, with room for rounding; only where it makes the work much less."""
        chosen = least(self.reduced, self.p, np.isin(self.live, self.fixed))
        last = float(self.reduced[chosen].max(initial=-np.inf))
        keep = self.bound + self.reduced - last <= best - 1 + 1e-6 * abs(best)
        keep[chosen] = True
        keep |= np.isin(self.live, self.fixed)
        if keep.sum() < 0.8 * keep.size:
            self.work = self.work[:, keep]
            self.live, self.reduced, self.often = self.live[keep], self.reduced[keep], self.often[keep]


def least(values: NDArray[np.float64], p: int, fixed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Positions of the fixed and of the least others, p in all (or every one)."""
    ordered = np.where(fixed, -np.inf, values)
    if p >= values.size:
        return np.arange(values.size)
    return np.argpartition(ordered, p - 1)[:p]
