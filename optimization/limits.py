"""When a search stops, and what it passes to HiGHS."""

from __future__ import annotations

import math
import os
import resource
import sys
import time
from dataclasses import dataclass

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
    told: dict[str, object] = {"time_limit": time_limit, "gap": gap, "threads": threads, "seed": seed}
    for name, value in (told | {"memory_limit": memory_limit}).items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not (number or (value is None and name.endswith("limit"))) or (name == "seed" and value != int(seed)):
            raise InvalidInput("{name} is {value}; expected a number.", name=name, value=str(value))
    fine = gap >= 0 and seed >= 0 and math.isfinite(gap) and threads >= 1 and (time_limit is None or time_limit > 0)
    if not fine:
        raise InvalidInput(
            "gap {gap}, seed {seed} must be at least 0, threads {threads} at least 1, time_limit {time_limit} above 0.",
            gap=gap,
            seed=seed,
            threads=threads,
            time_limit=str(time_limit),
        )
    if memory_limit is not None and not memory_limit > 0:
        raise InvalidInput("memory_limit is {found}; expected megabytes above 0, or None.", found=str(memory_limit))
    return Limits(
        deadline=math.inf if time_limit is None else started + time_limit,
        gap=gap,
        seed=seed,
        memory=math.inf if memory_limit is None else memory_limit * 2.0**20,
    )
