"""What the built-in roads of Jordan achieve: against published distances and times, and the clock."""

from __future__ import annotations

import dataclasses
import itertools
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import geodata
from geodata.country import Country
from geodata.jordan_build.fit import fit
from geodata.jordan_build.pairs import errors, predict, read_pairs
from geodata.roads import read_roads
from planning.travel import travel, unreachable
from tests.toy import toy_country

PACK = Path(geodata.__file__).parent / "jordan"
CRS = "+proj=laea +lat_0=31.25 +lon_0=37 +datum=WGS84 +units=m"


@pytest.fixture(scope="module")
def roads():
    return read_roads(PACK / "road_nodes.csv", PACK / "road_edges.csv", PACK / "travel_rules.yaml")


@pytest.fixture(scope="module")
def pairs():
    return read_pairs(PACK / "sources")


def jordan(roads, origins: gpd.GeoSeries, sites: gpd.GeoSeries) -> Country:
    people = gpd.GeoDataFrame(
        {"settlement": "urban"}, geometry=origins.to_numpy(), index=range(len(origins)), crs=origins.crs
    )
    ends = gpd.GeoDataFrame({"site_id": range(len(sites))}, geometry=sites.to_numpy(), crs=sites.crs)
    return dataclasses.replace(toy_country(), metric_crs=CRS, roads=roads, people=people, candidates=ends)


def at_nodes(roads) -> gpd.GeoSeries:
    return gpd.GeoSeries(gpd.points_from_xy(roads.lon, roads.lat), index=roads.node_id, crs="EPSG:4326")


@pytest.fixture(scope="module")
def judged(roads, pairs):
    """The pairs with the minutes and km of `travel`, legs and rounding included."""
    places = at_nodes(roads)
    journeys = travel(jordan(roads, places, places))
    at = {name: i for i, name in enumerate(roads.node_id)}
    result = pairs.copy()
    for row in pairs.itertuples():
        stops = [at[name] for name in (row.a, row.via, row.b) if name]
        legs = list(itertools.pairwise(stops))
        result.loc[row.Index, "model_minutes"] = sum(journeys.minutes[leg] for leg in legs)
        result.loc[row.Index, "model_km"] = sum(journeys.metres[leg] for leg in legs) / 1000.0
    return result


@pytest.mark.parametrize(("measure", "aim", "reached"), [("km", 0.10, 0.075), ("minutes", 0.15, 0.125)])
def test_held_out_median_errors_hold(judged, measure, aim, reached):
    table = errors(judged).set_index(["half", "measure"])
    assert table.loc[("held out", measure), "median_error"] <= reached < aim


def test_the_split_is_by_pair_and_no_bus_gives_a_driving_time(pairs):
    assert not pairs.duplicated(["a", "b", "via"]).any()
    assert pairs["half"].value_counts().to_dict() == {"fit": 17, "held out": 16}
    timed = pairs[pairs["minutes"].notna()]
    assert timed["half"].value_counts().to_dict() == {"fit": 5, "held out": 4}
    irbid = pairs[(pairs["a"] == "JO-AM-amman") & (pairs["b"] == "JO-IR-irbid") & (pairs["via"] == "")]
    assert irbid["minutes"].isna().all()
    assert (irbid["km_low"].item(), irbid["km_high"].item()) == (65.0, 85.0)


def test_travel_agrees_with_the_graph_alone_or_is_nearer_by_a_direct_way(judged, roads, pairs):
    alone = predict(roads, pairs)
    assert (judged["model_minutes"] <= alone["model_minutes"] + 0.1).all()
    assert (judged["model_minutes"] >= alone["model_minutes"] * 0.97 - 0.2).all()


@pytest.mark.slow
def test_the_fit_gives_the_figures_of_the_travel_rules(roads):
    found = fit(PACK)
    rules = roads.rules
    assert {name: found[f"detour {name}"] for name in rules.road_detour} == rules.road_detour
    assert (found["highway km/h"], found["main km/h"]) == (rules.speed_kmh["highway"], rules.speed_kmh["main"])


def test_every_place_reaches_every_place(roads):
    places = at_nodes(roads)
    assert np.isfinite(travel(jordan(roads, places, places)).minutes).all()


@pytest.mark.parametrize(
    ("a", "b", "at_least"),
    [
        ("JO-MD-dhiban", "JO-KA-mughayyir-karak", 15.0),  # Wadi Mujib: 10 km apart, a long descent
        ("JO-KA-karak", "JO-KA-ghor-al-mazraa", 25.0),  # the escarpment of the Dead Sea
        ("JO-MD-mukawir", "JO-BA-sweimeh", 40.0),  # the cliffs above the Dead Sea
    ],
)
def test_gorges_and_escarpments_are_not_crossed_in_a_straight_line(roads, a, b, at_least):
    places = at_nodes(roads)
    journeys = travel(jordan(roads, places[[a]], places[[b]]))
    assert journeys.minutes[0, 0] >= at_least


def test_8000_points_and_250_sites_take_seconds(roads):
    random = np.random.default_rng(7)
    places = at_nodes(roads)

    def scattered(n: int) -> gpd.GeoSeries:
        some = places.iloc[random.integers(0, len(places), n)]
        lon, lat = some.x + random.normal(0, 0.03, n), some.y + random.normal(0, 0.03, n)
        return gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326")

    country = jordan(roads, scattered(8000), scattered(250))
    began = time.perf_counter()
    journeys = travel(country)
    assert time.perf_counter() - began < 20.0
    assert journeys.minutes.shape == (8000, 250)


def test_the_built_in_country_reaches_everyone():
    country = geodata.load("jordan")
    journeys = travel(country)
    assert journeys.minutes.shape == (len(country.people), len(country.candidates))
    assert isinstance(unreachable(country, journeys), pd.DataFrame)
    assert unreachable(country, journeys)["people"].sum() == 0
