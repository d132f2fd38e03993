"""Names and ids from a stranger's file: what people may see, and what may be part of a file name."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from foundation.errors import InvalidInput, Phrase, listed

MOST_LETTERS = 120
FORMULA_MARKS = "=@+"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MOST_TOLD = 20
_JOINERS = "\u200c\u200d"
_LOOSE = "\u200e\u200f\u061c\u200b\ufeff\u202a\u202b\u202c\u2066\u2067\u2068\u2069"  # no override is loose
_AT_ENDS = _LOOSE + " \t\r\n\u00a0"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
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
    Return names in one Unicode form (NFC), blanks trimmed, or refuse those that are no plain names.

    Raises
    ------
    InvalidInput
        For an empty name (unless `empty`), markup, marks that turn the writing direction,
        control characters, a formula mark, or more than `MOST_LETTERS` letters: with every row.
    """
    plain = [unicodedata.normalize("NFC", str(name)).strip() for name in names]
    faults = []
    for name, row in zip(plain, rows, strict=True):
        problem = _problem(name, empty=empty)
        if problem:
            shown = "".join(letter for letter in _DIRECTION.sub("", name) if letter.isprintable())[:40]
            faults.append({"row": int(row), "value": shown, "problem": problem})
    if len(faults) == 1:
        raise InvalidInput(
            "{file}, row {row}, field {field}: '{value}' has {problem}. Write a plain name.",
            file=file,
            field=field,
            **faults[0],
        )
    if faults:
        raise InvalidInput(
            "{file}, field {field}: names that are not plain in {count} rows: {faults}. Write plain names.",
            file=file,
            field=field,
            count=len(faults),
            faults=listed([Phrase("row {row}: '{value}' has {problem}", fault) for fault in faults], most=MOST_TOLD),
        )
    return plain


def unmarked(texts: Sequence[str]) -> tuple[list[str], int]:
    """Return texts without marks of direction or of no width at their ends, where they turn nothing; and how many."""
    bare = [text.strip(_AT_ENDS) if text.strip().strip(_LOOSE) != text.strip() else text for text in texts]
    return bare, sum(one != other for one, other in zip(texts, bare, strict=True))


def _problem(text: str, *, empty: bool) -> Phrase | None:
    if not text:
        return None if empty else Phrase("no letters")
    if len(text) > MOST_LETTERS:
        return Phrase("more than {most} letters", {"most": MOST_LETTERS})
    if found := _DIRECTION.search(text):
        place = _place(text, found.start())
        return Phrase("a hidden mark that turns the writing direction ({code}, character {at})", place)
    unseen = [unicodedata.category(letter) in _UNSEEN and letter not in _JOINERS for letter in text]
    if any(unseen):
        at = unseen.index(True)
        return Phrase("a control character ({code}, character {at})", _place(text, at))
    if "<" in text or ">" in text:
        return Phrase("markup")
    return Phrase("a formula mark at its beginning") if text[0] in FORMULA_MARKS else None


def _place(text: str, at: int) -> dict[str, object]:
    """Return the code point of a character that nobody sees, and its place, counted from 1."""
    return {"code": f"U+{ord(text[at]):04X}", "at": at + 1}


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
