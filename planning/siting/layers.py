"""
Travel rows: one a demand point and whole-minute layer of the final year.

The radius formulation of the p-median (Cornuéjols, Nemhauser & Wolsey 1980; García, Labbé & Marín
2011). Any figure that grows with whole minutes can be made least over the same rows: a row is worth
people x (figure of the next layer - figure of this one). Minutes themselves give mean travel;
e^(rate x minutes) gives the Kolm-Pollak equivalent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import InvalidInput
from optimization import Measure
from planning.aims import TRAVEL
from planning.offers import ANY_PLACE, Offer
from planning.programme import Programme
from planning.siting.instance import Instance
from planning.siting.offered import serving
from planning.siting.seen_sets import SeenSets

__all__ = ["TRAVEL", "Layers", "exponentials", "layer_measure", "layers_of", "travel_rows", "whole_minutes"]

Ints = NDArray[np.int64]
MOST_ENTRIES = 200_000_000  # of the sets of mean travel: some 6 GB while they are solved
PIECE = 20_000  # points whose layers are written at a time
MOST_EXACT = 2**50  # of a measure's total
EASY = 1e12  # a total up to which exponentials are counted more finely


@dataclass(frozen=True, slots=True)
class Layers:
    """
    Layers of whole minutes, from a point's nearest usable place to its nearest fixed one (or the cap).

    Attributes
    ----------
    sets
        (G, J) the sets of places that occur, each once, in order of first appearance.
    point, set, this, following
        (R,) a layer's point, its set (the places at most `this` far from the point), its whole minutes, and those
        of the point's next layer.
    first, ends
        (n,) whole minutes to the nearest usable place (the cap where there is none), and to the nearest
        fixed one (or the cap): what a point travels at least and at most.
    """

    sets: sparse.csr_array
    point: NDArray[np.int32]
    set: NDArray[np.int32]
    this: NDArray[np.int16]
    following: NDArray[np.int16]
    first: Ints
    ends: Ints


class _Piece(NamedTuple):
    """The layers of some points; see `Layers`."""

    point: NDArray[np.int32]
    set: NDArray[np.int32]
    this: NDArray[np.int16]
    following: NDArray[np.int16]


def whole_minutes(minutes: NDArray[np.float64], cap: int) -> Ints:
    """Round travel up to whole minutes, at most `cap`; no route is the cap."""
    return np.minimum(np.ceil(np.where(np.isfinite(minutes), minutes, cap)), cap).astype(np.int64)


def layers_of(instance: Instance, programme: Programme, position: Ints, cap: int, offer: Offer = ANY_PLACE) -> Layers:
    """
    Write the layers of every demand point, of the places that meet an offer; `position` as in `positions_of`.

    Raises
    ------
    InvalidInput
        If the sets together would have more than `MOST_ENTRIES` entries.
    """
    n, column = instance.people.size, position[:, -1]
    fixed = instance.surely_open(programme.final_year)
    seen = SeenSets(column, position.size, most_entries=MOST_ENTRIES)
    first, ends = np.full(n, cap), np.full(n, cap)
    able = serving(instance, offer)
    pieces: list[_Piece] = []
    for start in range(0, max(n, 1), PIECE):
        here = slice(start, min(n, start + PIECE))
        pairs = instance.pairs(float(cap), points=here)
        usable = (column[pairs.option] >= 0) & able.pairs(pairs.point, pairs.option)
        point, option = pairs.point[usable] - start, pairs.option[usable]
        whole = whole_minutes(pairs.minutes[usable], cap)
        np.minimum.at(ends[here], point[fixed[option]], whole[fixed[option]])
        inside = whole < ends[here][point]
        point, option, whole = point[inside], option[inside], whole[inside]
        order = np.lexsort((option, whole, point))
        pieces.append(_piece(point[order], option[order], whole[order], (first[here], ends[here]), seen, start))
    rows = _Piece(*(np.concatenate(each) for each in zip(*pieces, strict=True)))
    return Layers(seen.matrix(), *rows, first, ends)


def _piece(point: Ints, option: Ints, whole: Ints, between: tuple[Ints, Ints], seen: SeenSets, start: int) -> _Piece:
    """Write the layers of some points, of pairs sorted by point and minutes; fills in their `first`."""
    first, ends = between
    begin = np.searchsorted(point, np.arange(ends.size + 1))
    some = np.flatnonzero(np.diff(begin))
    first[:] = ends
    first[some] = whole[begin[some]]
    last = np.flatnonzero(np.append((np.diff(point) != 0) | (np.diff(whole) != 0), point.size > 0))
    of = point[last]
    following = np.append(whole[last][1:], 0)
    following = np.where(np.append(of[1:] != of[:-1], True)[: of.size], ends[of], following[: of.size])
    number = seen.prefixes(option, begin[of], last + 1)
    return _Piece((of + start).astype(np.int32), number, whole[last].astype(np.int16), following.astype(np.int16))


def layer_measure(
    layers: Layers, amount: Ints, figure: list[int], *, name: str, unit: str, quantum: float = 1.0, rate: float = 0.0
) -> tuple[Measure, Ints]:
    """
    Say what a figure of whole minutes costs over the layers: its measure, and (G,) weights of their sets.

    Parameters
    ----------
    amount
        (n,) whole persons or visits.
    figure
        Of 0, 1, ... cap minutes: whole, never falling.
    """
    table = np.array(figure, dtype=np.int64)
    mass = int(amount.sum())
    if mass * figure[-1] > MOST_EXACT:
        raise InvalidInput(
            "The objective '{name}' would need numbers above {most} to be exact. Use a shorter cap, or a smaller "
            "aversion.",
            name=name,
            most=MOST_EXACT,
        )
    constant = int((amount * table[layers.first]).sum())
    measure = Measure(name, unit, quantum, constant, mass * figure[-1], mass=mass, rate=rate)
    cost = amount[layers.point] * (table[layers.following] - table[layers.this])
    # sums of whole numbers below 2**53 are exact in floats
    return measure, np.bincount(layers.set, weights=cost, minlength=layers.sets.shape[0]).astype(np.int64)


def travel_rows(
    instance: Instance, programme: Programme, position: Ints, cap: int
) -> tuple[Measure, sparse.csr_array, Ints]:
    """Mean travel of the people alone: its measure, sets and weights."""
    layers = layers_of(instance, programme, position, cap)
    measure, weights = layer_measure(layers, instance.people, list(range(cap + 1)), name=TRAVEL, unit="person-minutes")
    return measure, layers.sets, weights


def exponentials(rate: float, cap: int, people: int) -> tuple[list[int], int]:
    """
    Return e^(rate x minutes) for 0 to `cap` whole minutes as whole numbers of one part in `scale`, and `scale`.

    Raises
    ------
    InvalidInput
        When no scale of at least a hundred keeps the total exact: the aversion is too strong for the cap.
    """
    most = people * math.exp(min(rate * cap, 700.0))
    places = 6
    while places > 2 and most * 10**places > EASY:
        places -= 1
    if not rate > 0 or most * 10**places > MOST_EXACT:
        raise InvalidInput(
            "The equivalent cannot be made least with a rate of {rate} per minute and a cap of {cap} minutes. Use a "
            "smaller inequality_aversion (above 0) or a shorter travel_cap_minutes.",
            rate=rate,
            cap=cap,
        )
    return [math.floor(math.exp(rate * minute) * 10**places + 0.5) for minute in range(cap + 1)], 10**places
