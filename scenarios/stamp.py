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
_NAMED = ("country", "candidates")  # settings that name the inputs on the planner's machine


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
    country, candidates
        How the planner's machine named the inputs: the settings ``country`` and ``candidates: file`` (or None).
    """

    created: str
    versions: Mapping[str, str]
    seconds: Mapping[str, float]
    country: str
    candidates: str | None

    def settings(self, scenario: Scenario) -> dict[str, Any]:
        """Every setting of a scenario, with the inputs named as they were on the planner's machine."""
        settings = scenario.resolved() | {"country": self.country}
        if settings["candidates"] is not None:
            settings["candidates"] = settings["candidates"] | {"file": self.candidates}
        return settings


def stamp_now(scenario: Scenario, seconds: Mapping[str, float]) -> Stamp:
    """Stamp a run that is made now."""
    part = scenario.settings.candidates
    return Stamp(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        versions=versions(),
        seconds={name: round(value, 3) for name, value in seconds.items()},
        country=scenario.settings.country,
        candidates=None if part is None else part.file,
    )


def stamp_of(info: Mapping[str, Any]) -> Stamp:
    """Take the stamp of a run that is there from its run.json."""
    return Stamp(
        created=info["created"],
        versions=info["versions"],
        seconds=info["seconds"],
        country=info["settings"]["country"],
        candidates=(info["settings"]["candidates"] or {}).get("file"),
    )


def run_key(scenario: Scenario, country: Country, extra: dict[str, str], *, parts: Mapping[str, str]) -> str:
    """
    Hash what decides the answer: settings, inputs by content, version of this project.

    `extra` are further input files by name and sha256 (a planner's candidates); `parts` as `versions` gives them.
    """
    settings = scenario.resolved()
    said = {key: value for key, value in settings.items() if key not in _NAMED}
    if settings["candidates"] is not None:
        said["candidates_mode"] = settings["candidates"]["mode"]
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
