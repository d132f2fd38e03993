"""Edits of roads: closing never shortens, upgrading never lengthens, and only what was named is touched."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput, NotFound
from planning.journeys.edits import Where, touched_by, zones_of_nodes
from planning.travel import RoadAdded, RoadClosed, RoadFactor, RoadUpgraded, edited, travel
from tests.planning.test_travel import TO_DEGREES, country_of, graph_of, graphs, line
from tests.toy import toy_country


def place(x, y):
    lon, lat = TO_DEGREES.transform(x, y)
    return float(lon), float(lat)


def minutes_of(graph, xy):
    return travel(country_of(graph, xy, xy)).minutes


@st.composite
def graph_and_pair(draw):
    xy, graph = draw(graphs())
    if not graph.start.size:
        xy, graph = [(0, 0), (20_000, 0)], line()
    edge = draw(st.integers(0, graph.start.size - 1))
    return xy, graph, (str(graph.node_id[graph.start[edge]]), str(graph.node_id[graph.end[edge]]))


@settings(max_examples=12, deadline=None)
@given(graph_and_pair())
def test_closing_a_road_never_shortens_a_journey(case):
    xy, graph, pair = case
    closed = edited(graph, RoadClosed(Where(between=pair)))
    assert (minutes_of(closed, xy) >= minutes_of(graph, xy)).all()
    assert closed.node_id is graph.node_id


@settings(max_examples=12, deadline=None)
@given(graph_and_pair(), st.floats(1.0, 200.0))
def test_upgrading_a_road_never_lengthens_a_journey(case, speed):
    xy, graph, pair = case
    faster = edited(graph, RoadUpgraded(Where(between=pair), speed))
    assert (minutes_of(faster, xy) <= minutes_of(graph, xy)).all()


@settings(max_examples=12, deadline=None)
@given(graph_and_pair(), st.floats(1.0, 200.0))
def test_adding_a_road_never_lengthens_a_journey(case, speed):
    xy, graph, pair = case
    more = edited(graph, RoadAdded(pair[0], pair[1], "main", speed))
    assert (minutes_of(more, xy) <= minutes_of(graph, xy)).all()


@settings(max_examples=12, deadline=None)
@given(graph_and_pair(), st.floats(1.0, 4.0))
def test_congestion_never_shortens_and_is_undone_by_its_inverse(case, factor):
    xy, graph, pair = case
    slow = edited(graph, RoadFactor(Where(between=pair), factor))
    assert (minutes_of(slow, xy) >= minutes_of(graph, xy)).all()
    back = edited(slow, RoadFactor(Where(between=pair), 1 / factor))
    np.testing.assert_allclose(back.minutes, graph.minutes)


SQUARE = [(0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000)]
EDGES = [(0, 1, 10_000, 10.0), (1, 2, 10_000, 10.0), (2, 3, 10_000, 10.0), (3, 0, 10_000, 10.0)]


def test_a_closed_road_sends_everyone_round():
    graph = graph_of(SQUARE, EDGES)
    assert minutes_of(edited(graph, RoadClosed(Where(between=("n0", "n1")))), SQUARE)[0, 1] == 30.0


def test_roads_that_pass_near_a_place_are_touched():
    graph = graph_of(SQUARE, EDGES)
    for radius, hits in ((95.0, 0), (105.0, 2)):
        touched = touched_by(graph, Where(near=place(5000, 100), radius_m=radius))
        assert touched.sum() == hits
    both = {tuple(sorted((int(a), int(b)))) for a, b in zip(graph.start[touched], graph.end[touched], strict=True)}
    assert both == {(0, 1)}


def test_zones_and_classes_narrow_what_is_touched():
    country = toy_country()
    zones = zones_of_nodes(country.roads, country.zones)
    assert zones.tolist() == country.candidates["zone_id"].tolist()
    slow = edited(country.roads, RoadFactor(Where(zones=("TO-A",), classes=("main",)), 2.0), zone_of_node=zones)
    here = (zones[country.roads.start] == "TO-A") & (zones[country.roads.end] == "TO-A")
    np.testing.assert_array_equal(slow.minutes / country.roads.minutes, np.where(here, 2.0, 1.0))


def test_a_new_road_has_the_length_it_is_given_or_the_straight_one_with_its_detour():
    graph = graph_of(SQUARE, EDGES)
    given_ = edited(graph, RoadAdded("n0", "n2", "main", 60.0, metres=15_000.0))
    assert minutes_of(given_, SQUARE)[0, 2] == minutes_of(given_, SQUARE)[2, 0] == 15.0
    straight = edited(graph, RoadAdded(place(10, 10), place(9990, 10_010), "main", 60.0, oneway=True))
    assert straight.metres[-1] == pytest.approx(np.hypot(10_000, 10_000) * 1.2, rel=3e-3)
    assert straight.start.size == graph.start.size + 1


def test_edits_are_made_in_order():
    graph = graph_of(SQUARE, EDGES)
    where = Where(between=("n0", "n1"))
    after = edited(graph, RoadClosed(where), RoadAdded("n0", "n1", "main", 60.0, metres=5000.0))
    assert minutes_of(after, SQUARE)[0, 1] == 5.0


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (RoadFactor(Where(), 0.0), "factor is 0"),
        (RoadFactor(Where(), float("nan")), "factor"),
        (RoadUpgraded(Where(), -5.0), "speed_kmh"),
        (RoadClosed(Where(classes=("lane",))), "no road class lane"),
        (RoadClosed(Where(near=(500.0, 0.0))), "not on the Earth"),
        (RoadClosed(Where(near=(0.0, 0.0))), "touches no road"),
        (RoadClosed(Where(between=("n0", "n2"))), "touches no road"),
        (RoadClosed(Where(zones=("Z",))), "zone_of_node"),
        (RoadAdded("n0", "n0", "main", 60.0), "to itself"),
        (RoadAdded("n0", "n1", "lane", 60.0), "no road class lane"),
        (RoadAdded("n0", "n1", "main", 60.0, metres=0.0), "metres is 0"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(edit, told):
    with pytest.raises(InvalidInput, match=told):
        edited(graph_of(SQUARE, EDGES), edit)


def test_a_node_that_is_not_there_is_not_found():
    with pytest.raises(NotFound, match="n9"):
        edited(graph_of(SQUARE, EDGES), RoadClosed(Where(between=("n0", "n9"))))
