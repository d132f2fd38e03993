"""
Discounted cash flow: present value, rates of return, payback.

Flows are yearly, the first one now (undiscounted), as in any textbook (Brealey, Myers & Allen 2020,
Principles of Corporate Finance, chapters 2 and 5). A rate of return is a root, and a flow that changes
its sign more than once may have several or none: all are found, and the answer says which it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.polynomial import polynomial
from numpy.typing import NDArray
from scipy.optimize import brentq

from foundation.errors import InvalidInput

Floats = NDArray[np.float64]
LOWEST, HIGHEST = -0.99, 100.0  # rates a year between which one is said as a number
Found = Literal["one", "none", "several", "below", "above"]
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Returns:
    """
    Internal rates of return.

    Attributes
    ----------
    rate
        The one rate, between -99 % and 10,000 % a year (inclusive); NaN elsewhere.
    found
        "one"; "below" or "above" where the one rate lies outside that range, as that of a flow that loses or returns
        nearly all at once; "none" or "several".
    roots
        Every rate above -100 % at which the present value is zero, ascending.
    """

    rate: float
    found: Found
    roots: tuple[float, ...]


def factors(rate: float, years: int) -> Floats:
    """(years,) what 1 JOD of each year is worth in the first one."""
    if not rate > -1.0:
        raise InvalidInput("A discount rate of {rate} was given; expected more than -1.", rate=rate)
    return np.asarray((1.0 + rate) ** -np.arange(years, dtype=np.float64))


def npv(rate: float, flows: Floats) -> float:
    """Net present value of yearly flows, the first one undiscounted; NaN is refused."""
    flows = np.asarray(flows, dtype=np.float64)
    if not np.isfinite(flows).all():
        raise InvalidInput("A cash flow holds NaN or infinity; expected a number for every year.")
    return float(flows @ factors(rate, flows.size))


def returns(flows: Floats) -> Returns:
    """
    Find the internal rates of return.

    With x = 1 / (1 + r) the present value is a polynomial in x. Without a change of sign it has no positive
    root (Descartes). Several rates are the known trap of the method (Lorie & Savage 1955, Three Problems in
    Rationing Capital, Journal of Business 28).
    """
    flows = np.asarray(flows, dtype=np.float64)
    if not np.isfinite(flows).all():
        raise InvalidInput("A cash flow holds NaN or infinity; expected a number for every year.")
    most = float(np.abs(flows).max(initial=0.0))
    flows = np.trim_zeros(np.where(np.abs(flows) <= ROUNDING * most, 0.0, flows))
    signs = np.sign(flows[flows != 0])
    roots: tuple[float, ...] = ()
    if (np.diff(signs) != 0).any():
        roots = tuple(sorted(_rates(flows / most)))
    if len(roots) != 1:
        return Returns(float("nan"), "several" if roots else "none", roots)
    if LOWEST <= roots[0] <= HIGHEST:
        return Returns(roots[0], "one", roots)
    return Returns(float("nan"), "below" if roots[0] < LOWEST else "above", roots)


def payback_years(flows: Floats) -> float:
    """
    Return the years from the first flow until the cumulative flow is, and stays, at or above zero.

    Undiscounted; straight within the year. NaN when that is never. A flow that is never below zero
    is paid back at once: 0.
    """
    total = np.cumsum(np.asarray(flows, dtype=np.float64))
    below = np.flatnonzero(total < 0)
    if below.size == 0:
        return 0.0
    last = int(below[-1])
    if last + 1 == total.size:
        return float("nan")
    return last + float(-total[last] / (total[last + 1] - total[last]))


def zero_of_line(at_zero: float, at_one: float) -> float:
    """Return where a straight line is zero, from its values at 0 and 1; NaN when it is level."""
    slope = at_one - at_zero
    return float("nan") if slope == 0 else -at_zero / slope


def _rates(flows: Floats) -> set[float]:
    """
    Find every rate above -100 %: in the range by the discount factor x = 1 / (1 + r), above it by the same between
    0 and the range, below it by 1 / x (the flows the other way round), so that no interval is without end.
    """
    least, most = 1.0 / (1.0 + HIGHEST), 1.0 / (1.0 + LOWEST)
    found = {1.0 / x - 1.0 for x in _roots(flows, least, most)}
    found |= {1.0 / x - 1.0 for x in _roots(flows, 0.0, least) if 0.0 < x < least}
    return found | {y - 1.0 for y in _roots(flows[::-1], 0.0, 1.0 / most) if 0.0 < y < 1.0 / most}


def _roots(flows: Floats, low: float, high: float) -> list[float]:
    """
    Find every root of a polynomial in [low, high], ascending: between two roots of its derivative lies at most one.

    A touch (a root where the sign does not change) is one within rounding of zero.
    """
    if flows.size < 2:
        return []
    turning = _roots(polynomial.polyder(flows / np.abs(flows).max()), low, high)
    points = [low, *turning, high]
    at = polynomial.polyval(np.array(points), flows)
    size = polynomial.polyval(np.array(points), np.abs(flows))
    at = np.where(np.abs(at) <= ROUNDING * size, 0.0, at)
    found = [point for point, value in zip(points, at, strict=True) if value == 0]
    for a, b, before, after in zip(points, points[1:], at, at[1:], strict=False):
        if before * after < 0:
            found.append(float(brentq(_value, a, b, args=(flows,), xtol=1e-15, rtol=1e-14)))
    return sorted(set(found))


def _value(x: float, flows: Floats) -> float:
    return float(polynomial.polyval(x, flows))
