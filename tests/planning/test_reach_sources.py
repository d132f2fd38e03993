"""Matrices made elsewhere: the same table, the same checks, named refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foundation.errors import InvalidInput, NotFound, Unsupported
from planning.journeys.matrix import MatrixSource, read_matrix
from planning.siting import Request, problem_of
from planning.travel import Travel, reach, travel, unreachable
from planning.travel_sources import RoadSource, expect_zones, travel_source
from tests.planning.test_reach_siting import assert_same
from tests.toy import long_matrix, toy_country, toy_programme

POINTS, SITES = ["p1", "p2"], ["a", "b"]
LONG = "point_id,site_id,minutes,metres\np1,a,10.04,9000\np1,b,20.06,18000\np2,a,30,31000\np2,b,0,0\n"
SQUARE = "point_id,a,b\np2,30,0\np1,10.04,20.06\n"


@pytest.fixture
def read(tmp_path):
    def reading(text, missing="refuse"):
        path = tmp_path / "matrix.csv"
        path.write_text(text, encoding="utf-8")
        return read_matrix(path, points=POINTS, sites=SITES, missing=missing)

    return reading


def test_long_and_square_give_the_same_minutes_rounded_once(read):
    for text in (LONG, SQUARE, "\ufeff" + LONG):
        minutes, _ = read(text).columns(np.array([0, 1]))
        assert minutes.tolist() == [[10.0, 20.1], [30.0, 0.0]]
    assert read(LONG).columns(np.array([1]))[1].tolist() == [[18_000.0], [0.0]]


def test_a_missing_pair_is_no_route_only_if_that_is_said(read):
    few = LONG.replace("p2,a,30,31000\n", "")
    with pytest.raises(InvalidInput, match="lacks 1 of 4 pairs, among them the pair p2, a"):
        read(few)
    with pytest.raises(InvalidInput, match="lacks 2 of 4 pairs, among them the point p2"):
        read("".join(line + "\n" for line in LONG.splitlines() if "p2" not in line))
    with pytest.raises(InvalidInput, match="lacks 2 of 4 pairs, among them the site b"):
        read("".join(line + "\n" for line in LONG.splitlines() if ",b," not in line))
    found = read(few, "no_route")
    assert found.columns(np.array([0]))[0].tolist() == [[10.0], [np.inf]]
    assert found.nearest(np.array([0])).site.tolist() == [0, -1]
    hole = SQUARE.replace("p2,30,0", "p2,,0")
    with pytest.raises(InvalidInput, match="minutes is 'nan'"):
        read(hole)
    assert np.isinf(read(hole, "no_route").columns(np.array([0]))[0][1, 0])


def test_a_wrong_cell_of_a_square_table_is_named_by_its_row_in_the_file(read):
    for cell, told in (("-4", "row 2: minutes is '-4"), ("", "row 2: minutes is 'nan'")):
        with pytest.raises(InvalidInput, match=told):
            read(SQUARE.replace("p2,30,0", f"p2,30,{cell}"))
    with pytest.raises(InvalidInput, match="row 3: point_id is 'p7'"):
        read(SQUARE.replace("p1", "p7"))
    with pytest.raises(InvalidInput, match="has the column a twice"):
        read(SQUARE.replace("point_id,a,b", "point_id,a,a"))
    with pytest.raises(InvalidInput, match="has 5002 columns; the country has 2 sites"):
        read("point_id," + ",".join(f"s{i}" for i in range(5001)) + "\n")


def test_an_id_may_be_a_word_that_elsewhere_means_nothing(tmp_path):
    path = tmp_path / "matrix.csv"
    path.write_text("point_id,site_id,minutes\nNA,None,5\n", encoding="utf-8")
    found = read_matrix(path, points=["NA"], sites=["None"], missing="refuse")
    assert found.columns(np.array([0]))[0].tolist() == [[5.0]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LONG.replace("p1,b", "p9,b"), "row 3: point_id is 'p9'"),
        (LONG.replace("p1,b", "p1,z"), "row 3: site_id is 'z'"),
        (LONG.replace("10.04", "-1"), "row 2: minutes is '-1"),
        (LONG.replace("10.04", "nan"), "row 2: minutes"),
        (LONG.replace("10.04", "inf"), "row 2: minutes"),
        (LONG.replace("10.04", "soon"), "row 2: minutes is 'soon'"),
        (LONG.replace("10.04", "6000.1"), "row 2: minutes"),
        (LONG.replace("9000", "-9000"), "row 2: metres"),
        (LONG + "p1,a,10,9000\n", "p1, a is given twice"),
        (SQUARE + "p1,1,2\n", "row of p1 is given twice"),
        (SQUARE.replace("a,b", "a,z"), "site_id is 'z'"),
        (LONG.replace("minutes,metres", "minutes,km"), "unknown columns km"),
        (LONG.replace("minutes", "time"), "minutes"),
        ("x,y\n1,2\n", "no column point_id"),
        ("", "matrix.csv is empty"),
        ('point_id\n"', "cannot be read"),
        (LONG.replace("p1,b,20.06,18000", "p1,b,20.06,18000,"), "row 3: 5 cells; expected 4"),
        (LONG.replace("p1,b,20.06,18000", "p1,b,20.06"), "row 3: 3 cells; expected 4"),
        ("point_id,site_id,minutes\n" + "".join(f"x,{p},{s},7\n" for p in POINTS for s in SITES), "row 2: 4 cells"),
        ("point_id,site_id,minutes\n" + "".join(f"{p},{s},True\n" for p in POINTS for s in SITES), "minutes is 'True'"),
        ("point_id,a,b\np1,True,1\np2,False,2\n", "row 2: minutes is 'True'"),
        ("point_id,a,b,c\np1,1,2,3\n", "has the column|site_id is 'c'|4 columns"),
        ("point_id,a,a\np1,1,2\n", "has the column a twice"),
    ],
)
def test_a_wrong_matrix_is_refused_with_file_and_row(read, text, told):
    with pytest.raises(InvalidInput, match=told):
        read(text)


def test_a_matrix_plugs_in_for_the_road_graph(tmp_path):
    country = toy_country()
    dense = travel(country)
    frame = long_matrix(country, dense)
    frame.sample(frac=1, random_state=1).to_csv(tmp_path / "m.csv", index=False)
    found = travel_source("matrix", path=tmp_path / "m.csv", missing="no_route").journeys(country, limit_minutes=1.0)
    request = Request(country, toy_programme())
    assert_same(problem_of(request, dense), problem_of(request, found))
    assert unreachable(country, found).equals(unreachable(country, dense))


def test_only_the_places_asked_about_are_searched_and_they_are_the_very_same():
    country, open_ = toy_country(), np.array([1, 7, 11])
    whole = travel(country)
    some = RoadSource().journeys(country, limit_minutes=30.0, only=open_)
    assert some.shape == whole.shape
    np.testing.assert_array_equal(some.nearest(open_).minutes, whole.nearest(open_).minutes)
    near = whole.nearest(open_).minutes <= 30.0  # beyond, of two equally near either may be named
    np.testing.assert_array_equal(some.nearest(open_).site[near], whole.nearest(open_).site[near])
    within = whole.minutes[:, open_] <= 30.0
    np.testing.assert_array_equal(some.columns(open_)[0][within], whole.minutes[:, open_][within])
    assert np.isinf(some.columns(np.array([0, 5]))[0]).all()


def test_roads_are_a_source_like_any_other():
    country = toy_country()
    found = travel_source("roads").journeys(country, limit_minutes=60.0)
    assert isinstance(found, Travel)
    assert reach(country, limit_minutes=60.0).site.size == (found.minutes <= 60.0).sum()


def test_parquet_is_read_where_pyarrow_is_installed(tmp_path):
    pytest.importorskip("pyarrow", reason="NOT TESTED: pyarrow is not installed")
    frame = pd.DataFrame({"point_id": POINTS, "a": [10.04, 30.0], "b": [20.06, 0.0]})
    frame.to_parquet(tmp_path / "m.parquet")
    found = read_matrix(tmp_path / "m.parquet", points=POINTS, sites=SITES, missing="refuse")
    assert found.columns(np.array([0, 1]))[0].tolist() == [[10.0, 20.1], [30.0, 0.0]]


@pytest.mark.parametrize("kind", ["timedelta64[ns]", "bool", "datetime64[ns]"])
@pytest.mark.parametrize("square", [False, True])
def test_minutes_of_another_kind_are_refused_in_parquet_too(tmp_path, kind, square):
    pytest.importorskip("pyarrow", reason="NOT TESTED: pyarrow is not installed")
    odd = pd.Series([60, 60], dtype="int64").astype(kind)
    frame = pd.DataFrame({"point_id": POINTS, "a": [10.0, 30.0], "b": odd})
    if not square:
        frame = pd.DataFrame({"point_id": POINTS, "site_id": ["a", "b"], "minutes": odd})
    frame.to_parquet(tmp_path / "m.parquet")
    with pytest.raises(InvalidInput, match=r"m\.parquet, row 2: minutes is '.*; expected a number from 0 to 6000"):
        read_matrix(tmp_path / "m.parquet", points=POINTS, sites=SITES, missing="no_route")


def test_blank_rows_are_passed_over(read):
    text = "\n  \n" + LONG.replace("p2,b", "\n\np2,b") + "\n\n"
    assert read(text).columns(np.array([0, 1]))[0].tolist() == [[10.0, 20.1], [30.0, 0.0]]


def test_the_capital_city_is_offered_where_roads_mark_one():
    country = toy_country()
    told = r"^speeds: zones: there is no zone 'TO-X'.*zones are {}TO-A \(Alpha\), TO-B \(Beta\), TO-C \(Gamma\)\.$"
    with pytest.raises(NotFound, match=told.format("")):
        expect_zones(country, ["TO-X"], field="speeds: zones")
    marked = replace(country.roads, in_capital_city=np.ones(country.roads.lon.size, dtype=bool))
    with pytest.raises(NotFound, match=told.format("capital_city, ")):
        expect_zones(replace(country, roads=marked), ["TO-X"], field="speeds: zones")


def test_what_is_not_offered_is_refused_by_name(tmp_path):
    with pytest.raises(Unsupported, match="'gtfs' is not offered"):
        travel_source("gtfs", path=tmp_path)
    with pytest.raises(InvalidInput, match="needs its file"):
        travel_source("matrix")
    with pytest.raises(NotFound):
        MatrixSource(tmp_path / "none.csv").journeys(toy_country(), limit_minutes=1.0)
    (tmp_path / "m.xlsx").write_bytes(b"x")
    with pytest.raises(InvalidInput, match=r"\.parquet"):
        read_matrix(tmp_path / "m.xlsx", points=POINTS, sites=SITES, missing="refuse")
    (tmp_path / "m.csv").write_text(LONG, encoding="utf-8")
    with pytest.raises(InvalidInput, match="refuse or no_route"):
        read_matrix(tmp_path / "m.csv", points=POINTS, sites=SITES, missing="guess")
