"""
Visits by the places that can serve them: the kinds that offer a service, and its governorate where it is bound to it.

A kind that names its services offers those alone; any other offers all of them. A service of an
agency whose jurisdiction is a governorate or an area is bound to the governorate of the demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.kinds import BASE, PARTIAL, KindOfPlace
from planning.offers import Offer, Part
from planning.visits.answer import Visits

Floats = NDArray[np.float64]
BINDING = ("governorate", "area")


@dataclass(frozen=True, slots=True)
class SiteVisits:
    """
    Visits of one year by centre.

    Attributes
    ----------
    visits
        (m,) visits a year by site; 0 where nobody is sent.
    by_service
        (S, m) the same by service.
    no_centre
        Visits of points that reach no centre which offers the service.
    elsewhere
        Visits of services bound to a governorate that has no such centre within reach.
        The three sum to all visits.
    """

    visits: Floats
    by_service: Floats
    no_centre: float
    elsewhere: float


def offer_of(services: Iterable[str], kinds: Sequence[KindOfPlace], *, bound: bool = False) -> Offer:
    """Say what a place must be to give all of some services; `kinds` are those the programme describes."""
    wanted, described = set(services), {kind.id: kind for kind in kinds}
    every = [described.get(name, KindOfPlace(name, name, name)) for name in dict.fromkeys((BASE, PARTIAL, *described))]
    giving = frozenset(kind.id for kind in every if not kind.services or wanted <= set(kind.services))
    return Offer(None if len(giving) == len(every) else giving, bound)


def offers_of(visits: Visits, kinds: Sequence[KindOfPlace]) -> tuple[tuple[Offer, ...], ...]:
    """For each year of the visits, the offer that each service needs; `kinds` as in `offer_of`."""
    return tuple(
        tuple(
            offer_of([service], kinds, bound=str(of) in BINDING)
            for service, of in zip(visits.services, row, strict=True)
        )
        for row in visits.lines.jurisdiction
    )


def parts_of(
    visits: Visits, kinds: Sequence[KindOfPlace], case: str = "mid", *, worth: Floats | None = None
) -> tuple[Part, ...]:
    """
    Part visits by offer, in a stated order; they sum to the visits.

    `worth` (S,) weighs the services; when not given, each counts 1.
    """
    offers, amount = offers_of(visits, kinds), visits.amount[case]
    weigh = np.ones(len(visits.services)) if worth is None else worth
    found = []
    for offer in sorted({one for year in offers for one in year}, key=lambda one: one.order):
        mine = np.array([[one == offer for one in year] for year in offers], dtype=np.float64)
        found.append(Part(offer, np.asarray(np.einsum("ts,stn->tn", mine * weigh, amount))))
    return tuple(found)


def visits_by_site(
    visits: Visits,
    case: str,
    year: int,
    kinds: Sequence[KindOfPlace],
    nearest: Callable[[Offer], NDArray[np.int64]],
    sites: int,
) -> SiteVisits:
    """
    Send the visits of a year to each point's nearest centre that can serve them.

    Parameters
    ----------
    year
        One of `visits.years`.
    nearest
        Of an offer: (n,) position of the nearest open centre in 0..m-1 that meets it, -1 where there is none.
    sites
        m.
    """
    t = visits.years.index(year)
    amount, offers = visits.amount[case][:, t, :], offers_of(visits, kinds)[t]
    by_service = np.zeros((len(visits.services), sites))
    lost = {False: 0.0, True: 0.0}
    for offer in set(offers):
        to = nearest(offer)
        reached = to >= 0
        for s in (s for s, one in enumerate(offers) if one == offer):
            by_service[s] = np.bincount(to[reached], weights=amount[s, reached], minlength=sites)
            lost[offer.bound] += float(amount[s, ~reached].sum())
    return SiteVisits(by_service.sum(axis=0), by_service, lost[False], lost[True])
