"""The laws of travel, on countries small enough to check by hand or by a slower method."""

from __future__ import annotations

import dataclasses
import heapq

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

import planning.travel as travel_module
from foundation.errors import InvalidInput
from geodata.country import Country
from geodata.roads import RoadGraph, TravelRules
from planning.travel import Travel, travel, unreachable
from tests.toy import toy_country

CRS = "+proj=laea +lat_0=32 +lon_0=36 +datum=WGS84 +units=m"
TO_DEGREES = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
RULES = TravelRules(
    speed_kmh={"main": 60.0},
    congestion_factor=2.0,
    access_detour_urban=1.5,
    access_detour_rural=1.2,
    access_speed_urban=30.0,
    access_speed_rural=60.0,
    access_nodes=2,
    access_limit_m=10_000.0,
    direct_limit_m=500.0,
    road_detour={"main": 1.2},
    link_limit_m=10_000.0,
    basis={},
    source={},
)


def graph_of(xy, edges, *, region=None, city=None, rules=RULES):
    """Make a graph from node metres and (start, end, metres, minutes) edges, both ways."""
    lon, lat = TO_DEGREES.transform(*np.array(xy, float).reshape(-1, 2).T)
    table = np.array([*edges, *((b, a, m, t) for a, b, m, t in edges)], float).reshape(-1, 4)
    n = len(xy)
    return RoadGraph(
        node_id=np.array([f"n{i}" for i in range(n)]),
        lon=np.asarray(lon),
        lat=np.asarray(lat),
        region=np.array(region or ["one"] * n),
        in_capital_city=np.array(city or [False] * n),
        start=table[:, 0].astype(np.int64),
        end=table[:, 1].astype(np.int64),
        metres=table[:, 2],
        minutes=table[:, 3],
        road_class=np.array(["main"] * len(table)),
        rules=rules,
    )


def points_of(xy, name):
    lon, lat = TO_DEGREES.transform(*np.array(xy, float).reshape(-1, 2).T)
    ids = [f"{name}{i}" for i in range(len(xy))]
    return gpd.GeoDataFrame({name: ids}, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")


def country_of(graph, people, sites, *, settlement="urban") -> Country:
    homes = points_of(people, "point_id")
    homes = homes.assign(zone_id="TO-A", district_id="d", people=10, settlement=settlement)
    homes["place_en"], homes["place_ar"] = "Hamlet", "قرية"
    return dataclasses.replace(
        toy_country(), metric_crs=CRS, roads=graph, people=homes, candidates=points_of(sites, "site_id")
    )


def line(minutes=10.0):
    """Two nodes 20 km apart on one road."""
    return graph_of([(0, 0), (20_000, 0)], [(0, 1, 24_000, minutes)])


def test_a_journey_is_leg_road_leg():
    journeys = travel(country_of(line(), [(0, 1000)], [(20_000, -2000)]))
    assert journeys.minutes[0, 0] == pytest.approx(10.0 + 1.0 * 1.5 * 2 + 2.0 * 1.5 * 2)
    assert journeys.metres[0, 0] == pytest.approx(24_000 + 1500 + 3000, abs=1)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("nodes", [1, 2])
def test_a_leg_reaches_every_node_at_one_place(order, nodes):
    """A bridge over a road: each of the two nodes leads to one of the sites only, whichever comes first in the file."""
    ends = [(20_000, 0), (0, 20_000)]
    rules = dataclasses.replace(RULES, access_nodes=nodes)
    roads = [(0, 2 + order[0], 24_000, 10.0), (1, 2 + order[1], 24_000, 10.0)]
    graph = graph_of([(0, 0), (0, 0), *ends], roads, rules=rules)
    journeys = travel(country_of(graph, [(0, 1000), *ends], [*ends, (0, 0)]))
    np.testing.assert_allclose(journeys.minutes, [[13.0, 13.0, 3.0], [0.0, np.inf, 10.0], [np.inf, 0.0, 10.0]])
    assert journeys.metres[0].tolist() == pytest.approx([25_500, 25_500, 1500], abs=1)


def test_a_leg_to_the_mainland_reaches_every_node_at_its_place():
    """An island beside the home; on the mainland two nodes at one place, one way each."""
    graph = graph_of(
        [(0, 0), (500, 0), (9000, 0), (9000, 0), (29_000, 0)],
        [(0, 1, 500, 1.0), (2, 4, 20_000, 30.0), (3, 4, 20_000, 10.0)],
    )
    graph = dataclasses.replace(
        graph, mainland=np.array([False, False, True, True, True]), rules=dataclasses.replace(RULES, access_nodes=2)
    )
    for some in (graph, dataclasses.replace(graph, minutes=graph.minutes[[0, 2, 1, 3, 5, 4]])):
        journeys = travel(country_of(some, [(0, 0)], [(29_000, 0)]))
        assert journeys.minutes[0, 0] == pytest.approx(9.0 * 1.5 * 2 + 10.0)


def test_rural_legs_use_the_rural_figures_and_the_site_the_urban_ones():
    journeys = travel(country_of(line(), [(0, 1000)], [(20_000, 1000)], settlement="rural"))
    assert journeys.minutes[0, 0] == pytest.approx(10.0 + 1.2 + 3.0)


def test_a_site_on_a_node_and_a_point_on_a_node_have_no_legs():
    journeys = travel(country_of(line(), [(0, 0)], [(20_000, 0), (0, 0)]))
    assert journeys.minutes.tolist() == [[10.0, 0.0]]
    assert journeys.metres[0] == pytest.approx([24_000, 0], abs=1e-3)


@pytest.mark.parametrize(("raw", "shown"), [(30.04, 30.0), (30.06, 30.1), (29.96, 30.0), (30.0, 30.0)])
def test_minutes_are_rounded_once_to_a_tenth(raw, shown):
    journeys = travel(country_of(line(raw), [(0, 0)], [(20_000, 0)]))
    assert journeys.minutes[0, 0] == shown
    assert (journeys.minutes[0, 0] <= 30.0) == (shown == 30.0)


def test_parts_are_added_before_rounding():
    graph = graph_of([(0, 0), (9000, 0), (18_000, 0)], [(0, 1, 9000, 1.04), (1, 2, 9000, 1.04)])
    assert travel(country_of(graph, [(0, 0)], [(18_000, 0)])).minutes[0, 0] == 2.1


def test_of_parallel_roads_the_fastest_is_driven_and_never_their_sum():
    graph = graph_of([(0, 0), (20_000, 0)], [(0, 1, 30_000, 12.0), (0, 1, 20_000, 15.0), (0, 1, 25_000, 12.0)])
    journeys = travel(country_of(graph, [(0, 0)], [(20_000, 0)]))
    assert (journeys.minutes[0, 0], round(journeys.metres[0, 0])) == (12.0, 25_000)


def test_near_each_other_the_way_is_direct():
    graph = graph_of([(0, 5000), (20_000, 0)], [(0, 1, 24_000, 10.0)])
    journeys = travel(country_of(graph, [(0, 0)], [(500, 0), (501, 0)]))
    assert journeys.minutes[0, 0] == pytest.approx(0.5 * 1.5 * 2)
    assert journeys.metres[0, 0] == pytest.approx(750, abs=1)
    assert journeys.minutes[0, 1] > 10.0


def test_no_leg_and_no_direct_way_joins_two_regions():
    graph = graph_of([(0, 0), (400, 0), (0, 9000)], [(0, 2, 9000, 5.0)], region=["hill", "valley", "hill"])
    journeys = travel(country_of(graph, [(50, 0)], [(400, 0)]))
    assert np.isinf(journeys.minutes[0, 0])


def test_minutes_inside_the_capital_city_are_congested():
    free = travel(country_of(line(), [(0, 1000)], [(20_000, 0)]))
    slow = graph_of([(0, 0), (20_000, 0)], [(0, 1, 24_000, 10.0)], city=[True, False])
    assert travel(country_of(slow, [(0, 1000)], [(20_000, 0)])).minutes[0, 0] == free.minutes[0, 0] + 3.0


def test_a_point_takes_the_better_of_its_nearest_nodes():
    rules = dataclasses.replace(RULES, direct_limit_m=1000.0)
    graph = graph_of([(0, 0), (3000, 0), (20_000, 0)], [(0, 2, 99_000, 99.0), (1, 2, 17_000, 10.0)], rules=rules)
    journeys = travel(country_of(graph, [(1000, 0)], [(20_000, 0)]))
    assert journeys.minutes[0, 0] == pytest.approx(10.0 + 2.0 * 1.5 * 2)


def test_no_leg_is_longer_than_the_nearest_by_more_than_the_direct_limit():
    graph = graph_of([(0, 0), (2000, 0)], [])
    journeys = travel(country_of(graph, [(0, 749), (0, 0)], [(2000, 600)]))
    assert np.isfinite(journeys.minutes[:, 0]).tolist() == [False, False]
    assert np.isfinite(travel(country_of(graph, [(800, 0)], [(2000, 600)])).minutes[0, 0])


def test_the_limit_of_a_leg_is_inclusive_and_beyond_it_is_no_route():
    journeys = travel(country_of(line(), [(0, 9999), (0, 10_002)], [(20_000, 0)]))
    assert np.isfinite(journeys.minutes[:, 0]).tolist() == [True, False]


def test_nobody_drives_through_a_site():
    graph = graph_of([(0, 0), (8000, 0)], [], rules=dataclasses.replace(RULES, access_nodes=1))
    journeys = travel(country_of(graph, [(0, 0)], [(3999, 0), (8000, 600)]))
    assert np.isfinite(journeys.minutes).tolist() == [[True, False]]


def test_a_one_way_road_is_driven_one_way():
    both = line()
    graph = both.without(np.array([False, True]))
    there = travel(country_of(graph, [(0, 0)], [(20_000, 0)]))
    back = travel(country_of(graph, [(20_000, 0)], [(0, 0)]))
    assert (there.minutes[0, 0], back.minutes[0, 0]) == (10.0, np.inf)


def test_a_closed_road_is_no_route_and_is_listed_by_place():
    graph = line()
    country = country_of(graph.without(np.ones(2, bool)), [(0, 0), (20_000, 0)], [(20_000, 0)])
    journeys = travel(country)
    assert journeys.minutes[:, 0].tolist() == [np.inf, 0.0]
    assert np.isinf(journeys.metres[0, 0])
    listed = unreachable(country, journeys)
    assert listed["point_id"].tolist() == ["point_id0"]
    assert listed[["place_en", "place_ar", "people"]].to_numpy().tolist() == [["Hamlet", "قرية", 10]]


def test_without_any_road_and_leg_nobody_arrives():
    graph = graph_of([(0, 0)], [])
    assert np.isinf(travel(country_of(graph, [(0, 0)], [(90_000, 0)])).minutes).all()


def test_without_sites_everybody_is_unreachable():
    country = country_of(line(), [(0, 0), (20_000, 0)], [(0, 0)])
    journeys = travel(country, sites=country.candidates.iloc[:0])
    assert journeys.minutes.shape == (2, 0)
    assert len(unreachable(country, journeys)) == 2


def test_other_sites_may_be_given_in_another_crs():
    country = country_of(line(), [(0, 0)], [(0, 0)])
    sites = points_of([(20_000, 0)], "site_id").to_crs("EPSG:3857")
    assert travel(country, sites=sites).minutes.tolist() == [[10.0]]


def test_the_table_does_not_depend_on_the_chunks(monkeypatch):
    country = toy_country()
    whole = travel(country)
    monkeypatch.setattr(travel_module, "CHUNK", 7)
    parts = travel(country)
    np.testing.assert_array_equal(whole.minutes, parts.minutes)
    np.testing.assert_array_equal(whole.metres, parts.metres)


@pytest.mark.parametrize("name", ["minutes", "metres"])
def test_nan_is_refused(name):
    tables = {"minutes": np.zeros((1, 1)), "metres": np.zeros((1, 1))} | {name: np.array([[np.nan]])}
    with pytest.raises(InvalidInput, match="NaN"):
        Travel(**tables)


def test_tables_that_disagree_are_refused():
    with pytest.raises(InvalidInput, match="no route"):
        Travel(minutes=np.array([[np.inf]]), metres=np.array([[1.0]]))
    with pytest.raises(InvalidInput, match="shape"):
        Travel(minutes=np.zeros((1, 2)), metres=np.zeros((2, 1)))


def test_a_site_without_a_position_is_refused_by_name():
    country = country_of(line(), [(0, 0)], [(0, 0), (20_000, 0)])
    sites = country.candidates.copy()
    sites.loc[1, "geometry"] = None
    with pytest.raises(InvalidInput, match="site_id1"):
        travel(country, sites=sites)


def test_journeys_of_another_country_are_refused():
    country = country_of(line(), [(0, 0)], [(0, 0)])
    with pytest.raises(InvalidInput, match="rows"):
        unreachable(country, Travel(minutes=np.zeros((3, 1)), metres=np.zeros((3, 1))))


def by_hand(graph: RoadGraph, source: int) -> dict[int, tuple[float, float]]:
    """Dijkstra of one's own: the least (minutes, metres) from a node to each."""
    best: dict[int, tuple[float, float]] = {}
    queue = [(0.0, 0.0, source)]
    while queue:
        minutes, metres, node = heapq.heappop(queue)
        if node in best:
            continue
        best[node] = (minutes, metres)
        for edge in np.flatnonzero(graph.start == node):
            step = (minutes + graph.minutes[edge], metres + graph.metres[edge], int(graph.end[edge]))
            heapq.heappush(queue, step)
    return best


@st.composite
def graphs(draw):
    """Draw points on the nodes of a network, without ways straight across: two may lie near each other."""
    n = draw(st.integers(2, 9))
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda ends: ends[0] != ends[1])
    ends = draw(st.lists(pair, max_size=16))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    xy = random.uniform(0, 60_000, (n, 2))
    edges = [(a, b, float(random.uniform(100, 9000)), float(random.uniform(0.5, 20))) for a, b in ends]
    return xy, graph_of(xy, edges, rules=dataclasses.replace(RULES, access_nodes=1, direct_limit_m=0.0))


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_minutes_and_metres_are_those_of_the_fastest_way(case):
    xy, graph = case
    journeys = travel(country_of(graph, xy, xy))
    for source in range(len(xy)):
        best = by_hand(graph, source)
        for end in range(len(xy)):
            if end in best:
                assert journeys.minutes[source, end] == pytest.approx(best[end][0], abs=0.0501)
                assert journeys.metres[source, end] == pytest.approx(best[end][1], abs=0.01)
            else:
                assert np.isinf(journeys.minutes[source, end])


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_on_roads_driven_both_ways_the_way_back_takes_as_long(case):
    xy, graph = case
    minutes = travel(country_of(graph, xy, xy)).minutes
    np.testing.assert_array_equal(minutes, minutes.T)


@settings(max_examples=30, deadline=None)
@given(graphs(), st.integers(1, 8))
def test_a_further_site_never_raises_anyones_nearest_minutes(case, fewer):
    xy, graph = case
    country = country_of(graph, xy, xy)
    few = travel(country, sites=country.candidates.iloc[: min(fewer, len(xy))])
    np.testing.assert_array_less(travel(country).minutes.min(axis=1) - 1e-9, few.minutes.min(axis=1) + 1e-9)


def test_people_stay_in_order():
    country = country_of(line(), [(20_000, 0), (0, 0)], [(0, 0)])
    assert travel(country).minutes[:, 0].tolist() == [10.0, 0.0]
    assert isinstance(unreachable(country, travel(country)), pd.DataFrame)
