"""
Write a country nobody prepared: another shape, another hemisphere, files in other systems and with other names.

Three zones (one with a hole of another's land cut into it) in the plane of UTM 21 south; people as
a raster in a Lambert equal-area plane, roads as lines in UTM, towns as a table of longitude and
latitude with Spanish headers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
import yaml
from affine import Affine

PLANE = "EPSG:32721"
LAEA = "+proj=laea +lat_0=-15 +lon_0=-60 +datum=WGS84 +units=m +no_defs"
CORNER = (420_000.0, 6_310_000.0)  # UTM 21 south, some 33 degrees south
TOWNS = (
    ("Puerto Alto", 15, 20, 60_000),
    ("San Bruno", 60, 25, 24_000),
    ("Villa del Río", 105, 30, 9_000),
    ("Cerro Chato", 30, 70, 14_000),
    ("Las Piedras", 75, 75, 7_000),
    ("Paso Hondo", 110, 70, 3_000),
)


def at(x_km: float, y_km: float) -> tuple[float, float]:
    """Return UTM metres of kilometres from the corner."""
    return CORNER[0] + 1000 * x_km, CORNER[1] + 1000 * y_km


def zone_shapes() -> list[shapely.Geometry]:
    """Three zones: two beside each other under a third whose border runs to and fro."""
    west = shapely.Polygon([at(0, 0), at(45, 0), at(50, 25), at(45, 48), at(0, 52)])
    east = shapely.Polygon([at(45, 0), at(125, 5), at(120, 50), at(45, 48), at(50, 25)])
    north = shapely.Polygon([at(0, 52), at(45, 48), at(120, 50), at(115, 95), at(50, 102), at(5, 90)])
    return [west, east, north]


def write_country(folder: Path, *, seed: int = 3, **changes: Any) -> Path:
    """Write the folder; `changes` replace (or, as None, take out) lines of its `country.yaml`."""
    folder.mkdir(parents=True, exist_ok=True)
    zones = gpd.GeoDataFrame(
        {"COD": ["ZZ-W", "ZZ-E", "ZZ-N"], "NOMBRE": ["Oeste", "Este", "Norte"], "ARABE": ["الغرب", "الشرق", "الشمال"]},
        geometry=zone_shapes(),
        crs=PLANE,
    )
    pyogrio.write_dataframe(zones, folder / "limites.gpkg", layer="departamentos")
    write_people(folder / "habitantes.tif", seed=seed)
    write_towns(folder / "pueblos.csv")
    write_roads(folder / "caminos.gpkg")
    lines: dict[str, Any] = {
        "code": "ZZ",
        "name_en": "Testland",
        "name_ar": "بلد الاختبار",
        "population_year": 2020,
        "capital_zone": "Oeste",
        "zones": {
            "file": "limites.gpkg",
            "columns": {"id": "COD", "name_en": "NOMBRE", "name_ar": "ARABE"},
            "source": "made up for tests",
            "licence": "CC0",
            "vintage": 2020,
        },
        "population": "habitantes.tif",
        "roads": "caminos.gpkg",
        "places": {
            "file": "pueblos.csv",
            "columns": {"name_en": "ciudad", "lon": "longitud", "lat": "latitud", "population": "habitantes"},
        },
        "elderly": 0.14,
        "disabled": 0.1,
    }
    whole = {key: value for key, value in (lines | changes).items() if value is not None}
    (folder / "country.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def town_points() -> gpd.GeoSeries:
    """Return where the towns are."""
    return gpd.GeoSeries([shapely.Point(at(east, north)) for _, east, north, _ in TOWNS], crs=PLANE)


def write_people(path: Path, *, seed: int = 3, cell: float = 500.0) -> Path:
    """Write counts around the towns and thinly over the land, beyond the borders too, in a Lambert plane."""
    random = np.random.default_rng(seed)
    frame = gpd.GeoSeries([shapely.box(*at(-8, -8), *at(133, 110))], crs=PLANE).to_crs(LAEA)
    west, south, east, north = frame.total_bounds
    wide, tall = int((east - west) / cell), int((north - south) / cell)
    rows, columns = np.mgrid[:tall, :wide] + 0.5
    x, y = west + columns * cell, north - rows * cell
    towns = gpd.GeoSeries(gpd.points_from_xy(*zip(*[at(t[1], t[2]) for t in TOWNS], strict=True)), crs=PLANE).to_crs(
        LAEA
    )
    people = random.gamma(0.2, 0.4, x.shape)
    for town, (_, _, _, size) in zip(towns, TOWNS, strict=True):
        spread = 400 + 6 * np.sqrt(size)
        weight = np.exp(-(((x - town.x) ** 2 + (y - town.y) ** 2) / (2 * spread**2)))
        people += size * weight / weight.sum()
    land = shapely.union_all(gpd.GeoSeries(zone_shapes(), crs=PLANE).to_crs(LAEA).to_numpy()).buffer(1500)
    people[~shapely.contains_xy(land, x, y)] = -9999
    told = {"driver": "GTiff", "width": wide, "height": tall, "count": 1, "dtype": "float32", "nodata": -9999}
    with rasterio.open(
        path, "w", crs=LAEA, transform=Affine(cell, 0, west, 0, -cell, north), compress="deflate", tiled=True, **told
    ) as data:
        data.write(people.astype("float32"), 1)
    return path


def write_towns(path: Path) -> Path:
    """Write the towns as a table."""
    places = town_points().to_crs(4326)
    rows = [f"{t[0]},{t[3]},{p.x:.6f},{p.y:.6f}" for t, p in zip(TOWNS, places, strict=True)]
    path.write_text("\n".join(["ciudad,habitantes,longitud,latitud", *rows]) + "\n", encoding="utf-8")
    return path


def write_roads(path: Path) -> Path:
    """Write roads between all towns, with a vertex each kilometre and country roads off it."""
    lines, classes = [], []
    for first in range(len(TOWNS)):
        for second in range(first + 1, len(TOWNS)):
            straight = shapely.LineString([at(*TOWNS[first][1:3]), at(*TOWNS[second][1:3])])
            lines.append(shapely.segmentize(straight, 1000.0))
            classes.append("primary" if first == 0 else "secondary")
    for line in list(lines)[:5]:
        for x, y in shapely.get_coordinates(line)[5:-5:10]:
            lines.append(shapely.LineString([(x, y), (x, y + 6000)]))
            classes.append("unclassified")
    frame = gpd.GeoDataFrame({"highway": classes}, geometry=lines, crs=PLANE)
    pyogrio.write_dataframe(frame, path, layer="vias")
    return path
