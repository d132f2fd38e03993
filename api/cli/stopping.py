"""
What Ctrl-C does, and when.

While code is being read it ends the process there and then: nothing has been written yet, and a
KeyboardInterrupt inside the start of a compiled module comes out as some other error, or not at
all. While a command works it unwinds, so that nothing half-written stays. Where Ctrl-C is
ignored (a shell's background job), it stays ignored.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from api.errors import INTERRUPTED


@contextlib.contextmanager
def at_once(sentence: str) -> Iterator[None]:
    """Let Ctrl-C end the process in this block, after one `sentence` on stderr."""

    def stop(_number: int, _frame: object) -> None:
        with contextlib.suppress(OSError):
            os.write(2, f"{sentence}\n".encode())
        os._exit(INTERRUPTED.exit_code)

    with _handled(stop):
        yield


class Stop:
    """Whether Ctrl-C has been pressed, whatever became of the KeyboardInterrupt it raised."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, _number: int, _frame: object) -> None:
        """Remember it, and raise what Python raises by itself."""
        self.asked = True
        raise KeyboardInterrupt


@contextlib.contextmanager
def unwinding() -> Iterator[None]:
    """
    Let Ctrl-C raise KeyboardInterrupt in this block, as Python does by itself.

    Where a library turned that into an error of its own, it comes out of the block as
    KeyboardInterrupt again.
    """
    stop = Stop()
    with _handled(stop):
        try:
            yield
        except Exception as error:
            if stop.asked:
                raise KeyboardInterrupt from error
            raise


@contextlib.contextmanager
def _handled(handler: Callable[[int, Any], Any]) -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    if before in {signal.SIG_IGN, None}:
        yield
        return
    try:
        signal.signal(signal.SIGINT, handler)
    except ValueError:  # not the main thread: a test, or another program that embeds this one
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
