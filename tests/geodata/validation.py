"""
How the modelled people compare with the districts that only tests may see.

Points are assigned to the polygons of an OpenStreetMap layer; people per district are
rescaled to the total of their governorate. Two ways: `plain`, the polygon a point lies in
(the nearest if in none), and `own`, the nearest polygon of the point's own governorate.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geodata.country import Country

DOUBTFUL = "Bani Obeid District"  # repeats the figure of Bani Kenanah
APART = ("JO-AM", "JO-AQ")  # no information beyond 2015; about 20,000 short
OSM_NAMES = {
    "Balqa": "JO-BA",
    "Zarqa": "JO-AZ",
    "Jarash": "JO-JA",
    "Mafraq": "JO-MA",
    "Ajlun": "JO-AJ",
    "Irbid": "JO-IR",
    "Amman": "JO-AM",
    "Aqaba": "JO-AQ",
    "Karak": "JO-KA",
    "Maan": "JO-MN",
    "Madaba": "JO-MD",
    "Tafilah": "JO-AT",
}


def osm_governorates(shared: Path) -> gpd.GeoSeries:
    """Outlines of OpenStreetMap by zone id."""
    raw = gpd.read_file(shared / "jordan" / "governorates_osm.gpkg")
    return gpd.GeoSeries(raw.geometry.to_numpy(), index=raw["name_en"].map(OSM_NAMES), crs=raw.crs)


def overlap(ours: gpd.GeoSeries, theirs: gpd.GeoSeries) -> pd.Series:
    """Intersection over union by zone, on an equal-area plane."""
    a, b = ours.to_crs("EPSG:6933"), theirs.to_crs("EPSG:6933")
    return pd.Series({zone: a[zone].intersection(b[zone]).area / a[zone].union(b[zone]).area for zone in a.index})


def districts(shared: Path, country: Country) -> gpd.GeoDataFrame:
    """District name (index), zone_id, recorded people of 2024, geometry in the metric plane."""
    raw = gpd.read_file(shared / "jordan" / "districts_osm.gpkg").set_index("name_en")
    table = pd.read_csv(shared / "jordan" / "facts" / "district_population_2024_testonly.csv").set_index("district_en")
    zones = country.zones.set_index("name_en")["zone_id"]
    frame = gpd.GeoDataFrame(
        {"zone_id": table["governorate"].map(zones), "recorded": table["population"]}, geometry=raw.geometry
    )
    return frame.set_crs(raw.crs).to_crs(country.metric_crs)


def compare(shared: Path, country: Country, *, own: bool) -> pd.DataFrame:
    """Return zone_id, recorded, modelled (rescaled), by district; the doubtful one is left out."""
    homes = districts(shared, country)
    points = country.people.to_crs(country.metric_crs)[["zone_id", "people", "geometry"]]
    if own:
        zones = {zone: mine.drop(columns="zone_id") for zone, mine in homes.groupby("zone_id")}
        parts = [_nearest(mine, zones[zone]) for zone, mine in points.groupby("zone_id")]
        held = pd.concat(parts)
    else:
        held = _nearest(points, homes.drop(columns="zone_id"))
    people = held.groupby("name_en")["people"].sum().reindex(homes.index, fill_value=0)
    table = pd.DataFrame({"zone_id": homes["zone_id"], "recorded": homes["recorded"], "people": people})
    table = table.drop(index=DOUBTFUL)
    sums = table.groupby("zone_id")[["recorded", "people"]].transform("sum")
    return table.assign(modelled=table["people"] / sums["people"] * sums["recorded"])


def _nearest(points: gpd.GeoDataFrame, homes: gpd.GeoDataFrame) -> pd.DataFrame:
    named = homes[["geometry"]].assign(name_en=homes.index)
    joined = points.sjoin_nearest(named)
    return joined[~joined.index.duplicated()]


def wmape(table: pd.DataFrame) -> float:
    """Weighted mean absolute percentage error: sum of absolute errors over sum of recorded."""
    return float((table["modelled"] - table["recorded"]).abs().sum() / table["recorded"].sum())
