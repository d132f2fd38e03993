"""
Which centres may be run privately: the one rule behind the label of a plan and the lots of a tender.

A centre by itself: a full one, not fixed (unless said), never the only centre of its governorate that the
state runs, never one that people of a worst-off governorate depend on. Several together: each governorate
keeps a full centre that is run by the state and in no tender.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from planning.failing import OpenCentres, fall, worst_off

ALONE = ("kind", "fixed", "only_centre", "worst_off")  # what speaks against a centre by itself
TOGETHER = "last_public"  # what speaks against it with those taken before it
ALIKE = 1e-12


@dataclass(frozen=True, slots=True)
class Care:
    """
    What a planner may state of the rule.

    Attributes
    ----------
    existing
        Whether centres that the programme fixes may be operated privately.
    worst_off
        How many governorates, the least covered ones, count as worst-off.
    worst_off_loss
        By how much (a share, inclusive) the covered share of one of them may fall if the operator of a
        centre fails.
    """

    existing: bool = False
    worst_off: int = 3
    worst_off_loss: float = 0.0


def falls(centres: OpenCentres, care: Care) -> tuple[float, ...]:
    """Say by how much the covered share of a worst-off governorate falls at most without each centre."""
    least = worst_off(centres, care.worst_off)
    return tuple(fall(centres, [i], least) for i in range(len(centres.ids)))


def bars(centres: OpenCentres, care: Care, lost: tuple[float, ...] | None = None) -> tuple[tuple[str, ...], ...]:
    """Name what bars each centre by itself, of `ALONE`; `lost` as by `falls`."""
    lost = falls(centres, care) if lost is None else lost
    mine, public = centres.run_by_state, _run_by_the_state(centres)
    found = []
    for i, zone in enumerate(centres.zone_of_centre.tolist()):
        speaks = {
            "kind": not centres.fit[i],
            "fixed": bool(centres.fixed[i]) and not care.existing,
            "only_centre": public[zone] <= int(mine[i]),
            "worst_off": lost[i] > care.worst_off_loss + ALIKE,
        }
        found.append(tuple(reason for reason in ALONE if speaks[reason]))
    return tuple(found)


def taken_in_turn(
    centres: OpenCentres, order: Iterable[int], *, most: int | None = None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """
    Take centres in turn, as long as each governorate keeps a full centre that is run by the state.

    Such sets are the independent ones of a partition matroid: taken from the best down, no other set of
    as many has a better one in any place (Edmonds 1971, Matroids and the greedy algorithm).

    Returns
    -------
    taken
        Positions, in turn, at most `most` of them.
    held_back
        Those passed over because they would have been their governorate's last.
    """
    mine, left = centres.run_by_state, _run_by_the_state(centres)
    taken, held_back = list[int](), list[int]()
    for i in order:
        if most is not None and len(taken) == most:
            break
        zone, public = int(centres.zone_of_centre[i]), bool(mine[i])
        if left[zone] - public < 1:
            held_back.append(i)
            continue
        left[zone] -= public
        taken.append(i)
    return tuple(taken), tuple(held_back)


def _run_by_the_state(centres: OpenCentres) -> list[int]:
    """Count full centres by governorate, without those whose kind is operated privately."""
    counted = np.bincount(centres.zone_of_centre[centres.run_by_state], minlength=len(centres.zones))
    return [int(n) for n in counted]
