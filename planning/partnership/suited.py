"""
Which centres suit private operation: a score from data, and three rules that no score outweighs.

    score = (a visits / greatest visits + b overlap) / (a + b)

A well-visited centre carries itself; where public centres stand behind it (overlap), people keep a
service if the operator fails. Never a governorate's only centre, never at the expense of the worst-off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.partnership.ground import Ground, fall, overlap, worst_off
from planning.partnership.terms import Selection

Floats = NDArray[np.float64]
REASONS = ("kind", "fixed", "only_centre", "worst_off", "score")


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
    low score speaks against a centre but bars only the choice "suited"; the others bar always.

    Raises
    ------
    InvalidInput
        If a named centre is none of the plan, or may not be operated privately.
    """
    every = range(len(ground.ids))
    least = worst_off(ground, selection.worst_off)
    falls = np.array([fall(ground, [i], least) for i in every])
    bars = [_bars(ground, i, float(falls[i]), selection) for i in every]
    asked = _asked(ground, selection)
    refused = [i for i in asked if bars[i]]
    if selection.choice == "named" and refused:
        raise InvalidInput(
            "These centres may not be operated privately: {names}. A tender takes no governorate's only centre, "
            "none at the expense of the worst-off, no fixed one unless the choice says so.",
            names=", ".join(ground.ids[i] for i in refused),
        )
    chosen = [i for i in asked if not bars[i]]
    public = np.ones(len(ground.ids), dtype=bool)
    public[chosen] = False
    shared = np.array([overlap(ground, i, public) for i in every])
    score = _score(visits, shared, selection)
    against = tuple((*bars[i], *(["score"] if score[i] < selection.least_score else [])) for i in every)
    if selection.choice == "suited":
        chosen = sorted((i for i in every if not against[i]), key=lambda i: (-score[i], ground.ids[i]))
        chosen = sorted(chosen[: selection.count])
    return Suited(visits, shared, score, falls, least, against, tuple(chosen), tuple(refused))


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


def _bars(ground: Ground, centre: int, falls: float, selection: Selection) -> tuple[str, ...]:
    """Name the rules that bar a centre whatever its score."""
    alone = int((ground.zone_of_centre[ground.fit] == ground.zone_of_centre[centre]).sum()) <= 1
    speaks = {
        "kind": not ground.fit[centre],
        "fixed": bool(ground.fixed[centre]) and not selection.existing,
        "only_centre": alone,
        "worst_off": falls > selection.worst_off_loss + 1e-12,
    }
    return tuple(reason for reason, holds in speaks.items() if holds)
