"""
A run folder in the documented format, small enough to know every figure of it.

Two made-up governorates, three demand points, two centres, two years.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from shapely.geometry import LineString, Point, Polygon

YEARS = [2024, 2025]
ZONES = (("XX-N", "North", "الشمال"), ("XX-S", "South <b>&", "الجنوب <b>&"))


def site(identity: str, zone: int, year: int, **other: Any) -> dict[str, Any]:
    zone_id, name_en, name_ar = ZONES[zone]
    return {
        "id": identity,
        "name_en": f"Centre {identity}",
        "name_ar": f"مركز {identity}",
        "governorate": zone_id,
        "governorate_en": name_en,
        "governorate_ar": name_ar,
        "kind": "comprehensive",
        "operator": "government",
        "status": "planned",
        "fixed": False,
        "begun_year": year - 1,
        "operating_year": year,
        "services_count": None,
        "lat": 32.0 - zone,
        "lon": 36.0,
        "position_basis": "cited",
        "people_gained": 600,
        "cumulative_covered": 600,
        "residents_nearest": 700,
        "load_flag": False,
        **other,
    }


def stage(objective: str, **other: Any) -> dict[str, Any]:
    return {
        "objective": objective,
        "title_en": f"Stage {objective}",
        "title_ar": f"مرحلة {objective}",
        "unit": "person-years",
        "status": "proven_optimal",
        "value": 1400,
        "bound": 1400,
        "gap": 0,
        "checked_bound": 1400,
        "proof": "checked",
        "rechecked": True,
        "start": None,
        "moved": 0,
        "seconds": 0.1,
        **other,
    }


def info(run_id: str, **other: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "run_id": run_id,
        "scenario": {"name": "toy", "title_en": "A toy <script>", "title_ar": "تجربة <script>"},
        "country": {"code": "XX", "name_en": "Nowhere", "name_ar": "لا مكان", "population_year": 2024},
        "created": "2026-01-31T08:00:00+00:00",
        "years": YEARS,
        "standard": {"urban_minutes": 30.0, "rural_minutes": 60.0, "partial_centres_count": False},
        "programme": {"operating": {"2024": 1, "2025": 2}, "begun": {}, "quotas": [], "steps": [], "private": None},
        "certificate": {
            "status": "proven_optimal",
            "stages": [
                stage("coverage"),
                stage("worst", unit="share", value=0.5, bound=0.5, proof="solver", checked_bound=None),
            ],
        },
        "totals": {
            "population": 1000,
            "population_year": 2024,
            "covered": 800,
            "out_of_standard": 150,
            "unreachable": 50,
        },
        "totals_by_year": {
            "2024": {"population": 1000, "covered": 600, "out_of_standard": 350, "unreachable": 50, "centres": 1},
            "2025": {"population": 1000, "covered": 800, "out_of_standard": 150, "unreachable": 50, "centres": 2},
        },
        "worst_off": {"zone_id": "XX-S", "name_en": ZONES[1][1], "name_ar": ZONES[1][2], "covered_share": 0.5},
        "sites": [
            site("a", 0, 2024),
            site("b", 1, 2025, people_gained=200, cumulative_covered=800, operator="private"),
        ],
        "load": {"residents_per_centre": 300000, "basis": "assumed", "flagged": 0, "note_en": "", "note_ar": ""},
        "variants": [],
        "farthest": [],
        "inputs": [],
        "sources_note": [],
        "versions": {},
        "settings": {},
        "seconds": {},
        **other,
    }


def layers() -> dict[str, gpd.GeoDataFrame]:
    clockwise = Polygon([(35, 31.5), (35, 32.5), (37, 32.5), (37, 31.5)])
    zones = gpd.GeoDataFrame(
        {
            "zone_id": ["XX-N", "XX-S"],
            "name_en": [zone[1] for zone in ZONES],
            "name_ar": [zone[2] for zone in ZONES],
            "population": [600, 400],
        },
        geometry=[clockwise, clockwise.buffer(0).reverse()],
        crs=4326,
    )
    demand = gpd.GeoDataFrame(
        {
            "point_id": ["p1", "p2", "p3"],
            "people": [600, 200, 200],
            "minutes_2025": [10.0, 61.5, float("nan")],
            "within": [True, False, False],
            "place_en": ["A", "B", None],
        },
        geometry=[Point(36.123456789, 32), Point(36, 31), Point(36.5, 31.25)],
        crs=4326,
    )
    centres = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[Point(36, 32), Point(36, 31)], crs=4326)
    lines = gpd.GeoDataFrame(
        {"point_id": ["p1"], "site_id": ["a"]}, geometry=[LineString([(36.1, 32), (36, 32)])], crs=4326
    )
    nobody = gpd.GeoDataFrame({"point_id": pd.Series([], dtype=str)}, geometry=[], crs=4326)
    return {
        "governorates": zones,
        "demand": demand,
        "assignment": lines,
        "bands": zones[["zone_id", "geometry"]],
        "centres": centres,
        "candidates": centres,
        "unreachable": nobody,
    }


def results() -> pd.DataFrame:
    figures = {
        "population": ([600, 400], "reported"),
        "covered": ([600, 200], "modelled"),
        "covered_share": ([1.0, 0.5], "modelled"),
        "unreachable": ([0, 50], "modelled"),
        "mean_minutes": ([12.5, 44.0], "modelled"),
        "mean_km": ([9.5, 40.0], "modelled"),
        "density_per_km2": ([6.0, 0.5], "reported"),
        "centres": ([1, 1], "modelled"),
    }
    rows = [
        (2025, "governorate", ZONES[zone][0], "all", measure, values[zone], "", basis)
        for measure, (values, basis) in figures.items()
        for zone in (0, 1)
    ]
    columns = ["year", "scope", "scope_id", "group", "measure", "value", "unit", "basis"]
    return pd.DataFrame(rows, columns=columns)


def write_folder(runs: Path, name: str = "toy-1a2b3c4d", **other: Any) -> Path:
    """Write a whole run folder with its manifest; `other` replaces parts of run.json."""
    path = runs / name
    (path / "proof").mkdir(parents=True)
    (path / "run.json").write_text(json.dumps(info(name, **other), ensure_ascii=False), encoding="utf-8")
    results().to_csv(path / "results.csv", index=False)
    for layer, frame in layers().items():
        kind = {"assignment": "LineString", "governorates": "Polygon", "bands": "Polygon"}.get(layer, "Point")
        package = path / "plan.gpkg"
        pyogrio.write_dataframe(frame, package, layer=layer, driver="GPKG", geometry_type=kind, append=package.exists())
    (path / "map.html").write_text("<!doctype html><title>map</title><script>1</script>", encoding="utf-8")
    (path / "report.ar.html").write_text("<!doctype html><html lang='ar' dir='rtl'><p>تقرير", encoding="utf-8")
    (path / "report.en.html").write_text("<!doctype html><html lang='en'><p>report", encoding="utf-8")
    (path / "sites.csv").write_text("id\na\nb\n", encoding="utf-8-sig")
    (path / "proof" / "problem.npz").write_bytes(b"PK-made-up")
    write_manifest(path)
    return path


def write_manifest(path: Path) -> None:
    files = sorted(file for file in path.rglob("*") if file.is_file() and file.name != "manifest.json")
    listed = {file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    (path / "manifest.json").write_text(json.dumps({"sha256": listed}), encoding="utf-8")
