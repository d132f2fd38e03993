"""The laws of sparse reach: the dense table where it is within the limit, and nothing else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geodata
import planning.travel as travel_module
from foundation.errors import InvalidInput
from geodata.terrain.grid import Grid, Terrain
from planning import equity
from planning.network import network
from planning.travel import OffRoad, islands, journeys, nearest, reach, travel, unreachable
from tests.planning.test_travel import RULES, country_of, graph_of, graphs, line
from tests.toy import toy_country


def dense_of(sparse):
    return sparse.columns(np.arange(sparse.shape[1]))


def agrees(sparse, dense):
    minutes, metres = dense_of(sparse)
    inside = dense.minutes <= sparse.limit_minutes
    np.testing.assert_array_equal(minutes[inside], dense.minutes[inside])
    np.testing.assert_array_equal(metres[inside], dense.metres[inside])
    assert np.isinf(minutes[~inside]).all()
    assert sparse.site.size == inside.sum()


@settings(max_examples=25, deadline=None)
@given(graphs(), st.integers(1, 400).map(lambda tenths: tenths / 10))
def test_reach_is_the_dense_table_within_its_limit(case, limit):
    xy, graph = case
    country = country_of(graph, xy, xy[::-1])
    agrees(reach(country, limit_minutes=limit), travel(country))


@pytest.mark.parametrize("seed", range(4))
def test_reach_of_the_toy_is_the_dense_table_within_its_limit(seed):
    country = toy_country(seed=seed)
    for limit in (5.0, 30.0, 30.1, 6000.0):
        agrees(reach(country, limit_minutes=limit), travel(country))


def test_reach_of_the_built_in_country_is_the_dense_table_within_its_limit():
    country = geodata.load("jordan")
    dense = travel(country)
    sparse = reach(country, limit_minutes=60.0)
    agrees(sparse, dense)
    opened = np.array([3, 40, 90])
    far = sparse.nearest(opened)
    np.testing.assert_array_equal(far.minutes, dense.minutes[:, opened].min(axis=1))
    np.testing.assert_array_equal(nearest(country).minutes, dense.minutes.min(axis=1))


@pytest.mark.parametrize(("raw", "kept"), [(30.0, True), (30.04, True), (30.06, False), (29.96, True)])
def test_the_limit_is_inclusive_after_the_one_rounding(raw, kept):
    found = reach(country_of(line(raw), [(0, 0)], [(20_000, 0)]), limit_minutes=30.0)
    assert (found.site.size == 1) is kept


def test_rows_are_points_in_order_and_sites_ascend():
    found = reach(toy_country(), limit_minutes=90.0)
    assert found.first[0] == 0
    assert found.first[-1] == found.site.size
    for i in range(found.shape[0]):
        row = found.site[found.first[i] : found.first[i + 1]]
        assert (np.diff(row) > 0).all()


def test_the_sites_searched_at_once_do_not_matter(monkeypatch):
    whole = reach(toy_country(), limit_minutes=60.0)
    monkeypatch.setattr(travel_module, "CHUNK", 5)
    parts = reach(toy_country(), limit_minutes=60.0)
    for name in ("first", "site", "tenths", "metres"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name))


@settings(max_examples=25, deadline=None)
@given(graphs(), st.integers(1, 300).map(lambda tenths: tenths / 10), st.data())
def test_the_nearest_and_who_is_unreachable_do_not_depend_on_the_limit(case, limit, data):
    xy, graph = case
    country = country_of(graph, xy, xy)
    opened = np.array(sorted(data.draw(st.sets(st.integers(0, len(xy) - 1)))), dtype=np.int64)
    dense, sparse = travel(country), reach(country, limit_minutes=limit)
    one = network(dense, opened, np.full(len(xy), 30.0), year=2025)
    other = network(sparse, opened, np.full(len(xy), 30.0), year=2025)
    np.testing.assert_array_equal(one.minutes, other.minutes)
    np.testing.assert_array_equal(one.covered, other.covered)
    within = one.minutes <= limit
    np.testing.assert_array_equal(one.nearest[within], other.nearest[within])
    reached = np.flatnonzero(other.nearest >= 0)
    np.testing.assert_array_equal(dense.minutes[reached, other.nearest[reached]], other.minutes[reached])


@settings(max_examples=15, deadline=None)
@given(graphs(), st.integers(1, 8))
def test_a_further_centre_never_raises_anyones_nearest_minutes(case, fewer):
    xy, graph = case
    country = country_of(graph, xy, xy)
    few = nearest(country, country.candidates.iloc[: min(fewer, len(xy))])
    assert (nearest(country).minutes <= few.minutes).all()


@settings(max_examples=20, deadline=None)
@given(graphs(), st.data())
def test_of_parallel_roads_every_table_drives_the_fastest(case, data):
    xy, graph = case
    edges = graph.start.size
    times = np.array(data.draw(st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=edges, max_size=edges)))
    least = dataclasses.replace(graph, minutes=graph.minutes * np.minimum(times, 1.0))
    double = dataclasses.replace(
        graph,
        minutes=np.concatenate([graph.minutes, graph.minutes * times]),
        **{name: np.tile(getattr(graph, name), 2) for name in ("start", "end", "metres", "road_class")},
    )
    one, other = (country_of(each, xy, xy) for each in (least, double))
    for made in (travel, lambda country: reach(country, limit_minutes=25.0), nearest):
        np.testing.assert_array_equal(made(one).minutes, made(other).minutes)


@settings(max_examples=20, deadline=None)
@given(graphs(), st.sampled_from([5.0, 30.0, 90.0]), st.data())
def test_people_by_travel_band_sum_to_the_population(case, limit, data):
    xy, graph = case
    country = country_of(graph, xy, xy)
    people = np.array(data.draw(st.lists(st.integers(0, 5000), min_size=len(xy), max_size=len(xy))), dtype=np.int64)
    opened = np.array(sorted(data.draw(st.sets(st.integers(0, len(xy) - 1)))), dtype=np.int64)
    for found in (travel(country), reach(country, limit_minutes=limit)):
        bands = equity.bands(found.nearest(opened).minutes, people)
        assert bands.total == people.sum()
        assert bands.unreachable == people[np.isinf(nearest(country, country.candidates.iloc[opened]).minutes)].sum()


def test_absence_is_beyond_the_limit_and_unreachable_is_decided_without_one():
    country = country_of(line(50.0), [(0, 0), (90_000, 0)], [(20_000, 0)])
    found = reach(country, limit_minutes=30.0)
    assert found.site.size == 0
    assert found.nearest(np.array([0])).minutes.tolist() == [50.0, np.inf]
    assert found.nearest(np.array([0])).site.tolist() == [0, -1]
    assert unreachable(country, found)["point_id"].tolist() == ["point_id1"]


def test_asking_further_than_was_computed_is_refused():
    found = reach(toy_country(), limit_minutes=30.0)
    assert found.pairs(30.0).site.size == found.site.size
    with pytest.raises(InvalidInput, match="up to 30"):
        found.pairs(30.1)


@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan, np.inf, 6000.1])
def test_a_limit_out_of_range_is_refused(limit):
    with pytest.raises(InvalidInput, match="limit_minutes"):
        reach(toy_country(), limit_minutes=limit)


def test_without_sites_or_points_there_is_nothing_to_reach():
    country = toy_country()
    none = reach(country, sites=country.candidates.iloc[:0], limit_minutes=30.0)
    assert (none.shape, none.site.size) == ((60, 0), 0)
    assert (none.nearest(np.array([], dtype=np.int64)).site == -1).all()
    empty = dataclasses.replace(country, people=country.people.iloc[:0])
    assert reach(empty, limit_minutes=30.0).shape == (0, 12)


def test_progress_runs_to_one():
    told: list[float] = []
    reach(toy_country(), limit_minutes=30.0, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_small_countries_are_dense_and_large_ones_sparse():
    country = toy_country()
    assert isinstance(journeys(country, limit_minutes=60.0), travel_module.Travel)
    assert isinstance(journeys(country, limit_minutes=60.0, dense_pairs=100), travel_module.Reach)


def test_off_the_road_a_stated_speed_holds_for_every_leg():
    country = country_of(line(), [(0, 1000)], [(20_000, -1000)], settlement="rural")
    walked = travel(country, off_road=OffRoad(speed_kmh=6.0))
    assert walked.minutes[0, 0] == pytest.approx(10.0 + 1.2 * 10 + 1.5 * 10)
    assert walked.metres[0, 0] == travel(country).metres[0, 0]


def test_friction_slows_the_legs_of_homes_only():
    country = country_of(line(), [(0, 1000), (0, 1000)], [(20_000, -1000)])
    found = travel(country, off_road=OffRoad(friction=np.array([1.0, 2.0])))
    assert found.minutes[:, 0].tolist() == pytest.approx([10.0 + 3 + 3, 10.0 + 6 + 3])


def test_a_limit_off_the_road_is_inclusive():
    country = country_of(line(), [(0, 999), (0, 1002)], [(20_000, 0)])
    found = travel(country, off_road=OffRoad(limit_m=1000.0))
    assert np.isfinite(found.minutes[:, 0]).tolist() == [True, False]


@given(st.floats(1.0, 5.0))
@settings(max_examples=10, deadline=None)
def test_more_friction_never_shortens(factor):
    country = toy_country()
    slow = travel(country, off_road=OffRoad(friction=factor))
    assert (slow.minutes >= travel(country).minutes).all()


def over(country, **grids):
    """The country on even ground: each grid 20 km around, of one value or rising eastwards by a share of the metres."""
    east = np.broadcast_to(np.arange(400) * 100.0, (400, 400))
    laid = {
        name: Grid(-20_000.0, 20_000.0, 100.0, (low + rise * east).astype(np.float32))
        for name, (low, rise) in grids.items()
    }
    return dataclasses.replace(country, terrain=Terrain(**laid))


def test_friction_of_the_ground_takes_the_place_of_the_speed_off_the_road():
    """600 m at half a minute a metre, then 10 minutes of road; a stated speed changes nothing."""
    country = over(country_of(line(), [(0, 600)], [(20_000, 0)]), friction=(0.5, 0.0))
    for off_road in (None, OffRoad(speed_kmh=6.0)):
        assert travel(country, off_road=off_road).minutes[0, 0] == pytest.approx(310.0, abs=0.1)


def test_slopes_slow_a_walk_and_no_drive():
    """A kilometre up one in ten: Tobler's walker takes e^(3.5 * (0.15 - 0.05)) times as long as on the flat."""
    flat = country_of(line(), [(-1000, 0)], [(20_000, 0)])
    steep = over(flat, elevation=(0.0, 0.1))
    walk = OffRoad(speed_kmh=5.0)
    leg = travel(flat, off_road=walk).minutes[0, 0] - 10.0
    assert travel(steep, off_road=walk).minutes[0, 0] - 10.0 == pytest.approx(leg * np.exp(0.35), abs=0.15)
    assert travel(steep).minutes[0, 0] == travel(flat).minutes[0, 0]


def test_a_direct_way_goes_over_the_same_ground():
    """Home and site 400 m apart: straight there at 0.002 minutes a metre, sooner than by the road."""
    country = country_of(line(), [(0, 600)], [(400, 600)])
    rough = over(country, friction=(0.002, 0.0))
    assert travel(rough).minutes[0, 0] == pytest.approx(0.8, abs=0.05)
    assert travel(rough, off_road=OffRoad(friction=2.0)).minutes[0, 0] == pytest.approx(1.6, abs=0.05)


def test_what_cannot_be_is_refused():
    for wrong in ({"speed_kmh": 0.0}, {"limit_m": -1.0}, {"friction": 0.0}, {"friction": np.array([1.0, np.nan])}):
        with pytest.raises(InvalidInput):
            OffRoad(**wrong)
    with pytest.raises(InvalidInput, match="friction has shape"):
        travel(toy_country(), off_road=OffRoad(friction=np.ones(3)))


def with_parts(graph, island, mainland):
    return dataclasses.replace(graph, island=np.array(island), mainland=np.array(mainland))


def test_who_lives_beside_an_island_of_road_reaches_the_mainland_over_land():
    rules = dataclasses.replace(RULES, access_nodes=2)
    xy = [(0, 0), (100, 0), (3000, 0), (9000, 0)]
    graph = graph_of(xy, [(0, 1, 100, 1.0), (2, 3, 6000, 4.0)], rules=rules)
    cut_off = country_of(graph, [(0, 0)], [(9000, 0)])
    assert np.isinf(travel(cut_off).minutes[0, 0])
    joined = country_of(with_parts(graph, [1, 1, 0, 0], [False, False, True, True]), [(0, 0)], [(9000, 0)])
    assert travel(joined).minutes[0, 0] == pytest.approx(4.0 + 3.0 * 1.5 * 2)


def test_people_are_counted_by_part_of_the_network():
    graph = with_parts(graph_of([(0, 0), (9000, 0), (50_000, 0)], [(0, 1, 9000, 9.0)]), [0, 0, 1], [True, True, False])
    country = country_of(graph, [(0, 10), (50_010, 0), (90_000, 0)], [(0, 0)])
    parts = islands(country).set_index("island")
    assert parts["people"].to_dict() == {-1: 10, 0: 10, 1: 10}
    assert parts["nodes"].to_dict() == {-1: 0, 0: 2, 1: 1}
    assert islands(toy_country()).empty
