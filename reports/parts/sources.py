"""Where the data come from: the inputs with source, licence, vintage and hash, and the credits."""

from __future__ import annotations

import re

from reports.document import Block, Cell, Column, Heading, Inline, Item, List, Paragraph, Row, Section, Span, table
from reports.material import Material
from reports.parts.tables import group_name
from reports.writing import Writer, is_missing

SHORT_HASH = 12
MADE_FROM = "source-"  # names of the tables that a pack's own files were made from
UNSAID = {"not stated": "not stated", "the planner's own file": "the planner's own file"}

# Parts of a folder of plain files and of the built-in pack; another pack's own names are quoted as they are.
PARTS = {
    "zones": "Outlines of the governorates",
    "population": "Where people live",
    "roads": "Road network",
    "settlement": "Urban land",
    "elevation": "Heights of the ground",
    "friction": "Friction of the ground",
    "totals": "Official totals of people",
    "speeds": "Speeds by class of road",
    "governorates": "Governorates",
    "governorate-outlines": "Outlines of the governorates",
    "districts": "Districts",
    "people": "Where people live",
    "groups": "Shares of the groups",
    "places": "Named places",
    "candidates": "Candidate sites",
    "centres": "Recorded centres",
    "offices": "Recorded offices",
    "road-nodes": "Road network: nodes",
    "road-edges": "Road network: roads",
    "travel-rules": "Speeds, detours and congestion",
    "agencies": "Agencies",
    "agency-waves": "Agencies by wave of priority",
    "agency-seats": "Agencies to take part in the centres",
    "services": "Service lines and their use rates",
    "service-factors": "Services: scores of priority",
    "life-events": "Life events",
    "life-event-steps": "Steps of life events",
    "digital": "Digital access as recorded",
    "digital-curve": "Share of services digitised",
    "network-record": "Record of all centres together",
    "service-record": "Record of the agencies' volumes",
    "centre-record": "Record of services by centre",
    "centre-loads": "Record of the load of single centres",
    "growth": "Residents of governorates over time",
    "nationals": "Share of nationals",
    "refugees": "Registered refugees outside camps",
}


def sources(writer: Writer, material: Material) -> Section:
    """Return the inputs with licence, vintage and hash, and the attribution lines."""
    columns = [
        Column(writer.say("Data"), kind="text"),
        Column(writer.say("Source"), kind="text"),
        Column(writer.say("Data licence"), kind="text"),
        Column(writer.say("Vintage"), kind="text"),
        Column(writer.say("sha256 (start)"), kind="text"),
    ]
    rows = [
        Row(
            (
                Cell(part_name(writer, one.get("name"))),
                Cell(as_written(writer, one.get("source"))),
                Cell(as_written(writer, one.get("licence"))),
                Cell(as_written(writer, one.get("vintage"))),
                Cell((code(writer, str(one["sha256"])[:SHORT_HASH]),)),
            )
        )
        for one in material.info["inputs"]
        if not str(one["name"]).startswith(MADE_FROM)
    ]
    made_from = len(material.info["inputs"]) - len(rows)
    lines = [Item((writer.name(line, "text"),)) for line in material.info.get("sources_note") or []]
    blocks: list[Block] = [table("sources", writer.say("The data this run was computed from"), columns, rows)]
    if made_from:
        blocks.append(
            Paragraph(
                writer.say(
                    "The tables these were made from ({n} files) lie in {folder}, each with its own source, date, "
                    "licence and hash in {file}.",
                    n=made_from,
                    folder=code(writer, "inputs/country/sources"),
                    file=code(writer, "inputs/country/datapackage.json"),
                )
            )
        )
    if lines:
        blocks += [Heading(writer.say("Credits and notes on the data")), List(tuple(lines))]
    return Section("sources", writer.say("Sources"), tuple(blocks))


def part_name(writer: Writer, name: object) -> Inline:
    """Say which part of the country's data a file is; the files of a group are numbered."""
    text = "" if is_missing(name) else str(name)
    if text in PARTS:
        return writer.say(PARTS[text])
    numbered = re.fullmatch(r"(elderly|disabled)-(\d+)", text)
    if numbered:
        return writer.say("{group}: file {n}", group=group_name(writer, numbered[1]), n=int(numbered[2]))
    return as_written(writer, name)


def as_written(writer: Writer, value: object) -> Inline:
    """Quote what the data say; what they leave unsaid is said in the reader's language."""
    if is_missing(value):
        return writer.say("unknown")
    return writer.say(UNSAID[str(value)]) if str(value) in UNSAID else (writer.quoted(value),)


def code(writer: Writer, text: str) -> Span:
    """Mark what is typed or compared letter by letter."""
    return Span(text, lang="en" if writer.language.code == "ar" else None, code=True)
