"""Where a kind of place may stand, and the rounds of mobile units: straight lines in the country's metric CRS."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.country import Country
from planning.kinds import Round, Where


def metric_xy(country: Country, frame: str = "candidates") -> NDArray[np.float64]:
    """Return (m, 2) metres of the candidates (or of "people") in the country's metric CRS."""
    points = getattr(country, frame).geometry.to_crs(country.metric_crs)
    return np.asarray(shapely.get_coordinates(points.to_numpy()), dtype=np.float64)


def km_between(xy: NDArray[np.float64], site: int) -> NDArray[np.float64]:
    """Return (m,) km from one site to all, to the millimetre."""
    apart = xy - xy[site]
    return np.asarray(np.round(np.hypot(apart[:, 0], apart[:, 1]) / 1000.0, 6))


def may_stand(country: Country, where: Where) -> NDArray[np.bool_]:
    """(m,) True where a candidate meets every list of `where` that is not empty."""
    candidates = country.candidates
    fits = np.ones(len(candidates), dtype=bool)
    for column, wanted in (
        ("origin", where.origins),
        ("zone_id", where.governorates),
        ("district_id", where.districts),
        ("site_id", where.sites),
    ):
        if wanted:
            fits &= candidates[column].isin(wanted).to_numpy()
    if where.settlements:
        fits &= np.isin(settlement_of_sites(country), where.settlements)
    return fits


def settlement_of_sites(country: Country) -> NDArray[np.object_]:
    """(m,) settlement type of the demand point nearest to each candidate in a straight line."""
    nearest = cKDTree(metric_xy(country, "people")).query(metric_xy(country))[1]
    return np.asarray(country.people["settlement"].to_numpy(dtype=object)[nearest])


def rounds_of(country: Country, round_: Round) -> dict[int, list[int]]:
    """Say which sites each possible base serves, itself first unless the planner names the stops; see `Round`."""
    position = {str(site): i for i, site in enumerate(country.candidates["site_id"])}
    if round_.routes:
        return {position[base]: [position[stop] for stop in stops] for base, stops in round_.routes}
    xy, ids = metric_xy(country), country.candidates["site_id"].to_numpy(dtype=str)
    may_be = may_stand(country, round_.stops_at)
    found = {}
    for base in range(len(xy)):
        km = km_between(xy, base)
        near = np.flatnonzero(may_be & (km <= round_.daily_range_km) & (np.arange(len(xy)) != base))
        order = np.lexsort((ids[near], km[near]))
        found[base] = [base, *near[order][: round_.days_per_week - 1].tolist()]
    return found
