"""
Files that a scenario names beside its country: the planner's own candidates, a matrix of journeys.

Each is an input of the run: hashed, copied to ``inputs/<kind>/<name>``, and named there in the run's own scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

# kind -> where the settings name it
NAMED: Mapping[str, tuple[str, ...]] = {"candidates": ("candidates", "file"), "matrix": ("travel", "matrix", "file")}


def named_files(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the files that settings name, by kind."""
    found = {}
    for kind, keys in NAMED.items():
        part: Any = settings
        for key in keys:
            part = part.get(key) if isinstance(part, Mapping) else None
        if part is not None:
            found[kind] = str(part)
    return found


def with_files(settings: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    """Return settings that name other files, those of the kinds given; the settings themselves do not change."""
    changed = dict(settings)
    for kind, file in files.items():
        changed = _put(changed, NAMED[kind], file)
    return changed


def inside_run(files: Mapping[str, object]) -> dict[str, str]:
    """Return where files ``<kind>/<name>`` lie in a run folder, by kind."""
    return {PurePosixPath(name).parts[0]: f"inputs/{name}" for name in files}


def _put(settings: Mapping[str, Any], keys: tuple[str, ...], value: str) -> dict[str, Any]:
    key, rest = keys[0], keys[1:]
    return {**settings, key: _put(settings[key], rest, value) if rest else value}
