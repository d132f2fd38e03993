"""Places, candidates, centres and districts of a folder, and what stands in where they are not given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from foundation.errors import InvalidInput
from geodata.columns import refused_cell
from geodata.folder.report import Notebook
from geodata.folder.settings import PartFile, ShortSettings, inside
from geodata.folder.tables import IDS, in_zones, read_areas, read_points
from geodata.folder.words import checked_ids, checked_names
from geodata.population.blocks import holder
from geodata.population.persons import People
from geodata.population.rows import numbers
from geodata.population.windows import MOST_PEOPLE

AROUND_M = 3_000.0
"""People so near to a place count as its own where no figure is recorded."""
PLACES = ("place_id", "name_en", "name_ar", "zone_id", "population", "basis", "source")
OWN = ("land_status", "floor_area_m2", "earliest_year", "step_free", "bus_stop")
_YES, _NO = {"true", "yes", "1", "نعم"}, {"false", "no", "0", "لا"}


def read_places(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, plane: str, notes: Notebook
) -> gpd.GeoDataFrame:
    """Return `Country.places`; an empty frame where none are given."""
    part = settings.places
    if part is None:
        return no_places()
    fields = {"id": ("place_id", *IDS), "population": ("population", "pop")}
    points = located(folder, part, "places", fields, tuple(fields), zones, plane, notes)
    told = points["population"] if "population" in points else pd.Series([""] * len(points))
    figures = [
        _people_of(text, row, part.file) if text else np.nan for text, row in zip(told, points["row"], strict=True)
    ]
    frame = points.assign(
        place_id=row_ids(points, settings.code, "p", part.file),
        population=pd.array(np.round(figures), dtype="float64").astype("Int64") if figures else [],
        basis="reported",
        source=part.source,
    )
    return gpd.GeoDataFrame(frame[[*PLACES, "geometry"]], crs="EPSG:4326")


def no_places() -> gpd.GeoDataFrame:
    """Return `Country.places` without a row."""
    return gpd.GeoDataFrame({name: [] for name in PLACES}, geometry=[], crs="EPSG:4326")


def _people_of(text: str, row: int, file: str) -> float:
    """Return the people of a place, or refuse a figure that cannot be one."""
    people = float(numbers(np.array([text], dtype=object), np.array([row]), "population", file)[0])
    if not 0 <= people <= MOST_PEOPLE:
        raise refused_cell(file, row, "population", text[:40], "a number of people, 0 or more")
    return people


def read_districts(
    folder: Path,
    settings: ShortSettings,
    zones: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    plane: str,
    notes: Notebook,
) -> tuple[pd.DataFrame, gpd.GeoDataFrame | None]:
    """
    Return `Country.districts` and their outlines; where none are given, one district a zone.

    A district's seat is its largest place (by recorded people, else the one nearest to its
    middle), or a point inside it where it has none.
    """
    part = settings.districts
    if part is None:
        notes.note("assumed", "districts", "", "not given: each zone is one district")
        areas = zones.assign(district_id=zones["zone_id"] + "-all")
    else:
        areas = read_areas(inside(folder, part.file), part, "districts", code=settings.code, notes=notes)
        middle = areas.geometry.representative_point()
        at = holder(middle.x.to_numpy(), middle.y.to_numpy(), zones.geometry)
        if (at < 0).any():
            row = int(np.flatnonzero(at < 0)[0])
            raise InvalidInput(
                "{file}, feature {row}: the district {name} lies in no zone. Correct it, or the zones.",
                file=part.file,
                row=row + 1,
                name=str(areas["name_en"].iloc[row]),
            )
        areas = areas.assign(zone_id=zones["zone_id"].to_numpy()[at])
    rows = [_seat(area, places, plane) for area in areas.itertuples()]
    seats = pd.DataFrame(rows, columns=["seat_en", "seat_ar", "lon", "lat", "position_basis"])
    table = pd.concat([pd.DataFrame(areas[["district_id", "zone_id", "name_en", "name_ar"]]), seats], axis=1)
    return table, (areas if part is not None else None)


def _seat(area: Any, places: gpd.GeoDataFrame, plane: str) -> tuple[str, str, float, float, str]:
    here = places[places.geometry.within(area.geometry)] if len(places) else places
    if here.empty:
        point = area.geometry.representative_point()
        return area.name_en, area.name_ar, point.x, point.y, "modelled"
    size = here["population"].astype("float64").fillna(-1.0).to_numpy()
    far = -size
    if (size < 0).all():
        middle = gpd.GeoSeries([area.geometry.representative_point()], crs="EPSG:4326").to_crs(plane).iloc[0]
        far = here.geometry.to_crs(plane).distance(middle).to_numpy()
    best = here.iloc[int(np.argmin(far))]
    return best["name_en"], best["name_ar"], best.geometry.x, best.geometry.y, "cited"


def districts_of(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    zone_ids: NDArray[np.object_],
    districts: pd.DataFrame,
    outlines: gpd.GeoDataFrame | None,
    plane: str,
) -> NDArray[np.int64]:
    """Return the position of each point's district: the one that holds it, else the nearest seat in its zone."""
    found = np.full(lon.size, -1, dtype=np.int64)
    home = districts["zone_id"].to_numpy(dtype=object)
    if outlines is not None:
        found = holder(lon, lat, outlines.geometry)
        found[(found >= 0) & (home[found] != zone_ids)] = -1
    seats = gpd.GeoSeries(gpd.points_from_xy(districts["lon"], districts["lat"]), crs="EPSG:4326").to_crs(plane)
    where = np.column_stack([seats.x, seats.y])
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(plane)
    there = np.column_stack([points.x, points.y])
    for zone in pd.unique(zone_ids):
        own, rows = np.flatnonzero(home == zone), np.flatnonzero((zone_ids == zone) & (found < 0))
        if not own.size:
            raise InvalidInput("The zone {zone} has no district. Add one, or leave the districts out.", zone=str(zone))
        if rows.size:
            found[rows] = own[cKDTree(where[own]).query(there[rows])[1]]
    return found


def read_candidates(
    folder: Path, part: PartFile, code: str, zones: gpd.GeoDataFrame, plane: str, notes: Notebook
) -> gpd.GeoDataFrame:
    """Return a planner's own candidates, without their districts."""
    fields = {"id": ("site_id", *IDS)} | {name: (name,) for name in OWN}
    points = located(folder, part, "candidates", fields, tuple(fields), zones, plane, notes)
    frame = points.assign(
        site_id=row_ids(points, code, "c", part.file),
        source=part.source,
        position_note="given by the planner",
    )
    return _as_candidates(frame, "planner", part.file)


def places_as_candidates(
    settings: ShortSettings, places: gpd.GeoDataFrame, people: People, plane: str, notes: Notebook
) -> gpd.GeoDataFrame:
    """
    Return the larger places as candidates, without their districts, where a planner gives none.

    A place is large with `candidates_over` people or more: recorded ones, else those within
    3 km of it (modelled). The largest place of every zone is always a candidate.
    """
    recorded = places["population"].astype("float64").to_numpy()
    around = _around(places, people, plane)
    size = np.where(np.isfinite(recorded), recorded, around)
    kept = size >= settings.candidates_over
    if len(places):
        kept[pd.Series(size).groupby(places["zone_id"].to_numpy()).idxmax().to_numpy()] = True
    notes.note(
        "assumed",
        "candidates",
        "",
        "not given: {count} places with {people} people or more, and the largest place of each zone",
        count=int(kept.sum()),
        people=settings.candidates_over,
    )
    chosen = places[kept].reset_index(drop=True)
    if chosen.empty:
        raise InvalidInput("No place can be a candidate. Add places, or 'candidates: FILE'.")
    note = "the named place, not a building"
    return _as_candidates(chosen.assign(site_id=chosen["place_id"], position_note=note, row=0), "place", "")


def _around(places: gpd.GeoDataFrame, people: People, plane: str) -> NDArray[np.float64]:
    if places.empty:
        return np.empty(0)
    at = places.geometry.to_crs(plane)
    points = gpd.GeoSeries(gpd.points_from_xy(people.lon, people.lat), crs="EPSG:4326").to_crs(plane)
    near = cKDTree(np.column_stack([points.x, points.y])).query_ball_point(np.column_stack([at.x, at.y]), AROUND_M)
    return np.array([people.persons[rows].sum() for rows in near], dtype=np.float64)


def read_centres(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, plane: str, notes: Notebook
) -> gpd.GeoDataFrame:
    """
    Return `Country.centres`; each is its own candidate site.

    Without a status a centre is open, without a kind comprehensive.
    """
    part = settings.centres
    columns = ["centre_id", "site_id", "name_en", "name_ar", "zone_id", "status", "kind", "opened_year"]
    columns += ["opened_text", "services_count", "basis", "source"]
    if part is None:
        empty = gpd.GeoDataFrame({name: [] for name in columns}, geometry=[], crs="EPSG:4326")
        return gpd.GeoDataFrame(empty.astype({"opened_year": "Int64", "services_count": "Int64"}), crs="EPSG:4326")
    names = ("status", "kind", "opened_year", "services_count")
    fields = {"id": ("centre_id", *IDS)} | {name: (name,) for name in names}
    points = located(folder, part, "centres", fields, tuple(fields), zones, plane, notes)
    ids = row_ids(points, settings.code, "s", part.file)
    year = _whole(points, "opened_year", part.file, 1900, 2200)
    frame = points.assign(
        centre_id=ids,
        site_id=ids,
        status=_one_of(points, "status", "open", ("open", "trial", "under_construction", "unknown"), part.file),
        kind=_one_of(points, "kind", "comprehensive", ("comprehensive", "partial"), part.file),
        opened_year=year,
        opened_text=["" if pd.isna(value) else str(value) for value in year],
        services_count=_whole(points, "services_count", part.file, 0, 100_000),
        basis="reported",
        source=part.source,
    )
    return gpd.GeoDataFrame(frame[[*columns, "geometry"]], crs="EPSG:4326")


def centre_sites(centres: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the candidates that stand for existing centres."""
    frame = centres.assign(position_note="an existing centre", row=0)
    return _as_candidates(frame, "existing_centre", "")


def located(
    folder: Path,
    part: PartFile,
    name: str,
    fields: Mapping[str, tuple[str, ...]],
    optional: tuple[str, ...],
    zones: gpd.GeoDataFrame,
    plane: str,
    notes: Notebook,
) -> gpd.GeoDataFrame:
    """Read a part of positions and put each row in its zone; see `geodata.folder.tables`."""
    points = read_points(inside(folder, part.file), part, name, fields=fields, optional=optional, notes=notes)
    return in_zones(points, zones, name, part, plane, notes)


def row_ids(points: gpd.GeoDataFrame, code: str, mark: str, file: str) -> list[str]:
    """Return the ids of a part's rows, made of the country's code and the row where it has none."""
    if "id" in points:
        return checked_ids(points["id"].tolist(), points["row"].tolist(), field="id", file=file)
    return [f"{code}-{mark}{row:04d}" for row in points["row"]]


def _as_candidates(points: gpd.GeoDataFrame, origin: str, file: str) -> gpd.GeoDataFrame:
    size = len(points)
    land = points["land_status"].tolist() if "land_status" in points else [""] * size
    frame = points.assign(
        origin=origin,
        position_basis="cited",
        in_capital_city=False,
        land_status=checked_names(land, points["row"].tolist(), field="land_status", file=file, empty=True),
        floor_area_m2=_whole(points, "floor_area_m2", file, 0, 1_000_000).astype("float64"),
        earliest_year=_whole(points, "earliest_year", file, 1900, 2200),
        step_free=_flags(points, "step_free", file),
        bus_stop=_flags(points, "bus_stop", file),
    )
    columns = ["site_id", "name_en", "name_ar", "zone_id", "origin", "position_basis", "position_note"]
    columns += ["in_capital_city", "land_status", "floor_area_m2", "earliest_year", "step_free", "bus_stop", "source"]
    return gpd.GeoDataFrame(frame[[*columns, "geometry"]], crs="EPSG:4326")


def _whole(points: gpd.GeoDataFrame, field: str, file: str, low: int, high: int) -> pd.Series[Any]:
    texts = points[field].tolist() if field in points else [""] * len(points)
    values: list[float] = []
    for text, row in zip(texts, points["row"], strict=True):
        value = float(numbers(np.array([text], dtype=object), np.array([row]), field, file)[0]) if text else np.nan
        if text and not (low <= value <= high and value == round(value)):
            raise refused_cell(file, row, field, text, "a whole number from {low} to {high}", low=low, high=high)
        values.append(value)
    return pd.Series(values, dtype="float64", index=points.index).astype("Int64")


def _flags(points: gpd.GeoDataFrame, field: str, file: str) -> pd.Series[Any]:
    texts = points[field].tolist() if field in points else [""] * len(points)
    for text, row in zip(texts, points["row"], strict=True):
        if text and text.casefold() not in _YES | _NO:
            raise refused_cell(file, row, field, text, "yes or no")
    values = [None if not text else text.casefold() in _YES for text in texts]
    return pd.Series(values, dtype="boolean", index=points.index)


def _one_of(points: gpd.GeoDataFrame, field: str, default: str, known: tuple[str, ...], file: str) -> list[str]:
    texts = [text or default for text in (points[field] if field in points else [default] * len(points))]
    for text, row in zip(texts, points["row"], strict=True):
        if text not in known:
            raise refused_cell(file, row, field, text, "one of: {choices}", choices=", ".join(known))
    return texts
