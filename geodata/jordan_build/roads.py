"""
Write `road_nodes.csv` and `road_edges.csv` of the Jordan pack.

Trunk roads follow the recorded routes from place to place; a leg is its straight length
times the detour of its class, which `fit` finds from recorded lengths.
Secondary links join Gabriel neighbours (Gabriel & Sokal 1969: no third place within
the circle over the two) of one region, no farther apart than the rules say.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Geod

from geodata.jordan_build.rows import rows
from geodata.roads import TravelRules, read_travel_rules

GEOD = Geod(ellps="WGS84")
BLOCKS = {"JO-KA": "moab", "JO-AT": "south", "JO-MN": "south", "JO-AQ": "south"}  # Wadi Mujib, Wadi al-Hasa
GORGES = [{"JO-JA", "JO-BA"}]  # the Zarqa river below the King Talal dam
CITY_BESIDE_AREAS = {"JO-AM-jawa", "JO-AM-jweideh", "JO-AM-muqabalain", "JO-AM-umm-as-summaq"}


def build(folder: Path) -> None:
    """Write the two road files into the pack's `folder`; `places.csv` and the travel rules stand there."""
    sources = folder / "sources"
    rules = read_travel_rules(folder / "travel_rules.yaml")
    nodes = _nodes(pd.read_csv(folder / "places.csv"), sources)
    trunk = trunk_edges(nodes, pd.read_csv(sources / "routes.csv", dtype={"route": str}), rules)
    edges = pd.concat([trunk, secondary_edges(nodes, trunk, rules)], ignore_index=True)
    columns = ["node_id", "lon", "lat", "region", "in_capital_city"]
    nodes[columns].to_csv(folder / "road_nodes.csv", index=False, lineterminator="\n")
    edges.to_csv(folder / "road_edges.csv", index=False, lineterminator="\n")


def _nodes(places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Make every named place a node, with its region and whether it is inside Greater Amman."""
    valley = set(pd.read_csv(sources / "valley_places.csv")["place_id"])
    areas = set(pd.read_csv(sources / "gam_areas.csv")["place_id"]) | CITY_BESIDE_AREAS
    nodes = places.rename(columns={"place_id": "node_id"})
    upland = nodes["zone_id"].map(BLOCKS).fillna("north")
    nodes["region"] = upland.where(~nodes["node_id"].isin(valley), "valley")
    nodes["in_capital_city"] = nodes["node_id"].isin(areas).map({True: "true", False: "false"})
    return nodes


def trunk_edges(nodes: pd.DataFrame, routes: pd.DataFrame, rules: TravelRules) -> pd.DataFrame:
    """Return one row a leg of a route: start, end, metres, road_class, oneway, route, basis, source."""
    known = nodes.set_index("node_id")
    found = []
    for route in rows(routes):
        stops = route.sequence.split(";")
        straight = np.array([_straight(known, a, b) for a, b in itertools.pairwise(stops)])
        lengths = straight * rules.road_detour[route.road_class]
        source = f"{route.source}; straight length times the detour of its class"
        for a, b, metres in zip(stops[:-1], stops[1:], lengths, strict=True):
            found.append(_edge(a, b, metres, route.road_class, route.route, route.basis, source))
    return pd.DataFrame(found).drop_duplicates(["start", "end", "road_class"], ignore_index=True)


def secondary_edges(nodes: pd.DataFrame, trunk: pd.DataFrame, rules: TravelRules) -> pd.DataFrame:
    """Return the Gabriel links within a region that no trunk leg already makes."""
    lon, lat = nodes["lon"].to_numpy(), nodes["lat"].to_numpy()
    apart = _all_straight(lon, lat)
    zone, region, names = (nodes[field].to_numpy() for field in ("zone_id", "region", "node_id"))
    done = {frozenset(pair) for pair in zip(trunk["start"], trunk["end"], strict=True)}
    found = []
    for i, j in zip(*np.triu_indices(len(nodes), 1), strict=True):
        if apart[i, j] > rules.link_limit_m or region[i] != region[j] or {zone[i], zone[j]} in GORGES:
            continue
        if frozenset((names[i], names[j])) in done or (apart[i] ** 2 + apart[j] ** 2 < apart[i, j] ** 2).any():
            continue
        metres = apart[i, j] * rules.road_detour["secondary"]
        source = "Gabriel neighbours of one region; straight length times the detour of its class"
        found.append(_edge(names[i], names[j], metres, "secondary", "", "modelled", source))
    return pd.DataFrame(found)


def _edge(
    start: str, end: str, metres: float, road_class: str, route: str, basis: str, source: str
) -> dict[str, object]:
    return {
        "start": start,
        "end": end,
        "metres": round(float(metres)),
        "road_class": road_class,
        "oneway": "false",
        "route": route,
        "basis": basis,
        "source": source,
    }


def _straight(known: pd.DataFrame, a: str, b: str) -> float:
    (lon_a, lat_a), (lon_b, lat_b) = (known.loc[name, ["lon", "lat"]] for name in (a, b))
    return float(GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2])


def _all_straight(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    n = lon.size
    i, j = np.divmod(np.arange(n * n), n)
    return np.asarray(GEOD.inv(lon[i], lat[i], lon[j], lat[j])[2]).reshape(n, n)
