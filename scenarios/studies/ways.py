"""Which centre each visit goes to: the nearest open place that can serve it, by year and by what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.kinds import BASE, PARTIAL, KindOfPlace
from planning.network import Network
from planning.offers import ANY_PLACE, Offer
from planning.siting.instance import Instance
from planning.siting.offered import network_for, serving
from planning.siting.request import instance_of
from planning.visits import Visits, offers_of
from scenarios.studies.case import Case

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Journeys within the standard, each kind's own among them: (p,) points, options and minutes."""

    point: Ints
    option: Ints
    minutes: Floats


@dataclass(frozen=True, slots=True)
class Ways:
    """
    The plan's networks as different visits see them.

    Attributes
    ----------
    kinds
        Of the programme.
    networks
        By offer, one network a year: its nearest places are those that can serve.
    """

    instance: Instance
    kinds: tuple[KindOfPlace, ...]
    networks: Mapping[Offer, tuple[Network, ...]]

    def pairs(self, offer: Offer = ANY_PLACE) -> Pairs:
        """Journeys within the standard to the places that meet an offer, open or not."""
        instance = self.instance
        pairs = instance.pairs(instance.longest_limit)
        kept = pairs.minutes <= instance.limits_at(pairs, instance.limits)
        kept &= serving(instance, offer).pairs(pairs.point, pairs.option)
        return Pairs(pairs.point[kept], pairs.option[kept], pairs.minutes[kept])


def one_stop_minutes(case: Case, ways: Ways) -> Floats:
    """(n,) final travel to the nearest place where every step of the life events can be done; inf for none."""
    steps = case.country.records.life_event_steps
    needed = {str(service) for service in steps["service_id"] if service}
    described = {kind.id: kind for kind in ways.kinds}
    every = [described.get(name, KindOfPlace(name, name, name)) for name in dict.fromkeys((BASE, PARTIAL, *described))]
    whole = frozenset(kind.id for kind in every if not kind.services or needed <= set(kind.services))
    offer = ANY_PLACE if len(whole) == len(every) else Offer(whole)
    return network_for(ways.instance, case.plan.networks[-1], offer).minutes


def ways_of(case: Case, visits: Visits | None) -> Ways:
    """Send each kind of visit its way; without visits there is one way, to any place."""
    kinds = case.request.programme.kinds
    offers = {ANY_PLACE}
    if visits is not None:
        offers |= {one for year in offers_of(visits, kinds) for one in year}
    instance = instance_of(case.request, case.journeys)
    networks = {
        offer: tuple(network_for(instance, place, offer) for place in case.plan.networks)
        for offer in sorted(offers, key=lambda one: one.order)
    }
    return Ways(instance, kinds, networks)
