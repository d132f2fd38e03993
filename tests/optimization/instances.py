"""Small random problems for tests, and the answer by trying every plan."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from scipy import sparse

from optimization import Columns, Floor, Measure, MissStage, Problem, Rule, TieStage, WorstStage


def problem_of(
    sets,
    weights,
    *,
    stages,
    rules=(),
    floors=(),
    years=1,
    lower=None,
    upper=None,
    rank=None,
    constants=None,
    width=None,
    units=None,
):
    """Build a problem from lists: sets of column positions, one weight row a row."""
    width = width if width is not None else max((max(s, default=0) for s in sets), default=0) + 1
    weights = np.array(weights, dtype=np.int64)
    if weights.ndim == 1:
        weights = weights.reshape(len(sets), -1)
    measures = weights.shape[1]
    constants = list(constants or [0] * measures)
    flat = [column for s in sets for column in sorted(s)]
    indptr = np.cumsum([0, *(len(s) for s in sets)])
    matrix = sparse.csr_array(
        (np.ones(len(flat), np.int8), np.array(flat, dtype=np.int32), indptr), shape=(len(sets), width)
    )
    every = np.arange(width)
    places = width // years
    return Problem(
        Columns(
            place=every % places,
            kind=np.zeros(width, np.int64),
            year=every // places,
            lower=np.zeros(width, np.int64) if lower is None else np.array(lower),
            upper=np.ones(width, np.int64) if upper is None else np.array(upper),
            rank=every + 1 if rank is None else np.array(rank),
        ),
        matrix,
        weights,
        tuple(
            Measure(
                f"m{at}", (units or {}).get(at, "people"), 1.0, constants[at], constants[at] + int(weights[:, at].sum())
            )
            for at in range(measures)
        ),
        tuple(rules),
        tuple(stages),
        tuple(floors),
    )


def rule(name, columns, sense, right, coefficients=None, *, kind="count", structural=False):
    """One rule; coefficients are ones unless given."""
    columns = np.array(columns, dtype=np.int64)
    values = np.ones(columns.size, np.int64) if coefficients is None else np.array(coefficients, dtype=np.int64)
    return Rule(name, kind, columns, values, sense, right, structural=structural)


def feasible(problem, plan, caps=()):
    """Tell whether a plan (tuple of 0/1) meets bounds, rules, floors and `caps` of (measure, allowed)."""
    plan = np.array(plan)
    if (plan < problem.columns.lower).any() or (plan > problem.columns.upper).any():
        return False
    for r in problem.rules:
        total = int((r.coefficients * plan[r.columns]).sum())
        if not {"<=": total <= r.right, ">=": total >= r.right, "==": total == r.right}[r.sense]:
            return False
    missed = misses(problem, plan)
    limits = [*((f.measure, f.allowed) for f in problem.floors), *caps]
    return all(missed[name] <= allowed for name, allowed in limits)


def misses(problem, plan):
    """Count misses row by row, in Python."""
    dense = problem.sets.toarray()
    result = {m.name: m.constant for m in problem.measures}
    for row in range(dense.shape[0]):
        if not any(dense[row, j] and plan[j] for j in range(dense.shape[1])):
            for at, m in enumerate(problem.measures):
                result[m.name] += int(problem.weights[row, at])
    return result


def brute_force(problem):
    """Return ([value of each stage], plans left at the end); ([], []) when nothing is feasible."""
    plans = [p for p in itertools.product((0, 1), repeat=problem.columns.place.size) if feasible(problem, p)]
    totals = {m.name: m.total for m in problem.measures}
    missed = {p: misses(problem, p) for p in plans}
    values = []
    for stage in problem.stages:
        if not plans:
            return [], []
        if isinstance(stage, MissStage):
            value = min(missed[p][stage.measure] for p in plans)
            plans = [p for p in plans if missed[p][stage.measure] <= value + stage.tolerance]
        elif isinstance(stage, WorstStage):
            names = [n for n in stage.measures if totals[n] > 0]

            def worst(p, names=names):
                return min(1 - Fraction(missed[p][n], totals[n]) for n in names)

            value = max(worst(p) for p in plans)
            loss = 1 - value + Fraction(stage.tolerance)
            plans = [p for p in plans if all(missed[p][n] <= (loss * totals[n]).__floor__() for n in names)]
        else:
            value = min(int(problem.columns.rank @ np.array(p)) for p in plans)
            plans = [p for p in plans if int(problem.columns.rank @ np.array(p)) <= value]
        values.append(float(value))
    return values, plans


@st.composite
def problems(draw, *, most_places=6, floors=True):
    """Random problems: one or two nested years, quotas, budget, spacing, floors, fixed columns, one to four stages."""
    years = draw(st.sampled_from([1, 1, 2]))
    places = draw(st.integers(2, most_places if years == 1 else max(2, most_places // 2 + 1)))
    width = places * years
    rows = draw(st.integers(0, 10))
    zones = 2
    sets, weights = [], []
    for _ in range(rows):
        year = draw(st.integers(0, years - 1))
        chosen = draw(st.lists(st.integers(0, places - 1), min_size=1, max_size=places, unique=True))
        sets.append([year * places + p for p in chosen])
        base = draw(st.sampled_from([0, 1, 2, 3, 7, 50, 10**6]))
        zone = draw(st.integers(0, zones - 1))
        weights.append(
            [base, *(base if z == zone and year == years - 1 else 0 for z in range(zones)), draw(st.integers(0, 9))]
        )
    weights = np.array(weights, dtype=np.int64).reshape(rows, zones + 2)
    rules = []
    for t in range(years):
        sense = draw(st.sampled_from(["==", "<=", ">="]))
        rules.append(rule(f"count {t}", range(t * places, (t + 1) * places), sense, draw(st.integers(0, places))))
    for p in range(places if years == 2 else 0):
        rules.append(rule(f"stays {p}", [p, places + p], "<=", 0, [1, -1], kind="open_stays_open", structural=True))
    if draw(st.booleans()):
        mine = draw(st.lists(st.integers(0, width - 1), min_size=1, max_size=width, unique=True))
        rules.append(rule("quota", mine, ">=", draw(st.integers(0, 2)), kind="quota"))
    if draw(st.booleans()):
        costs = draw(st.lists(st.integers(1, 9), min_size=width, max_size=width))
        rules.append(rule("budget", range(width), "<=", draw(st.integers(3, 30)), costs, kind="budget"))
    if draw(st.booleans()) and places >= 2:
        rules.append(rule("spacing", [0, 1], "<=", 1, kind="spacing"))
    limits = []
    if floors and draw(st.booleans()):
        total = int(weights[:, 1].sum())
        limits.append(Floor("floor zone 0", "m1", draw(st.integers(0, max(0, total)))))
    bounds = draw(
        st.lists(st.sampled_from([(0, 1), (0, 1), (0, 1), (0, 1), (0, 0), (1, 1)]), min_size=width, max_size=width)
    )
    pool = [
        MissStage("people", "m0", draw(st.sampled_from([0, 0, 1, 10]))),
        WorstStage("worst", ("m1", "m2"), draw(st.sampled_from([0.0, 0.0, 0.05]))),
        MissStage("travel", "m3", draw(st.sampled_from([0, 0, 2]))),
    ]
    constants = draw(st.lists(st.integers(0, 5), min_size=zones + 2, max_size=zones + 2))
    if not (weights[:, 1].sum() + constants[1] or weights[:, 2].sum() + constants[2]):
        pool.pop(1)
    stages = draw(st.permutations(pool))[: draw(st.integers(1, len(pool)))]
    if draw(st.booleans()):
        stages = [*stages, TieStage()]
    return problem_of(
        sets,
        weights,
        stages=stages,
        rules=rules,
        floors=limits,
        years=years,
        lower=[b[0] for b in bounds],
        upper=[b[1] for b in bounds],
        constants=constants,
        width=width,
    )
