"""What capacity answers: for every year and centre the visits, the three ways they go, and what the centre needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.capacity.settings import Busy, CapacitySettings, Opening, busy_hour
from planning.capacity.sizing import Sizing, room_of, size_centres
from planning.capacity.split import Split, split_flow, split_nearest, whole_visits
from planning.capacity.transport import allocate
from planning.network import Network

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
class YearOfCentres:
    """
    One year and one case.

    Attributes
    ----------
    visits
        (n,) whole visits a year by demand point.
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
    """

    centres: Centres
    settings: CapacitySettings
    opening: Opening
    busy: Busy
    room: Floats
    years: tuple[YearOfCentres, ...]
    cases: Mapping[str, YearOfCentres]

    @property
    def final(self) -> YearOfCentres:
        """The last year."""
        return self.years[-1]

    def utilisation(self, of: YearOfCentres) -> Floats:
        """(k,) visits that come over the room for them; above 1 is too many, NaN without a limit or closed."""
        known = np.isfinite(self.room) & (self.room > 0) & of.is_open
        return np.where(known, of.come / np.where(known, self.room, 1.0), np.nan)


def capacity_of(
    visits: Mapping[str, Floats],
    networks: tuple[Network, ...],
    centres: Centres,
    settings: CapacitySettings,
    opening: Opening,
    *,
    peak_month_factor: float,
    near: Near | None = None,
) -> Capacity:
    """
    Size a plan's centres and share its visits out, year by year.

    Parameters
    ----------
    visits
        (T, n) visits a year by case, in the order of `networks`; holds `settings.case`.
    networks
        One a year.
    near
        The journeys within the standard; needed by the policy "with_room" alone.

    Raises
    ------
    InvalidInput
        If the case is not among the visits, a limit names the same site or kind twice, or the
        journeys are missing.
    """
    if settings.case not in visits:
        raise InvalidInput(
            "The capacity's case is '{case}'; the visits have {known}. Name one of them.",
            case=settings.case,
            known=", ".join(visits),
        )
    if settings.policy == "with_room" and near is None:
        raise InvalidInput("Sharing visits out needs the journeys within the standard.")
    busy = busy_hour(opening, settings, peak_month_factor=peak_month_factor)
    room = room_of(list(centres.ids), list(centres.kinds), settings.limits, settings, busy)
    room = np.where(np.isfinite(room), room, centres.stated)

    def year_of(amount: Floats, place: Network) -> YearOfCentres:
        whole = whole_visits(amount)
        nearest = _among(place.nearest_option, centres.positions)
        is_open = np.isin(centres.positions, place.open_options)
        if settings.policy == "with_room" and near is not None:
            split = _with_room(whole, place, nearest, centres, near, np.where(is_open, room, 0.0))
            come = split.served_by
        else:
            split = split_nearest(whole, nearest, place.covered, room)
            come = split.sought
        far = (nearest >= 0) & ~place.covered
        beyond = np.bincount(nearest[far], weights=whole[far], minlength=room.size).astype(np.int64)
        come = come + beyond if settings.beyond_come else come
        sizing = size_centres(come, is_open & centres.sized, settings, opening, busy)
        return YearOfCentres(place.year, whole, is_open, split, beyond, come, sizing)

    years = tuple(year_of(visits[settings.case][t], place) for t, place in enumerate(networks))
    cases = {
        case: years[-1] if case == settings.case else year_of(amount[-1], networks[-1])
        for case, amount in visits.items()
    }
    return Capacity(centres, settings, opening, busy, room, years, cases)


def _among(nearest: Ints, positions: Ints) -> Ints:
    """Turn positions among the candidates into positions among the centres; -1 stays."""
    place = np.full(max(int(positions.max(initial=-1)), int(nearest.max(initial=-1))) + 2, -1, dtype=np.int64)
    place[positions] = np.arange(positions.size)
    return place[nearest]  # -1 reads the last entry, which no position fills


def _with_room(visits: Ints, place: Network, nearest: Ints, centres: Centres, near: Near, room: Floats) -> Split:
    kept = np.isin(near.position, place.open_options) & place.covered[near.point]
    point, minutes = near.point[kept], near.minutes[kept]
    centre = _among(near.position, centres.positions)[kept]
    # A network may cover a point by a rule that the pairs do not know: its nearest centre always counts.
    missing = np.flatnonzero(place.covered & ~np.isin(np.arange(visits.size), point))
    shared = allocate(
        visits,
        np.concatenate([point, missing]),
        np.concatenate([centre, nearest[missing]]),
        np.concatenate([minutes, place.minutes[missing]]),
        room,
    )
    return split_flow(visits, shared.unserved, shared.load, nearest, place.covered)
