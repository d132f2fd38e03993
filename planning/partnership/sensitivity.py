"""
One driver moved at a time, the others as stated: what it does to the present value.

Digital take-up stands first, whatever its swing: it is what the state itself decides. The others follow
from the greatest swing down (tornado order), ties by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.partnership.finance import npv
from planning.partnership.flows import Moved, flows_of
from planning.partnership.forecast import Forecast
from planning.partnership.terms import PartnershipSettings

DRIVERS = ("take_up", "visits", "capital", "running", "payment", "rate")


@dataclass(frozen=True, slots=True)
class Driver:
    """
    One row: a driver, by how much it is moved, and the present value with it lower and higher, JOD.

    `step` is a share; of the rate it is added and taken away.
    """

    name: str
    step: float
    npv_low: float
    npv_high: float

    @property
    def swing(self) -> float:
        """Width of the bar, JOD."""
        return abs(self.npv_high - self.npv_low)


def drivers_of(
    forecast: Forecast, centres: NDArray[np.int64], settings: PartnershipSettings, *, start: int
) -> tuple[Driver, ...]:
    """Move each driver down and up for the lot of some `centres` of the forecast."""
    expected = forecast.visits("mid")[centres].sum(axis=(0, 1))

    def value(*, take_up: float = 1.0, visits: float = 1.0, rate: float = 0.0, **money: float) -> float:
        got = forecast.visits("mid", take_up=take_up, times=visits)[centres].sum(axis=(0, 1))
        account = flows_of(got, expected, centres.size, settings, start=start, moved=Moved(**money))
        return npv(settings.hurdle_rate + rate, account.net)

    found = []
    for name in DRIVERS:
        step = float(getattr(settings.sensitivity, name))
        base = 0.0 if name == "rate" else 1.0
        found.append(Driver(name, step, value(**{name: base - step}), value(**{name: base + step})))
    return (found[0], *sorted(found[1:], key=lambda row: (-row.swing, row.name)))
