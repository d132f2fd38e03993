"""
The access standard: how long a journey may take, by where a person lives.

A limit is inclusive (law 2): exactly 30.0 minutes is within 30.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Standard:
    """
    Longest acceptable journey to a centre, in minutes, inclusive.

    `partial_counts` says whether a centre of kind "partial" (some services only)
    meets the standard.
    """

    urban_minutes: float = 30.0
    rural_minutes: float = 60.0
    partial_counts: bool = False

    def limits(self, settlement: NDArray[np.object_]) -> NDArray[np.float64]:
        """
        Return the limit at each demand point.

        Parameters
        ----------
        settlement
            (n,) "urban" or "rural".

        Returns
        -------
        limits
            (n,) minutes.

        Raises
        ------
        InvalidInput
            For any other settlement type.
        """
        known = {"urban": self.urban_minutes, "rural": self.rural_minutes}
        try:
            return np.array([known[str(kind)] for kind in settlement], dtype=np.float64)
        except KeyError as error:
            raise InvalidInput(
                "A demand point has the settlement type {found}; expected urban or rural.", found=str(error)
            ) from None


def within(minutes: NDArray[np.float64], limits: NDArray[np.float64]) -> NDArray[np.bool_]:
    """
    Say which journeys meet the standard.

    Parameters
    ----------
    minutes
        (n, m) journey from demand point i to site j; inf where there is no route, never NaN.
    limits
        (n,) longest acceptable journey, inclusive.

    Returns
    -------
    within
        (n, m) True where ``minutes <= limit``; never where there is no route.
    """
    if minutes.ndim != 2 or minutes.shape[0] != limits.size:
        raise InvalidInput(
            "minutes is {found}; expected one row for each of the {n} limits.",
            found=str(minutes.shape),
            n=limits.size,
        )
    if np.isnan(minutes).any():
        raise InvalidInput("minutes holds NaN; write inf where there is no route.")
    return (minutes <= limits[:, None]) & np.isfinite(minutes)
