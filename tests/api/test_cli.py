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
from api.plain import bare, plain, plainly
from api.summary import proof_line, remarks
from foundation.errors import InvalidInput, MarkazError, Phrase
from foundation.language import language
from scenarios import Check
from tests.api.conftest import RUN, Say
from tests.api.folder import info, stage, write_folder

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


PAGES_OF_HELP = [
    (),
    ("data",),
    ("data", "check"),
    ("data", "download"),
    *((name,) for name in COMMANDS if name != "data"),
]
# what is typed, the names of settings and of things that have no other name
TYPED = (
    r"--out results|markaz( [a-z]+)*( JO| URY)?|--?[a-z-]+|[a-z0-9/-]+\.yaml|\.yaml|MARKAZ_[A-Z]+|runs/[a-z0-9-]+|"
    r"Ctrl-C|SIGTERM|ISO|en\|ar|\b(en|ar|runs|jordan|plan|scenarios|data|show|verify|serve|check|download)\b"
)


@pytest.mark.parametrize("page", PAGES_OF_HELP)
def test_a_page_of_help_in_arabic_says_no_english(say: Say, page: tuple[str, ...]) -> None:
    code, out, err = say(*page, "--help", "--language", "ar")
    assert (code, err) == (0, "")
    assert "الاستعمال" in out
    assert "الخيارات" in out
    assert re.findall("[A-Za-z]{2,}", re.sub(TYPED, "", out)) == []


@pytest.mark.parametrize("page", PAGES_OF_HELP)
def test_the_examples_of_help_are_commands_that_exist(say: Say, page: tuple[str, ...]) -> None:
    code, out, _ = say(*page, "--help")
    assert "<str>" not in out
    assert "<bool>" not in out
    examples = [line.strip() for line in re.findall("^ +(markaz .*?)(?:  |$)", out, flags=re.MULTILINE)]
    assert code == 0
    assert examples
    known = get_command(app)
    for example in examples:
        words = [word for word in example.split()[1:] if word not in {"--language", "ar"}]
        command = known.commands[words[0]]  # type: ignore[attr-defined]
        command = command.commands[words[1]] if words[0] == "data" else command
        offered = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= offered


def test_a_group_alone_prints_its_help(say: Say) -> None:
    assert say("data") == say("data", "--help")


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
    assert "North 600 600 100.0% 0 12.5 1" in lines
    assert "South <b>& 400 200 50.0% 50 44.0 1" in lines
    assert lines.index("North 600 600 100.0% 0 12.5 1") < lines.index("South <b>& 400 200 50.0% 50 44.0 1")


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
        assert (code, "noone" in err, "\u202e" in err) == (6, True, False)


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
