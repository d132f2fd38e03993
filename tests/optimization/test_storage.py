from __future__ import annotations

import contextlib
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import optimization
from foundation.errors import InvalidInput, NotFound
from optimization import MissStage, TieStage, WorstStage, certificate
from tests.optimization.instances import problem_of, problems, rule


def case():
    return problem_of(
        [[0, 1], [1, 2], [2]],
        [[5, 5], [7, 0], [2, 2]],
        stages=[MissStage("السكان", "m0", 1), WorstStage("worst", ("m1",), 0.25), TieStage()],
        rules=[rule("count", [0, 1, 2], "==", 1)],
    )


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=problems())
def test_a_problem_and_its_answer_come_back_whole(tmp_path_factory, problem):
    folder = tmp_path_factory.mktemp("stored")
    solution = optimization.solve(problem)
    optimization.save_problem(folder / "problem.npz", problem)
    optimization.save_certificate(folder / "certificate.npz", solution)
    twin = optimization.load_problem(folder / "problem.npz")
    answer = optimization.load_certificate(folder / "certificate.npz")
    assert all(
        np.array_equal(a.columns, b.columns)
        and np.array_equal(a.coefficients, b.coefficients)
        and (a.name, a.sense, a.right, a.structural) == (b.name, b.sense, b.right, b.structural)
        for a, b in zip(twin.rules, problem.rules, strict=True)
    )
    assert (twin.measures, twin.stages, twin.floors) == (problem.measures, problem.stages, problem.floors)
    assert np.array_equal(twin.sets.toarray(), problem.sets.toarray())
    assert np.array_equal(answer.chosen, solution.chosen)
    assert repr(answer.stages) == repr(solution.stages)
    assert answer.conflict == solution.conflict
    assert certificate.verify(twin, answer) == certificate.verify(problem, solution) or solution.status == "infeasible"


def test_the_same_problem_gives_the_same_bytes(tmp_path):
    optimization.save_problem(tmp_path / "a.npz", case())
    optimization.save_problem(tmp_path / "b.npz", case())
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_the_names_are_kept_in_any_script(tmp_path):
    optimization.save_problem(tmp_path / "a.npz", case())
    assert optimization.load_problem(tmp_path / "a.npz").stages[0].name == "السكان"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(NotFound):
        optimization.load_problem(tmp_path / "none.npz")


@pytest.mark.parametrize("load", [optimization.load_problem, optimization.load_certificate])
@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_a_file_of_another_kind_is_refused(tmp_path, load, content):
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(InvalidInput, match="not a readable"):
        load(tmp_path / "x.npz")


def test_a_pickle_is_never_read(tmp_path):
    np.savez(tmp_path / "x.npz", text=np.array([{"a": 1}], dtype=object))
    with pytest.raises(InvalidInput, match="not a readable"):
        optimization.load_problem(tmp_path / "x.npz")


def test_a_certificate_is_no_problem_and_columns_outside_are_refused(tmp_path):
    optimization.save_certificate(tmp_path / "c.npz", optimization.solve(case()))
    with pytest.raises(InvalidInput):
        optimization.load_problem(tmp_path / "c.npz")
    optimization.save_problem(tmp_path / "p.npz", case())
    with zipfile.ZipFile(tmp_path / "p.npz") as old, zipfile.ZipFile(tmp_path / "q.npz", "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "sets_indices.npy":
                body = body[:-4] + (99).to_bytes(4, "little")
            new.writestr(name, body)
    with pytest.raises(InvalidInput):
        optimization.load_problem(tmp_path / "q.npz")


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_byte_is_refused_or_reads_as_it_should_and_nothing_else(tmp_path, seed):
    problem = problem_of([[0], [1]], [[3], [4]], stages=[MissStage("people", "m0")], width=2)
    optimization.save_problem(tmp_path / "p.npz", problem)
    optimization.save_certificate(tmp_path / "c.npz", optimization.solve(problem))
    rng = np.random.default_rng(seed)
    for name, read in (("p.npz", optimization.load_problem), ("c.npz", optimization.load_certificate)):
        body = bytearray((tmp_path / name).read_bytes())
        body[int(rng.integers(len(body)))] ^= int(rng.integers(1, 256))
        (tmp_path / "odd.npz").write_bytes(bytes(body))
        with contextlib.suppress(InvalidInput):
            read(tmp_path / "odd.npz")
