"""
Roads from a file of anybody's: read in the gate's child, and kept in the cache.

Part of this module runs in the child (`read`); the other part (`read_network`) starts it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from foundation.errors import InvalidInput, Unsupported
from foundation.files import sha256_of
from geodata.columns import as_text
from geodata.gate import Limits, check_file, read_through_gate
from geodata.gate.geopackage import layers_of
from geodata.gate.plain import Arrays
from geodata.gate.unchanged import changed, expect_unchanged, marks
from geodata.osm.cache import cached, kept_in_cache, report_of
from geodata.osm.network import SPACING_M, Network, expect_spacing, network_of
from geodata.osm.speeds import SpeedTable, read_speed_table
from geodata.roads import RoadGraph

KINDS = ("overpass", "pbf", "graphml", "geopackage", "geojson")
LIMITS = Limits(memory_mib=4096, cpu_seconds=3600, wall_seconds=5400.0, answer_mib=2048)
"""An extract of 6 million points, of which 3 million on driven ways, takes 1,650 MB."""
_PLAIN = ("lon", "lat", "start", "end", "metres", "minutes")
MOST_ROWS = 20_000_000


def read(
    path: Path,
    *,
    scratch: Path,
    given: Arrays,
    table: dict[str, Any],
    layer: str,
    spacing_m: float,
    columns: dict[str, str],
    crs: str,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arrays of a road graph and its report; runs in the child."""
    del scratch, given
    if path.suffix.casefold() == ".gpkg":
        layers_of(path, most_rows=MOST_ROWS)
    if path.suffix.casefold() == ".graphml":
        _refuse_entities(path)
    found = network_of(
        path, speeds=_table_of(table), layer=layer or None, spacing_m=spacing_m, columns=columns, crs=crs
    )
    graph = found.graph
    classes, code = np.unique(graph.road_class, return_inverse=True)
    arrays: dict[str, Any] = {name: getattr(graph, name) for name in _PLAIN}
    arrays |= {"node_id": graph.node_id.tolist(), "classes": classes.tolist(), "code": code.astype(np.int16)}
    if graph.island is not None and graph.mainland is not None:
        arrays |= {"island": graph.island, "mainland": graph.mainland}
    return arrays, json.loads(json.dumps(asdict(found.report)))


def _table_of(said: dict[str, Any]) -> SpeedTable:
    """Return a speed table from JSON, which knows no tuples."""
    words = {name: tuple(said[name]) for name in ("access_tags", "closed_values")}
    return SpeedTable(**{**said, **words})


def _refuse_entities(path: Path) -> None:
    """Refuse an XML file that declares a type or an entity: neither is part of GraphML, and either can explode."""
    last = b""
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            if b"<!DOCTYPE" in last + block or b"<!ENTITY" in last + block:
                raise InvalidInput(
                    "{file} declares a document type, which is not offered. Export it again.", file=path.name
                )
            last = block[-16:]


def read_network(
    path: Path,
    *,
    speeds: SpeedTable | None = None,
    layer: str | None = None,
    spacing_m: float = SPACING_M,
    use_cache: bool = True,
    columns: Mapping[str, str] | None = None,
    crs: str = "",
) -> Network:
    """
    Read roads from a file: OSM PBF, Overpass JSON, GraphML, GeoPackage or GeoJSON lines.

    A child process reads it, with limits on memory, time and files and no way to the network.

    Parameters
    ----------
    path
        Its ending says the format: .pbf, .json, .graphml, .gpkg, .geojson.
    speeds
        Speeds by class and surface; the built-in driving table when not given.
    layer
        Layer of a GeoPackage; needed only when several hold lines.
    spacing_m
        Along a road a node is kept at least so often; see `geodata.osm.contract`.
    use_cache
        Keep the graph in the cache folder and take it from there when file and figures are the
        same; see `geodata.osm.cache`.
    columns
        Which column of lines plays which part, where it has another name; see `geodata.osm.lines.FIELDS`.
    crs
        Coordinate system of lines, where the file names none.

    Returns
    -------
    network
        Its graph's `island` and `mainland` say which nodes hang together.

    Raises
    ------
    NotFound
        If there is no such file.
    InvalidInput, Unsupported
        For an unknown ending, a damaged file, one in which no road is driven, one that is changed while it is
        read, and whatever the gate refuses.
    """
    path = Path(path)
    if path.suffix.casefold() == ".zip":
        raise Unsupported("{file}: roads are not read from a zip. Unpack it.", file=path.name)
    expect_spacing(spacing_m)
    check_file(path, kinds=KINDS)
    table = speeds or read_speed_table("drive")
    form = path.suffix.casefold()
    before = marks([path])
    digest = sha256_of(path)
    named = (digest, form, table.sha256(), layer or "", repr(spacing_m), crs, *as_text(columns))
    known = cached(named, table) if use_cache else None
    if known is not None:
        return Network(*known)
    answer = read_through_gate(
        "geodata.osm.gated:read",
        path,
        kinds=KINDS,
        library="vector" if form in (".gpkg", ".geojson") else "none",
        options={
            "table": asdict(table),
            "layer": layer or "",
            "spacing_m": spacing_m,
            "columns": dict(columns or {}),
            "crs": crs,
        },
        limits=LIMITS,
    )
    expect_unchanged(before, marks([path]))
    if answer.facts["sha256"] != digest:  # the child's own look, for a system whose clock of files is coarse
        raise changed(path)
    graph = _graph_of(answer.arrays, table)
    report = report_of(answer.facts)
    if use_cache:
        kept_in_cache(named, graph, report)
    return Network(graph, report)


def _graph_of(arrays: Arrays, table: SpeedTable) -> RoadGraph:
    """The graph that the child worked out; its nodes are of no region yet."""
    count = len(arrays["node_id"])
    return RoadGraph(
        node_id=arrays["node_id"].astype(np.str_),
        region=np.full(count, "all"),
        in_capital_city=np.zeros(count, dtype=bool),
        road_class=arrays["classes"].astype(np.str_)[arrays["code"].astype(np.int64)],
        rules=table.rules(),
        island=arrays["island"].astype(np.int64) if "island" in arrays else None,
        mainland=arrays["mainland"].astype(bool) if "mainland" in arrays else None,
        **{name: arrays[name] for name in _PLAIN},  # type: ignore[arg-type]
    )
