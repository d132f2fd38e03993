"""The command line inside this process: help, summaries, one line an error."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import api.cli.show
import scenarios
from api.cli.commands import app
from api.cli.entry import Terminated, run
from api.errors import TABLE, exit_codes
from api.plain import plain
from foundation.errors import InvalidInput, MarkazError, Phrase
from foundation.language import language
from scenarios import Check
from tests.api.conftest import RUN, Say
from tests.api.folder import stage, write_folder

COMMANDS = ["plan", "scenarios", "data", "show", "verify", "serve"]


def test_version(say: Say) -> None:
    assert say("--version") == (0, f"markaz {version('markaz')}\n", "")


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_lists_the_commands_and_every_exit_code(say: Say, arguments: tuple[str, ...]) -> None:
    code, out, err = say(*arguments)
    assert (code, err) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"^│ {command} ", out, flags=re.MULTILINE)
    for number, meaning in exit_codes():
        assert re.search(rf"^ +{number}  {re.escape(meaning)}$", out, flags=re.MULTILINE)
    assert "markaz plan my-scenario.yaml" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(say: Say, command: str) -> None:
    code, out, err = say(command, "--help")
    assert (code, err) == (0, "")
    assert f"markaz {command}" in out


def test_the_app_also_runs_in_typers_own_runner() -> None:
    result = CliRunner().invoke(app, ["plan", "--help"])
    assert result.exit_code == 0
    assert "--out" in result.output


def test_every_word_of_the_help_is_said_in_arabic() -> None:
    command = get_command(app)
    owners = [command, *command.params]  # type: ignore[list-item]
    for child in command.commands.values():  # type: ignore[attr-defined]
        owners += [child, *child.params]
    texts = {getattr(owner, name, None) for owner in owners for name in ("help", "rich_help_panel")} - {None}
    assert len(texts) > 15
    assert [text for text in texts if language("ar").text(str(text)) == text] == []


@pytest.mark.parametrize(
    "arguments", [("--language", "ar"), ("--language=ar", "--help"), ("--help", "--language", "ar")]
)
def test_help_in_arabic_wherever_the_language_stands(say: Say, arguments: tuple[str, ...]) -> None:
    code, out, _ = say(*arguments)
    assert code == 0
    assert "رموز الخروج" in out
    assert "اختيار المواقع" in out
    assert "Exit codes" not in out


def test_the_environment_sets_the_language(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKAZ_LANGUAGE", "ar")
    assert "رموز الخروج" in say("--help")[1]
    assert "Exit codes" in say("--help", "--language", "en")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nonsense",), 2, "nonsense"),
        (("plan", "--nonsense"), 2, "--nonsense"),
        (("show",), 2, "RUN"),
        (("--language",), 2, "--language"),
        (("--language", "fr"), 3, "choose ar or en"),
        (("plan", "nonsense"), 6, "jordan"),
        (("plan", "nonsense.yaml"), 6, "nonsense.yaml"),
        (("plan", "no/where"), 6, "no/where"),
        (("show", "nonsense"), 6, "nonsense"),
        (("show", ".."), 6, ".."),
        (("verify", "nonsense"), 6, "nonsense"),
        (("serve", "--port", "eighty"), 3, "MARKAZ_PORT"),
        (("serve", "--port", "65536"), 3, "MARKAZ_PORT"),
        (("serve", "--host", "no such host"), 3, "no such host"),
    ],
)
def test_a_mistake_is_one_line_on_stderr(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    got, out, err = say(*arguments)
    assert (got, out) == (code, "")
    assert err.count("\n") == 1
    assert words in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("row", TABLE)
def test_every_row_of_the_table_becomes_its_exit_code(say: Say, monkeypatch: pytest.MonkeyPatch, row) -> None:
    def fail() -> tuple[str, ...]:
        raise row.kind("It failed.\nTwice \x1b[31mred")

    monkeypatch.setattr(scenarios, "preset_names", fail)
    code, out, err = say("scenarios")
    assert (code, out, err.count("\n")) == (row.exit_code, "", 1)
    assert "\x1b" not in err
    if issubclass(row.kind, MarkazError):
        assert err == "It failed. Twice [31mred\n"


def test_a_bug_says_its_name_and_the_way_to_its_trace(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "preset_names", lambda: 1 / 0)
    code, _, err = say("scenarios")
    assert (code, err.count("\n")) == (1, 1)
    assert "ZeroDivisionError" in err
    assert "--debug" in err


@pytest.mark.parametrize("arguments", [("--debug", "scenarios"), ("scenarios", "--debug")])
def test_debug_gives_the_trace_and_still_the_line(
    say: Say, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    def fail() -> None:
        raise InvalidInput("It is wrong.")

    monkeypatch.setattr(scenarios, "preset_names", fail)
    code, _, err = say(*arguments)
    assert code == 3
    assert "Traceback" in err
    assert err.endswith("\nIt is wrong.\n")


def test_an_error_is_said_in_the_chosen_language(say: Say) -> None:
    code, _, err = say("serve", "--port", "eighty", "--language", "ar")
    assert code == 3
    assert err.startswith("الإعداد")


def test_sigterm_has_its_own_code(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop() -> None:
        raise Terminated

    monkeypatch.setattr(scenarios, "preset_names", stop)
    assert say("scenarios")[0] == 143


def test_what_follows_two_dashes_is_left_alone(say: Say) -> None:
    code, _, err = say("show", "--", "--debug")
    assert code == 6
    assert "'--debug'" in err


def test_the_scenarios_are_listed_by_name_and_title(say: Say) -> None:
    names = scenarios.preset_names()
    for code in ("en", "ar"):
        lines = say("scenarios", "--language", code)[1].splitlines()
        assert [line.split()[0] for line in lines] == list(names)
        titles = [getattr(scenarios.load_scenario(name), f"title_{code}") for name in names]
        assert all(title in line for title, line in zip(titles, lines, strict=True))


def test_show_prints_totals_proof_sites_and_governorates(say: Say, shelf_folder: Path) -> None:
    code, out, err = say("show", "toy", "--runs", str(shelf_folder))
    assert (code, err) == (0, "")
    lines = [re.sub(r"[│ ]+", " ", line).strip() for line in out.splitlines()]
    assert lines[0] == f"{RUN} A toy <script> · Nowhere"
    assert "1 of 2" in lines[1]
    assert "800 People within the standard 80.0% of 1,000 (people of 2024) (modelled)" in lines
    assert "Stage coverage 1,400 1,400 person-years proven optimal checked here" in lines
    assert "Stage worst 0.500 0.500 share optimal, not checked here by the solver" in lines
    assert "2024 Centre a North government 600 600" in lines
    assert "2025 Centre b South <b>& private sector 200 800" in lines
    assert "North 600 600 100.0% 0 12.5 9.5 6.0 1" in lines
    assert "South <b>& 400 200 50.0% 50 44.0 40.0 0.5 1" in lines
    assert lines.index("North 600 600 100.0% 0 12.5 9.5 6.0 1") < lines.index(
        "South <b>& 400 200 50.0% 50 44.0 40.0 0.5 1"
    )


def test_show_in_arabic_says_no_english_sentence(say: Say, shelf_folder: Path) -> None:
    _, out, _ = say("show", str(shelf_folder / RUN), "--language", "ar")
    left = set(re.findall(r"[A-Za-z]{2,}", out.partition("\n")[2]))
    assert left == {"coverage", "worst"}  # the made-up titles of its stages


def test_a_stage_without_a_bound_is_shown_as_such(say: Say, tmp_path: Path) -> None:
    from tests.api.folder import stage

    bare = {"status": "best_found", "stages": [stage("coverage", status="best_found", bound=None, proof="none")]}
    write_folder(tmp_path, RUN, certificate=bare)
    _, out, _ = say("show", RUN, "--runs", str(tmp_path))
    assert "not proven" in out
    assert "Proven" not in out
    assert re.search(r"1,400 │ +— ", out)


def test_nothing_from_a_file_moves_the_cursor(say: Say, tmp_path: Path) -> None:
    write_folder(tmp_path, RUN, scenario={"name": "x", "title_en": "a\x1b[2J\x07\nb\u2028c", "title_ar": ""})
    _, out, _ = say("show", RUN, "--runs", str(tmp_path))
    assert "\x1b" not in out
    assert "\x07" not in out
    assert out.splitlines()[0].endswith("· Nowhere")
    assert plain("\u2066a\u2069") == "\u2066a\u2069"


def test_verify_names_what_failed(say: Say, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = (
        Check(Phrase("Files"), True, Phrase("12 files")),
        Check(Phrase("Proof"), False, Phrase("2 is not 3")),
    )
    monkeypatch.setattr(scenarios, "verify_run", lambda _run, _publishers: checks)
    code, out, err = say("verify", RUN, "--runs", str(shelf_folder))
    assert code == 9
    assert out.splitlines() == ["holds  Files: 12 files", "FAILED  Proof: 2 is not 3"]
    assert err == f"{RUN}: these checks failed: Proof. Do not use this run.\n"
    monkeypatch.setattr(scenarios, "verify_run", lambda _run, _publishers: checks[:1])
    code, out, err = say("verify", RUN, "--runs", str(shelf_folder))
    assert (code, out.splitlines()[-1], err) == (0, "Every check holds.", "")


def test_verify_tells_what_is_proven_from_what_only_holds(
    say: Say, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds = Check(Phrase("Files"), True, Phrase("12 files"))
    word = Check(Phrase("Stage"), True, Phrase("on a word"), proven=False)
    beside = Check(Phrase("Prices"), True, Phrase("not made again"), proven=False, beside=True)
    for checks, code, last in (
        ((holds, word), 12, "Nothing fails, but 1 point of the plan is not proven by the run itself."),
        ((holds, word, word, beside), 12, "Nothing fails, but 2 points of the plan are not proven by the run itself."),
        ((holds, beside), 0, "The plan is proven; what stands beside it was not made again."),
    ):
        monkeypatch.setattr(scenarios, "verify_run", lambda _run, _publishers, told=checks: told)
        got, out, err = say("verify", RUN, "--runs", str(shelf_folder))
        assert (got, out.splitlines()[-1], err) == (code, last, "")


def test_show_says_proven_only_of_what_was_checked(say: Say, tmp_path: Path) -> None:
    stages = [stage("coverage", proof="solver", checked_bound=None) for _ in range(4)]
    write_folder(tmp_path, RUN, certificate={"status": "proven_optimal", "stages": stages})
    _, out, _ = say("show", RUN, "--runs", str(tmp_path))
    assert "Proven" not in out
    assert "The solver says that no plan does better" in out
    assert "0 of 4" in out
    assert "proven optimal" not in out
    assert "On the solver's word: Stage coverage; Stage coverage; Stage coverage; Stage coverage." in out


@pytest.mark.parametrize("broken", [{"sites": 7}, {"totals": {}}, {"certificate": []}, {"years": []}, {"scenario": 1}])
def test_a_record_that_is_not_as_documented_is_one_line(say: Say, tmp_path: Path, broken: dict) -> None:
    write_folder(tmp_path, RUN, **broken)
    code, _, err = say("show", RUN, "--runs", str(tmp_path))
    assert (code, err.count("\n")) == (3, 1)
    assert "cannot be shown" in err


def test_plan_passes_on_what_was_asked_and_says_where_to_look(
    say: Say, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import maps
    import reports

    asked: dict = {}

    def pretend(scenario, *, progress, **options):
        asked.update(options, name=scenario.name)
        progress("Reading the country's data", 0.0)
        progress("Reading the country's data", 0.1)
        progress("Done", 1.0)
        return scenarios.open_run(shelf_folder / RUN)

    monkeypatch.setattr(scenarios, "run_scenario", pretend)
    code, out, err = say("plan", "--out", "there", "--runs", str(shelf_folder))
    assert code == 0
    assert asked == {
        "name": "jordan",
        "out": Path("there"),
        "runs_folder": shelf_folder,
        "publishers": (maps.publish, reports.publish),
    }
    assert err.splitlines() == ["0% Reading the country's data", "100% Done"]
    for name in ("map.html", "report.ar.html", "report.en.html", "plan.gpkg", "sites.csv"):
        assert str(shelf_folder / RUN / name) in out
    assert "equity.csv" not in out  # this run has none
    assert f"markaz serve --runs {shelf_folder}" in out


def test_progress_never_leaves_nought_to_one(capsys: pytest.CaptureFixture[str]) -> None:
    from api.cli.progress import shown_progress

    with shown_progress(language("en")) as progress:
        progress("a", -1.0)
        progress("b", 7.0)
    assert capsys.readouterr().err.splitlines() == ["0% a", "100% b"]


def test_progress_speaks_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    from api.cli.progress import shown_progress

    with shown_progress(language("ar")) as progress:
        progress("Computing travel times", 0.5)
    assert "احتساب أزمنة الوصول" in capsys.readouterr().err


def test_a_reader_that_went_away_is_no_failure(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def gone(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(api.cli.show, "print_scenarios", gone)
    assert run(["scenarios"]) == 141
    assert capsys.readouterr().err == ""
