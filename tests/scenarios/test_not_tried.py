"""A run that a time limit cut short names the objectives that it never began."""

from __future__ import annotations

import dataclasses

import pytest

from scenarios import verify_run
from scenarios.content import content_of
from scenarios.stamp import stamp_of
from scenarios.verifying.remade import remade
from scenarios.write import write_run
from tests.scenarios.forging import FIGURES, in_record


@pytest.fixture
def cut(run, tmp_path):
    """The toy run as it is when the clock stops after its first objective."""
    again = remade(run)
    case, solution = again.case, again.case.plan.solution
    first, all_of_it = solution.stages[:1], case.plan.certificate
    arrays = dict(solution.certificate)
    arrays["stage_chosen"] = arrays["stage_chosen"][:1]
    plan = dataclasses.replace(
        case.plan,
        certificate=dataclasses.replace(all_of_it, status="best_found", stages=all_of_it.stages[:1]),
        solution=dataclasses.replace(solution, status="best_found", stages=first, certificate=arrays),
    )
    content = content_of(
        dataclasses.replace(case, plan=plan), extra={}, variants=[], studies=[], stamp=stamp_of(run.info)
    )
    return write_run(tmp_path / "cut", content, country_files={})


def test_objectives_that_were_never_begun_are_named_in_both_languages(cut, run):
    assert run.info["certificate"]["not_tried"] == []
    told = cut.info["certificate"]
    assert [stage["objective"] for stage in told["stages"]] == ["covered_person_years"]
    assert [stage["objective"] for stage in told["not_tried"]] == ["worst_governorate", "mean_travel", "tie"]
    assert told["not_tried"][0]["title_en"] == "Share covered in the worst-covered governorate"
    assert all(stage["title_ar"] != stage["title_en"] for stage in told["not_tried"])


def test_a_run_that_hides_what_it_never_began_is_noticed(copy):
    forged = in_record(copy, lambda info: info["certificate"].update(not_tried=[{"objective": "tie"}]))
    assert FIGURES in [str(check.name) for check in verify_run(forged) if not check.ok]
