"""The people of a country folder: from its population file to `Country.people`, zones with their sums."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from foundation.errors import InvalidInput, Name, Phrase
from geodata.folder.doubts import tell_doubts
from geodata.folder.people_told import tell_counting, tell_reading
from geodata.folder.report import Notebook
from geodata.folder.settings import TILES, PartFile, ShortSettings, inside
from geodata.folder.tables import wanted
from geodata.folder.words import texts_of
from geodata.gate import read_through_gate
from geodata.population.blocks import Blocks, read_blocks
from geodata.population.persons import People, persons_of
from geodata.population.rows import LIMITS, PopulationSource, numbers
from geodata.population.settlement import SettlementRule
from geodata.population.windows import MOST_PEOPLE

URBAN_CODE = 20
"""GHS-SMOD codes from 21 (suburban) to 30 (urban centre) are urban, 10 to 13 rural (GHSL Data Package)."""
METHOD = {"raster": "raster_blocks", "point": "point_grid", "polygon": "spread_in_polygon"}


@dataclass(frozen=True, slots=True)
class Counted:
    """Blocks as read and people as counted."""

    blocks: Blocks
    people: People


def count_people(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, plane: str, notes: Notebook
) -> Counted:
    """Read the population file into whole persons; every step is noted."""
    part = settings.population
    path = inside(folder, part.file)
    if path.is_dir():
        raise InvalidInput("{file} is a folder. {remedy}.", file=part.file, remedy=Phrase(TILES))
    source = PopulationSource(
        path=path,
        geometry=part.geometry,
        resolution_m=part.resolution_m,
        columns=part.columns,
        crs=part.crs,
        layer=part.layer,
        nodata=part.nodata,
        exact=part.exact_zones,
    )
    rule = SettlementRule(settings.urban_density_per_km2, settings.urban_cluster_people)
    towns = _towns(folder, settings.settlement, zones, notes)
    blocks = read_blocks(
        source,
        zones.geometry,
        metric_crs=plane,
        rule=rule,
        urban=towns,
        strays_within_m=settings.strays_within_km * 1000.0,
    )
    if settings.settlement is not None and towns is None:
        blocks = _classed(blocks, folder, settings.settlement, notes)
    tell_reading(blocks, part.file, part.geometry, notes)
    if settings.settlement is None:
        notes.note(
            "assumed",
            "population",
            part.file,
            "urban: cells of about 1 km with {density} people a km2 or more, together {people} or more",
            density=rule.density_per_km2,
            people=rule.cluster_people,
        )
    official = _official(folder, settings.totals, zones, notes)
    people = persons_of(
        blocks,
        zones.geometry,
        official=official,
        names=[Name(str(en), str(ar)) for en, ar in zip(zones["name_en"], zones["name_ar"], strict=True)],
    )
    tell_counting(people, blocks, settings, notes, zones)
    tell_doubts(people, blocks, part.file, zones, plane, notes)
    return Counted(blocks, people)


def _towns(folder: Path, part: PartFile | None, zones: gpd.GeoDataFrame, notes: Notebook) -> gpd.GeoSeries | None:
    if part is None or part.file.casefold().endswith((".tif", ".tiff")):
        return None
    answer = read_through_gate(
        "geodata.gate.vector:features",
        inside(folder, part.file),
        kinds=("geopackage", "geojson", "zip"),
        library="vector",
        options={
            "fields": wanted({}, part.columns, part.file),
            "family": "polygon",
            "layer": part.layer,
            "crs": part.crs,
        },
    )
    notes.note("read", "settlement", part.file, "outlines of urban land: {rows}", rows=int(answer.facts["rows"]))
    towns = gpd.GeoSeries(shapely.from_wkb(answer.arrays["wkb"]), crs="EPSG:4326")
    if not zones.sindex.query(towns, predicate="intersects").size:
        turned = shapely.transform(towns.to_numpy(), lambda where: where[:, ::-1])
        if zones.sindex.query(turned, predicate="intersects").size:
            raise InvalidInput("{file}: its longitude and latitude are swapped. Export it again.", file=part.file)
        raise _elsewhere(part.file)
    return towns


def _elsewhere(file: str) -> InvalidInput:
    return InvalidInput(
        "{file}: it lies outside every zone, so that nobody would live in a town. Take the one of this country, or "
        "correct its coordinate system.",
        file=file,
    )


def _classed(blocks: Blocks, folder: Path, part: PartFile, notes: Notebook) -> Blocks:
    from dataclasses import replace

    answer = read_through_gate(
        "geodata.population.cells:sampled",
        inside(folder, part.file),
        kinds=("geotiff",),
        library="raster",
        options={"crs": part.crs},
        given={"lon": blocks.lon, "lat": blocks.lat},
        limits=LIMITS,
    )
    value = answer.arrays["value"].astype(np.float64)
    if np.isnan(value).all():
        raise _elsewhere(part.file)
    notes.note(
        "read",
        "settlement",
        part.file,
        "urban where its code is above {code}; {count} blocks lie off it and count as rural",
        code=URBAN_CODE,
        count=int(np.isnan(value).sum()),
    )
    return replace(blocks, urban=np.nan_to_num(value, nan=0.0) > URBAN_CODE)


def _official(folder: Path, part: PartFile | None, zones: gpd.GeoDataFrame, notes: Notebook) -> dict[int, int] | None:
    """Read official totals: a table of zone (id or name) and population."""
    if part is None:
        return None
    fields = {
        "zone": ("zone_id", "zone", "id", "code", "name_en", "name"),
        "population": ("population", "people", "total"),
    }
    answer = read_through_gate(
        "geodata.gate.tables:columns",
        inside(folder, part.file),
        kinds=("csv", "xlsx"),
        options={"fields": wanted(fields, part.columns, part.file)},
    )
    row = answer.arrays["row"].astype(np.int64)
    figures = numbers(answer.arrays["field:population"], row, answer.facts["columns"]["population"], part.file)
    known = {
        str(name).casefold(): at for title in ("name_ar", "name_en", "zone_id") for at, name in enumerate(zones[title])
    }
    official: dict[int, int] = {}
    for zone, figure, number in zip(texts_of(answer.arrays["field:zone"]), figures, row, strict=True):
        at = known.get(str(zone).casefold())
        if at is None or at in official or not 0 <= figure <= MOST_PEOPLE or figure != round(figure):
            raise InvalidInput(
                "{file}, row {row}: expected a zone of the zones file, once, and a whole number of people; found "
                "'{zone}' and {figure}. Correct the row.",
                file=part.file,
                row=int(number),
                zone=str(zone)[:60],
                figure=str(figure),
            )
        official[at] = int(figure)
    notes.note("read", "totals", part.file, "zones with an official total: {count}", count=len(official))
    return official


def zones_with_people(
    zones: gpd.GeoDataFrame, counted: Counted, plane: str, source: str, scaled: str
) -> gpd.GeoDataFrame:
    """Return `Country.zones`: area measured, people as counted; the sexes are not known."""
    people = counted.people
    urban = np.bincount(people.zone, people.persons * people.urban, minlength=len(zones)).astype(np.int64)
    table = zones[["zone_id", "name_en", "name_ar"]].assign(
        area_km2=zones.geometry.to_crs(plane).area / 1e6,
        population=people.totals,
        urban=urban,
        rural=people.totals - urban,
        male=pd.array([pd.NA] * len(zones), dtype="Int64"),
        female=pd.array([pd.NA] * len(zones), dtype="Int64"),
        basis=np.where(people.factors != 1.0, "reported", "modelled").astype(object),
        source=np.where(people.factors != 1.0, f"{source}; {scaled}", source).astype(object),
        boundary_basis="reported",
    )
    return gpd.GeoDataFrame(table, geometry=zones.geometry, crs="EPSG:4326")


def people_frame(
    counted: Counted,
    geometry: str,
    zones: gpd.GeoDataFrame,
    districts: pd.DataFrame,
    of_point: NDArray[np.int64],
    places: gpd.GeoDataFrame,
    plane: str,
) -> gpd.GeoDataFrame:
    """Return `Country.people`; `of_point` is the position of each point's district."""
    people = counted.people
    order = np.lexsort((people.lon, -people.lat, people.zone))
    zone = people.zone[order]
    number = np.arange(order.size) - np.searchsorted(zone, zone) + 1
    ids = zones["zone_id"].to_numpy(dtype=object)[zone]
    near = _nearest_place(people.lon[order], people.lat[order], places, plane)
    names = {
        f"place_{code}": (
            places[f"name_{code}"].to_numpy(dtype=object)[near]
            if near is not None
            else zones[f"name_{code}"].to_numpy(dtype=object)[zone]
        )
        for code in ("en", "ar")
    }
    return gpd.GeoDataFrame(
        {
            "point_id": [f"{name}-{at:06d}" for name, at in zip(ids, number.tolist(), strict=True)],
            "zone_id": ids,
            "district_id": districts["district_id"].to_numpy(dtype=object)[of_point[order]],
            **names,
            "settlement": np.where(people.urban[order], "urban", "rural").astype(object),
            "is_camp": np.zeros(order.size, dtype=bool),
            "people": people.persons[order],
            "method": METHOD[geometry],
            "basis": "modelled",
        },
        geometry=gpd.points_from_xy(people.lon[order], people.lat[order]),
        crs="EPSG:4326",
    )


def _nearest_place(lon: Any, lat: Any, places: gpd.GeoDataFrame, plane: str) -> NDArray[np.int64] | None:
    if places.empty:
        return None
    at = places.geometry.to_crs(plane)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(plane)
    return np.asarray(cKDTree(np.column_stack([at.x, at.y])).query(np.column_stack([points.x, points.y]))[1])
