"""Edits of roads: closing never shortens, upgrading never lengthens, and only what was named is touched."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput, NotFound
from planning.journeys.congestion import REST, congested
from planning.journeys.where import Atlas, Where, touched_by, zones_of_nodes
from planning.travel import OffRoad, RoadAdded, RoadClosed, RoadFactor, RoadSpeed, RoadUpgraded, edited, travel
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
    slow = edited(country.roads, RoadFactor(Where(zones=("TO-A",), classes=("main",)), 2.0), atlas=Atlas(zones))
    here = (zones[country.roads.start] == "TO-A") & (zones[country.roads.end] == "TO-A")
    np.testing.assert_array_equal(slow.minutes / country.roads.minutes, np.where(here, 2.0, 1.0))


def test_a_new_road_has_the_length_it_is_given_or_the_straight_one_with_its_detour():
    graph = graph_of(SQUARE, EDGES)
    given_ = edited(graph, RoadAdded("n0", "n2", "main", 60.0, metres=15_000.0))
    assert minutes_of(given_, SQUARE)[0, 2] == minutes_of(given_, SQUARE)[2, 0] == 15.0
    straight = edited(graph, RoadAdded(place(10, 10), place(9990, 10_010), "main", 60.0, oneway=True))
    assert straight.metres[-1] == pytest.approx(np.hypot(10_000, 10_000) * 1.2, rel=3e-3)
    assert straight.start.size == graph.start.size + 1


def test_a_new_road_between_two_nodes_at_one_place_needs_its_length():
    graph = graph_of([*SQUARE, SQUARE[2]], EDGES)
    with pytest.raises(
        InvalidInput, match=r"start: n2; end: n4; .* joins two road nodes at one place.*State its length"
    ):
        edited(graph, RoadAdded("n2", "n4", "main", 60.0))
    assert edited(graph, RoadAdded("n2", "n4", "main", 60.0, metres=1000.0)).minutes[-2:].tolist() == [1.0, 1.0]


def test_edits_are_made_in_order():
    graph = graph_of(SQUARE, EDGES)
    where = Where(between=("n0", "n1"))
    after = edited(graph, RoadClosed(where), RoadAdded("n0", "n1", "main", 60.0, metres=5000.0))
    assert minutes_of(after, SQUARE)[0, 1] == 5.0


def in_the_city(graph):
    """n0 and n1 lie in the capital city, and the road between them is driven at twice the minutes of a free one."""
    assert graph.rules.congestion_factor == 2.0
    slower = graph.minutes * np.array([2.0, 1.0, 1.0, 1.0] * 2)
    return dataclasses.replace(graph, in_capital_city=np.array([True, True, False, False]), minutes=slower)


def test_stated_speeds_are_those_of_a_free_road_and_the_city_comes_on_top():
    graph = in_the_city(graph_of(SQUARE, EDGES))
    slower = edited(graph, RoadSpeed(Where(classes=("main",)), 30.0))
    assert slower.minutes[:4].tolist() == [40.0, 20.0, 20.0, 20.0]
    assert slower.rules.speed_kmh["main"] == 30.0
    upgraded = edited(graph, RoadUpgraded(Where(between=("n0", "n1")), minutes=4.0))
    assert upgraded.minutes[0] == 8.0
    added = edited(slower, RoadAdded("n1", "n0", "main", metres=10_000.0))
    assert added.minutes[-1] == 40.0  # the class's speed is the one stated before
    assert edited(graph, RoadAdded("n0", "n2", "main", minutes=7.0)).minutes[-1] == 7.0


def test_congestion_takes_the_place_of_the_countrys_own_in_the_city_only():
    graph = in_the_city(graph_of(SQUARE, EDGES))
    after, legs = congested(graph, {"capital_city": 3.9})
    np.testing.assert_allclose(after.minutes[:4], [39.0, 10.0, 10.0, 10.0])
    assert legs is None
    assert after.rules.congestion_factor == 3.9


def test_congestion_of_a_zone_slows_its_roads_and_legs_but_not_those_of_the_city_or_between_zones():
    graph = in_the_city(graph_of(SQUARE, EDGES))
    zones = np.array(["Z", "Z", "Z", "Y"], dtype=object)
    after, legs = congested(graph, {"Z": 2.0}, atlas=Atlas(zones))
    assert after.minutes[:4].tolist() == [20.0, 20.0, 10.0, 10.0]
    assert legs.tolist() == [1.0, 1.0, 2.0, 1.0]


def test_congestion_by_class_slows_the_roads_of_that_class_and_the_rest_as_it_says():
    graph = in_the_city(graph_of(SQUARE, EDGES))
    classes = np.array(["main", "main", "lane", "lane"] * 2)
    rules = dataclasses.replace(graph.rules, speed_kmh={**graph.rules.speed_kmh, "lane": 60.0})
    graph = dataclasses.replace(graph, road_class=classes, rules=rules)
    zones = Atlas(np.array(["Z"] * 4, dtype=object))
    free = congested(graph, {"Z": 1.0}, atlas=zones)[0].minutes
    after, legs = congested(graph, {"Z": {"main": 2.0}}, atlas=zones)
    assert (after.minutes[:4] / free[:4]).tolist() == [1.0, 2.0, 1.0, 1.0]  # the first road is the city's
    assert legs.tolist() == [1.0, 1.0, 1.0, 1.0]
    after, legs = congested(graph, {"Z": {"main": 2.0, REST: 3.0}}, atlas=zones)
    assert (after.minutes[:4] / free[:4]).tolist() == [1.0, 2.0, 3.0, 3.0]
    assert legs.tolist() == [1.0, 1.0, 3.0, 3.0]
    one, several = (congested(graph, {"capital_city": factor})[0] for factor in (3.9, {"main": 3.9, REST: 1.5}))
    np.testing.assert_allclose(one.minutes, several.minutes)
    assert (one.rules.congestion_factor, several.rules.congestion_factor) == (3.9, 1.5)
    with pytest.raises(InvalidInput, match="no road class motorway"):
        congested(graph, {"Z": {"motorway": 2.0}}, atlas=zones)


def test_a_leg_is_slower_by_the_factor_of_its_node_and_a_walk_is_not():
    country = country_of(line(), [(0, 1000)], [(20_000, 0)])
    plain = travel(country).minutes[0, 0]
    nodes = np.full(country.roads.node_id.size, 2.0)
    leg = plain - travel(country_of(line(), [(0, 0)], [(20_000, 0)])).minutes[0, 0]
    assert travel(country, off_road=OffRoad(node_factor=nodes)).minutes[0, 0] == pytest.approx(plain + leg, abs=0.11)
    walk = travel(country, off_road=OffRoad(speed_kmh=5.0)).minutes
    assert (travel(country, off_road=OffRoad(speed_kmh=5.0, node_factor=nodes)).minutes == walk).all()


def test_a_route_is_closed_whole_and_is_kept_by_what_is_left():
    graph = dataclasses.replace(graph_of(SQUARE, EDGES), route=np.array(["65", "65", "", "15"] * 2))
    closed = edited(graph, RoadClosed(Where(route="65")))
    assert sorted(closed.route.tolist()) == ["", "", "15", "15"]
    assert edited(closed, RoadAdded("n0", "n1", "main", 60.0)).route.size == closed.start.size + 2
    with pytest.raises(NotFound, match=r"no route '66'\. Spelled most like it: 65\. Known are 15, 65"):
        edited(graph, RoadClosed(Where(route="66")))
    with pytest.raises(InvalidInput, match="carry no routes"):
        edited(graph_of(SQUARE, EDGES), RoadClosed(Where(route="65")))


def test_names_that_are_not_there_are_answered_with_the_nearest():
    graph = dataclasses.replace(graph_of(SQUARE, EDGES), node_id=np.array(["JO-BA-salt", "JO-BA-yarqa", "n2", "n3"]))
    atlas = Atlas(names={"JO-BA-yarqa": ("Yarqa", "يرقا")})
    for wrong, near in (("Salt", "JO-BA-salt"), ("JO-BA-sallt", "JO-BA-salt"), ("يرقى", "JO-BA-yarqa")):
        with pytest.raises(NotFound, match=near):
            edited(graph, RoadClosed(Where(between=(wrong, "n2"))), atlas=atlas)


def test_a_new_road_ends_within_a_direct_way_of_a_node():
    graph = graph_of(SQUARE, EDGES)
    limit = graph.rules.direct_limit_m
    edited(graph, RoadAdded(place(-limit + 20, 0), "n2", "main", 60.0))
    with pytest.raises(InvalidInput, match="km from the nearest road node, n0"):
        edited(graph, RoadAdded(place(-limit - 20, 0), "n2", "main", 60.0))


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (RoadUpgraded(Where()), "states no speed, minutes or class"),
        (RoadUpgraded(Where(), 50.0, 5.0), "Keep one of them"),
        (RoadUpgraded(Where(), road_class="lane"), "no road class lane"),
        (RoadSpeed(Where(), 0.0), "speed_kmh is 0"),
        (RoadClosed(Where(zones=("capital_city",))), "mark no capital city"),
        (RoadFactor(Where(), 0.0), "factor is 0"),
        (RoadFactor(Where(), float("nan")), "factor"),
        (RoadUpgraded(Where(), -5.0), "speed_kmh"),
        (RoadClosed(Where(classes=("lane",))), "no road class lane"),
        (RoadClosed(Where(near=(500.0, 0.0))), "not on the Earth"),
        (RoadClosed(Where(near=(0.0, 0.0))), "touches no road"),
        (RoadClosed(Where(between=("n0", "n2"))), "No road joins n0 and n2 directly; from n0 roads lead to n1, n3"),
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
