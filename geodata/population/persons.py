"""Whole persons from blocks: nearby strays counted in their zone, official totals met, nobody lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Name
from geodata.population.blocks import Blocks
from geodata.population.whole import rounded_totals, whole_persons

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class People:
    """
    Whole persons at points.

    Attributes
    ----------
    lon, lat, zone, urban
        (n,) as in `Blocks`; every point in a zone.
    persons
        (n,) > 0; sums to `totals` zone by zone.
    totals
        (Z,) persons a zone.
    read
        (Z,) people of the source in each zone, strays included, before any rescaling.
    factors
        (Z,) `totals` over `read` where official totals were given, else ones.
    strays
        People (a fraction may be) outside every zone but near enough to be given to the nearest.
    left_out
        People outside every zone and too far; reported, in no total.
    left_out_at
        (lon, lat, people) of the heaviest of those blocks, at most ten.
    """

    lon: Floats
    lat: Floats
    persons: NDArray[np.int64]
    zone: NDArray[np.int64]
    urban: NDArray[np.bool_]
    totals: NDArray[np.int64]
    read: Floats
    factors: Floats
    strays: float
    left_out: float
    left_out_at: tuple[tuple[float, float, float], ...]


def persons_of(
    blocks: Blocks,
    zones: gpd.GeoSeries,
    *,
    official: dict[int, int] | None = None,
    names: Sequence[Name] | None = None,
) -> People:
    """
    Turn blocks into whole persons.

    Parameters
    ----------
    official
        Persons of each zone by position, where an official figure is to be met; the blocks of
        the zone are scaled by one factor. Zones that are not named keep what was read.
    names
        How errors call the zones.

    Raises
    ------
    InvalidInput
        If a zone has an official total and nobody in the source.
    """
    zone = np.where(blocks.zone >= 0, blocks.zone, blocks.near)
    far = np.flatnonzero(zone < 0)
    heaviest = far[np.argsort(-blocks.people[far], kind="stable")[:10]]
    kept = np.flatnonzero(zone >= 0)
    people, zone, urban = blocks.people[kept], zone[kept], blocks.urban[kept]
    read = np.asarray(np.bincount(zone, people, minlength=len(zones)), dtype=np.float64)
    totals = rounded_totals(read)
    for at, figure in (official or {}).items():
        if figure > 0 and read[at] == 0:
            raise InvalidInput(
                "The official total of {zone} is {persons}, but the source has nobody there. Correct one of the two.",
                zone=names[at] if names else str(at + 1),
                persons=figure,
            )
        totals[at] = figure
    persons = whole_persons(people, zone, totals)
    there = persons > 0
    named = np.zeros(len(zones), dtype=bool)
    named[list(official or {})] = True
    return People(
        lon=blocks.lon[kept][there],
        lat=blocks.lat[kept][there],
        persons=persons[there],
        zone=zone[there],
        urban=urban[there],
        totals=totals,
        read=read,
        factors=np.where(named, np.divide(totals, read, out=np.ones(len(zones)), where=read > 0), 1.0),
        strays=float(blocks.people[blocks.near >= 0].sum()),
        left_out=float(blocks.people[far].sum()),
        left_out_at=tuple((float(blocks.lon[i]), float(blocks.lat[i]), float(blocks.people[i])) for i in heaviest),
    )
