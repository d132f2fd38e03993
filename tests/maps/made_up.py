"""
A made-up run in the documented format: nothing in it is a figure of any real country.

Small, seeded and consistent (governorates sum to the nation, the final year's
totals are disjoint), so that the tests of this room can say which number they expect.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from scenarios.run import Run
from tests.maps.made_up_parts import (
    BREAKOUT,
    EVIL,
    TURNED,
    YEARS,
    blocks,
    certificate_of,
    governorates_of,
    points_of,
    results_of,
    sites_of,
    travel_of,
)


def make_run(
    folder: Path,
    *,
    zones: gpd.GeoDataFrame | None = None,
    points: int = 300,
    status: str = "proven_optimal",
    hostile: bool = False,
    seed: int = 7,
) -> Run:
    """
    Write a `plan.gpkg` into `folder` and return the run that stands there.

    `hostile` puts markup, and marks that turn the direction, into every kind of name a map shows.
    """
    rng = np.random.default_rng(seed)
    zones = blocks() if zones is None else zones
    frame = points_of(zones, points, rng)
    sites = sites_of(zones, rng)
    frame = pd.concat([frame, *(travel_of(frame, sites, year) for year in YEARS)], axis=1)
    frame["within"] = frame[f"minutes_{YEARS[-1]}"] <= frame["limit_minutes"]
    results = results_of(frame, sites)
    nation = results[results["scope"] == "nation"].set_index(["year", "measure"])["value"]
    by_year = {
        str(year): {
            **{
                key: int(nation[year, key])
                for key in ("population", "covered", "out_of_standard", "unreachable", "centres")
            }
        }
        for year in YEARS
    }
    final = YEARS[-1]
    cumulative = 0
    for site in sites:
        gained = int(frame.loc[frame[f"site_{final}"] == site["id"], "people"].sum())
        cumulative += gained
        site |= {
            "people_gained": gained,
            "cumulative_covered": cumulative,
            "residents_nearest": gained,
            "load_flag": site["id"] == "s01",
        }
    if hostile:
        sites[0]["name_en"] = sites[0]["name_ar"] = EVIL
        sites[1]["name_en"] = sites[1]["name_ar"] = BREAKOUT
        zones = zones.copy()
        zones.loc[0, ["name_en", "name_ar"]] = EVIL
        zones.loc[1, ["name_en", "name_ar"]] = BREAKOUT
        for site in sites[:2]:
            site["governorate_en"] = site["governorate_ar"] = EVIL
        frame["place_en"] = frame["place_ar"] = EVIL + TURNED
        sites[2]["name_en"] = sites[2]["name_ar"] = TURNED
    governorates = governorates_of(zones, frame, sites, results)
    shares = governorates["covered_share"]
    worst = governorates.loc[shares.idxmin()]
    info = _info(by_year, sites, worst, status=status, hostile=hostile)
    _write_package(folder / "plan.gpkg", governorates, frame, sites)
    return Run(path=folder, info=info, results=results)


def _info(by_year, sites, worst, *, status: str, hostile: bool) -> dict[str, Any]:
    final = YEARS[-1]
    return {
        "schema": 1,
        "run_id": "made-up-1a2b3c4d",
        "scenario": {"name": "made-up", "title_en": "A made-up programme", "title_ar": "برنامج متخيَّل"},
        "country": {
            "code": "XX",
            "name_en": "Nowhere",
            "name_ar": "بلد متخيَّل",
            "capital_zone": "XX-01",
            "population_year": 2025,
            "metric_crs": "EPSG:6933",
        },
        "created": "2026-11-24T16:00:00+00:00",
        "years": list(YEARS),
        "standard": {"urban_minutes": 30, "rural_minutes": 60, "partial_centres_count": False},
        "programme": {
            "operating": {str(y): by_year[str(y)]["centres"] for y in YEARS},
            "begun": {},
            "quotas": [],
            "steps": [],
            "private": None,
        },
        "certificate": certificate_of(status),
        "totals": {
            "population_year": 2025,
            **{k: by_year[str(final)][k] for k in ("population", "covered", "out_of_standard", "unreachable")},
        },
        "totals_by_year": by_year,
        "worst_off": {
            "zone_id": worst["zone_id"],
            "name_en": worst["name_en"],
            "name_ar": worst["name_ar"],
            "covered_share": float(worst["covered_share"]),
        },
        "sites": sites,
        "load": {
            "residents_per_centre": 400000,
            "basis": "assumed",
            "flagged": 1,
            "note_en": "An assumed load.",
            "note_ar": "افتراض.",
        },
        "variants": [],
        "farthest": [],
        "inputs": [],
        "sources_note": [
            {
                "text_en": "Places: a made-up list" + (EVIL if hostile else ""),
                "text_ar": "الأماكن: قائمة متخيَّلة" + (EVIL if hostile else ""),
            }
        ],
        "versions": {},
        "settings": {},
        "seconds": {},
    }


def _write_package(path: Path, governorates, frame, sites) -> None:
    final = YEARS[-1]
    geometry = gpd.points_from_xy(frame["x"], frame["y"], crs=4326)
    demand = gpd.GeoDataFrame(frame.drop(columns=["x", "y", "cut_off"]), geometry=geometry)
    centres = gpd.GeoDataFrame(
        pd.DataFrame(sites),
        geometry=gpd.points_from_xy([s["lon"] for s in sites], [s["lat"] for s in sites]),
        crs=4326,
    )
    spare = frame.iloc[:: max(1, len(frame) // 100)]
    candidates = gpd.GeoDataFrame(
        {
            "site_id": [s["id"] for s in sites] + [f"c{k}" for k in range(len(spare))],
            "name_en": [s["name_en"] for s in sites] + list(spare["place_en"]),
            "name_ar": [s["name_ar"] for s in sites] + list(spare["place_ar"]),
            "zone_id": [s["governorate"] for s in sites] + list(spare["zone_id"]),
            "origin": "place",
            "position_basis": "cited",
            "chosen": [True] * len(sites) + [False] * len(spare),
            "operating_year": pd.array([s["operating_year"] for s in sites] + [pd.NA] * len(spare), dtype="Int64"),
        },
        geometry=[*centres.geometry, *gpd.points_from_xy(spare["x"], spare["y"])],
        crs=4326,
    )
    lost = demand[demand[f"band_{final}"] == "unreachable"]
    reached = demand[demand[f"band_{final}"] != "unreachable"]
    where = dict(zip(centres["id"], centres.geometry, strict=True))
    lines = gpd.GeoDataFrame(
        {
            "point_id": reached["point_id"],
            "site_id": reached[f"site_{final}"],
            "people": reached["people"],
            "minutes": reached[f"minutes_{final}"],
            "km": reached[f"km_{final}"],
        },
        geometry=[
            LineString([point, where[site]])
            for point, site in zip(reached.geometry, reached[f"site_{final}"], strict=True)
        ],
        crs=4326,
    )
    bands = reached.assign(
        band=reached[f"band_{final}"], geometry=shapely.buffer(reached.geometry.array, 0.005, cap_style="square")
    )
    bands = bands.dissolve(by=["zone_id", "band"], aggfunc={"people": "sum"}).reset_index()
    for name, layer in {
        "governorates": governorates,
        "demand": demand,
        "assignment": lines,
        "bands": bands,
        "centres": centres,
        "candidates": candidates,
        "unreachable": lost[["point_id", "place_en", "place_ar", "zone_id", "people", "geometry"]],
    }.items():
        layer.to_file(path, layer=name, driver="GPKG")
