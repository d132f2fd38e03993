"""
Branch and Benders cut: the exact engine for one stage.

Best bound first, diving into the more promising child; each node is closed only
when its multipliers prove it in whole numbers (`duality`), so a finished search
is its own certificate. Columns whose other value is ruled out are fixed, and when
enough of them are, the rows are merged again and the search goes on in a smaller
model (a new chapter of the proof).
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from optimization.bounder import Best, Bounder, Node, Point
from optimization.branching import Record, branching_column
from optimization.interchange import Swaps
from optimization.limits import Limits
from optimization.memory import Kept, Recall
from optimization.proof_log import OpenNode, ProofLog, inherited
from optimization.relaxation import ascended, shaken, swaps_for
from optimization.rounding import nearest_plan
from optimization.system import System, Value, better_than, value_of

Report = Callable[[Value | None, Value | None], None]
WHOLE = 1e-6
PATIENCE = 20.0  # seconds for the search of a point's support
SHRUNK = 0.8  # a new chapter opens when the free columns fall to this share
SHRUNK_RECALLED = 0.3  # and to this one where the chapter began with another's cuts, which a new one would lose


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a search found: the plan, the bound, and whether the tree is closed.

    `rushed`: the clock cut a heuristic short, so that another run may find another of equal plans.
    """

    value: Value | None
    chosen: NDArray[np.bool_] | None
    bound: Value | None
    complete: bool
    interrupted: bool
    nodes: int
    proof: ProofLog
    kept: Kept | None = None
    rushed: bool = False


def search(
    system: System,
    *,
    incumbent: NDArray[np.bool_] | None = None,
    limits: Limits | None = None,
    blocks: int = 60,
    report: Report | None = None,
    thorough: bool = True,
    before: ProofLog | None = None,
    recall: Recall | None = None,
) -> Outcome:
    """
    Make the goal of `system` least, with proof.

    `incumbent` is a plan to start from (ignored where it breaks the system);
    `report` is told (value, bound) as they improve; `before` is the proof of the stage
    before, whose closed leaves the lock keeps closed. `recall` asks for what the next search may
    start from, and gives what an earlier one kept. Ctrl-C ends the search and
    returns the best so far with `interrupted` set.
    """
    best = Best()
    if incumbent is not None:
        value = value_of(system, incumbent)
        if value is not None:
            best.value, best.chosen = value, incumbent.copy()
    log = ProofLog() if before is None else ProofLog(before.chapters, before.witnesses)
    opened = [OpenNode(0, system.core.lower.copy(), system.core.upper.copy())]
    forest = _Forest(system, log, best, limits or Limits(), blocks, report, thorough, recall)
    forest.take(opened)
    interrupted = False
    try:
        if before is not None:
            log, opened = inherited(before, system, better_than(system, best.value))
            forest.log = log
            forest.take(opened)
        forest.run()
    except KeyboardInterrupt:
        interrupted, log = True, forest.log
    complete = all(node.witness >= 0 or node.column >= 0 for node in log.nodes)
    bound = best.value if complete and best.loosest is None else forest.bound()
    for node in forest.open_nodes():
        if node.proof is not None and log.nodes[node.number].column < 0:
            log.nodes[node.number].witness = log.witness(*node.proof)
    return Outcome(best.value, best.chosen, bound, complete, interrupted, forest.count, log, forest.kept, forest.rushed)


def deepened(system: System, outcome: Outcome, names: tuple[str, ...], limits: Limits) -> Outcome:
    """
    Go on with the LP that a search kept, now that its answer is known, and keep what that ends with.

    A search that went on in narrower boxes kept the LP of its first; the next one would have to make the
    cuts of the others anew. Nothing is proven here: of the outcome only `kept` and `interrupted` may be
    new. `names` are those of the rules of `system`.
    """
    again = search(
        system,
        incumbent=outcome.chosen,
        limits=replace(limits, nodes=1),
        thorough=False,
        recall=Recall(names, outcome.kept),
    )
    return replace(outcome, kept=again.kept or outcome.kept, interrupted=again.interrupted)


@dataclass(slots=True)
class _Forest:
    """The open nodes of one search, whatever chapter they belong to."""

    system: System
    log: ProofLog
    best: Best
    limits: Limits
    blocks: int
    report: Report | None
    thorough: bool
    recall: Recall | None = None
    kept: Kept | None = None
    heap: list[Node] = field(default_factory=list)
    current: Node | None = None
    count: int = 0
    record: Record = field(init=False)
    swaps: Swaps | None = None
    rushed: bool = False
    shakes: bool = True  # until the first node that could be shaken says whether there are swaps

    def take(self, opened: list[OpenNode]) -> None:
        """Begin with these nodes, before anything is worked out: an interrupt finds them open."""
        self.heap = [Node(-np.inf, each.number, each.lower, each.upper) for each in opened]
        heapq.heapify(self.heap)

    def run(self) -> None:
        """Work until every node is closed or a limit is met."""
        self.best.told = self._tell
        self.record = Record(self.system.core.lower.size)
        nodes = self.heap
        if len(nodes) > 1:
            shared = self._chapter(np.min([n.lower for n in nodes], axis=0), np.max([n.upper for n in nodes], axis=0))
            for node in nodes:
                node.bounder = shared
        while self.current is not None or self.heap:
            if self.current is None:
                self.current = self.heap[0]
                heapq.heappop(self.heap)
            if self.limits.met() or self.count >= self.limits.nodes:
                return
            self.count += 1
            self.current = self._expand(self.current)

    def open_nodes(self) -> list[Node]:
        """Nodes not yet closed."""
        return [*self.heap, *([self.current] if self.current is not None else [])]

    def bound(self) -> Value | None:
        """The least bound of open nodes and of nodes closed within the gap."""
        known = [node.known for node in self.open_nodes()]
        if any(value is None for value in known):
            return None
        candidates = [value for value in [*known, self.best.loosest, self.best.value] if value is not None]
        return min(candidates) if candidates else None

    def _tell(self) -> None:
        if self.report is not None:
            self.report(self.best.value, self.bound() if self.count else None)

    def _chapter(self, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> Bounder:
        recall, self.recall = self.recall, None  # for the first chapter only
        # what is kept for the next search is of all rows: a cut over the rows of a box would not be its own there
        system = self._within(lower, upper) if recall is None else self.system
        return Bounder(system, self.log, self.best, self.limits, self.blocks, recall=recall)

    def _within(self, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> System:
        """The system with its rows merged under the bounds of a box."""
        core = self.system.core
        if np.array_equal(lower, core.lower) and np.array_equal(upper, core.upper):
            return self.system
        return replace(self.system, core=core.narrowed(lower, upper))

    def _expand(self, node: Node) -> Node | None:
        """Bound a node; return the node to go on with, or None when it is closed."""
        fresh, guided = node.bounder is None, False
        if node.bounder is None:
            if node.guide is None and self._ascend(node):
                return None
            guided = node.guide is not None
            node.bounder = self._chapter(node.lower, node.upper)
            node.bounder.warm(node)
        bounder = node.bounder
        point = bounder.relax(node, root=fresh)
        if self.kept is None:
            self.kept = bounder.kept()
        if point is None:
            return None
        if node.made is not None and not fresh:
            column, side, distance, before = node.made
            self.record.note(column, side, point.objective - before, distance)
            self._shake()
        if fresh and self.thorough and point.y.size:
            if not guided:
                self._propose(node, point)
            point = bounder.settle(node, point)
            if point is None:
                return None
        shrunk = SHRUNK_RECALLED if bounder.recalled else SHRUNK
        if fresh and 0 < (node.lower < node.upper).sum() <= shrunk * bounder.free:
            node.guide, node.bounder = bounder.guide(point), None
            return node
        return self._split(node, point)

    def _shake(self) -> None:
        """Kick the best plan a little, where an ascent would apply."""
        if not (self.thorough and self.shakes):
            return
        if self.swaps is None:
            self.swaps = swaps_for(self.system)
            self.shakes = self.swaps is not None
        if self.swaps is not None:
            shaken(self.system, self.swaps, self.best, self.limits, round_=self.count)

    def _ascend(self, node: Node) -> bool:
        """Bound the node without an LP first, where that is quicker; True when that closes it."""
        if not self.thorough or (self.recall is not None and self.recall.kept is not None):
            return False
        node.guide = ascended(self._within(node.lower, node.upper), self.log, self.best, self.limits, node)
        return self.log.nodes[node.number].witness >= 0

    def _propose(self, node: Node, point: Point) -> None:
        """Look for a good plan near the root's point: rounding, then a search of its support."""
        left = self.limits.deadline - time.monotonic()
        if left <= 0:
            return
        rows, y = self.system.rows, point.y
        near = nearest_plan(rows, y, lower=node.lower, upper=node.upper, seconds=left, seed=self.limits.seed)
        if near is not None:
            self.best.offer(self.system, near)
        wanted = y > WHOLE
        for plan in (near, self.best.chosen):
            wanted = wanted | plan if plan is not None else wanted
        upper = np.where(wanted, node.upper, node.lower)
        if (upper == node.upper).all():
            return
        core = self.system.core.narrowed(node.lower, upper)
        limits = replace(self.limits, deadline=min(self.limits.deadline, time.monotonic() + PATIENCE), nodes=60)
        found = search(
            replace(self.system, core=core),
            incumbent=self.best.chosen,
            limits=limits,
            blocks=self.blocks,
            thorough=False,
        )
        self.rushed = self.rushed or time.monotonic() > limits.deadline
        if found.chosen is not None:
            self.best.offer(self.system, found.chosen)
        if found.interrupted:
            raise KeyboardInterrupt

    def _split(self, node: Node, point: Point) -> Node | None:
        free = np.flatnonzero((node.lower == 0) & (node.upper == 1))
        assert node.bounder is not None
        if free.size == 0:
            node.bounder.close_point(node)
            return None
        column, up_first = int(free[0]), True
        if point.y.size:
            column = branching_column(node.bounder.master, self.record, self.system.goal, free, point)
            up_first = bool(point.y[column] >= 0.5 - WHOLE)
        children = []
        for number, side in zip(self.log.branch(node.number, column), (0, 1), strict=True):
            lower, upper = node.lower.copy(), node.upper.copy()
            lower[column] = upper[column] = side
            made = (column, side, abs(side - float(point.y[column])), point.objective) if point.y.size else None
            children.append(Node(node.bound, number, lower, upper, node.known, node.proof, node.bounder, made=made))
        dive, later = (children[1], children[0]) if up_first else (children[0], children[1])
        heapq.heappush(self.heap, later)
        return dive
