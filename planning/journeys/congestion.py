"""
Roads at some hour: how much longer they take than free ones, by place and by class of road.

A factor is of a zone, or of the capital city (`CAPITAL`), where it takes the place of the country's own. It is one
number for all roads there, or one a class with `REST` for the others and for the legs between homes and roads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.roads import RoadGraph
from planning.journeys.where import CAPITAL, NOWHERE, Atlas, above_zero, expect_capital, expect_class

Floats = NDArray[np.float64]
Factor = float | Mapping[str, float]
REST = "rest"  # in a factor by class: the classes that it does not name, and legs; 1.0 where it is not said


def congested(
    graph: RoadGraph, factors: Mapping[str, Factor], *, atlas: Atlas = NOWHERE
) -> tuple[RoadGraph, Floats | None]:
    """
    Return the graph at some hour, after every other edit.

    Parameters
    ----------
    factors
        Minutes over those of a free road, > 0, by zone id or `CAPITAL`, each one number or one a class. Inside the
        capital city the factor of `CAPITAL` takes the place of the country's own, and no zone's factor holds.

    Returns
    -------
    graph, node_factor
        Roads with both ends in one zone (or in the capital city) are slower; (N,) how much slower legs at a node are
        for its zone (see `OffRoad`), None where no zone is named. Legs in the capital city follow the graph's rules.

    Raises
    ------
    InvalidInput
        For a factor that is not above 0, or a class that the graph does not have.
    """
    free = graph  # the capital's factor changes minutes, never ends or classes
    if CAPITAL in factors:
        graph = _capital_at(graph, factors[CAPITAL])
    zones = {name: factor for name, factor in factors.items() if name != CAPITAL}
    if not zones:
        return graph, None
    assert atlas.zone_of_node is not None
    city, zone_of_node = graph.in_capital_city, atlas.zone_of_node
    zone_of_road = zone_of_node[graph.start]
    outside = (zone_of_road == zone_of_node[graph.end]) & ~(city[graph.start] & city[graph.end])
    slower, node_factor = np.ones(graph.start.size), np.ones(zone_of_node.size)
    for name, factor in zones.items():
        here = outside & (zone_of_road == name)
        slower[here] = _of_roads(free, factor, here, name)[here]
        node_factor[(zone_of_node == name) & ~city] = _of_legs(factor)
    return replace(graph, minutes=graph.minutes * slower), node_factor


def _capital_at(graph: RoadGraph, factor: Factor) -> RoadGraph:
    expect_capital(graph)
    before = graph.rules.congestion_factor
    city = graph.in_capital_city[graph.start] & graph.in_capital_city[graph.end]
    minutes = np.where(city, graph.minutes * (_of_roads(graph, factor, city, CAPITAL) / before), graph.minutes)
    return replace(graph, minutes=minutes, rules=replace(graph.rules, congestion_factor=_of_legs(factor)))


def _of_roads(graph: RoadGraph, factor: Factor, here: NDArray[np.bool_], where: str) -> Floats:
    """(E,) how much slower each road would be under a factor, which is of the roads `here`."""
    if not isinstance(factor, Mapping):
        return np.full(graph.start.size, above_zero(factor, "factor"))
    for name in factor:
        if name != REST:
            expect_class(graph, name)
            if not (graph.road_class[here] == name).any():
                raise InvalidInput(
                    "No road of the class {name} lies in {place}: its congestion changes nothing. Take it out.",
                    name=name,
                    place=where,
                )
    by_class = {name: above_zero(value, "factor") for name, value in factor.items()}
    place, classes = pd.factorize(graph.road_class)
    return np.array([by_class.get(str(name), by_class.get(REST, 1.0)) for name in classes])[place]


def _of_legs(factor: Factor) -> float:
    return above_zero(factor.get(REST, 1.0) if isinstance(factor, Mapping) else factor, "factor")
