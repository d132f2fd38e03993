"""Outlines of the governorates: they tile the country, and the mend really helps."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

import geodata
from geodata.jordan_build.governorates import known_places, natural_earth
from geodata.jordan_build.projection import METRIC_CRS
from geodata.load import BUILT_IN
from tests.geodata.validation import osm_governorates, overlap

SOURCES = BUILT_IN["jordan"] / "sources"


@pytest.fixture(scope="module")
def ours() -> gpd.GeoSeries:
    country = geodata.load("jordan")
    assert country.metric_crs == METRIC_CRS
    return country.zones.set_index("zone_id").geometry.to_crs(METRIC_CRS)


def test_outlines_are_valid_and_tile_the_national_outline(ours: gpd.GeoSeries) -> None:
    assert ours.is_valid.all()
    assert set(ours.geom_type) == {"Polygon"}
    whole, drawn = ours.union_all(), natural_earth(SOURCES).union_all()
    assert ours.area.sum() == pytest.approx(whole.area, rel=1e-9)  # no overlap
    assert whole.symmetric_difference(drawn).area / drawn.area < 1e-5  # no gap, nothing beyond


def test_areas_come_near_the_recorded_ones(ours: gpd.GeoSeries) -> None:
    recorded = geodata.load("jordan").zones.set_index("zone_id")["area_km2"]
    assert ((ours.area / 1e6 / recorded - 1).abs() < 0.015).all()


def test_every_known_place_lies_in_its_governorate(ours: gpd.GeoSeries) -> None:
    places = known_places(SOURCES)
    points = gpd.GeoSeries(gpd.points_from_xy(places["x"], places["y"]), crs=METRIC_CRS)
    assert points.within(gpd.GeoSeries(ours[places["zone_id"]].to_numpy(), crs=METRIC_CRS)).all()


def test_every_seat_lies_in_its_governorate(ours: gpd.GeoSeries) -> None:
    seats = geodata.load("jordan").districts
    points = gpd.GeoSeries(gpd.points_from_xy(seats["lon"], seats["lat"]), crs="EPSG:4326").to_crs(METRIC_CRS)
    assert points.within(gpd.GeoSeries(ours[seats["zone_id"]].to_numpy(), crs=METRIC_CRS)).all()


def test_the_mend_holds_the_overlap_reached(ours: gpd.GeoSeries, shared_data: Path) -> None:
    theirs = osm_governorates(shared_data)
    before, after = overlap(natural_earth(SOURCES), theirs), overlap(ours, theirs)
    assert before["JO-AJ"] == pytest.approx(0.546, abs=0.002)
    assert before["JO-JA"] == pytest.approx(0.471, abs=0.002)
    assert after["JO-AJ"] > 0.75
    assert after["JO-JA"] > 0.64
    assert after.mean() > 0.82 > 0.78 > before.mean()
    worse = (before - after)[before > after]
    assert set(worse.index) <= {"JO-AM", "JO-MD"}
    assert (worse < 0.02).all()
