"""Who stays out: the farthest places and the unreachable, by name."""

from __future__ import annotations

from foundation.basis import Basis
from reports.document import Block, Cell, Column, Heading, Note, Paragraph, Row, Section, table
from reports.material import Material, Record
from reports.parts.long_legs import long_legs, with_no_other_way
from reports.parts.tables import words
from reports.writing import Writer, number_or_nan

LISTED = 40  # longest list of places in print; the rest is counted and lies in plan.gpkg


def left_out(writer: Writer, material: Material) -> Section:
    """Return counts, the farthest places outside the standard, and the places with no route."""
    figures = material.figures
    blocks: list[Block] = [
        Paragraph(
            writer.say(
                "Outside the standard (a road, but too long a journey): {outside}. No route in the data: {cut_off}.",
                outside=writer.people(figures.get("out_of_standard").value),
                cut_off=writer.people(figures.get("unreachable").value),
            ),
            (Basis.MODELLED,),
        ),
        Heading(writer.say("The farthest places")),
    ]
    farthest = list(material.info.get("farthest") or [])
    if farthest:
        blocks.append(_farthest(writer, material, farthest))
    else:
        blocks.append(Paragraph(writer.say("No inhabited place with a road lies outside the standard.")))
    blocks.append(Heading(writer.say("Places with no route in the data")))
    blocks += [*_cut_off(writer, material), *long_legs(writer, material)]
    return Section("left-out", writer.say("Who stays out"), tuple(blocks))


def _farthest(writer: Writer, material: Material, farthest: list[Record]) -> Block:
    columns = [
        Column(writer.say("Place"), kind="text"),
        Column(writer.say("Governorate"), kind="text"),
        Column(writer.say("People")),
        Column(writer.say("Travel time"), writer.say("minutes")),
        Column(writer.say("Distance by road"), writer.say("km")),
    ]
    rows = []
    for place in farthest[:LISTED]:
        basis = Basis(str(place.get("basis") or Basis.MODELLED))
        rows.append(
            Row(
                (
                    words((writer.name(place, "place"),)),
                    words((writer.name(material.zone(place["zone_id"])),)),
                    writer.figure(number_or_nan(place["people"]), basis),
                    writer.figure(number_or_nan(place["minutes"]), basis, decimals=1),
                    writer.figure(number_or_nan(place["km"]), basis, decimals=1),
                )
            )
        )
    return table(
        "farthest",
        writer.say(
            "The places farthest outside the standard at the end of {year}", year=writer.year(material.final_year)
        ),
        columns,
        rows,
        notes=[
            Note(
                writer.say(
                    "People are those outside the standard whose nearest named place this is; time and distance are of "
                    "the farthest of them."
                )
            )
        ],
    )


def _cut_off(writer: Writer, material: Material) -> list[Block]:
    places = material.cut_off
    if not places and with_no_other_way(material) > 0:
        return [Paragraph(writer.say("No inhabited place is without a route, where long ways off the road count."))]
    if not places:
        return [Paragraph(writer.say("Every inhabited place has a route in the data."))]
    rows = [
        Row(
            (
                words((writer.name(place, "place"),)),
                words((writer.name(material.zone(place["zone_id"])),)),
                writer.figure(number_or_nan(place["people"]), Basis.MODELLED),
            )
        )
        for place in places[:LISTED]
    ]
    more = places[LISTED:]
    if more:
        rest = sum(int(place["people"]) for place in more)
        head: Cell = words(writer.count("{n} more place", "{n} more places", len(more)))
        rows.append(Row((head, words(()), writer.figure(float(rest), Basis.MODELLED))))
    total = float(sum(int(place["people"]) for place in places))
    rows.append(Row((words(writer.say("Total")), words(()), writer.figure(total, Basis.MODELLED)), total=True))
    columns = [
        Column(writer.say("Place"), kind="text"),
        Column(writer.say("Governorate"), kind="text"),
        Column(writer.say("People")),
    ]
    note = writer.say(
        "The data hold no road that leads to these places; that says something about the data, and not yet anything "
        "about the places. Check them first."
    )
    return [
        Paragraph(note),
        table("unreachable", writer.say("Places with no route in the data, by name"), columns, rows),
    ]
