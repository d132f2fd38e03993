from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from optimization.ascent import climbed, groups_of
from optimization.interchange import interchange, kicked, swaps_of
from optimization.problem import Rule
from optimization.system import meets_rows, rows_of
from optimization.tally import Tally

QUICK = settings(max_examples=60, deadline=None)


def drawn(seed, rows=30, columns=9):
    """Random sets and weights; two regions of columns."""
    rng = np.random.default_rng(seed)
    sets = sparse.csr_array((rng.random((rows, columns)) < 0.3).astype(np.int8))
    return sets, rng.integers(1, 50, rows).astype(np.int64), columns // 2


def ruled(columns, parts):
    """Rules (columns, sense, right) as rows, coefficients 1."""
    return rows_of(
        tuple(
            Rule(f"r{at}", "count", np.array(mine), np.ones(len(mine), np.int64), sense, right)
            for at, (mine, sense, right) in enumerate(parts)
        ),
        columns,
    )


def box(columns, *, opened=(), closed=()):
    lower, upper = np.zeros(columns, np.int64), np.ones(columns, np.int64)
    lower[list(opened)] = 1
    upper[list(closed)] = 0
    return {"lower": lower, "upper": upper}


@QUICK
@given(st.integers(0, 10**6))
def test_an_interchange_is_never_worse_keeps_rules_and_fixed_columns_and_no_swap_betters_it(seed):
    sets, weight, half = drawn(seed)
    rows = ruled(9, [(range(9), "==", 4), (range(half), ">=", 1), (range(half, 9), "<=", 3)])
    swaps = swaps_of(sets, weight, rows, **box(9, opened=[0], closed=[8]))
    start = np.zeros(9, dtype=bool)
    start[[0, 1, 4, 5]] = True
    found = interchange(swaps, start)
    assert meets_rows(rows, found)
    assert found[0]
    assert not found[8]
    assert swaps.missed(found) <= swaps.missed(start)
    for out in np.flatnonzero(found & swaps.movable):
        for into in np.flatnonzero(~found & swaps.movable):
            other = found.copy()
            other[[out, into]] = False, True
            assert not meets_rows(rows, other) or swaps.missed(other) >= swaps.missed(found)


def test_kicks_offer_only_better_plans_and_the_same_ones_each_time():
    sets, weight, _ = drawn(5, 200, 24)
    rows = ruled(24, [(range(24), "==", 6)])
    swaps = swaps_of(sets, weight, rows, **box(24))
    start = np.zeros(24, dtype=bool)
    start[:6] = True
    runs = []
    for _ in range(2):
        offered = []
        kicked(
            swaps, start, kicks=10, seed=3, deadline=np.inf, offer=lambda plan, seen=offered: seen.append(plan.copy())
        )
        values = [swaps.missed(start), *(swaps.missed(plan) for plan in offered)]
        assert values == sorted(values, reverse=True)
        assert len(set(values)) == len(values)
        assert all(meets_rows(rows, plan) for plan in offered)
        runs.append([plan.tolist() for plan in offered])
    assert runs[0] == runs[1]


def test_columns_told_apart_by_too_many_rules_are_not_swapped():
    count = 260
    sets = sparse.csr_array(np.eye(count, dtype=np.int8))
    rows = ruled(count, [([at], "<=", 1) for at in range(count)])
    assert swaps_of(sets, np.ones(count, np.int64), rows, **box(count)) is None


@QUICK
@given(st.integers(0, 10**6))
def test_the_ascent_never_passes_the_least_miss_and_meets_a_target_it_is_given(seed):
    sets, weight, half = drawn(seed)
    rows = ruled(9, [(range(half), "<=", 2), (range(half, 9), "==", 1)])
    limits = box(9)
    groups = groups_of(rows, limits["lower"], limits["upper"])
    least = min(
        int(weight[~(sets.toarray()[:, [*first, *second]] > 0).any(axis=1)].sum())
        for first in combinations(range(half), 2)
        for second in combinations(range(half, 9), 1)
    )
    start = np.full(weight.size, 0.5)
    summit = climbed(sets, weight.astype(float), groups, target=least + 5.0, t=start, steps=200)
    assert summit.bound <= least + 1e-6
    assert ((summit.t >= 0) & (summit.t <= 1)).all()
    eager = climbed(sets, weight.astype(float), groups, target=-1e9, t=start, steps=200)
    assert eager.bound <= summit.bound + 1e-9


def test_rules_that_share_a_column_have_no_groups():
    shared = ruled(3, [([0, 1], "<=", 1), ([1, 2], "<=", 1)])
    assert groups_of(shared, np.zeros(3, np.int64), np.ones(3, np.int64)) is None


@QUICK
@given(st.integers(0, 10**6))
def test_a_tally_knows_what_every_swap_saves_however_many_swaps_came_before(seed):
    sets, weight, _ = drawn(seed)
    rng = np.random.default_rng(seed)

    def missed(plan):
        return float(weight[sets @ plan.astype(np.int64) == 0].sum())

    start = np.zeros(9, dtype=bool)
    start[rng.choice(9, 4, replace=False)] = True
    tally = Tally(sets, sparse.csc_array(sets), weight.astype(float), start)
    kept = tally.copy()
    for _ in range(6):
        out, into = np.flatnonzero(tally.plan), np.flatnonzero(~tally.plan)
        saved = tally.savings(out)
        for at, leaves in enumerate(out):
            for enters in into:
                other = tally.plan.copy()
                other[[leaves, enters]] = False, True
                assert saved[at, enters] == missed(tally.plan) - missed(other)
        tally.swap(int(rng.choice(out)), int(rng.choice(into)))
        assert tally.missed == missed(tally.plan)
    assert kept.plan.tolist() == start.tolist()
    assert kept.missed == missed(start)
