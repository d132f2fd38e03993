"""A plan as a tender sees it: its open centres, what they cover, and the visits that come to each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.kinds import FULL
from planning.network import places_at
from planning.partnership import Ground
from planning.siting.request import people_of
from planning.siting.where import metric_xy
from planning.visits import Visits, offers_of, visits_by_site
from scenarios.studies.capacity import centres_of
from scenarios.studies.case import Case
from scenarios.studies.ways import Ways

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Seen:
    """
    The k centres that are open in a plan's final year.

    Attributes
    ----------
    rows
        (k,) rows of the plan's table.
    sites
        (k,) positions of their sites.
    ground
        The same as a tender sees it; `nearest` is of the final year and of any visit.
    """

    rows: Ints
    sites: Ints
    ground: Ground


def seen_of(case: Case, ways: Ways) -> Seen:
    """Read a plan's open centres; those of the final year stand for the term."""
    country, networks = case.country, case.plan.networks
    every = centres_of(case).positions
    rows = np.flatnonzero(np.isin(every, networks[-1].open_options))
    positions, near = every[rows], ways.pairs()
    within = np.zeros((rows.size, len(country.people)), dtype=bool)
    place = places_at(positions, near.option)
    within[place[place >= 0], near.point[place >= 0]] = True
    nearest = places_at(positions, networks[-1].nearest_option)
    at = {str(site): i for i, site in enumerate(country.candidates["site_id"])}
    sites = np.array([at[str(site)] for site in case.plan.sites["site_id"].iloc[rows]], dtype=np.int64)
    return Seen(rows, sites, _ground(case, rows, sites, nearest, within))


def _ground(case: Case, rows: Ints, sites: Ints, nearest: Ints, within: NDArray[np.bool_]) -> Ground:
    country, table = case.country, case.plan.sites.iloc[rows]
    zones = tuple(str(zone) for zone in country.zones["zone_id"])
    code = {zone: i for i, zone in enumerate(zones)}
    return Ground(
        ids=tuple(str(name) for name in table["id"]),
        names_en=tuple(str(name) for name in table["name_en"]),
        names_ar=tuple(str(name) for name in table["name_ar"]),
        zone_of_centre=np.array([code[str(zone)] for zone in table["governorate"]], dtype=np.int64),
        xy=metric_xy(country)[sites],
        labelled=(table["operator"] == "private").to_numpy(dtype=bool),
        fixed=table["fixed"].to_numpy(dtype=bool),
        fit=table["form"].isin(FULL).to_numpy(dtype=bool),
        private_kind=(table["form"] == "private").to_numpy(dtype=bool),
        operating=table["operating_year"].to_numpy(dtype=np.int64),
        nearest=nearest,
        people=people_of(case.request)[-1],
        zone_of_point=np.array([code[str(zone)] for zone in country.people["zone_id"]], dtype=np.int64),
        zones=zones,
        within=within,
    )


def visits_by_centre(case: Case, seen: Seen, ways: Ways, visits: Visits) -> dict[str, Floats]:
    """
    (k, S, T) visits of each of their years at the open centres, by case; none at a place that has closed since.

    After the programme the centres are those of its last year.
    """
    positions, networks = centres_of(case).positions[seen.rows], case.plan.networks
    found = {name: np.zeros((seen.rows.size, len(visits.services), len(visits.years))) for name in visits.amount}
    for t, year in enumerate(visits.years):
        at = max(p for p, place in enumerate(networks) if place.year <= year)
        offers = set(offers_of(visits, ways.kinds)[t])
        to = {offer: places_at(positions, ways.networks(offer)[at].nearest_option) for offer in offers}
        for name, by_centre in found.items():
            sent = visits_by_site(visits, name, year, ways.kinds, to.__getitem__, seen.rows.size)
            by_centre[:, :, t] = sent.by_service.T
    return found
