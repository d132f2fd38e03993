"""
The study of travel: the plan's final network under other conditions of the roads, and for people without a car.

Made where the scenario has a section `travel`. Every figure is modelled; buses rest on stated figures only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from foundation.language import CODES, Code, language
from geodata.country import Country
from planning import equity
from planning.cells import Cells
from planning.network import Network
from planning.siting.cover import cover_of
from planning.siting.request import cells_for, farthest_of, instance_of
from planning.siting.standing import network_of
from planning.travel import Reach, Travel, by_bus
from planning.travel_sources import RoadSource
from planning.without_car import car_table, nation_and_zones
from scenarios.sections.travel import TravelPart
from scenarios.studies.case import Case, Study
from scenarios.travelling import carless

Flags = NDArray[np.bool_]
DATA, PLAN = "data", "plan"  # conditions beside the periods: the country's own data; what the plan is judged by


def study(case: Case) -> Study | None:
    """Say what the section `travel` changes; None where there is none."""
    part: TravelPart | None = case.scenario.settings.travel
    if part is None:
        return None
    conditions = _conditions(case, part)
    roads = _roads(case, part)
    judged = None if part.congestion is None else part.congestion.judged()
    record: dict[str, Any] = {
        "basis": "modelled",
        "year": case.plan.networks[-1].year,
        "from": "roads" if part.matrix is None else "matrix",
        "judged_at": None if judged is None else judged.id,
        "conditions": _plain(conditions),
        "roads": _plain(roads),
        "without_car": None,
    }
    tables = {"travel_conditions.csv": conditions.assign(basis="modelled")}
    if len(roads):
        tables["travel_roads.csv"] = roads.assign(basis="modelled")
    if part.without_car is not None:
        record["without_car"], tables["without_car.csv"] = _without_car(case, part)
    return Study(record={"travel": record}, tables=tables, answer=record)


def _conditions(case: Case, part: TravelPart) -> pd.DataFrame:
    """One row a condition and place (the nation, then its governorates): coverage and minutes of the final network."""
    cells, rows = cells_for(case.request), []
    for name, hours, journeys in _travelled(case, part):
        network, inside = _reached(case, cells, journeys)
        people = cells.people[-1]
        everybody, covered = people.sum(axis=0), np.where(inside, people, 0).sum(axis=0)
        for scope, scope_id, here in nation_and_zones(case.country):
            total, served = int(everybody[here].sum()), int(covered[here].sum())
            rows.append(
                {
                    "condition": name,
                    "from_hour": hours[0],
                    "to_hour": hours[1],
                    "scope": scope,
                    "scope_id": scope_id,
                    "people": total,
                    "covered": served,
                    "covered_share": served / total if total else None,
                    "unreachable": int(everybody[here][~np.isfinite(network.minutes[here])].sum()),
                    "mean_minutes": equity.mean_minutes(network.minutes[here], everybody[here]),
                }
            )
    return pd.DataFrame(rows)


def _travelled(case: Case, part: TravelPart) -> Iterator[tuple[str, tuple[float | None, float | None], Travel | Reach]]:
    """Yield each condition, its hours, and the journeys to the places of the final network."""
    instance = instance_of(case.request, case.journeys)
    stops = [instance.places.stops(int(option)) for option in case.plan.networks[-1].open_options]
    only = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *stops]))
    limit = farthest_of(case.request)
    yield DATA, (None, None), RoadSource().journeys(case.country, limit_minutes=limit, only=only)
    yield PLAN, (None, None), case.journeys
    if part.congestion is not None:
        for period in part.congestion.periods:
            found = part.at(period.factors).journeys(case.country, limit_minutes=limit, only=only)
            yield period.id, (period.from_, period.to), found


def _reached(case: Case, cells: Cells, journeys: Travel | Reach) -> tuple[Network, Flags]:
    """Send everybody to the final network; also (C, n) who is within the standard."""
    final = case.plan.networks[-1]
    instance = replace(instance_of(case.request, journeys), cells=cells)
    inside = cover_of(instance, final.open_options).inside(final.open_options)
    return network_of(instance, final.open_options, year=final.year), inside


def _without_car(case: Case, part: TravelPart) -> tuple[dict[str, Any], pd.DataFrame]:
    assert part.without_car is not None
    cells, without = carless(case.request, part)
    bus = part.without_car.bus
    _, drive = _reached(case, cells, case.journeys)
    _, ride = _reached(case, cells, by_bus(case.journeys, bus.build()))
    table = car_table(case.country, cells, without, drive=drive, bus=ride)
    record = {
        "basis": "assumed",
        "bus": bus.model_dump(),
        "shares": [
            said.model_dump() | {"basis": str(share.basis), "places": _named(case, said.zones, said.districts)}
            for said, share in zip(part.without_car.shares, part.shares(), strict=True)
        ],
        "coverage": _plain(table),
    }
    return record, table.assign(basis="modelled")


def _roads(case: Case, part: TravelPart) -> pd.DataFrame:
    """Closed, upgraded and added roads with their ends: the named place, or what lies nearest and the position."""
    country = case.country
    changes = part.at({}).changes(country)
    places = country.places.set_index("place_id")
    graph = country.roads
    at = {str(node): position for position, node in enumerate(graph.node_id.tolist())}
    for end in ("start", "end"):
        lon, lat = (axis[[at[node] for node in changes[end]]].round(5) for axis in (graph.lon, graph.lat))
        changes[f"{end}_lon"], changes[f"{end}_lat"] = lon, lat
        near = _nearest_places(country, lon, lat)
        for code in CODES:
            names = places[f"name_{code}"].to_dict()
            changes[f"{end}_{code}"] = [
                names.get(node) or _beside(code, country.places.iloc[row][f"name_{code}"] if row >= 0 else "", x, y)
                for node, row, x, y in zip(changes[end], near, lon, lat, strict=True)
            ]
    return changes


def _nearest_places(country: Country, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[int]:
    """Return the row of the named place nearest to each position, -1 where there is none."""
    if country.places.empty or not lon.size:
        return [-1] * lon.size
    ends = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(country.metric_crs)
    known = country.places.geometry.to_crs(country.metric_crs)
    tree = cKDTree(np.column_stack([known.x, known.y]))
    return [int(row) for row in tree.query(np.column_stack([ends.x, ends.y]))[1]]


def _beside(code: Code, place: str, lon: float, lat: float) -> str:
    """Say where an end lies that is no named place."""
    spoken, position = language(code), f"{lat:.5f}, {lon:.5f}"
    if not place:
        return position
    return spoken.text("near {place} ({position})", place=place, position=position)


def _named(case: Case, zones: Sequence[str], districts: Sequence[str]) -> list[dict[str, str]]:
    """Name the governorates and districts of a share of people without a car."""
    frames = ((case.country.zones, "zone_id", zones), (case.country.districts, "district_id", districts))
    rows = [frame[frame[key] == one].iloc[0] for frame, key, ids in frames for one in ids]
    return [{f"name_{code}": str(row[f"name_{code}"]) for code in CODES} for row in rows]


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
