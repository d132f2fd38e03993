"""
Write `people.csv`: demand points of about 1 km that sum to every governorate's totals.

Each town is spread over 1 km cells by a density that falls exponentially from its centre
(Clark 1951); rural people go to the cells around places and along trunk roads; camps are
points of their own. Whole persons by largest remainder, urban and rural of every
governorate apart (law 4). All of it is modelled.

References
----------
Clark (1951), Urban population densities, Journal of the Royal Statistical Society A 114, 490-496.
"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geodata.jordan_build.governorates import read_figures
from geodata.jordan_build.projection import METRIC_CRS, points
from geodata.jordan_build.rows import rows
from geodata.jordan_build.settlements import capped_shares, nearest_seat, shares, towns

CELL_M = 1000.0
# Assumed: persons a km2 at the centre of a town of at least so many people.
CENTRE_DENSITY = ((200_000, 30_000.0), (50_000, 15_000.0), (0, 7_500.0))
EDGE_DENSITY = 300.0  # assumed: a town ends where fewer a km2 would live
RURAL_RANGE_KM = 4.0  # assumed: rural density falls by e over this distance from a place
SETTLED_RANGE_KM = 15.0  # assumed: the neighbourhood in which places are counted
RURAL_REACH_KM = 12.0  # assumed: and none live farther than this
ROAD_RANGE_KM = 1.5  # assumed: the same from a trunk road, none beyond twice this
ROAD_WEIGHT = 0.1  # assumed: a cell on a trunk road against one at a village
MOST_RURAL = 500.0  # assumed: a cell with more would be no countryside; the rest goes to the others
LEAST_RURAL = 55.0  # assumed: cells that would hold fewer send theirs to the nearest village or cell
URBAN_CELL = 150.0  # a cell with more urban people takes no rural ones
MINOR = "secondary"  # road class that is no trunk road
COLUMNS = [
    "point_id", "zone_id", "district_id", "place_en", "place_ar", "settlement",
    "is_camp", "people", "method", "basis", "lon", "lat",
]  # fmt: skip


def build(folder: Path) -> None:
    """Write `people.csv` into the pack's `folder`; governorates, places, districts and roads stand there."""
    zones = read_figures(folder / "sources")
    shapes = _shapes(folder)
    camps = _camps(folder)
    seats = pd.read_csv(folder / "districts.csv")
    cells = _cells(shapes, _dead_sea(folder / "sources"))
    cells["district_id"] = nearest_seat(cells, seats)
    cells["any_seat"] = nearest_seat(cells.assign(zone_id="any"), seats.assign(zone_id="any"))
    places = towns(folder)
    cells["rural_weight"] = rural_weight(cells, places, _trunk(folder))
    nearness = cells.groupby("district_id")["rural_weight"].sum()
    places, groups = shares(folder, places, zones, camps, nearness)
    urban = urban_cells(cells, places)
    rural = rural_cells(cells, urban, groups, places)
    table = pd.concat([urban, rural, camps.assign(cell=-1)], ignore_index=True)
    table["people"] = whole_people(table, zones)
    table = _named(table[table["people"] > 0], cells, places)
    table["district_id"] = nearest_seat(table, seats)
    _written(table).to_csv(folder / "people.csv", index=False, lineterminator="\n")


def _shapes(folder: Path) -> gpd.GeoSeries:
    raw = json.loads((folder / "governorates.geojson").read_text(encoding="utf-8"))
    shapes = {f["properties"]["zone_id"]: shapely.geometry.shape(f["geometry"]) for f in raw["features"]}
    return gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs(METRIC_CRS)


def _dead_sea(sources: Path) -> BaseGeometry:
    raw = json.loads((sources / "natural_earth_dead_sea.geojson").read_text(encoding="utf-8"))
    basins = [shapely.geometry.shape(f["geometry"]) for f in raw["features"]]
    water: BaseGeometry = gpd.GeoSeries(basins, crs="EPSG:4326").to_crs(METRIC_CRS).union_all()
    return water


def _camps(folder: Path) -> pd.DataFrame:
    table = pd.read_csv(folder / "sources" / "camps.csv")[["place_id", "people"]]
    table = table.merge(pd.read_csv(folder / "places.csv"), on="place_id", suffixes=("", "_place"), validate="1:1")
    there = points(table["lon"], table["lat"])
    table = table[["place_id", "zone_id", "people"]].assign(
        place_en=table["name_en"], place_ar=table["name_ar"], x=there.x, y=there.y
    )
    return table.assign(people=table["people"].astype(float), settlement="urban", is_camp=True, method="camp_register")


def _trunk(folder: Path) -> BaseGeometry:
    """The trunk roads as straight lines between their places, metric plane."""
    nodes = pd.read_csv(folder / "road_nodes.csv")
    there = points(nodes["lon"], nodes["lat"])
    at = dict(zip(nodes["node_id"], zip(there.x, there.y, strict=True), strict=True))
    edges = pd.read_csv(folder / "road_edges.csv")
    edges = edges[edges["road_class"] != MINOR].sort_values(["start", "end"])
    return shapely.MultiLineString([[at[e.start], at[e.end]] for e in rows(edges)])


def _cells(shapes: gpd.GeoSeries, water: BaseGeometry) -> pd.DataFrame:
    """Return the 1 km cells whose centre is in a governorate and not in the Dead Sea: zone_id, x, y."""
    west, south, east, north = shapes.total_bounds
    x = np.arange(np.floor(west / CELL_M), np.ceil(east / CELL_M)) * CELL_M + CELL_M / 2
    y = np.arange(np.floor(south / CELL_M), np.ceil(north / CELL_M)) * CELL_M + CELL_M / 2
    gx, gy = (part.ravel() for part in np.meshgrid(x, y))
    zone = np.full(gx.size, "", dtype=object)
    for zone_id, shape in shapes.items():
        shapely.prepare(shape)
        zone[shapely.contains_xy(shape, gx, gy)] = zone_id
    shapely.prepare(water)
    dry = (zone != "") & ~shapely.contains_xy(water, gx, gy)
    return pd.DataFrame({"zone_id": zone[dry], "x": gx[dry], "y": gy[dry]})


def density_at(people: float, away_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Persons a km2 at a distance from the centre of a town of so many `people`.

    d0 · exp(-r / b) with d0 from CENTRE_DENSITY and b such that the whole plane holds
    `people`; zero where it falls below EDGE_DENSITY.
    """
    centre = next(density for least, density in CENTRE_DENSITY if people >= least)
    spread = np.sqrt(people / (2 * np.pi * centre))
    density: NDArray[np.float64] = centre * np.exp(-away_km / spread)
    return np.where(density < EDGE_DENSITY, 0.0, density)


def urban_cells(cells: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Spread the urban people of every town over the cells of its governorate; one row a cell."""
    parts = []
    for zone_id, mine in cells.groupby("zone_id"):
        here = mine[["x", "y"]].to_numpy()
        for town in rows(places[(places["zone_id"] == zone_id) & (places["people"] > 0)]):
            away = np.hypot(here[:, 0] - town.x, here[:, 1] - town.y) / 1000
            if town.area_km2 > 0:
                weight = (away <= np.sqrt(town.area_km2 / np.pi)).astype(float)
            else:
                home = mine["any_seat"].to_numpy()
                weight = np.where(home == home[np.argmin(away)], density_at(town.people, away), 0.0)
            if not weight.any():
                weight = (away == away.min()).astype(float)
            used = weight > 0
            people = town.people * weight[used] / weight.sum()
            parts.append(pd.DataFrame({"cell": mine.index[used], "people": people, "method": town.method}))
    table = pd.concat(parts, ignore_index=True).sort_values(["cell", "people"], ascending=[True, False])
    result = table.groupby("cell", as_index=False).agg(people=("people", "sum"), method=("method", "first"))
    zone = cells.loc[result["cell"], "zone_id"].to_numpy()
    return result.assign(zone_id=zone, settlement="urban", is_camp=False)


def rural_cells(cells: pd.DataFrame, urban: pd.DataFrame, groups: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """
    Spread every group's rural people over its cells that are not urban; one row a cell.

    Cells that would hold fewer than LEAST_RURAL send theirs to the nearest kept cell or
    cell of a named place of the governorate: in thinly settled land people live at villages.
    """
    taken = set(urban.loc[urban["people"] > URBAN_CELL, "cell"])
    free = cells[~cells.index.isin(taken)]
    group = free["district_id"].where(free["district_id"].isin(groups["group_id"]), free["zone_id"])
    people = pd.Series(0.0, index=free.index)
    for row in rows(groups[groups["rural"] > 0]):
        here = free.loc[group == row.group_id, "rural_weight"]
        people[here.index] = row.rural * here / here.sum()
    for _, mine in free.groupby("zone_id"):
        weight = people[mine.index]
        most = pd.Series(MOST_RURAL, index=mine.index)
        people[mine.index] = capped_shares(weight, most, float(weight.sum()))
    parts = [_gathered(cells, mine, people[mine.index], places) for _, mine in free.groupby("zone_id")]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(method="rural_spread", settlement="rural", is_camp=False)


def _gathered(cells: pd.DataFrame, mine: pd.DataFrame, people: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    """Send the people of thin cells of one zone to the nearest cell that is kept."""
    zone_id = str(mine["zone_id"].iloc[0])
    zone = cells[cells["zone_id"] == zone_id]
    villages = places.loc[places["zone_id"] == zone_id, ["x", "y"]]
    _, at = cKDTree(zone[["x", "y"]]).query(villages)
    kept = pd.Index(sorted(set(people.index[people >= LEAST_RURAL]) | set(zone.index[at])))
    _, nearest = cKDTree(cells.loc[kept, ["x", "y"]]).query(mine[["x", "y"]])
    held = people.groupby(kept[nearest].to_numpy()).sum()
    held = held[held > 0]
    return pd.DataFrame({"cell": held.index, "people": held.to_numpy(), "zone_id": zone_id})


def rural_weight(cells: pd.DataFrame, places: pd.DataFrame, trunk: BaseGeometry) -> pd.Series:
    """
    Nearness to places and trunk roads, times how many places lie around.

    (sum over places of exp(-distance / RURAL_RANGE_KM), plus ROAD_WEIGHT along trunk
    roads) times the sum of exp(-distance / SETTLED_RANGE_KM): a lone desert town has few
    villages about it.
    """
    at = cells[["x", "y"]].to_numpy()
    weight = np.zeros(len(cells))
    settled = np.zeros(len(cells))
    for zone_id, mine in places.groupby("zone_id"):
        here = (cells["zone_id"] == zone_id).to_numpy()
        for place in rows(mine):
            away = np.hypot(at[here, 0] - place.x, at[here, 1] - place.y) / 1000
            weight[here] += np.where(away <= RURAL_REACH_KM, np.exp(-away / RURAL_RANGE_KM), 0.0)
            settled[here] += np.exp(-away / SETTLED_RANGE_KM)
    away = shapely.distance(shapely.points(at), trunk) / 1000
    weight += np.where(away <= 2 * ROAD_RANGE_KM, ROAD_WEIGHT * np.exp(-away / ROAD_RANGE_KM), 0.0)
    return pd.Series(weight * settled, index=cells.index)


def whole_people(table: pd.DataFrame, zones: pd.DataFrame) -> pd.Series:
    """Round to whole persons by largest remainder so that urban and rural of each zone are exact."""
    result = pd.Series(0, index=table.index, dtype=np.int64)
    for zone in rows(zones):
        for settlement, total in (("urban", zone.urban), ("rural", zone.rural)):
            here = (table["zone_id"] == zone.zone_id) & (table["settlement"] == settlement)
            result[here] = largest_remainder(table.loc[here, "people"].to_numpy(), int(total))
    return result


def largest_remainder(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Share `total` whole units in proportion to `weights`; ties go to the earlier."""
    exact = (weights / weights.sum() * total).round(6)
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def _named(table: pd.DataFrame, cells: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Give every point its position and the nearest named place of its governorate."""
    table = table.reset_index(drop=True)
    plain = ~table["is_camp"].astype(bool)
    table.loc[plain, ["x", "y"]] = cells.loc[table.loc[plain, "cell"], ["x", "y"]].to_numpy()
    for zone_id, mine in table[plain].groupby("zone_id"):
        known = places[places["zone_id"] == zone_id]
        _, nearest = cKDTree(known[["x", "y"]]).query(mine[["x", "y"]])
        table.loc[mine.index, ["place_en", "place_ar"]] = known[["place_en", "place_ar"]].to_numpy()[nearest]
    return table


def _written(table: pd.DataFrame) -> pd.DataFrame:
    """Order, name and project the points: northwest first within a governorate."""
    degrees = gpd.GeoSeries(gpd.points_from_xy(table["x"], table["y"]), crs=METRIC_CRS).to_crs("EPSG:4326")
    table = table.assign(lon=degrees.x.round(5), lat=degrees.y.round(5), basis="modelled")
    table = table.sort_values(["zone_id", "settlement", "y", "x"], ascending=[True, False, False, True])
    number = table.groupby("zone_id").cumcount() + 1
    table["point_id"] = [f"{zone}-{n:04d}" for zone, n in zip(table["zone_id"], number, strict=True)]
    table["is_camp"] = table["is_camp"].map({True: "true", False: "false"})
    return table[COLUMNS]
