"""Names and ids from a stranger's file: what people may see, and what may be part of a file name."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from foundation.errors import InvalidInput, Phrase

MOST_LETTERS = 120
FORMULA_MARKS = "=@+"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")


def texts_of(values: Iterable[Any]) -> list[str]:
    """Return the values of a column as texts: 5.0 is "5", a missing value the empty text."""
    return [_text_of(value) for value in values]


def _text_of(value: Any) -> str:
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, float):
        return "" if math.isnan(number) else str(int(number)) if number.is_integer() else str(number)
    return str(number)


def checked_names(
    names: Sequence[str], rows: Sequence[int], *, field: str, file: str, empty: bool = False
) -> list[str]:
    """
    Return names in one Unicode form (NFC), blanks trimmed, or refuse the first that is no plain name.

    Raises
    ------
    InvalidInput
        For an empty name (unless `empty`), markup, marks that turn the writing direction,
        control characters, a formula mark, or more than `MOST_LETTERS` letters.
    """
    result = []
    for name, row in zip(names, rows, strict=True):
        plain = unicodedata.normalize("NFC", str(name)).strip()
        problem = _problem(plain, empty=empty)
        if problem:
            shown = "".join(letter for letter in _DIRECTION.sub("", plain) if letter.isprintable())[:40]
            raise InvalidInput(
                "{file}, row {row}, field {field}: '{value}' has {problem}. Write a plain name.",
                file=file,
                row=int(row),
                field=field,
                value=shown,
                problem=Phrase(problem, {"most": MOST_LETTERS}),
            )
        result.append(plain)
    return result


def _problem(text: str, *, empty: bool) -> str:
    if not text:
        return "" if empty else "no letters"
    if len(text) > MOST_LETTERS:
        return "more than {most} letters"
    if _DIRECTION.search(text):
        return "a hidden mark that turns the writing direction"
    if any(
        unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and letter not in "\u200c\u200d"
        for letter in text
    ):
        return "a control character"
    if "<" in text or ">" in text:
        return "markup"
    return "a formula mark at its beginning" if text[0] in FORMULA_MARKS else ""


def checked_ids(ids: Sequence[str], rows: Sequence[int], *, field: str, file: str) -> list[str]:
    """
    Return ids, each once, of letters, digits, '.', '_' and '-'.

    Raises
    ------
    InvalidInput
        With the row; ids that differ only by capital letters are the same.
    """
    seen: dict[str, int] = {}
    for text, row in zip(ids, rows, strict=True):
        if not ID.fullmatch(str(text)):
            raise InvalidInput(
                "{file}, row {row}, field {field}: '{value}' is no id of letters, digits, '.', '_' or '-'. Correct it.",
                file=file,
                row=int(row),
                field=field,
                value="".join(letter for letter in str(text) if letter.isprintable())[:40],
            )
        if str(text).casefold() in seen:
            raise InvalidInput(
                "{file}, row {row}, field {field}: the id '{value}' is already that of row {other}. Give each its own.",
                file=file,
                row=int(row),
                field=field,
                value=str(text),
                other=seen[str(text).casefold()],
            )
        seen[str(text).casefold()] = int(row)
    return [str(text) for text in ids]
