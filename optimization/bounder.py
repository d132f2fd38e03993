"""
Bounding nodes in one chapter: the LP, its cuts, exact judgement, fixing by reduced cost.

Owns one persistent LP (`master`) over one layout of merged rows. Every closing and
every fixing is judged in whole numbers first and written into the proof log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimization.cut_pool import CutPool
from optimization.cuts import level_cuts
from optimization.duality import Multipliers, Verdict, bound_from, judge, multipliers_from
from optimization.guide import Guide, guide_from
from optimization.limits import Limits
from optimization.master import SHARE_SCALE, LpAnswer, Master
from optimization.memory import Kept, Recall, kept_of, recalled
from optimization.proof_log import Chapter, ProofLog
from optimization.rounding import central_point
from optimization.system import System, Value, better_than, value_of

Point = LpAnswer
ROOT_ROUNDS, NODE_ROUNDS = 400, 12
SLOW, PATIENCE = 0.03, 2  # rounds that close no more of the gap than this cost more than branching
ROOT_SLOW, ROOT_PATIENCE = 0.002, 8
MARGIN = 1e-7
LEVELS = 8  # nested cuts that stand for row multipliers
WHOLE = 1e-6


def _nothing() -> None:
    return None


@dataclass(slots=True)
class Best:
    """The best plan so far, shared by all chapters, and the least bound of nodes closed within the gap."""

    value: Value | None = None
    chosen: NDArray[np.bool_] | None = None
    loosest: Value | None = None
    told: Callable[[], None] = _nothing

    def offer(self, system: System, chosen: NDArray[np.bool_]) -> bool:
        """Take a plan over if it is feasible and better."""
        value = value_of(system, chosen)
        if value is None or (self.value is not None and value >= self.value):
            return False
        self.value, self.chosen = value, chosen.copy()
        self.told()
        return True


@dataclass(order=True, slots=True)
class Node:
    """An open node: its bound (for the order), its number in the proof, its box, and what bounds it."""

    bound: float
    number: int
    lower: NDArray[np.int64] = field(compare=False)
    upper: NDArray[np.int64] = field(compare=False)
    known: Value | None = field(compare=False, default=None)
    proof: tuple[int, Multipliers] | None = field(compare=False, default=None)
    bounder: Bounder | None = field(compare=False, default=None)
    guide: Guide | None = field(compare=False, default=None)
    made: tuple[int, int, float, float] | None = field(compare=False, default=None)  # column, side, distance, LP before


def fix_columns(log: ProofLog, node: Node, chapter: int, multipliers: Multipliers, verdict: Verdict) -> bool:
    """Fix each free column whose other value the verdict rules out; True where there was one."""
    found = []
    for column in np.flatnonzero((node.lower == 0) & (node.upper == 1)).tolist():
        for value in (0, 1):
            if verdict.rules_out(column, 1 - value):
                found.append((column, value))
                break
    if not found:
        return False
    witness = log.witness(chapter, multipliers)
    for column, value in found:
        log.nodes[node.number].fixes.append((witness, column, value))
        node.lower[column] = node.upper[column] = value
    return True


class Bounder:
    """One chapter of a search; its LP is changed in place."""

    def __init__(
        self, system: System, log: ProofLog, best: Best, limits: Limits, blocks: int, *, recall: Recall | None = None
    ) -> None:
        self.system, self.log, self.best, self.limits = system, log, best, limits
        measures = tuple(sorted({*system.caps, *system.goal.measures}))
        self.layout = system.core.layout(measures, blocks=blocks)
        self.pool = CutPool()
        self.chapter = log.open_chapter(Chapter(system.core, self.layout, self.pool))
        self.master = Master(system, self.layout, self.pool, seed=limits.seed, deadline=limits.deadline)
        self.inside: NDArray[np.float64] | None = None
        self.free = int((system.core.lower < system.core.upper).sum())
        self.recall = recall
        self.recalled = recall is not None and recall.kept is not None
        if recall is not None and recall.kept is not None:
            recalled(self.master, self.layout, self.pool, recall.names, recall.kept)
            self.inside = recall.kept.inside

    def kept(self) -> Kept | None:
        """Return what the next search over these rows may start from; None where nobody asked."""
        if self.recall is None:
            return None
        return kept_of(self.master, self.layout, self.pool, self.recall.names, self.inside)

    def warm(self, node: Node) -> None:
        """
        Start from cuts at the best plan and from the node's guide, where no LP was recalled.

        Nested cuts that stand for the guide's row multipliers give the LP their bound at once.
        """
        if self.master.row_cuts:
            return
        points = [self.best.chosen.astype(float)] if self.best.chosen is not None else []
        guide, layout, core = node.guide, self.layout, self.system.core
        points += [guide.mean] if guide is not None else []
        self.inside = guide.mean if guide is not None else None
        for point in points:
            nothing = np.zeros(self.layout.block_measure.size)
            self.master.add_cuts(self.layout.separate(self.pool, point, nothing, margin=MARGIN))
        if guide is not None:
            self.master.add_cuts(level_cuts(layout, self.pool, guide.stacked(core, layout), levels=LEVELS))

    def guide(self, answer: Point) -> Guide | None:
        """Take down what the next chapter may start from: the LP's duals as row multipliers, and the inner point."""
        core, layout = self.system.core, self.layout
        if self.inside is None:
            return None
        weights: dict[int, NDArray[np.float64]] = {}
        for cut, dual in zip(answer.cuts, answer.duals[self.master.fixed_rows :].tolist(), strict=True):
            if dual > 0:
                block = self.pool.block[cut]
                weights[block] = weights.get(block, 0.0) + dual * self.pool.members[cut].astype(np.float64)
        return guide_from(core, layout, weights, self.inside)

    def relax(self, node: Node, *, root: bool) -> Point | None:
        """Cut until the point is met or progress fades; None when the node was closed."""
        if self._breaks_constants(node):
            return None
        self.master.set_bounds(node.lower, node.upper)
        answer = self.master.solve()
        last, stale = -np.inf, 0
        for turn in range(ROOT_ROUNDS if root else NODE_ROUNDS):
            if not answer.feasible or not answer.solved:
                break
            self._offer_whole(answer.y)
            if self._promising(answer) and self._settle_once(node, answer) is None:
                return None
            if not self._cut(answer) or self.limits.met():
                break
            gained = answer.objective - last
            share, patience = (ROOT_SLOW, ROOT_PATIENCE) if root else (SLOW, PATIENCE)
            stale = stale + 1 if gained < share * self._missing(answer) else 0
            last = max(last, answer.objective)
            if stale >= patience:
                break
            if turn % 10 == 9:
                self.master.drop_idle_cuts()
            answer = self.master.solve()
        return self.settle(node, answer)

    def settle(self, node: Node, answer: Point) -> Point | None:
        """Judge exactly, fix columns while that changes the LP; None when closed."""
        while True:
            changed = self._settle_once(node, answer)
            if changed is None:
                return None
            if not changed or not answer.feasible:
                return answer
            self.master.set_bounds(node.lower, node.upper)
            answer = self.master.solve()
            if answer.feasible and answer.solved:
                self._offer_whole(answer.y)
                self._cut(answer)

    def close_point(self, node: Node) -> None:
        """Close a node whose columns are all fixed: its one plan is offered, then ruled out by its own miss."""
        chosen = node.lower == 1
        self.best.offer(self.system, chosen)
        targets = better_than(self.system, self.best.value)
        for multipliers in self._point_witnesses(chosen):
            if judge(self.system, self.pool, multipliers, targets, (node.lower, node.upper)).closes:
                self._close(node, multipliers)
                return
        raise AssertionError("a plan is neither better nor ruled out")  # pragma: no cover

    def _close(self, node: Node, multipliers: Multipliers) -> None:
        self.log.nodes[node.number].witness = self.log.witness(self.chapter, multipliers)

    def _breaks_constants(self, node: Node) -> bool:
        core = self.system.core
        for measure, allowed in self.system.caps.items():
            if int(core.constant[measure]) > allowed:
                self._close(node, Multipliers({}, {}, {measure: 1}, 0))
                return True
        return False

    def _cut(self, answer: Point) -> bool:
        """Add cuts at a point between the inner point and the LP's, else at the LP's own."""
        point, known = answer.y, self._asked(answer)
        if self.inside is None:
            core = self.system.core
            bounds = {"lower": core.lower, "upper": core.upper}
            centre = central_point(self.system.rows, **bounds)
            self.inside = point.copy() if centre is None else centre
        step = 0.5 if self.recalled else 0.1  # short steps make deep cuts of a covering
        self.inside = (1.0 - step) * self.inside + step * point
        added = self.layout.separate(self.pool, self.inside, known, margin=MARGIN)
        useful = [cut for cut in added if self._cuts_off(cut, point, known)]
        if useful:
            self.master.add_cuts(useful)
            return True
        added = self.layout.separate(self.pool, point, known, margin=MARGIN)
        self.master.add_cuts(added)
        return bool(added)

    def _asked(self, answer: Point) -> NDArray[np.float64]:
        """The LP's estimates, infinite for blocks of a measure that keeps its cap, or its share, at the LP's point."""
        known, goal, caps = answer.estimates, self.system.goal, self.system.caps
        if goal.kind == "miss" and not caps:
            return known
        owner = self.layout.block_measure
        missed = np.bincount(owner, weights=self.layout.misses(answer.y), minlength=len(self.system.totals))
        due = np.zeros(missed.size, dtype=bool)
        for measure in self.layout.measures:
            least = missed[measure] + int(self.system.core.constant[measure])
            over = measure in caps and least > caps[measure] + 0.5
            if measure in goal.measures:
                over = over or goal.kind == "miss"
                share = answer.objective / SHARE_SCALE if goal.kind == "worst" else 0.0
                over = over or least > share * self.system.totals[measure] + 0.01
            due[measure] = over
        return np.where(due[owner], known, np.inf)

    def _cuts_off(self, cut: int, point: NDArray[np.float64], known: NDArray[np.float64]) -> bool:
        estimate = self.pool.constant[cut] - float(self.pool.slope[cut] @ point)
        return estimate > float(known[self.pool.block[cut]]) + MARGIN * max(1.0, estimate) + 5e-4

    def _missing(self, answer: Point) -> float:
        """How far, in LP units, the LP's own bound is from closing the node; its own size without a plan."""
        if self.best.value is None:
            return 1e-2 * max(1.0, abs(answer.objective))
        goal, core = self.system.goal, self.system.core
        value = float(self.best.value)
        if goal.kind == "miss":
            value -= int(core.constant[goal.measures[0]])
        step = 1e-12 if goal.kind == "worst" else 1.0 - 1e-9
        return (value - step) / self.master.goal_scale - answer.objective

    def _promising(self, answer: Point) -> bool:
        """True when the LP's own bound says that the node can be closed."""
        return self.best.value is not None and self._missing(answer) < 0.0

    def _settle_once(self, node: Node, answer: Point) -> bool | None:
        """None: closed. True: columns were fixed. False: nothing changed."""
        if not answer.solved:
            return False
        targets = better_than(self.system, self.best.value)
        box = (node.lower, node.upper)
        for sign in (1,) if answer.feasible else (1, -1):
            multipliers = multipliers_from(self.master, answer, sign=sign)
            verdict = judge(self.system, self.pool, multipliers, targets, box)
            if verdict.closes:
                self._close(node, multipliers)
                return None
        if not answer.feasible:
            return False
        bound = bound_from(self.system, multipliers, targets, verdict.excess)
        if bound is not None and (node.known is None or bound > node.known):
            node.known, node.bound = bound, float(bound)
            node.proof = (self.chapter, multipliers)
            self.best.told()
        if self._near_enough(bound):
            loosest = self.best.loosest
            self.best.loosest = bound if loosest is None or (bound is not None and bound < loosest) else loosest
            self._close(node, multipliers)
            return None
        return fix_columns(self.log, node, self.chapter, multipliers, verdict)

    def _near_enough(self, bound: Value | None) -> bool:
        if self.limits.gap <= 0 or bound is None or self.best.value is None:
            return False
        return float(self.best.value - bound) <= self.limits.gap * abs(float(self.best.value))

    def _offer_whole(self, point: NDArray[np.float64]) -> None:
        if np.abs(point - np.rint(point)).max() < WHOLE:
            self.best.offer(self.system, point > 0.5)

    def _point_witnesses(self, chosen: NDArray[np.bool_]) -> list[Multipliers]:
        nothing = np.zeros(self.layout.block_measure.size)
        added = self.layout.separate(self.pool, chosen.astype(float), nothing, margin=0.0)
        witnesses = []
        for measure in sorted({*self.system.caps, *self.system.goal.measures}):
            mine = {cut: 1 for cut in added if self.layout.block_measure[self.pool.block[cut]] == measure}
            witnesses.append(Multipliers(mine, {}, {measure: 1}, 0))
        rows = self.system.rows
        for row, (low, high) in enumerate(zip(rows.low, rows.high, strict=True)):
            witnesses += [Multipliers({}, {row: 1}, {}, 0)] if low is not None else []
            witnesses += [Multipliers({}, {row: -1}, {}, 0)] if high is not None else []
        if self.system.goal.kind == "linear":
            witnesses.append(Multipliers({}, {}, {}, 1))
        return witnesses
