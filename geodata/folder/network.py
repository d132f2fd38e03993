"""
Roads of a country folder, read in the gate's child by `geodata.osm` and kept in the cache.

Part of this module runs in the child (`read`); the other part (`road_graph`) starts it.
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
from geodata.gate import Limits, read_through_gate
from geodata.gate.geopackage import layers_of
from geodata.gate.plain import Arrays
from geodata.osm.cache import cached, kept_in_cache, report_of
from geodata.osm.network import Network, read_network
from geodata.osm.speeds import BUILT_IN, read_speed_table
from geodata.roads import RoadGraph

KINDS = ("pbf", "graphml", "geopackage", "geojson")
LIMITS = Limits(memory_mib=6144, cpu_seconds=3600, wall_seconds=5400.0, answer_mib=4096)
_PLAIN = ("lon", "lat", "start", "end", "metres", "minutes")
MOST_ROWS = 20_000_000


def read(
    path: Path, *, scratch: Path, given: Arrays, speeds: str, layer: str, columns: dict[str, str], crs: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arrays of a road graph and its report; runs in the child."""
    del scratch, given
    if path.suffix.casefold() == ".gpkg":
        layers_of(path, most_rows=MOST_ROWS)
    if path.suffix.casefold() == ".graphml":
        _refuse_entities(path)
    table = read_speed_table(speeds if speeds in BUILT_IN else Path(speeds))
    found = read_network(path, speeds=table, layer=layer or None, use_cache=False, columns=columns, crs=crs)
    graph = found.graph
    classes, code = np.unique(graph.road_class, return_inverse=True)
    arrays: dict[str, Any] = {name: getattr(graph, name) for name in _PLAIN}
    arrays |= {"node_id": graph.node_id.tolist(), "classes": classes.tolist(), "code": code.astype(np.int16)}
    if graph.island is not None and graph.mainland is not None:
        arrays |= {"island": graph.island, "mainland": graph.mainland}
    return arrays, json.loads(json.dumps(asdict(found.report)))


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


def road_graph(
    path: Path,
    *,
    speeds: str | Path = "drive",
    layer: str = "",
    columns: Mapping[str, str] | None = None,
    crs: str = "",
) -> Network:
    """
    Read roads through the gate, or take them from the cache.

    Parameters
    ----------
    speeds
        "drive" or "walk", or the path of a table; see `geodata.osm.speeds`.
    layer, columns, crs
        Of lines; see `geodata.osm.lines.read_lines`.

    Raises
    ------
    InvalidInput, Unsupported
        What the gate and `geodata.osm.read_network` refuse.
    """
    if path.suffix.casefold() == ".zip":
        raise Unsupported("{file}: roads are not read from a zip. Unpack it.", file=path.name)
    table = read_speed_table(speeds)
    named_columns = dict(columns or {})
    named = (
        "gate",
        sha256_of(path),
        path.suffix.casefold(),
        table.sha256(),
        layer,
        crs,
        *as_text(columns),
    )
    known = cached(named, table)
    if known is not None:
        return Network(*known)
    lines = path.suffix.casefold() in (".gpkg", ".geojson")
    answer = read_through_gate(
        "geodata.folder.network:read",
        path,
        kinds=KINDS,
        library="vector" if lines else "none",
        options={
            "speeds": speeds if isinstance(speeds, str) else str(speeds.resolve()),
            "layer": layer,
            "columns": named_columns,
            "crs": crs,
        },
        limits=LIMITS,
    )
    arrays = answer.arrays
    count = len(arrays["node_id"])
    graph = RoadGraph(
        node_id=arrays["node_id"].astype(np.str_),
        region=np.full(count, "all"),
        in_capital_city=np.zeros(count, dtype=bool),
        road_class=arrays["classes"].astype(np.str_)[arrays["code"].astype(np.int64)],
        rules=table.rules(),
        island=arrays["island"].astype(np.int64) if "island" in arrays else None,
        mainland=arrays["mainland"].astype(bool) if "mainland" in arrays else None,
        **{name: arrays[name] for name in _PLAIN},  # type: ignore[arg-type]
    )
    report = report_of(answer.facts)
    kept_in_cache(named, graph, report)
    return Network(graph, report)
