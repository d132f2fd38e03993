"""
What covering measures count: whom a missed row costs, in whole quanta, year by year and level by level.

A level is one set of limits (the standard, a band, a further standard). Its weight times the
discount of a year is a factor, taken to the nearest thousandth, so that every weight is whole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.aims import COVERAGE, Aim, Objectives, Scope
from planning.cells import spread
from planning.offers import ANY_PLACE, Offer
from planning.siting.instance import Instance

Ints = NDArray[np.int64]
FACTORS = 1000  # a factor of 1 in whole thousandths
MOST = 1e9  # visits are counted so finely that their total stays below it
WORST: dict[str, Scope] = {
    "worst_governorate": "governorate",
    "worst_settlement": "settlement",
    "worst_group": "group",
}


class Key(NamedTuple):
    """Where coverage is counted: positions of a year and a level, and which places can serve."""

    year: int
    level: int
    offer: Offer = ANY_PLACE


@dataclass(frozen=True, slots=True)
class Counted:
    """
    One covering measure.

    Attributes
    ----------
    name, unit, quantum
        As of the `optimization.Measure` it becomes.
    weights
        (C, n) whole quanta that a cell is worth, for what can be served in a year, within a level, by an offer.
    """

    name: str
    unit: str
    quantum: float
    weights: Mapping[Key, Ints] = field(repr=False)

    @property
    def total(self) -> int:
        """Weight of all demand, quanta."""
        return sum(int(weight.sum()) for weight in self.weights.values())


def scope_measure(scope: Scope, which: str, year: int, final_year: int) -> str:
    """Name the measure of the people a part of the nation leaves outside the standard in a year."""
    part = which if scope == "governorate" else scope if scope == "nation" else f"{scope}:{which}"
    return f"covered:{part}" if year == final_year else f"covered:{part}:{year}"


def parts_of(instance: Instance, scope: Scope, which: str = "") -> tuple[str, ...]:
    """
    Name the parts of the nation of a scope that are meant: the one named, or each.

    Raises
    ------
    InvalidInput
        For a part the country does not have.
    """
    known = {
        "nation": ("nation",),
        "governorate": instance.zones,
        "settlement": tuple(dict.fromkeys(str(kind) for kind in sorted(instance.settlement, key=str))),
        "group": instance.cells.groups,
    }[scope]
    if which and which not in known:
        raise InvalidInput(
            "The objectives name '{which}', which the country does not have; expected one of {known}.",
            which=which,
            known=", ".join(known),
        )
    return (which,) if which else known


def inside(instance: Instance, scope: Scope, which: str) -> NDArray[np.bool_]:
    """(C, n) True for the cells of a part of the nation."""
    shape = instance.cells.people.shape[1:]
    if scope == "group":
        return np.broadcast_to(instance.cells.of(which)[:, None], shape)
    if scope == "nation":
        return np.ones(shape, dtype=bool)
    labels = instance.zone_of_point if scope == "governorate" else instance.settlement
    return np.broadcast_to((labels == which)[None, :], shape)


def counted_of(instance: Instance, years: tuple[int, ...], objectives: Objectives) -> list[Counted]:
    """
    List every covering measure that an objective or a floor needs, each once.

    Raises
    ------
    InvalidInput
        For a part or a year that is not there, or visits that were not computed.
    """
    found: dict[str, Counted] = {}
    for aim in objectives.aims():
        if aim.what == "covered":
            found[aim.name] = _coverage(instance, years, objectives, aim)
    for floor in objectives.floors:
        if floor.from_year is not None and floor.from_year not in years:
            raise InvalidInput(
                "A floor holds from {year}, in no year of the programme ({first}-{last}).",
                year=str(floor.from_year),
                first=str(years[0]),
                last=str(years[-1]),
            )
    wanted = [(WORST[aim.what], "", years[-1:]) for aim in objectives.aims() if aim.what in WORST]
    wanted += [(floor.scope, floor.which, floor.years(years)) for floor in objectives.floors]
    for scope, which, when in wanted:
        for part in parts_of(instance, scope, which):
            for year in when:
                one = _part(instance, years, scope, part, year)
                found.setdefault(one.name, one)
    return list(found.values())


def factors_of(instance: Instance, years: tuple[int, ...], objectives: Objectives) -> tuple[Ints, int]:
    """
    Return (T, L) whole factors of years and levels, and how many of them make 1.

    Raises
    ------
    InvalidInput
        For a weight that is not nought and rounds to it.
    """
    levels = instance.standard.levels()
    whole = np.zeros((len(years), len(levels)), dtype=np.int64)
    for t, year in enumerate(years):
        discount = (1.0 + objectives.discount_rate) ** (years[0] - year)
        for at, level in enumerate(levels):
            whole[t, at] = math.floor(level.weight * discount * FACTORS + 0.5)
            if level.weight and not whole[t, at]:
                raise InvalidInput(
                    "The standard '{name}' weighs {weight} in {year}, less than a thousandth. Use larger weights.",
                    name=level.name,
                    weight=level.weight * discount,
                    year=str(year),
                )
    common = math.gcd(FACTORS, *whole.ravel().tolist())
    return whole // common, FACTORS // common


def amounts_of(instance: Instance, aim: Aim) -> tuple[dict[Offer, Ints], float]:
    """
    Return what an objective counts, by offer (T, C, n) whole quanta, and the quantum: persons, or visits of a year.

    Raises
    ------
    InvalidInput
        When visits are wanted and were not computed.
    """
    if aim.of == "people":
        return {ANY_PLACE: instance.cells.people}, 1.0
    parts = instance.demand.get(aim.of)
    if parts is None:
        raise InvalidInput(
            "The objective '{name}' counts {of}, which were not computed. Add the demand section to the scenario.",
            name=aim.what,
            of=aim.of,
        )
    whole, quantum = whole_visits([part.amount for part in parts])
    cells = instance.cells.people
    return {
        part.offer: np.stack([spread(row, living) for row, living in zip(amount, cells, strict=True)])
        for part, amount in zip(parts, whole, strict=True)
    }, quantum


def whole_visits(amounts: list[NDArray[np.float64]]) -> tuple[list[Ints], float]:
    """
    Round visits to whole quanta: thousandths, or so much coarser that the total of all parts stays below 1e9.

    Each point is rounded to the nearest quantum, half up.
    """
    if any(not np.isfinite(amount).all() or (amount < 0).any() for amount in amounts):
        raise InvalidInput("Visits hold NaN, inf or negative numbers; expected visits a year at each point.")
    places, total = 3, sum(float(amount.sum()) for amount in amounts)
    while places > -6 and total * 10.0**places > MOST:
        places -= 1
    return [np.floor(one * 10.0**places + 0.5).astype(np.int64) for one in amounts], float(f"1e{-places}")


def _coverage(instance: Instance, years: tuple[int, ...], objectives: Objectives, aim: Aim) -> Counted:
    amounts, quantum = amounts_of(instance, aim)
    factors, one = factors_of(instance, years, objectives)
    weights = {
        Key(t, level, offer): amount[t] * factors[t, level]
        for offer, amount in amounts.items()
        for t in range(len(years))
        for level in range(factors.shape[1])
        if factors[t, level]
    }
    alone = factors[:, factors.any(axis=0)]  # each person counts once only where one standard counts at all
    plain = one == 1 and alone.shape[1] == 1 and bool((alone == alone.ravel()[0]).all())
    unit = "person-years" if aim.name == COVERAGE else aim.of.replace("_", " ")
    return Counted(aim.name, unit if plain else f"weighted {unit}", quantum / one, weights)


def _part(instance: Instance, years: tuple[int, ...], scope: Scope, part: str, year: int) -> Counted:
    t = years.index(year)
    people = np.where(inside(instance, scope, part), instance.cells.people[t], 0)
    return Counted(scope_measure(scope, part, year, years[-1]), "people", 1.0, {Key(t, 0): people})


def reach_of(counted: list[Counted]) -> list[Key]:
    """List where some measure counts, in order."""
    keys = {key for each in counted for key in each.weights}
    return sorted(keys, key=lambda key: (key.year, key.level, key.offer.order))
