"""
How soon a changed problem is answered: seeded edits of a generated country, with and without what the last solve left.

    python -m benchmarks.resolve [--edits 200] [--cold 20] [--stage all|first]

Prints one JSON line: seconds of each kind of edit (median, 90th percentile, most) with the memory, and the ratio
of the two on the first `--cold` edits, which are also solved from nothing; both answers must be equal.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import ZONES, country
from optimization import Floor, Memory, Problem, Solution, solve

Edit = Callable[[Problem, Solution, np.random.Generator], Problem]
SHAPE: dict[str, Any] = {"points": 10_000, "places": 300, "counts": (12, 15, 20, 25), "mean": False, "seed": 1}
YEARS = len(SHAPE["counts"])


def _bounded(problem: Problem, columns: NDArray[np.int64], side: int) -> Problem:
    lower, upper = problem.columns.lower.copy(), problem.columns.upper.copy()
    lower[columns] = upper[columns] = side
    return replace(problem, columns=replace(problem.columns, lower=lower, upper=upper))


def _shut(problem: Problem, known: Solution, rng: np.random.Generator) -> Problem:
    """Forbid, in every year, a place that the answer opens."""
    free = np.flatnonzero(known.chosen & (problem.columns.lower == 0))
    place = problem.columns.place[rng.choice(free)]
    return _bounded(problem, np.flatnonzero(problem.columns.place == place), 0)


def _open(problem: Problem, known: Solution, rng: np.random.Generator) -> Problem:
    """Demand, by the last year, a place that the answer leaves shut."""
    last = np.flatnonzero(problem.columns.year == YEARS - 1)
    return _bounded(problem, rng.choice(last[~known.chosen[last]], size=1), 1)


def _count(problem: Problem, known: Solution, rng: np.random.Generator) -> Problem:
    """One centre more or less in the last year."""
    del known
    step = int(rng.choice((-1, 1)))
    name = f"count {YEARS - 1}"
    rules = tuple(replace(rule, right=rule.right + step) if rule.name == name else rule for rule in problem.rules)
    return replace(problem, rules=rules)


def _quota(problem: Problem, known: Solution, rng: np.random.Generator) -> Problem:
    """One zone's quota dropped, or raised to two."""
    del known
    name = f"quota {rng.integers(ZONES)}"
    if rng.random() < 0.5:
        return replace(problem, rules=tuple(rule for rule in problem.rules if rule.name != name))
    return replace(problem, rules=tuple(replace(r, right=2) if r.name == name else r for r in problem.rules))


def _floor(problem: Problem, known: Solution, rng: np.random.Generator) -> Problem:
    """The worst zone's share, found in the answer, demanded of one zone and a little more."""
    zone = f"zone {rng.integers(ZONES)}"
    measure = next(measure for measure in problem.measures if measure.name == zone)
    share = min(0.99, known.stages[1].value + 0.02)
    return replace(problem, floors=(*problem.floors, Floor("a share", zone, int((1.0 - share) * measure.total))))


def _standard(problem: Problem, known: Solution, rng: np.random.Generator) -> Problem:
    """Both standards five minutes longer or shorter."""
    del problem, known
    step = int(rng.choice((-5, 5)))
    return country(**SHAPE, limits=(30 + step, 60 + step))


EDITS: dict[str, Edit] = {
    "site shut": _shut,
    "site open": _open,
    "one more or less": _count,
    "quota": _quota,
    "floor": _floor,
    "standard": _standard,
}


def measured(edits: int, cold: int, *, first_only: bool) -> dict[str, Any]:
    """Solve the country, then each edit of it; see the module."""
    base = country(**SHAPE)
    base = replace(base, stages=base.stages[:1]) if first_only else base
    memory = Memory()
    started = time.perf_counter()
    known = solve(country(**SHAPE)) if first_only else solve(base, memory=memory)
    whole = time.perf_counter() - started
    if first_only:
        solve(base, memory=memory)
    rng = np.random.default_rng(7)
    taken: dict[str, list[float]] = {kind: [] for kind in EDITS}
    ratios = []
    for at in range(edits):
        kind = list(EDITS)[at % len(EDITS)]
        changed = EDITS[kind](base, known, rng)
        changed = replace(changed, stages=base.stages)
        seconds, found = _timed(changed, memory.copy())
        taken[kind].append(seconds)
        if at < cold:
            other, afresh = _timed(changed, None)
            ratios.append(other / seconds)
            assert (found.chosen == afresh.chosen).all(), f"edit {at} ({kind}): two answers"
    every = [seconds for several in taken.values() for seconds in several]
    return {
        "first_s": round(whole, 2),
        "all": _spread(every),
        "under_1_s": round(float(np.mean(np.array(every) < 1.0)), 3),
        **{kind: _spread(several) for kind, several in taken.items() if several},
        "times_faster_median": round(float(np.median(ratios)), 1) if ratios else None,
    }


def _timed(problem: Problem, memory: Memory | None) -> tuple[float, Solution]:
    started = time.perf_counter()
    found = solve(problem, memory=memory)
    return time.perf_counter() - started, found


def _spread(seconds: list[float]) -> dict[str, float]:
    listed = np.array(seconds)
    return {
        "n": listed.size,
        "median_s": round(float(np.median(listed)), 2),
        "p90_s": round(float(np.percentile(listed, 90)), 2),
        "most_s": round(float(listed.max()), 2),
    }


def main() -> None:
    """Read the command line and print the line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolve")
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--cold", type=int, default=20)
    parser.add_argument("--stage", choices=("all", "first"), default="all")
    asked = parser.parse_args()
    print(json.dumps(measured(asked.edits, asked.cold, first_only=asked.stage == "first")))


if __name__ == "__main__":
    main()
