"""
From visits a year to counters, staff and hall.

Staff is counters x open hours of a week / paid hours of a week / (1 - shrinkage), rounded up for each
centre; the hall is the people present in the busy hour x square metres a person.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.capacity.erlang import Queue, counters_needed, greatest_load, queue_of
from planning.capacity.settings import Busy, CapacitySettings, Limit, Opening

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sizing:
    """
    What centres need to serve their visits within the waiting target; all (k,), 0 where a centre is not open.

    Attributes
    ----------
    peak_hour
        Visits in the busy hour.
    counters, staff
        Whole numbers.
    present
        People waiting and being served, not exceeded for the stated share of the busy hour.
    hall_m2
        Hall for them.
    mean_wait
        Minutes, over all visits of the busy hour.
    in_time
        Share of the busy hour's visits that wait no longer than the target's minutes.
    occupancy
        Share of the counters' time spent serving.
    """

    peak_hour: Floats
    counters: Ints
    staff: Ints
    present: Floats
    hall_m2: Floats
    mean_wait: Floats
    in_time: Floats
    occupancy: Floats


def size_centres(
    visits: Floats | Ints, is_open: NDArray[np.bool_], settings: CapacitySettings, opening: Opening, busy: Busy
) -> Sizing:
    """
    Size every centre on its busy hour.

    Parameters
    ----------
    visits
        (k,) visits a year, >= 0, finite.
    is_open
        (k,) True where the centre operates; a closed one needs nothing.
    """
    yearly = np.where(is_open, np.asarray(visits, dtype=np.float64), 0.0)
    if not np.isfinite(yearly).all() or (yearly < 0).any():
        raise InvalidInput("visits holds negative or non-finite entries; expected visits a year, 0 or more.")
    peak = yearly * busy.per_visit
    least = np.where(is_open, settings.least_counters, 0)
    halls = [_hall(float(p), int(c), settings) for p, c in zip(peak, least, strict=True)]
    counters = np.array([hall.counters for hall in halls], dtype=np.int64)
    present = np.array([hall.present(settings.present_share) for hall in halls], dtype=np.float64)
    hours = opening.hours_per_week / settings.staff_hours_per_week / (1.0 - settings.shrinkage)
    return Sizing(
        peak_hour=peak,
        counters=counters,
        staff=np.ceil(counters * hours - 1e-9).astype(np.int64),
        present=present,
        hall_m2=present * settings.m2_per_person,
        mean_wait=np.array([hall.mean_wait for hall in halls], dtype=np.float64),
        in_time=np.array([hall.served_within(settings.target.minutes) for hall in halls], dtype=np.float64),
        occupancy=np.array([hall.occupancy if hall.counters else 0.0 for hall in halls], dtype=np.float64),
    )


def room_of(
    sites: list[str], kinds: list[str], limits: tuple[Limit, ...], settings: CapacitySettings, busy: Busy
) -> Floats:
    """
    Return (k,) whole visits a year that each centre can take; inf where no limit names it.

    Counters become the visits whose busy hour they serve within the waiting target, rounded down.

    Raises
    ------
    InvalidInput
        If two limits name the same site, or the same kind.
    """
    named = [(limit.site, limit.kind) for limit in limits]
    twice = sorted({str(site or kind) for site, kind in named if named.count((site, kind)) > 1})
    if twice:
        raise InvalidInput("Two capacity limits name {names}. Keep one of each.", names=", ".join(twice))
    by_site = {limit.site: limit for limit in limits if limit.site is not None}
    by_kind = {limit.kind: limit for limit in limits if limit.kind is not None}
    chosen = [by_site.get(site, by_kind.get(kind)) for site, kind in zip(sites, kinds, strict=True)]
    return np.array([math.inf if limit is None else _visits(limit, settings, busy) for limit in chosen])


def _visits(limit: Limit, settings: CapacitySettings, busy: Busy) -> float:
    most = math.inf if limit.visits_per_year is None else float(limit.visits_per_year)
    if limit.counters is not None:
        load = greatest_load(limit.counters, settings.handling_minutes, settings.target)
        most = min(most, math.floor(load * 60.0 / settings.handling_minutes / busy.per_visit + 1e-9))
    return most


def _hall(peak: float, least: int, settings: CapacitySettings) -> Queue:
    offered = peak * settings.handling_minutes / 60.0
    counters = max(least, counters_needed(offered, settings.handling_minutes, settings.target))
    return queue_of(counters, offered, settings.handling_minutes)
