"""Small road files in their true formats, written for tests; every road in them is made up."""

from __future__ import annotations

import json

import geopandas as gpd
import osmium
from shapely.geometry import LineString

# A cross of a residential street (1-2-3) and a primary road (4-2-5), a one-way against its line (3-6),
# a roundabout (5-7-8-5), a way with a point that the file lacks (6-99-7) and a street apart (10-11).
POINTS = {
    1: (36.000, 32.000),
    2: (36.010, 32.000),
    3: (36.020, 32.000),
    4: (36.010, 31.990),
    5: (36.010, 32.010),
    6: (36.030, 32.000),
    7: (36.011, 32.012),
    8: (36.009, 32.012),
    10: (36.100, 32.100),
    11: (36.110, 32.100),
}
WAYS = {
    100: ([1, 2, 3], {"highway": "residential"}),
    101: ([4, 2, 5], {"highway": "primary", "maxspeed": "80"}),
    102: ([3, 6], {"highway": "residential", "oneway": "-1"}),
    103: ([5, 7, 8, 5], {"highway": "primary", "junction": "roundabout"}),
    104: ([6, 99, 7], {"highway": "tertiary", "maxspeed": "RO:urban"}),
    105: ([10, 11], {"highway": "track", "surface": "sand"}),
    106: ([1, 4], {"highway": "footway"}),
    107: ([1, 5], {"highway": "residential", "access": "private"}),
    108: ([1, 5], {"building": "yes"}),
}


def write_pbf(path, points=POINTS, ways=WAYS):
    writer = osmium.SimpleWriter(str(path))
    for name, place in sorted(points.items()):
        writer.add_node(osmium.osm.mutable.Node(id=name, location=place))
    for name, (nodes, tags) in sorted(ways.items()):
        writer.add_way(osmium.osm.mutable.Way(id=name, nodes=nodes, tags=tags))
    writer.close()
    return path


def write_overpass(path, points=POINTS, ways=WAYS, *, drawn=False):
    elements = [] if drawn else [{"type": "node", "id": n, "lon": x, "lat": y} for n, (x, y) in points.items()]
    for name, (nodes, tags) in ways.items():
        way = {"type": "way", "id": name, "nodes": nodes, "tags": tags}
        if drawn:
            way["geometry"] = [{"lon": points[n][0], "lat": points[n][1]} if n in points else None for n in nodes]
        elements.append(way)
    path.write_text(json.dumps({"version": 0.6, "elements": elements}), encoding="utf-8")
    return path


def write_lines(path, points=POINTS, ways=WAYS, *, driver=None, crs="EPSG:4326", rename=None):
    rows, shapes = [], []
    for nodes, tags in ways.values():
        if all(n in points for n in nodes):
            rows.append(
                {key: tags.get(key) for key in ("highway", "maxspeed", "oneway", "junction", "surface", "access")}
            )
            shapes.append(LineString([points[n] for n in nodes]))
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326").to_crs(crs)
    frame.rename(columns=rename or {}).to_file(path, driver=driver)
    return path


_KEYS = (("node", "y", "d0"), ("node", "x", "d1"), ("edge", "highway", "d2"), ("edge", "length", "d3"))


def write_graphml(path, points, edges, *, directed=True):
    """Write (source, target, {attribute: text}) edges the way osmnx does."""
    names = sorted({name for _, _, data in edges for name in data})
    key = {name: f"e{at}" for at, name in enumerate(names)}
    lines = ["<?xml version='1.0' encoding='utf-8'?>", '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += ['<key id="d0" for="node" attr.name="y" attr.type="string" />']
    lines += ['<key id="d1" for="node" attr.name="x" attr.type="string" />']
    lines += [f'<key id="{key[name]}" for="edge" attr.name="{name}" attr.type="string" />' for name in names]
    lines += [f'<graph edgedefault="{"directed" if directed else "undirected"}">']
    for name, (x, y) in points.items():
        lines.append(f'<node id="{name}"><data key="d0">{y}</data><data key="d1">{x}</data></node>')
    for source, target, data in edges:
        inside = "".join(f'<data key="{key[name]}">{value}</data>' for name, value in data.items())
        lines.append(f'<edge source="{source}" target="{target}" id="0">{inside}</edge>')
    lines += ["</graph></graphml>"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
