"""The one table: every error of the tree has a row, and the documents say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.errors import TABLE, UNEXPECTED, UNPROVEN, exit_codes, row_for
from foundation import errors as tree
from foundation.errors import InvalidInput, MarkazError, NotFinished, NotFound, PortInUse, Unreachable
from foundation.language import language

KINDS = [kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, MarkazError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_of_the_tree_has_a_row_of_its_own(kind: type[MarkazError]) -> None:
    assert row_for(kind("x")).kind is kind


def test_a_child_without_a_row_takes_its_parents() -> None:
    class Worse(NotFound):
        pass

    assert row_for(Worse("x")).code == "not_found"
    assert row_for(Worse("x")).http_status == 404


def test_anything_else_is_unexpected() -> None:
    assert row_for(ZeroDivisionError()) is UNEXPECTED
    assert row_for(ValueError()) is UNEXPECTED
    assert row_for(OSError()) is UNEXPECTED


def test_codes_that_scripts_rely_on() -> None:
    assert row_for(InvalidInput("x")).exit_code == 3
    assert row_for(NotFound("x")).exit_code == 6
    assert row_for(PortInUse("x")).exit_code == 8
    assert row_for(NotFinished("x")).exit_code == 10
    assert row_for(Unreachable("x")).exit_code == 11
    assert UNPROVEN[0] == 12
    assert row_for(KeyboardInterrupt()).exit_code == 130


def test_exit_codes_differ_but_for_the_root() -> None:
    own = [row.exit_code for row in TABLE if row.kind is not MarkazError]
    assert len(own) == len(set(own))
    assert [code for code, _ in exit_codes()] == sorted({0, 2, 12, 141, 143, *own})
    assert not set(own) & {0, 2, 12, 141, 143}


def test_words_in_json_are_stable_and_unique() -> None:
    words = [row.code for row in TABLE]
    assert len(words) == len(set(words))
    assert all(re.fullmatch("[a-z_]+", word) for word in words)


@pytest.mark.parametrize("meaning", [meaning for _, meaning in exit_codes()])
def test_every_meaning_is_said_in_arabic(meaning: str) -> None:
    assert language("ar").text(meaning) != meaning


def test_the_documents_list_every_exit_code() -> None:
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    for code, meaning in exit_codes():
        assert f"| {code} | {meaning} |" in text
