"""Write the toy country as a pack on disk, and run toy scenarios on it."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from geodata.contract import BY_NAME
from geodata.country import Country
from scenarios import Publisher, Run, load_scenario, run_scenario
from tests.toy import toy_country

MEDIA = {"csv": "text/csv", "geojson": "application/geo+json", "yaml": "application/yaml"}


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the parts of a scenario over one another: sections join, all else is taken from the last."""
    whole: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            both = isinstance(value, dict) and isinstance(whole.get(name), dict)
            whole[name] = merged(whole[name], value) if both else copy.deepcopy(value)
    return whole


def write_toy_pack(folder: Path, country: Country | None = None) -> Path:
    """Write a pack into `folder` (made if missing) and return it."""
    country = country or toy_country()
    folder.mkdir(parents=True, exist_ok=True)
    zones = country.zones
    tables = {
        "zones": pd.DataFrame(zones.drop(columns=["geometry", "boundary_basis"])),
        "districts": country.districts,
        "people": _flat(country.people),
        "groups": country.groups,
        "places": _flat(country.places),
        "candidates": _flat(country.candidates),
        "centres": _flat(country.centres),
        "offices": pd.DataFrame(
            columns=["office_id", "name_en", "name_ar", "agency", "zone_id", "source", "lon", "lat"]
        ),
        "road_nodes": _nodes(country),
        "road_edges": _edges(country),
    }
    for name, table in tables.items():
        flags = {c: table[c].map({True: "true", False: "false"}) for c in table if pd.api.types.is_bool_dtype(table[c])}
        table.assign(**flags).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    shapes = (
        zones[["zone_id", "boundary_basis", "geometry"]]
        .rename(columns={"boundary_basis": "basis"})
        .to_json(drop_id=True)
    )
    (folder / "zone_shapes.geojson").write_text(shapes, encoding="utf-8")
    (folder / "travel_rules.yaml").write_text(yaml.safe_dump(_rules(country)), encoding="utf-8")
    (folder / "country.yaml").write_text(yaml.safe_dump(_settings(country), allow_unicode=True), encoding="utf-8")
    files = [*(f"{name}.csv" for name in tables), "zone_shapes.geojson", "travel_rules.yaml"]
    describe(folder, files)
    return folder


def describe(folder: Path, files: list[str]) -> None:
    """Write the descriptor for what stands in the folder now."""
    resources = [_resource(folder / file) for file in files]
    text = json.dumps({"name": "toyland", "resources": resources})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def toy_scenario(folder: Path, **changes: object) -> Path:
    """Write a scenario file beside a pack called ``pack`` and return its path."""
    whole: dict[str, object] = {
        "schema": 1,
        "name": "toy",
        "title": {"en": "Toy programme", "ar": "برنامج الألعاب"},
        "country": "./pack",
        "years": [2023, 2024, 2025],
        "programme": {
            "fixed": [{"site": "TO-A-00", "begun": 2022, "operating": 2023}],
            "tranches": [
                {"id": "three", "title": {"en": "Three", "ar": "ثلاثة"}, "count": 3, "begun": 2023, "operating": 2024},
                {"id": "one", "title": {"en": "One", "ar": "واحد"}, "count": 1, "begun": 2024, "operating": 2025},
            ],
            "quotas": [{"each": "governorate", "at_least": 1, "from": 2024}],
            "private": {"count": 1, "offered": 2023, "operating": 2024},
        },
        "compare": ["quota_other_way"],
    }
    path = folder / "toy.yaml"
    path.write_text(yaml.safe_dump(whole | changes, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def toy_run(
    folder: Path, *, country: Country | None = None, publishers: Sequence[Publisher] = (), **changes: object
) -> Run:
    """Write the toy pack and scenario into `folder`, plan it, and return the run in ``folder/runs``."""
    write_toy_pack(folder / "pack", country)
    scenario = load_scenario(str(toy_scenario(folder, **changes)))
    return run_scenario(scenario, runs_folder=folder / "runs", publishers=publishers)


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    flat = pd.DataFrame(frame.drop(columns="geometry"))
    missing = frame.geometry.isna()
    flat["lon"] = frame.geometry.x.where(~missing)
    flat["lat"] = frame.geometry.y.where(~missing)
    return flat


def _nodes(country: Country) -> pd.DataFrame:
    roads = country.roads
    return pd.DataFrame(
        {
            "node_id": roads.node_id,
            "lon": roads.lon,
            "lat": roads.lat,
            "region": roads.region,
            "in_capital_city": "false",
        }
    )


def _edges(country: Country) -> pd.DataFrame:
    roads = country.roads
    half = len(roads.start) // 2
    return pd.DataFrame(
        {
            "start": roads.node_id[roads.start[:half]],
            "end": roads.node_id[roads.end[:half]],
            "metres": roads.metres[:half],
            "road_class": "main",
            "oneway": "false",
            "basis": "assumed",
            "source": "made up",
        }
    )


def _rules(country: Country) -> dict[str, object]:
    rules = country.roads.rules

    def figure(value: float) -> dict[str, object]:
        return {"value": value, "unit": "see the docs", "basis": "assumed", "source": "made up"}

    return {
        "speeds": {"main": figure(rules.speed_kmh["main"])},
        "detours": {"main": figure(rules.road_detour["main"])},
        "congestion_factor": figure(rules.congestion_factor),
        "access_detour_urban": figure(rules.access_detour_urban),
        "access_detour_rural": figure(rules.access_detour_rural),
        "access_speed_urban": figure(rules.access_speed_urban),
        "access_speed_rural": figure(rules.access_speed_rural),
        "access_nodes": figure(rules.access_nodes),
        "access_limit": figure(rules.access_limit_m / 1000.0),
        "direct_limit": figure(rules.direct_limit_m / 1000.0),
        "link_limit": figure(rules.link_limit_m / 1000.0),
    }


def _settings(country: Country) -> dict[str, object]:
    parts = ["zones", "zone_shapes", "districts", "people", "groups", "places", "candidates", "centres", "offices"]
    parts += ["road_nodes", "road_edges", "travel_rules"]
    return {
        "schema": 1,
        "code": country.code,
        "name_en": country.name_en,
        "name_ar": country.name_ar,
        "metric_crs": country.metric_crs,
        "capital_zone": country.capital_zone,
        "population_year": country.population_year,
        "population_total": int(country.zones["population"].sum()),
        "position_tolerance_km": 3.0,
        "parts": {part: part.replace("_", "-") for part in parts},
        "notes": country.notes,
    }


def _resource(path: Path) -> dict[str, object]:
    data = path.read_bytes()
    ending = path.suffix[1:]
    schema = {"schema": _schema(path)} if ending == "csv" else {}
    return schema | {
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "format": ending,
        "mediatype": MEDIA[ending],
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
        "vintage": "2025",
        "sources": [{"title": "made up for tests"}],
        "licenses": [{"name": "none"}],
    }


def _schema(path: Path) -> dict[str, object]:
    known = {field.name: field for field in BY_NAME[path.stem].fields}
    header = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
    fields = [{"name": name, "type": known[name].type, "constraints": known[name].constraints()} for name in header]
    return {"fields": fields, "missingValues": [""]}
