"""Writing to a terminal: two streams, nothing from outside that moves it, one line where one line is meant."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from api.plain import plain

if TYPE_CHECKING:
    from rich.console import Console


def say_error(text: str) -> None:
    """Write one line to stderr; a closed stderr is no reason to fail."""
    line = " ".join(plain(text).split())  # what a caller said in English has been through `plainly`
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
