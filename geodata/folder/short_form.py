"""Read the short form of `country.yaml`: what is missing, not known or of no use is said by name, all of it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput, NotFound, Phrase, listed
from foundation.fields import faults_in_words
from foundation.strict_yaml import load_yaml
from geodata.folder.settings import NETWORKS, RASTERS, SETTINGS, TABLES, PartFile, PopulationPart, ShortSettings
from geodata.misspelt import with_meant
from geodata.pack import modelled

ASKED: dict[str, tuple[str, str]] = {
    "code": ("the country's two letters (ISO 3166-1)", "code: JO"),
    "name_en": ("the country's name in English", "name_en: Jordan"),
    "name_ar": ("the country's name in Arabic", "name_ar: الأردن"),
    "population_year": ("the year the people are of", "population_year: 2025"),
    "zones": ("the outlines of the governorates", "zones: zones.gpkg"),
    "population": ("where people live", "population: people.tif"),
    "roads": ("the road network", "roads: extract.osm.pbf"),
}


def is_short(content: dict[str, Any]) -> bool:
    """Whether a `country.yaml` is of the short form; a pack has `parts`."""
    return "parts" not in content


def read_settings(folder: Path) -> ShortSettings:
    """
    Read the short form.

    Raises
    ------
    NotFound
        If there is no `country.yaml`.
    InvalidInput
        For what is missing (all of it, by name) or unknown.
    """
    if not folder.is_dir():
        raise NotFound("There is no country folder {path}.", path=str(folder))
    content = load_yaml(folder / SETTINGS)
    missing = [key for key in ASKED if key not in content]
    if missing:
        raise _lacking(missing, [str(key) for key in content if key not in ShortSettings.model_fields])
    if not {"places", "candidates"} & set(content):
        raise InvalidInput(
            "{file} lacks both places and candidates. Add 'places: FILE' (towns, of which the larger become "
            "candidates) or 'candidates: FILE' (your own sites).",
            file=SETTINGS,
        )
    settings = modelled(ShortSettings, content, SETTINGS)
    for name, part in settings.parts().items():
        _expect_used(name, part)
    return settings


def _lacking(missing: list[str], unknown: list[str]) -> InvalidInput:
    """Ask for what is missing, and say which keys are not known: one of them may be it, misspelt."""
    asked = listed([Phrase("{key} ({what})", {"key": key, "what": Phrase(ASKED[key][0])}) for key in missing])
    examples = " | ".join(ASKED[key][1] for key in missing)
    if not unknown:
        said = "{file} lacks {missing}. Add lines such as: {examples}"
        return InvalidInput(said, file=SETTINGS, missing=asked, examples=examples)
    faults = [{"type": "extra_forbidden", "loc": (key,)} for key in unknown]
    return InvalidInput(
        "{file} lacks {missing}; and {unknown}. Lines that are wanted look so: {examples}",
        file=SETTINGS,
        missing=asked,
        unknown=faults_in_words(with_meant(faults, ShortSettings)),
        examples=examples,
    )


def _expect_used(name: str, part: PartFile) -> None:
    """Refuse what a file of its format has no use for."""
    ending = Path(part.file).suffix.casefold()
    raster = isinstance(part, PopulationPart) and part.geometry == "raster"
    if isinstance(part, PopulationPart) and part.kind and (part.kind == "raster") != (ending in RASTERS):
        raise InvalidInput(
            "{file}: {path}: 'kind: {kind}' does not fit a file of this ending. Take 'kind:' out.",
            file=SETTINGS,
            path=part.file[:80],
            kind=part.kind,
        )
    told: dict[str, bool] = {
        "columns": bool(part.columns) and ending in (*RASTERS, *NETWORKS),
        "layer": bool(part.layer) and ending in (*RASTERS, *NETWORKS, *TABLES),
        "encoding": bool(part.encoding) and (ending != ".zip" or name in ("population", "settlement")),
        "crs": bool(part.crs) and (ending in NETWORKS or (name == "totals" and ending in TABLES)),
    }
    if isinstance(part, PopulationPart):
        told["nodata"] = part.nodata is not None and not raster
        told["exact_zones"] = part.exact_zones and not raster
    unused = [field for field, idle in told.items() if idle]
    if unused:
        raise InvalidInput(
            "{file}: {path}, the part {part}, has no use for {field}. Take '{field}:' out.",
            file=SETTINGS,
            path=part.file[:80],
            part=name,
            field=unused[0],
        )
