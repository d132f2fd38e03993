"""Whole persons from blocks: nearby strays given to their zone, official totals met, nobody lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
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
    metric_crs: str,
    strays_within_m: float = 2_000.0,
    official: dict[int, int] | None = None,
    names: Sequence[Name] | None = None,
) -> People:
    """
    Turn blocks into whole persons.

    Parameters
    ----------
    strays_within_m
        People outside every zone, at most so far from the nearest (inclusive), are given to it:
        a coast or border is drawn more coarsely than people live. The others are left out and reported.
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
    zone = blocks.zone.copy()
    out = np.flatnonzero(zone < 0)
    nearest, metres = _nearest(blocks.lon[out], blocks.lat[out], zones, metric_crs)
    near = metres <= strays_within_m
    zone[out[near]] = nearest[near]
    far = out[~near]
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
        strays=float(blocks.people[out[near]].sum()),
        left_out=float(blocks.people[far].sum()),
        left_out_at=tuple((float(blocks.lon[i]), float(blocks.lat[i]), float(blocks.people[i])) for i in heaviest),
    )


def _nearest(lon: Floats, lat: Floats, zones: gpd.GeoSeries, metric_crs: str) -> tuple[NDArray[np.int64], Floats]:
    if not lon.size:
        return np.empty(0, dtype=np.int64), np.empty(0)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(metric_crs)
    shapes: Any = zones.to_crs(metric_crs).to_numpy()
    tree = shapely.STRtree(shapes)
    # Far more precise than any outline, so that a tie of floating point goes to the lower zone.
    (point, shape), metres = tree.query_nearest(points.to_numpy(), return_distance=True, all_matches=True)
    order = np.lexsort((shape, point))
    point, shape, metres = point[order], shape[order], metres[order]
    first = np.flatnonzero(np.diff(point, prepend=-1))
    return shape[first].astype(np.int64), np.round(metres[first], 3)
