"""Road files in their true formats: what is read, what is left out and said, what is refused."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from pyproj import Geod

from foundation.errors import InvalidInput, NotFound
from foundation.language import language
from geodata.osm import read_network, read_speed_table
from geodata.osm.network import network_of
from geodata.osm.table import metres_between
from tests.geodata.osm_files import POINTS, WAYS, write_graphml, write_lines, write_overpass, write_pbf


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))


def ways_of(network):
    graph = network.graph
    return {
        (str(graph.node_id[a]), str(graph.node_id[b])): (str(c), round(float(m / t * 60 / 1000), 3))
        for a, b, c, m, t in zip(graph.start, graph.end, graph.road_class, graph.metres, graph.minutes, strict=True)
    }


EXPECTED = {
    ("1", "2"): ("residential", 25.0),
    ("2", "1"): ("residential", 25.0),
    ("2", "3"): ("residential", 25.0),
    ("3", "2"): ("residential", 25.0),
    ("4", "2"): ("primary", 72.0),
    ("2", "4"): ("primary", 72.0),
    ("2", "5"): ("primary", 72.0),
    ("5", "2"): ("primary", 72.0),
    ("6", "3"): ("residential", 25.0),
    ("10", "11"): ("track", 15.0),
    ("11", "10"): ("track", 15.0),
}
ROUNDABOUT = {("5", "7"), ("7", "8"), ("8", "5")}


@pytest.mark.parametrize("form", ["pbf", "overpass", "drawn"])
def test_an_extract_gives_its_roads(tmp_path, form):
    if form == "pbf":
        network = read_network(write_pbf(tmp_path / "roads.osm.pbf"), spacing_m=1.0)
    else:
        network = read_network(write_overpass(tmp_path / "roads.json", drawn=form == "drawn"), spacing_m=1.0)
    found = ways_of(network)
    assert {key: value for key, value in found.items() if key not in ROUNDABOUT} == EXPECTED
    assert set(found) - set(EXPECTED) == ROUNDABOUT
    report = network.report
    assert report.refused["class footway"] == 1
    assert report.refused["access private"] == 1
    assert report.ignored_maxspeed == {"RO:urban": 1}
    assert (report.cut_ways, report.cut_way_ids, report.missing_points) == (1, ("104",), 1)
    at = network.graph.node_id.tolist().index
    beside = [(network.graph.lon[at(name)], network.graph.lat[at(name)]) for name in ("6", "7")]
    assert sorted(report.cut_at) == sorted(("104", lon, lat) for lon, lat in beside)  # point 99 is absent
    assert (report.islands, report.island_nodes) == (2, (8, 2))
    assert network.graph.island[network.graph.node_id.tolist().index("10")] == 1


@pytest.mark.parametrize("form", ["pbf", "overpass", "drawn"])
def test_ferries_are_counted_and_never_driven(tmp_path, form):
    ferry, bus = {"route": "ferry"}, {"route": "bus"}
    ways = WAYS | {200: ([3, 10], ferry), 201: ([11, 99], ferry), 202: ([1, 2], bus)}
    if form == "pbf":
        file = write_pbf(tmp_path / "roads.osm.pbf", ways=ways)
    else:
        file = write_overpass(tmp_path / "roads.json", ways=ways, drawn=form == "drawn")
    network = read_network(file, spacing_m=1.0)
    report = network.report
    assert report.refused["ferry"] == 2
    assert report.ways == len(WAYS) - 1 + 2  # a building and a bus route are no ways of this kind
    assert [(way, round(lon, 6), round(lat, 6)) for way, lon, lat in report.ferry_at] == [
        ("200", *POINTS[3]),
        ("200", *POINTS[10]),
        ("201", *POINTS[11]),
    ]
    assert ("3", "10") not in ways_of(network)
    assert read_network(file, spacing_m=1.0).report == report


def test_lengths_are_those_of_the_ellipsoid(tmp_path):
    network = read_network(write_pbf(tmp_path / "roads.osm.pbf"), spacing_m=1.0)
    graph = network.graph
    along = Geod(ellps="WGS84").inv(
        graph.lon[graph.start], graph.lat[graph.start], graph.lon[graph.end], graph.lat[graph.end]
    )
    np.testing.assert_allclose(graph.metres, along[2], rtol=1e-6)


def test_measuring_holds_across_the_date_line_and_for_long_pieces():
    ours = metres_between(*(np.array([v]) for v in (179.9, -17.0, -179.9, -17.1)))
    assert ours[0] == pytest.approx(Geod(ellps="WGS84").inv(179.9, -17.0, -179.9, -17.1)[2], rel=1e-5)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("roads.gpkg", {}),
        ("roads.geojson", {}),
        ("roads.gpkg", {"crs": "EPSG:32637"}),
        ("roads.gpkg", {"rename": {"highway": "fclass"}}),
    ],
)
def test_lines_give_the_same_roads(tmp_path, name, options):
    network = read_network(write_lines(tmp_path / name, **options), spacing_m=1.0)
    assert sorted(ways_of(network).values()) == sorted(
        [*EXPECTED.values(), ("primary", 65.0), ("primary", 65.0), ("primary", 65.0)]
    )
    assert network.report.refused["access private"] == 1


def test_lines_with_a_driven_speed_are_taken_at_it(tmp_path):
    import geopandas as gpd
    from shapely.geometry import LineString

    shapes = [LineString([(36, 32), (36.1, 32)]), LineString([(36.1, 32), (36.2, 32)])]
    frame = gpd.GeoDataFrame({"speed_kmh": [33.5, 70.0], "oneway": ["B", "T"]}, geometry=shapes, crs="EPSG:4326")
    frame.to_file(tmp_path / "own.gpkg")
    network = read_network(tmp_path / "own.gpkg")
    assert sorted(ways_of(network).values()) == [("road", 33.5), ("road", 33.5), ("road", 70.0)]


def test_tags_that_are_numbers_are_read_as_their_text(tmp_path):
    tags = {"highway": "primary", "maxspeed": 50, "oneway": True}
    found = ways_of(network_of(write_overpass(tmp_path / "a.json", ways={1: ([1, 2], tags)})))
    assert found == {("1", "2"): ("primary", 45.0)}
    tags = {"highway": "primary", "maxspeed": 52.5, "oneway": -1}
    found = ways_of(network_of(write_overpass(tmp_path / "a.json", ways={1: ([1, 2], tags)})))
    assert found == {("2", "1"): ("primary", 47.25)}
    with pytest.raises(InvalidInput, match=r"element 11: the tag maxspeed is neither text nor number"):
        network_of(write_overpass(tmp_path / "a.json", ways={1: ([1, 2], tags | {"maxspeed": [50]})}))


EDGES = [
    ("1", "2", {"highway": "residential", "length": "100.5", "maxspeed": "40", "oneway": "False"}),
    ("2", "1", {"highway": "residential", "length": "100.5", "maxspeed": "40", "oneway": "False"}),
    ("2", "3", {"highway": "['tertiary', 'residential']", "length": "50", "maxspeed": "['50', '30 mph']"}),
    ("3", "3", {"highway": "residential", "length": "10"}),
    ("3", "4", {"highway": "motorway", "length": "900", "oneway": "True"}),
]


def test_graphml_edges_run_from_source_to_target(tmp_path):
    network = read_network(write_graphml(tmp_path / "streets.graphml", POINTS, EDGES))
    assert ways_of(network) == {
        ("1", "2"): ("residential", 36.0),
        ("2", "1"): ("residential", 36.0),
        ("2", "3"): ("tertiary", pytest.approx(30 * 1.609344 * 0.9, abs=1e-3)),
        ("3", "4"): ("motorway", 90.0),
    }
    assert sorted(network.graph.metres) == [50.0, 100.5, 100.5, 900.0]


def test_graphml_of_osmnx_itself(tmp_path):
    osmnx = pytest.importorskip("osmnx", reason="NOT TESTED: osmnx is not installed")
    import networkx as nx

    graph = nx.MultiDiGraph(crs="epsg:4326")
    for name in (1, 2, 3):
        graph.add_node(name, x=POINTS[name][0], y=POINTS[name][1])
    for a, b in ((1, 2), (2, 1), (2, 3)):
        graph.add_edge(a, b, osmid=7, highway="primary", length=120.0, oneway=False, reversed=False)
    osmnx.save_graphml(graph, tmp_path / "o.graphml")
    assert ways_of(read_network(tmp_path / "o.graphml")) == dict.fromkeys(
        [("1", "2"), ("2", "1"), ("2", "3")], ("primary", 65.0)
    )


def test_walking_ignores_one_way_and_takes_footways(tmp_path):
    walk = read_network(write_pbf(tmp_path / "roads.osm.pbf"), speeds=read_speed_table("walk"), spacing_m=1.0)
    found = ways_of(walk)
    assert found["3", "6"] == found["6", "3"] == ("residential", 5.0)
    assert found["1", "4"] == ("footway", 5.0)
    assert found["10", "11"] == ("track", 3.0)


def test_a_truncated_extract_is_refused_by_name(tmp_path):
    whole = write_pbf(tmp_path / "roads.osm.pbf").read_bytes()
    for length in (len(whole) // 2, 10, 0):
        (tmp_path / "cut.osm.pbf").write_bytes(whole[:length])
        with pytest.raises(InvalidInput, match=r"cut\.osm\.pbf"):
            read_network(tmp_path / "cut.osm.pbf")
    (tmp_path / "no.osm.pbf").write_bytes(b"<?xml version='1.0'?><osm/>" * 10)
    with pytest.raises(InvalidInput, match="PBF"):
        read_network(tmp_path / "no.osm.pbf")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not JSON"),
        ("[]", "is no Overpass JSON file"),
        ('{"a": 1}', "elements"),
        ('{"elements": [{"type": "node", "id": 1, "lon": NaN, "lat": 3}]}', "element 1"),
        ('{"elements": [{"type": "node", "id": 1, "lon": 200, "lat": 3}]}', "not on the Earth"),
        ('{"elements": [{"type": "way", "id": 1, "tags": {"highway": "primary"}}]}', "element 1"),
        ('{"elements": [], "remark": "runtime error: Query timed out"}', "timed out"),
        ('{"elements": []}', "no road"),
        ('{"elements": ' + "[" * 100_000, "not JSON"),
    ],
)
def test_a_wrong_overpass_answer_is_refused(tmp_path, text, told):
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=told):
        read_network(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: s[: len(s) // 2], "to its end"),
        (lambda s: s.replace('source="3"', 'source="33"', 1), "'33', which is not there"),
        (lambda s: s.replace(">100.5<", ">long<", 1), "length is 'long'"),
        (
            lambda s: s.replace(">100.5<", ">1e308<", 1),
            "edge 1-2: length is '1e308'; expected metres from 0 to 20000000",
        ),
        (lambda s: s.replace(">100.5<", ">-1<", 1), "length is '-1'; expected metres from 0"),
        (lambda s: s.replace('node id="2"', 'node id="1"', 1), "the node '1' is given twice"),
        (lambda s: s.replace('node id="7"', 'node id="7\u202e&lt;script&gt;"', 1), "'7<script>' is no id of a node"),
        (lambda s: s.replace('node id="7"', f'node id="{"7" * 121}"', 1), "is no id of a node.*at most 120"),
        (lambda s: s.replace(">36.0<", ">700000.0<", 1), "not in degrees"),
        (lambda s: s.replace("<graphml", '<!DOCTYPE a [<!ENTITY b "c">]><graphml', 1), "document type"),
    ],
)
def test_wrong_graphml_is_refused(tmp_path, change, told):
    path = write_graphml(tmp_path / "streets.graphml", POINTS, EDGES)
    path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
    with pytest.raises(InvalidInput, match=told):
        network_of(path)


def test_lines_without_classes_or_with_a_wrong_speed_are_refused(tmp_path):
    import geopandas as gpd
    from shapely.geometry import LineString, Point

    line = [LineString([(36, 32), (36.1, 32)])]
    gpd.GeoDataFrame({"a": [1]}, geometry=line, crs="EPSG:4326").to_file(tmp_path / "a.gpkg")
    with pytest.raises(InvalidInput, match="no column of road classes"):
        read_network(tmp_path / "a.gpkg")
    gpd.GeoDataFrame({"speed": ["quick"]}, geometry=line, crs="EPSG:4326").to_file(tmp_path / "b.gpkg")
    with pytest.raises(InvalidInput, match=r"b\.gpkg, row 1: speed is 'quick'"):
        read_network(tmp_path / "b.gpkg")
    gpd.GeoDataFrame({"highway": ["x"]}, geometry=[Point(36, 32)], crs="EPSG:4326").to_file(tmp_path / "c.gpkg")
    with pytest.raises(InvalidInput, match="0 layers of lines"):
        read_network(tmp_path / "c.gpkg")
    gpd.GeoDataFrame({"highway": ["x"]}, geometry=line, crs="EPSG:4326").to_file(tmp_path / "d.gpkg", layer="one")
    gpd.GeoDataFrame({"highway": ["primary"]}, geometry=line, crs="EPSG:4326").to_file(tmp_path / "d.gpkg", layer="two")
    with pytest.raises(InvalidInput, match="2 layers of lines"):
        read_network(tmp_path / "d.gpkg")
    assert read_network(tmp_path / "d.gpkg", layer="two").graph.start.size == 2
    with pytest.raises(InvalidInput, match="class x: 1"):
        read_network(tmp_path / "d.gpkg", layer="one")
    (tmp_path / "e.gpkg").write_bytes(b"not a database")
    with pytest.raises(InvalidInput, match="is no GeoPackage file"):
        read_network(tmp_path / "e.gpkg")


def test_unknown_endings_and_absent_files_are_refused(tmp_path):
    (tmp_path / "roads.shp").write_bytes(b"")
    with pytest.raises(InvalidInput, match=r"\.graphml"):
        read_network(tmp_path / "roads.shp")
    with pytest.raises(NotFound):
        read_network(tmp_path / "none.pbf")


def test_the_second_reading_comes_from_the_cache_and_is_the_same(tmp_path, monkeypatch):
    path = write_pbf(tmp_path / "roads.osm.pbf")
    first = read_network(path)
    files = list((tmp_path / "cache" / "roads").iterdir())
    assert len(files) == 1
    monkeypatch.setattr("geodata.osm.network.contract", None)
    again = read_network(path)
    assert again.report == first.report
    for field in dataclasses.fields(first.graph):
        if field.name != "rules":
            np.testing.assert_array_equal(getattr(again.graph, field.name), getattr(first.graph, field.name))
    assert again.graph.rules == first.graph.rules


def test_other_content_other_speeds_or_a_damaged_cache_are_read_again(tmp_path):
    path = write_pbf(tmp_path / "roads.osm.pbf")
    first = read_network(path)
    table = read_speed_table("drive")
    faster = dataclasses.replace(table, classes=table.classes | {"residential": 50.0})
    assert read_network(path, speeds=faster).graph.minutes.sum() < first.graph.minutes.sum()
    kept = list((tmp_path / "cache" / "roads").iterdir())
    assert len(kept) == 2
    for file in kept:
        file.write_bytes(file.read_bytes()[:100])
    assert read_network(path).report == first.report
    write_pbf_again = dict(WAYS)
    del write_pbf_again[105]
    path.unlink()
    assert read_network(write_pbf(path, ways=write_pbf_again)).report.islands == 1


def test_an_unwritable_cache_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "file"))
    assert read_network(write_pbf(tmp_path / "roads.osm.pbf")).graph.start.size > 0


def test_a_file_of_roads_is_read_by_a_child_as_it_would_be_here(tmp_path, monkeypatch):
    path = write_pbf(tmp_path / "roads.osm.pbf")
    here = network_of(path)
    monkeypatch.setattr("geodata.osm.gated.network_of", None)  # the child has its own
    child = read_network(path, use_cache=False)
    assert child.report == here.report
    assert child.graph.rules == here.graph.rules
    for name in ("node_id", "lon", "lat", "start", "end", "metres", "minutes", "road_class", "island", "mainland"):
        np.testing.assert_array_equal(getattr(child.graph, name), getattr(here.graph, name))
    assert not (tmp_path / "cache" / "roads").exists()


def test_the_report_is_plain_data(tmp_path):
    report = read_network(write_pbf(tmp_path / "roads.osm.pbf")).report
    assert json.loads(json.dumps(dataclasses.asdict(report)))["km"]["track"] == pytest.approx(report.km["track"])


def test_errors_are_said_in_arabic_too(tmp_path):
    with pytest.raises(InvalidInput) as refused:
        read_network(write_overpass(tmp_path / "a.json", ways={}))
    assert "ليس في الملف" in language("ar").error(refused.value)
