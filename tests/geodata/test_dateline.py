"""The metric plane of countries that lie on both sides of the 180th meridian, and of those that do not."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from foundation.errors import InvalidInput
from geodata.plane import bounds_around, expect_true, metric_plane, worst_scale


def test_a_country_on_both_sides_of_the_180th_meridian_has_its_plane_where_it_lies():
    halves = [shapely.box(177.0, -19.0, 180.0, -16.0), shapely.box(-180.0, -18.0, -178.5, -16.0)]
    fiji = gpd.GeoSeries(halves, crs="EPSG:4326")
    assert bounds_around(fiji) == (177.0, -19.0, 181.5, -16.0)
    plane = metric_plane(fiji)
    assert "+lon_0=179.25" in plane
    expect_true(plane, fiji, "country.yaml")
    expect_true("EPSG:3460", fiji, "country.yaml")
    with pytest.raises(InvalidInput):
        expect_true("+proj=laea +lat_0=-17.5 +lon_0=0 +units=m", fiji, "country.yaml")
    there = gpd.GeoSeries([shapely.Point(179.9, -17.0), shapely.Point(-179.9, -17.0)], crs="EPSG:4326").to_crs(plane)
    assert there.iloc[0].distance(there.iloc[1]) == pytest.approx(21_293, rel=1e-2)


@pytest.mark.parametrize(
    "parts",
    [[(35, 29, 39, 33)], [(-125, 25, -66, 49), (-160, 19, -154, 22)], [(-10, 36, 3, 43), (-18, 27, -13, 29)]],
)
def test_other_countries_keep_their_bounds(parts):
    shapes = gpd.GeoSeries([shapely.box(*part) for part in parts], crs="EPSG:4326")
    assert bounds_around(shapes) == tuple(shapes.total_bounds)


def test_a_plane_made_for_a_country_as_wide_as_the_united_states_is_told_to_be_off(tmp_path):
    wide = gpd.GeoSeries([shapely.box(-170, 55, -140, 70), shapely.box(-125, 25, -67, 49)], crs="EPSG:4326")
    assert worst_scale(metric_plane(wide), wide) > 1.05
    narrow = gpd.GeoSeries([shapely.box(35, 29, 39, 33.4)], crs="EPSG:4326")
    assert abs(worst_scale(metric_plane(narrow), narrow) - 1) < 0.001
