"""`markaz plan` on a toy country: what it writes, says and refuses."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from pathlib import Path

import pytest

from tests.api.conftest import Say
from tests.toy_pack import toy_scenario, write_toy_pack


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy")
    write_toy_pack(folder / "pack")
    return toy_scenario(folder)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_that_cannot_be_made_is_refused(say: Say, toy: Path, here: Path) -> None:
    (here / "file").write_text("", encoding="utf-8")
    got, out, err = say("plan", str(toy), "--out", "file/run")
    assert (got, out) == (7, "")
    assert "--out" in err.splitlines()[-1]
    assert [entry.name for entry in here.iterdir()] == ["file"]


def test_a_folder_without_permission_is_refused(
    say: Say, toy: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "closed").mkdir(mode=0o555)
    if os.geteuid() == 0:  # whom a mode refuses nothing: refuse by hand

        def refuse(*_: object, **__: object) -> str:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    got, _, err = say("plan", str(toy), "--out", "closed/run")
    assert got == 7
    assert "permission denied" in err.splitlines()[-1]


def test_a_folder_that_is_not_empty_is_refused(say: Say, toy: Path, here: Path) -> None:
    (here / "full").mkdir()
    (here / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    got, _, err = say("plan", str(toy), "--out", "full")
    assert got == 7
    assert "not an empty folder" in err.splitlines()[-1]
    assert [entry.name for entry in here.rglob("*")] == ["full", "mine.txt"]


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"colour": "red"}, 3, "'colour' is not a known field"),
        ({"years": "2024"}, 3, "years"),
    ],
)
def test_a_wrong_scenario_is_one_line_and_leaves_nothing(
    say: Say, here: Path, changes: dict, code: int, words: str
) -> None:
    path = toy_scenario(here, **changes)
    got, out, err = say("plan", str(path))
    assert (got, out, err.count("\n")) == (code, "", 1)
    assert words in err
    assert [entry.name for entry in here.iterdir()] == ["toy.yaml"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("a: 1\na: 2\n", "twice"), ("a:\n\t- 1\n", "tab"), ("a: &x 1\nb: *x\n", "anchors"), ("a: [\n", "line")],
)
def test_wrong_yaml_is_one_line_that_names_the_place(say: Say, here: Path, text: str, words: str) -> None:
    (here / "s.yaml").write_text(text, encoding="utf-8")
    got, out, err = say("plan", "s.yaml")
    assert (got, out, err.count("\n")) == (3, "", 1)
    assert words in err
    assert "s.yaml, line" in err


def test_a_programme_that_cannot_be_met_names_the_clash(say: Say, toy: Path, here: Path) -> None:
    path = here / "toy.yaml"
    text = toy.read_text(encoding="utf-8").replace("./pack", str(toy.parent / "pack"))
    path.write_text(text.replace("at_least: 1", "at_least: 9"), encoding="utf-8")
    got, out, err = say("plan", str(path))
    assert (got, out) == (5, "")
    assert "at least 9 centres operating in each governorate from 2024 (here: Gamma)" in err.splitlines()[-1]
    assert [entry.name for entry in here.iterdir() if entry.name != "toy.yaml"] in ([], ["runs"])


def test_a_plan_from_its_file_to_where_to_look(say: Say, toy: Path, here: Path) -> None:
    got, out, err = say("plan", str(toy))
    assert got == 0, err
    (folder,) = (here / "runs").iterdir()
    assert re.fullmatch("toy-[0-9a-f]{8}", folder.name)
    for name in ("map.html", "report.ar.html", "report.en.html", "plan.gpkg"):
        assert f"runs/{folder.name}/{name}" in out
        assert (folder / name).stat().st_size > 0
    assert err.splitlines()[0] == "0% Reading the country's data"
    assert err.splitlines()[-1] == "100% Done"
    again, out_again, _ = say("plan", str(toy))  # the same hash: returned, not solved
    assert (again, out_again) == (0, out)
    shown, said, _ = say("show", "toy")
    assert (shown, said.splitlines()[:7]) == (0, out.splitlines()[:7])
    verified, checks, err = say("verify", "toy")
    assert (verified, err) == (0, "")
    assert "FAILED" not in checks
    assert checks.endswith("The plan is proven; what stands beside it was not made again.\n")
    with (folder / "sites.csv").open("a", encoding="utf-8") as table:
        table.write("one more\n")
    verified, checks, err = say("verify", "toy")
    assert (verified, err.count("\n")) == (9, 1)
    assert "sites.csv" in checks
