"""What some plan could open: minutes from a point to every place that the problem's columns allow in a year."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimization import Problem
from planning.journeys.tables import Pairs
from planning.programme import Programme
from planning.recheck_aims import Near
from planning.recheck_rules import limits_of
from planning.siting.instance import Instance


@dataclass(slots=True)
class Permitted:
    """Answers for a year and a point; reads journeys only when first asked. `farthest` is in minutes."""

    instance: Instance
    programme: Programme
    problem: Problem
    farthest: float
    _pairs: Pairs | None = None
    _stops: dict[int, list[tuple[int, dict[str, float]]]] = field(default_factory=dict)

    def __call__(self, year: int, point: int) -> Near:
        """Return (minutes, limits of the kind by settlement type) for each stop of a permitted place."""
        if self._pairs is None:
            self._pairs = self.instance.journeys.pairs(self.farthest)
        if year not in self._stops:
            self._stops[year] = self._stops_in(year)
        here = slice(int(self._pairs.first[point]), int(self._pairs.first[point + 1]))
        minutes = dict(zip(self._pairs.site[here].tolist(), self._pairs.minutes[here].tolist(), strict=True))
        return [(minutes[stop], own) for stop, own in self._stops[year] if stop in minutes]

    def _stops_in(self, year: int) -> list[tuple[int, dict[str, float]]]:
        options, years = self.instance.options, self.programme.years
        upper = self.problem.columns.upper[: options.size * len(years)].reshape(options.size, -1)
        return [
            (int(stop), limits_of(self.programme, ("", options.kinds[options.kind[option]])))
            for option in np.flatnonzero(upper[:, years.index(year)])
            for stop in options.stops(int(option))
        ]
