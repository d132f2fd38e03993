"""
Tables of journeys, dense and sparse, that answer the same few questions.

`Travel` holds every pair; `Reach` only those within a limit. Both give the pairs within a
limit, the columns of some sites, and the nearest of some sites, so that nothing above needs to know which it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.journeys.nearest import Nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EVERY = slice(None)
LONGEST_MINUTES = 6000.0  # what a sparse table can hold, in 16 bits of tenths


@dataclass(frozen=True, slots=True)
class Pairs:
    """
    Journeys within a limit, row by row.

    Attributes
    ----------
    first
        (n + 1,) where each point's pairs begin.
    site
        (p,) site positions, ascending within a point.
    minutes
        (p,) rounded to 0.1.
    begins
        Position of the first point; above 0 where the pairs are those of a part of the points.
    """

    first: Ints
    site: Ints
    minutes: Floats
    begins: int = 0

    @property
    def point(self) -> Ints:
        """(p,) the point of each pair."""
        return self.begins + np.repeat(np.arange(self.first.size - 1), np.diff(self.first))


@dataclass(frozen=True, slots=True)
class Travel:
    """
    Journeys from n demand points to m sites.

    Attributes
    ----------
    minutes
        (n, m) fastest journey, rounded once to 0.1; inf where there is no route, never NaN.
    metres
        (n, m) road length of that same journey; inf where there is no route.
    """

    minutes: Floats
    metres: Floats

    def __post_init__(self) -> None:
        """Refuse NaN, negative values and tables that do not belong together."""
        if self.minutes.ndim != 2 or self.minutes.shape != self.metres.shape:
            raise InvalidInput(
                "minutes has shape {minutes} and metres {metres}; expected one (points, sites) shape for both.",
                minutes=str(self.minutes.shape),
                metres=str(self.metres.shape),
            )
        for name in ("minutes", "metres"):
            table = getattr(self, name)
            if np.isnan(table).any() or (table < 0).any():
                raise InvalidInput(
                    "{name} holds NaN or a negative value; write inf where there is no route.", name=name
                )
        if (np.isinf(self.minutes) != np.isinf(self.metres)).any():
            raise InvalidInput("minutes and metres disagree about which journeys have no route.")

    @property
    def shape(self) -> tuple[int, int]:
        """Points and sites."""
        return self.minutes.shape[0], self.minutes.shape[1]

    def columns(self, sites: Ints) -> tuple[Floats, Floats]:
        """Return (n, k) minutes and metres to some sites; inf where there is no route."""
        return self.minutes[:, sites], self.metres[:, sites]

    def pairs(self, limit_minutes: float, points: slice = EVERY) -> Pairs:
        """Return the journeys of at most `limit_minutes` (inclusive), of all points or of a plain range of them."""
        begin, end, _ = points.indices(self.shape[0])
        minutes = self.minutes[begin:end]
        point, site = np.nonzero((minutes <= limit_minutes) & np.isfinite(minutes))
        first = np.searchsorted(point, np.arange(end - begin + 1))
        return Pairs(first.astype(np.int64), site.astype(np.int64), minutes[point, site], begin)

    def nearest(self, sites: Ints) -> Nearest:
        """Return the nearest of some sites; of equally long journeys the lowest position."""
        sites = np.unique(np.asarray(sites, dtype=np.int64))
        return _nearest_column(*self.columns(sites), sites)


@dataclass(frozen=True, slots=True)
class Reach:
    """
    Journeys within a limit, one CSR row a demand point.

    Absence means beyond the limit, or no route at all: `nearest` tells which, by one search without a limit.

    Attributes
    ----------
    shape
        Points and sites.
    limit_minutes
        No pair is longer (inclusive).
    first
        (n + 1,) where each point's pairs begin.
    site
        (p,) site positions, ascending within a point.
    tenths
        (p,) tenths of a minute, rounded once.
    metres
        (p,) road length of the same journey.
    beyond
        Gives the nearest of some sites without a limit; None where absence is known to mean no route.
    """

    shape: tuple[int, int]
    limit_minutes: float
    first: Ints
    site: NDArray[np.int32]
    tenths: NDArray[np.uint16]
    metres: Floats
    beyond: Callable[[Ints], Nearest] | None = field(default=None, compare=False, repr=False)

    @property
    def minutes(self) -> Floats:
        """(p,) minutes, the very numbers a dense table holds."""
        return self.tenths / 10.0

    def columns(self, sites: Ints) -> tuple[Floats, Floats]:
        """Return (n, k) minutes and metres to some sites; inf beyond the limit."""
        sites = np.asarray(sites, dtype=np.int64)
        place = np.full(self.shape[1], -1, dtype=np.int64)
        place[sites] = np.arange(sites.size)
        wanted = np.flatnonzero(place[self.site] >= 0)
        point = np.searchsorted(self.first, wanted, side="right") - 1
        minutes, metres = (np.full((self.shape[0], sites.size), np.inf) for _ in range(2))
        at = (point, place[self.site[wanted]])
        minutes[at], metres[at] = self.tenths[wanted] / 10.0, self.metres[wanted]
        return minutes, metres

    def pairs(self, limit_minutes: float, points: slice = EVERY) -> Pairs:
        """
        Return the journeys of at most `limit_minutes` (inclusive), of all points or of a plain range of them.

        Raises
        ------
        InvalidInput
            If the reach ends before that limit: absence would be taken for no route.
        """
        if limit_minutes > self.limit_minutes:
            raise InvalidInput(
                "The journeys were computed up to {known} minutes, and {asked} are needed. Compute them further.",
                known=self.limit_minutes,
                asked=float(limit_minutes),
            )
        begin, end, _ = points.indices(self.shape[0])
        here = slice(int(self.first[begin]), int(self.first[end]))
        site, tenths = self.site[here], self.tenths[here]
        kept = tenths <= np.floor(limit_minutes * 10.0 + 1e-6)
        before = np.concatenate([[0], np.cumsum(kept)])
        first = before[self.first[begin : end + 1] - here.start].astype(np.int64)
        return Pairs(first, site[kept].astype(np.int64), tenths[kept] / 10.0, begin)

    def nearest(self, sites: Ints) -> Nearest:
        """
        Return the nearest of some sites.

        Within the limit, of equally long journeys the lowest position; the others by `beyond`.
        """
        sites = np.unique(np.asarray(sites, dtype=np.int64))
        found = self._nearest_within(sites)
        missing = found.site < 0
        if self.beyond is None or not sites.size or not missing.any():
            return found
        far = self.beyond(sites)
        return Nearest(
            np.where(missing, far.site, found.site),
            np.where(missing, far.minutes, found.minutes),
            np.where(missing, far.metres, found.metres),
        )

    def _nearest_within(self, sites: Ints) -> Nearest:
        n = self.shape[0]
        site, least, metres = np.full(n, -1), np.full(n, np.inf), np.full(n, np.inf)
        open_ = np.zeros(self.shape[1], dtype=bool)
        open_[sites] = True
        pair = np.flatnonzero(open_[self.site])
        if pair.size:
            point = np.searchsorted(self.first, pair, side="right") - 1
            best = pair[np.lexsort((self.site[pair], self.tenths[pair], point))]
            head = np.searchsorted(point, np.unique(point))
            rows, best = point[head], best[head]
            site[rows], least[rows], metres[rows] = self.site[best], self.tenths[best] / 10.0, self.metres[best]
        return Nearest(site, least, metres)


def _nearest_column(minutes: Floats, metres: Floats, sites: Ints) -> Nearest:
    n = minutes.shape[0]
    if not sites.size:
        return Nearest(np.full(n, -1), np.full(n, np.inf), np.full(n, np.inf))
    best = minutes.argmin(axis=1)
    rows = np.arange(n)
    least = minutes[rows, best]
    reached = np.isfinite(least)
    return Nearest(np.where(reached, sites[best], -1), least, np.where(reached, metres[rows, best], np.inf))
