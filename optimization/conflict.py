"""
Why no plan exists, in the planner's own demands.

Among the named rules and floors (structural rules and bounds stay), a deletion
filter finds a set that cannot be met together while any one of them dropped lets
the rest be met. For each, the least change of its right side that alone mends the
whole problem; where another clash remains, that mends this clash.

Reference: Chinneck (2008), Feasibility and Infeasibility in Optimization, ch. 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimization.limits import Limits
from optimization.merging import Core
from optimization.problem import Floor, Problem, Rule
from optimization.search import Outcome, search
from optimization.solution import Conflict
from optimization.stages import floor_caps
from optimization.system import Goal, system_of

Demand = Rule | Floor
# nodes of one question, and of all that look for the clash and for its mends: without a time limit too it ends
NODES, ALL_NODES, MENDING_NODES = 30, 1_000, 500


@dataclass(slots=True)
class _Question:
    problem: Problem
    core: Core
    limits: Limits
    left: int = ALL_NODES

    def ask(self, demands: Sequence[Demand], goal: Goal | None = None) -> Outcome:
        """Search under the structural rules and `demands`; without a goal, for any plan."""
        rules = tuple(rule for rule in self.problem.rules if rule.structural)
        rules += tuple(demand for demand in demands if isinstance(demand, Rule))
        floors = tuple(demand for demand in demands if isinstance(demand, Floor))
        caps = floor_caps(replace(self.problem, floors=floors))
        nothing = np.zeros(self.core.lower.size, dtype=np.int64)
        asked = goal or Goal("linear", (), nothing)
        limits = replace(self.limits, nodes=min(NODES if goal is None else self.left, self.left))
        outcome = search(system_of(self.problem, self.core, rules=rules, caps=caps, goal=asked), limits=limits)
        self.left -= outcome.nodes
        if outcome.interrupted:
            raise KeyboardInterrupt
        return outcome

    def impossible(self, demands: Sequence[Demand]) -> bool | None:
        """True: no plan, proven. False: a plan was found. None: out of time, or of nodes."""
        outcome = self.ask(demands)
        if outcome.chosen is not None:
            return False
        return True if outcome.complete else None


def explain(problem: Problem, core: Core, *, limits: Limits) -> Conflict:
    """
    Find an irreducible clash and the least relaxations.

    A subset that ran out of time, or of `NODES`, is kept, and `Conflict.irreducible` is then False; so it is after
    Ctrl-C, which ends the explanation with what is known. The names are empty when bounds and structural rules alone
    cannot be met.
    """
    question = _Question(problem, core, limits)
    demands = [rule for rule in problem.rules if not rule.structural]
    everything: list[Demand] = [*demands, *problem.floors]
    kept, sure = _alone(demands, core), True
    relaxations: dict[str, float] = {}
    try:
        if kept:
            structural = question.impossible([])
            kept, sure = ([], True) if structural else (kept, structural is not None)  # they may clash by themselves
        else:
            kept, sure = _filtered(question, [*problem.floors, *demands])
        question.left = MENDING_NODES
        for demand in kept:
            for others in (everything, kept):
                change = _least_change(question, demand, [other for other in others if other is not demand])
                if change is not None:
                    relaxations[demand.name] = change
                    break
    except KeyboardInterrupt:
        kept, sure = kept or everything, False
    order = {demand.name: at for at, demand in enumerate(everything)}
    return Conflict(tuple(sorted((demand.name for demand in kept), key=order.__getitem__)), sure, relaxations)


def _alone(rules: Sequence[Rule], core: Core) -> list[Demand]:
    """The last rule that the bounds of its columns alone rule out: a clash by itself, found without a search."""
    for rule in reversed(rules):
        low, high = core.lower[rule.columns], core.upper[rule.columns]
        least = int(np.minimum(rule.coefficients * low, rule.coefficients * high).sum())
        most = int(np.maximum(rule.coefficients * low, rule.coefficients * high).sum())
        if (rule.sense in {">=", "=="} and most < rule.right) or (rule.sense in {"<=", "=="} and least > rule.right):
            return [rule]
    return []


def _filtered(question: _Question, demands: list[Demand]) -> tuple[list[Demand], bool]:
    """Drop demands while the rest still clash; large pieces first."""
    kept, sure = list(demands), True
    size = max(1, len(kept) // 2)
    while size >= 1:
        at = 0
        while at < len(kept):
            trial = kept[:at] + kept[at + size :]
            answer = question.impossible(trial)
            if answer:
                kept = trial
                continue
            if answer is None and size == 1:
                sure = False
            at += size
        size //= 2
    return kept, sure


def _least_change(question: _Question, demand: Demand, others: Sequence[Demand]) -> float | None:
    """The signed change of a demand's right side, in its unit, after which `others` and it can be met."""
    if isinstance(demand, Floor):
        at = [measure.name for measure in question.problem.measures].index(demand.measure)
        nothing = np.zeros(question.core.lower.size, dtype=np.int64)
        outcome = question.ask(others, Goal("miss", (at,), nothing))
        if outcome.value is None or not outcome.complete:
            return None
        return float(outcome.value - demand.allowed) * question.problem.measures[at].quantum
    changes: list[float] = []
    for sign in (1, -1):
        if demand.sense in {"<=" if sign > 0 else ">=", "=="}:
            change = _extreme(question, demand, others, sign=sign)
            if change is None:  # the other way may be the shorter
                return None
            changes.append(change)
    least = min(changes, key=abs)
    return least if math.isfinite(least) else None


def _extreme(question: _Question, rule: Rule, others: Sequence[Demand], *, sign: int) -> float | None:
    """
    How far the right side must move up (sign 1) or down (-1) so that the rule can hold with `others`.

    Infinite where no such move is enough; None where the time ended first.
    """
    coefficients = np.zeros(question.core.lower.size, dtype=np.int64)
    coefficients[rule.columns] = sign * rule.coefficients
    beyond = list(others)
    if rule.sense == "==":
        beyond.append(replace(rule, sense=">=" if sign > 0 else "<="))
    outcome = question.ask(beyond, Goal("linear", (), coefficients))
    if not outcome.complete:
        return None
    return math.inf if outcome.value is None else float(sign * outcome.value - rule.right)
