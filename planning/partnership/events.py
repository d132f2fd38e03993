"""
What may happen during the term, and what the state then makes good.

Each event is weighed alone against the middle case. Its loss in a year is the fall of the operator's net
flow; the compensation is a stated share of that loss. A public centre is compensated only for the centres
of the lot within the exclusivity radius (inclusive). With a share of 1 the operator stands as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.partnership.finance import npv
from planning.partnership.flows import Flows, flows_of
from planning.partnership.forecast import within_room
from planning.partnership.risk_terms import Event
from planning.partnership.terms import PartnershipSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Opened:
    """
    A public centre that opens, as the p centres of the tender see it.

    Attributes
    ----------
    share
        (p, S) share of each centre's visits, by service, of people who live nearer to the new one.
    km
        (p,) straight-line km to it.
    """

    share: Floats
    km: Floats


@dataclass(frozen=True, slots=True)
class Weighed:
    """
    One event and one lot; money is present value at the hurdle rate, JOD.

    Attributes
    ----------
    visits_a_year
        Change of the yearly visits from the event on (mean); negative when lost.
    npv_before, npv_without, npv_with
        Without the event; with it and no compensation; with both.
    compensation
        What the state makes good.
    inside
        How many centres of the lot lie within the exclusivity radius; 0 for other kinds of event.
    """

    event: Event
    visits_a_year: float
    npv_before: float
    npv_without: float
    npv_with: float
    compensation: float
    inside: int


def weigh(
    event: Event,
    wanted: Floats,
    *,
    services: Sequence[str],
    settings: PartnershipSettings,
    start: int,
    opened: Opened | None = None,
    room: Floats | None = None,
) -> Weighed:
    """
    Weigh an event for a lot.

    Parameters
    ----------
    wanted
        (c, S, term) visits that would come to the lot's centres, middle case.
    opened
        Of the lot's centres; needed by a public centre.
    room
        (c,) visits a year that each takes: a full centre gains none, and loses none while others wait. None: all.

    Raises
    ------
    InvalidInput
        If the event lies outside the term, or names a service that is not among those planned with.
    """
    years = np.arange(start, start + settings.term_years)
    if not start <= event.year <= years[-1]:
        raise InvalidInput(
            "An event of {year} lies outside the term of the lots, {first} to {last}.",
            year=str(event.year),
            first=str(start),
            last=str(int(years[-1])),
        )
    since = years >= event.year
    limit = np.full(wanted.shape[0], np.inf) if room is None else room
    visits, centres = within_room(wanted, limit), wanted.shape[0]
    before = flows_of(visits.sum(axis=(0, 1)), visits.sum(axis=(0, 1)), centres, settings, start=start)
    change = within_room(wanted + _change(event, wanted, services, since, opened), limit) - visits
    changed = _account(visits, change, settings, start, event)
    counted, inside = changed, 0
    if event.what == "public_centre" and opened is not None:
        near = opened.km <= settings.exclusivity_km
        inside = int(near.sum())
        counted = _account(visits, change * near[:, None, None], settings, start, event)
    lost = np.maximum(0.0, before.net - counted.net)
    made_good = settings.compensation.of(event.what) * lost
    rate = settings.hurdle_rate
    after = npv(rate, changed.net)
    return Weighed(
        event,
        float(change.sum(axis=(0, 1))[since].mean()),
        npv(rate, before.net),
        after,
        after + npv(rate, made_good),
        npv(rate, made_good),
        inside,
    )


def _account(visits: Floats, change: Floats, settings: PartnershipSettings, start: int, event: Event) -> Flows:
    """The account with an event; the guarantee stays at what was expected before it."""
    expected = visits.sum(axis=(0, 1))
    found = flows_of((visits + change).sum(axis=(0, 1)), expected, visits.shape[0], settings, start=start)
    if not event.capital:
        return found
    spent = found.lines["capital"] + event.capital * (np.array(found.years) == event.year)
    return replace(found, lines={**found.lines, "capital": spent})


def _change(
    event: Event, visits: Floats, services: Sequence[str], since: NDArray[np.bool_], opened: Opened | None
) -> Floats:
    """(c, S, term) visits gained, negative when lost."""
    if event.what == "services_added":
        return np.asarray(visits * event.visits_share * since)
    if event.what == "services_withdrawn":
        unknown = sorted(set(event.services) - set(services))
        if unknown:
            raise InvalidInput(
                "An event withdraws {unknown}, which are not among the services planned with: {known}.",
                unknown=", ".join(unknown),
                known=", ".join(services),
            )
        gone = np.isin(np.array(services, dtype=object), event.services)
        return np.asarray(-visits * gone[None, :, None] * since)
    assert opened is not None
    return np.asarray(-visits * opened.share[:, :, None] * since)
