"""
Write `governorates.csv` and `governorates.geojson`: figures as reported, outlines mended.

Natural Earth draws the inner boundaries of Jordan's north several kilometres off: 13
GeoNames places lie in the wrong governorate. The mend moves boundaries inside the
national outline, by a rule that uses nothing but recorded facts:

1. For every governorate a level-set field, the signed distance (km) to its Natural
   Earth outline, negative inside.
2. At each GeoNames place, whose governorate is known, the field must be at most
   -MARGIN_KM for its own governorate and at least +MARGIN_KM for every other; the
   correction is kriged (exponential covariance, range RANGE_KM), so that it fades away
   from the places that contradict the outline.
3. A constant for each governorate is added so that the areas come to the recorded ones.
4. A cell belongs to the governorate with the least field; cells within PIN_KM of a
   place belong to the place's; stray pieces join their neighbour.
5. Cells are merged and smoothed (a coverage simplification, so that neighbours keep
   one line), and cut to the national outline, which does not move.

The result is modelled, and says so.
"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial.distance import cdist
from shapely.geometry.base import BaseGeometry

from geodata.jordan_build.projection import METRIC_CRS, points
from geodata.jordan_build.rows import rows

CELL_M = 1000.0
MARGIN_KM = 3.0
RANGE_KM = 20.0
PIN_KM = 1.0
SMOOTH_M = 1000.0
AREA_STEPS = 120

FIGURES = ["zone_id", "name_en", "name_ar", "area_km2", "population", "urban", "rural", "male", "female"]
OUTLINE_SOURCE = "Natural Earth 1:10m admin-1 (public domain), inner boundaries moved by the rule in docs/data.md"


def build(folder: Path) -> None:
    """Write the two files into the pack's `folder`."""
    figures = read_figures(folder / "sources")
    figures.to_csv(folder / "governorates.csv", index=False, lineterminator="\n")
    zones = mended(folder / "sources").to_crs("EPSG:4326")
    names = figures.set_index("zone_id")
    features = []
    for zone_id, shape in zones.geometry.items():
        properties = {
            "zone_id": zone_id,
            "name_en": names.loc[zone_id, "name_en"],
            "name_ar": names.loc[zone_id, "name_ar"],
            "basis": "modelled",
            "source": OUTLINE_SOURCE,
        }
        # the corners lie on a grid of 1e-5 degree; the way to metres and back leaves dust in the last digits
        geometry = json.loads(shapely.to_geojson(shapely.transform(shape, lambda corners: corners.round(5))))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in features)
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    (folder / "governorates.geojson").write_text(text, encoding="utf-8")


def read_figures(sources: Path) -> pd.DataFrame:
    """Return one row a governorate: names, recorded area, population at the end of 2025."""
    table = pd.read_csv(sources / "governorates.csv")
    table = table.rename(columns={"iso_3166_2": "zone_id", "population_end_2025": "population"})
    table = table[[*FIGURES, "source", "url"]].sort_values("zone_id", ignore_index=True)
    table["source"] = table["source"].str.replace("; unemployment.*", "", regex=True)
    table["url"] = table["url"].str.split(" ; ").str[0]
    table.insert(len(FIGURES), "basis", "reported")
    return table


def natural_earth(sources: Path) -> gpd.GeoSeries:
    """Return the governorates as Natural Earth draws them, by zone id, in the metric plane."""
    raw = json.loads((sources / "natural_earth_admin1.geojson").read_text(encoding="utf-8"))
    shapes = {f["properties"]["zone_id"]: shapely.geometry.shape(f["geometry"]) for f in raw["features"]}
    return gpd.GeoSeries(shapes, crs="EPSG:4326").sort_index().to_crs(METRIC_CRS)


def known_places(sources: Path) -> pd.DataFrame:
    """GeoNames places with the governorate they are known to lie in: zone_id, x, y (metres)."""
    names = pd.read_csv(sources / "place_names.csv")
    names = names[names["same_as"] != "dropped"]
    known = pd.read_csv(sources / "geonames_places.csv")[["geonameid", "lon", "lat"]].merge(names, on="geonameid")
    known = known.sort_values("geonameid", ignore_index=True)
    there = points(known["lon"], known["lat"])
    return pd.DataFrame({"zone_id": known["zone_id"], "x": there.x, "y": there.y})


def mended(sources: Path) -> gpd.GeoSeries:
    """Move the inner boundaries as the module says; returns outlines by zone id, metric plane."""
    drawn = natural_earth(sources)
    places = known_places(sources)
    outline = shapely.union_all(drawn.to_numpy())
    grid = _grid(outline)
    inside = shapely.contains_xy(outline, grid[0].ravel(), grid[1].ravel())
    xy = np.column_stack([grid[0].ravel(), grid[1].ravel()])
    areas = read_figures(sources).set_index("zone_id")["area_km2"].reindex(drawn.index).to_numpy(float)
    fields = _fields(drawn, places, xy).round(6)  # so that no machine's last digit moves a cell
    owner = _pinned(drawn.index, places, xy)
    labels = _balanced(fields, owner, inside, areas)
    labels = _without_strays(labels.reshape(grid[0].shape))
    return _outlines(labels, grid, drawn.index, outline)


def _grid(outline: BaseGeometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    west, south, east, north = np.array(outline.bounds) // CELL_M
    x = np.arange(west - 5, east + 6) * CELL_M + CELL_M / 2  # whole metres, so that shared corners are equal
    y = np.arange(south - 5, north + 6) * CELL_M + CELL_M / 2
    gx, gy = np.meshgrid(x, y)
    return gx, gy


def _signed_km(shape: BaseGeometry, xy: NDArray[np.float64], at: NDArray[np.object_]) -> NDArray[np.float64]:
    shapely.prepare(shape)
    away = shapely.distance(at, shape.boundary) / 1000
    return np.where(shapely.contains_xy(shape, xy[:, 0], xy[:, 1]), -away, away)


def _fields(drawn: gpd.GeoSeries, places: pd.DataFrame, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Steps 1 and 2: (zones, cells) corrected signed distances, km."""
    at = places[["x", "y"]].to_numpy()
    near = np.exp(-cdist(at, at) / 1000 / RANGE_KM) + 1e-3 * np.eye(len(at))
    wanted = np.empty((len(drawn), len(at)))
    for row, (zone_id, shape) in enumerate(drawn.items()):
        here = _signed_km(shape, at, np.asarray(shapely.points(at)))
        own = (places["zone_id"] == zone_id).to_numpy()
        wanted[row] = np.where(own, np.minimum(here, -MARGIN_KM), np.maximum(here, MARGIN_KM)) - here
    weights = np.linalg.solve(near, wanted.T)
    result = np.empty((len(drawn), len(xy)))
    for start in range(0, len(xy), 20_000):
        part = slice(start, start + 20_000)
        result[:, part] = (np.exp(-cdist(xy[part], at) / 1000 / RANGE_KM) @ weights).T
    cells = np.asarray(shapely.points(xy))
    for row, shape in enumerate(drawn):
        result[row] += _signed_km(shape, xy, cells)
    return result


def _pinned(zone_ids: pd.Index, places: pd.DataFrame, xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which zone a cell belongs to because a place of it is within PIN_KM; -1 where none is."""
    owner = np.full(len(xy), -1, dtype=np.int64)
    best = np.full(len(xy), PIN_KM * 1000)
    numbers = {zone: number for number, zone in enumerate(zone_ids)}
    for place in rows(places):
        away = np.hypot(xy[:, 0] - place.x, xy[:, 1] - place.y)
        closer = away <= best
        owner[closer] = numbers[place.zone_id]
        best[closer] = away[closer]
    return owner


def _balanced(
    fields: NDArray[np.float64],
    owner: NDArray[np.int64],
    inside: NDArray[np.bool_],
    areas: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Steps 3 and 4: one label a cell, areas near the recorded ones (scaled to the outline)."""
    shift = np.zeros(len(fields))
    target = areas * inside.sum() / areas.sum() * (CELL_M / 1000) ** 2
    within, pinned = fields[:, inside], owner[inside]
    for step in range(AREA_STEPS):
        labels = np.where(pinned >= 0, pinned, np.argmin(within + shift[:, None], axis=0))
        area = np.bincount(labels, minlength=len(fields)) * (CELL_M / 1000) ** 2
        shift += 0.3 * 0.97**step * (area - target) / np.sqrt(target)
    return np.where(owner >= 0, owner, np.argmin(fields + shift[:, None], axis=0))


def _without_strays(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keep each zone's largest piece; other pieces join the nearest cell that is kept."""
    keep = np.zeros(labels.shape, dtype=bool)
    for zone in np.unique(labels):
        pieces, count = ndimage.label(labels == zone)
        sizes = ndimage.sum_labels(np.ones_like(labels), pieces, np.arange(1, count + 1))
        keep |= pieces == 1 + int(np.argmax(sizes))
    _, (row, column) = ndimage.distance_transform_edt(~keep, return_indices=True)
    joined: NDArray[np.int64] = labels[row, column]
    return joined


def _outlines(
    labels: NDArray[np.int64],
    grid: tuple[NDArray[np.float64], NDArray[np.float64]],
    zone_ids: pd.Index,
    outline: BaseGeometry,
) -> gpd.GeoSeries:
    """Step 5: smoothed polygons that share their lines, cut to the outline, rounded to 1e-5 degree."""
    half = CELL_M / 2
    cells = shapely.box(grid[0] - half, grid[1] - half, grid[0] + half, grid[1] + half)
    raw = [shapely.coverage_union_all(cells[labels == zone]) for zone in range(len(zone_ids))]
    smooth = shapely.coverage_simplify(raw, SMOOTH_M, simplify_boundary=False)
    cut = gpd.GeoSeries(shapely.intersection(smooth, outline), index=zone_ids, crs=METRIC_CRS)
    rounded = shapely.set_precision(cut.to_crs("EPSG:4326").to_numpy(), 1e-5)
    return gpd.GeoSeries(_largest_only(rounded), index=zone_ids, crs="EPSG:4326").to_crs(METRIC_CRS)


def _largest_only(shapes: NDArray[np.object_]) -> list[BaseGeometry]:
    return [max(shapely.get_parts(shape), key=lambda part: part.area) for shape in shapes]
