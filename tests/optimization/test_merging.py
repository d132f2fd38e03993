from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimization import MissStage
from optimization.merging import LOST, SATISFIED, equal_rows, merged
from tests.optimization.instances import misses, problem_of, problems


def problem(**more):
    return problem_of([[0, 1], [1, 2], [0, 1], [2]], [[1], [2], [4], [8]], stages=[MissStage("p", "m0")], **more)


def test_rows_of_equal_set_become_one_with_added_weight():
    core = merged(problem())
    assert core.group.tolist() == [0, 1, 0, 2]
    assert core.weights.ravel().tolist() == [5, 2, 8]
    assert core.constant.tolist() == [0]


def test_a_site_fixed_open_takes_its_rows_out_and_a_forbidden_one_leaves_the_sets():
    core = merged(problem(lower=[0, 1, 0], upper=[1, 1, 0]))
    assert core.group.tolist() == [SATISFIED, SATISFIED, SATISFIED, LOST]
    assert core.constant.tolist() == [8]


def test_equal_rows_are_labelled_in_order_of_appearance():
    label, first = equal_rows(problem().sets)
    assert label.tolist() == [0, 1, 0, 2]
    assert first.tolist() == [0, 1, 3]


@settings(max_examples=100, deadline=None)
@given(problems(), st.data())
def test_no_reduction_changes_a_miss(case, data):
    columns = case.columns
    core = merged(case)
    free = columns.lower < columns.upper
    draws = np.array(data.draw(st.lists(st.integers(0, 2), min_size=free.size, max_size=free.size)))
    lower = np.where(free & (draws == 1), 1, columns.lower)
    upper = np.where(free & (draws == 0), 0, columns.upper)
    smaller = core.narrowed(lower, upper)
    picks = np.array(data.draw(st.lists(st.booleans(), min_size=free.size, max_size=free.size)))
    plan = np.where(picks, upper, lower).astype(bool)
    told = list(misses(case, plan.astype(int)).values())
    assert core.missed(plan) == told
    assert smaller.missed(plan) == told
