"""
Which centres suit private operation: a score from data, and rules that no score outweighs.

    score = (a visits / greatest visits + b overlap) / (a + b)

A well-visited centre carries itself; where public centres stand behind it (overlap), people keep a
service if the operator fails. The rules are those of `planning.private`, by which the plan gives its label, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.partnership.ground import Ground, overlap, worst_off
from planning.partnership.terms import Selection
from planning.private import ALONE, TOGETHER, bars, falls, taken_in_turn

Floats = NDArray[np.float64]
REASONS = (*ALONE, TOGETHER, "score")


@dataclass(frozen=True, slots=True)
class Suited:
    """
    The k centres judged, and the chosen ones.

    Attributes
    ----------
    visits
        (k,) visits of the final year, middle case.
    overlap
        (k,) share of the catchment within the standard of a public centre; NaN without a catchment.
    score
        (k,) 0 to 1.
    worst_falls
        (k,) by how much the covered share of one of the worst-off governorates falls at most without the centre.
    worst_off
        Positions of those governorates, the least covered first.
    against
        For each centre, which of `REASONS` speak against it; empty: suited.
    chosen
        Positions of the centres of the tender, ascending.
    left_out
        Positions of centres that were asked for and may not be, ascending.
    """

    visits: Floats
    overlap: Floats
    score: Floats
    worst_falls: Floats
    worst_off: NDArray[np.int64]
    against: tuple[tuple[str, ...], ...]
    chosen: tuple[int, ...]
    left_out: tuple[int, ...]


def suited(ground: Ground, visits: Floats, selection: Selection) -> Suited:
    """
    Score every centre and choose those of the tender.

    A public centre is one outside the tender; where the best scored are to be chosen, every other centre. A
    low score speaks against a centre but bars only the choice "suited"; the others bar always. Together the
    centres of the tender leave each governorate a full centre that the state runs: those of the most visits
    (or the best score) are taken first.

    Raises
    ------
    InvalidInput
        If a named centre is none of the plan, or may not be operated privately, by itself or with the others.
    """
    every = range(len(ground.ids))
    lost = falls(ground, selection.care)
    barred = bars(ground, selection.care, lost)
    asked = _asked(ground, selection)
    by_visits = sorted((i for i in asked if not barred[i]), key=lambda i: (-visits[i], ground.ids[i]))
    chosen, held_back = taken_in_turn(ground, by_visits)
    if selection.choice == "named":
        _refuse(ground, [i for i in asked if barred[i]], held_back)
    public = ground.public(chosen)
    shared = np.array([overlap(ground, i, public) for i in every])
    score = _score(visits, shared, selection)
    low = [["score"] if score[i] < selection.least_score else [] for i in every]
    if selection.choice == "suited":
        best = sorted((i for i in every if not barred[i] and not low[i]), key=lambda i: (-score[i], ground.ids[i]))
        chosen, held_back = taken_in_turn(ground, best, most=selection.count)
    last = [[TOGETHER] if i in held_back else [] for i in every]
    return Suited(
        visits,
        shared,
        score,
        np.array(lost),
        worst_off(ground, selection.worst_off),
        tuple((*barred[i], *last[i], *low[i]) for i in every),
        tuple(sorted(chosen)),
        tuple(sorted(set(asked) - set(chosen))),
    )


def _refuse(ground: Ground, barred: Sequence[int], held_back: Sequence[int]) -> None:
    """Refuse named centres that may not be tendered, by themselves or with the others."""
    if barred:
        raise InvalidInput(
            "These centres may not be operated privately: {names}. A tender takes no governorate's only public centre, "
            "none at the expense of the worst-off, no fixed one unless the choice says so.",
            names=", ".join(ground.ids[i] for i in barred),
        )
    if held_back:
        zones = sorted({ground.zones[ground.zone_of_centre[i]] for i in held_back})
        raise InvalidInput(
            "The tender names every public centre of {zones}. Leave out one of each: a governorate keeps a centre that "
            "the state runs.",
            zones=", ".join(zones),
        )


def _asked(ground: Ground, selection: Selection) -> list[int]:
    if selection.choice == "suited":
        return []
    if selection.choice == "plan":
        return [int(i) for i in np.flatnonzero(ground.labelled)]
    at = {name: i for i, name in enumerate(ground.ids)}
    unknown = sorted(set(selection.named) - set(at))
    if unknown:
        raise InvalidInput(
            "The tender names {unknown}, which are no centres of the plan's final year; it has {known}.",
            unknown=", ".join(unknown),
            known=", ".join(ground.ids),
        )
    return sorted(at[name] for name in selection.named)


def _score(visits: Floats, shared: Floats, selection: Selection) -> Floats:
    most = float(visits.max(initial=0.0))
    relative = visits / most if most > 0 else np.zeros_like(visits)
    a, b = selection.visits_weight, selection.overlap_weight
    return np.asarray((a * relative + b * np.nan_to_num(shared)) / (a + b))
