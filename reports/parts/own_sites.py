"""What became of the sites that a planner brought along."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.basis import Basis
from reports.document import Inline, Item
from reports.material import Material
from reports.writing import Writer


def own_sites(writer: Writer, material: Material) -> list[Item]:
    """Return how many were read, which were chosen and which open too late; nothing when there are none."""
    own = material.info.get("own_sites")
    if not own or not own.get("read"):
        return []
    chosen, late = list(own.get("chosen") or []), list(own.get("too_late") or [])
    read = writer.count(
        "{n} site of the planner's own was read as a candidate.",
        "{n} sites of the planner's own were read as candidates.",
        int(own["read"]),
    )
    if chosen:
        named = writer.say("Chosen among the planner's own sites: {centres}.", centres=_names(writer, material, chosen))
    else:
        named = writer.say("None of the planner's own sites was chosen.")
    items = [Item(read, (Basis.ASSUMED,)), Item(named, (Basis.MODELLED,))]
    if late:
        said = writer.say(
            "Could not open within the programme, because the earliest year set is after its last year: {centres}.",
            centres=_names(writer, material, late),
        )
        items.append(Item(said, (Basis.ASSUMED,)))
    return items


def _names(writer: Writer, material: Material, ids: Sequence[object]) -> Inline:
    return writer.listed([writer.name(material.site(one)) for one in ids])
