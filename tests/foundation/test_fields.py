"""Faults of fields and reasons of failures, in the catalogue's words only."""

from __future__ import annotations

import errno
import json

import pytest

from foundation.errors import InvalidInput, Phrase
from foundation.fields import MOST_SHOWN, WANTED, fault_in_words, shown
from foundation.language import language
from foundation.reasons import MOST_QUOTED, quoted, reason_of


def _fault(kind: str, **more: object) -> dict[str, object]:
    return {"type": kind, "loc": ("a", 0, "b"), "input": "x", "ctx": {}} | more


@pytest.mark.parametrize("kind", [*WANTED, "missing", "extra_forbidden", "a_kind_nobody_knows"])
def test_every_kind_of_fault_is_said_with_its_place_in_both_languages(kind: str) -> None:
    context = dict.fromkeys(
        ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "tag", "discriminator"), 3
    ) | {"expected": "'a', 'b' or 'c'"}
    phrase = fault_in_words(_fault(kind, ctx=context))
    said = str(phrase)
    assert said.startswith("'a.0.b' is ")
    assert "{" not in said
    arabic = language("ar").phrase(phrase)
    assert "a.0.b" in arabic
    assert not set(arabic.split()) & {"is", "write", "the", "or", "a"}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_fault("greater_than_equal", input=-1, ctx={"ge": 0.0}), "'a.0.b' is -1; write 0 or more"),
        (_fault("less_than", input=2.5, ctx={"lt": 1.5}), "'a.0.b' is 2.5; write a number below 1.5"),
        (_fault("int_type", input=True), "'a.0.b' is true; write a whole number"),
        (_fault("int_type", input=None), "'a.0.b' is empty; write a whole number"),
        (_fault("list_type", input={"x": 1}), "'a.0.b' is a group of 'key: value' lines; write a list, such as [a, b]"),
        (_fault("literal_error", ctx={"expected": "'a', 'b' or 'c'"}), "'a.0.b' is 'x'; write one of: a, b, c"),
        (_fault("missing"), "'a.0.b' is missing; add it"),
        (_fault("model_type", loc=()), "'the file' is 'x'; write 'key: value' lines below it"),
        (
            _fault("value_error", ctx={"error": InvalidInput("{n} is odd.", n=3)}),
            "'a.0.b': 3 is odd",
        ),
        (_fault("value_error", ctx={"error": ValueError("no good.")}), "'a.0.b': no good"),
    ],
)
def test_what_is_said_of_a_fault(fault: dict[str, object], said: str) -> None:
    assert str(fault_in_words(fault)) == said


def test_a_long_value_is_cut_and_a_number_of_thousands_of_digits_breaks_nothing() -> None:
    assert shown("x" * MOST_SHOWN) == "'" + "x" * (MOST_SHOWN - 1) + "…"
    assert shown(10**50) == "1" + "0" * 50
    assert shown(10**5000) == "…"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "no space is left on the disk"),
        (OSError(errno.ELOOP, "Too many levels"), "its links lead round in a circle"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), "it is not UTF-8 text"),
        (json.JSONDecodeError("Expecting value", "{\n x", 3), "line 2, column 2 is not JSON"),
        (RecursionError(), "it is nested too deeply"),
        (
            InvalidInput("There is no language '{code}'; choose ar or en.", code="x"),
            "There is no language 'x'; choose ar or en",
        ),
        (ValueError("odd\n thing."), "its reader says “odd thing”"),
        (KeyError(), "its reader says “KeyError”"),
    ],
)
def test_why_something_outside_failed(error: Exception, said: str) -> None:
    assert str(reason_of(error)) == said
    assert language("ar").phrase(reason_of(error)) != said


def test_words_of_others_are_cut() -> None:
    assert len(str(quoted("x" * 999))) == len(str(Phrase("its reader says “{words}”", {"words": ""}))) + MOST_QUOTED
