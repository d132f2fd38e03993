"""
A generated country of Jordan's shape and people at real size: every figure below the pack's is invented by a seed.

The built-in pack gives the outlines, the people of each of its 1 km points and their settlement type; the
generator scatters houses around them (a raster of 100 m), and junctions (400,000, joined as
`benchmarks.travel_network` joins them). Candidates are the pack's and as many invented ones as are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer

import geodata
from benchmarks.travel import CRS, graph_of
from benchmarks.travel_network import streets
from geodata.country import Country
from geodata.population.persons import People
from geodata.roads import RoadGraph

CELL_M = 100.0
HOUSES_M, JUNCTIONS_M, RURAL_M = 450.0, 800.0, 4_000.0
MOST_HOUSES = 500
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ground:
    """The built-in Jordan on the plane of the benchmark: its points (n, 2) in metres, their people, its outlines."""

    pack: Country
    xy: Floats
    people: NDArray[np.int64]


def ground() -> Ground:
    """Load the pack."""
    pack = geodata.load("jordan")
    at = pack.people.geometry.to_crs(CRS)
    return Ground(pack, np.column_stack([at.x, at.y]), pack.people["people"].to_numpy(dtype=np.int64))


def write_raster(path: Path, known: Ground, *, seed: int = 7) -> tuple[int, int]:
    """Write counts of people in cells of 100 m over the country; return height and width."""
    random = np.random.default_rng(seed)
    houses = np.clip(known.people // 5, 3, MOST_HOUSES)
    of = np.repeat(np.arange(houses.size), houses)
    weight = random.lognormal(0.0, 0.8, of.size)
    held = weight * (known.people / np.bincount(of, weight))[of]
    at = known.xy[of] + random.normal(0.0, HOUSES_M, (of.size, 2))
    west, south, east, north = known.pack.zones.to_crs(CRS).total_bounds
    wide, tall = int(np.ceil((east - west) / CELL_M)) + 40, int(np.ceil((north - south) / CELL_M)) + 40
    left, top = west - 20 * CELL_M, north + 20 * CELL_M
    values = np.zeros((tall, wide), dtype=np.float64)
    column, row = ((at[:, 0] - left) // CELL_M).astype(int), ((top - at[:, 1]) // CELL_M).astype(int)
    np.add.at(values, (np.clip(row, 0, tall - 1), np.clip(column, 0, wide - 1)), held)
    values[values == 0] = -99999.0
    told = {"driver": "GTiff", "height": tall, "width": wide, "count": 1, "dtype": "float32", "nodata": -99999.0}
    told |= {"crs": CRS, "transform": Affine(CELL_M, 0, left, 0, -CELL_M, top), "tiled": True, "compress": "deflate"}
    with rasterio.open(path, "w", **told) as data:
        data.write(values.astype(np.float32), 1)
    return tall, wide


def road_graph(known: Ground, *, nodes: int = 400_000, seed: int = 8) -> RoadGraph:
    """Scatter junctions where people live, a tenth of them over the open land around, and join them by streets."""
    random = np.random.default_rng(seed)
    share = known.people**0.8
    at = random.choice(known.people.size, nodes, p=share / share.sum())
    spread = np.where(random.random(nodes) < 0.1, RURAL_M, JUNCTIONS_M)
    return graph_of(streets(xy=known.xy[at] + random.normal(0.0, 1.0, (nodes, 2)) * spread[:, None], seed=seed))


def candidates(known: Ground, *, sites: int = 300, seed: int = 9) -> gpd.GeoDataFrame:
    """The pack's candidates, and invented ones at points where people live, the larger the likelier."""
    random = np.random.default_rng(seed)
    own = known.pack.candidates[["site_id", "geometry"]].iloc[:sites]
    share = np.sqrt(known.people)
    more = random.choice(known.people.size, sites - len(own), replace=False, p=share / share.sum())
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(*known.xy[more].T)
    invented = {"site_id": [f"X-{at:03d}" for at in range(more.size)], "geometry": gpd.points_from_xy(lon, lat)}
    return gpd.GeoDataFrame(
        pd.concat([own, gpd.GeoDataFrame(invented, crs="EPSG:4326")], ignore_index=True), crs="EPSG:4326"
    )


def dressed(known: Ground, people: People, graph: RoadGraph, sites: gpd.GeoDataFrame) -> Country:
    """Put people, roads and candidates together as a country, as far as travel asks for it."""
    points = gpd.GeoDataFrame(
        {
            "point_id": np.arange(people.lon.size).astype(str),
            "settlement": np.where(people.urban, "urban", "rural").astype(object),
            "people": people.persons,
        },
        geometry=gpd.points_from_xy(people.lon, people.lat),
        crs="EPSG:4326",
    )
    empty = gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs="EPSG:4326")
    return Country(
        code="XJ",
        name_en="Invented",
        name_ar="مختلق",
        metric_crs=CRS,
        capital_zone="",
        population_year=2025,
        zones=known.pack.zones,
        districts=pd.DataFrame(),
        people=points,
        groups=pd.DataFrame(),
        places=empty,
        roads=graph,
        candidates=sites,
        centres=empty,
        offices=empty,
    )
