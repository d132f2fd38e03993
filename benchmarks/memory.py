"""Peaks of resident memory, in MB of 2**20 bytes."""

from __future__ import annotations

import resource


def peak_mb() -> float:
    """Return this process's peak so far."""
    return _peak(resource.RUSAGE_SELF)


def peak_of_children_mb() -> float:
    """Return the greatest peak of its children that have ended."""
    return _peak(resource.RUSAGE_CHILDREN)


def _peak(whose: int) -> float:
    return resource.getrusage(whose).ru_maxrss / 1024.0
