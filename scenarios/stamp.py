"""The stamp of a run: when and with what it was made, and the key that decides its name."""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geodata.country import Country
from scenarios.files import Scenario
from scenarios.inputs import named_files, with_files

_PARTS = (
    "markaz",
    "highspy",
    "pulp",
    "numpy",
    "scipy",
    "pandas",
    "geopandas",
    "shapely",
    "pyogrio",
    "pyproj",
    "babel",
    "jinja2",
    "matplotlib",
    "pillow",
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """
    What differs between two makings of the same run, and decides no figure of it.

    Attributes
    ----------
    created
        When, ISO 8601, UTC.
    versions
        Of Python and of the parts, see `versions`.
    seconds
        What took how long.
    country, files
        How the planner's machine named the inputs: the setting ``country``, and files by kind; see `scenarios.inputs`.
    """

    created: str
    versions: Mapping[str, str]
    seconds: Mapping[str, float]
    country: str
    files: Mapping[str, str]

    def settings(self, scenario: Scenario) -> dict[str, Any]:
        """Every setting of a scenario, with the inputs named as they were on the planner's machine."""
        return with_files(scenario.resolved() | {"country": self.country}, self.files)


def stamp_now(scenario: Scenario, seconds: Mapping[str, float]) -> Stamp:
    """Stamp a run that is made now."""
    return Stamp(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        versions=versions(),
        seconds={name: round(value, 3) for name, value in seconds.items()},
        country=scenario.settings.country,
        files=named_files(scenario.resolved()),
    )


def stamp_of(info: Mapping[str, Any]) -> Stamp:
    """Take the stamp of a run that is there from its run.json."""
    return Stamp(
        created=info["created"],
        versions=info["versions"],
        seconds=info["seconds"],
        country=info["settings"]["country"],
        files=named_files(info["settings"]),
    )


def run_key(scenario: Scenario, country: Country, extra: dict[str, str], *, parts: Mapping[str, str]) -> str:
    """
    Hash what decides the answer: settings, inputs by content, version of this project.

    `extra` are further input files by name and sha256 (see `scenarios.inputs`); `parts` as `versions` gives them.
    """
    settings = scenario.resolved()
    said = with_files(settings | {"country": ""}, dict.fromkeys(named_files(settings), ""))
    decided = {
        "settings": said,
        "inputs": sorted([r.name, r.sha256] for r in country.resources) + sorted(map(list, extra.items())),
        "versions": {name: parts[name] for name in ("markaz", "highspy")},
    }
    return hashlib.sha256(json.dumps(decided, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python, of the system and of the parts that decide an answer or how it is written."""
    here = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    return here | {name: importlib.metadata.version(name) for name in _PARTS}
