from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from foundation.errors import InvalidInput
from optimization import Floor, LinearStage, Measure, MissStage, Rule, TieStage, WorstStage, validate
from tests.optimization.instances import problem_of, rule


def good():
    return problem_of(
        [[0, 1], [1]],
        [[5], [7]],
        stages=[MissStage("people", "m0"), TieStage()],
        rules=[rule("count", [0, 1], "==", 1)],
    )


def columns(**changed):
    return replace(good(), columns=replace(good().columns, **changed))


def _outside():
    sets = good().sets.copy()
    sets.indices[0] = 7
    return sets


ONE = np.ones(1, dtype=np.int64)

FAULTY = {
    "wrong shape": (lambda: columns(rank=np.array([1])), "rank has shape"),
    "fractions": (lambda: columns(rank=np.array([1.0, 2.0])), "whole numbers"),
    "bounds of 2": (lambda: columns(upper=np.array([1, 2])), "0 or 1 only"),
    "fixed and forbidden": (lambda: columns(lower=np.array([1, 0]), upper=np.array([0, 1])), "both fixed open"),
    "negative rank": (lambda: columns(rank=np.array([-1, 2])), "between 0"),
    "sets too wide": (
        lambda: replace(good(), sets=sparse.csr_array(np.ones((2, 3), np.int8))),
        "sets has 3 columns",
    ),
    "NaN weights": (lambda: replace(good(), weights=np.array([[5.0], [np.nan]])), "expected whole quanta"),
    "dense sets": (lambda: replace(good(), sets=np.ones((2, 2), np.int8)), "expected a scipy CSR array"),
    "a column of sets outside": (lambda: replace(good(), sets=_outside()), "sets names a column outside 0 to 1"),
    "weights without a sign": (
        lambda: replace(good(), weights=np.array([[5], [7]], np.uint8)),
        "expected whole quanta",
    ),
    "a total of floats": (
        lambda: replace(good(), measures=(replace(good().measures[0], total=12.0),)),
        "total is 12.0",
    ),
    "a rule beyond all numbers": (
        lambda: replace(good(), rules=(rule("count", [0, 1], "<=", 10**30),)),
        "use a coarser unit",
    ),
    "a rule of lists": (
        lambda: replace(good(), rules=(replace(good().rules[0], columns=[0, 1]),)),
        "expected an array of whole numbers",
    ),
    "sets of twos": (lambda: replace(good(), sets=good().sets * 2), "ones only"),
    "negative weight": (lambda: replace(good(), weights=np.array([[5], [-7]])), "breaks exactness"),
    "float weights": (lambda: replace(good(), weights=np.array([[5.0], [7.0]])), "whole quanta"),
    "weights of wrong shape": (lambda: replace(good(), weights=np.array([[5, 7]])), "rows by measures"),
    "total too small": (
        lambda: replace(good(), measures=(Measure("m0", "people", 1.0, 0, 11),)),
        "more than its total",
    ),
    "total too large": (lambda: replace(good(), measures=(Measure("m0", "people", 1.0, 0, 2**51),)), "coarser quantum"),
    "constant over total": (lambda: replace(good(), measures=(Measure("m0", "people", 1.0, 30, 20),)), "between 0 and"),
    "quantum of NaN": (
        lambda: replace(good(), measures=(Measure("m0", "people", float("nan"), 0, 12),)),
        "must be positive",
    ),
    "unknown sense": (lambda: replace(good(), rules=(Rule("r", "count", ONE, ONE, "<", 1),)), "not one of"),
    "column outside": (lambda: replace(good(), rules=(rule("r", [2], "<=", 1),)), "outside 0 to 1"),
    "column twice": (lambda: replace(good(), rules=(rule("r", [1, 1], "<=", 1),)), "listed twice"),
    "fractional right": (lambda: replace(good(), rules=(rule("r", [1], "<=", 1.5),)), "whole number"),
    "names twice": (
        lambda: replace(good(), rules=(rule("r", [1], "<=", 1), rule("r", [0], "<=", 1))),
        "used twice",
    ),
    "floor of nothing": (lambda: replace(good(), floors=(Floor("f", "m9", 1),)), "does not exist"),
    "no stages": (lambda: replace(good(), stages=()), "no stages"),
    "stage of nothing": (lambda: replace(good(), stages=(MissStage("s", "m9"),)), "does not exist"),
    "negative tolerance": (lambda: replace(good(), stages=(MissStage("s", "m0", -1),)), "must not be negative"),
    "worst of nobody": (
        lambda: replace(
            good(),
            weights=np.array([[0], [0]]),
            measures=(Measure("m0", "people", 1.0, 0, 0),),
            stages=(WorstStage("w", ("m0",)),),
        ),
        "no measure with a positive total",
    ),
}


def test_a_good_problem_passes():
    validate(good())


@pytest.mark.parametrize("name", FAULTY)
def test_each_fault_is_refused_and_named(name):
    build, words = FAULTY[name]
    with pytest.raises(InvalidInput, match=words):
        validate(build())


def test_all_faults_are_gathered_before_refusing():
    broken = replace(
        columns(rank=np.array([-1, 2])),
        weights=np.array([[5], [-7]]),
        measures=(Measure("m0", "people", -1.0, 0, 12),),
    )
    with pytest.raises(InvalidInput) as caught:
        validate(broken)
    faults = caught.value.values["faults"]
    assert "rank" in faults
    assert "negative" in faults
    assert "quantum" in faults


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"stages": ("x",)}, "stages[0] is str; expected MissStage"),
        ({"rules": (None,)}, "rules[0] is NoneType; expected Rule"),
        ({"rules": []}, "rules is list; expected a tuple"),
        ({"stages": (MissStage("people", "m0", tolerance=None),)}, "tolerance is None"),
        ({"stages": (LinearStage("cost", None, "JOD"),)}, "coefficients is NoneType"),
        ({"columns": None}, "columns is NoneType"),
        ({"weights": np.ones((2, 1), np.int8)}, "weights is int8"),
    ],
)
def test_parts_of_another_kind_are_refused_and_read_no_further(change, told):
    with pytest.raises(InvalidInput) as caught:
        validate(replace(problem_of([[0], [1]], [[1], [1]], stages=[MissStage("people", "m0")], width=2), **change))
    assert told in str(caught.value)


@pytest.mark.parametrize("values", [np.array([1], np.uint8), np.array([-(2**63)], np.int64)])
def test_coefficients_that_would_wrap_are_refused(values):
    odd = Rule("odd", "count", np.array([0]), values, "<=", 1)
    with pytest.raises(InvalidInput, match="rule 'odd': coefficients is"):
        validate(problem_of([[0]], [[1]], stages=[MissStage("people", "m0")], rules=[odd], width=1))
