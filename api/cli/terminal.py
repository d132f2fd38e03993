"""Writing to a terminal: two streams, no control characters from outside, one line where one line is meant."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from rich.console import Console


def plain(text: str) -> str:
    """
    Return `text` without control characters, line ends included (each becomes a space).

    What a file or a name holds must not move the cursor or colour the terminal (law 11).
    The bidi isolates that `Language` writes are format characters, and stay.
    """
    return "".join(" " if unicodedata.category(mark) in {"Cc", "Zl", "Zp"} else mark for mark in text)


def say_error(text: str) -> None:
    """Write one line to stderr; a closed stderr is no reason to fail."""
    line = " ".join(plain(text).split())
    encoding = sys.stderr.encoding or "utf-8"
    try:
        print(line.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)
    except (BrokenPipeError, ValueError):
        return


def console(*, stderr: bool = False) -> Console:
    """Return a rich console that wraps nothing when the output is a file or a pipe."""
    from rich.console import Console

    class _Console(Console):
        def on_broken_pipe(self) -> NoReturn:
            raise BrokenPipeError

    shown = _Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not shown.is_terminal and not stderr:
        shown.width = max(shown.width, 160)
    return shown
