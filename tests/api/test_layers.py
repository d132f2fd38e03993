"""GeoJSON as RFC 7946 wants it, in pieces that join into one text."""

from __future__ import annotations

import itertools
import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from api.http.layers import AT_ONCE, geojson


def whole(frame: gpd.GeoDataFrame) -> dict:
    return json.loads(b"".join(geojson(frame, name="x")))


def signed_area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def test_rings_follow_the_right_hand_rule() -> None:
    holed = Polygon(box(0, 0, 10, 10).exterior.coords, [box(2, 2, 3, 3).exterior.coords])
    for shape in (holed, holed.reverse(), MultiPolygon([holed.reverse(), box(20, 0, 30, 10)])):
        geometry = whole(gpd.GeoDataFrame({"a": [1]}, geometry=[shape], crs=4326))["features"][0]["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        for outer, *holes in polygons:
            assert signed_area(outer) > 0
            assert all(signed_area(hole) < 0 for hole in holes)


def test_another_crs_is_brought_to_degrees() -> None:
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(36, 32)], crs=4326).to_crs(32636)
    assert whole(frame)["features"][0]["geometry"]["coordinates"] == pytest.approx([36, 32], abs=1e-6)


def test_what_is_missing_is_null_and_words_keep_their_script() -> None:
    frame = gpd.GeoDataFrame(
        {
            "none": [None],
            "nan": [np.nan],
            "far": [np.inf],
            "masked": pd.array([pd.NA], dtype="Int64"),
            "flag": [True],
            "whole": np.array([7], dtype=np.int64),
            "share": [0.25],
            "when": pd.to_datetime(["2025-12-31"]),
            "name": ['عمّان "</script>'],
        },
        geometry=[None],
        crs=4326,
    )
    (feature,) = whole(frame)["features"]
    assert feature["geometry"] is None
    properties = feature["properties"]
    assert [properties[key] for key in ("none", "nan", "far", "masked")] == [None] * 4
    assert (properties["flag"], properties["whole"], properties["share"]) == (True, 7, 0.25)
    assert properties["when"].startswith("2025-12-31")
    assert properties["name"] == 'عمّان "</script>'


def test_six_decimals_are_kept() -> None:
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(36.12345678901, 31.99999999)], crs=4326)
    assert whole(frame)["features"][0]["geometry"]["coordinates"] == [36.123457, 32.0]


@pytest.mark.parametrize("count", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE + 1])
def test_pieces_join_whatever_the_count(count: int) -> None:
    frame = gpd.GeoDataFrame({"n": range(count)}, geometry=[Point(0, 0)] * count, crs=4326)
    assert [feature["properties"]["n"] for feature in whole(frame)["features"]] == list(range(count))
    assert len(list(geojson(frame, name="x"))) == 2 + math.ceil(count / AT_ONCE)


def test_the_frame_is_left_as_it_was() -> None:
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[box(0, 0, 1.123456789, 1).reverse()], crs=4326)
    before = frame.copy(deep=True)
    whole(frame)
    assert frame.equals(before)


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.text(max_size=20),
            st.floats(allow_nan=True, allow_infinity=True),
            st.floats(-180, 180),
            st.floats(-90, 90),
        ),
        max_size=8,
    )
)
def test_any_text_and_number_survives_or_is_null(rows: list[tuple[str, float, float, float]]) -> None:
    frame = gpd.GeoDataFrame(
        {"text": pd.Series([row[0] for row in rows], dtype=object), "value": [row[1] for row in rows]},
        geometry=[Point(row[2], row[3]) for row in rows],
        crs=4326,
    )
    features = whole(frame)["features"]
    assert [feature["properties"]["text"] for feature in features] == [row[0] for row in rows]
    for feature, (_, value, lon, lat) in zip(features, rows, strict=True):
        assert feature["properties"]["value"] == (value if math.isfinite(value) else None)
        assert shapely.geometry.shape(feature["geometry"]).equals_exact(Point(lon, lat), 1e-6)
