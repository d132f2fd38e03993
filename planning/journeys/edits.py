"""
Roads otherwise than they are: slower at some hour, closed, upgraded, added. Each edit gives a new graph.

Nodes never change, so that legs and labels hold; a closed road's edges are taken out, every other edit
only writes minutes or adds edges between nodes that are there. Plain frozen types, so that a scenario can carry them.

Every speed and every minute stated here is that of a free road: inside the capital city the congestion factor
comes on top, as it does for the roads that are there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.roads import RoadGraph
from planning.journeys.where import (
    NOWHERE,
    Atlas,
    Place,
    Where,
    above_zero,
    expect_class,
    flat,
    node_at,
    touched_by,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RoadFactor:
    """Minutes on these roads are times `factor`, > 0: slower (above 1) or faster (below 1)."""

    where: Where
    factor: float


@dataclass(frozen=True, slots=True)
class RoadSpeed:
    """These roads are driven at `speed_kmh`, faster or slower than before; of whole classes it is their new speed."""

    where: Where
    speed_kmh: float


@dataclass(frozen=True, slots=True)
class RoadClosed:
    """These roads cannot be driven."""

    where: Where


@dataclass(frozen=True, slots=True)
class RoadUpgraded:
    """
    These roads are faster where they were slower; never slower than before.

    Attributes
    ----------
    speed_kmh, minutes
        How fast, or how long each of them takes: at most one. Neither: the speed of `road_class`.
    road_class
        Their class from then on; None: as before.
    """

    where: Where
    speed_kmh: float | None = None
    minutes: float | None = None
    road_class: str | None = None


@dataclass(frozen=True, slots=True)
class RoadAdded:
    """
    A new road between two nodes, or between the nodes nearest to two positions (lon, lat).

    Attributes
    ----------
    speed_kmh, minutes
        How fast, or how long it takes: at most one. Neither: the speed of its class.
    metres
        Its length; None: the straight length times the detour of its class.
    """

    start: str | Place
    end: str | Place
    road_class: str
    speed_kmh: float | None = None
    metres: float | None = None
    oneway: bool = False
    minutes: float | None = None


RoadEdit = RoadFactor | RoadSpeed | RoadClosed | RoadUpgraded | RoadAdded


def edited(graph: RoadGraph, *edits: RoadEdit, atlas: Atlas = NOWHERE) -> RoadGraph:
    """
    Return the graph with edits made one after another.

    Parameters
    ----------
    atlas
        The zone of each node, needed where an edit names zones, and their names.

    Raises
    ------
    InvalidInput
        For a factor or speed that is not above 0, an unknown class, or an edit that touches no road.
    NotFound
        For a node id or a route that is not there.
    """
    for edit in edits:
        if isinstance(edit, RoadAdded):
            graph = _added(graph, edit, atlas)
            continue
        touched = touched_by(graph, edit.where, atlas)
        if not touched.any():
            raise InvalidInput("The edit {edit} touches no road. Check its place, zone and class.", edit=said_of(edit))
        if isinstance(edit, RoadClosed):
            graph = graph.without(touched)
        elif isinstance(edit, RoadFactor):
            factor = above_zero(edit.factor, "factor")
            graph = replace(graph, minutes=np.where(touched, graph.minutes * factor, graph.minutes))
        elif isinstance(edit, RoadSpeed):
            graph = _at_speed(graph, edit, touched)
        else:
            graph = _upgraded(graph, edit, touched)
    return graph


def said_of(edit: RoadEdit | Where) -> str:
    """Say an edit by its fields, as a scenario file writes them."""
    said = []
    for name in (each.name for each in fields(edit)):
        value = getattr(edit, name)
        if isinstance(value, Where):
            said.append(said_of(value))
        elif value not in (None, (), False) and (name != "radius_m" or (isinstance(edit, Where) and edit.near)):
            said.append(f"{name}: {', '.join(map(str, value)) if isinstance(value, tuple) else value}")
    return "; ".join(said)


def _slower(graph: RoadGraph) -> Floats:
    """(E,) minutes over those of a free road, as the graph's rules have it."""
    city = graph.in_capital_city[graph.start] & graph.in_capital_city[graph.end]
    return np.where(city, graph.rules.congestion_factor, 1.0)


def _at_speed(graph: RoadGraph, edit: RoadSpeed, touched: Flags) -> RoadGraph:
    speed, where = above_zero(edit.speed_kmh, "speed_kmh"), edit.where
    minutes = graph.metres / 1000.0 / speed * 60.0 * _slower(graph)
    rules = graph.rules
    if where == Where(classes=where.classes):
        classes = where.classes or tuple(rules.speed_kmh)
        rules = replace(rules, speed_kmh=rules.speed_kmh | dict.fromkeys(classes, speed))
    return replace(graph, minutes=np.where(touched, minutes, graph.minutes), rules=rules)


def _upgraded(graph: RoadGraph, edit: RoadUpgraded, touched: Flags) -> RoadGraph:
    took = _free_minutes(graph, edit, graph.metres) * _slower(graph)
    road_class = graph.road_class
    if edit.road_class is not None:
        expect_class(graph, edit.road_class)
        road_class = np.where(touched, edit.road_class, road_class)
    return replace(
        graph,
        minutes=np.where(touched, np.minimum(graph.minutes, took), graph.minutes),
        road_class=np.asarray(road_class, dtype=np.str_),
    )


def _added(graph: RoadGraph, edit: RoadAdded, atlas: Atlas) -> RoadGraph:
    expect_class(graph, edit.road_class)
    one, other = (node_at(graph, end, atlas) for end in (edit.start, edit.end))
    if one == other:
        raise InvalidInput("The edit {edit} joins a node to itself. Name two places.", edit=said_of(edit))
    x, y = flat(graph, (float(graph.lon[one]), float(graph.lat[one])))
    straight = float(np.hypot(x[other], y[other]))
    if edit.metres is None and not straight > 0:
        raise InvalidInput(
            "The edit {edit} joins two road nodes at one place, so that no length can be measured. State its length.",
            edit=said_of(edit),
        )
    metres = edit.metres if edit.metres is not None else straight * graph.rules.road_detour.get(edit.road_class, 1.0)
    length = np.array([above_zero(metres, "metres")])
    ways = [(one, other)] if edit.oneway else [(one, other), (other, one)]
    start, end = np.array(ways, dtype=np.int64).T
    free = np.repeat(_free_minutes(graph, edit, length), start.size)
    longer = replace(
        graph,
        start=np.concatenate([graph.start, start]),
        end=np.concatenate([graph.end, end]),
        metres=np.concatenate([graph.metres, np.repeat(length, start.size)]),
        minutes=np.concatenate([graph.minutes, free]),
        road_class=np.concatenate([graph.road_class, np.full(start.size, edit.road_class)]),
        route=None if graph.route is None else np.concatenate([graph.route, np.full(start.size, "")]),
    )
    new = np.arange(longer.start.size) >= graph.start.size
    return replace(longer, minutes=np.where(new, longer.minutes * _slower(longer), longer.minutes))


def _free_minutes(graph: RoadGraph, edit: RoadAdded | RoadUpgraded, metres: Floats) -> Floats:
    """Minutes on a free road of these lengths, as the edit states them."""
    if edit.minutes is not None and edit.speed_kmh is None:
        return np.full(metres.shape, above_zero(edit.minutes, "minutes"))
    if edit.minutes is not None:
        raise InvalidInput("The edit {edit} states a speed and minutes. Keep one of them.", edit=said_of(edit))
    speed = edit.speed_kmh
    if speed is None and edit.road_class is None:
        raise InvalidInput("The edit {edit} states no speed, minutes or class. State one.", edit=said_of(edit))
    if speed is None:
        expect_class(graph, str(edit.road_class))
        speed = graph.rules.speed_kmh[str(edit.road_class)]
    return metres / 1000.0 / above_zero(speed, "speed_kmh") * 60.0
