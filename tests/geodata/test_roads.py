"""Reading a road graph: what is kept, and what is refused with file, row and field."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from foundation.errors import InvalidInput, NotFound
from geodata.roads import read_roads, read_travel_rules

NODES = "node_id,lon,lat,region,in_capital_city\na,36.0,32.0,hill,true\nb,36.1,32.0,hill,true\nc,36.2,32.0,hill,false\n"
EDGES = "start,end,metres,road_class,oneway\na,b,12000,main,false\nb,c,12000,main,true\n"


def figure(value):
    return {"value": value, "unit": "u", "basis": "assumed", "source": "made up"}


def rules():
    return {
        "speeds": {"main": figure(60)},
        "detours": {"main": figure(1.2)},
        "congestion_factor": figure(1.5),
        "access_detour_urban": figure(1.3),
        "access_detour_rural": figure(1.4),
        "access_speed_urban": figure(30),
        "access_speed_rural": figure(45),
        "access_nodes": figure(3),
        "access_limit": figure(40),
        "direct_limit": figure(5),
        "link_limit": figure(35),
    }


@pytest.fixture
def write(tmp_path):
    def written(*, nodes=NODES, edges=EDGES, changed=None):
        (tmp_path / "nodes.csv").write_text(nodes, encoding="utf-8")
        (tmp_path / "edges.csv").write_text(edges, encoding="utf-8")
        (tmp_path / "rules.yaml").write_text(yaml.safe_dump(changed or rules()), encoding="utf-8")
        return tmp_path / "nodes.csv", tmp_path / "edges.csv", tmp_path / "rules.yaml"

    return written


def test_an_edge_is_driven_both_ways_unless_it_is_oneway(write):
    graph = read_roads(*write())
    ways = {(graph.node_id[a], graph.node_id[b]) for a, b in zip(graph.start, graph.end, strict=True)}
    assert ways == {("a", "b"), ("b", "a"), ("b", "c")}


def test_minutes_follow_from_length_speed_and_congestion_inside_the_city(write):
    graph = read_roads(*write())
    found = {(a, b): m for a, b, m in zip(graph.start.tolist(), graph.end.tolist(), graph.minutes, strict=True)}
    assert found == {(0, 1): 18.0, (1, 0): 18.0, (1, 2): 12.0}


def test_of_parallel_edges_the_matrix_keeps_the_least(write):
    edges = EDGES + "a,b,9000,main,false\nb,a,20000,main,false\n"
    graph = read_roads(*write(edges=edges))
    assert graph.csr("metres").toarray()[0, 1] == 9000
    assert graph.csr("minutes").toarray()[1, 0] == 13.5
    assert graph.csr("minutes").nnz == 3


def test_edges_can_be_taken_out(write):
    graph = read_roads(*write())
    assert graph.without(np.ones(graph.start.size, bool)).csr("minutes").nnz == 0
    with pytest.raises(InvalidInput, match="shape"):
        graph.without(np.ones(1, bool))


def test_legs_cost_detour_speed_and_congestion(write):
    found = read_travel_rules(write()[2]).access_minutes_per_metre(np.array([True, False]), np.array([True, False]))
    assert found == pytest.approx([1.3 * 1.5 * 60 / 30_000, 1.4 * 60 / 45_000])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"edges": EDGES.replace("12000", "0", 1)}, "edges.csv, row 2: metres"),
        ({"edges": EDGES.replace("12000", "nan", 1)}, "edges.csv, row 2: metres"),
        ({"edges": EDGES.replace("12000", "far", 1)}, "edges.csv, row 2: metres is 'far'"),
        ({"edges": EDGES.replace("b,c", "b,z")}, "edges.csv, row 3: end is 'z'"),
        ({"edges": EDGES.replace("main,true", "track,true")}, "edges.csv, row 3: road_class is 'track'"),
        ({"edges": EDGES.replace("main,true", "main,perhaps")}, "edges.csv, row 3: oneway is 'perhaps'"),
        ({"edges": EDGES.replace("metres", "length")}, "edges.csv lacks the columns metres"),
        ({"nodes": NODES.replace("36.1", "")}, "nodes.csv, row 3: lon"),
        ({"nodes": NODES.replace("b,36.1", "a,36.1")}, "nodes.csv, row 3: node_id is 'a'"),
        ({"nodes": NODES.replace("hill,false", "hill,2")}, "nodes.csv, row 4: in_capital_city"),
    ],
)
def test_a_wrong_cell_is_refused_with_file_row_and_field(write, wrong, told):
    with pytest.raises(InvalidInput) as refused:
        read_roads(*write(**wrong))
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r.pop("access_nodes"), "access_nodes"),
        (lambda r: r.update(hurry=figure(1)), "hurry"),
        (lambda r: r.update(congestion_factor=figure(0.9)), "at least 1"),
        (lambda r: r["detours"].update(main=figure(0.5)), "at least 1"),
        (lambda r: r["speeds"].update(main=figure(0)), "above 0"),
        (lambda r: r["speeds"].update(main=figure(float("nan"))), "above 0"),
        (lambda r: r.update(direct_limit={"value": 5}), "exactly value, unit, basis and source"),
        (lambda r: r.pop("detours"), "detours"),
        (lambda r: r["speeds"].update(track=figure(30)), "detours"),
    ],
)
def test_wrong_rules_are_refused_by_name(write, change, told):
    wrong = rules()
    change(wrong)
    with pytest.raises(InvalidInput) as refused:
        read_travel_rules(write(changed=wrong)[2])
    assert told in str(refused.value)


def test_no_node_is_refused_and_no_edge_is_allowed(write):
    with pytest.raises(InvalidInput, match="no node"):
        read_roads(*write(nodes=NODES.partition("\n")[0] + "\n", edges=EDGES.partition("\n")[0] + "\n"))
    graph = read_roads(*write(edges=EDGES.partition("\n")[0] + "\n"))
    assert (graph.node_id.size, graph.start.size, graph.csr("minutes").nnz) == (3, 0, 0)


def test_a_missing_file_is_said_to_be_missing(tmp_path, write):
    nodes, _, travel_rules = write()
    with pytest.raises(NotFound):
        read_roads(nodes, tmp_path / "none.csv", travel_rules)
