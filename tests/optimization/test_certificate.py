from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import optimization
from foundation.errors import BrokenProof
from optimization import MissStage, TieStage, WorstStage, certificate
from tests.optimization.instances import brute_force, problem_of, problems, rule

RANDOM = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def case():
    rng = np.random.default_rng(5)
    sets = [sorted(rng.choice(12, size=4, replace=False).tolist()) for _ in range(40)]
    weights = rng.integers(1, 90, size=(40, 1))
    zones = (np.arange(40) % 3)[:, None] == np.arange(3)
    return problem_of(
        sets,
        np.hstack([weights, weights * zones]),
        stages=[MissStage("people", "m0", 5), WorstStage("worst", ("m1", "m2", "m3")), TieStage()],
        rules=[rule("count", range(12), "==", 3), rule("quota", [0, 1, 2], ">=", 1)],
    )


@pytest.fixture(scope="module")
def solved():
    problem = case()
    return problem, optimization.solve(problem)


def test_the_replay_proves_each_stage(solved):
    problem, solution = solved
    checks = certificate.verify(problem, solution)
    assert [c.objective for c in checks] == ["people", "worst", "tie"]
    assert all(c.proves for c in checks)
    assert [c.checked_bound for c in checks] == [s.value for s in solution.stages]
    assert all(c.leaves >= 1 for c in checks)


@RANDOM
@given(problems(most_places=5), st.data())
def test_no_certificate_proves_a_plan_that_is_not_best(problem, data):
    values, _ = brute_force(problem)
    assume(values)
    solution = optimization.solve(problem)
    stage = problem.stages[0]
    first = replace(problem, stages=problem.stages[:1])
    others = [
        p
        for p in brute_force(replace(first, stages=(MissStage("any", "m0", 2**40),)))[1]
        if _value(first, p) != values[0]
    ]
    assume(others)
    plan = np.array(data.draw(st.sampled_from(others)), dtype=bool)
    told = replace(solution.stages[0], value=_value(first, plan.astype(int)))
    claimed = replace(
        solution,
        chosen=plan,
        stages=(told,),
        certificate={**solution.certificate, "stage_chosen": plan[None, :]},
    )
    try:
        (check,) = certificate.replay(first, claimed)
    except BrokenProof:  # a fixing that holds only below the true value
        return
    assert not check.proves
    if isinstance(stage, WorstStage):
        assert not check.checked_bound < values[0]
    else:
        assert not check.checked_bound > values[0]


def _value(problem, plan):
    (stage,) = problem.stages
    only = replace(problem, stages=(stage,))
    from optimization.rechecking import Counter, stage_value

    return float(Fraction(stage_value(Counter(only), stage, np.array(plan, dtype=bool))))


@RANDOM
@given(st.data())
def test_a_changed_number_in_the_certificate_never_proves_something_untrue(solved, data):
    problem, solution = solved
    names = sorted(name for name, values in solution.certificate.items() if values.size and name != "stage_chosen")
    name = data.draw(st.sampled_from(names))
    values = solution.certificate[name].copy()
    at = data.draw(st.integers(0, values.size - 1))
    step = data.draw(st.sampled_from([1, -1, 7]))
    values.flat[at] = (int(values.flat[at]) + step) % 256 if values.dtype == np.uint8 else values.flat[at] + step
    changed = replace(solution, certificate={**solution.certificate, name: values})
    try:
        checks = certificate.replay(problem, changed)
    except BrokenProof:
        return
    for check, stage in zip(checks, solution.stages, strict=True):
        assert check.value == stage.value
        worse = check.checked_bound < stage.value if check.unit == "share" else check.checked_bound > stage.value
        assert not worse


@pytest.mark.parametrize("name", ["s0_node", "witness_cut", "cut_bits", "s1_fix", "witness_chapter"])
def test_a_missing_array_is_no_proof(solved, name):
    problem, solution = solved
    kept = {key: values for key, values in solution.certificate.items() if key != name}
    with pytest.raises(BrokenProof):
        certificate.verify(problem, replace(solution, certificate=kept))


def test_without_a_certificate_nothing_is_proven(solved):
    problem, solution = solved
    plans = {"stage_chosen": solution.certificate["stage_chosen"]}
    bare = replace(solution, certificate=plans)
    checks = certificate.replay(problem, bare)
    assert not any(check.proves for check in checks)
    with pytest.raises(BrokenProof, match="does not confirm stage"):
        certificate.verify(problem, bare)
    assert all(math.isnan(check.checked_bound) for check in checks)


def test_the_proof_of_one_problem_is_none_for_another(solved):
    problem, solution = solved
    heavier = problem.weights.copy()
    heavier[0, 0] += 1
    other = replace(problem, weights=heavier)
    other = replace(
        other, measures=(replace(problem.measures[0], total=problem.measures[0].total + 1), *problem.measures[1:])
    )
    try:
        checks = certificate.verify(other, solution)
    except BrokenProof:
        return
    again = optimization.solve(other)
    assert not checks[0].proves or again.stages[0].value == solution.stages[0].value


def test_multipliers_beyond_64_bits_survive():
    from optimization.certificate_arrays import limbs_of
    from optimization.witnesses import _whole

    numbers = [0, 1, -1, 2**30, -(2**30) + 1, 2**89 + 12345, -(2**100)]
    assert [_whole(row) for row in limbs_of(numbers).tolist()] == numbers


def claiming(solution, **first):
    return replace(solution, stages=(replace(solution.stages[0], **first), *solution.stages[1:]))


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        (lambda s: claiming(s, bound=s.stages[0].value - 1, gap=1.0), "claims the bound"),
        (lambda s: claiming(s, bound=s.stages[0].value + 1, gap=1.0), "claims the bound"),
        (lambda s: claiming(s, checked_bound=s.stages[0].value + 1), "claims the bound"),
        (lambda s: claiming(s, gap=3.0), "claims a gap"),
        (lambda s: claiming(s, objective="worst"), "name or unit is 'worst'"),
        (lambda s: claiming(s, unit="JOD"), "name or unit is 'JOD'"),
        (lambda s: claiming(s, status="splendid"), "which says nothing"),
        (lambda s: claiming(s, status="infeasible"), "does not confirm"),
        (lambda s: replace(s, status="within_gap"), "calls itself within_gap"),
        (lambda s: replace(s, status="infeasible"), "calls itself infeasible"),
        (lambda s: replace(s, stages=()), "malformed|no stage|plans of shape"),
        (
            lambda s: replace(
                s, stages=s.stages[:1], certificate=dict(s.certificate, stage_chosen=s.certificate["stage_chosen"][:1])
            ),
            "calls itself proven_optimal|not the one that the last stage",
        ),
        (lambda s: claiming(s, value="much"), "malformed"),
        (lambda s: claiming(s, value=10**400), "malformed"),
        (lambda s: replace(s, status=["proven_optimal"]), "malformed|calls itself"),
        (lambda s: replace(s, chosen=s.chosen.astype(str)), "malformed|not the one|breaks"),
    ],
)
def test_what_an_answer_says_of_itself_is_held_to_its_proof(solved, forged, told):
    problem, solution = solved
    with pytest.raises(BrokenProof, match=told):
        certificate.verify(problem, forged(solution))


def test_an_answer_without_a_plan_may_not_call_nothing_proven(solved):
    problem, solution = solved
    nothing = replace(solution, status="infeasible", stages=(), chosen=np.zeros_like(solution.chosen), certificate={})
    with pytest.raises(BrokenProof, match="no stage"):
        certificate.verify(problem, nothing)


def test_one_large_number_asks_for_no_memory(solved):
    problem, solution = solved
    group = solution.certificate["chapter0_group"].copy()
    group[group == group.max()] = 3 * 10**8
    with pytest.raises(BrokenProof, match="more merged rows than there are sets"):
        certificate.verify(problem, replace(solution, certificate={**solution.certificate, "chapter0_group": group}))


def test_a_multiplier_beyond_every_float_is_malformed_or_proves_nothing(solved):
    problem, solution = solved
    name = "witness_miss_weight"
    limbs = solution.certificate[name]
    huge = np.hstack([limbs, np.zeros((len(limbs), 80), dtype=limbs.dtype)])
    huge[:, -1] = 2**20
    forged = replace(solution, certificate={**solution.certificate, name: huge})
    with pytest.raises(BrokenProof):
        certificate.verify(problem, forged)
