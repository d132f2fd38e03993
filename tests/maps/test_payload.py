import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.figures import figures_of
from maps.payload import embedded, label_spot, outside, payload, quiet_side
from tests.maps.made_up_parts import BREAKOUT, EVIL

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_embedded_json_reads_back_and_holds_no_markup(value):
    text = embedded(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@pytest.mark.parametrize("name", [EVIL, BREAKOUT, "<!--", "]]>", "\u2028\u2029"])
def test_a_name_cannot_end_the_script(name):
    assert "<" not in embedded({"name": name})
    assert json.loads(embedded({"name": name}))["name"] == name


def test_columns_hold_every_point_once(run):
    data = payload(run)
    demand = run.layer("demand")
    points = data["demand"]
    assert sum(points["people"]) == run.info["totals"]["population"]
    for key in ("lat", "lon", "people", "place", "urban", "limit"):
        assert len(points[key]) == len(demand)
    for k, year in enumerate(data["years"]):
        keys = [data["bands"][int(digit)]["key"] for digit in points["band"][k]]
        assert keys == list(demand[f"band_{year}"])
        assert [m is None for m in points["minutes"][k]] == list(demand[f"minutes_{year}"].isna())


def test_both_languages_hold_the_same_things(run):
    arabic, english = (payload(run)["languages"][code] for code in ("ar", "en"))
    assert arabic.keys() == english.keys()
    for key in ("years", "zones", "sites", "candidates", "places"):
        assert len(arabic[key]) == len(english[key])
    assert arabic["places"][0].startswith("مكان")
    assert english["places"][0].startswith("Place")


def test_a_missing_name_is_said_in_the_other_language(run, monkeypatch):
    demand = run.layer("demand").assign(place_ar=None)
    layer = type(run).layer
    monkeypatch.setattr(type(run), "layer", lambda self, name: demand if name == "demand" else layer(self, name))
    assert payload(run)["languages"]["ar"]["places"][0].startswith("Place")


def test_the_legend_goes_to_the_emptier_lower_corner():
    def zones(*boxes):
        return gpd.GeoDataFrame(geometry=[shapely.box(*box) for box in boxes], crs=4326)

    assert quiet_side(zones((0, 0, 1, 3), (0, 2, 3, 3))) == "right"
    assert quiet_side(zones((2, 0, 3, 3), (0, 2, 3, 3))) == "left"
    assert quiet_side(zones((0, 0, 3, 3))) == "right"


def test_a_label_stands_inside_the_largest_part():
    small, large = shapely.box(0, 0, 1, 1), shapely.box(5, 0, 8, 3)
    spot = label_spot(shapely.MultiPolygon([small, large]))
    assert large.contains(spot)
    assert spot.distance(shapely.Point(6.5, 1.5)) < 0.2


def test_the_toy_run_fits(toy):
    data = payload(toy)
    assert sum(data["demand"]["people"]) == toy.info["totals"]["population"]
    assert len(data["sites"]) == len(toy.info["sites"])
    assert data["proven"] is True


def test_the_limit_itself_is_within_and_no_route_is_apart():
    demand = pd.DataFrame({"limit_minutes": [30.0] * 4, "minutes_2025": [30.0, 30.01, float("nan"), float("inf")]})
    assert list(outside(demand, 2025)) == [False, True, False, False]


def test_points_outside_add_up_to_the_total_of_the_toy(toy):
    data = payload(toy)
    for k, year in enumerate(data["years"]):
        flags = data["demand"]["outside"][k]
        people = sum(n for n, flag in zip(data["demand"]["people"], flags, strict=True) if flag == "1")
        assert people == toy.info["totals_by_year"][str(year)]["out_of_standard"]


def test_only_one_worst_governorate_is_marked(run):
    figures, zones = figures_of(run), list(run.layer("governorates")["zone_id"])
    data = payload(run)
    for marked, year in zip(data["worst"], data["years"], strict=True):
        worst, _ = figures.worst_off(year)
        assert [zones[k] for k in marked] == (worst if len(worst) == 1 else [])
    assert len(data["worst"][-1]) == 1
