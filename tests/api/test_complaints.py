"""The parser's complaints in both languages, from the real command line."""

from __future__ import annotations

import re

import pytest

from tests.api.conftest import Say

ISOLATED = re.compile("[\u2066\u2068][^\u2069]*\u2069")


@pytest.mark.parametrize(
    ("words", "english"),
    [
        (["nope"], "There is no command 'nope'."),
        (["--nope"], "There is no option --nope."),
        (["serve", "--po", "1"], "There is no option --po; near it are --help, --host, --port."),
        (["plan", "a", "b"], "There is too much on the command line: b."),
        (["plan", "x", "--out"], "The option --out needs a value."),
        (["show"], "The argument RUN is missing."),
        (["--version=3"], "The option --version takes no value."),
    ],
)
def test_a_wrong_command_line_is_said_in_either_language(say: Say, words: list[str], english: str) -> None:
    got, out, err = say(*words)
    assert (got, out) == (2, "")
    assert err.startswith(english)
    got, out, err = say("--language", "ar", *words)
    assert (got, out) == (2, "")
    said = err
    while ISOLATED.search(said):
        said = ISOLATED.sub("", said)
    assert not re.search("[A-Za-z]{2,}", said.replace("markaz --help", ""))
    assert re.search("[\u0600-\u06ff]", said)


@pytest.mark.parametrize(
    ("words", "english"),
    [
        (["serve", "--port", "abc"], "The setting 'port' is 'abc': write a whole number."),
        (["serve", "--port", "65536"], "The setting 'port' is '65536': write 65535 or less."),
    ],
)
def test_a_wrong_setting_says_what_to_write(say: Say, words: list[str], english: str) -> None:
    got, out, err = say(*words)
    assert (got, out) == (3, "")
    assert err.startswith(english)
