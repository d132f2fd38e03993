"""
Blocks of people from any source, with what was read, left out and assumed.

A raster of counts is summed by whole blocks of cells; points and polygons with counts are
put on a grid of the same size in the country's metric plane. Fractions are kept: nothing
is rounded here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.gate import read_through_gate
from geodata.population.rows import LIMITS, MOST_GRID, PopulationSource, points, polygons
from geodata.population.settlement import CELL_M, SettlementRule, urban_cells
from geodata.population.strays import Around
from geodata.population.windows import MOST_PEOPLE, shapes_of
from geodata.systems import system_of

Floats = NDArray[np.float64]
FEW_INSIDE = 0.5
"""Less than this share of the people inside any zone means that two maps do not belong together."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """
    n blocks of people, fractions kept.

    Attributes
    ----------
    lon, lat
        (n,) the centre of its people, EPSG:4326.
    people
        (n,) > 0.
    zone
        (n,) position of the zone, -1 outside every zone.
    near
        (n,) position of the zone that people outside every zone are given to, being near enough; -1 for all others.
    urban
        (n,) settlement type.
    facts
        total (all people read), outside (people of them outside every zone), and what the
        reader says of the file: see `geodata.population.cells.blocks`.
    exact
        (Z,) sums by exact shares of cells, if asked for.
    """

    lon: Floats
    lat: Floats
    people: Floats
    zone: NDArray[np.int64]
    near: NDArray[np.int64]
    urban: NDArray[np.bool_]
    facts: dict[str, Any]
    exact: Floats | None = None


def read_blocks(
    source: PopulationSource,
    zones: gpd.GeoSeries,
    *,
    metric_crs: str,
    rule: SettlementRule | None = None,
    urban: gpd.GeoSeries | None = None,
    strays_within_m: float = 2_000.0,
) -> Blocks:
    """
    Read people into blocks.

    Parameters
    ----------
    zones
        Outlines, EPSG:4326, in the order that `Blocks.zone` counts.
    metric_crs
        The country's plane in metres, for points and polygons.
    rule
        How urban and rural are told apart; `SettlementRule()` where not given.
    urban
        Outlines of urban land (EPSG:4326), in place of the rule.
    strays_within_m
        A cell or point outside every zone, at most so far from the nearest (inclusive), is given to it.

    Raises
    ------
    InvalidInput
        By name, for what the gate and the readers refuse, and where less than half of the
        people lie in any zone.
    """
    rule = rule or SettlementRule()
    if source.geometry == "raster":
        found = _raster(source, zones, metric_crs, strays_within_m, rule, urban)
    else:
        lon, lat, people, facts = points(source) if source.geometry == "point" else polygons(source, metric_crs)
        found = _gridded(lon, lat, people, facts, zones, metric_crs, strays_within_m, source.resolution_m, rule, urban)
    if found.people.sum() > MOST_PEOPLE:
        raise InvalidInput("{file} holds more people than the Earth. Give the counts of people.", file=source.path.name)
    _check_overlap(found, zones, source.path.name)
    return found


def _raster(
    source: PopulationSource,
    zones: gpd.GeoSeries,
    metric_crs: str,
    strays_within_m: float,
    rule: SettlementRule,
    urban: gpd.GeoSeries | None,
) -> Blocks:
    given: dict[str, Any] = {"zones": list(shapely.to_wkb(zones.to_numpy()))}
    if urban is not None:
        given["urban"] = list(shapely.to_wkb(urban.to_numpy()))
    answer = read_through_gate(
        "geodata.population.cells:blocks",
        source.path,
        kinds=("geotiff",),
        library="raster",
        options={
            "resolution_m": source.resolution_m,
            "plane": metric_crs,
            "strays_within_m": strays_within_m,
            "crs": source.crs,
            "nodata": source.nodata,
            "density_per_km2": rule.density_per_km2,
            "cluster_people": rule.cluster_people,
            "exact": source.exact,
        },
        given=given,
        limits=LIMITS,
    )
    arrays = answer.arrays
    return Blocks(
        lon=arrays["lon"].astype(np.float64),
        lat=arrays["lat"].astype(np.float64),
        people=arrays["people"].astype(np.float64),
        zone=arrays["zone"].astype(np.int64),
        near=arrays["near"].astype(np.int64),
        urban=arrays["urban"].astype(bool),
        facts=answer.facts,
        exact=arrays["exact"].astype(np.float64) if "exact" in arrays else None,
    )


def _gridded(
    lon: Floats,
    lat: Floats,
    people: Floats,
    facts: dict[str, Any],
    zones: gpd.GeoSeries,
    metric_crs: str,
    strays_within_m: float,
    resolution_m: float,
    rule: SettlementRule,
    urban: gpd.GeoSeries | None,
) -> Blocks:
    from pyproj import Transformer

    kept = people > 0
    lon, lat, people = lon[kept], lat[kept], people[kept]
    ahead = Transformer.from_crs("EPSG:4326", metric_crs, always_xy=True)
    x, y = ahead.transform(lon, lat)
    zone = holder(lon, lat, zones)
    near = np.full(zone.size, -1, dtype=np.int64)
    around = Around(shapes_of(shapely.to_wkb(zones.to_numpy()), system_of(metric_crs)), strays_within_m)
    near[zone < 0] = around.nearest(x[zone < 0], y[zone < 0])
    town = holder(lon, lat, urban) >= 0 if urban is not None else _urban_points(x, y, people, rule, str(facts))
    column, row = (np.floor(axis / resolution_m).astype(np.int64) for axis in (x, y))
    group = np.stack([row, column, zone, near, town.astype(np.int64)])
    _, place = np.unique(group, axis=1, return_inverse=True)
    held = np.asarray(np.bincount(place, people), dtype=np.float64)
    middle_x, middle_y = np.bincount(place, people * x) / held, np.bincount(place, people * y) / held
    first = np.full(held.size, place.size, dtype=np.int64)
    np.minimum.at(first, place, np.arange(place.size))
    back = ahead.transform(middle_x, middle_y, direction="INVERSE")
    told = facts | {
        "total": float(people.sum()),
        "outside": float(people[zone < 0].sum()),
        "no_people": int((~kept).sum()),
    }
    return Blocks(
        lon=np.asarray(back[0]),
        lat=np.asarray(back[1]),
        people=held,
        zone=zone[first],
        near=near[first],
        urban=town[first],
        facts=told,
    )


def _urban_points(x: Floats, y: Floats, people: Floats, rule: SettlementRule, name: str) -> NDArray[np.bool_]:
    column, row = (np.floor(axis / CELL_M).astype(np.int64) for axis in (x, y))
    column, row = column - column.min(), row - row.min()
    shape = (int(row.max()) + 1, int(column.max()) + 1)
    if shape[0] * shape[1] > MOST_GRID:
        raise InvalidInput("The points cover more land than can be read at once. Correct those that lie far out.")
    sums = np.zeros(shape)
    np.add.at(sums, (row, column), people)
    dense = urban_cells(sums, np.ones((1, 1)), density_per_km2=rule.density_per_km2, cluster_people=rule.cluster_people)
    return np.asarray(dense[row, column], dtype=bool)


def holder(lon: Floats, lat: Floats, shapes: gpd.GeoSeries) -> NDArray[np.int64]:
    """Return the position of the outline that holds each point (the first of several), -1 for none."""
    found = np.full(lon.size, -1, dtype=np.int64)
    at, shape = shapely.STRtree(shapes.to_numpy()).query(shapely.points(lon, lat), predicate="intersects")
    order = np.lexsort((-shape, at))
    found[at[order]] = shape[order]
    return found


def _check_overlap(found: Blocks, zones: gpd.GeoSeries, name: str) -> None:
    total = float(found.people.sum())
    inside = float(found.people[found.zone >= 0].sum())
    if inside >= FEW_INSIDE * total:
        return
    turned = float(found.people[holder(found.lat, found.lon, zones) >= 0].sum())
    if turned > inside:
        raise InvalidInput(
            "{file}: the people lie in the zones only if longitude and latitude are swapped. Swap the two columns.",
            file=name,
        )
    raise InvalidInput(
        "{file}: only {inside} of {total} people lie in any zone. The coordinate system of one of the two files "
        "must be another, or the zones do not cover the country.",
        file=name,
        inside=round(inside),
        total=round(total),
    )
