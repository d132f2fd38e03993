"""
Minutes and metres from where people live to where a centre could stand.

Owns the tables of minutes and metres, the one rounding of minutes (to 0.1) and the one rule for
the unreachable: inf. A journey leaves a demand point over a leg to one of its nearest road nodes,
follows the fastest roads and ends over a leg to the site; where point and site are near each
other it may also go straight across. Knows nothing of solvers.

`travel` gives every pair, for countries of some thousand points; `reach` only the pairs within a limit,
for any size; `nearest` decides who is unreachable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.journeys.edits import RoadAdded, RoadClosed, RoadEdit, RoadFactor, RoadSpeed, RoadUpgraded, edited
from planning.journeys.legs import OffRoad, both_ends
from planning.journeys.nearest import Nearest, nearest_of
from planning.journeys.search import Arrivals, Search, arrivals, search_of
from planning.journeys.tables import EVERY, LONGEST_MINUTES, Pairs, Reach, Travel
from planning.journeys.transport import TransportProxy, by_bus

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.country import Country

__all__ = [
    "EVERY",
    "Nearest",
    "OffRoad",
    "Pairs",
    "Reach",
    "RoadAdded",
    "RoadClosed",
    "RoadEdit",
    "RoadFactor",
    "RoadSpeed",
    "RoadUpgraded",
    "TransportProxy",
    "Travel",
    "by_bus",
    "edited",
    "islands",
    "journeys",
    "nearest",
    "reach",
    "travel",
    "unreachable",
]

CHUNK = 8  # sites searched at a time: (sites, nodes) blocks near 40 MB for 400,000 nodes
DENSE_PAIRS = 5_000_000  # up to here every pair is kept: 80 MB of minutes and metres

Ints = NDArray[np.int64]


def travel(country: Country, *, sites: gpd.GeoDataFrame | None = None, off_road: OffRoad | None = None) -> Travel:
    """
    Travel from every demand point to every site.

    Parameters
    ----------
    country
        Its `people` are the rows, in their order; its `roads` carry the travel rules.
    sites
        Points in any CRS, the columns in their order; `country.candidates` when not given.
        A site's own leg is driven at the urban figures.
    off_road
        How one moves between a home and the network, where the travel rules do not say it.

    Returns
    -------
    travel
        See `Travel`. Congestion holds on roads and legs inside the capital city. Legs and
        direct ways never join two regions of the road graph.

    Raises
    ------
    InvalidInput
        If a point or site has no position.

    References
    ----------
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.
    """
    search = _search(country, sites, off_road)
    shape = (len(search.origins.xy), len(search.targets.xy))
    minutes, metres = np.full(shape, np.inf), np.full(shape, np.inf)
    for site, found in enumerate(arrivals(search, limit_minutes=np.inf, at_once=CHUNK)):
        minutes[found.points, site], metres[found.points, site] = np.round(found.minutes, 1), found.metres
    return Travel(minutes=minutes, metres=metres)


def reach(
    country: Country,
    *,
    sites: gpd.GeoDataFrame | None = None,
    limit_minutes: float,
    off_road: OffRoad | None = None,
    progress: Callable[[float], None] | None = None,
) -> Reach:
    """
    Travel from every demand point to the sites within a limit, by one bounded search a site.

    Memory grows with the pairs within the limit, never with points times sites.

    Parameters
    ----------
    country, sites, off_road
        As for `travel`.
    limit_minutes
        Longest journey kept, after rounding to 0.1 (inclusive), above 0 and at most 6,000: the
        longest that any standard, cap or band will ask for.
    progress
        Told the share of sites done, from 0 to 1.

    Returns
    -------
    reach
        The very minutes that `travel` gives, where they are within the limit.

    Raises
    ------
    InvalidInput
        If a point or site has no position, or the limit is out of range.
    """
    if not 0 < limit_minutes <= LONGEST_MINUTES:
        raise InvalidInput(
            "limit_minutes is {value}; expected above 0 and at most {most}.",
            value=float(limit_minutes),
            most=LONGEST_MINUTES,
        )
    search = _search(country, sites, off_road)
    found: list[Arrivals | None] = []
    m = len(search.targets.xy)
    for one in arrivals(search, limit_minutes=limit_minutes, at_once=CHUNK):
        found.append(Arrivals(one.points.astype(np.int32), _tenths(one.minutes), one.metres))  # type: ignore[arg-type]
        if progress is not None:
            progress(len(found) / m)
    return _by_point(search, found, limit_minutes)


def nearest(
    country: Country,
    sites: gpd.GeoDataFrame | None = None,
    *,
    off_road: OffRoad | None = None,
) -> Nearest:
    """
    Find the nearest of `sites` for every demand point, without a limit: who has none is unreachable.

    Parameters and errors are those of `travel`; one search in all, whatever the number of sites.
    """
    search = _search(country, sites, off_road)
    return nearest_of(search, np.arange(len(search.targets.xy)))


def journeys(
    country: Country,
    *,
    limit_minutes: float,
    dense_pairs: int = DENSE_PAIRS,
    off_road: OffRoad | None = None,
    only: Ints | None = None,
) -> Travel | Reach:
    """
    Return every pair where they are few, else those within `limit_minutes`: `travel` or `reach`.

    only
        (k,) positions of candidates, ascending: others are not searched for, as if nothing led to them.
    """
    if only is not None:
        some = country.candidates.iloc[only]
        found = reach(country, sites=some, limit_minutes=limit_minutes, off_road=off_road)
        return _placed(found, only, len(country.candidates))
    few = len(country.people) * len(country.candidates) <= dense_pairs
    if few:
        return travel(country, off_road=off_road)
    return reach(country, limit_minutes=limit_minutes, off_road=off_road)


def unreachable(country: Country, journeys: Travel | Reach) -> pd.DataFrame:
    """
    List the demand points that reach no site, each by the name of its place.

    Returns
    -------
    points
        point_id, zone_id, district_id, place_en, place_ar, settlement, people, lon, lat; in the
        order of `country.people`, empty when every point reaches a site.
    """
    if len(country.people) != journeys.shape[0]:
        raise InvalidInput(
            "The journeys have {rows} rows and the country {points} demand points; use journeys of this country.",
            rows=journeys.shape[0],
            points=len(country.people),
        )
    cut_off = country.people[journeys.nearest(np.arange(journeys.shape[1])).site < 0]
    named = ["point_id", "zone_id", "district_id", "place_en", "place_ar", "settlement", "people"]
    return pd.DataFrame(cut_off[named]).assign(lon=cut_off.geometry.x, lat=cut_off.geometry.y).reset_index(drop=True)


def islands(country: Country) -> pd.DataFrame:
    """
    Count the people on each part of the network that no road joins to the others.

    Returns
    -------
    parts
        island (0 is the largest), nodes, points, people: of the demand points whose nearest leg leads
        there; island -1 holds those with no leg. Empty where the graph was not labelled.
    """
    graph = country.roads
    columns = ["island", "nodes", "points", "people"]
    if graph.island is None:
        return pd.DataFrame({name: np.empty(0, dtype=np.int64) for name in columns})
    origins = both_ends(country, country.people.iloc[:0], OffRoad())[0]
    leg = origins.metres.argmin(axis=1) if origins.metres.shape[1] else np.zeros(len(origins.xy), dtype=np.int64)
    rows = np.arange(len(leg))
    at = np.where(np.isfinite(origins.metres[rows, leg]), graph.island[origins.node[rows, leg]], -1)
    people = country.people["people"].to_numpy(dtype=np.int64)
    labels = np.arange(-1, int(graph.island.max()) + 1)
    nodes = np.concatenate([[0], np.bincount(graph.island)])
    points = np.bincount(at + 1, minlength=labels.size)
    living = np.zeros(labels.size, dtype=np.int64)
    np.add.at(living, at + 1, people)
    return pd.DataFrame(dict(zip(columns, (labels, nodes, points, living), strict=True)))


def _search(country: Country, sites: gpd.GeoDataFrame | None, off_road: OffRoad | None) -> Search:
    columns = country.candidates if sites is None else sites
    return search_of(country.roads, *both_ends(country, columns, off_road or OffRoad()))


def _placed(found: Reach, only: Ints, sites: int) -> Reach:
    """Number the sites of a reach as those of the whole table."""
    place = np.full(sites, -1, dtype=np.int64)
    place[only] = np.arange(only.size)
    known = found.beyond

    def beyond(wanted: Ints) -> Nearest:
        assert known is not None
        far = known(place[wanted][place[wanted] >= 0])
        return Nearest(np.where(far.site >= 0, only[np.maximum(far.site, 0)], -1), far.minutes, far.metres)

    return replace(
        found, shape=(found.shape[0], sites), site=only[found.site].astype(np.int32), beyond=beyond if known else None
    )


def _tenths(minutes: NDArray[np.float64]) -> NDArray[np.uint16]:
    return np.rint(minutes * 10.0).astype(np.uint16)


def _by_point(search: Search, found: list[Arrivals | None], limit_minutes: float) -> Reach:
    """Turn columns into rows, giving up each column as soon as it is placed."""
    n = len(search.origins.xy)
    count = np.zeros(n + 1, dtype=np.int64)
    for one in found:
        assert one is not None
        count[one.points + 1] += 1
    first = np.cumsum(count)
    fill = first[:-1].copy()
    site = np.empty(int(first[-1]), dtype=np.int32)
    tenths, metres = np.empty(site.size, dtype=np.uint16), np.empty(site.size)
    for j, one in enumerate(found):
        assert one is not None
        at = fill[one.points]
        site[at], tenths[at], metres[at] = j, one.minutes, one.metres
        fill[one.points] += 1
        found[j] = None

    def beyond(sites: Ints) -> Nearest:
        return nearest_of(search, sites)

    return Reach((n, len(found)), float(limit_minutes), first, site, tenths, metres, beyond)
