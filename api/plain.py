"""
Text from data, made safe to show: nothing in it moves a cursor, colours a terminal or turns its neighbours round.

A name in a file may hold anything (law 11). Control characters become spaces, and what forces a
direction upon the text after it (U+202E and its like) is left out. Our own Arabic sentences hold
isolates and the two marks of an unseen letter: these stay in Arabic, isolates only where each
that opens also closes.
"""

from __future__ import annotations

import unicodedata

from foundation.language import Language

_OPENING, _POP = frozenset("\u2066\u2067\u2068"), "\u2069"
_FORCING = frozenset("\u202a\u202b\u202c\u202d\u202e")
_UNSEEN = frozenset("\u061c\u200e\u200f")
_SPACED = frozenset({"Cc", "Zl", "Zp"})


def bare(text: str) -> str:
    """Return `text` on one line and without any mark of direction: for names, and for English."""
    return "".join(mark for mark in _one_line(text) if mark not in _OPENING | _UNSEEN and mark != _POP)


def plain(text: str) -> str:
    """Return `text` on one line, without what forces a direction and without isolates that do not close again."""
    marks = _one_line(text)
    waiting: list[int] = []
    dropped: set[int] = set()
    for place, mark in enumerate(marks):
        if mark in _OPENING:
            waiting.append(place)
        elif mark == _POP:
            if waiting:
                waiting.pop()
            else:
                dropped.add(place)
    dropped.update(waiting)
    return "".join(mark for place, mark in enumerate(marks) if place not in dropped)


def plainly(said: Language, text: str) -> str:
    """Return a sentence of `said` as it may be shown: English needs no isolates, Arabic keeps its own."""
    return bare(text) if said.code == "en" else plain(text)


def _one_line(text: str) -> list[str]:
    return [_mark(mark) for mark in text if mark not in _FORCING]


def _mark(mark: str) -> str:
    kind = unicodedata.category(mark)
    if kind == "Cs":  # half a character, as an undecodable file name has it: no UTF-8 could hold it
        return "\ufffd"
    return " " if kind in _SPACED else mark
