"""
What a country is once its files are read and checked: frames, in one value.

Every frame is EPSG:4326 where it has a geometry (law 5); measuring is done in
`Country.metric_crs`. Ids are strings and unique. Frames are never changed in
place after loading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.records import Records
from geodata.terrain.grid import Terrain

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geodata.roads import RoadGraph


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of the pack: where its figures come from (law 7)."""

    name: str
    path: str  # relative to the country folder
    sha256: str
    title: str
    source: str
    licence: str
    vintage: str


@dataclass(frozen=True, slots=True)
class Country:
    """
    A country's data, checked.

    Attributes
    ----------
    zones
        One row a governorate: zone_id (ISO 3166-2), name_en, name_ar, area_km2,
        population, urban, rural, male, female (persons, int64), basis (of the figures), source,
        boundary_basis (of the outline), geometry ((Multi)Polygon).
    districts
        One row a district (liwa): district_id, zone_id, name_en, name_ar,
        seat_en, seat_ar, lon, lat, position_basis.
    people
        One row a demand point: point_id, zone_id, district_id, place_en, place_ar
        (the named place it lies at or nearest to), settlement ("urban" or "rural"),
        is_camp (bool), people (int64, > 0), method (how its people were estimated),
        basis, geometry (Point). Sums to `zones` exactly, urban and rural apart.
    groups
        One row a zone and group: zone_id, group ("elderly", "disabled"),
        share (0 to 1 of the residents), basis, national (bool: a national share
        applied for want of a local one), source, date.
    places
        Named places: place_id, name_en, name_ar, zone_id, population, basis, source, geometry.
    roads
        The road graph with its travel rules; see `geodata.roads`.
    candidates
        Where a centre could stand: site_id, name_en, name_ar, zone_id, district_id,
        origin ("liwa_seat", "municipality", "service_point", "place", "gam_area",
        "existing_centre", "planner"), position_basis ("cited", "modelled"), position_note,
        in_capital_city (bool), and a planner's own land_status, floor_area_m2,
        earliest_year, step_free, bus_stop (missing where not given), source, geometry.
    centres
        What exists: centre_id, site_id ("" when no candidate stands for it), name_en,
        name_ar, zone_id, status ("open", "trial", "under_construction", "unknown"),
        kind ("comprehensive", "partial"), opened_year (Int64, missing when unknown),
        opened_text, services_count (Int64), basis, source, geometry (None when no
        position is known).
    offices
        Recorded single-agency offices: office_id, name_en, name_ar, agency, kind (one of
        `geodata.offices.KINDS`, "" when not known), services (names separated by "; ", "" when not
        known), zone_id, source, geometry (None when no position is known, which is never the same as absent).
    resources
        The files it was read from.
    notes
        Remarks that maps and reports show, by name: {"en": ..., "ar": ...}.
    folder
        Where those files lie.
    records
        Services, agencies and what is recorded of them; empty frames where nothing is.
    terrain
        Heights and friction in `metric_crs`, for legs off the road; both None where not given. Slopes are
        in the minutes of `roads` already (see `geodata.terrain.roads`).
    """

    code: str
    name_en: str
    name_ar: str
    metric_crs: str
    capital_zone: str
    population_year: int
    zones: gpd.GeoDataFrame
    districts: pd.DataFrame
    people: gpd.GeoDataFrame
    groups: pd.DataFrame
    places: gpd.GeoDataFrame
    roads: RoadGraph
    candidates: gpd.GeoDataFrame
    centres: gpd.GeoDataFrame
    offices: gpd.GeoDataFrame
    resources: tuple[Resource, ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)
    folder: Path = Path()
    records: Records = field(default_factory=Records)
    terrain: Terrain = field(default_factory=Terrain)
