"""
Figures of travel that are made least: mean travel of people or visits, and the Kolm-Pollak equivalent.

All are counted over layers of whole minutes. Visits that only some places can serve have layers of
their own, which the same figure is summed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimization import Measure
from planning.aims import Objectives
from planning.offers import ANY_PLACE, Offer
from planning.programme import Programme
from planning.siting.counted import amounts_of
from planning.siting.instance import Instance
from planning.siting.layers import Layers, exponentials, layer_measure, layers_of

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The F figures of a plan's travel.

    Attributes
    ----------
    measures
        One a figure.
    layers
        By offer.
    weights
        By offer, (sets, F): what a set of its layers costs each figure.
    """

    measures: tuple[Measure, ...]
    layers: Mapping[Offer, Layers]
    weights: Mapping[Offer, Ints]


def figures_of(instance: Instance, programme: Programme, position: Ints, objectives: Objectives) -> Figures:
    """
    Write every figure that the objectives ask for; the worst journey needs the layers alone.

    `position` as in `positions_of`.
    """
    cap = objectives.cap_minutes
    written: dict[Offer, Layers] = {}

    def layers(offer: Offer = ANY_PLACE) -> Layers:
        if offer not in written:
            written[offer] = layers_of(instance, programme, position, cap, offer)
        return written[offer]

    found: list[tuple[Measure, dict[Offer, Ints]]] = []
    for aim in objectives.aims():
        if aim.what == "mean_travel":
            amounts, quantum = amounts_of(instance, aim)
            unit = "person-minutes" if aim.of == "people" else "visit-minutes"
            figure = list(range(cap + 1))
            parts = {
                offer: layer_measure(
                    layers(offer), amount[-1].sum(axis=0), figure, name=aim.name, unit=unit, quantum=quantum
                )
                for offer, amount in amounts.items()
            }
            found.append((_summed([one for one, _ in parts.values()]), {o: cost for o, (_, cost) in parts.items()}))
        elif aim.what == "ede":
            figure, scale = exponentials(instance.rate, cap, int(instance.people.sum()))
            measure, cost = layer_measure(
                layers(),
                instance.people,
                figure,
                name=aim.name,
                unit="exponential person-minutes",
                quantum=1.0 / scale,
                rate=instance.rate,
            )
            found.append((measure, {ANY_PLACE: cost}))
        elif aim.what == "worst_journey":
            layers()
    weights = {offer: np.zeros((of.sets.shape[0], len(found)), dtype=np.int64) for offer, of in written.items()}
    for at, (_, costs) in enumerate(found):
        for offer, cost in costs.items():
            weights[offer][:, at] = cost
    return Figures(tuple(measure for measure, _ in found), written, weights)


def _summed(parts: list[Measure]) -> Measure:
    """One measure of what several parts count, in the same quanta."""
    first = parts[0]
    return Measure(
        first.name,
        first.unit,
        first.quantum,
        sum(part.constant for part in parts),
        sum(part.total for part in parts),
        mass=sum(part.mass for part in parts),
        rate=first.rate,
    )
