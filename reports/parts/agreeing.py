"""Sentences where two chapters give figures of like name: why they differ, said the same way in both."""

from __future__ import annotations

from foundation.basis import Basis
from reports.document import Note
from reports.material import Material
from reports.writing import Writer, is_missing


def beside_visits(writer: Writer, material: Material) -> list[Note]:
    """Say why the chapters of visits and of capacity differ a little; [] unless the run has both."""
    record, sized = material.info.get("visits"), material.info.get("capacity") or {}
    if not record or sized.get("demand") != "visits":
        return []
    said = writer.say(
        "The chapters “Visits in person” and “Capacity of the centres” count the same visits; the total of the country "
        "is one. Capacity counts whole visits at each point, so that a governorate or a centre may differ by some "
        "hundreds."
    )
    if sized["policy"] == "with_room":
        said += writer.say(" Where a centre is full, capacity also sends visits on to a farther one that has room.")
    return [Note(said, (Basis.MODELLED,))]


def staff_beside_cost(writer: Writer, material: Material) -> list[Note]:
    """Tell the staff that visits need from the staff of the cost line; [] unless the run has both."""
    costed = [kind for kind in (material.info.get("budget") or {}).get("kinds", ()) if not is_missing(kind["staff"])]
    if not costed or not material.info.get("capacity"):
        return []
    said = writer.say(
        "Two figures of staff: the chapter on capacity gives the front-line staff that the modelled visits need, "
        "centre by centre; the budget counts one assumed number for every place of a kind, all posts, whatever its "
        "visits. Neither is computed from the other."
    )
    return [Note(said, (Basis.MODELLED, Basis.ASSUMED))]
