"""
Write `datapackage.json`: every file of the Jordan pack with schema, unit, source, date, licence and sha256.

Schemas come from `geodata.contract`, so that what is described is what `geodata.load`
checks. The tables the pack is derived from are resources too: a figure leads back to them.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from foundation.errors import NotFound
from foundation.strict_yaml import load_yaml
from geodata.contract import BY_NAME, RECORDS, Part
from geodata.jordan_build.provenance import ABOUT, LICENCES, SOURCE_ABOUT, SOURCES, About

MEDIA = {"csv": "text/csv", "geojson": "application/geo+json", "yaml": "application/yaml"}
FILES = {
    "zones": "governorates.csv",
    "zone_shapes": "governorates.geojson",
    "districts": "districts.csv",
    "people": "people.csv",
    "groups": "groups.csv",
    "places": "places.csv",
    "candidates": "candidates.csv",
    "centres": "centres.csv",
    "offices": "offices.csv",
    "road_nodes": "road_nodes.csv",
    "road_edges": "road_edges.csv",
    "travel_rules": "travel_rules.yaml",
} | {part.name: f"{part.name}.csv" for part in RECORDS}


def build(folder: Path) -> None:
    """Write `datapackage.json` into the pack's `folder`; all its files stand there."""
    names = load_yaml(folder / "country.yaml")["parts"]
    resources = [
        _resource(folder, file, names[part], ABOUT[part], _schema(BY_NAME[part], folder / file))
        for part, file in FILES.items()
    ]
    for path in sorted((folder / "sources").iterdir()):
        name = "source-" + path.name.replace("_", "-").rpartition(".")[0]
        resources.append(_resource(folder, f"sources/{path.name}", name, _about(path.name), _read_schema(path)))
    package = {
        "name": "markaz-jordan",
        "title": "Jordan: people, places, roads and candidate sites for service centres",
        "description": "Written from recorded facts with citations; how is told in docs/data.md.",
        "version": "1",
        "licenses": [LICENCES["facts"], LICENCES["geonames"], LICENCES["natural-earth"]],
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def _about(file: str) -> About:
    if file not in SOURCE_ABOUT:
        raise NotFound(
            "sources/{file} has no provenance. Say in provenance.py what it is, of when and from where.", file=file
        )
    return SOURCE_ABOUT[file]


def _resource(folder: Path, path: str, name: str, about: About, schema: dict[str, Any] | None) -> dict[str, Any]:
    data = (folder / path).read_bytes()
    ending = path.rpartition(".")[2]
    resource: dict[str, Any] = {
        "name": name,
        "type": "table" if schema else "file",
        "path": path,
        "title": about.title,
        "description": about.text,
        "format": ending,
        "mediatype": MEDIA[ending],
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
        "vintage": about.vintage,
        "sources": [SOURCES[key] for key in about.sources],
        "licenses": [LICENCES[key] for key in about.licences],
    }
    if schema:
        resource["schema"] = schema
    return resource


UNITS = {"_km": "km", "_km2": "km2", "_minutes": "minutes", "_m": "m", "_share": "0 to 1", "_pct": "%"}
NAMED_UNITS = {"people": "persons", "population": "persons", "lat": "degrees north", "lon": "degrees east"}


def _read_schema(path: Path) -> dict[str, Any] | None:
    """Frictionless schema of a source table, read off its cells: a source is kept as it was taken down."""
    if path.suffix != ".csv":
        return None
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    fields = []
    for at, title in enumerate(header):
        cells = [row[at] for row in rows if row[at]]
        told = {"name": title, "type": _type_of(cells)}
        unit = NAMED_UNITS.get(title) or next((unit for end, unit in UNITS.items() if title.endswith(end)), "")
        if unit and told["type"] != "string":
            told["unit"] = unit
        fields.append(told)
    return {"fields": fields, "missingValues": [""]}


def _type_of(cells: list[str]) -> str:
    """Return "integer", "number" or "string": what every cell of a column is."""
    for name, pattern in (("integer", r"-?(0|[1-9]\d*)"), ("number", r"-?\d+(\.\d+)?")):
        if cells and all(re.fullmatch(pattern, cell) for cell in cells):
            return name
    return "string"


def _schema(part: Part, path: Path) -> dict[str, Any] | None:
    """Frictionless schema of the columns that are there, in their order."""
    if part.format != "csv":
        return None
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    known = {field.name: field for field in part.fields}
    fields = []
    for title in header:
        field = known[title]
        told: dict[str, Any] = {"name": field.name, "type": field.type, "description": field.text}
        if field.unit:
            told["unit"] = field.unit
        if constraints := field.constraints():
            told["constraints"] = constraints
        fields.append(told)
    return {"fields": fields, "missingValues": [""]}
