"""
Compiled countries kept by the content of what they were made from.

The name is the hash of every file in the folder and of the way of reading, so
that nothing stale is found. The folder is that of `geodata.osm.cache.cache_folder`
(``MARKAZ_CACHE``); one that cannot be written is passed over.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from foundation.errors import InvalidInput, MarkazError, OutputRefused
from foundation.files import folder_written_aside
from foundation.strict_yaml import load_yaml
from geodata.country import Country, Resource
from geodata.folder.build import ZONE_COLUMNS, build
from geodata.folder.frames import COMPILED, load_country, save_country
from geodata.folder.report import DataReport, Finding
from geodata.folder.settings import SETTINGS
from geodata.folder.short_form import is_short
from geodata.gate import expect_hashable
from geodata.gate.told import again, plain
from geodata.gate.unchanged import digest_of, expect_unchanged, marks
from geodata.osm.cache import VERSION as ROADS_VERSION
from geodata.osm.cache import cache_folder
from geodata.osm.speeds import BUILT_IN, read_speed_table

VERSION = "4"  # raised whenever reading a folder changes


def fingerprint(folder: Path) -> str:
    """Return the hash of a country folder: every file of it, by name and content, and the way of reading."""
    reading = "\n".join((VERSION, ROADS_VERSION, *(read_speed_table(n).sha256() for n in BUILT_IN)))
    return digest_of(folder, _files(folder), reading, hashed=_is_hashable)


def _is_hashable(path: Path) -> bool:
    try:
        expect_hashable(path)
    except MarkazError:  # the reader refuses such a file
        return False
    return True


def _files(folder: Path) -> Iterator[Path]:
    """Every file of a country folder; a cache that is kept inside it is none of its data."""
    kept = cache_folder().resolve()
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith(".") and not path.resolve().is_relative_to(kept):
            yield path


def compiled(folder: Path) -> tuple[Country, DataReport]:
    """
    Read a country folder of the short form, or take it from the cache.

    See `geodata.folder.build.build`. The `folder` of a country that could be kept is the
    compiled one, which holds all that is needed to load it again.

    Raises
    ------
    MarkazError
        The first refusal; also for a file that is changed while the folder is read.
    """
    before = marks(_files(folder))
    home = cache_folder() / "countries" / fingerprint(folder)
    if (home / COMPILED).is_file():
        with contextlib.suppress(InvalidInput):
            known, told = load_country(home)
            return known, _report_of(told)
        shutil.rmtree(home, ignore_errors=True)
    country, report = build(folder, stop=True)
    assert country is not None
    expect_unchanged(before, marks(_files(folder)))
    with contextlib.suppress(OutputRefused, OSError):
        if home.exists():
            shutil.rmtree(home)
        with folder_written_aside(home) as aside:
            save_country(aside, country, report=_plain(report))
        country, _ = load_country(home)
    return country, report


def is_short_folder(folder: Path) -> bool:
    """Whether a folder's `country.yaml` is of the short form."""
    return (folder / SETTINGS).is_file() and is_short(load_yaml(folder / SETTINGS))


def _plain(report: DataReport) -> dict[str, Any]:
    return {
        "folder": Path(report.folder).name,
        "findings": [{**asdict(finding), "values": plain(finding.values)} for finding in report.findings],
        "zones": report.zones.to_dict("list"),
        "files": [asdict(file) for file in report.files],
    }


def _report_of(told: dict[str, Any]) -> DataReport:
    return DataReport(
        folder=told["folder"],
        findings=tuple(Finding(**{**finding, "values": again(finding["values"])}) for finding in told["findings"]),
        zones=pd.DataFrame(told["zones"], columns=ZONE_COLUMNS),
        files=tuple(Resource(**file) for file in told["files"]),
    )
