"""The law of the compact graph: between kept points nothing takes longer, or is shorter, than before."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from geodata.osm.contract import contract, directed
from geodata.osm.network import hanging_together
from geodata.osm.table import RoadTable


def table_of(n, pieces):
    """pieces: (start, end, metres, forward km/h, backward km/h, class)."""
    rows = np.array(pieces, dtype=float).reshape(-1, 6)
    return RoadTable(
        key=np.arange(n),
        lon=np.zeros(n),
        lat=np.zeros(n),
        start=rows[:, 0].astype(np.int64),
        end=rows[:, 1].astype(np.int64),
        metres=rows[:, 2],
        forward=rows[:, 3],
        backward=rows[:, 4],
        road_class=rows[:, 5].astype(np.int16),
        classes=("a", "b"),
    )


def shortest(n, start, end, weight):
    order = np.lexsort((weight, end, start))
    start, end, weight = start[order], end[order], weight[order]
    head = np.ones(order.size, bool)
    head[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return dijkstra(sparse.csr_array((weight[head], (start[head], end[head])), shape=(n, n)))


@st.composite
def tables(draw):
    """A few junctions joined by long roads, with one-way pieces, loops, rings and parallels among them."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = junctions = draw(st.integers(1, 6))
    pieces = []
    for _ in range(draw(st.integers(0, 9))):
        a, b = random.integers(0, junctions, 2)
        between = int(random.integers(0, 6))
        way = [int(a), *range(n, n + between), int(b)]
        n += between
        mode = random.choice(["both", "one", "mixed"], p=[0.6, 0.2, 0.2])
        code = 0
        for u, v in itertools.pairwise(way):
            if u == v:
                continue
            if random.random() < 0.1:
                code = 1 - code
            one = mode == "one" or (mode == "mixed" and random.random() < 0.3)
            back = 0 if one else float(random.choice([30, 60]))
            metres = float(random.integers(1, 400))
            pieces.append((u, v, metres, float(random.choice([30, 60])), back, code))
    if draw(st.booleans()):
        ring = [n, n + 1, n + 2, n]
        pieces += [(u, v, 50.0, 60.0, 60.0, 0) for u, v in itertools.pairwise(ring)]
        n += 3
    return table_of(n, pieces)


@settings(max_examples=300, deadline=None)
@given(tables(), st.sampled_from([120.0, 500.0, np.inf]))
def test_shortest_times_and_lengths_between_kept_points_stay(table, spacing):
    n = table.lon.size
    whole = directed(table)
    compact = contract(table, spacing_m=spacing)
    kept, edges = compact.kept, compact.edges
    before = shortest(n, whole.start, whole.end, whole.minutes)[np.ix_(kept, kept)]
    after = shortest(kept.size, edges.start, edges.end, edges.minutes)
    np.testing.assert_allclose(after, before, rtol=1e-12, atol=1e-12)
    far = shortest(n, whole.start, whole.end, whole.metres)[np.ix_(kept, kept)]
    np.testing.assert_allclose(shortest(kept.size, edges.start, edges.end, edges.metres), far, rtol=1e-12)


@settings(max_examples=200, deadline=None)
@given(tables(), st.sampled_from([120.0, np.inf]))
def test_what_is_passed_over_only_lies_along_a_road(table, spacing):
    compact = contract(table, spacing_m=spacing)
    passed = np.setdiff1d(np.arange(table.lon.size), compact.kept)
    meets = np.bincount(np.concatenate([table.start, table.end]), minlength=table.lon.size)
    assert (meets[passed] == 2).all()
    for point in passed:
        around = (table.start == point) | (table.end == point)
        assert np.unique(table.road_class[around]).size == 1
    edges = compact.edges
    assert (edges.start != edges.end).all()
    both = np.flatnonzero(edges.reverse >= 0)
    np.testing.assert_array_equal(edges.reverse[edges.reverse[both]], both)
    np.testing.assert_array_equal(edges.start[edges.reverse[both]], edges.end[both])
    np.testing.assert_allclose(edges.metres[edges.reverse[both]], edges.metres[both])


def line(pieces, metres=100.0, back=60.0):
    return table_of(pieces + 1, [(i, i + 1, metres, 60.0, back, 0) for i in range(pieces)])


def test_a_road_becomes_one_edge_each_way():
    compact = contract(line(10), spacing_m=np.inf)
    assert compact.kept.tolist() == [0, 10]
    assert compact.edges.metres.tolist() == [1000.0, 1000.0]
    assert compact.edges.minutes == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("back", [60.0, 0.0])
def test_along_a_road_a_node_is_kept_every_so_often_and_the_limit_is_inclusive(back):
    assert contract(line(10, back=back), spacing_m=300.0).kept.tolist() == [0, 3, 6, 9, 10]
    assert contract(line(10, back=back), spacing_m=299.9).kept.tolist() == [0, 2, 4, 6, 8, 10]
    assert contract(line(3, back=back), spacing_m=1.0).kept.tolist() == [0, 1, 2, 3]


def test_a_change_of_class_or_of_one_way_is_kept():
    table = table_of(4, [(0, 1, 10, 60, 60, 0), (1, 2, 10, 60, 60, 1), (2, 3, 10, 60, 0, 1)])
    assert contract(table, spacing_m=np.inf).kept.tolist() == [0, 1, 2, 3]


def test_a_ring_without_a_junction_keeps_a_point():
    table = table_of(3, [(0, 1, 10, 60, 60, 0), (1, 2, 10, 60, 60, 0), (2, 0, 10, 60, 60, 0)])
    assert contract(table, spacing_m=np.inf).kept.tolist() == [0]


def test_parallel_roads_stay_apart():
    table = table_of(4, [(0, 2, 10, 60, 60, 0), (2, 1, 10, 60, 60, 0), (0, 3, 20, 60, 60, 0), (3, 1, 20, 60, 60, 0)])
    table = table_of(
        6,
        [
            *zip(
                *(
                    c.tolist()
                    for c in (table.start, table.end, table.metres, table.forward, table.backward, table.road_class)
                ),
                strict=True,
            ),
            (4, 0, 1, 60, 60, 0),
            (1, 5, 1, 60, 60, 0),
        ],
    )
    compact = contract(table, spacing_m=np.inf)
    between = [
        m
        for a, b, m in zip(
            compact.kept[compact.edges.start], compact.kept[compact.edges.end], compact.edges.metres, strict=True
        )
        if (a, b) == (0, 1)
    ]
    assert sorted(between) == [20.0, 40.0]


def test_islands_go_by_size_and_the_mainland_is_where_all_reach_all():
    start, end = np.array([0, 1, 2, 3, 3, 5]), np.array([1, 2, 0, 4, 0, 6])
    island, mainland = hanging_together(8, start, end)
    assert island.tolist() == [0, 0, 0, 0, 0, 1, 1, 2]
    assert mainland.tolist() == [True] * 3 + [False] * 5
