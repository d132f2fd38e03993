"""Who relies on a long way off the road: whose nearest road is far, and nobody where no way may be so long."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest

from geodata.country import Country
from planning.siting import Request, journeys_of, site_programme
from scenarios.sections.travel import TravelPart
from scenarios.studies.case import Case
from scenarios.studies.long_legs import study
from tests.toy import toy_country, toy_programme


def reaching(km: float) -> Country:
    """The toy, its legs as long as this; the hamlet lies 80 km north of its road."""
    country = toy_country()
    return replace(country, roads=replace(country.roads, rules=replace(country.roads.rules, access_limit_m=km * 1000)))


def case_of(country: Country, travel: TravelPart | None = None) -> Case:
    scenario = SimpleNamespace(settings=SimpleNamespace(travel=travel), folder=None)
    request = Request(country, toy_programme())
    return Case(scenario, country, request, journeys_of(request), site_programme(request))


def apart(country: Country) -> np.ndarray:
    """Straight metres of each point from its nearest road node."""
    flat = country.people.geometry.to_crs(country.metric_crs)
    nodes = gpd.GeoSeries(gpd.points_from_xy(country.roads.lon, country.roads.lat), crs=4326).to_crs(country.metric_crs)
    return np.array([nodes.distance(point).min() for point in flat])


@pytest.mark.parametrize(("km", "hamlet"), [(100, True), (40, False)])
def test_whose_nearest_road_is_far_has_no_other_way(km: float, hamlet: bool):
    """With legs of 40 km the hamlet, 80 km away, has none at all: it is unreachable, which is said elsewhere."""
    country = reaching(km)
    record = study(case_of(country)).record["long_legs"]
    far = (apart(country) > 10_000) & (apart(country) <= km * 1000)
    people = country.people["people"].to_numpy()
    assert far[-1] == hamlet
    assert 0 < record["no_other_way"] == people[far].sum() <= record["people"] < people.sum() / 2
    assert (record["beyond_km"], record["limit_km"], record["year"]) == (10, km, 2025)
    assert sum(place["people"] for place in record["places"]) <= record["people"]
    assert record["places"] == sorted(record["places"], key=lambda place: -place["people"])


@pytest.mark.parametrize("km", [9.0, 10.0])
def test_nobody_relies_on_what_is_not_allowed(km: float):
    assert study(case_of(reaching(km))) is None


def test_the_scenario_sets_the_longest():
    country = reaching(100)
    travel = TravelPart.model_validate({"off_road": {"longest_leg_km": 10}})
    assert study(case_of(country, travel)) is None
    longer = TravelPart.model_validate({"off_road": {"longest_leg_km": 90}})
    assert study(case_of(country, longer)).record["long_legs"]["limit_km"] == 90
