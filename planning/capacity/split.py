"""
Served, in reach but over capacity, out of reach: three words always together, conserved to the visit.

*Out of reach* is beyond the standard, or without a route. *Over capacity* is within it, at a centre
that is full. Within a full centre every visit is as likely to be served as another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.demand import apportion

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Split:
    """
    Whole visits a year, by demand point: (n,) each, summing to the visits.

    Attributes
    ----------
    served_by
        (k,) visits served at each centre.
    sought
        (k,) visits within the standard that seek each centre: served there, or turned away. Visits
        that found no room anywhere are counted at their nearest centre.
    """

    served: Ints
    over: Ints
    out: Ints
    served_by: Ints
    sought: Ints


@dataclass(frozen=True, slots=True)
class Three:
    """A split of one place or group, in whole visits."""

    served: int
    over: int
    out: int

    @property
    def total(self) -> int:
        """All visits."""
        return self.served + self.over + self.out


def whole_visits(visits: Floats) -> Ints:
    """Return visits as whole numbers that sum to the rounded sum (largest remainder)."""
    return apportion(visits, round(float(np.sum(visits))))


def split_nearest(visits: Ints, nearest: Ints, within: NDArray[np.bool_], room: Floats) -> Split:
    """
    Send every visit to the nearest centre, which serves those within the standard up to its room.

    Parameters
    ----------
    visits
        (n,) whole visits a year.
    nearest
        (n,) position of the nearest centre in 0..k-1, -1 where there is none.
    within
        (n,) True where it is within the standard.
    room
        (k,) whole visits a year; inf for no limit.
    """
    inside = within & (nearest >= 0)
    served = np.where(inside, visits, 0)
    sought = _by_centre(served, nearest, room.size)
    for centre in np.flatnonzero(sought > room):
        here = np.flatnonzero(inside & (nearest == centre))
        served[here] = apportion(visits[here].astype(np.float64), int(room[centre]))
    over = np.where(inside, visits - served, 0)
    return Split(served, over, np.where(inside, 0, visits), _by_centre(served, nearest, room.size), sought)


def split_flow(visits: Ints, unserved: Ints, load: Ints, nearest: Ints, within: NDArray[np.bool_]) -> Split:
    """
    Say an allocation as a split.

    Parameters
    ----------
    unserved, load
        (n,), (k,) of `Allocation`, made over pairs within the standard.
    nearest, within
        As for `split_nearest`; a point within the standard has at least one pair.
    """
    over = np.where(within, unserved, 0)
    turned_away = _by_centre(over, nearest, load.size)
    return Split(np.where(within, visits - over, 0), over, np.where(within, 0, visits), load, load + turned_away)


def three_of(split: Split, here: NDArray[np.bool_] | None = None) -> Three:
    """Sum a split over some points, or all."""
    parts = (split.served, split.over, split.out)
    return Three(*(int(part.sum() if here is None else part[here].sum()) for part in parts))


def three_of_group(split: Split, share: Floats) -> Three:
    """
    Estimate a group's part in a split: its share of the residents at each point, rounded to whole visits.

    `share` (n,) is 0 to 1; the group is taken to come as often as the other residents.
    """
    parts = np.array([float(part @ share) for part in (split.served, split.over, split.out)])
    served, over, out = apportion(parts, round(float(parts.sum()))).tolist()
    return Three(served, over, out)


def _by_centre(visits: Ints, centre: Ints, count: int) -> Ints:
    known = centre >= 0
    return np.bincount(centre[known], weights=visits[known], minlength=count).astype(np.int64)
