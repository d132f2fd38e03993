"""Which places would serve the most visits under limits of capacity: the second formulation, beside the plan."""

from __future__ import annotations

from foundation.basis import Basis
from reports.document import Block, Column, Heading, Note, Paragraph, Row, table
from reports.material import Material
from reports.parts.tables import words
from reports.writing import Writer, is_missing, number_or_nan


def siting(writer: Writer, material: Material) -> list[Block]:
    """Say what the second formulation found, where it ran."""
    found = material.info.get("capacity_siting")
    if not found:
        return []
    blocks: list[Block] = [
        Heading(writer.say("Sited under the limits of capacity")),
        Note((writer.quoted(found[f"note_{writer.language.code}"]),)),
    ]
    if is_missing(found["served"]):
        said = writer.say("No choice of places was found under these limits and rules.")
        return [*blocks, Paragraph(said, (Basis.MODELLED,))]
    said = writer.say(
        "These places would serve {served} visits over the years of the programme; those of the plan serve {plan}, "
        "when visits are shared out at their best. No choice serves more than {bound}, by the solver's bound.",
        served=writer.said(number_or_nan(found["served"])),
        plan=writer.said(number_or_nan(found["plan_serves"])),
        bound=writer.said(number_or_nan(found["bound"])),
    )
    rows = [
        Row(
            (
                words((writer.name(site),)),
                words((writer.name(material.zone(site["governorate"])),)),
                words(writer.year(site["open_from"])),
                words(writer.say("in the plan") if site["in_plan"] else writer.say("not in the plan")),
            )
        )
        for site in found["sites"]
    ]
    columns = [
        Column(writer.say("Place"), kind="text"),
        Column(writer.say("Governorate"), kind="text"),
        Column(writer.say("Open from"), kind="text"),
        Column(writer.say("Also in the plan"), kind="text"),
    ]
    caption = writer.say("Places that serve the most visits under the limits")
    return [*blocks, Paragraph(said, (Basis.MODELLED,)), table("capacity-siting", caption, columns, rows)]
