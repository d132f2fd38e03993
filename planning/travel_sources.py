"""
Where journeys come from: the road graph, as it is or as a planner changes it, or a matrix made elsewhere.

Both are a `TravelSource`: asked for a country and a limit, they give a table of journeys with the same checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Name, NotFound, Phrase, Unsupported, listed
from planning.journeys.congestion import Factor, congested
from planning.journeys.edits import RoadAdded, RoadClosed, RoadEdit, RoadUpgraded, edited, said_of
from planning.journeys.legs import OffRoad
from planning.journeys.matrix import MatrixSource, Missing
from planning.journeys.where import CAPITAL, NOWHERE, Atlas, like, touched_by, zones_of_nodes
from planning.travel import Nearest, Reach, Travel, journeys, nearest

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.country import Country
    from geodata.roads import RoadGraph

__all__ = ["AccessSpeeds", "MatrixSource", "RoadSource", "TravelSource", "expect_zones", "travel_source"]

Floats = NDArray[np.float64]
MOST_IDS = 60  # of zones that a refusal lists
CHANGES = ["change", "start", "end", "road_class", "km", "minutes_before", "minutes_after"]


class TravelSource(Protocol):
    """Gives the journeys of a country."""

    def journeys(
        self, country: Country, *, limit_minutes: float, only: NDArray[np.int64] | None = None
    ) -> Travel | Reach:
        """
        Return the journeys from `country.people` to `country.candidates`, at least those within the limit.

        only: (k,) positions of the candidates that will be asked about; None: all of them.
        """
        ...


@dataclass(frozen=True, slots=True)
class AccessSpeeds:
    """Free speeds of the legs of people and sites, km/h, > 0, in place of the travel rules'; None: as they are."""

    urban_kmh: float | None = None
    rural_kmh: float | None = None


@dataclass(frozen=True, slots=True)
class RoadSource:
    """
    Journeys over the country's road graph.

    Attributes
    ----------
    edits
        Changes of roads, made one after another.
    congestion
        Minutes over those of a free road by zone id or `CAPITAL`, after the edits; see `congested`.
    access, off_road
        How one moves between a home and the network.
    """

    edits: tuple[RoadEdit, ...] = ()
    congestion: Mapping[str, Factor] = field(default_factory=dict)
    access: AccessSpeeds = AccessSpeeds()
    off_road: OffRoad | None = None

    def journeys(
        self, country: Country, *, limit_minutes: float, only: NDArray[np.int64] | None = None
    ) -> Travel | Reach:
        """See `planning.travel.journeys`."""
        changed, off_road = self._changed(country)
        return journeys(changed, limit_minutes=limit_minutes, off_road=off_road, only=only)

    def nearest(self, country: Country, sites: gpd.GeoDataFrame, *, longest_leg_m: float | None = None) -> Nearest:
        """Find the nearest of `sites` for every demand point, with no leg longer than `longest_leg_m`, where given."""
        changed, off_road = self._changed(country)
        if longest_leg_m is not None:
            off_road = replace(off_road or OffRoad(), limit_m=longest_leg_m)
        return nearest(changed, sites, off_road=off_road)

    def _changed(self, country: Country) -> tuple[Country, OffRoad | None]:
        """The country with its roads as they are driven, and how one moves beside them."""
        graph, node_factor = self.graph(country)
        off_road = self.off_road
        if node_factor is not None:
            off_road = replace(off_road or OffRoad(), node_factor=node_factor)
        return replace(country, roads=graph), off_road

    def graph(self, country: Country) -> tuple[RoadGraph, NDArray[np.float64] | None]:
        """
        Return the graph that is driven, and (N,) the congestion of legs at its nodes; see `congested`.

        Raises
        ------
        InvalidInput, NotFound
            For a zone, class, node or route that is not there, an edit that touches no road, an upgrade that
            makes none faster.
        """
        graph, atlas = country.roads, self._atlas(country)
        for _, _, after in self._steps(country, atlas):
            graph = after
        rules = replace(
            graph.rules,
            access_speed_urban=self.access.urban_kmh or graph.rules.access_speed_urban,
            access_speed_rural=self.access.rural_kmh or graph.rules.access_speed_rural,
        )
        return congested(replace(graph, rules=rules), self.congestion, atlas=atlas)

    def changes(self, country: Country) -> pd.DataFrame:
        """
        List the roads that were closed, upgraded or added, in the order in which that was done.

        Returns
        -------
        changes
            change, start, end (node ids; of a road driven both ways alike, one row), road_class, km (after the change),
            minutes_before, minutes_after: as the roads stood then, NaN where there is none.
        """
        rows: list[tuple[object, ...]] = []
        atlas = self._atlas(country)
        for edit, before, after in self._steps(country, atlas):
            if isinstance(edit, RoadAdded):
                rows += _edges("added", after, np.arange(before.start.size, after.start.size), None, after.minutes)
            elif isinstance(edit, RoadClosed):
                closed = np.flatnonzero(touched_by(before, edit.where, atlas))
                rows += _edges("closed", before, closed, before.minutes, None)
            elif isinstance(edit, RoadUpgraded):
                faster = np.flatnonzero(after.minutes < before.minutes)
                rows += _edges("upgraded", after, faster, before.minutes, after.minutes)
        return pd.DataFrame(list(dict.fromkeys(rows)), columns=CHANGES)

    def _atlas(self, country: Country) -> Atlas:
        places = [edit.where.zones for edit in self.edits if not isinstance(edit, RoadAdded)]
        edited_zones, slowed = {zone for zones in places for zone in zones}, set(self.congestion)
        expect_zones(country, edited_zones, field="speeds: zones")
        expect_zones(country, slowed, field="congestion: factors")
        named = edited_zones | slowed
        return _atlas(country, zones=bool(named - {CAPITAL})) if self.edits or named else NOWHERE

    def _steps(self, country: Country, atlas: Atlas) -> Iterator[tuple[RoadEdit, RoadGraph, RoadGraph]]:
        """Yield each edit with the graph before and after it."""
        graph = country.roads
        for edit in self.edits:
            before, graph = graph, edited(graph, edit, atlas=atlas)
            if isinstance(edit, RoadUpgraded) and not (graph.minutes < before.minutes).any():
                raise InvalidInput(
                    "The upgrade ({edit}) makes no road faster: they are driven as fast already. State more, or "
                    "leave it out.",
                    edit=said_of(edit),
                )
            yield edit, before, graph


def travel_source(kind: str, *, path: Path | None = None, missing: Missing = "refuse") -> TravelSource:
    """
    Return the source by its name: "roads" as they are, or "matrix" with its path.

    Raises
    ------
    Unsupported
        For "gtfs" and any other kind that is not offered.
    """
    if kind == "roads":
        return RoadSource()
    if kind == "matrix":
        if path is None:
            raise InvalidInput("Travel from a matrix needs its file. Name it in 'path'.")
        return MatrixSource(path, missing)
    raise Unsupported(
        "Travel from '{kind}' is not offered; choose roads or matrix. R5 turns a timetable (GTFS) into a matrix.",
        kind=kind,
    )


def expect_zones(country: Country, named: Iterable[str], *, field: str) -> None:
    """Refuse, by name, zones that the country does not have; `CAPITAL` is offered where its roads mark one."""
    zones = country.zones
    known = [str(zone) for zone in zones["zone_id"]]
    offered = [CAPITAL] if country.roads.in_capital_city.any() else []
    for zone in sorted(set(named) - {CAPITAL, *known}):
        rows = zip(known, zones["name_en"], zones["name_ar"], strict=True)
        raise NotFound(
            "{field}: there is no zone '{zone}'. Spelled most like it: {near}. The ids of the country's zones are "
            "{known}.",
            field=field,
            zone=zone,
            near=", ".join(like(zone, [*known, *offered])) or "-",
            known=listed(
                [Phrase(each) for each in offered]
                + [Phrase("{id} ({name})", {"id": id_, "name": Name(str(en), str(ar))}) for id_, en, ar in rows],
                most=MOST_IDS,
                between=", ",
            ),
        )


def _edges(
    change: str, graph: RoadGraph, at: NDArray[np.int64], before: Floats | None, after: Floats | None
) -> list[tuple[object, ...]]:
    """One row an edge; None, unlike NaN, equals itself, so that the two ways of a road fall together."""
    rows: list[tuple[object, ...]] = []
    for edge in at.tolist():
        start, end = sorted((str(graph.node_id[graph.start[edge]]), str(graph.node_id[graph.end[edge]])))
        took = [None if minutes is None else round(float(minutes[edge]), 1) for minutes in (before, after)]
        rows.append(
            (change, start, end, str(graph.road_class[edge]), round(float(graph.metres[edge]) / 1000, 3), *took)
        )
    return rows


def _atlas(country: Country, *, zones: bool) -> Atlas:
    """Names of the nodes that are named places and, if asked, the zone of each node."""
    places = country.places
    nodes = set(country.roads.node_id.tolist())
    rows = zip(places["place_id"].astype(str), places["name_en"], places["name_ar"], strict=True)
    names = {place: (str(en), str(ar)) for place, en, ar in rows if place in nodes}
    return Atlas(zones_of_nodes(country.roads, country.zones) if zones else None, names)
