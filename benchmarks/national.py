"""
From a raster of 100 m to merged rows, at a country's size, and what the fineness of the demand does to the answer.

    python -m benchmarks.national                          end to end at 100 m: seconds and peak memory, step by step
    python -m benchmarks.national --plans 1000 500 100     and a proven plan of 20 sites at each side of a block (m)

The country is generated (`benchmarks.jordan_like`); its raster is written to a temporary folder first, which is
not counted. Each plan covers as many people as 20 of the candidates can within 30 minutes; the coarser plans are
also counted on the finest demand.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.jordan_like import Ground, candidates, dressed, ground, road_graph, write_raster
from benchmarks.memory import peak_mb, peak_of_children_mb
from benchmarks.travel import CRS
from geodata.population.blocks import read_blocks
from geodata.population.persons import persons_of
from geodata.population.rows import PopulationSource
from geodata.roads import RoadGraph
from optimization import max_cover
from optimization.merging import equal_rows
from planning.travel import reach


@dataclass(frozen=True, slots=True)
class Demand:
    """Persons (n,) of each point, and the sites (n, m) within the limit of each."""

    persons: NDArray[np.int64]
    within: sparse.csr_array

    def covered(self, chosen: tuple[int, ...]) -> int:
        """Persons within the limit of at least one chosen site."""
        reached = np.asarray(self.within[:, list(chosen)].sum(axis=1)).ravel() > 0
        return int(self.persons[reached].sum())


def peaks_mb() -> str:
    """The peaks of resident memory so far: this process, and the greatest of its children."""
    return f"peak {peak_mb():.0f} MB here, {peak_of_children_mb():.0f} MB in the reader's process"


def end_to_end(
    raster: Path, known: Ground, graph: RoadGraph, sites: gpd.GeoDataFrame, *, side_m: float, limit: float
) -> Demand:
    """Raster to points, to journeys, to rows merged by equal sets of sites; prints seconds of each step."""
    began = time.perf_counter()
    blocks = read_blocks(PopulationSource(raster, resolution_m=side_m), known.pack.zones.geometry, metric_crs=CRS)
    people = persons_of(blocks, known.pack.zones.geometry)
    read = time.perf_counter()
    country = dressed(known, people, graph, sites)
    found = reach(country, limit_minutes=limit)
    travelled = time.perf_counter()
    shape = found.shape
    kept = found.minutes <= limit
    point = np.repeat(np.arange(shape[0]), np.diff(found.first))[kept]
    within = sparse.csr_array((np.ones(point.size, np.int8), (point, found.site[kept])), shape=shape)
    rows = equal_rows(within)[1].size
    merged = time.perf_counter()
    print(f"{side_m:.0f} m: {people.lon.size} points, {people.persons.sum()} people, {found.site.size} pairs")
    print(f"  {rows} merged rows; raster to points {read - began:.1f} s, travel {travelled - read:.1f} s, ", end="")
    print(f"merging {merged - travelled:.1f} s; together {merged - began:.1f} s; {peaks_mb()}", flush=True)
    return Demand(people.persons, within)


def plans(demands: dict[float, Demand], *, count: int) -> None:
    """Solve each demand to proof, and count every plan on the finest one."""
    finest = demands[min(demands)]
    chosen: dict[float, tuple[int, ...]] = {}
    for side, demand in demands.items():
        found = max_cover(demand.within, demand.persons, count, time_limit=300.0)
        chosen[side] = found.chosen
        total = int(demand.persons.sum())
        print(
            f"{side:.0f} m: {found.value:.0f} of {total} people ({found.value / total:.3%}), bound {found.bound:.0f},"
        )
        print(
            f"  {found.status}, proof {found.proof}, {found.seconds:.1f} s; on the finest demand this plan covers ",
            end="",
        )
        print(f"{finest.covered(found.chosen)}", flush=True)
    for side, sites in chosen.items():
        same = len(set(sites) & set(chosen[min(demands)]))
        print(f"{side:.0f} m and {min(demands):.0f} m: {same} of {count} sites are the same")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=400_000)
    parser.add_argument("--candidates", type=int, default=300)
    parser.add_argument("--limit", type=float, default=30.0, help="minutes, inclusive")
    parser.add_argument("--plans", type=float, nargs="*", default=[], metavar="M", help="sides of blocks, metres")
    parser.add_argument("--count", type=int, default=20, help="sites of each plan")
    given = parser.parse_args()
    known = ground()
    graph, sites = road_graph(known, nodes=given.nodes), candidates(known, sites=given.candidates)
    print(f"{graph.lon.size} nodes, {graph.start.size} directed edges, {len(sites)} candidates; {peaks_mb()} before")
    with tempfile.TemporaryDirectory() as folder:
        raster = Path(folder) / "people.tif"
        tall, wide = write_raster(raster, known)
        print(f"raster of {tall} x {wide} cells, {raster.stat().st_size / 1e6:.0f} MB")
        demands = {
            side: end_to_end(raster, known, graph, sites, side_m=side, limit=given.limit)
            for side in given.plans or [100.0]
        }
    if given.plans:
        plans(demands, count=given.count)


if __name__ == "__main__":
    main()
