"""From a country and a programme to a `Plan`: travel, solve, recheck, figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.country import Country
from optimization import Problem
from planning.equity import ede_alpha
from planning.layers import Drawn, farthest, plan_layers
from planning.network import Network, network
from planning.plan import Load, Objectives, Plan
from planning.programme import Programme
from planning.recheck import Minutes, SomeColumns, recheck_plan
from planning.results import EquityScale, results_table
from planning.sites import openings, private_sites, residents_by_nearest, sites_table
from planning.siting.build import COMPREHENSIVE, NEVER, PARTIAL, Instance, build_problem
from planning.siting.solve import Answer, SolverSettings, solve_programme
from planning.standards import Standard, within
from planning.travel import Reach, Travel, nearest
from planning.travel import journeys as journeys_within

Report = Callable[[str, float], None]


def _silent(_sentence: str, _fraction: float) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class Request:
    """Everything a plan is made from. `ready_travel` saves computing it again for a variant."""

    country: Country
    programme: Programme
    standard: Standard = field(default_factory=Standard)
    objectives: Objectives = field(default_factory=Objectives)
    load: Load = field(default_factory=Load)
    solver: SolverSettings = field(default_factory=SolverSettings)
    ready_travel: Travel | Reach | None = None


def site_programme(request: Request, *, report: Report = _silent) -> Plan:
    """
    Site a programme with proof.

    Raises
    ------
    InvalidInput
        When the programme names a site that is no candidate.
    ImpossibleProgramme
        When its demands clash.
    BrokenProof
        When a recheck disagrees with the answer.
    """
    country = request.country
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    report("Computing travel times", 0.05)
    journeys = request.ready_travel or journeys_of(request)
    seconds["travel"] = time.perf_counter() - started
    instance = _instance(request, journeys)
    report("Solving the programme, stage by stage", 0.2)
    answer = solve_programme(instance, request.programme, request.objectives, request.solver)
    seconds["solve"] = answer.solution.seconds
    report("Rechecking the answer from the input tables", 0.75)
    networks = tuple(
        network(journeys, np.flatnonzero(answer.open_[:, t]), instance.limits, year=year)
        for t, year in enumerate(request.programme.years)
    )
    recheck_plan(
        country,
        request.programme,
        request.standard,
        _opened_minutes(journeys, networks),
        networks,
        answer.certificate,
        request.objectives,
    )
    report("Computing figures and layers", 0.8)
    plan = _describe(request, journeys, instance, answer, networks)
    seconds |= {f"stage:{stage.objective}": stage.seconds for stage in answer.certificate.stages}
    return replace(plan, seconds=seconds | {"total": time.perf_counter() - started})


def journeys_of(request: Request) -> Travel | Reach:
    """Compute the journeys a request needs: every pair of a small country, else those within its limits and its cap."""
    standard, cap = request.standard, request.objectives.cap_minutes
    return journeys_within(
        request.country, limit_minutes=float(max(standard.urban_minutes, standard.rural_minutes, cap))
    )


def problem_of(request: Request, journeys: Travel | Reach) -> Problem:
    """Write a request as the arrays that are solved; the same request gives the same arrays."""
    return build_problem(_instance(request, journeys), request.programme, request.objectives)


def _instance(request: Request, journeys: Travel | Reach) -> Instance:
    country, candidates = request.country, request.country.candidates
    ids = candidates["site_id"].to_numpy(dtype=object)
    position = {str(site): i for i, site in enumerate(ids)}
    open_from = np.full(ids.size, NEVER, dtype=np.int64)
    kind = np.full(ids.size, COMPREHENSIVE, dtype=np.int64)
    _mark_partial(request, position, kind, open_from)
    for centre in request.programme.fixed:
        if centre.site_id not in position:
            raise InvalidInput(
                "The programme fixes '{site}', which is no candidate site. Use a site_id of the candidates table.",
                site=centre.site_id,
            )
        if kind[position[centre.site_id]] == PARTIAL:
            raise InvalidInput(
                "The programme fixes '{site}', a partial centre, which is never counted. Remove it from fixed.",
                site=centre.site_id,
            )
        open_from[position[centre.site_id]] = centre.operating
    earliest = candidates["earliest_year"].fillna(0).to_numpy(dtype=np.int64)
    return Instance(
        journeys=journeys,
        limits=request.standard.limits(country.people["settlement"].to_numpy(dtype=object)),
        people=country.people["people"].to_numpy(dtype=np.int64),
        zone_of_point=country.people["zone_id"].to_numpy(dtype=object),
        zone_of_site=candidates["zone_id"].to_numpy(dtype=object),
        site_ids=ids,
        site_kind=kind,
        open_from=open_from,
        earliest=earliest,
        zones=tuple(str(zone) for zone in country.zones["zone_id"]),
        zone_names=tuple(str(name) for name in country.zones["name_en"]),
    )


def _mark_partial(
    request: Request, position: dict[str, int], kind: NDArray[np.int64], open_from: NDArray[np.int64]
) -> None:
    """A partial centre is no place for a comprehensive one; it is open only where it counts."""
    for centre in request.country.centres.itertuples():
        if centre.kind != "partial" or centre.site_id not in position:
            continue
        where = position[centre.site_id]
        kind[where] = PARTIAL
        if request.standard.partial_counts and centre.status == "open" and centre.opened_year == centre.opened_year:
            open_from[where] = int(centre.opened_year)


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
    request: Request, journeys: Travel | Reach, instance: Instance, answer: Answer, networks: tuple[Network, ...]
) -> Plan:
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
        certificate=answer.certificate,
        sites=sites,
        networks=networks,
        results=results,
        layers=plan_layers(drawn),
        problem=answer.problem,
        solution=answer.solution,
        notes={"farthest": farthest(drawn)},
    )
