"""
Branch and bound of a p-median: every node is closed by multipliers judged in whole numbers.

A node's multipliers come from the Lagrangian ascent at the root, then from the duals of the
linear relaxation (`median_lp`). They fix sites, close the node, or leave it to be split on the
most fractional site; the search dives, and takes up the open node of least bound after each dive.
A plan with fewer than p sites costs no less than one filled up, so that "at most p" is enough.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimization.limits import Limits
from optimization.median_box import Pricer, judge
from optimization.median_log import BoxLog
from optimization.median_lp import MedianLp, Relaxed, median_lp, narrowed
from optimization.median_start import Incumbent, interchange

ROUNDS, NODE_ROUNDS = 400, 40
BLOCKS = 150
SHRUNK = 0.7  # the programme is stated anew over fewer sites when they fall to this share
WHOLE = 1e-6


@dataclass(order=True, slots=True)
class Node:
    """An open node: its bound (scaled, whole), its number in the log, its box."""

    bound: int
    number: int
    lower: NDArray[np.int8] = field(compare=False)
    upper: NDArray[np.int8] = field(compare=False)


class Tree:
    """One search; changed in place, so that it can be read after an interrupt."""

    def __init__(self, best: Incumbent, fixed: NDArray[np.int64], limits: Limits) -> None:
        assert best.value is not None
        self.best, self.limits = best, limits
        self.data, self.p = best.data, best.p
        self.pricer = Pricer(self.data, far=best.value + 1)
        self.log = BoxLog()
        sites = self.data.cost.shape[1]
        self.root = Node(0, 0, fixed.astype(np.int8), np.ones(sites, dtype=np.int8))
        self.heap: list[Node] = [self.root]
        self.current: Node | None = None
        self.lp: MedianLp | None = None
        self.told: Callable[[], None] | None = None

    @property
    def target(self) -> int:
        """The cost, scaled, that no plan better than the best may pass; less where a gap is enough."""
        assert self.best.value is not None
        value = self.best.value
        aim = value - 1 if self.limits.gap <= 0 else min(value - 1, int(value * (1.0 - self.limits.gap)))
        return int(aim) << self.pricer.scale

    @property
    def bound(self) -> int:
        """No plan costs less, in whole quanta."""
        assert self.best.value is not None
        value = self.best.value
        known = [node.bound for node in self._open()]
        if self.limits.gap > 0:
            known.append(self.target + 1)
        if not known:
            return value
        return min(value, -(-min(known) >> self.pricer.scale))

    def _open(self) -> list[Node]:
        return [*self.heap, *([self.current] if self.current is not None else [])]

    def learn(self, u: NDArray[np.float64]) -> bool:
        """Judge the ascent's multipliers over the whole box: bound, fix; True when that ends the search."""
        if self._learn(self.root, u):
            self.heap = []
            return True
        self._narrow(self.root)
        return False

    def run(self, u: NDArray[np.float64]) -> None:
        """Work until every node is closed or the time is over; the linear programme starts from the multipliers `u`."""
        while self.heap or self.current is not None:
            if self.current is None:
                self.current = heapq.heappop(self.heap)
            if self.limits.met():
                return
            if self.lp is None:
                self.lp = self._started(u)
            self.current = self._expand(self.current)

    def _started(self, u: NDArray[np.float64]) -> MedianLp:
        assert self.best.value is not None
        columns = np.flatnonzero(self.root.upper)
        unit = 2.0 ** max(0, self.best.value.bit_length() - 22)
        lp = median_lp(columns, self._cost(columns), self.p, unit=unit, blocks=BLOCKS, seed=self.limits.seed)
        lp.cut_with(np.minimum(u, float(self.pricer.far)))
        return lp

    def _cost(self, columns: NDArray[np.int64]) -> NDArray[np.float64]:
        far = self.pricer.far
        return np.minimum(self.data.whole(slice(None), columns, far=far), far).astype(np.float64)

    def _learn(self, node: Node, u: NDArray[np.float64]) -> bool:
        """Bound and fix by multipliers; True when they close the node."""
        whole = self.pricer.rounded(u)
        reduced, total = self.pricer.reduced(whole), int(whole.sum())
        kept = -1
        while True:
            verdict = judge(reduced, total, node.lower, node.upper, self.p)
            if verdict.closes(self.target):
                self._close(node, whole, kept)
                return True
            if verdict.bound is not None and verdict.bound > node.bound:
                node.bound = verdict.bound
                kept = self.log.keep(whole) if kept < 0 else kept
                self.log.nodes[node.number].multipliers = kept
                self._tell()
            found = verdict.fixed(self.target)
            if not found:
                return False
            kept = self.log.keep(whole) if kept < 0 else kept
            self._fix(node, kept, found)

    def _fix(self, node: Node, kept: int, found: list[tuple[int, int]]) -> None:
        self.log.fix(node.number, kept, found)
        for column, value in found:
            node.lower[column] = node.upper[column] = value

    def _close(self, node: Node, whole: NDArray[np.int64], kept: int) -> None:
        self.log.nodes[node.number].multipliers = self.log.keep(whole) if kept < 0 else kept

    def _narrow(self, root: Node) -> None:
        self.pricer.narrow(np.flatnonzero(root.upper))

    def _expand(self, node: Node) -> Node | None:
        """Bound a node; return the child to go on with, or None when it is closed."""
        assert self.lp is not None
        rounds = ROUNDS if node.number == 0 else NODE_ROUNDS
        while True:
            before = int((node.lower < node.upper).sum())
            answer = self._converge(node, rounds)
            if answer is None:
                return None
            if not answer.solved or self.limits.met():
                break
            if self._learn(node, answer.u):
                return None
            if node.number == 0:
                self._round(answer)
            if int((node.lower < node.upper).sum()) >= SHRUNK * before:
                break
        if self.limits.met():
            return node
        return self._split(node, answer.y)

    def _converge(self, node: Node, rounds: int) -> Relaxed | None:
        """Cut until the point is met, progress fades or the node closes (None)."""
        lp = self._programme(node)
        lp.set_bounds(node.lower, node.upper)
        answer = lp.solve(self.limits.deadline)
        last, stale = -np.inf, 0
        for turn in range(rounds):
            if not answer.solved:
                return answer
            if not answer.feasible:
                self._close(node, self.pricer.rounded(np.zeros(self.data.cost.shape[0])), -1)
                return None
            if np.abs(answer.y - np.rint(answer.y)).max(initial=0.0) < WHOLE:
                self.best.offer(lp.columns[answer.y > 0.5].tolist())
            hopeful = answer.objective * 2.0**self.pricer.scale > self.target + 0.5 * 2.0**self.pricer.scale
            if hopeful and self._learn(node, answer.u):
                return None
            if self.limits.met() or not lp.cut(answer):
                return answer
            gained = answer.objective - last
            stale = stale + 1 if gained < 1e-5 * abs(answer.objective) else 0
            last = max(last, answer.objective)
            if node.number and stale >= 3:
                return answer
            if turn % 10 == 9:
                if node.number == 0 and self._learn(node, answer.u):
                    return None
                lp.drop_idle()
                lp = self._programme(node)
                lp.set_bounds(node.lower, node.upper)
            answer = lp.solve(self.limits.deadline)
        return answer

    def _programme(self, node: Node) -> MedianLp:
        """The programme, stated anew over fewer sites where the root has lost many."""
        assert self.lp is not None
        keep = self.root.upper[self.lp.columns] == 1
        if node.number == 0 and keep.sum() <= SHRUNK * keep.size:
            self._narrow(node)
            self.lp = narrowed(self.lp, keep, self.p, seed=self.limits.seed)
        return self.lp

    def _round(self, answer: Relaxed) -> None:
        """Start an interchange from the sites with the largest y, among the programme's own."""
        assert self.lp is not None
        order = np.argsort(-answer.y, kind="stable")[: self.p]
        fixed = np.flatnonzero(self.root.lower[self.lp.columns])
        start = np.unique(np.concatenate([order, fixed]))
        while start.size > self.p:
            loose = start[~np.isin(start, fixed)]
            start = np.setdiff1d(start, loose[np.argmin(answer.y[loose])])
        plan = interchange(self._cost(self.lp.columns), start.tolist(), fixed.tolist(), deadline=self.limits.deadline)
        self.best.offer(self.lp.columns[plan].tolist())

    def _split(self, node: Node, y: NDArray[np.float64]) -> Node | None:
        assert self.lp is not None
        free = np.flatnonzero(node.lower < node.upper)
        spare = self.p - int(node.lower.sum())
        if free.size == 0 or spare <= 0:
            self._last(node)
            return None
        full = np.zeros(node.lower.size)
        full[self.lp.columns[: y.size]] = y
        column = int(free[np.argmin(np.abs(full[free] - 0.5))])
        children = []
        for number, side in zip(self.log.split(node.number, column), (0, 1), strict=True):
            lower, upper = node.lower.copy(), node.upper.copy()
            lower[column] = upper[column] = side
            self.log.nodes[number].multipliers = self.log.nodes[node.number].multipliers
            children.append(Node(node.bound, number, lower, upper))
        dive, later = (children[1], children[0]) if full[column] >= 0.5 - WHOLE else (children[0], children[1])
        heapq.heappush(self.heap, later)
        return dive

    def _last(self, node: Node) -> None:
        """Close a box of one plan: its own costs, taken as multipliers, are its bound."""
        plan = np.flatnonzero(node.lower)
        self.best.offer(plan.tolist())
        nearest = self.data.nearest(plan.tolist())
        u = np.where(nearest < 0, self.pricer.far, np.minimum(nearest, self.pricer.far))
        closed = self._learn(node, u.astype(np.float64))
        assert closed, "a plan is neither better nor ruled out"

    def _tell(self) -> None:
        if self.told is not None:
            self.told()
