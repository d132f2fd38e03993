"""Extracts that are not quite ordinary: histories, deleted ways, ids of editors, points that are elsewhere."""

from __future__ import annotations

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from foundation.errors import InvalidInput
from geodata.osm.network import network_of
from geodata.osm.report import why_left_out

ROAD = {"highway": "primary"}


def points(*ids):
    return [Node(id=name, location=(36.0 + at / 10, 31.0)) for at, name in enumerate(ids)]


def write(path, things, *, header=None, form="pbf"):
    file = osmium.io.File(str(path), form)
    writer = osmium.SimpleWriter(file) if header is None else osmium.SimpleWriter(file, 4000, header)
    for thing in things:
        (writer.add_node if isinstance(thing, Node) else writer.add_way)(thing)
    writer.close()
    return path


def joined(network):
    graph = network.graph
    return sorted((str(graph.node_id[a]), str(graph.node_id[b])) for a, b in zip(graph.start, graph.end, strict=True))


def test_a_history_is_refused_by_its_header(tmp_path):
    header = osmium.io.Header()
    header.has_multiple_object_versions = True
    things = [*points(1, 2), Way(id=1, nodes=[1, 2], tags=ROAD, version=1), Way(id=1, version=2, visible=False)]
    path = write(tmp_path / "h.osm.pbf", things, header=header, form="osh.pbf")
    with pytest.raises(InvalidInput, match=r"^h\.osm\.pbf is a history of OpenStreetMap.*osmium time-filter"):
        network_of(path)


def test_a_history_is_refused_by_its_versions(tmp_path):
    things = [*points(1, 2, 3), *(Way(id=1, nodes=[1, n], tags=ROAD, version=n) for n in (2, 3))]
    with pytest.raises(InvalidInput, match="is a history of OpenStreetMap"):
        network_of(write(tmp_path / "h.osm.pbf", things))


def test_a_way_given_twice_in_one_version_is_no_history(tmp_path):
    things = [*points(1, 2), *(Way(id=1, nodes=[1, 2], tags=ROAD, version=4) for _ in range(2))]
    assert set(joined(network_of(write(tmp_path / "a.osm.pbf", things)))) == {("1", "2"), ("2", "1")}


def test_deleted_ways_are_not_driven_and_counted(tmp_path):
    things = [*points(1, 2, 3), Way(id=1, nodes=[1, 2], tags=ROAD, version=1)]
    things.append(Way(id=2, nodes=[2, 3], tags=ROAD, version=3, visible=False))
    header = osmium.io.Header()
    header.has_multiple_object_versions = True
    path = write(tmp_path / "a.osm.pbf", things, header=header, form="osh.pbf,pbf_compression=none")
    told = b"\x15HistoricalInformation"
    assert path.read_bytes().count(b"\x22" + told) == 1
    path.write_bytes(path.read_bytes().replace(b"\x22" + told, b"\x2a" + told))  # said as optional: no reader minds
    network = network_of(path)
    assert joined(network) == [("1", "2"), ("2", "1")]
    assert (network.report.ways, network.report.ways_kept, network.report.refused) == (2, 1, {"deleted": 1})
    assert str(why_left_out("deleted")) == "deleted in OpenStreetMap"


def test_ids_of_an_editor_are_read_beside_others(tmp_path):
    things = [*points(-3, -1, 2, 7), Way(id=-5, nodes=[-3, -1, 2], tags=ROAD), Way(id=4, nodes=[2, 7], tags=ROAD)]
    network = network_of(write(tmp_path / "josm.osm.pbf", things), spacing_m=1.0)
    both = [("-3", "-1"), ("-1", "2"), ("2", "7")]
    assert joined(network) == sorted(both + [pair[::-1] for pair in both])
    assert network.graph.lon[network.graph.node_id.tolist().index("-1")] == pytest.approx(36.1)
    assert network.report.cut_ways == 0


def test_points_that_stand_in_the_ways_are_read(tmp_path):
    plain = write(tmp_path / "plain.osm.pbf", [*points(1, 2), Way(id=1, nodes=[1, 2], tags=ROAD)])
    writer = osmium.SimpleWriter(osmium.io.File(str(tmp_path / "low.osm.pbf"), "pbf,locations_on_ways=true"))
    for thing in osmium.FileProcessor(str(plain)).with_locations():
        if thing.is_way():
            writer.add_way(thing)
    writer.close()
    found, wanted = network_of(tmp_path / "low.osm.pbf"), network_of(plain)
    assert joined(found) == joined(wanted)
    assert found.graph.metres.tolist() == wanted.graph.metres.tolist()


@pytest.mark.parametrize("ids", [(), (1, 2)])
def test_ways_without_their_points_say_so_and_what_to_do(tmp_path, ids):
    """Points that are absent, and points that come after the ways."""
    things = [Way(id=1, nodes=[1, 2], tags=ROAD), Way(id=2, nodes=[1, 2], tags=ROAD), *points(*ids)]
    told = r"the ways that are driven \(2\) are all cut, because the file lacks their points \(2\)\. .*osmium sort"
    with pytest.raises(InvalidInput, match=told):
        network_of(write(tmp_path / "a.osm.pbf", things))


def test_ways_of_one_point_are_told_from_no_way(tmp_path):
    with pytest.raises(InvalidInput, match=r"no road that is driven \(no way has two points\)"):
        network_of(write(tmp_path / "a.osm.pbf", [*points(1), Way(id=1, nodes=[1], tags=ROAD)]))
