"""
A HiGHS instance that keeps quiet, and how it is told the rules.

highspy prints a banner from C when the first instance of a process is made, before any
option can be set; standard output belongs to the caller, so that once it goes to the
null device.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from queue import Empty, SimpleQueue
from typing import Any

import highspy
import numpy as np

from optimization.limits import Limits
from optimization.system import Rows

_make: Any = highspy.Highs
_lock = threading.Lock()
_greeted = False


def quiet_highs(**options: object) -> Any:
    """Return a new `highspy.Highs` without output, `options` set."""
    highs = _first() if not _greeted else _make()
    highs.silent()
    for name, value in options.items():
        highs.setOptionValue(name, value)
    return highs


def add_rules(highs: Any, rows: Rows) -> None:
    """Add the rules ``low <= A y <= high``; a free side is infinite."""
    matrix = rows.matrix
    highs.addRows(
        len(rows.low),
        np.array([-np.inf if side is None else float(side) for side in rows.low]),
        np.array([np.inf if side is None else float(side) for side in rows.high]),
        matrix.nnz,
        matrix.indptr[:-1].astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(float),
    )


def _first() -> Any:
    global _greeted  # noqa: PLW0603 - one banner a process
    with _lock:
        sys.stdout.flush()
        try:
            kept = os.dup(1)
        except OSError:  # no standard output at all
            _greeted = True
            return _make()
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(null, 1)
            highs = _make()
            highs.silent()
        finally:
            os.dup2(kept, 1)
            os.close(kept)
            os.close(null)
        _greeted = True
        return highs


def run_heeding(highs: Any, limits: Limits) -> None:
    """
    Run HiGHS so that Ctrl-C and the process's memory end it with what it has found.

    HiGHS works in a thread of its own meanwhile; the clock is its own option. highspy's own way of doing so
    shares one lock among all instances, which a Ctrl-C may leave locked, and prints.
    """
    ended, stop = list[bool](), list[bool]()
    rung: SimpleQueue[None] = SimpleQueue()  # waiting on it is one call of C, which a signal cannot break in two

    def looked(event: Any) -> None:
        if stop or limits.met():
            event.interrupt()

    def worked() -> None:
        try:
            highs.run()
        finally:
            ended.append(True)
            rung.put(None)

    callbacks = (highs.cbSimplexInterrupt, highs.cbMipInterrupt)
    for callback in callbacks:
        callback.subscribe(looked)
    worker = threading.Thread(target=worked, daemon=True)
    try:
        worker.start()
        while not ended:
            with contextlib.suppress(KeyboardInterrupt):
                _waited(ended, rung)
                break
            stop.append(True)
    finally:
        stop.append(True)
    for callback in callbacks:  # the next run of the same model listens anew
        callback.unsubscribe(looked)


def _waited(ended: list[bool], rung: SimpleQueue[None]) -> None:
    while not ended:
        with contextlib.suppress(Empty):
            rung.get(timeout=1.0)
