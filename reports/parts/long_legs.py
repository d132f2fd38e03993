"""People whose journey rests on a long way off the road that no data describe: how many, where, and what to set."""

from __future__ import annotations

from foundation.basis import Basis
from reports.document import Inline, Note, Span
from reports.material import Material
from reports.writing import Writer, number_or_nan


def with_no_other_way(material: Material) -> float:
    """Return the people who have no route without such a way; 0 where there are none."""
    return number_or_nan((material.info.get("long_legs") or {}).get("no_other_way", 0))


def long_legs(writer: Writer, material: Material) -> list[Note]:
    """Say who relies on a long way off the road; [] where nobody does."""
    record = material.info.get("long_legs")
    if not record:
        return []
    people, alone = number_or_nan(record["people"]), number_or_nan(record["no_other_way"])
    if alone == people:
        other = writer.say("none of them has another")
    else:
        other = writer.say("{alone} of them have no other", alone=writer.said(alone))
    said = writer.say(
        "For {people}, the journey counted here leads over a way of more than {beyond} km off the road, straight over "
        "land or water; {other}. No data say that it can be travelled: it is assumed, up to "
        "{limit} km. In the scenario, {field} sets how long such a way may be.",
        people=writer.people(people),
        beyond=number_or_nan(record["beyond_km"]),
        other=other,
        limit=number_or_nan(record["limit_km"]),
        field=Span("off_road: longest_leg_km", lang="en" if writer.language.code == "ar" else None, code=True),
    )
    names = [writer.name(place, "place") for place in record["places"]]
    most: Inline = (Span(" "), *writer.say("Most of them live near: {places}.", places=writer.listed(names)))
    return [Note((*said, *most), (Basis.MODELLED, Basis.ASSUMED))]
