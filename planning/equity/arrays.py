"""Travel and people as arrays: what every measure of evenness checks first, and how it treats the unreachable."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput

Floats = NDArray[np.float64]
Minutes = NDArray[np.floating[Any]]
People = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]


def checked(minutes: Minutes, people: People) -> tuple[Floats, Floats]:
    """Return both as float arrays; refuse what is not travel time and people."""
    times, weights = np.asarray(minutes, dtype=np.float64), np.asarray(people, dtype=np.float64)
    if times.ndim != 1 or times.shape != weights.shape:
        raise InvalidInput(
            "minutes is {minutes} and people {people}; expected two lists of equal length.",
            minutes=str(times.shape),
            people=str(weights.shape),
        )
    if np.isnan(times).any() or (times < 0).any():
        raise InvalidInput("minutes holds NaN or negative entries; expected 0 or more, inf where there is no route.")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise InvalidInput("people holds negative or non-finite entries; expected residents, 0 or more.")
    return times, weights


def reached(times: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Keep the entries with people and a route."""
    keep = (weights > 0) & np.isfinite(times)
    return times[keep], weights[keep]


def capped(times: Floats, weights: Floats, cap_minutes: float) -> tuple[Floats, Floats]:
    """Keep the entries with people; long and missing routes count as the cap."""
    if not 0.0 < cap_minutes < np.inf:
        raise InvalidInput(
            "The travel cap is {value} minutes; expected a positive finite number.", value=float(cap_minutes)
        )
    keep = weights > 0
    return np.minimum(times[keep], cap_minutes), weights[keep]
