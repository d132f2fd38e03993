"""From an answer of the optimizer to a `Plan`: networks, figures, sites, layers; rechecked on the way."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geodata.country import Country
from optimization import Problem, Solution
from planning.equity import ede_alpha
from planning.layers import Drawn, farthest, plan_layers
from planning.network import Network, network
from planning.plan import Certificate, Objectives, Plan
from planning.recheck import Minutes, SomeColumns, recheck_plan
from planning.results import EquityScale, results_table
from planning.sites import openings, private_sites, residents_by_nearest, sites_table
from planning.siting.instance import NEVER, Instance
from planning.siting.request import Request, instance_of
from planning.siting.solve import certificate_of
from planning.standards import within
from planning.travel import Reach, Travel, nearest


def plan_of(request: Request, journeys: Travel | Reach, problem: Problem, solution: Solution) -> Plan:
    """
    Say everything a solution means: the same request and solution give the same plan, to the last figure.

    No solver is called; the run folder's figures can be made again by this alone.

    Raises
    ------
    BrokenProof
        When the recheck from the input tables disagrees with the solution.
    """
    instance = instance_of(request, journeys)
    open_ = solution.chosen.reshape(instance.site_ids.size, len(request.programme.years))
    networks = tuple(
        network(journeys, np.flatnonzero(open_[:, t]), instance.limits, year=year)
        for t, year in enumerate(request.programme.years)
    )
    certificate = certificate_of(problem, solution)
    recheck_plan(
        request.country,
        request.programme,
        request.standard,
        _opened_minutes(journeys, networks),
        networks,
        certificate,
        request.objectives,
    )
    return _describe(request, journeys, instance, (problem, solution, certificate), networks)


def equity_scale(country: Country, objectives: Objectives) -> EquityScale:
    """
    Return the scale of the Kolm-Pollak figure, the same for every plan of a country.

    The reference distribution is travel to the nearest district seat, where offices of
    government traditionally stand; it depends on no plan and no candidate.
    """
    seats = country.districts[["district_id", "lon", "lat"]].rename(columns={"district_id": "site_id"})
    points = gpd.GeoDataFrame(seats, geometry=gpd.points_from_xy(seats["lon"], seats["lat"]), crs="EPSG:4326")
    reference = nearest(country, points).minutes
    cap = float(objectives.cap_minutes)
    alpha = ede_alpha(reference, country.people["people"].to_numpy(dtype=np.int64), cap_minutes=cap)
    return EquityScale(objectives.aversion, alpha, cap)


def _opened(networks: tuple[Network, ...]) -> NDArray[np.int64]:
    return np.unique(np.concatenate([place.open_sites for place in networks]))


def _opened_minutes(journeys: Travel | Reach, networks: tuple[Network, ...]) -> Minutes:
    opened = _opened(networks)
    return SomeColumns(opened.tolist(), journeys.columns(opened)[0].tolist())


def _within(journeys: Travel | Reach, networks: tuple[Network, ...], limits: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(n, m) True where an opened site is within the standard of a point."""
    opened = _opened(networks)
    reach = np.zeros(journeys.shape, dtype=bool)
    reach[:, opened] = within(journeys.columns(opened)[0], limits)
    return reach


def _describe(
    request: Request,
    journeys: Travel | Reach,
    instance: Instance,
    proof: tuple[Problem, Solution, Certificate],
    networks: tuple[Network, ...],
) -> Plan:
    problem, solution, certificate = proof
    country, programme = request.country, request.programme
    results = results_table(country, networks, scale=equity_scale(country, request.objectives))
    fixed = {int(site): int(instance.open_from[site]) for site in np.flatnonzero(instance.open_from < NEVER)}
    reach = _within(journeys, networks, instance.limits)
    opened = openings(networks, reach, instance.people, [str(s) for s in instance.site_ids], since=fixed)
    residents = residents_by_nearest(networks[-1], instance.people)
    private = private_sites(
        opened, programme.private, fixed=set(fixed), zone_of_site=instance.zone_of_site, residents=residents
    )
    sites = sites_table(
        country,
        programme,
        networks,
        opened,
        private=private,
        residents=residents,
        residents_per_centre=request.load.residents_per_centre,
    )
    drawn = Drawn(country, networks, instance.limits, results, sites)
    return Plan(
        programme=programme,
        standard=request.standard,
        load=request.load,
        objectives=request.objectives,
        certificate=certificate,
        sites=sites,
        networks=networks,
        results=results,
        layers=plan_layers(drawn),
        problem=problem,
        solution=solution,
        notes={"farthest": farthest(drawn)},
    )
