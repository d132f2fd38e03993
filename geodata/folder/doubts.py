"""
What speaks against the people of a country folder, though it can be read: warnings, never refusals.

Zones that the raster does not reach or where hardly anybody lives, densities in place of counts, and
a total that does not go with the places or the official totals.
"""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from foundation.errors import Name, Phrase, listed
from geodata.folder.rasters import framed
from geodata.folder.report import Notebook
from geodata.population.blocks import Blocks
from geodata.population.persons import People

Floats = NDArray[np.float64]  # (zones,) square metres
DENSITY = re.compile(
    r"(per|/)\s*(sq(uare)?\.?\s*)?(km|kilomet)|km\s*(\^|\*\*)?\s*[-\u2212]\s*2|\bdensi[t\u00e9d]|كثافة", re.I
)
OUTSIDE = 0.01  # of a zone's area
HARDLY = 0.001  # of the people that its area would have at the country's density
DENSE_COUNTRY, DENSE_BLOCK = 2_000, 200_000  # people a km2
WIDE_BLOCK_M = 500.0  # in smaller blocks one tower may be as dense
FEW_IN_PLACES, MANY_IN_PLACES = 0.1, 1.25  # people of the places, as a share of all
OFFICIAL = 1.5  # times more, or fewer
MOST_ZONES = 40


def tell_doubts(
    people: People, blocks: Blocks, file: str, zones: gpd.GeoDataFrame, plane: str, notes: Notebook
) -> None:
    """Warn of what the population file, the zones and the official totals say against each other."""
    names = [Name(str(en), str(ar)) for en, ar in zip(zones["name_en"], zones["name_ar"], strict=True)]
    _tell_words(str(blocks.facts.get("words", "")), file, notes)
    area = zones.geometry.to_crs(plane).area.to_numpy()
    _tell_reach(blocks, names, area, file, zones, plane, notes)
    _tell_empty(people, names, area, file, notes)
    _tell_dense(people, blocks, area, file, notes)
    _tell_official(people, file, notes)


def tell_places_doubts(people: People, places: gpd.GeoDataFrame, file: str, notes: Notebook) -> None:
    """Warn of a total that is far from the recorded people of the places together."""
    total, recorded = int(people.totals.sum()), int(places["population"].fillna(0).sum())
    if not recorded or FEW_IN_PLACES * total <= recorded <= MANY_IN_PLACES * total:
        return
    notes.note(
        "warning",
        "population",
        file,
        "{total} people in all, but {recorded} in the places together: compare both with the official figure. Perhaps "
        "the file holds people per km2 and not their number, or covers a part of the country, or is of another year",
        total=total,
        recorded=recorded,
    )


def _tell_words(words: str, file: str, notes: Notebook) -> None:
    said = f"{words}; {file}".replace("_", " ")
    found = DENSITY.search(said)
    if found:
        notes.note(
            "warning",
            "population",
            file,
            "the file calls its figures a density ('{words}'): expected numbers of people. If they are people per km2, "
            "take the raster of counts",
            words=said[max(0, found.start() - 20) : found.end() + 20],
        )


def _tell_reach(
    blocks: Blocks, names: list[Name], area: Floats, file: str, zones: gpd.GeoDataFrame, plane: str, notes: Notebook
) -> None:
    land = framed(blocks.facts.get("frame", []))
    if land is None:
        return
    outside = zones.geometry.difference(land).to_crs(plane).area.to_numpy() / area
    missed = [
        Phrase("{zone} {percent} %", {"zone": names[at], "percent": f"{100 * outside[at]:.0f}"})
        for at in np.flatnonzero(outside > OUTSIDE)
    ]
    if missed:
        notes.note(
            "warning",
            "population",
            file,
            "the raster does not reach over all the land of these zones (share outside it): {zones}. Whoever lives "
            "there is in no figure: take a raster of the whole country",
            zones=listed(missed, most=MOST_ZONES, between=", "),
        )


def _tell_empty(people: People, names: list[Name], area: Floats, file: str, notes: Notebook) -> None:
    usual = area / area.sum() * people.totals.sum()
    empty = [
        Phrase("{zone} ({people})", {"zone": names[at], "people": int(people.totals[at])})
        for at in np.flatnonzero((people.totals == 0) | (people.totals < HARDLY * usual))
    ]
    if empty:
        notes.note(
            "warning",
            "population",
            file,
            "zones in which nobody lives, or hardly anybody: {zones}. If that is not so, the file does not cover them",
            zones=listed(empty, most=MOST_ZONES, between=", "),
        )


def _tell_dense(people: People, blocks: Blocks, area: Floats, file: str, notes: Notebook) -> None:
    density = people.totals.sum() / (area.sum() / 1e6)
    if density > DENSE_COUNTRY:
        notes.note(
            "warning",
            "population",
            file,
            "{density} people a km2 over all the zones: hardly a country has so many. Perhaps the file holds people "
            "per km2 and not their number",
            density=round(density),
        )
    side = float(blocks.facts.get("cell_m", 0.0)) * float(blocks.facts.get("block", 0))
    most = float(blocks.people.max()) / (side / 1000.0) ** 2 if side >= WIDE_BLOCK_M else 0.0
    if most > DENSE_BLOCK:
        notes.note(
            "warning",
            "population",
            file,
            "{density} people a km2 at the densest place: hardly a town has so many. Perhaps the file holds people per "
            "km2 and not their number",
            density=round(most),
        )


def _tell_official(people: People, file: str, notes: Notebook) -> None:
    scaled = people.factors != 1.0
    read, total = float(people.read[scaled].sum()), int(people.totals[scaled].sum())
    if read > 0 and not 1 / OFFICIAL <= total / read <= OFFICIAL:
        notes.note(
            "warning",
            "population",
            file,
            "{read} people were read where the official totals say {total}: so great a difference is no matter of "
            "years. Perhaps the file holds people per km2 and not their number, or covers a part of the country",
            read=round(read),
            total=total,
        )
