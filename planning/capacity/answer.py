"""What capacity answers: for every year and centre the visits, the three ways they go, and what the centre needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.capacity.settings import Busy, CapacitySettings, Opening, busy_hour
from planning.capacity.sizing import Sizing, room_of, size_centres
from planning.capacity.split import Split, split_flow, split_nearest, whole_visits
from planning.capacity.transport import allocate
from planning.network import Network, places_at
from planning.offers import ANY_PLACE, Offer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Centres:
    """
    The centres of a plan, k of them, in the order of its table.

    Attributes
    ----------
    ids, kinds
        Site ids and kinds.
    positions
        (k,) positions as the networks name them (`Network.open_options`).
    stated
        (k,) whole visits a year that each centre's kind can take, inf where it is not stated; a limit that
        names the centre or its kind goes before it.
    sized
        (k,) False where counters and a hall are not asked for: a mobile unit brings its own.
    """

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    positions: Ints
    stated: Floats
    sized: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Near:
    """
    The journeys within the standard, one a pair.

    Attributes
    ----------
    point, position
        (p,) demand points, and places as the networks name them; open or not.
    minutes
        (p,) rounded to 0.1.
    """

    point: Ints
    position: Ints
    minutes: Floats


@dataclass(frozen=True, slots=True)
class Flow:
    """
    Visits that go one way: to the nearest open place that can serve them.

    Attributes
    ----------
    visits
        (T, n) visits a year by case, in the order of `networks`.
    networks
        One a year; their nearest places are those that can serve.
    near
        Needed by the policy "with_room" alone.
    offer
        What a place must be to serve them.
    """

    visits: Mapping[str, Floats]
    networks: tuple[Network, ...]
    near: Near | None = None
    offer: Offer = ANY_PLACE


@dataclass(frozen=True, slots=True)
class YearOfCentres:
    """
    One year and one case.

    Attributes
    ----------
    visits
        (n,) whole visits a year by demand point.
    by_flow
        (F, n) the same by flow.
    is_open
        (k,) True where a centre operates.
    split
        Where the visits go.
    beyond
        (k,) visits from beyond the standard that come to their nearest centre all the same.
    come
        (k,) visits a year the centre is sized on.
    sizing
        What that takes.
    """

    year: int
    visits: Ints
    by_flow: Ints
    is_open: NDArray[np.bool_]
    split: Split
    beyond: Ints
    come: Ints
    sizing: Sizing


@dataclass(frozen=True, slots=True)
class Capacity:
    """
    Capacity of a plan, year by year.

    Attributes
    ----------
    room
        (k,) whole visits a year each centre can take under the planner's limits; inf without one.
    years
        One a year of the programme, in the stated case.
    cases
        The final year in each case of visits.
    offers
        F, what a place must be to serve each flow.
    """

    centres: Centres
    settings: CapacitySettings
    opening: Opening
    busy: Busy
    room: Floats
    years: tuple[YearOfCentres, ...]
    cases: Mapping[str, YearOfCentres]
    offers: tuple[Offer, ...]

    @property
    def final(self) -> YearOfCentres:
        """The last year."""
        return self.years[-1]

    def utilisation(self, of: YearOfCentres) -> Floats:
        """(k,) visits that come over the room for them; above 1 is too many, NaN without a limit or closed."""
        known = np.isfinite(self.room) & (self.room > 0) & of.is_open
        return np.where(known, of.come / np.where(known, self.room, 1.0), np.nan)


def capacity_of(
    flows: Sequence[Flow],
    centres: Centres,
    settings: CapacitySettings,
    opening: Opening,
    *,
    peak_month_factor: float,
) -> Capacity:
    """
    Size a plan's centres and share its visits out, year by year.

    Parameters
    ----------
    flows
        F, at least one, of the same years and cases; they hold `settings.case`.

    Raises
    ------
    InvalidInput
        If the case is not among the visits, a limit names the same site or kind twice, or the
        journeys are missing.
    """
    known = flows[0].visits
    if settings.case not in known:
        raise InvalidInput(
            "The capacity's case is '{case}'; the visits have {known}. Name one of them.",
            case=settings.case,
            known=", ".join(known),
        )
    if settings.policy == "with_room" and any(flow.near is None for flow in flows):
        raise InvalidInput("Sharing visits out needs the journeys within the standard.")
    busy = busy_hour(opening, settings, peak_month_factor=peak_month_factor)
    room = room_of(list(centres.ids), list(centres.kinds), settings.limits, settings, busy)
    room = np.where(np.isfinite(room), room, centres.stated)

    def year_of(case: str, t: int) -> YearOfCentres:
        seen = [_Seen(flow, t, centres) for flow in flows]
        amount = np.stack([flow.visits[case][t] for flow in flows])
        whole = whole_visits(amount.ravel())
        nearest = np.concatenate([one.nearest for one in seen])
        covered = np.concatenate([one.place.covered for one in seen])
        is_open = np.isin(centres.positions, flows[0].networks[t].open_options)
        if settings.policy == "with_room":
            split = _with_room(whole, seen, nearest, covered, np.where(is_open, room, 0.0))
            come = split.served_by
        else:
            split = split_nearest(whole, nearest, covered, room)
            come = split.sought
        far = (nearest >= 0) & ~covered
        beyond = np.bincount(nearest[far], weights=whole[far], minlength=room.size).astype(np.int64)
        come = come + beyond if settings.beyond_come else come
        sizing = size_centres(come, is_open & centres.sized, settings, opening, busy)
        by_flow = whole.reshape(amount.shape)
        year = flows[0].networks[t].year
        folded = _folded(split, len(flows))
        return YearOfCentres(year, by_flow.sum(axis=0), by_flow, is_open, folded, beyond, come, sizing)

    last = len(flows[0].networks) - 1
    years = tuple(year_of(settings.case, t) for t in range(last + 1))
    cases = {case: years[-1] if case == settings.case else year_of(case, last) for case in known}
    return Capacity(centres, settings, opening, busy, room, years, cases, tuple(flow.offer for flow in flows))


class _Seen:
    """One flow in one year, its places as positions among the centres."""

    def __init__(self, flow: Flow, t: int, centres: Centres) -> None:
        self.place, self.near = flow.networks[t], flow.near
        self.nearest = places_at(centres.positions, self.place.nearest_option)
        self._centres = centres

    def pairs(self, first: int) -> tuple[Ints, Ints, Floats]:
        """Points (counted from `first`), centres and minutes of the journeys to open places."""
        place, near = self.place, self.near
        if near is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        kept = np.isin(near.position, place.open_options) & place.covered[near.point]
        point, minutes = near.point[kept], near.minutes[kept]
        centre = places_at(self._centres.positions, near.position)[kept]
        # A network may cover a point by a rule that the pairs do not know: its nearest centre always counts.
        missing = np.flatnonzero(place.covered & ~np.isin(np.arange(place.covered.size), point))
        return (
            first + np.concatenate([point, missing]),
            np.concatenate([centre, self.nearest[missing]]),
            np.concatenate([minutes, place.minutes[missing]]),
        )


def _folded(split: Split, flows: int) -> Split:
    """Add up the flows of each point."""
    served, over, out = (part.reshape(flows, -1).sum(axis=0) for part in (split.served, split.over, split.out))
    return Split(served, over, out, split.served_by, split.sought)


def _with_room(visits: Ints, seen: list[_Seen], nearest: Ints, covered: NDArray[np.bool_], room: Floats) -> Split:
    n = visits.size // len(seen)
    point, centre, minutes = (
        np.concatenate(each) for each in zip(*(one.pairs(f * n) for f, one in enumerate(seen)), strict=True)
    )
    shared = allocate(visits, point, centre, minutes, room)
    return split_flow(visits, shared.unserved, shared.load, nearest, covered)
