"""Offers on the ground: which options can serve a demand, and which of them is the nearest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.network import Network
from planning.offers import Offer
from planning.siting.instance import Instance
from planning.siting.standing import network_of

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Serving:
    """
    The options that meet an offer.

    Attributes
    ----------
    options
        (o,) True where the kind does.
    zone_of_point, zone_of_option
        (n,), (o,) numbers of governorates; None where the offer is bound to none.
    """

    options: Flags
    zone_of_point: Ints | None = None
    zone_of_option: Ints | None = None

    def pairs(self, point: Ints, option: Ints) -> Flags:
        """(p,) True where the option can serve the demand of the point."""
        meets = self.options[option]
        if self.zone_of_point is None or self.zone_of_option is None:
            return meets
        return np.asarray(meets & (self.zone_of_point[point] == self.zone_of_option[option]))


def serving(instance: Instance, offer: Offer) -> Serving:
    """Say which options meet an offer."""
    kinds = np.array([offer.kinds is None or kind in offer.kinds for kind in instance.options.kinds], dtype=bool)
    options = kinds[instance.options.kind]
    if not offer.bound:
        return Serving(options)
    n = instance.zone_of_point.size
    numbers = pd.factorize(np.concatenate([instance.zone_of_point, instance.zone_of_option]))[0].astype(np.int64)
    return Serving(options, numbers[:n], numbers[n:])


def network_for(instance: Instance, place: Network, offer: Offer) -> Network:
    """
    Send every demand point to its nearest open place that meets an offer.

    The open places stay those of the network; `nearest`, `minutes`, `metres` and `covered` are of
    the places that can serve.
    """
    who = serving(instance, offer)
    able = place.open_options[who.options[place.open_options]]
    if who.zone_of_point is None or who.zone_of_option is None:
        if able.size == place.open_options.size:
            return place
        return _as_of(place, network_of(instance, able, year=place.year))
    found = _as_of(place, network_of(instance, able[:0], year=place.year))
    for zone in np.unique(who.zone_of_option[able]):
        here = who.zone_of_point == zone
        own = network_of(instance, able[who.zone_of_option[able] == zone], year=place.year)
        for name in ("nearest", "minutes", "metres", "covered", "nearest_option"):
            getattr(found, name)[here] = getattr(own, name)[here]
    return found


def _as_of(place: Network, found: Network) -> Network:
    return replace(found, open_sites=place.open_sites, open_options=place.open_options)
