"""Elderly and disabled people as shares of each zone: one share, or the age rasters of WorldPop."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Name
from foundation.reasons import reason_of
from geodata.folder.people import Counted
from geodata.folder.report import Notebook
from geodata.folder.settings import NOT_STATED, RASTERS, GroupPart, ShortSettings, inside
from geodata.gate import read_through_gate
from geodata.population.rows import LIMITS

ELDERLY_FROM = 60
EVERY_AGE = range(ELDERLY_FROM, 85, 5)  # the last that every edition has is "80 and over", or 80 to 84
_AGE = re.compile(r"(?:^|_)([fmt])_(\d{1,2})_")


def group_shares(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, counted: Counted | None, notes: Notebook
) -> pd.DataFrame:
    """Return `Country.groups`: elderly and disabled, as far as they are given."""
    rows: list[dict[str, object]] = []
    for group, part in (("elderly", settings.elderly), ("disabled", settings.disabled)):
        if part is None:
            notes.note("left_out", group, "", "not given: it is in no figure")
            continue
        shares, national = _shares(folder, group, part, zones, counted, notes)
        rows += [
            {
                "zone_id": zone,
                "group": group,
                "share": float(share),
                "basis": "assumed" if national else "modelled",
                "national": national,
                "source": part.source,
                "date": part.vintage if part.vintage != NOT_STATED else str(settings.population_year),
            }
            for zone, share in zip(zones["zone_id"], shares, strict=True)
        ]
    columns = ["zone_id", "group", "share", "basis", "national", "source", "date"]
    return pd.DataFrame(rows, columns=columns).astype({"share": "float64", "national": "bool"})


def _shares(
    folder: Path, group: str, part: GroupPart, zones: gpd.GeoDataFrame, counted: Counted | None, notes: Notebook
) -> tuple[NDArray[np.float64], bool]:
    if part.share is not None:
        notes.note("assumed", group, "", "one share for every zone: {share}", share=f"{part.share:.4f}")
        return np.full(len(zones), part.share), True
    _expect_distinct(folder, group, part.files)
    files = part.files or age_files(folder, part.folder)
    if group != "elderly" or not files:
        raise InvalidInput(
            "country.yaml, {group}: expected a share between 0 and 1, or (for the elderly) age rasters. Correct it.",
            group=group,
        )
    sums = np.zeros(len(zones))
    for name in files:
        answer = read_through_gate(
            "geodata.population.cells:zone_sums",
            inside(folder, name),
            kinds=("geotiff",),
            library="raster",
            given={"zones": list(shapely.to_wkb(zones.geometry.to_numpy()))},
            limits=LIMITS,
        )
        held = answer.arrays["sums"].astype(np.float64)
        sums += held
        notes.note("read", group, name, "{people} people in the zones", people=round(float(held.sum())))
    assert counted is not None
    whole = np.bincount(
        counted.blocks.zone[counted.blocks.zone >= 0],
        counted.blocks.people[counted.blocks.zone >= 0],
        minlength=len(zones),
    )
    if (sums > whole * 1.000001).any():
        raise InvalidInput(
            "{group}: the age rasters hold more people than the population of {zone}. Take both of one product.",
            group=group,
            zone=Name(*(str(zones[f"name_{code}"].iloc[int(np.argmax(sums - whole))]) for code in ("en", "ar"))),
        )
    return np.divide(sums, whole, out=np.zeros(len(zones)), where=whole > 0), False


def age_files(folder: Path, name: str) -> tuple[str, ...]:
    """
    Return WorldPop's age rasters (``iso_sex_age_...tif``) from 60 years on; both sexes, or their sum ``t``.

    Raises
    ------
    InvalidInput
        If an age is there for one sex only or twice, or one of 60, 65, 70, 75 and 80 is not there; if the folder
        cannot be read.
    """
    if not name:
        return ()
    found: dict[int, dict[str, str]] = {}
    for file in _rasters(inside(folder, name)):
        match = _AGE.search(file.casefold())
        if match and int(match[2]) >= ELDERLY_FROM:
            ages = found.setdefault(int(match[2]), {})
            if match[1] in ages:
                raise InvalidInput(
                    "{folder}: {file} and {other} are of one age and sex. Take one of them out.",
                    folder=name,
                    file=file,
                    other=Path(ages[match[1]]).name,
                )
            ages[match[1]] = f"{name.rstrip('/')}/{file}"
    for age, sexes in found.items():
        if "t" not in sexes and set(sexes) != {"f", "m"}:
            raise InvalidInput(
                "{folder}: age {age} is there for one sex only. Add the other file.", folder=name, age=age
            )
    missing = sorted(set(EVERY_AGE) - set(found))
    if found and missing:
        raise InvalidInput(
            "{folder}: the elderly are those of 60 and over, and the ages {missing} are not there. Add their files.",
            folder=name,
            missing=", ".join(map(str, missing)),
        )
    return tuple(
        file for sexes in found.values() for file in ([sexes["t"]] if "t" in sexes else sorted(sexes.values()))
    )


def _rasters(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.name.casefold().endswith(RASTERS))
    except OSError as error:
        raise InvalidInput("{path} cannot be read: {reason}.", path=folder.name, reason=reason_of(error)) from error


def _expect_distinct(folder: Path, group: str, files: tuple[str, ...]) -> None:
    """Refuse named rasters that would count people twice, or, by their names, people who are not elderly."""
    seen: set[Path] = set()
    sexes: dict[int, set[str]] = {}
    for name in files:
        path = inside(folder, name).resolve()
        match = _AGE.search(path.name.casefold())
        if match and int(match[2]) < ELDERLY_FROM:
            raise InvalidInput(
                "country.yaml, {group}: {path} is of the age {age}; the elderly are those of {from_age} and over. "
                "Take it out.",
                group=group,
                path=name,
                age=int(match[2]),
                from_age=ELDERLY_FROM,
            )
        ages = sexes.setdefault(int(match[2]), set()) if match else set()
        ages |= {match[1]} if match else set()
        if path in seen or ("t" in ages and len(ages) > 1):
            raise InvalidInput(
                "country.yaml, {group}: the people of {path} are counted twice: the same file is named before it, or "
                "both a sex and the sum of both. Take one out.",
                group=group,
                path=name,
            )
        seen.add(path)
