"""The named places, districts, candidates, centres and offices of the built-in Jordan."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from scipy.sparse.csgraph import connected_components

import geodata
from geodata.jordan_build import candidates, centres, places, roads
from geodata.roads import read_roads

PACK = Path(geodata.__file__).parent / "jordan"
ARABIC = re.compile(r"^[\u0621-\u0652 ()،]+$")  # no Persian, Kurdish or Urdu letter, no digit
ZONES = {
    "JO-AM": "Amman",
    "JO-BA": "Balqa",
    "JO-AZ": "Zarqa",
    "JO-MD": "Madaba",
    "JO-IR": "Irbid",
    "JO-MA": "Mafraq",
    "JO-JA": "Jarash",
    "JO-AJ": "Ajlun",
    "JO-KA": "Karak",
    "JO-AT": "Tafilah",
    "JO-MN": "Maan",
    "JO-AQ": "Aqaba",
}


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(PACK / f"{name}.csv")


@pytest.mark.parametrize("name", ["places", "districts", "candidates", "centres", "offices"])
def test_every_name_is_arabic_in_arabic_letters_and_latin_in_english(name):
    rows = table(name)
    assert rows["name_ar"].map(lambda text: bool(ARABIC.match(text))).all()
    assert rows["name_en"].str.isascii().all()


def test_no_two_places_share_both_name_and_zone():
    rows = table("places")
    assert not rows.duplicated(["name_ar", "zone_id"]).any()
    assert not rows.duplicated(["name_en"]).any()
    assert rows["place_id"].is_unique


def test_a_place_without_a_recorded_population_has_none_rather_than_zero():
    people = table("places")["population"]
    assert people.isna().any()
    assert (people.dropna() > 0).all()


def test_known_mistakes_of_the_sources_are_mended():
    rows = table("places").set_index("place_id")
    assert rows.loc["JO-AM-sweileh", "zone_id"] == "JO-AM"
    assert rows.loc["JO-KA-karak", "zone_id"] == "JO-KA"
    assert np.isnan(rows.loc["JO-AJ-ajloun", "population"])
    assert not rows["name_en"].str.contains("Rukban").any()


def test_the_areas_of_greater_amman_carry_their_people_once():
    areas = pd.read_csv(PACK / "sources" / "gam_areas.csv")["place_id"]
    rows = table("places").set_index("place_id")
    assert len(areas) == 22
    assert rows.loc[areas, "population"].sum() == 3_521_207


def test_there_are_51_liwas_and_every_zone_has_a_seat():
    rows = table("districts")
    assert len(rows) == 51
    assert set(rows["zone_id"]) == set(ZONES)
    assert rows["name_ar"].str.startswith("لواء ").all()
    assert rows["position_basis"].value_counts().to_dict() == {"inferred": 35, "cited": 14, "modelled": 2}


def test_modelled_places_say_by_what_rule():
    rows = table("places")
    modelled = rows[rows["basis"] == "modelled"]
    assert modelled["source"].str.contains("placed ").all()
    assert set(rows["basis"]) == {"reported", "modelled"}


def test_candidates_are_enough_named_and_apart():
    rows = table("candidates")
    assert len(rows) >= 150
    assert rows["in_capital_city"].sum() >= 20
    assert set(rows["zone_id"]) == set(ZONES)
    proposed = rows[rows["origin"] != "existing_centre"]
    i, j = np.triu_indices(len(proposed), 1)
    lon, lat = proposed["lon"].to_numpy(), proposed["lat"].to_numpy()
    assert Geod(ellps="WGS84").inv(lon[i], lat[i], lon[j], lat[j])[2].min() >= candidates.LEAST_APART_M


def test_a_candidate_is_modelled_exactly_where_its_place_is():
    rows = table("candidates").merge(table("places"), left_on="site_id", right_on="place_id", suffixes=("", "_place"))
    assert ((rows["position_basis"] == "modelled") == (rows["basis"] == "modelled")).all()


def test_every_candidate_has_a_district_of_its_zone():
    districts = table("districts").set_index("district_id")["zone_id"]
    rows = table("candidates")
    assert (rows["district_id"].map(districts) == rows["zone_id"]).all()


def test_existing_centres_stand_at_candidates():
    sites = table("candidates").set_index("site_id")
    rows = table("centres")
    open_ones = rows[rows["status"] == "open"]
    assert len(open_ones) == 11
    assert (sites.loc[open_ones["site_id"], "origin"] == "existing_centre").all()
    pilot = rows[rows["site_id"] == "JO-AM-muqabalain"].iloc[0]
    assert (pilot["opened_year"], pilot["services_count"], pilot["status"]) == (2022, 153, "open")
    airport = rows[rows["kind"] == "partial"]
    assert airport[["site_id", "services_count"]].to_numpy().tolist() == [["JO-AM-queen-alia-airport", 61]]


def test_what_is_not_known_is_empty_and_never_zero():
    rows = table("centres").set_index("centre_id")
    planned = rows.loc[["JO-AM-centre-west-amman", "JO-AM-centre-north-amman"]]
    assert planned[["lon", "lat", "opened_year", "services_count"]].isna().all(axis=None)
    assert (planned["status"] == "under_construction").all()
    assert table("offices")[["lon", "lat"]].isna().all(axis=None)
    assert rows.loc["JO-BA-centre-salt", "status"] == "unknown"


def test_no_coordinate_of_an_odbl_source_is_carried():
    text = (PACK / "sources" / "civil_status_offices.csv").read_text(encoding="utf-8")
    assert not re.search(r"3[0-9]\.[0-9]{3}", text)
    assert "OpenStreetMap" not in text


def test_the_roads_hang_together_and_name_every_place():
    graph = read_roads(PACK / "road_nodes.csv", PACK / "road_edges.csv", PACK / "travel_rules.yaml")
    assert set(graph.node_id) == set(table("places")["place_id"])
    assert connected_components(graph.csr("minutes"), connection="strong")[0] == 1
    assert np.abs(graph.csr("minutes") - graph.csr("minutes").T).max() < 1e-9


def test_secondary_links_keep_to_their_region():
    nodes, edges = table("road_nodes").set_index("node_id"), table("road_edges")
    links = edges[edges["road_class"] == "secondary"]
    assert (nodes.loc[links["start"], "region"].to_numpy() == nodes.loc[links["end"], "region"].to_numpy()).all()


def test_rebuilding_gives_the_same_files(tmp_path):
    (tmp_path / "sources").symlink_to(PACK / "sources")
    (tmp_path / "travel_rules.yaml").symlink_to(PACK / "travel_rules.yaml")
    for step in (places, roads, candidates, centres):
        step.build(tmp_path)
    made = sorted(path.name for path in tmp_path.glob("*.csv"))
    assert len(made) == 7
    for name in made:
        assert (tmp_path / name).read_bytes() == (PACK / name).read_bytes(), name


def test_places_lie_in_the_governorate_they_name(shared_data):
    outlines = gpd.read_file(shared_data / "jordan" / "governorates_osm.gpkg").set_index("name_en").to_crs(32636)
    rows = table("places")
    points = gpd.GeoSeries(gpd.points_from_xy(rows["lon"], rows["lat"]), crs="EPSG:4326").to_crs(32636)
    far = [outlines.geometry[ZONES[zone]].distance(point) for zone, point in zip(rows["zone_id"], points, strict=True)]
    assert max(far) < 2000.0
    assert (np.array(far) > 0).sum() <= 3
