"""
The way in: `load` reads a country, checks it, and returns its frames; `check` says what was read.

``jordan`` is built in. Any other country is a folder: a pack with the same layout
(docs/data.md), or plain files with a short `country.yaml` (docs/country-folder.md).
"""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import shorten

import pandas as pd

from foundation.errors import MarkazError, NotFound
from geodata.country import Country
from geodata.folder.build import ZONE_COLUMNS, build
from geodata.folder.cache import compiled, is_short_folder
from geodata.folder.frames import is_compiled, load_country
from geodata.folder.report import DataReport, Notebook
from geodata.folder.settings import SETTINGS
from geodata.gate import expect_reachable
from geodata.pack_country import read_pack
from geodata.rehearsal import rehearse

BUILT_IN = {"jordan": Path(__file__).parent / "jordan"}


def load(country: str | Path) -> Country:
    """
    Read and check a country.

    Parameters
    ----------
    country
        The name of a built-in country (``"jordan"``), or a folder: a pack, plain files with a
        short `country.yaml`, or a compiled country. A string with a path separator is
        always a folder.

    Raises
    ------
    NotFound
        If there is no such country, or the pack lacks its settings or descriptor.
    InvalidInput
        If anything in it is wrong: file, row and field, and what to do.
    """
    folder = _folder(country)
    if is_compiled(folder):
        return load_country(folder)[0]
    if is_short_folder(folder):
        return compiled(folder)[0]
    if folder.resolve() not in {home.resolve() for home in BUILT_IN.values()}:
        rehearse(folder)
    return read_pack(folder)


def check(country: str | Path) -> DataReport:
    """
    Say what of a country is read, mended, assumed, left out and refused, and people by zone.

    Never raises for a country that is wrong: each refusal is a finding of the report.

    Parameters
    ----------
    country
        As for `load`.
    """
    try:
        folder = _folder(country)
        if not is_compiled(folder) and is_short_folder(folder):
            return build(folder)[1]
        return _checked_pack(load(folder))
    except MarkazError as error:
        notes = Notebook()
        named = str(error.values.get("file", "")) or "country.yaml"
        notes.refuse(named, named, error)
        return DataReport(str(country), tuple(notes.findings), pd.DataFrame(columns=ZONE_COLUMNS), ())


def _checked_pack(country: Country) -> DataReport:
    """Report on a pack that loaded: such a country is taken as it is or refused, never mended."""
    notes = Notebook()
    for resource in country.resources:
        notes.note(
            "read",
            resource.name,
            resource.path,
            "as described, sha256 {digest}; {source}; {licence}",
            digest=resource.sha256[:12],
            source=shorten(resource.source, 200, placeholder=" …"),
            licence=shorten(resource.licence, 300, placeholder=" …"),
        )
    zones = pd.DataFrame(country.zones[["zone_id", "name_en", "name_ar", "population", "urban", "rural"]])
    points = country.people.groupby("zone_id").size().reindex(zones["zone_id"]).fillna(0).astype("int64")
    table = zones.rename(columns={"population": "people"}).assign(
        read=zones["population"].astype("float64"), factor=1.0, points=points.to_numpy()
    )
    return DataReport(str(country.folder), tuple(notes.findings), table[ZONE_COLUMNS], country.resources)


def _folder(country: str | Path) -> Path:
    if country in BUILT_IN:
        return BUILT_IN[str(country)]
    for path in (Path(country), Path(country) / SETTINGS):
        expect_reachable(path)
    bare = isinstance(country, str) and not any(mark in country for mark in (os.sep, "/"))
    if bare and not Path(country).is_dir():
        raise NotFound(
            "There is no country '{name}'. Built in: {known}. For another, give the folder of its pack.",
            name=country,
            known=", ".join(BUILT_IN),
        )
    return Path(country)
