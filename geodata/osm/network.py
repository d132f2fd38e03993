"""From a file of roads to a compact road graph with a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from foundation.errors import InvalidInput, NotFound, Phrase
from foundation.files import sha256_of
from geodata.osm.contract import Compact, contract
from geodata.osm.graphml import read_graphml
from geodata.osm.lines import read_lines
from geodata.osm.overpass import read_overpass
from geodata.osm.pbf import read_pbf
from geodata.osm.report import NetworkReport
from geodata.osm.speeds import SpeedTable, read_speed_table
from geodata.osm.table import RoadTable
from geodata.osm.tags import OTHER, TagReader, Tally
from geodata.roads import RoadGraph

SPACING_M = 500.0
MOST_WORDS = 50  # reasons and words of a file that its report names
MOST_CUTS = 20_000  # ends of cut ways that are kept; who says them chooses those with most people beside them
FORMATS = {
    ".pbf": "pbf",
    ".json": "overpass",
    ".graphml": "graphml",
    ".gpkg": "lines",
    ".geojson": "lines",
}
_READERS: dict[str, Callable[[Path, TagReader], RoadTable]] = {
    "pbf": read_pbf,
    "overpass": read_overpass,
    "graphml": read_graphml,
}


@dataclass(frozen=True, slots=True)
class Network:
    """A road graph, and the report of how it was read."""

    graph: RoadGraph
    report: NetworkReport


def network_of(
    path: Path,
    *,
    speeds: SpeedTable | None = None,
    layer: str | None = None,
    spacing_m: float = SPACING_M,
    columns: Mapping[str, str] | None = None,
    crs: str = "",
) -> Network:
    """
    Read roads from a file: OSM PBF, Overpass JSON, GraphML, GeoPackage or GeoJSON lines.

    Reads where it is called, without limits: `geodata.osm.read_network` calls it in the gate's child, and says
    what each parameter means.

    Returns
    -------
    network
        Its graph's `island` and `mainland` say which nodes hang together.

    Raises
    ------
    NotFound
        If there is no such file.
    InvalidInput
        For an unknown ending, a damaged file, or one in which no road is driven.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound("There is no file {path}.", path=str(path))
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InvalidInput(
            "{file}: roads are read from files ending in {endings}. Save it as one of them.",
            file=path.name,
            endings=", ".join(FORMATS),
        )
    expect_spacing(spacing_m)
    table = speeds or read_speed_table("drive")
    digest = sha256_of(path)
    if columns and form != "lines":
        raise InvalidInput(
            "{file}: columns are named for lines in GeoPackage or GeoJSON only. Take 'columns:' out.", file=path.name
        )
    tags = TagReader(table)
    roads = (
        read_lines(path, tags, layer=layer, columns=columns, crs=crs) if form == "lines" else _READERS[form](path, tags)
    )
    if not roads.start.size:
        raise _no_road(path.name, tags.tally, roads)
    return _network(roads, table, tags.tally, (path.name, digest, form), spacing_m)


def expect_spacing(spacing_m: float) -> None:
    """Refuse a distance between nodes that is none."""
    if not spacing_m > 0:  # nor NaN
        raise InvalidInput("spacing_m is {value}; expected metres above 0.", value=spacing_m)


def _no_road(file: str, tally: Tally, roads: RoadTable) -> InvalidInput:
    """Say why nothing of a file is driven."""
    if roads.cut_ways:
        return InvalidInput(
            "{file}: the ways that are driven ({ways}) are all cut, because the file lacks their points ({points}). "
            "Save it with the points of its ways, points first (osmium sort, osmium getid -r; of Overpass: out geom).",
            file=file,
            ways=tally.kept,
            points=roads.missing_points,
        )
    return InvalidInput(
        "{file} holds no road that is driven ({refused}). Check the file, or give a speed table with its classes.",
        file=file,
        refused=_most(tally.refused, 5) or Phrase("no way has two points" if tally.kept else "no way at all"),
    )


def _network(
    roads: RoadTable, table: SpeedTable, tally: Tally, source: tuple[str, str, str], spacing_m: float
) -> Network:
    compact = contract(roads, spacing_m=spacing_m)
    island, mainland = hanging_together(compact.kept.size, compact.edges.start, compact.edges.end)
    graph = _graph(roads, compact, table, island, mainland)
    sizes = np.bincount(island)
    report = NetworkReport(
        file=source[0],
        sha256=source[1],
        format=source[2],
        speeds_sha256=table.sha256(),
        ways=tally.ways,
        ways_kept=tally.kept,
        refused=_commonest(tally.refused),
        ignored_maxspeed=dict(tally.ignored_maxspeed.most_common(MOST_WORDS)),
        ignored_oneway=dict(tally.ignored_oneway.most_common(MOST_WORDS)),
        cut_ways=len(roads.cut_ways),
        cut_way_ids=roads.cut_ways[:50],
        cut_at=roads.cut_at[:MOST_CUTS],
        missing_points=roads.missing_points,
        ferry_at=tuple(tally.ferry_at),
        points=roads.lon.size,
        nodes=graph.lon.size,
        edges=graph.start.size,
        km=_km(roads),
        islands=sizes.size,
        island_nodes=tuple(int(size) for size in sizes[:50]),
        mainland_nodes=int(mainland.sum()),
    )
    return Network(graph, report)


def hanging_together(
    n: int, start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """
    Label the parts of a graph.

    Returns
    -------
    island
        (n,) 0 for the largest part that roads join whatever their direction, 1 for the next, and so on.
    mainland
        (n,) True in the largest part in which every node reaches every other.
    """
    links = sparse.csr_array((np.ones(start.size, dtype=np.int8), (start, end)), shape=(n, n))
    label = connected_components(links, directed=False)[1]
    by_size = np.argsort(-np.bincount(label), kind="stable")
    rank = np.empty(by_size.size, dtype=np.int64)
    rank[by_size] = np.arange(by_size.size)
    strong = connected_components(links, directed=True, connection="strong")[1]
    return rank[label], strong == np.argmax(np.bincount(strong))


def _graph(
    roads: RoadTable, compact: Compact, table: SpeedTable, island: NDArray[np.int64], mainland: NDArray[np.bool_]
) -> RoadGraph:
    kept, edges = compact.kept, compact.edges
    return RoadGraph(
        node_id=roads.key[kept].astype(np.str_),
        lon=roads.lon[kept],
        lat=roads.lat[kept],
        region=np.full(kept.size, "all"),
        in_capital_city=np.zeros(kept.size, dtype=bool),
        start=edges.start,
        end=edges.end,
        metres=edges.metres,
        minutes=edges.minutes,
        road_class=np.array(roads.classes)[edges.road_class],
        rules=table.rules(),
        island=island,
        mainland=mainland,
    )


def _km(roads: RoadTable) -> dict[str, float]:
    metres = np.bincount(roads.road_class, weights=roads.metres, minlength=len(roads.classes))
    return {name: float(metres[at]) / 1000.0 for at, name in enumerate(roads.classes) if metres[at] > 0}


def _commonest(counts: Counter[str]) -> dict[str, int]:
    """The reasons that most ways have; the others are counted together."""
    named = dict(counts.most_common(MOST_WORDS))
    rest = counts.total() - sum(named.values()) + named.pop(OTHER, 0)
    return named | {OTHER: rest} if rest else named


def _most(counts: dict[str, int], at_most: int) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])[:at_most]
    return ", ".join(f"{name[:40]}: {count}" for name, count in ordered)
