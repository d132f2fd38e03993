"""What a run is said to be: no more proven than it is, and in letters that turn nothing round."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.plain import bare, plain, plainly
from api.summary import proof_line, remarks
from foundation.language import language
from tests.api.conftest import RUN, Say
from tests.api.folder import info, stage, write_folder


@pytest.mark.parametrize(
    ("stages", "line"),
    [
        ([], "The best plan found; how far from the best possible is not proven."),
        (
            [stage("a"), stage("b")],
            "Proven: no plan does better under these rules. "
            "Stages whose bound was checked here in whole numbers: 2 of 2.",
        ),
        (
            [stage("a"), stage("b", proof="solver")],
            "The solver says that no plan does better under these rules; not all of it was checked here. "
            "Stages whose bound was checked here in whole numbers: 1 of 2. On the solver's word: Stage b.",
        ),
        (
            [stage("a"), stage("b", rechecked=False)],
            "The solver says that no plan does better under these rules; not all of it was checked here. "
            "Stages whose bound was checked here in whole numbers: 1 of 2. On the solver's word: Stage b.",
        ),
        (
            [stage("a"), stage("b", status="within_gap", proof="solver"), stage("c", proof="none")],
            "The solver says that the plan is within the stated gap of the best one; not all of it was checked here. "
            "Stages whose bound was checked here in whole numbers: 1 of 3. On the solver's word: Stage b. "
            "Without any proof: Stage c.",
        ),
        (
            [stage("a", status="best_found", proof="none")],
            "The best plan found; how far from the best possible is not proven. "
            "Stages whose bound was checked here in whole numbers: 0 of 1. Without any proof: Stage a.",
        ),
    ],
)
def test_the_proof_line_claims_no_more_than_the_weakest_stage(stages: list[dict], line: str) -> None:
    told = info(RUN, certificate={"status": "proven_optimal", "stages": stages})
    assert proof_line(told, language("en")) == line
    assert not re.search("[A-Za-z]{2,}", proof_line(told, language("ar")))


def test_objectives_never_tried_are_counted_and_named(say: Say, tmp_path: Path) -> None:
    left = [{"objective": "c", "title_en": "Stage c", "title_ar": "مرحلة c"}]
    stages = [stage("a"), stage("b", status="best_found", proof="none", rechecked=False)]
    told = info(RUN, certificate={"status": "best_found", "stages": stages, "not_tried": left})
    assert proof_line(told, language("en")) == (
        "The best plan found; how far from the best possible is not proven. "
        "Stages whose bound was checked here in whole numbers: 1 of 3. Without any proof: Stage b. "
        "Not tried before the time limit: Stage c."
    )
    write_folder(tmp_path, RUN, certificate=told["certificate"])
    code, out, _ = say("show", RUN, "--runs", str(tmp_path))
    assert code == 0
    assert any("Stage c" in line and "not tried" in line for line in out.splitlines())


def test_what_turns_the_direction_never_reaches_the_terminal(say: Say, tmp_path: Path) -> None:
    turning = "a\u202eb\u2067c\u2069\u200fd\u2069"
    write_folder(
        tmp_path,
        "toy-\u202eevil",
        scenario={"name": "x", "title_en": turning, "title_ar": turning},
        country={"code": "XX", "name_en": turning, "name_ar": turning},
        worst_off={"zone_id": "XX-S", "name_en": turning, "name_ar": turning, "covered_share": 0.5},
    )
    code, out, _ = say("show", "toy", "--runs", str(tmp_path))
    assert (code, out.splitlines()[0]) == (0, "toy-evil  abcd · abcd")
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", out)
    _, out, _ = say("show", "toy", "--runs", str(tmp_path), "--language", "ar")
    assert not re.search("[\u202a-\u202e]", out)
    assert all(line.count("\u2069") == len(re.findall("[\u2066\u2068]", line)) for line in out.splitlines())
    for spoken in ("en", "ar"):
        code, _, err = say("show", "no\u202eone", "--language", spoken)
        assert (code, "no\ufffdone" in err, "\u202e" in err) == (6, True, False)


def test_text_made_harmless() -> None:
    assert bare("a\u202e\u2066b\u2069\u200e\n\udcff") == "ab \ufffd"
    assert plain("\u2068x\u2069y\u2069") == "\u2068x\u2069y"
    assert plain("\u2066x\u2068y\u2069") == "x\u2068y\u2069"
    assert plain("\u200fx\u202ay") == "\u200fxy"
    assert (plainly(language("en"), "\u2066a\u2069"), plainly(language("ar"), "\u2066a\u2069")) == (
        "a",
        "\u2066a\u2069",
    )


def test_the_sentence_of_the_load_is_the_maps_own() -> None:
    told = info(RUN, load={"residents_per_centre": 300000, "flagged": 2})
    assert remarks(told, language("en")) == (
        "2 centres are the nearest one for more than 300,000 residents each (assumed load): reach is not capacity.",
    )
    assert remarks(info(RUN), language("en")) == ()
