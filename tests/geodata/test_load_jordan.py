"""The built-in Jordan as `geodata.load` returns it."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import geodata
from geodata.load import BUILT_IN


@pytest.fixture(scope="module")
def jordan() -> geodata.Country:
    return geodata.load("jordan")


def test_the_country(jordan: geodata.Country) -> None:
    assert (jordan.code, jordan.capital_zone, jordan.population_year) == ("JO", "JO-AM", 2025)
    assert (jordan.name_en, jordan.name_ar) == ("Jordan", "الأردن")
    assert set(jordan.notes) == {"credits", "people", "figures", "outlines", "districts"}
    assert all(note["en"] and note["ar"] for note in jordan.notes.values())


def test_the_governorates_sum_to_the_nation(jordan: geodata.Country) -> None:
    zones = jordan.zones.set_index("zone_id")
    assert len(zones) == 12
    assert zones["population"].sum() == 11_937_000
    assert zones["urban"].sum() == 10_784_700
    assert zones["rural"].sum() == 1_152_300
    assert (zones["urban"] + zones["rural"] == zones["population"]).all()
    assert (zones["male"] + zones["female"] == zones["population"]).all()
    assert zones.loc["JO-AM", ["name_en", "name_ar", "population"]].tolist() == ["Amman", "العاصمة", 5_004_600]
    assert (zones["population"] % 100 == 0).all()


def test_people_are_conserved_urban_and_rural_apart(jordan: geodata.Country) -> None:
    held = jordan.people.pivot_table(index="zone_id", columns="settlement", values="people", aggfunc="sum")
    zones = jordan.zones.set_index("zone_id")
    assert held["urban"].tolist() == zones["urban"].tolist()
    assert held["rural"].tolist() == zones["rural"].tolist()


def test_the_points(jordan: geodata.Country) -> None:
    people = jordan.people
    assert 5_000 <= len(people) <= 10_000
    assert people["point_id"].is_unique
    assert (people["people"] > 0).all()
    assert people["people"].dtype == np.int64
    assert set(people["basis"]) == {"modelled"}
    assert set(people["method"]) == {
        "town_census_2015",
        "amman_area_2015",
        "town_geonames_weight",
        "town_typical_weight",
        "rural_spread",
        "camp_register",
    }
    assert (people["place_en"] != "").all()
    assert people["place_ar"].str.contains(r"[\u0621-\u064a]").all()


def test_camps_are_points_of_their_own(jordan: geodata.Country) -> None:
    camps = jordan.people[jordan.people["is_camp"]].set_index("place_en")["people"]
    assert camps["Zaatari camp"] == 70_292
    assert camps["Azraq camp"] == 40_569


def test_points_lie_in_their_governorate_and_none_in_the_dead_sea(jordan: geodata.Country) -> None:
    shapes = jordan.zones.set_index("zone_id").geometry
    for zone, mine in jordan.people[~jordan.people["is_camp"]].groupby("zone_id"):
        assert mine.within(shapes[zone].buffer(0.005)).all(), zone
    raw = json.loads((BUILT_IN["jordan"] / "sources" / "natural_earth_dead_sea.geojson").read_text())
    water = shapely.union_all([shapely.geometry.shape(f["geometry"]) for f in raw["features"]])
    assert not jordan.people.intersects(water).any()


def test_the_district_of_a_point_has_the_nearest_seat_of_its_governorate(jordan: geodata.Country) -> None:
    seats = jordan.districts
    at = gpd.GeoSeries(gpd.points_from_xy(seats["lon"], seats["lat"]), index=seats.index, crs="EPSG:4326")
    at, points = at.to_crs(jordan.metric_crs), jordan.people.to_crs(jordan.metric_crs).sample(200, random_state=1)
    for row in points.itertuples():
        mine = seats["zone_id"] == row.zone_id
        away = at[mine].distance(row.geometry)
        named = away[seats.loc[mine, "district_id"] == row.district_id].iloc[0]
        assert named == pytest.approx(away.min(), abs=1.0)


def test_elderly_keep_the_national_share_and_the_recorded_ones(jordan: geodata.Country) -> None:
    groups = jordan.groups.merge(pd.DataFrame(jordan.zones[["zone_id", "population"]]), on="zone_id")
    elderly = groups[groups["group"] == "elderly"].set_index("zone_id")
    heads = elderly["share"] * elderly["population"]
    assert heads.sum() / 11_937_000 == pytest.approx(0.054, abs=1e-6)
    assert heads["JO-AM"] / heads.sum() == pytest.approx(0.476, abs=1e-5)
    assert heads["JO-IR"] / heads.sum() == pytest.approx(0.176, abs=1e-5)
    assert heads["JO-AT"] / heads.sum() == pytest.approx(0.008, abs=1e-5)
    assert set(elderly.index[~elderly["national"]]) == {"JO-AM", "JO-IR", "JO-AT"}


def test_the_national_share_of_disabled_people_is_flagged(jordan: geodata.Country) -> None:
    disabled = jordan.groups[jordan.groups["group"] == "disabled"]
    assert (disabled["share"] == 0.112).all()
    assert disabled["national"].all()
    assert len(disabled) == 12


def test_every_resource_has_source_date_and_licence(jordan: geodata.Country) -> None:
    assert len(jordan.resources) > 30
    for resource in jordan.resources:
        assert resource.source, resource.name
        assert resource.licence, resource.name
        assert resource.vintage, resource.name
        assert len(resource.sha256) == 64
    people = next(r for r in jordan.resources if r.name == "people")
    assert "GeoNames" in people.licence


def test_frames_are_in_degrees_with_missing_positions_as_none(jordan: geodata.Country) -> None:
    for name in ("zones", "people", "places", "candidates", "centres", "offices"):
        frame = getattr(jordan, name)
        assert frame.crs == "EPSG:4326", name
    assert jordan.offices.geometry.isna().all()
    assert str(jordan.centres["opened_year"].dtype) == "Int64"
