"""A country of plain files, its roads an answer of OpenStreetMap's, planned with most of what a scenario can ask."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import shapely
import yaml

import maps
import reports
from scenarios import Run, load_scenario, run_scenario
from tests.geodata.folders import TOWNS, town_points, write_country, write_roads

SCENARIO = {
    "schema": 1,
    "name": "foreign",
    "title": {"en": "Elsewhere", "ar": "بلد آخر"},
    "country": "./pays",
    "years": [2026, 2027],
    "programme": {
        "tranches": [{"id": "a", "title": {"en": "A", "ar": "أ"}, "count": 3, "begun": 2026, "operating": 2027}],
    },
    "standard": {"urban_minutes": 20, "rural_minutes": 45, "groups": {"elderly": 15}},
    "travel": {
        "without_car": {
            "shares": [
                {"share": 0.3},
                {"share": 0.6, "settlements": ["rural"], "groups": ["elderly"]},
                {"share": 0.5, "zones": ["ZZ-W", "ZZ-E"]},
            ],
            "bus": {"wait_minutes": 25, "speed_kmh": 28, "first_bus": 6, "last_bus": 18, "visit_minutes": 60},
        },
    },
}


def foreign_run(folder: Path) -> Run:
    """Write the country and its scenario, plan it, and publish its map and reports."""
    country = folder / "pays"
    write_country(country, roads="vias.json", offices={"file": "bureaux.csv"})
    write_overpass(country / "vias.json", gpd.read_file(write_roads(folder / "vias.gpkg")).to_crs(4326))
    where = town_points().to_crs(4326)
    rows = [f"{town[0]},post,{p.x:.6f},{p.y:.6f}" for town, p in zip(TOWNS[:2], where, strict=False)]
    (country / "bureaux.csv").write_text("\n".join(["name,kind,lon,lat", *rows]), encoding="utf-8")
    closed = shapely.LineString(where.iloc[[0, 1]].tolist()).interpolate(0.4, normalized=True)
    scenario = SCENARIO | {
        "travel": SCENARIO["travel"]
        | {"closures": [{"near": {"lon": round(closed.x, 5), "lat": round(closed.y, 5), "radius_m": 600}}]}
    }
    path = folder / "foreign.yaml"
    path.write_text(yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False), encoding="utf-8")
    publishers = (maps.publish, reports.publish)
    return run_scenario(load_scenario(str(path)), runs_folder=folder / "runs", publishers=publishers)


def write_overpass(path: Path, roads: gpd.GeoDataFrame) -> None:
    """Write lines as an answer of an Overpass server: ways that share their points."""
    ids: dict[tuple[float, ...], int] = {}
    ways = []
    for number, (kind, line) in enumerate(zip(roads["highway"], roads.geometry, strict=True), start=1):
        spots = [tuple(at) for at in shapely.get_coordinates(line).round(7)]
        nodes = [ids.setdefault(spot, len(ids) + 1) for spot in spots]
        ways.append({"type": "way", "id": number, "nodes": nodes, "tags": {"highway": kind}})
    points = [{"type": "node", "id": name, "lon": lon, "lat": lat} for (lon, lat), name in ids.items()]
    path.write_text(json.dumps({"version": 0.6, "elements": [*points, *ways]}), encoding="utf-8")
