"""Journeys to options: to the site of a centre, or to the nearest stop of a mobile unit's round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.travel import EVERY, Nearest, Reach, Travel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OptionPairs:
    """
    Journeys within a limit, by point, then by option.

    Attributes
    ----------
    point, option
        (p,) positions.
    minutes
        (p,) rounded to 0.1.
    """

    point: Ints
    option: Ints
    minutes: Floats


@dataclass(frozen=True, slots=True)
class PlaceJourneys:
    """
    Journeys from n points to o options, read off the journeys to m sites.

    Attributes
    ----------
    to_sites
        Journeys to the m sites.
    first, stop
        CSR: option j is visited at the sites ``stop[first[j]:first[j + 1]]``, one for a centre.
    """

    to_sites: Travel | Reach
    first: Ints
    stop: Ints

    @property
    def shape(self) -> tuple[int, int]:
        """Points and options."""
        return self.to_sites.shape[0], self.first.size - 1

    def stops(self, option: int) -> Ints:
        """Sites at which an option is visited."""
        return self.stop[self.first[option] : self.first[option + 1]]

    def columns(self, options: Ints) -> tuple[Floats, Floats]:
        """Return (n, k) minutes and metres to some options; inf where there is no route, or none within the limit."""
        options = np.asarray(options, dtype=np.int64)
        n = self.shape[0]
        minutes, metres = np.full((n, options.size), np.inf), np.full((n, options.size), np.inf)
        size = np.diff(self.first)[options]
        single = np.flatnonzero(size == 1)
        minutes[:, single], metres[:, single] = self.to_sites.columns(self.stop[self.first[options[single]]])
        for at in np.flatnonzero(size > 1):
            here, along = self.to_sites.columns(self.stops(int(options[at])))
            best = here.argmin(axis=1)
            rows = np.arange(n)
            minutes[:, at], metres[:, at] = here[rows, best], along[rows, best]
        return minutes, metres

    def nearest(self, options: Ints) -> Nearest:
        """Return the nearest of some options (its ``site`` is an option); of equally long journeys the lowest."""
        options = np.unique(np.asarray(options, dtype=np.int64))
        stops = [self.stops(int(option)) for option in options]
        sites = np.concatenate([np.zeros(0, dtype=np.int64), *stops])
        found = self.to_sites.nearest(sites)
        lowest = np.full(self.to_sites.shape[1], -1, dtype=np.int64)
        for option, at in zip(options[::-1], stops[::-1], strict=True):
            lowest[at] = option
        return Nearest(np.where(found.site >= 0, lowest[found.site], -1), found.minutes, found.metres)

    def pairs(self, limit: float, points: slice = EVERY) -> OptionPairs:
        """
        List the journeys of at most `limit` minutes (inclusive); an option's is that to its nearest stop.

        `points` are the points in question, a plain range; each keeps its position.
        """
        found = self.to_sites.pairs(limit, points)
        point, site, minutes = found.point, found.site, found.minutes
        size = np.diff(self.first)
        if size.size == self.to_sites.shape[1] and (size == 1).all() and (self.stop == np.arange(size.size)).all():
            return OptionPairs(point, site, minutes)
        option = np.repeat(np.arange(size.size), size)
        order = np.argsort(self.stop, kind="stable")
        begin = np.searchsorted(self.stop[order], np.arange(self.to_sites.shape[1] + 1))
        many = np.diff(begin)[site]
        start = np.concatenate([[0], np.cumsum(many)])[:-1]
        at = np.arange(int(many.sum())) - np.repeat(start, many) + np.repeat(begin[:-1][site], many)
        return _shortest(np.repeat(point, many), option[order][at], np.repeat(minutes, many))


def _shortest(point: Ints, option: Ints, minutes: Floats) -> OptionPairs:
    """Keep the shortest journey of each (point, option)."""
    order = np.lexsort((minutes, option, point))
    point, option, minutes = point[order], option[order], minutes[order]
    first = np.append(True, (np.diff(point) != 0) | (np.diff(option) != 0))[: point.size]
    return OptionPairs(point[first], option[first], minutes[first])
