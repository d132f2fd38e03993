"""Every page of help: examples that exist, and nothing left in English where Arabic was asked for."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command

from api.cli.commands import app
from tests.api.conftest import Say
from tests.api.test_cli import COMMANDS

PAGES_OF_HELP = [
    (),
    ("data",),
    ("data", "check"),
    ("data", "points"),
    ("data", "download"),
    *((name,) for name in COMMANDS if name != "data"),
]
# what is typed, the names of settings and of things that have no other name
TYPED = (
    r"--out results|markaz( [a-z]+)*( JO| URY)?|--?[a-z-]+|[a-z0-9/-]+\.yaml|\.yaml|MARKAZ_[A-Z]+|runs/[a-z0-9-]+|"
    r"Ctrl-C|SIGTERM|ISO|en\|ar|\b(en|ar|runs|jordan|plan|scenarios|data|show|verify|serve|check|points|download)\b"
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
