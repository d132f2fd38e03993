"""
Write `candidates.csv` of the Jordan pack: where a centre could stand.

Every candidate stands at a named place. A place is a candidate when a service centre is
recorded there, when it is the seat of a liwa, an area of Greater Amman, a municipality or a
recorded service office, or when it has at least `LEAST_PEOPLE` by its record or by being
listed in GeoNames cities500. A place that is several of
these is listed once, as the first of `PRECEDENCE`; of two places nearer than
`LEAST_APART_M` the later in that order is left out, unless it is an existing centre.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Geod

from geodata.jordan_build.rows import rows

PRECEDENCE = ("existing_centre", "liwa_seat", "gam_area", "municipality", "service_point", "place")
LEAST_PEOPLE = 500
LEAST_APART_M = 1000.0
MUQABALAIN_NOTE = "the neighbourhood, to the minute of arc (Arabic Wikipedia); not the building"
GEOD = Geod(ellps="WGS84")


def build(folder: Path) -> None:
    """Write `candidates.csv` into the pack's `folder`; places, districts and road nodes stand there."""
    sources = folder / "sources"
    places = pd.read_csv(folder / "places.csv")
    districts = pd.read_csv(folder / "districts.csv")
    listed = _named_for_areas(_origins(places, districts, sources), sources)
    listed = _centres_first(listed, places, sources)
    listed["order"] = listed["origin"].map({name: at for at, name in enumerate(PRECEDENCE)})
    listed = _apart(listed.sort_values(["order", "site_id"], ignore_index=True))
    nodes = pd.read_csv(folder / "road_nodes.csv").set_index("node_id")["in_capital_city"]
    listed["in_capital_city"] = listed["place_id"].map(nodes).map({True: "true", False: "false"})
    listed["district_id"] = [_nearest_district(row, districts) for row in rows(listed)]
    columns = ["site_id", "name_en", "name_ar", "zone_id", "district_id", "origin", "position_basis"]
    columns += ["position_note", "in_capital_city", "source", "lon", "lat"]
    listed.sort_values("site_id")[columns].to_csv(folder / "candidates.csv", index=False, lineterminator="\n")


def _origins(places: pd.DataFrame, districts: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Return the places that are candidates, each with its first origin and what else it is."""
    seats = {(d.seat_en, d.zone_id) for d in rows(districts)}
    areas = set(pd.read_csv(sources / "gam_areas.csv")["place_id"])
    municipalities = set(pd.read_csv(sources / "municipality_places.csv")["place_id"])
    offices = set(pd.read_csv(sources / "office_names.csv")["place_id"].dropna())
    never = set(pd.read_csv(sources / "not_candidates.csv")["place_id"])
    found = []
    for place in rows(places):
        holds = {
            "liwa_seat": (place.name_en, place.zone_id) in seats,
            "gam_area": place.place_id in areas,
            "municipality": place.place_id in municipalities,
            "service_point": place.place_id in offices,
            "place": place.population >= LEAST_PEOPLE or place.source.startswith("GeoNames"),
        }
        kinds = [name for name in PRECEDENCE if holds.get(name)]
        if not kinds or place.place_id in never:
            continue
        modelled = place.basis == "modelled"
        position = place.source.partition("; population:")[0]
        found.append(
            {
                "site_id": place.place_id,
                "place_id": place.place_id,
                "name_en": place.name_en,
                "name_ar": place.name_ar,
                "zone_id": place.zone_id,
                "origin": kinds[0],
                "position_basis": "modelled" if modelled else "cited",
                "position_note": "placed by a stated rule" if modelled else "the named place, not a building",
                "source": f"{position}; listed as: {', '.join(kinds)}",
                "lon": place.lon,
                "lat": place.lat,
            }
        )
    return pd.DataFrame(found)


def _named_for_areas(listed: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Name the candidates that stand for an area of Greater Amman after the area."""
    areas = pd.read_csv(sources / "gam_areas.csv").set_index("place_id")
    here = listed["site_id"].isin(areas.index)
    result = listed.copy()
    ids = result.loc[here, "site_id"]
    result.loc[here, "name_en"] = [f"{name} area" for name in areas.loc[ids, "name_en"]]
    result.loc[here, "name_ar"] = [f"منطقة {name}" for name in areas.loc[ids, "name_ar"]]
    return result


def _centres_first(listed: pd.DataFrame, places: pd.DataFrame, sources: Path) -> pd.DataFrame:
    """Mark the candidates where a centre is open or on trial; add those that are not listed yet."""
    states = pd.read_csv(sources / "centre_states.csv")
    states = states[states["status"].isin(["open", "trial"])]
    recorded = pd.read_csv(sources / "service_centres.csv").set_index("name_en")
    known = places.set_index("place_id")
    added = []
    for state in rows(states):
        place_id = state.site_id
        place, note = known.loc[place_id], recorded.loc[state.name_en, "coordinate_precision"]
        note = MUQABALAIN_NOTE if place_id == "JO-AM-muqabalain" else note
        kinds = listed.loc[listed["place_id"] == place_id, "source"].tolist()
        also = ", ".join(["existing_centre", *(kind.partition("listed as: ")[2] for kind in kinds)])
        added.append(
            {
                "site_id": state.site_id,
                "place_id": place_id,
                "name_en": state.candidate_en,
                "name_ar": state.candidate_ar,
                "zone_id": state.zone_id,
                "origin": "existing_centre",
                "position_basis": "cited",
                "position_note": note,
                "source": f"{recorded.loc[state.name_en, 'source']}; listed as: {also}",
                "lon": place["lon"],
                "lat": place["lat"],
            }
        )
    taken = {row["place_id"] for row in added}
    return pd.concat([pd.DataFrame(added), listed[~listed["place_id"].isin(taken)]], ignore_index=True)


def _apart(listed: pd.DataFrame) -> pd.DataFrame:
    """Leave out every candidate nearer than the least distance to one before it, existing centres never."""
    lon, lat = listed["lon"].to_numpy(), listed["lat"].to_numpy()
    kept: list[int] = []
    for at, origin in enumerate(listed["origin"]):
        n = len(kept)
        apart = GEOD.inv(np.full(n, lon[at]), np.full(n, lat[at]), lon[kept], lat[kept])[2] if n else np.empty(0)
        if origin == "existing_centre" or (apart >= LEAST_APART_M).all():
            kept.append(at)
    return listed.iloc[kept].reset_index(drop=True)


def _nearest_district(row: object, districts: pd.DataFrame) -> str:
    """Return the liwa of the same governorate with the nearest seat."""
    zone, lon, lat = (getattr(row, name) for name in ("zone_id", "lon", "lat"))
    near = districts[districts["zone_id"] == zone]
    n = len(near)
    apart = GEOD.inv(np.full(n, lon), np.full(n, lat), near["lon"].to_numpy(), near["lat"].to_numpy())[2]
    return str(near["district_id"].iloc[int(apart.argmin())])
