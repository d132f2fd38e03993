"""
The one results table: every figure a map, a report or the service shows.

Long form, one figure a row: year, scope, scope_id, group, measure, value, unit,
basis. It is computed here once; outputs only read it, so totals cannot drift.
docs/run-folder.md lists the measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.basis import Basis
from geodata.country import Country
from planning import equity
from planning.cells import Cells
from planning.demand import group_people
from planning.density import density_of, lived_density
from planning.network import Network
from planning.standards import SETTLEMENTS

COLUMNS = ["year", "scope", "scope_id", "group", "measure", "value", "unit", "basis"]
BAND_EDGES = (30.0, 60.0, 90.0)

Figure = tuple[str, float, str, Basis]  # measure, value, unit, basis


@dataclass(frozen=True, slots=True)
class EquityScale:
    """
    What the Kolm-Pollak figure of every compared plan shares.

    `alpha` comes from one reference distribution that no plan changes: capped minutes
    to the nearest district seat.
    """

    aversion: float
    alpha: float
    cap_minutes: float


def results_table(
    country: Country,
    networks: tuple[Network, ...],
    *,
    scale: EquityScale,
    office_inside: NDArray[np.bool_] | None = None,
    cells: Cells | None = None,
    inside: tuple[NDArray[np.bool_], ...] | None = None,
    settlement: NDArray[np.object_] | None = None,
    centres: tuple[NDArray[np.int64], ...] | None = None,
    edges: tuple[float, ...] = (),
) -> pd.DataFrame:
    """
    Compute every figure of a plan.

    Parameters
    ----------
    networks
        One a year, ascending; rows in the order of `country.people`.
    office_inside
        (C, n) True where any recorded office is within the standard of a cell's people; None when
        the positions of offices are unknown: the figure is then NaN ("not computed"), never zero.
    cells, inside
        The people of each year in C cells, and (C, n) a year: True where a cell's people are within the
        standard. When not given, the country's people, of one standard for all groups.
    settlement
        (n,) settlement types as the standard reads them; the country's when not given.
    centres
        A year each, positions of the sites that count as centres; every open one when not given.
    edges
        Minutes that bands of travel time also end at, beside `BAND_EDGES`: the limits of a standard.

    Returns
    -------
    results
        Frame of `COLUMNS`.
    """
    kinds = country.people["settlement"].to_numpy(dtype=object) if settlement is None else settlement
    counted = tuple(place.open_sites for place in networks) if centres is None else centres
    lived = density_of(country)
    if cells is None or inside is None:
        same = np.tile(country.people["people"].to_numpy(dtype=np.int64), (len(networks), 1))
        cells = Cells((frozenset(),), same[:, None, :])
        inside = tuple(place.covered[None, :] for place in networks)
    rows: list[tuple[object, ...]] = []
    for place, people, covered, sites in zip(networks, cells.people, inside, counted, strict=True):
        final = place.year == networks[-1].year
        groups = _groups(country, cells, people, covered)
        by_office = None if office_inside is None else np.where(office_inside, people, 0).sum(axis=0)
        for scope, scope_id, here in _scopes(country, kinds, final=final):
            for group, (persons, served) in groups.items():
                for measure, value, unit, basis in _figures(
                    country,
                    place,
                    scope,
                    scope_id,
                    group,
                    persons,
                    served,
                    here,
                    scale=scale,
                    by_office=by_office,
                    lived=lived if final else None,
                    centres=sites,
                    edges=tuple(sorted({*BAND_EDGES, *edges})),
                ):
                    rows.append((place.year, scope, scope_id, group, measure, value, unit, str(basis)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _groups(
    country: Country, cells: Cells, people: NDArray[np.int64], covered: NDArray[np.bool_]
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Persons of each group at each point, and those of them within the standard."""
    everybody = people.sum(axis=0)
    found = {"all": (everybody, np.where(covered, people, 0).sum(axis=0))}
    frame = country.people[["zone_id"]].assign(people=everybody)
    for group in [str(name) for name in country.groups["group"].unique()]:
        if group in cells.groups:
            mine = cells.of(group)
            found[group] = (people[mine].sum(axis=0), np.where(covered[mine], people[mine], 0).sum(axis=0))
        else:
            persons = group_people(frame, country.groups, group)
            found[group] = (persons, np.where(covered[0], persons, 0))
    return found


def value_of(results: pd.DataFrame, measure: str, *, year: int, scope: str, scope_id: str, group: str = "all") -> float:
    """Return one figure of the table; NaN when it is not there or not computed."""
    found = results.loc[
        (results["measure"] == measure)
        & (results["year"] == year)
        & (results["scope"] == scope)
        & (results["scope_id"] == scope_id)
        & (results["group"] == group),
        "value",
    ]
    return float(found.iloc[0]) if len(found) else float("nan")


def _scopes(
    country: Country, settlement: NDArray[np.object_], *, final: bool
) -> Iterator[tuple[str, str, NDArray[np.int64]]]:
    people = country.people
    yield "nation", country.code, np.arange(len(people))
    for kind in SETTLEMENTS:
        here = np.flatnonzero(settlement == kind)
        if here.size or kind != "remote":
            yield "settlement", kind, here
    zone_of = people["zone_id"].to_numpy()
    for zone in country.zones["zone_id"]:
        yield "governorate", str(zone), np.flatnonzero(zone_of == zone)
    if final:
        district_of = people["district_id"].to_numpy()
        for district in country.districts["district_id"]:
            yield "district", str(district), np.flatnonzero(district_of == district)


def _figures(
    country: Country,
    place: Network,
    scope: str,
    scope_id: str,
    group: str,
    persons: NDArray[np.int64],
    served: NDArray[np.int64],
    here: NDArray[np.int64],
    *,
    scale: EquityScale,
    by_office: NDArray[np.int64] | None,
    lived: NDArray[np.float64] | None,
    centres: NDArray[np.int64],
    edges: tuple[float, ...],
) -> Iterator[Figure]:
    counted, minutes, km = persons[here], place.minutes[here], place.metres[here] / 1000.0
    total = int(counted.sum())
    projected = not np.array_equal(persons[here], country.people["people"].to_numpy(dtype=np.int64)[here])
    basis = Basis.MODELLED if projected else _population_basis(country, scope, scope_id, group)
    yield "population", total, "persons", basis
    yield from _access(counted, minutes, served[here], edges)
    yield "mean_minutes", equity.mean_minutes(minutes, counted), "minutes", Basis.MODELLED
    yield "mean_km", equity.mean_minutes(km, counted), "km", Basis.MODELLED
    if lived is not None:
        yield "lived_density_per_km2", lived_density(lived[here], counted), "persons per km2", Basis.MODELLED
    for name, q in (("median_minutes", 0.5), ("p90_minutes", 0.9)):
        yield name, equity.quantile_minutes(minutes, counted, q), "minutes", Basis.MODELLED
    if group == "all":
        office = float("nan") if by_office is None else int(by_office[here].sum())
        yield "office_covered", office, "persons", Basis.MODELLED
    if scope in {"nation", "governorate"}:
        yield "ede_minutes", _ede(minutes, counted, scale), "minutes", Basis.MODELLED
        yield "gini", equity.gini(minutes, counted, cap_minutes=scale.cap_minutes), "0 to 1", Basis.MODELLED
        if group == "all":
            yield from _place_figures(country, centres, scope, scope_id, total, basis)


def _access(
    counted: NDArray[np.int64], minutes: NDArray[np.float64], served: NDArray[np.int64], edges: tuple[float, ...]
) -> Iterator[Figure]:
    total = int(counted.sum())
    reached = np.isfinite(minutes)
    inside = int(served.sum())
    yield "covered", inside, "persons", Basis.MODELLED
    yield "out_of_standard", int(counted[reached].sum()) - inside, "persons", Basis.MODELLED
    yield "unreachable", int(counted[~reached].sum()), "persons", Basis.MODELLED
    yield "covered_share", inside / total if total else float("nan"), "share", Basis.MODELLED
    for edge in edges:
        yield f"within_{edge:g}", int(counted[minutes <= edge].sum()), "persons", Basis.MODELLED
    last = BAND_EDGES[-1]
    yield f"beyond_{last:.0f}", int(counted[reached & (minutes > last)].sum()), "persons", Basis.MODELLED


def _place_figures(
    country: Country, sites: NDArray[np.int64], scope: str, scope_id: str, total: int, basis: Basis
) -> Iterator[Figure]:
    zones = country.zones
    open_zone = country.candidates["zone_id"].to_numpy()[sites]
    if scope == "nation":
        area, centres = float(zones["area_km2"].sum()), int(sites.size)
    else:
        area = float(zones.loc[zones["zone_id"] == scope_id, "area_km2"].iloc[0])
        centres = int((open_zone == scope_id).sum())
    yield "area_km2", area, "km2", Basis.REPORTED
    yield "density_per_km2", total / area, "persons per km2", basis
    yield "centres", centres, "centres", Basis.MODELLED
    yield "residents_per_centre", total / centres if centres else float("nan"), "persons", Basis.MODELLED


def _ede(minutes: NDArray[np.float64], counted: NDArray[np.int64], scale: EquityScale) -> float:
    if counted.sum() == 0 or not np.isfinite(scale.alpha):
        return float("nan")
    return equity.kolm_pollak_ede(
        minutes, counted, aversion=scale.aversion, alpha=scale.alpha, cap_minutes=scale.cap_minutes
    )


def _population_basis(country: Country, scope: str, scope_id: str, group: str) -> Basis:
    """Totals are of the basis that the governorates' are; a district or a group is this project's estimate."""
    zones = country.zones
    said = set(zones.loc[zones["zone_id"] == scope_id, "basis"] if scope == "governorate" else zones["basis"])
    return Basis(said.pop()) if group == "all" and scope != "district" and len(said) == 1 else Basis.MODELLED
