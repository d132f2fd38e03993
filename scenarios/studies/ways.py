"""Which centre each visit goes to: the nearest open place that can serve it, by year and by what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.kinds import KindOfPlace
from planning.network import Network
from planning.offers import ANY_PLACE, Offer
from planning.siting.instance import Instance
from planning.siting.offered import network_for, serving
from planning.siting.places import OptionPairs
from planning.siting.request import instance_of
from planning.visits import offer_of
from scenarios.studies.case import Case


@dataclass(frozen=True, slots=True)
class Ways:
    """
    The plan's networks as different visits see them.

    Attributes
    ----------
    kinds
        Of the programme.
    plan
        The networks as the plan has them, one a year: any place serves.
    """

    instance: Instance
    kinds: tuple[KindOfPlace, ...]
    plan: tuple[Network, ...]
    _known: dict[Offer, tuple[Network, ...]] = field(default_factory=dict, repr=False, compare=False)

    def networks(self, offer: Offer = ANY_PLACE) -> tuple[Network, ...]:
        """Return one network a year, whose nearest places are those that meet an offer."""
        if offer not in self._known:
            self._known[offer] = tuple(network_for(self.instance, place, offer) for place in self.plan)
        return self._known[offer]

    def pairs(self, offer: Offer = ANY_PLACE) -> OptionPairs:
        """Journeys within the standard, each kind's own among them, to the places that meet an offer, open or not."""
        instance = self.instance
        pairs = instance.pairs(instance.longest_limit)
        kept = pairs.minutes <= instance.limits_at(pairs, instance.limits)
        kept &= serving(instance, offer).pairs(pairs.point, pairs.option)
        return OptionPairs(pairs.point[kept], pairs.option[kept], pairs.minutes[kept])


def ways_of(case: Case) -> Ways:
    """Read a plan's networks."""
    return Ways(instance_of(case.request, case.journeys), case.request.programme.kinds, case.plan.networks)


def one_stop_minutes(case: Case, ways: Ways) -> NDArray[np.float64]:
    """(n,) final travel to the nearest place where every step of the life events can be done; inf for none."""
    steps = case.country.records.life_event_steps
    every = offer_of((str(service) for service in steps["service_id"] if service), ways.kinds)
    return ways.networks(every)[-1].minutes
