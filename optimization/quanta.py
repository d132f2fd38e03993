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
ROUNDING = 1e-6  # share of the value that rounded data may hide in what is still called proven; `gap` says how much
FINEST = -1000  # binary exponent of the finest quantum: its inverse is still a float


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
    multiples, quantum, _ = multiples_of(values, room=room)
    return multiples, quantum


def multiples_of(values: NDArray[np.float64], *, room: float) -> tuple[NDArray[np.int64], float, bool]:
    """Return (whole multiples, quantum, exact) of finite, non-negative values; see `unit_of`."""
    factor, quantum, exact = unit_of(values, room=room)
    return np.rint(values * factor).astype(np.int64), quantum, exact


def unit_of(values: NDArray[np.float64], *, room: float, rounded: float = 2.0**40) -> tuple[float, float, bool]:
    """
    Return (factor, quantum, exact): values · factor, rounded, are whole multiples of quantum = 1 / factor.

    Parameters
    ----------
    values
        Non-negative; inf is left out. Read in pieces, so that a large matrix is not copied.
    room
        Largest multiple that may be used.
    rounded
        Largest multiple for values that are no decimals of up to six places.
    """
    step = max(1, (1 << 20) // max(1, int(np.prod(values.shape[1:]))))
    pieces = [values[at : at + step] for at in range(0, values.shape[0], step)]
    top = max((float(piece[np.isfinite(piece)].max(initial=0.0)) for piece in pieces), default=0.0)
    for places in range(PLACES + 1):
        factor = 10.0**places
        if top * factor <= room and all(_is_whole(piece, factor) for piece in pieces):
            return factor, 10.0**-places, True
    quantum = 2.0 ** max(FINEST, math.ceil(math.log2(top) - math.log2(min(room, rounded))))
    return 1.0 / quantum, quantum, False


def proven_within(value: float, bound: float) -> bool:
    """Tell whether what rounded data leave between a value and its bound is small enough to call the value proven."""
    return abs(value - bound) <= ROUNDING * abs(value)


def _is_whole(values: NDArray[np.float64], factor: float) -> bool:
    """Whole but for the last binary place of a decimal; what is nearly nought, or nearly whole, is not."""
    scaled = values[np.isfinite(values)] * factor
    return bool(np.allclose(scaled, np.rint(scaled), rtol=1e-14, atol=0.0))
