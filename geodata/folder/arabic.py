"""Whether names that are to be Arabic are so: in a wrong encoding or column they hold no Arabic letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from foundation.errors import InvalidInput, Phrase
from geodata.folder.report import Notebook
from geodata.folder.settings import PartFile

ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
MOST_LATIN = 0.5
"""With more than this share of the given names without an Arabic letter, the column is not what was meant."""


def tell_latin(
    arabic: Sequence[str], english: Sequence[str], rows: Sequence[int], name: str, part: PartFile, notes: Notebook
) -> None:
    """
    Warn of a few names under name_ar that hold no Arabic letter; one that is the English name counts as not given.

    Raises
    ------
    InvalidInput
        Where most of the given names are such, with what to do.
    """
    given = [at for at, own in enumerate(arabic) if own and own != english[at]]
    latin = [at for at in given if not ARABIC.search(arabic[at])]
    if not latin:
        return
    values = {"count": len(latin), "all": len(given), "value": arabic[latin[0]][:40], "row": int(rows[latin[0]])}
    if len(latin) <= MOST_LATIN * len(given):
        notes.note(
            "warning",
            name,
            part.file,
            "names under name_ar that hold no Arabic letter: {count} of {all}, such as '{value}' (row {row}). Correct "
            "them, or leave them empty",
            **values,
        )
        return
    raise InvalidInput(
        "{file}: names under name_ar that hold no Arabic letter: {count} of {all}, such as '{value}' (row {row}). "
        "{remedy}.",
        file=part.file,
        remedy=_remedy([arabic[at] for at in latin], part.file),
        **values,
    )


def _remedy(names: Sequence[str], file: str) -> Phrase:
    encoding = _meant(names)
    if encoding and file.casefold().endswith(".zip"):
        return Phrase(
            "They are Arabic in the encoding {encoding}: write 'encoding: {encoding}' in this part of country.yaml",
            {"encoding": encoding},
        )
    if encoding:
        return Phrase(
            "They are Arabic in the encoding {encoding}, read as another: export the file as UTF-8",
            {"encoding": encoding},
        )
    return Phrase(
        "Name the column of Arabic names under 'columns:' in country.yaml, or leave them empty: the others stand in"
    )


def _meant(names: Sequence[str]) -> str:
    """Return the encoding in which the bytes of these names, read as Latin-1, are Arabic; else the empty text."""
    for encoding in ("utf-8", "cp1256"):
        for read_as in ("latin-1", "cp1252"):
            found = [_again(name, read_as, encoding) for name in names]
            if sum(2 * len(ARABIC.findall(text)) > sum(map(str.isalpha, text)) > 0 for text in found) > len(names) / 2:
                return encoding
    return ""


def _again(name: str, read_as: str, encoding: str) -> str:
    try:
        return name.encode(read_as).decode(encoding)
    except (UnicodeEncodeError, UnicodeDecodeError):
        return ""
