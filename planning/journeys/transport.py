"""
Journeys of those without a car, by a proxy: no timetable is read, a wait and a mean speed stand for it.

All figures are the planner's, so everything computed here is *modelled* from what is *assumed*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.journeys.nearest import Nearest
from planning.journeys.tables import Reach, Travel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TransportProxy:
    """
    How those without a car travel; every figure is stated by the planner.

    Attributes
    ----------
    wait_minutes
        Walk to the stop and wait, once a journey, >= 0.
    speed_kmh
        Mean speed over the road length of the fastest drive, stops and changes included, > 0.
    first_bus, last_bus
        Hours of the day (7.5 is 7:30) between which buses leave, ``0 <= first < last <= 24``.
    visit_minutes
        Time at the centre, >= 0. Who leaves with the first bus must be back at the stop for the last one (inclusive);
        a centre that is farther is no route.
    """

    wait_minutes: float
    speed_kmh: float
    first_bus: float
    last_bus: float
    visit_minutes: float = 60.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        holds = (
            0 <= self.wait_minutes < np.inf
            and 0 < self.speed_kmh < np.inf
            and 0 <= self.first_bus < self.last_bus <= 24
            and 0 <= self.visit_minutes < np.inf
        )
        if not holds:
            raise InvalidInput(
                "The transport proxy {proxy} cannot be: wait, visit at least 0; speed above 0; first bus before last.",
                proxy=repr(self),
            )

    def minutes(self, drive_minutes: Floats, metres: Floats) -> Floats:
        """
        Return minutes by bus, rounded once to 0.1 and never shorter than the drive; inf where none gets one back.

        Both inputs of one shape, inf where there is no route.
        """
        ride = np.where(np.isfinite(metres), metres, 0.0) / 1000.0 / self.speed_kmh * 60.0
        took = np.maximum(np.round(self.wait_minutes + ride, 1), drive_minutes)
        day = (self.last_bus - self.first_bus) * 60.0
        return np.where(np.isfinite(drive_minutes) & (took + self.visit_minutes <= day), took, np.inf)


def by_bus(journeys: Travel | Reach, proxy: TransportProxy) -> Travel | Reach:
    """
    Return the same journeys by bus.

    A journey by bus is never shorter than the drive, so a reach keeps its limit; beyond it, the nearest site is the
    nearest one by road. A matrix without metres gives the wait and the drive at best: give it metres.
    """
    if isinstance(journeys, Travel):
        minutes = proxy.minutes(journeys.minutes, journeys.metres)
        return Travel(minutes, np.where(np.isfinite(minutes), journeys.metres, np.inf))
    minutes = proxy.minutes(journeys.minutes, journeys.metres)
    kept = minutes <= journeys.limit_minutes
    before = np.concatenate([[0], np.cumsum(kept)])
    known = journeys.beyond

    def beyond(sites: Ints) -> Nearest:
        assert known is not None
        near = known(sites)
        far = proxy.minutes(near.minutes, near.metres)
        reached = np.isfinite(far)
        return Nearest(np.where(reached, near.site, -1), far, np.where(reached, near.metres, np.inf))

    return Reach(
        shape=journeys.shape,
        limit_minutes=journeys.limit_minutes,
        first=before[journeys.first].astype(np.int64),
        site=journeys.site[kept],
        tenths=np.rint(minutes[kept] * 10.0).astype(np.uint16),
        metres=journeys.metres[kept],
        beyond=None if known is None else beyond,
    )
