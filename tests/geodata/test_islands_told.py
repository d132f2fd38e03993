"""Pieces of road that are not joined to the rest are told with their people."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest

import geodata.folder.hanging as hanging
from geodata.folder.hanging import tell_hanging
from geodata.folder.report import Notebook

CRS = "EPSG:32636"


def told(island: list[int], mainland: list[bool], people: list[int], cuts=(), ferries=()) -> list[str]:
    lon = 36.0 + 0.1 * np.arange(len(island))
    graph = SimpleNamespace(
        lon=lon, lat=np.full(lon.size, 31.0), island=np.array(island), mainland=np.array(mainland, dtype=bool)
    )
    report = SimpleNamespace(islands=max(island) + 1, cut_at=cuts, ferry_at=ferries)
    network = SimpleNamespace(graph=graph, report=report)
    points = gpd.GeoDataFrame({"people": people}, geometry=gpd.points_from_xy(lon + 0.01, graph.lat), crs=4326)
    notes = Notebook()
    tell_hanging(points, network, CRS, "roads.pbf", notes)  # type: ignore[arg-type]
    return [finding.text("en") for finding in notes.findings]


def test_pieces_come_by_their_people_and_empty_ones_do_not():
    said = told([0, 0, 1, 2, 2, 3], [True, True, False, False, False, False], [10, 20, 5, 30, 4, 0])
    assert said == [
        "pieces that are not joined to one another: 4; people who live nearest to one that is not the largest: 39",
        "a piece apart near 36.3000, 31.0000 (road nodes: 2): people who live nearest to it: 34",
        "a piece apart near 36.2000, 31.0000 (road nodes: 1): people who live nearest to it: 5",
    ]


def test_one_piece_with_one_way_stubs_is_not_called_several():
    assert told([0, 0, 0], [True, True, False], [10, 20, 30]) == [
        "people who live nearest to a road from or to which one-way streets lead only one way: 30"
    ]


def test_a_whole_network_says_nothing():
    assert told([0, 0], [True, True], [1, 1]) == []


def test_many_pieces_are_summed_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hanging, "MOST", 1)
    said = told([0, 1, 2, 3], [True, False, False, False], [9, 3, 2, 1])
    assert said[-1] == "further pieces apart: 2, people: 3"
    assert len(said) == 3


def test_cut_ways_are_named_with_the_people_at_their_end_and_on_a_piece_that_hangs_by_them():
    cuts = (("104", 36.0001, 31.0), ("7", 36.3, 31.0))
    said = told([0, 0, 0, 1, 1], [True, True, True, False, False], [10, 20, 30, 4, 5], cuts)
    assert said[-2:] == [
        "way 7 is cut at 36.3000, 31.0000: people nearest to this end: 4, to a piece apart that it belongs to: 9",
        "way 104 is cut at 36.0001, 31.0000: people nearest to this end: 10, to a piece apart that it belongs to: 0",
    ]
    assert told([0, 0], [True, True], [1, 1]) == []


def test_a_ferry_is_told_with_the_piece_that_it_touches():
    ferries = (("9", 36.0001, 31.0), ("9", 36.2001, 31.0), ("8", 36.35, 31.0))
    said = told([0, 0, 1, 2], [True, True, False, False], [10, 20, 5, 4], ferries=ferries)
    assert [line[:45] for line in said[1:]] == [
        "a piece apart near 36.2000, 31.0000 (road nod",
        "the ferry 9 touches this piece: no ferry is t",
        "a piece apart near 36.3000, 31.0000 (road nod",
    ]
