"""
Hundreds of random problems of middle size, solved by our large path, by compact HiGHS and by CBC: all must agree.

    python -m benchmarks.differential [--instances 300] [--first 0] [--time-limit 60]

An instance is a generated country (200 to 800 points, 25 to 60 places, one to three years, quotas) with side
constraints drawn by its seed: budget, spacing, floors, forbidden and fixed places, tolerances, mean travel or none.
Every stage's value is compared, and infeasibility. Where two disagree, the instance is made smaller while they
still do, and printed. The last line is one JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.synthetic import ZONES, country
from optimization import Floor, MissStage, Problem, Rule, solve
from optimization.compact import solve_compact
from optimization.pulp_shim import has_cbc
from optimization.stages import reported

Answer = tuple[str, tuple[float, ...]]  # "optimal", "infeasible" or "stopped", and the stages' values
Solver = Callable[[Problem, float], Answer]
SLACK = 1e-9  # of a value: solvers in floats


def instance(seed: int) -> Problem:
    """Draw an instance."""
    rng = np.random.default_rng(seed)
    counts = np.sort(rng.integers(ZONES, ZONES + 7, size=int(rng.integers(1, 4))))
    problem = country(
        points=int(rng.integers(200, 800)),
        places=int(rng.integers(25, 61)),
        counts=tuple(int(count) for count in counts),
        people=int(rng.integers(10_000, 3_000_000)),
        cap=int(rng.choice((60, 90))),
        mean=bool(rng.random() < 0.3),
        limits=(int(rng.choice((15, 20, 30))), int(rng.choice((30, 45)))),
        seed=seed,
    )
    return _with_tolerance(_bounded(_floored(_ruled(problem, rng), rng), rng), rng)


def _ruled(problem: Problem, rng: np.random.Generator) -> Problem:
    """A budget of the last year, and pairs of places that exclude each other, each in half of the instances."""
    last = np.flatnonzero(problem.columns.year == problem.columns.year.max())
    rules = list(problem.rules)
    if rng.random() < 0.5:
        cost = rng.integers(1, 20, size=last.size)
        room = int(np.sort(cost)[: ZONES + 2].sum() * rng.uniform(1.3, 3.0))
        rules.append(Rule("budget", "budget", last, cost, "<=", room))
    if rng.random() < 0.5:
        for k in range(int(rng.integers(1, 8))):
            pair = rng.choice(last, size=int(rng.integers(2, 4)), replace=False)
            rules.append(Rule(f"spacing {k}", "spacing", np.sort(pair), np.ones(pair.size, np.int64), "<=", 1))
    return replace(problem, rules=tuple(rules))


def _floored(problem: Problem, rng: np.random.Generator) -> Problem:
    if rng.random() < 0.5:
        return problem
    total = {measure.name: measure.total for measure in problem.measures}
    zones = rng.choice(ZONES, size=int(rng.integers(1, 4)), replace=False)
    floors = [
        Floor(f"floor {zone}", f"zone {zone}", int(total[f"zone {zone}"] * rng.uniform(0.35, 1.0)))
        for zone in zones.tolist()
        if total[f"zone {zone}"]
    ]
    return replace(problem, floors=tuple(floors))


def _bounded(problem: Problem, rng: np.random.Generator) -> Problem:
    """Forbid some places in every year, and fix one open from the last."""
    columns = problem.columns
    lower, upper = columns.lower.copy(), columns.upper.copy()
    places = np.unique(columns.place)[1:]
    gone = rng.choice(places, size=int(rng.integers(0, 4)), replace=False)
    upper[np.isin(columns.place, gone) & (columns.place >= ZONES)] = 0
    if rng.random() < 0.5:
        kept = rng.choice(np.setdiff1d(places, gone))
        lower[(columns.place == kept) & (columns.year == columns.year.max())] = 1
    return replace(problem, columns=replace(columns, lower=np.minimum(lower, upper), upper=upper))


def _with_tolerance(problem: Problem, rng: np.random.Generator) -> Problem:
    if rng.random() < 0.5:
        return problem
    first = problem.stages[0]
    assert isinstance(first, MissStage)
    return replace(problem, stages=(replace(first, tolerance=int(rng.integers(1, 2_000))), *problem.stages[1:]))


def ours(problem: Problem, seconds: float) -> Answer:
    """Solve by the large path."""
    found = solve(problem, time_limit=seconds)
    if found.status == "infeasible":
        return "infeasible", ()
    if found.status != "proven_optimal":
        return "stopped", ()
    return "optimal", tuple(stage.value for stage in found.stages)


def compact(solver: str) -> Solver:
    """Return what solves the compact model by HiGHS or CBC."""

    def answer(problem: Problem, seconds: float) -> Answer:
        found = solve_compact(problem, time_limit=seconds, solver=solver)
        if found.word != "optimal":
            return found.word, ()
        pairs = zip(problem.stages, found.values, strict=True)
        return "optimal", tuple(reported(problem, stage, value) for stage, value in pairs)

    return answer


def solvers() -> dict[str, Solver]:
    """Return all that can be run here."""
    found: dict[str, Solver] = {"ours": ours, "HiGHS": compact("HiGHS")}
    return found | ({"CBC": compact("CBC")} if has_cbc() else {})


def differ(one: Answer, other: Answer) -> bool:
    """Tell whether two answers contradict each other; one that was stopped says nothing."""
    if "stopped" in {one[0], other[0]}:
        return False
    if one[0] != other[0]:
        return True
    return any(abs(a - b) > SLACK * max(1.0, abs(a)) for a, b in zip(one[1], other[1], strict=True))


@dataclass(frozen=True, slots=True)
class Compared:
    """What the solvers said of one instance, with their seconds; `wrong` are those that contradict ours."""

    seed: int
    answers: dict[str, Answer]
    seconds: dict[str, float]

    @property
    def wrong(self) -> list[str]:
        """Name them."""
        return [name for name, answer in self.answers.items() if differ(self.answers["ours"], answer)]


def compared(seed: int, *, seconds: float = 60.0, of: dict[str, Solver] | None = None) -> Compared:
    """Solve an instance by all."""
    problem, answers, took = instance(seed), {}, {}
    for name, run in (of or solvers()).items():
        started = time.monotonic()
        answers[name] = run(problem, seconds)
        took[name] = time.monotonic() - started
    return Compared(seed, answers, took)


def smallest(problem: Problem, wrong: Callable[[Problem], bool], *, seconds: float = 120.0) -> Problem:
    """Leave out floors, rules, stages and rows for as long as what is left is still `wrong`, and time is left."""
    changed, deadline = True, time.monotonic() + seconds
    while changed:
        changed = False
        for trial in smaller(problem):
            if time.monotonic() > deadline:
                return problem
            if wrong(trial):
                problem, changed = trial, True
                break
    return problem


def smaller(problem: Problem) -> Iterator[Problem]:
    """Leave out a stage, some rows, some rules or some floors, one way after another."""
    if len(problem.stages) > 1:
        yield replace(problem, stages=problem.stages[:-1])
    for kept in _fewer(problem.sets.shape[0]):
        yield _of_rows(problem, np.array(kept, dtype=np.int64))
    for kept in _fewer(len(problem.rules)):
        yield replace(problem, rules=tuple(problem.rules[at] for at in kept))
    for kept in _fewer(len(problem.floors)):
        yield replace(problem, floors=tuple(problem.floors[at] for at in kept))


def _fewer(count: int) -> Iterator[list[int]]:
    """Positions without one part of them, halves first and single ones last."""
    size = count // 2
    while size >= 1:
        for start in range(0, count, size):
            yield [*range(start), *range(min(start + size, count), count)]
        size //= 2
    if count == 1:
        yield []


def _of_rows(problem: Problem, kept: Any) -> Problem:
    weights = problem.weights[kept]
    measures = tuple(
        replace(measure, total=measure.constant + int(weights[:, at].sum()))
        for at, measure in enumerate(problem.measures)
    )
    return replace(problem, sets=problem.sets[kept], weights=weights, measures=measures)


def described(problem: Problem) -> str:
    """Write a small problem out."""
    rows = [
        {"set": problem.sets.indices[a:b].tolist(), "weights": weights.tolist()}
        for a, b, weights in zip(problem.sets.indptr, problem.sets.indptr[1:], problem.weights, strict=False)
    ]
    rules = [(r.name, r.columns.tolist(), r.coefficients.tolist(), r.sense, r.right) for r in problem.rules]
    said = {"rows": rows, "rules": rules, "floors": problem.floors, "stages": problem.stages}
    bounds = {"lower": problem.columns.lower.tolist(), "upper": problem.columns.upper.tolist()}
    return json.dumps(said | bounds, default=str)


def main() -> int:
    """Run the command; 1 where some disagree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.differential")
    parser.add_argument("--instances", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--time-limit", type=float, default=60.0)
    asked = parser.parse_args()
    every, wrong = solvers(), []
    words: dict[str, int] = {}
    seconds = dict.fromkeys(every, 0.0)
    stopped = dict.fromkeys(every, 0)
    for seed in range(asked.first, asked.first + asked.instances):
        found = compared(seed, seconds=asked.time_limit, of=every)
        words[found.answers["ours"][0]] = words.get(found.answers["ours"][0], 0) + 1
        for name in every:
            seconds[name] += found.seconds[name]
            stopped[name] += found.answers[name][0] == "stopped"
        for name in found.wrong:
            wrong.append((seed, name))
            print(f"seed {seed}: ours {found.answers['ours']}, {name} {found.answers[name]}", file=sys.stderr)

            def still(trial: Problem, name: str = name) -> bool:
                return differ(ours(trial, asked.time_limit), every[name](trial, asked.time_limit))

            print(described(smallest(instance(seed), still)), file=sys.stderr)
    line = {"instances": asked.instances, "ours": words, "stopped": stopped, "disagree": wrong}
    print(json.dumps({**line, "seconds": {name: round(value, 1) for name, value in seconds.items()}}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
