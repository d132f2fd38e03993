"""
Centres joined into lots of like value, never at the expense of the worst-off.

Among all ways to part p centres into L lots that give each lot its share of the weak centres, the
best has, first, the least fall of a worst-off governorate's covered share if any one operator fails
and, second, the least spread (greatest less least value of a lot). Branch and bound over restricted
growth strings: the fall of a part of a lot is at most the fall of the lot, and a spread is at least what
the values not yet placed can still even out. Small counts are proven; beyond a number of nodes the best
found is kept and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.partnership.ground import Ground, covered_by

Floats = NDArray[np.float64]
NODES = 100_000
ALIKE = 1e-9


@dataclass(frozen=True, slots=True)
class Parting:
    """
    Lots of the p centres of a tender.

    Attributes
    ----------
    lots
        Positions 0..p-1 by lot, ascending; lots in the order of their first centre.
    values
        Of the lots, in the unit of the values given.
    spread
        Greatest less least of them.
    worst_falls
        The greatest fall of a worst-off governorate's covered share if one operator fails.
    status
        "exact", "best_found" (nodes ran out) or "stated" (the planner's own lots).
    """

    lots: tuple[tuple[int, ...], ...]
    values: tuple[float, ...]
    spread: float
    worst_falls: float
    status: str


def weak_centres(values: Floats, weak_below: float) -> NDArray[np.bool_]:
    """(p,) True where a value is below `weak_below` times the median."""
    return np.asarray(values < weak_below * float(np.median(values))) if values.size else np.zeros(0, dtype=bool)


def falls_of(ground: Ground, centres: Sequence[int], zones: NDArray[np.int64]) -> Callable[[frozenset[int]], float]:
    """
    Return how far the covered share of a governorate of `zones` falls when some of `centres` fail.

    The function takes positions among `centres`. A point is lost when it lies within the standard of
    none but failed centres: it is kept as the set of the tender's centres that cover it.
    """
    others = np.ones(len(ground.ids), dtype=bool)
    others[list(centres)] = False
    mine = ground.within[list(centres)]
    only = mine.any(axis=0) & ~covered_by(ground, others) & np.isin(ground.zone_of_point, zones)
    shares: dict[tuple[int, frozenset[int]], float] = {}
    whole = ground.zone_people()
    for point in np.flatnonzero(only):
        zone = int(ground.zone_of_point[point])
        key = (zone, frozenset(np.flatnonzero(mine[:, point]).tolist()))
        shares[key] = shares.get(key, 0.0) + float(ground.people[point] / whole[zone])
    known: dict[frozenset[int], float] = {}

    def falls(some: frozenset[int]) -> float:
        if some not in known:
            lost = {zone: 0.0 for zone, _ in shares}
            for (zone, covering), share in shares.items():
                lost[zone] += share if covering <= some else 0.0
            known[some] = max(lost.values(), default=0.0)
        return known[some]

    return falls


def stated(groups: Sequence[Sequence[int]], values: Floats, falls: Callable[[frozenset[int]], float]) -> Parting:
    """Take the planner's own lots."""
    return _parting([tuple(sorted(group)) for group in groups], values, falls, "stated")


def part(
    values: Floats,
    count: int,
    *,
    weak: NDArray[np.bool_],
    falls: Callable[[frozenset[int]], float],
    near: NDArray[np.bool_] | None = None,
    nodes: int = NODES,
) -> Parting:
    """
    Part centres into `count` lots.

    Parameters
    ----------
    values
        (p,) at least 0.
    count
        1 to p.
    weak
        (p,) which centres are weak.
    falls
        By how much the worst-off share falls when some positions fail together; never less for more of them.
    near
        (p, p) True where two centres may be linked inside a lot; None: all.

    Raises
    ------
    InvalidInput
        If no way keeps the centres of each lot together, or none was found before the nodes ran out.
    """
    if not 1 <= count <= values.size or (values < 0).any():
        raise InvalidInput(
            "{count} lots of {n} centres are asked for; expected 1 lot or more, at most as many as centres, and no "
            "value below 0.",
            count=count,
            n=int(values.size),
        )
    search = _Search(values, count, weak, falls, near, nodes)
    search.place(0)
    if search.best is None and search.left <= 0:
        raise InvalidInput(
            "No way to part the centres into {count} lots was found among the {nodes} that were tried. Name the lots "
            "in groups, raise together_km or ask for fewer lots.",
            count=count,
            nodes=nodes,
        )
    if search.best is None:
        raise InvalidInput(
            "No way to part the centres into {count} lots keeps each lot together and gives it its share of the weak "
            "ones. Raise together_km or ask for fewer lots.",
            count=count,
        )
    status = "exact" if search.left > 0 else "best_found"
    return _parting([tuple(sorted(lot)) for lot in search.best], values, falls, status)


def _parting(
    lots: list[tuple[int, ...]], values: Floats, falls: Callable[[frozenset[int]], float], status: str
) -> Parting:
    lots = sorted(lots)
    sums = tuple(float(values[list(lot)].sum()) for lot in lots)
    worst = max(falls(frozenset(lot)) for lot in lots)
    return Parting(tuple(lots), sums, max(sums) - min(sums), worst, status)


@dataclass(slots=True)
class _Search:
    """The state of the search; centres are placed from the most to the least valuable, into the poorest lot first."""

    values: Floats
    count: int
    weak: NDArray[np.bool_]
    falls: Callable[[frozenset[int]], float]
    near: NDArray[np.bool_] | None
    left: int
    best: list[list[int]] | None = None
    best_key: tuple[float, float] = (np.inf, np.inf)
    lots: list[list[int]] = field(default_factory=list)
    sums: list[float] = field(default_factory=list)
    order: list[int] = field(init=False)
    rest: list[float] = field(init=False)
    mean: float = field(init=False)
    most_weak: int = field(init=False)

    def __post_init__(self) -> None:
        self.order = sorted(range(self.values.size), key=lambda i: (-self.values[i], i))
        placed = np.cumsum([0.0, *self.values[self.order]])
        self.rest = [float(left) for left in placed[-1] - placed]
        self.mean = float(placed[-1]) / self.count
        self.most_weak = -(-int(self.weak.sum()) // self.count)

    def place(self, at: int) -> None:
        if self.left <= 0:
            return
        self.left -= 1
        if at == len(self.order):
            self._weigh()
            return
        if self.count - len(self.lots) > len(self.order) - at:
            return
        one = self.order[at]
        value = float(self.values[one])
        if len(self.lots) < self.count:
            self.lots.append([one])
            self.sums.append(value)
            if self._promising(at + 1):
                self.place(at + 1)
            self.lots.pop()
            self.sums.pop()
        for number in sorted(range(len(self.lots)), key=self.sums.__getitem__):
            lot = self.lots[number]
            lot.append(one)
            self.sums[number] += value
            if self._may(lot) and self._promising(at + 1):
                self.place(at + 1)
            lot.pop()
            self.sums[number] -= value

    def _may(self, lot: list[int]) -> bool:
        return sum(bool(self.weak[i]) for i in lot) <= self.most_weak

    def _promising(self, at: int) -> bool:
        least = min(self.sums) if len(self.sums) == self.count else 0.0
        spread = max(0.0, max(*self.sums, self.mean) - min(self.mean, least + self.rest[at]))
        return self._better(max(self.falls(frozenset(lot)) for lot in self.lots), spread)

    def _better(self, falls: float, spread: float) -> bool:
        if falls < self.best_key[0] - ALIKE:
            return True
        scale = max(1.0, self.mean * self.count)
        return falls <= self.best_key[0] + ALIKE and spread < self.best_key[1] - ALIKE * scale

    def _weigh(self) -> None:
        least = int(self.weak.sum()) // self.count
        if len(self.lots) < self.count or any(int(self.weak[lot].sum()) < least for lot in self.lots):
            return
        if self.near is not None and not all(_together(lot, self.near) for lot in self.lots):
            return
        falls, spread = max(self.falls(frozenset(lot)) for lot in self.lots), max(self.sums) - min(self.sums)
        if self._better(falls, spread):
            self.best, self.best_key = [list(lot) for lot in self.lots], (falls, spread)


def _together(lot: list[int], near: NDArray[np.bool_]) -> bool:
    seen, waiting = {lot[0]}, [lot[0]]
    while waiting:
        one = waiting.pop()
        for other in lot:
            if other not in seen and near[one, other]:
                seen.add(other)
                waiting.append(other)
    return len(seen) == len(lot)
