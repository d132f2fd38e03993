"""From an answer of the optimizer to a `Plan`: networks, figures, sites, layers; rechecked on the way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimization import Problem, Solution
from planning.failing import OpenCentres
from planning.kinds import BASE, FULL, PARTIAL
from planning.layers import Drawn, farthest, plan_layers
from planning.network import Network
from planning.plan import Certificate, Plan
from planning.programme import Programme
from planning.recheck import Minutes, SomeColumns, recheck_plan
from planning.results import BAND_EDGES, results_table
from planning.sites import Stand, openings, private_sites, residents_by_nearest, sites_table
from planning.siting.cover import cover_of
from planning.siting.instance import NEVER, Instance
from planning.siting.permitted import Permitted
from planning.siting.request import Request, farthest_of, instance_of
from planning.siting.scale import equity_scale
from planning.siting.solve import certificate_of
from planning.siting.standing import named, network_of, reached_by
from planning.travel import Reach, Travel


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
    count = instance.options.size * len(request.programme.years)  # columns of thresholds lie behind
    open_ = solution.chosen[:count].reshape(instance.options.size, -1)
    networks = tuple(
        network_of(instance, np.flatnonzero(open_[:, t]), year=year) for t, year in enumerate(request.programme.years)
    )
    certificate = certificate_of(problem, solution)
    recheck_plan(
        request.country,
        request.programme,
        request.standard,
        _opened_minutes(instance, networks),
        networks,
        certificate,
        request.objectives,
        {place.year: named(instance, place) for place in networks},
        people_by_year=request.people_by_year,
        demand=request.demand,
        rate=instance.rate,
        permitted=Permitted(instance, request.programme, problem, farthest_of(request)),
    )
    return _describe(request, journeys, instance, (problem, solution, certificate), networks)


def _opened(networks: tuple[Network, ...]) -> NDArray[np.int64]:
    return np.unique(np.concatenate([place.open_options for place in networks]))


def _opened_minutes(instance: Instance, networks: tuple[Network, ...]) -> Minutes:
    """Minutes to every site at which an opened place is visited."""
    stops = [instance.options.stops(int(option)) for option in _opened(networks)]
    sites = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *stops]))
    return SomeColumns(sites.tolist(), instance.journeys.columns(sites)[0].tolist())


def _counting(instance: Instance, place: Network) -> NDArray[np.int64]:
    """Sites of the open places that count as centres, or are partial ones."""
    options = instance.options
    partial = np.isin(options.kind, [n for n, kind in enumerate(options.kinds) if kind == "partial"])
    here = place.open_options
    return np.asarray(options.site[here[(options.counted | partial)[here]]])


def _near_offices(request: Request, instance: Instance) -> NDArray[np.bool_] | None:
    """(C, n) True where a recorded office is within the limit of a cell's people; None where that is not known."""
    minutes, limits = request.office_minutes, instance.standard.main
    if minutes is None:
        return None
    own = np.stack([limits.of(instance.settlement, members) for members in instance.cells.members])
    return np.asarray(np.isfinite(minutes) & (minutes <= own))


def _stand(instance: Instance) -> Stand:
    options = instance.options
    stops = tuple(tuple(options.stops(option).tolist()) for option in range(options.size))
    return Stand(options.site, tuple(options.kinds[kind] for kind in options.kind), stops)


def _centres(instance: Instance, programme: Programme, final: Network) -> OpenCentres:
    """Say what the places of the final year are to the rule of private operation."""
    options, here = instance.options, final.open_options
    kinds = [options.kinds[number] for number in options.kind[here]]
    forms = np.array([PARTIAL if kind == PARTIAL else programme.kind(kind).form for kind in kinds], dtype=object)
    code = {zone: i for i, zone in enumerate(instance.zones)}
    return OpenCentres(
        ids=tuple(str(instance.site_ids[site]) for site in options.site[here]),
        zone_of_centre=np.array([code[str(zone)] for zone in instance.zone_of_option[here]], dtype=np.int64),
        fixed=np.asarray(instance.open_from[here] < NEVER),
        fit=np.isin(forms, FULL),
        private_kind=np.asarray(forms == "private"),
        people=instance.people,
        zone_of_point=np.array([code[str(zone)] for zone in instance.zone_of_point], dtype=np.int64),
        zones=instance.zones,
        within=reached_by(instance, here, instance.limits)[:, here].T,
    )


def _describe(
    request: Request,
    journeys: Travel | Reach,
    instance: Instance,
    proof: tuple[Problem, Solution, Certificate],
    networks: tuple[Network, ...],
) -> Plan:
    problem, solution, certificate = proof
    country, programme = request.country, request.programme
    cover, cells = cover_of(instance, _opened(networks)), instance.cells
    results = results_table(
        country,
        networks,
        scale=equity_scale(country, request.objectives),
        office_inside=_near_offices(request, instance),
        cells=cells,
        inside=tuple(cover.inside(place.open_options) for place in networks),
        settlement=instance.settlement,
        centres=tuple(_counting(instance, place) for place in networks),
        edges=request.standard.main.below(BAND_EDGES[-1]),
    )
    fixed = {int(one): int(instance.open_from[one]) for one in np.flatnonzero(instance.open_from < NEVER)}
    stand = _stand(instance)
    names = [f"{instance.site_ids[site]}/{kind}" for site, kind in zip(stand.site, stand.kind, strict=True)]
    opened = openings(networks, *cover.stacked(cells.people[-1], instance.options.size), names, since=fixed)
    residents = residents_by_nearest(networks[-1], instance.people)
    centres = _centres(instance, programme, networks[-1])
    may = {int(one): i for i, one in enumerate(networks[-1].open_options) if stand.kind[one] == BASE}
    private = private_sites(opened, programme.private, centres, may, residents)
    sites = sites_table(
        country,
        programme,
        opened,
        stand=stand,
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
