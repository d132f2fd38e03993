"""Text from data, made safe to stand among other text: it cannot reorder or hide its neighbours."""

from __future__ import annotations

import unicodedata

# Isolates that close again reorder nothing outside; our own sentences in a run hold some.
_ISOLATES, _POP = frozenset("\u2066\u2067\u2068"), "\u2069"
_KEPT_FORMAT = frozenset("\u200c\u200d\u200e\u200f\u061c\u00ad")


def harmless(text: object) -> str:
    """
    Return text from data as one line that cannot reorder or hide its neighbours.

    Direction overrides and embeddings, isolates that do not close, private-use and other control
    characters are shown as U+FFFD, so that a reader sees that something was there; joiners and
    marks that spelling needs are kept.
    """
    line = " ".join(str(text).split())
    kept = _KEPT_FORMAT | (_ISOLATES | {_POP} if _closes(line) else frozenset())
    return "".join(
        "\ufffd" if letter not in kept and unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} else letter
        for letter in line
    )


def _closes(line: str) -> bool:
    """Return True when every isolate opened in the line is closed in it, and none other."""
    depth = 0
    for letter in line:
        depth += (letter in _ISOLATES) - (letter == _POP)
        if depth < 0:
            return False
    return depth == 0
