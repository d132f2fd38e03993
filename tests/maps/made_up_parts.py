"""What the made-up run is made of: blocks of land, points, centres, minutes, the results table."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point, box

YEARS = (2022, 2023, 2024, 2025)
OPENED = {2022: 1, 2023: 0, 2024: 15, 2025: 5}
LETTERS_AR = "أبجدهوزحطيكل"
EVIL = "<img src=x onerror=alert(1)>"
TURNED = "\u202eturned"  # everything after it would read backwards
BREAKOUT = "</script><script>alert(2)</script>\u2028 & \"quoted\" 'single'"


def blocks() -> gpd.GeoDataFrame:
    """Twelve rough blocks, three wide and four high, with a bite taken out of some."""
    rows = []
    for k in range(12):
        west, south = 35.2 + 1.1 * (k % 3), 29.4 + 0.95 * (k // 3)
        shape = box(west, south, west + 1.1, south + 0.95)
        if k % 3 == 2:
            shape = shape.difference(Point(west + 1.1, south + 0.3 + 0.1 * k / 3).buffer(0.4))
        rows.append(
            {
                "zone_id": f"XX-{k + 1:02d}",
                "name_en": f"Block {chr(65 + k)}",
                "name_ar": f"القطعة {LETTERS_AR[k]}",
                "boundary_basis": "assumed",
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(rows, crs=4326)


def points_of(zones: gpd.GeoDataFrame, count: int, rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for zone in zones.itertuples():
        west, south, east, north = zone.geometry.bounds
        hub = zone.geometry.representative_point()
        made = 0
        while made < count // len(zones):
            wide = rng.random() < 0.35
            x, y = (
                (rng.uniform(west, east), rng.uniform(south, north))
                if wide
                else rng.normal((hub.x, hub.y), 0.07 if made % 3 else 0.02)
            )
            if not zone.geometry.contains(Point(x, y)):
                continue
            urban = not wide
            rows.append(
                {
                    "point_id": f"p{len(rows):05d}",
                    "zone_id": zone.zone_id,
                    "district_id": f"{zone.zone_id}-1",
                    "place_en": f"Place {zone.zone_id[-2:]}.{made % 7}",
                    "place_ar": f"مكان {zone.zone_id[-2:]}.{made % 7}",
                    "settlement": "urban" if urban else "rural",
                    "is_camp": False,
                    "people": int(rng.integers(500, 9000) if urban else rng.integers(20, 400)),
                    "method": "spread",
                    "basis": "modelled",
                    "limit_minutes": 30.0 if urban else 60.0,
                    "cut_off": bool(rng.random() < 0.01),
                    "x": x,
                    "y": y,
                }
            )
            made += 1
    return pd.DataFrame(rows)


def sites_of(zones: gpd.GeoDataFrame, rng: np.random.Generator) -> list[dict[str, Any]]:
    years = [year for year, count in OPENED.items() for _ in range(count)]
    sites: list[dict[str, Any]] = []
    for k, year in enumerate(years):
        zone = zones.iloc[k % len(zones)]
        hub = zone.geometry.representative_point()
        x, y = (hub.x, hub.y) if k < len(zones) else rng.normal((hub.x, hub.y), 0.18)
        if not zone.geometry.contains(Point(x, y)):
            x, y = hub.x + 0.05, hub.y - 0.05
        fixed = year == YEARS[0]
        sites.append(
            {
                "id": f"s{k:02d}",
                "name_en": f"Centre {k + 1}",
                "name_ar": f"مركز {k + 1}",
                "governorate": zone.zone_id,
                "governorate_en": zone.name_en,
                "governorate_ar": zone.name_ar,
                "kind": "comprehensive",
                "operator": "private" if k in (3, 6, 9, 12, 15) else "government",
                "form": "comprehensive",
                "closing_year": None,
                "status": "open" if fixed else "planned",
                "fixed": fixed,
                "begun_year": year - (0 if fixed else 1),
                "operating_year": year,
                "services_count": 120 if fixed else None,
                "lat": float(y),
                "lon": float(x),
                "position_basis": "cited" if k < 12 else "modelled",
            }
        )
    return sites


def travel_of(points: pd.DataFrame, sites: list[dict[str, Any]], year: int) -> pd.DataFrame:
    ids = [site["id"] for site in sites if site["operating_year"] <= year]
    spots = np.array([[site["lon"], site["lat"]] for site in sites if site["operating_year"] <= year])
    away = np.hypot((points[["x"]].to_numpy() - spots[:, 0]) * 94.0, (points[["y"]].to_numpy() - spots[:, 1]) * 111.0)
    nearest = away.argmin(axis=1)
    km = np.round(away.min(axis=1) * 1.3, 1)
    minutes = np.round(km / 50 * 60 + 4, 1)
    cut = points["cut_off"].to_numpy()
    bands = np.select(
        [cut, minutes <= 30, minutes <= 60, minutes <= 90],
        ["unreachable", "within_30", "within_60", "within_90"],
        "beyond_90",
    )
    return pd.DataFrame(
        {
            f"minutes_{year}": np.where(cut, np.nan, minutes),
            f"km_{year}": np.where(cut, np.nan, km),
            f"band_{year}": bands,
            f"site_{year}": np.where(cut, None, np.array(ids, dtype=object)[nearest]),
        },
        index=points.index,
    )


def results_of(points: pd.DataFrame, sites: list[dict[str, Any]]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    scopes = [("nation", "XX", points)] + [("governorate", str(zone), part) for zone, part in points.groupby("zone_id")]
    for year in YEARS:
        for scope, scope_id, part in scopes:
            minutes, people = part[f"minutes_{year}"], part["people"]
            within = minutes <= part["limit_minutes"]
            reached = minutes.notna()
            centres = sum(site["operating_year"] <= year and scope_id in ("XX", site["governorate"]) for site in sites)
            order = minutes[reached].sort_values().index
            running = people[order].cumsum() / people[order].sum()
            values = {
                "population": (people.sum(), "persons"),
                "covered": (people[within].sum(), "persons"),
                "out_of_standard": (people[reached & ~within].sum(), "persons"),
                "unreachable": (people[~reached].sum(), "persons"),
                "covered_share": (people[within].sum() / people.sum(), "share"),
                "mean_minutes": (np.average(minutes[reached], weights=people[reached]), "minutes"),
                "p90_minutes": (minutes[order][running >= 0.9].iloc[0], "minutes"),
                "mean_km": (np.average(part[f"km_{year}"][reached], weights=people[reached]), "km"),
                "centres": (centres, "centres"),
                "area_km2": (9000.0 if scope != "nation" else 108000.0, "km2"),
                "density_per_km2": (people.sum() / (9000.0 if scope != "nation" else 108000.0), "persons/km2"),
            }
            basis = {"population": "reported", "centres": "assumed", "area_km2": "reported"}
            rows += [
                {
                    "year": year,
                    "scope": scope,
                    "scope_id": scope_id,
                    "group": "all",
                    "measure": measure,
                    "value": float(value),
                    "unit": unit,
                    "basis": basis.get(measure, "modelled"),
                }
                for measure, (value, unit) in values.items()
            ]
    return pd.DataFrame(rows)


def governorates_of(zones, points, sites, results) -> gpd.GeoDataFrame:
    final = YEARS[-1]
    frame = zones.copy()
    table = results[results["scope"] == "governorate"].pivot_table(
        index=["scope_id"], columns=["year", "measure"], values="value"
    )
    for measure in (
        "area_km2",
        "population",
        "density_per_km2",
        "covered",
        "covered_share",
        "out_of_standard",
        "unreachable",
        "mean_minutes",
        "p90_minutes",
        "mean_km",
        "centres",
    ):
        frame[measure] = table[final][measure].reindex(frame["zone_id"]).to_numpy()
    for year in YEARS:
        frame[f"covered_{year}"] = table[year]["covered"].reindex(frame["zone_id"]).to_numpy()
        frame[f"centres_{year}"] = table[year]["centres"].reindex(frame["zone_id"]).to_numpy()
    worst = points.sort_values(f"minutes_{final}").groupby("zone_id").last()
    frame["first_year"] = [
        min(s["operating_year"] for s in sites if s["governorate"] == zone) for zone in frame["zone_id"]
    ]
    frame["next_opening_year"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    frame["next_opening_en"] = ""
    frame["next_opening_ar"] = ""
    frame["farthest_place_en"] = worst["place_en"].reindex(frame["zone_id"]).to_numpy()
    frame["farthest_place_ar"] = worst["place_ar"].reindex(frame["zone_id"]).to_numpy()
    frame["farthest_minutes"] = worst[f"minutes_{final}"].reindex(frame["zone_id"]).to_numpy()
    return frame


def certificate_of(status: str) -> dict[str, Any]:
    names = [
        ("Person-years within the standard", "سنوات الأشخاص ضمن معيار الوصول", "person-years", 1000.0),
        ("The worst-covered governorate", "المحافظة الأدنى تغطيةً", "share", 0.8),
        ("Mean travel", "متوسط زمن الوصول", "minutes", 14.0),
        ("Ties", "كسر التعادل", "ranks", 55.0),
    ]
    stages = [
        {
            "objective": f"stage_{k}",
            "title_en": english,
            "title_ar": arabic,
            "unit": unit,
            "status": "proven_optimal" if k or status == "proven_optimal" else status,
            "value": value,
            "bound": value if k or status == "proven_optimal" else value * 1.02,
            "gap": 0.0 if k or status == "proven_optimal" else value * 0.02,
            "checked_bound": value,
            "proof": "checked",
            "rechecked": True,
            "start": None,
            "moved": 0,
            "seconds": 1.0,
        }
        for k, (english, arabic, unit, value) in enumerate(names)
    ]
    return {"status": status, "stages": stages}
