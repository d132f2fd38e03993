"""
Travel at a country's size, measured: our sparse reach, and igraph and networkx beside it in one run.

    python -m benchmarks.travel                     ours alone
    python -m benchmarks.travel --others 6          and the two others for six sites (they must be installed;
                                                    they are never dependencies)

Times a seeded, invented network; prints seconds, pairs and the peak of resident memory.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse.csgraph import dijkstra

from benchmarks.memory import peak_mb
from benchmarks.travel_network import Streets, homes, streets
from geodata.country import Country
from geodata.osm import read_speed_table
from geodata.osm.network import hanging_together
from geodata.roads import RoadGraph
from planning.journeys.legs import OffRoad, both_ends
from planning.journeys.search import Search, search_of
from planning.travel import nearest, reach

CRS = "+proj=laea +lat_0=31 +lon_0=36 +datum=WGS84 +units=m"
EMPTY = gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs="EPSG:4326")


def country_of(network: Streets, *, points: int, candidates: int, seed: int = 3) -> Country:
    """Dress the invented streets and homes as a country."""
    random = np.random.default_rng(seed)
    people = _frame("point_id", homes(network, points=points))
    sites = _frame("site_id", network.xy[random.choice(len(network.xy), candidates, replace=False)])
    return Country(
        code="XX",
        name_en="Invented",
        name_ar="مختلق",
        metric_crs=CRS,
        capital_zone="XX-1",
        population_year=2025,
        zones=EMPTY,
        districts=pd.DataFrame(),
        people=people.assign(settlement="urban", people=random.integers(1, 300, points)),
        groups=pd.DataFrame(),
        places=EMPTY,
        roads=graph_of(network),
        candidates=sites,
        centres=EMPTY,
        offices=EMPTY,
    )


def graph_of(network: Streets) -> RoadGraph:
    """Make a road graph of the invented streets."""
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(*network.xy.T)
    n = len(network.xy)
    island, mainland = hanging_together(n, network.start, network.end)
    return RoadGraph(
        node_id=np.arange(n).astype(np.str_),
        lon=np.asarray(lon),
        lat=np.asarray(lat),
        region=np.full(n, "all"),
        in_capital_city=np.zeros(n, dtype=bool),
        start=network.start,
        end=network.end,
        metres=network.metres,
        minutes=network.metres / 1000.0 / network.kmh * 60.0,
        road_class=np.full(network.start.size, "residential"),
        rules=read_speed_table("drive").rules(),
        island=island,
        mainland=mainland,
    )


def _frame(name: str, xy: NDArray[np.float64]) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=CRS).to_crs("EPSG:4326")
    return gpd.GeoDataFrame({name: np.arange(len(xy)).astype(str)}, geometry=points.to_numpy(), crs="EPSG:4326")


def others(country: Country, *, sites: int, limit: float) -> dict[str, float]:
    """
    Seconds a site for the search alone: ours (scipy, bounded), igraph (it offers no bound), networkx (bounded).

    All three search the same reversed graph from the same vertices; their minutes are compared.
    """
    import igraph
    import networkx as nx

    search: Search = search_of(country.roads, *both_ends(country, country.candidates, OffRoad()))
    matrix = search.backwards.tocoo()
    rows, cols, data = matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist()
    from_ = (search.nodes + np.linspace(0, len(country.candidates) - 1, sites).astype(int)).tolist()
    seconds: dict[str, float] = {}
    began = time.perf_counter()
    ours = [dijkstra(search.backwards, indices=at, limit=limit) for at in from_]
    seconds["ours, bounded"] = time.perf_counter() - began
    began = time.perf_counter()
    whole = [dijkstra(search.backwards, indices=at) for at in from_]
    seconds["ours, without a bound"] = time.perf_counter() - began
    graph = igraph.Graph(n=matrix.shape[0], edges=list(zip(rows, cols, strict=True)), directed=True)
    began = time.perf_counter()
    theirs = graph.distances(source=from_, weights=data, mode="out")
    seconds["igraph, without a bound"] = time.perf_counter() - began
    np.testing.assert_allclose(np.array(theirs), np.array(whole), rtol=1e-9)
    slow: Any = nx.DiGraph()
    slow.add_weighted_edges_from(zip(rows, cols, data, strict=True))
    began = time.perf_counter()
    lengths = [nx.single_source_dijkstra_path_length(slow, at, cutoff=limit) for at in from_]
    seconds["networkx, bounded"] = time.perf_counter() - began
    for found, our in zip(lengths, ours, strict=True):
        assert len(found) == np.isfinite(our).sum()
    return {name: value / sites for name, value in seconds.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=400_000)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--candidates", type=int, default=300)
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--others", type=int, default=0, help="sites to search with igraph and networkx too")
    given = parser.parse_args()
    began = time.perf_counter()
    country = country_of(streets(nodes=given.nodes), points=given.points, candidates=given.candidates)
    graph = country.roads
    print(f"{graph.lon.size} nodes, {graph.start.size} edges, {given.points} points, {given.candidates} candidates")
    print(f"generated in {time.perf_counter() - began:.1f} s, {peak_mb():.0f} MB at the peak so far")
    began = time.perf_counter()
    found = reach(country, limit_minutes=given.limit)
    print(f"reach within {given.limit:g} minutes: {time.perf_counter() - began:.1f} s, {found.site.size} pairs")
    print(f"  {peak_mb():.0f} MB at the peak so far")
    began = time.perf_counter()
    alone = nearest(country)
    print(
        f"nearest of all candidates: {time.perf_counter() - began:.1f} s, {np.isinf(alone.minutes).sum()} unreachable"
    )
    began = time.perf_counter()
    again = found.nearest(np.arange(given.candidates))
    print(f"nearest from the reach, one search beyond it: {time.perf_counter() - began:.1f} s")
    np.testing.assert_array_equal(again.minutes, alone.minutes)
    if given.others:
        seconds = others(country, sites=given.others, limit=given.limit)
        for name, value in seconds.items():
            print(f"  {name}: {value:.3f} s a site, {value / seconds['ours, bounded']:.1f} times ours")


if __name__ == "__main__":
    main()
