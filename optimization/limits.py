"""When a search stops, and what it passes to HiGHS."""

from __future__ import annotations

import math
from dataclasses import dataclass

from foundation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Limits:
    """A clock reading (`time.monotonic`), a relative gap, a number of nodes; HiGHS's seed."""

    deadline: float = float("inf")
    gap: float = 0.0
    nodes: float = float("inf")
    seed: int = 0
    central: bool = True  # start the search's inner point deep inside the rules and move it by short steps


def checked_limits(
    *, started: float, time_limit: float | None = None, gap: float = 0.0, threads: int = 1, seed: int = 0
) -> Limits:
    """
    Return the limits that a caller's words stand for.

    Raises
    ------
    InvalidInput
        If one of them is out of range.
    """
    fine = gap >= 0 and math.isfinite(gap) and threads >= 1 and (time_limit is None or time_limit > 0)
    if not fine:
        raise InvalidInput(
            "gap {gap} must be 0 or more, threads {threads} at least 1, time_limit {time_limit} above 0.",
            gap=gap,
            threads=threads,
            time_limit=str(time_limit),
        )
    return Limits(deadline=math.inf if time_limit is None else started + time_limit, gap=gap, seed=seed)
