"""
How many people each named place of Jordan had at the end of 2025, urban and rural apart.

Old figures are used as relative weights inside a governorate; its urban and rural totals
of 2025 are never touched. Steps, each a function below:

1. `district_totals`: a district with a recorded figure (Amman's nine 2015, Irbid's nine
   2004, Balqa's five 2004) keeps its share of its governorate. Figures of 2004 are first
   carried to 2015: recorded towns to their census figure of 2015, the rest of all
   districts by one factor, so that the governorate's census of 2015 is met.
2. `towns`: census 2015 for 21 towns, the areas of Greater Amman 2015; for other places the
   GeoNames figure, taken to be of about 2004 (assumed); where none is known, the median
   of the known of its class (seats of districts, other places).
3. `urban_people`: in each group (a district with a total, else the governorate without
   its camps) recorded towns keep their figure, the others share what is left, at most
   STRETCH times their weight; a remainder is shared by all in proportion.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from geodata.jordan_build.projection import points
from geodata.jordan_build.rows import rows

STRETCH = 2.0  # assumed: how far a weight may be scaled up before all towns share the remainder
URBAN_FROM = 5000  # the Department of Statistics counts localities of 5,000 and more as urban
NOT_SETTLED = ("junction", "airport", "border", "JO-AM-umm-as-summaq")  # the last is part of an area of Amman
SECOND_QUARTERS = {  # areas of Greater Amman named after two placed quarters: half the people each (assumed)
    "JO-AM-jawa": "JO-AM-khreibet-as-souq",
    "JO-AM-jweideh": "JO-AM-quweismeh",
}
DISTRICT_NAMES = {
    "Al-Jami'ah": "JO-AM-jamia",
    "Jizah": "JO-AM-jiza",
    "Muwaqqar": "JO-AM-muwaqqar",
    "Quwaysimah": "JO-AM-quweismeh",
    "Marka": "JO-AM-marka",
    "Na'ur": "JO-AM-naur",
    "Amman Qasabah": "JO-AM-qasaba",
    "Sahab": "JO-AM-sahab",
    "Wadi as-Sir": "JO-AM-wadi-as-sir",
    "Irbid Qasabah": "JO-IR-qasaba",
    "Bani Obaid": "JO-IR-bani-ubeid",
    "Mazar Shamali": "JO-IR-mazar-north",
    "Ramtha": "JO-IR-ramtha",
    "Bani Kinanah": "JO-IR-bani-kinana",
    "Koura": "JO-IR-koura",
    "Aghwar Shamaliyyeh": "JO-IR-northern-ghor",
    "Taybeh": "JO-IR-taybeh",
    "Wasatieh": "JO-IR-wasatiyya",
    "Salt Qasabah": "JO-BA-qasaba",
    "Shunah Janubiyah": "JO-BA-south-shuneh",
    "Deir Alla": "JO-BA-deir-alla",
    "Ain Al Basha": "JO-BA-ain-al-basha",
    "Mahis and Fuheis": "JO-BA-mahis-fuheis",
}


def governorate_censuses(sources: Path) -> pd.DataFrame:
    """Census population by zone_id (table) and year (columns 1994, 2004, 2015)."""
    table = pd.read_csv(sources / "governorate_population.csv")
    ids = pd.read_csv(sources / "governorates.csv").set_index("name_en")["iso_3166_2"]
    table = table[(table["kind"] == "census") & table["governorate"].isin(ids.index)]
    table = table.assign(zone_id=table["governorate"].map(ids), date=table["date"].astype(int))
    return table.pivot_table(index="zone_id", columns="date", values="population", aggfunc="first")


def recorded_towns(sources: Path) -> pd.DataFrame:
    """
    Towns and areas of Greater Amman with census figures.

    Returns place_id, district_id, people_2015, people_2004 (NaN for areas), method.
    """
    cities = pd.read_csv(sources / "city_population.csv")
    by_year = cities[cities["kind"] == "census"].pivot_table(index="city", columns="year", values="population")
    homes = pd.read_csv(sources / "city_districts.csv").dropna(subset=["place_id"]).set_index("city")
    towns = homes[["place_id", "district_id"]].join(by_year[[2015, 2004]]).reset_index(drop=True)
    towns.columns = pd.Index(["place_id", "district_id", "people_2015", "people_2004"])
    areas = pd.read_csv(sources / "gam_area_populations.csv")
    places = pd.read_csv(sources / "gam_areas.csv").set_index("area")["place_id"]
    area_rows = pd.DataFrame(
        {
            "place_id": areas["area"].map(places),
            "district_id": areas["district_id"],
            "people_2015": areas["population_2015_used"].astype(float),
            "people_2004": np.nan,
        }
    )
    for second, first in SECOND_QUARTERS.items():
        here = area_rows["place_id"] == first
        area_rows.loc[here, "people_2015"] /= 2
        area_rows = pd.concat([area_rows, area_rows[here].assign(place_id=second)], ignore_index=True)
    return pd.concat(
        [towns.assign(method="town_census_2015"), area_rows.assign(method="amman_area_2015")], ignore_index=True
    )


def district_totals(sources: Path, zones: pd.DataFrame) -> pd.Series:
    """Return people at the end of 2025 by district_id, for the districts with a recorded figure."""
    table = pd.read_csv(sources / "district_population.csv")
    table = table.assign(district_id=table["district_en"].map(DISTRICT_NAMES))
    latest = table.sort_values("year").groupby("district_id").last()
    zone = latest.index.str[:5]
    censuses = governorate_censuses(sources)
    towns = recorded_towns(sources)
    carried = latest["population"].astype(float)
    for zone_id in ("JO-IR", "JO-BA"):
        here = latest.index[zone == zone_id]
        known = towns[towns["district_id"].isin(here)].groupby("district_id")[["people_2004", "people_2015"]].sum()
        known = known.reindex(here, fill_value=0.0)
        rest = carried[here] - known["people_2004"]
        growth = (float(censuses[2015][zone_id]) - known["people_2015"].sum()) / rest.sum()
        carried[here] = known["people_2015"] + rest * growth
    population = zones.set_index("zone_id")["population"]
    share = carried / carried.groupby(zone).transform("sum")
    totals: pd.Series = share * population.reindex(zone).to_numpy()
    return totals


def towns(folder: Path) -> pd.DataFrame:
    """
    Return one row a settled place, weights carried to 2025.

    place_id, place_en, place_ar, zone_id, district_id (nearest seat of its governorate, or
    recorded), x, y, weight (people of 2025 if its governorate grew evenly), recorded (bool),
    method.
    """
    places = pd.read_csv(folder / "places.csv")
    places = places[~places["place_id"].str.contains("|".join(NOT_SETTLED)) & ~places["place_id"].str.endswith("-camp")]
    places = places.sort_values("place_id", ignore_index=True)
    seats = pd.read_csv(folder / "districts.csv")
    there = points(places["lon"], places["lat"])
    table = places[["place_id", "zone_id"]].assign(
        place_en=places["name_en"], place_ar=places["name_ar"], x=there.x, y=there.y
    )
    table["district_id"] = _home_district(table, seats, folder / "sources")
    return _weighted(table, places, folder / "sources")


def _home_district(table: pd.DataFrame, seats: pd.DataFrame, sources: Path) -> pd.Series:
    """Nearest seat, valley places among valley seats and upland ones among upland seats where there are both."""
    valley = set(pd.read_csv(sources / "valley_places.csv")["place_id"])
    low_seats = pd.read_csv(sources / "district_seats.csv")
    low = seats["district_id"].isin(low_seats.loc[low_seats["seat_place_id"].isin(valley), "district_id"])
    result = nearest_seat(table, seats)
    for is_low in (True, False):
        here = table["place_id"].isin(valley) == is_low
        here &= table["zone_id"].isin(seats.loc[low == is_low, "zone_id"])
        result[here] = nearest_seat(table[here], seats[low == is_low])
    return result


def nearest_seat(table: pd.DataFrame, seats: pd.DataFrame) -> pd.Series:
    """Return the district whose seat is nearest among those of the row's own zone (x, y in metres)."""
    there = points(seats["lon"], seats["lat"])
    result = pd.Series("", index=table.index, dtype=object)
    for zone_id, group in table.groupby("zone_id"):
        mine = (seats["zone_id"] == zone_id).to_numpy()
        away = cdist(group[["x", "y"]], np.column_stack([there.x, there.y])[mine])
        result.loc[group.index] = seats.loc[mine, "district_id"].to_numpy()[np.argmin(away, axis=1)]
    return result


def _weighted(table: pd.DataFrame, places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    geonames = places["population"]
    figures = pd.read_csv(sources / "governorates.csv").set_index("iso_3166_2")["population_end_2025"]
    censuses = governorate_censuses(sources)
    since_2015, since_2004 = figures / censuses[2015], figures / censuses[2004]
    recorded = recorded_towns(sources)
    sums = recorded.groupby("place_id")["people_2015"].sum()
    firsts = recorded.groupby("place_id")[["method", "district_id"]].first()
    table = table.copy()
    table["recorded"] = table["place_id"].isin(sums.index)
    table["method"] = table["place_id"].map(firsts["method"])
    known_home = table["place_id"].map(firsts["district_id"])
    table["district_id"] = known_home.where(known_home.notna(), table["district_id"])
    is_seat = table["place_id"].isin(_seat_places(sources))
    other = ~table["recorded"]
    municipal = set(pd.read_csv(sources / "municipality_places.csv")["place_id"].dropna())
    listed = places["source"].str.startswith("GeoNames") | places["place_id"].isin(municipal)
    known = other & geonames.notna()
    typical = {flag: float(geonames[known & (is_seat == flag)].median()) for flag in (True, False)}
    weight = geonames.where(known, is_seat.map(typical)) * table["zone_id"].map(since_2004)
    carried = table["place_id"].map(sums) * table["zone_id"].map(since_2015)
    table["weight"] = np.where(table["recorded"], carried, weight)
    table.loc[other & ~listed, "weight"] = 0.0  # neither in GeoNames nor the seat of a municipality: no town
    table.loc[other, "method"] = np.where(known[other], "town_geonames_weight", "town_typical_weight")
    table["area_km2"] = table["place_id"].map(area_sizes(sources))
    return table


def area_sizes(sources: Path) -> pd.Series:
    """
    Square kilometres of each area of Greater Amman by place_id, as printed.

    Where the printed figure looks wrong, the people at the median density of the others.
    """
    areas = pd.read_csv(sources / "gam_area_populations.csv")
    homes = pd.read_csv(sources / "gam_areas.csv").set_index("area")["place_id"]
    people, size = areas["population_2015_used"], areas["area_km2_as_printed"]
    doubtful = areas["note"].fillna("").str.contains("looks wrong")
    density = float((people / size)[~doubtful].median())
    sizes = pd.Series(size.where(~doubtful, people / density).to_numpy(), index=areas["area"].map(homes))
    for second, first in SECOND_QUARTERS.items():
        sizes[first] /= 2
        sizes[second] = sizes[first]
    return sizes


def _seat_places(sources: Path) -> set[str]:
    return set(pd.read_csv(sources / "district_seats.csv")["seat_place_id"].dropna())


def shares(
    folder: Path, places: pd.DataFrame, zones: pd.DataFrame, camps: pd.DataFrame, nearness: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Return (`places` with their urban `people`, groups with their `rural` people).

    `nearness` is the rural weight of each district's land, by district_id.

    A group is a district with a recorded total, or else what is left of the governorate;
    groups have group_id, zone_id, urban, rural. Urban and rural of a zone's groups sum to
    the zone's totals without its camps, which count as urban (assumed).
    """
    places = places.copy()
    totals = district_totals(folder / "sources", zones)
    places["group_id"] = places["district_id"].where(places["district_id"].isin(totals.index), places["zone_id"])
    groups = _groups(places, totals, zones, camps, nearness)
    places["urban"] = places["recorded"] | (places["weight"] >= URBAN_FROM)
    places["people"] = 0.0
    for group in rows(groups):
        here = places.index[(places["group_id"] == group.group_id) & places["urban"]]
        places.loc[here, "people"] = urban_people(
            places.loc[here, "weight"].to_numpy(), places.loc[here, "recorded"].to_numpy(), group.urban
        )
    return places, groups


def urban_people(weight: NDArray[np.float64], recorded: NDArray[np.bool_], total: float) -> NDArray[np.float64]:
    """Step 3: share `total` among towns; recorded ones keep their weight as far as that fits."""
    people = weight.astype(float).copy()
    left = total - people[recorded].sum()
    others = people[~recorded].sum()
    if others > 0:
        people[~recorded] *= float(np.clip(left / others, 0.0, STRETCH))
    result: NDArray[np.float64] = people * total / people.sum()
    return result


def _groups(
    places: pd.DataFrame, totals: pd.Series, zones: pd.DataFrame, camps: pd.DataFrame, nearness: pd.Series
) -> pd.DataFrame:
    """Split each zone's urban and rural totals over its groups; rural people by `nearness`."""
    table = []
    held = camps.groupby("zone_id")["people"].sum()
    towns_in = places[places["recorded"]].groupby("group_id")["weight"].sum()
    for zone in rows(zones):
        mine = totals[totals.index.str[:5] == zone.zone_id]
        if mine.empty:
            urban = zone.urban - float(held.get(zone.zone_id, 0))
            table.append((zone.zone_id, zone.zone_id, urban, float(zone.rural)))
            continue
        outside = (mine - towns_in.reindex(mine.index, fill_value=0.0)).clip(lower=0.0)
        rural = capped_shares(nearness.reindex(mine.index, fill_value=0.0), outside, float(zone.rural))
        table.extend((name, zone.zone_id, mine[name] - rural[name], rural[name]) for name in mine.index)
    return pd.DataFrame(table, columns=["group_id", "zone_id", "urban", "rural"])


def capped_shares(weight: pd.Series, cap: pd.Series, total: float) -> pd.Series:
    """Share `total` in proportion to `weight`, none above its `cap`; what is cut off goes to the others."""
    result = pd.Series(0.0, index=weight.index)
    open_ = cap > 0
    while open_.any() and total - result.sum() > 1e-6:
        result[open_] += (total - result.sum()) * weight[open_] / weight[open_].sum()
        full = result >= cap
        result, open_ = result.clip(upper=cap), open_ & ~full
    return result
