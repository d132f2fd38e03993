"""When a search stops, and what it passes to HiGHS."""

from __future__ import annotations

import math
import os
import resource
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from foundation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Limits:
    """A clock reading (`time.monotonic`), a relative gap, a number of nodes, resident bytes; HiGHS's seed."""

    deadline: float = float("inf")
    gap: float = 0.0
    nodes: float = float("inf")
    seed: int = 0
    memory: float = float("inf")

    def met(self) -> bool:
        """True when the clock or the process's memory has passed its limit; a search then stops between two LPs."""
        return time.monotonic() > self.deadline or (math.isfinite(self.memory) and resident() > self.memory)


def resident() -> int:
    """Return the bytes of this process in memory now; where the system does not tell, its peak so far."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def checked_limits(
    *,
    started: float,
    time_limit: float | None = None,
    gap: float = 0.0,
    threads: int = 1,
    seed: int = 0,
    memory_limit: float | None = None,
) -> Limits:
    """
    Return the limits that a caller's words stand for; `memory_limit` is in megabytes of 2**20 bytes.

    Raises
    ------
    InvalidInput
        If one of them is out of range.
    """
    if time_limit is not None and not _number(time_limit) > 0:
        raise InvalidInput("time_limit is {found}; expected seconds above 0, or None.", found=str(time_limit))
    if not 0 <= _number(gap) < math.inf:
        raise InvalidInput("gap is {found}; expected a share of 0 or more.", found=str(gap))
    if not (_whole(threads) and threads >= 1):
        raise InvalidInput("threads is {found}; expected a whole number of 1 or more.", found=str(threads))
    if not (_whole(seed) and 0 <= seed < 2**31):
        raise InvalidInput("seed is {found}; expected a whole number from 0 to 2147483647.", found=str(seed))
    if memory_limit is not None and not _number(memory_limit) > 0:
        raise InvalidInput("memory_limit is {found}; expected megabytes above 0, or None.", found=str(memory_limit))
    return Limits(
        deadline=math.inf if time_limit is None else started + float(time_limit),
        gap=float(gap),
        seed=int(seed),
        memory=math.inf if memory_limit is None else float(memory_limit) * 2.0**20,
    )


def settings_of(
    *, time_limit: float | None, gap: float, threads: int, seed: int, memory_limit: float | None
) -> dict[str, Any]:
    """Return limits as an answer records them, in plain numbers; one without end is None."""

    def some(value: float | None) -> float | None:
        return None if value is None or math.isinf(value) else float(value)

    return {
        "time_limit": some(time_limit),
        "gap": float(gap),
        "threads": int(threads),
        "seed": int(seed),
        "memory_limit": some(memory_limit),
    }


def _number(value: object) -> float:
    """Return a real number as a float; NaN for anything else, which is neither above nor below a limit."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return math.nan
    return float(value)


def _whole(value: object) -> bool:
    return _number(value).is_integer()
