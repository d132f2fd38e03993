"""What a plan means in a few figures, so that plans can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.kinds import PARTIAL
from planning.programme import Programme
from planning.siting.board import Board
from planning.siting.cover import cover_of
from planning.siting.instance import Instance
from planning.siting.money import total_cost
from planning.siting.standing import named, network_of


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """
    A plan in figures of its final year.

    Attributes
    ----------
    people
        Persons within the standard.
    worst_share, worst_zone
        Share within the standard in the governorate where it is least, and that governorate's id.
    mean_minutes
        Mean journey to the nearest place, minutes, of those who have a route.
    jod
        Capital and running cost of all places over the programme's years, as the objective counts it; None where a
        kind that stands states no cost.
    places
        (site id, kind) of what operates.
    """

    people: int
    worst_share: float
    worst_zone: str
    mean_minutes: float
    jod: int | None
    places: tuple[tuple[str, str], ...]


def figures_of(instance: Instance, chosen: NDArray[np.bool_], programme: Programme) -> PlanFigures:
    """
    Read a plan's columns in figures.

    Parameters
    ----------
    chosen
        (J,) open columns, option by option and year by year; further columns behind them are not read.
    """
    years = programme.years
    open_ = np.asarray(chosen[: instance.options.size * len(years)]).reshape(instance.options.size, -1)
    final = np.flatnonzero(open_[:, -1])
    place = network_of(instance, final, year=years[-1])
    persons = instance.cells.people[-1]
    inside = (persons * cover_of(instance, final).inside(final)).sum(axis=0)
    total, zones = persons.sum(axis=0), np.asarray(instance.zone_of_point)
    shares = {
        zone: float(inside[zones == zone].sum() / total[zones == zone].sum())
        for zone in instance.zones
        if total[zones == zone].sum()
    }
    worst = min(shares, key=lambda zone: (shares[zone], zone), default="")
    there = np.isfinite(place.minutes)
    reached = float(total[there].sum())
    mean = float((place.minutes[there] * total[there]).sum()) / reached if reached else float("nan")
    return PlanFigures(
        int(inside.sum()),
        shares.get(worst, float("nan")),
        worst,
        mean,
        _cost(instance, open_, programme),
        named(instance, place),
    )


def _cost(instance: Instance, open_: NDArray[np.bool_], programme: Programme) -> int | None:
    options = instance.options
    kinds = {options.kinds[number] for number in options.kind[open_.any(axis=1)].tolist()} - {PARTIAL}
    if any(programme.kind(kind).cost is None for kind in kinds):
        return None
    weights, constant = total_cost(Board(instance, programme, np.zeros(open_.shape, dtype=np.int64)))
    return int(weights[open_].sum()) + constant
