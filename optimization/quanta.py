"""
Numbers as whole multiples of a stated quantum, the only numbers a proof rests on.

Whole numbers stay as they are; decimals of up to six places are taken exactly;
anything else is rounded to the finest quantum that the total leaves room for.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput

PLACES = 6


def whole(values: NDArray[np.float64], *, room: float, name: str) -> tuple[NDArray[np.int64], float]:
    """
    Return (whole multiples, quantum): values ≈ multiples · quantum, exactly where they allow it.

    Parameters
    ----------
    values
        Finite, non-negative.
    room
        Largest multiple that may be used.

    Raises
    ------
    InvalidInput
        If `values` holds NaN, inf or negative numbers.
    """
    if values.size and not (np.isfinite(values).all() and values.min() >= 0):
        raise InvalidInput("{name} must be finite and not negative, with no NaN.", name=name)
    top = float(values.max(initial=0.0))
    for places in range(PLACES + 1):
        scaled = values * 10.0**places
        rounded = np.rint(scaled)
        if top * 10**places <= room and np.allclose(scaled, rounded, rtol=1e-14, atol=1e-9):
            return rounded.astype(np.int64), 10.0**-places
    quantum = 2.0 ** math.ceil(math.log2(top / min(room, 2.0**40)))
    return np.rint(values / quantum).astype(np.int64), quantum
