"""
A toy country, small enough to try everything by hand: three zones in a row, 60 points, 12 candidates.

Zones A, B, C lie from west to east; one road runs along them. One hamlet of zone C
lies 80 km north of it, too far for any leg: unreachable.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.country import Country, Resource
from geodata.roads import RoadGraph, TravelRules
from planning.programme import FixedCentre, PrivateLabel, Programme, Tranche, ZoneQuota
from planning.travel import Travel

ZONES = ("TO-A", "TO-B", "TO-C")
_NAMES = {"TO-A": ("Alpha", "ألفا"), "TO-B": ("Beta", "بيتا"), "TO-C": ("Gamma", "جاما")}
EDGE = "EPSG:4326"


OFFICE_COLUMNS = ("office_id", "name_en", "name_ar", "agency", "kind", "services", "zone_id", "source")


def toy_country(*, seed: int = 1, points: int = 60, candidates: int = 12) -> Country:
    """Make the toy; another seed scatters people otherwise."""
    random = np.random.default_rng(seed)
    people = _people(random, points)
    sites = _candidates(candidates)
    return Country(
        code="TO",
        name_en="Toyland",
        name_ar="بلد الألعاب",
        metric_crs="EPSG:8352",
        capital_zone="TO-A",
        population_year=2025,
        zones=_zones(people),
        districts=_districts(),
        people=people,
        groups=_groups(),
        places=_places(sites),
        roads=_roads(sites),
        candidates=sites,
        centres=_centres(sites),
        offices=gpd.GeoDataFrame(
            {name: [] for name in OFFICE_COLUMNS},
            geometry=[],
            crs=EDGE,
        ),
        resources=(Resource("people", "people.csv", "0" * 64, "Toy people", "made up for tests", "none", "2025"),),
        notes={"attribution": {"en": "Made up for tests", "ar": "بيانات مصطنعة للاختبار"}},
    )


def toy_programme(**changes: object) -> Programme:
    """One pilot, then 4 and 5 operating; one in each zone from 2024."""
    whole: dict[str, object] = {
        "years": (2023, 2024, 2025),
        "tranches": (
            Tranche("three", "Three", "ثلاثة", 3, 2023, 2024),
            Tranche("one", "One more", "مركز إضافي", 1, 2024, 2025),
        ),
        "fixed": (FixedCentre("TO-A-00", 2022, 2023),),
        "zone_quotas": (ZoneQuota(1, 2024),),
        "private": PrivateLabel(1, 2023, 2024),
    }
    return Programme(**(whole | changes))  # type: ignore[arg-type]


def long_matrix(country: Country, found: Travel) -> pd.DataFrame:
    """Return journeys as a table of point_id, site_id, minutes and metres, one row for each pair that is joined."""
    point, site = np.nonzero(np.isfinite(found.minutes))
    return pd.DataFrame(
        {
            "point_id": country.people["point_id"].to_numpy()[point],
            "site_id": country.candidates["site_id"].to_numpy()[site],
            "minutes": found.minutes[point, site],
            "metres": found.metres[point, site],
        }
    )


def _zone_of(lon: np.ndarray) -> np.ndarray:
    return np.array(ZONES, dtype=object)[np.clip(((lon - 36.0) / 0.5).astype(int), 0, 2)]


def _people(random: np.random.Generator, points: int) -> gpd.GeoDataFrame:
    lon = np.append(random.uniform(36.0, 37.5, points - 1), 37.4)
    lat = np.append(random.uniform(31.9, 32.1, points - 1), 32.8)
    zone = _zone_of(lon)
    return gpd.GeoDataFrame(
        {
            "point_id": [f"p{i:03d}" for i in range(points)],
            "zone_id": zone,
            "district_id": [f"{z}-1" for z in zone],
            "place_en": [f"Place {i}" for i in range(points)],
            "place_ar": [f"موقع {i}" for i in range(points)],
            "settlement": np.where(np.arange(points) % 3 == 0, "rural", "urban").astype(object),
            "is_camp": np.arange(points) == 5,
            "people": random.integers(10, 5000, points),
            "method": "made up",
            "basis": "modelled",
        },
        geometry=gpd.points_from_xy(lon, lat),
        crs=EDGE,
    )


def _candidates(count: int) -> gpd.GeoDataFrame:
    lon = np.linspace(36.05, 37.45, count)
    zone = _zone_of(lon)
    return gpd.GeoDataFrame(
        {
            "site_id": [f"{z}-{i:02d}" for i, z in enumerate(zone)],
            "name_en": [f"Site {i}" for i in range(count)],
            "name_ar": [f"مرشح {i}" for i in range(count)],
            "zone_id": zone,
            "district_id": [f"{z}-1" for z in zone],
            "origin": "place",
            "position_basis": "modelled",
            "position_note": "",
            "in_capital_city": False,
            "land_status": pd.array([pd.NA] * count, dtype="string"),
            "floor_area_m2": np.nan,
            "earliest_year": pd.array([pd.NA] * count, dtype="Int64"),
            "step_free": pd.array([pd.NA] * count, dtype="boolean"),
            "bus_stop": pd.array([pd.NA] * count, dtype="boolean"),
            "source": "made up",
        },
        geometry=gpd.points_from_xy(lon, np.full(count, 32.0)),
        crs=EDGE,
    )


def _zones(people: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = []
    for zone in ZONES:
        here = people[people["zone_id"] == zone]
        urban = int(here.loc[here["settlement"] == "urban", "people"].sum())
        total = int(here["people"].sum())
        rows.append((zone, *_NAMES[zone], 5000.0, total, urban, total - urban, total // 2, total - total // 2))
    columns = ["zone_id", "name_en", "name_ar", "area_km2", "population", "urban", "rural", "male", "female"]
    boxes = [shapely.box(36.0 + 0.5 * i, 31.8, 36.5 + 0.5 * i, 32.9) for i in range(3)]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry=boxes, crs=EDGE)
    return frame.assign(basis="reported", source="made up", boundary_basis="assumed")


def _districts() -> pd.DataFrame:
    rows = [
        (f"{z}-1", z, f"{en} seat", f"لواء {ar}", en, ar, 36.25 + 0.5 * i, 32.0, "cited")
        for i, (z, (en, ar)) in enumerate(_NAMES.items())
    ]
    columns = ["district_id", "zone_id", "name_en", "name_ar", "seat_en", "seat_ar", "lon", "lat", "position_basis"]
    return pd.DataFrame(rows, columns=columns)


def _groups() -> pd.DataFrame:
    rows = [
        (zone, group, share, "reported", group == "disabled", "made up", "2023")
        for zone in ZONES
        for group, share in (("elderly", 0.054), ("disabled", 0.112))
    ]
    return pd.DataFrame(rows, columns=["zone_id", "group", "share", "basis", "national", "source", "date"])


def _places(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frame = sites[["name_en", "name_ar", "zone_id", "geometry"]].assign(
        place_id=sites["site_id"],
        population=pd.array([pd.NA] * len(sites), dtype="Int64"),
        basis="reported",
        source="made up",
    )
    return gpd.GeoDataFrame(frame, crs=EDGE)


def _centres(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    first, partial = sites.iloc[0], sites.iloc[6]
    return gpd.GeoDataFrame(
        {
            "centre_id": ["pilot", "airport"],
            "site_id": [first["site_id"], partial["site_id"]],
            "name_en": ["Pilot", "Airport"],
            "name_ar": ["الريادي", "المطار"],
            "zone_id": [first["zone_id"], partial["zone_id"]],
            "status": ["open", "open"],
            "kind": ["comprehensive", "partial"],
            "opened_year": pd.array([2022, 2023], dtype="Int64"),
            "opened_text": ["2022", "2023"],
            "services_count": pd.array([153, 61], dtype="Int64"),
            "basis": "reported",
            "source": "made up",
        },
        geometry=[first.geometry, partial.geometry],
        crs=EDGE,
    )


def _roads(sites: gpd.GeoDataFrame) -> RoadGraph:
    n = len(sites)
    metres = np.full(n - 1, 1.4 / (n - 1) * 94_500.0)
    start, end = np.arange(n - 1), np.arange(1, n)
    rules = TravelRules(
        speed_kmh={"main": 60.0},
        congestion_factor=1.5,
        access_detour_urban=1.3,
        access_detour_rural=1.4,
        access_speed_urban=30.0,
        access_speed_rural=40.0,
        access_nodes=3,
        access_limit_m=40_000.0,
        direct_limit_m=5_000.0,
        road_detour={"main": 1.1},
        link_limit_m=50_000.0,
        basis={},
        source={},
    )
    return RoadGraph(
        node_id=sites["site_id"].to_numpy(dtype=str),
        lon=sites.geometry.x.to_numpy(),
        lat=sites.geometry.y.to_numpy(),
        region=np.full(n, "all"),
        in_capital_city=np.zeros(n, dtype=bool),
        start=np.concatenate([start, end]),
        end=np.concatenate([end, start]),
        metres=np.tile(metres, 2),
        minutes=np.tile(metres / 1000.0, 2),
        road_class=np.full(2 * (n - 1), "main"),
        rules=rules,
    )
