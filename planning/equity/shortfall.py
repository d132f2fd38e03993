"""
How many travel beyond the standard, how far, and how unevenly: the Foster-Greer-Thorbecke family, for a burden.

With z the standard at an entry and x its travel, g = max(0, x - z) / z is the journey beyond the
standard, relative to it, and

    P(a) = Σ w g^a / Σ w  over all people, those within with 0

P0 is the share beyond the standard, P1 adds how far, P2 weighs the far more. (Poverty falls short
of a line and g ends at 1; travel exceeds one, and g ends where the cap does.)

References
----------
Foster, J., Greer, J. & Thorbecke, E. (1984). A class of decomposable poverty measures. Econometrica 52, 761-766.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.equity.arrays import Floats, Minutes, People, checked


@dataclass(frozen=True, slots=True)
class Shortfall:
    """
    Travel beyond the standard; NaN for nobody.

    Attributes
    ----------
    headcount
        P0: the share of people beyond the standard, the unreachable among them.
    depth
        P1: mean of the relative excess over all people.
    severity
        P2: mean of its square over all people.
    excess_minutes
        Mean minutes beyond the standard of those beyond it; 0 where nobody is.
    """

    headcount: float
    depth: float
    severity: float
    excess_minutes: float


def shortfall(
    minutes: Minutes, people: People, limits: Minutes, *, cap_minutes: float, beyond: NDArray[np.bool_] | None = None
) -> Shortfall:
    """
    Measure travel beyond the standard.

    Parameters
    ----------
    minutes, people
        (n,) each, as at the top of the package.
    limits
        (n,) the standard at each entry, minutes, above 0, inclusive: exactly the limit is within.
    cap_minutes
        Longer times and the unreachable count as this many minutes, or as their limit where that is
        longer: they are beyond the standard all the same, by nothing that can be measured.
    beyond
        (n,) who is beyond the standard, where more than one journey decides it (places with standards of their
        own); None: those whose time is above the limit. Nobody else travels beyond it by anything.

    Returns
    -------
    shortfall
        Parts of a population add up: P(a) of the whole is the people-weighted mean of the parts' P(a).

    Raises
    ------
    InvalidInput
        If `limits` does not match or holds what is no positive number, or the cap is not positive.
    """
    times, weights = checked(minutes, people)
    lines = np.asarray(limits, dtype=np.float64)
    if lines.shape != times.shape or not ((lines > 0) & np.isfinite(lines)).all():
        raise InvalidInput("limits holds what is no standard; expected minutes above 0, one for each entry.")
    if not 0.0 < cap_minutes < np.inf:
        raise InvalidInput(
            "The travel cap is {value} minutes; expected a positive finite number.", value=float(cap_minutes)
        )
    everyone = weights.sum()
    if everyone == 0:
        nothing = float("nan")
        return Shortfall(nothing, nothing, nothing, nothing)
    beyond = times > lines if beyond is None else beyond
    over = np.where(beyond, np.maximum(np.minimum(times, cap_minutes) - lines, 0.0), 0.0)
    relative: Floats = over / lines
    outside = weights[beyond].sum()
    return Shortfall(
        headcount=float(outside / everyone),
        depth=float(weights @ relative / everyone),
        severity=float(weights @ relative**2 / everyone),
        excess_minutes=float(weights @ over / outside) if outside > 0 else 0.0,
    )
