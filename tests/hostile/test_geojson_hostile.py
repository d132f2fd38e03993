"""GeoJSON that says what GDAL would only guess at, and outlines that would take minutes to mend."""

from __future__ import annotations

import json
import re
import resource
import time
from pathlib import Path

import numpy as np
import pytest
import shapely

from foundation.errors import InvalidInput
from geodata.gate.geojson import expect_understood
from geodata.osm.network import network_of
from tests.hostile import makers
from tests.hostile.test_gate_hostile import read_zones


def named(crs: str) -> dict[str, object]:
    return {"type": "name", "properties": {"name": crs}}


NOT_UNDERSTOOD = [
    ({"type": "link", "properties": {"href": "http://127.0.0.1/crs", "type": "proj4"}}, "http://127.0.0.1/crs"),
    (named("/etc/hostname"), "/etc/hostname"),
    (named("EPSG:999999"), "EPSG:999999"),
    (named("Palestine 1923 / Israeli CS Grid"), "Palestine 1923"),
    ("EPSG:32636", "EPSG:32636"),
    ({"type": "name", "properties": {}}, "{}"),
    ({"type": "name", "properties": {"name": 32636}}, "32636"),
]
UNDERSTOOD = [
    None,
    named("urn:ogc:def:crs:OGC:1.3:CRS84"),
    named("urn:ogc:def:crs:OGC::CRS84"),
    named("http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
    named("OGC:CRS84"),
    named("CRS84"),
    named("EPSG:4326"),
    named("urn:ogc:def:crs:EPSG::4326"),
    named("http://www.opengis.net/def/crs/EPSG/0/4326"),
    {"type": "EPSG", "properties": {"code": 4326}},
]
LAND = {"type": "Polygon", "coordinates": [[[36, 31], [37, 31], [37, 32], [36, 32], [36, 31]]]}


@pytest.mark.parametrize(("crs", "said"), NOT_UNDERSTOOD)
@pytest.mark.parametrize("last", [False, True])
def test_a_coordinate_system_that_gdal_would_guess_at(tmp_path: Path, crs: object, said: str, last: bool):
    if last and isinstance(crs, str):
        return  # a text behind the features may be one of theirs
    whole = {"type": "FeatureCollection", "crs": crs, "features": [makers.feature(LAND)]}
    path = tmp_path / "z.geojson"
    path.write_text(json.dumps(dict(reversed(whole.items())) if last else whole))
    with pytest.raises(InvalidInput, match=rf"z\.geojson says that its coordinate system is '{re.escape(said)}"):
        expect_understood(path, "EPSG:4326", path.name)


@pytest.mark.parametrize("crs", UNDERSTOOD)
def test_a_coordinate_system_of_degrees_passes(tmp_path: Path, crs: object):
    path = makers.geojson(tmp_path / "z.geojson", [makers.feature(LAND, crs="of another map")], crs=crs)
    expect_understood(path, "EPSG:4326", path.name)


def test_a_coordinate_system_that_is_not_understood_is_refused_for_zones_and_roads(tmp_path: Path):
    path = makers.geojson(tmp_path / "z.geojson", [makers.feature(LAND)], crs=named("EPSG:999999"))
    with pytest.raises(InvalidInput, match="'EPSG:999999', which is not understood"):
        read_zones(path)
    line = {"type": "LineString", "coordinates": [[36, 31], [36.1, 31]]}
    path = makers.geojson(tmp_path / "r.geojson", [makers.feature(line, highway="primary")], crs=named("EPSG:999999"))
    with pytest.raises(InvalidInput, match="'EPSG:999999', which is not understood"):
        network_of(path)
    metres = {"type": "Polygon", "coordinates": [[[7e5, 35e5], [8e5, 35e5], [8e5, 36e5], [7e5, 36e5], [7e5, 35e5]]]}
    path = makers.geojson(tmp_path / "m.geojson", [makers.feature(metres)], crs=named("urn:ogc:def:crs:EPSG::32636"))
    assert read_zones(path).facts["crs"] == "WGS 84 / UTM zone 36N"


@pytest.mark.parametrize("n", [3_000, 30_000])
def test_a_scribble_is_refused_in_seconds(tmp_path: Path, n: int):
    corners = np.random.default_rng(1).uniform((36, 31), (37, 32), (n, 2)).tolist()
    path = makers.geojson(tmp_path / "z.geojson", [makers.feature(makers.ring(*corners))])
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(
        InvalidInput, match=r"feature 1: .* crosses itself again and again \(its line crosses itself at"
    ):
        read_zones(path)
    assert time.monotonic() - began < 15
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 500_000)


def test_a_border_drawn_twice_is_mended(tmp_path: Path):
    """Two parts of one zone that share a long border: many meetings, none of them a crossing."""
    border = [(36.5 + 0.01 * (at % 2), 31 + at / 3000) for at in range(3001)]
    west, east = [(36, 31), *border, (36, 32)], [(37, 31), *border, (37, 32)]
    both = {"type": "MultiPolygon", "coordinates": [makers.ring(*part)["coordinates"] for part in (west, east)]}
    answer = read_zones(makers.geojson(tmp_path / "z.geojson", [makers.feature(both)]))
    assert answer.facts["repaired"] == [{"row": 1, "why": "outline mended"}]
    assert shapely.from_wkb(answer.arrays["wkb"])[0].area == pytest.approx(1.0)
