"""
A node before its LP: the Lagrangian bound, plans near it, and the columns that it already fixes.

The ascent (`ascent`) runs in floats; what it ends with is rounded to `PLANES` binary places, t = Σ_k 2^k [row r
in plane k] / (2^K − 1), so that its multipliers are whole numbers on K plain cuts of one block, judged as any
others are (`duality`) and replayed as any others are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimization.ascent import LENGTH, Groups, Summit, climbed, groups_of
from optimization.bounder import Best, Node, fix_columns
from optimization.cut_pool import CutPool
from optimization.cuts import Layout
from optimization.duality import Multipliers, bound_from, judge
from optimization.guide import Guide
from optimization.interchange import Swaps, interchange, kicked, swaps_of
from optimization.limits import Limits
from optimization.merging import Core
from optimization.proof_log import Chapter, ProofLog
from optimization.system import System, better_than

PLANES, UNIT = 16, 2**24
STEPS = 600
AGAIN = 0.02  # first step of an ascent that goes on
WORTH = 20_000  # entries of the sets; an LP of fewer is quicker than an ascent
SHRUNK = 0.9  # the rows are merged again when the free columns fall to this share
KICKS, SHAKES = 60, 4  # in vain, before the LP and at a node


def ascended(system: System, log: ProofLog, best: Best, limits: Limits, node: Node) -> Guide | None:
    """
    Bound a node by the Lagrangian, propose plans, fix columns; None where it does not apply.

    The node may be closed by it: it then has a witness in `log`. `system` holds the rows merged in the node's box.
    """
    guide: Guide | None = None
    while True:
        core = system.core
        groups = groups_of(system.rows, node.lower, node.upper)
        if groups is None or not _fits(system, core):
            return guide
        measure = system.goal.measures[0]
        weight = core.weights[:, measure].astype(np.float64)
        t = np.full(weight.size, 0.5) if guide is None else guide.over(core, measure)
        constant = float(core.constant[measure])
        if best.value is None:
            _propose(system, core, best, limits, node, groups, Summit(t, 0.0, core.sets.T @ weight), kicks=0)
        most = float(best.value) if best.value is not None else float(system.totals[measure])
        summit = climbed(
            core.sets,
            weight,
            groups,
            target=most - 0.5 - constant,
            t=t,
            steps=STEPS,
            length=LENGTH if guide is None else AGAIN,
            deadline=limits.deadline,
        )
        _propose(system, core, best, limits, node, groups, summit, kicks=0)
        free, known = int((node.lower < node.upper).sum()), best.value
        _judged(system, core, groups, log, best, node, summit)
        if log.nodes[node.number].witness >= 0:
            return guide
        if guide is None:
            _propose(system, core, best, limits, node, groups, summit, kicks=KICKS)
        guide = Guide(core, {measure: summit.t}, summit.mean)
        if best.value == known and int((node.lower < node.upper).sum()) > SHRUNK * free:
            return guide
        system = replace(system, core=core.narrowed(node.lower, node.upper))


def swaps_for(system: System) -> Swaps | None:
    """Prepare swaps over all of a system; None where an ascent would not apply, or its rules leave none to weigh."""
    core = system.core
    if not _fits(system, core):
        return None
    weight = core.weights[:, system.goal.measures[0]]
    return swaps_of(core.sets, weight, system.rows, lower=core.lower, upper=core.upper)


def shaken(system: System, swaps: Swaps, best: Best, limits: Limits, *, round_: int) -> None:
    """Kick the best plan a few times, another way each round."""
    plan = best.chosen
    if plan is None:
        return
    kicked(
        swaps,
        plan,
        kicks=SHAKES,
        seed=limits.seed + 1000 + round_,
        deadline=limits.deadline,
        offer=lambda found: best.offer(system, found),
    )


def _fits(system: System, core: Core) -> bool:
    return system.goal.kind == "miss" and not system.caps and core.sets.indices.size >= WORTH


def _propose(
    system: System, core: Core, best: Best, limits: Limits, node: Node, groups: Groups, summit: Summit, *, kicks: int
) -> None:
    """Offer the plan of the mean point's largest columns, and what swaps make of it and of the best plan."""
    weight = core.weights[:, system.goal.measures[0]]
    swaps = swaps_of(core.sets, weight, system.rows, lower=node.lower, upper=node.upper)
    plan = node.lower == 1
    plan[groups.best(summit.mean)] = True
    best.offer(system, plan)
    if swaps is None or best.chosen is None:
        return
    for start in (plan, best.chosen):
        if ((start >= node.lower) & (start <= node.upper)).all():
            best.offer(system, interchange(swaps, start, deadline=limits.deadline))
    start = best.chosen
    if kicks and ((start >= node.lower) & (start <= node.upper)).all():
        kicked(
            swaps,
            start,
            kicks=kicks,
            seed=limits.seed,
            deadline=limits.deadline,
            offer=lambda found: best.offer(system, found),
        )


def _judged(system: System, core: Core, groups: Groups, log: ProofLog, best: Best, node: Node, summit: Summit) -> None:
    """Close the node, or fix columns, by what the ascent proves."""
    measure = system.goal.measures[0]
    layout, pool = core.layout((measure,), blocks=1), CutPool()
    multipliers = _multipliers(layout, pool, groups, measure, summit)
    targets = better_than(system, best.value)
    verdict = judge(system, pool, multipliers, targets, (node.lower, node.upper))
    chapter = log.open_chapter(Chapter(core, layout, pool))
    bound = bound_from(system, multipliers, targets, verdict.excess)
    if bound is not None and (node.known is None or bound > node.known):
        node.known, node.bound, node.proof = bound, float(bound), (chapter, multipliers)
        best.told()
    if verdict.closes:
        log.nodes[node.number].witness = log.witness(chapter, multipliers)
        return
    fix_columns(log, node, chapter, multipliers, verdict)


def _multipliers(layout: Layout, pool: CutPool, groups: Groups, measure: int, summit: Summit) -> Multipliers:
    """The ascent's multipliers on the planes of t, and on the rules the price of one more open column."""
    whole = np.rint(summit.t[layout.rows] * (2**PLANES - 1)).astype(np.int64)
    cuts, profit = {}, np.zeros(layout.sets.shape[1])
    across = layout.sets.T.astype(np.int64)
    for plane in range(PLANES):
        members = (whole >> plane) & 1 == 1
        if not members.any():
            continue
        weight = np.where(members, layout.weight, 0)
        slope = across @ weight
        cuts[pool.add(0, members, int(weight.sum()), slope)] = UNIT << plane
        profit += slope * float(2**plane)
    prices = groups.prices(profit)
    rules = {rule: -round(price * UNIT) for rule, price in zip(groups.rules, prices, strict=True)}
    return Multipliers(
        cuts, {rule: weight for rule, weight in rules.items() if weight}, {measure: UNIT * (2**PLANES - 1)}, 0
    )
