"""Agencies as the roadmap lists them: three tables kept apart, and what centres are recorded to offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from foundation.basis import Basis
from reports.document import Block, Cell, Column, Heading, Inline, Item, List, Note, Row, Section, Span, Table, table
from reports.material import Material
from reports.writing import Writer, is_missing, number_or_nan

CERTAINTY = {"uncertain": "uncertain", "missing": "no number given"}
SERVES = {
    "persons": "Services for persons, {wave}: {agencies}",
    "businesses": "Services for businesses, {wave}: {agencies}",
}
PARTS = {"wholly": "To take part wholly: {agencies}", "in_part": "To take part in part: {agencies}"}
REMARKS = frozenset(
    {
        "roadmap count of digitised services, first figure",
        "roadmap count of digitised services, second figure",
        "roadmap statement, percent of services digitised",
        "of some 2,400 services; with the second figure 713, or 29.7 %: conflicts with the 40 % that the roadmap "
        "itself states",
        "of some 2,400 services; with the first figure 713, or 29.7 %: conflicts with the 40 % that the roadmap itself "
        "states",
        "conflicts with its own counts of 486 + 227 of some 2,400 (29.7 %); both are kept, none is corrected",
    }
)
Record = Mapping[str, Any]


def agencies(writer: Writer, material: Material) -> Section | None:
    """Say the roadmap's tables of agencies; None when the run records none."""
    record = (material.info.get("visits") or {}).get("roadmap")
    if not record or not record["agencies"]:
        return None
    blocks: list[Block] = [_counts(writer, record)]
    if record["waves"]:
        blocks += [Heading(writer.say("Priority for development")), _lists(writer, record["waves"], "serves", SERVES)]
    if record["seats"]:
        blocks += [Heading(writer.say("To take part in the centres")), _lists(writer, record["seats"], "part", PARTS)]
        blocks.append(Note(writer.say("The roadmap gives no year for it.")))
    if record["centres"]:
        blocks.append(_centres(writer, record))
    if record["conflicts"]:
        blocks.append(_conflicts(writer, record))
    return Section("agencies", writer.say("Agencies and their services"), tuple(blocks))


def _counts(writer: Writer, record: Record) -> Table:
    rows = []
    for one in record["agencies"]:
        marked = one["certainty"] != "printed"
        rows.append(
            Row(
                (
                    Cell((writer.name(one),), mark=writer.say(CERTAINTY[one["certainty"]]) if marked else ()),
                    _recorded(writer, one["services"]),
                    _recorded(writer, one["digitised"]),
                )
            )
        )
    columns = [
        Column(writer.say("Agency"), kind="text"),
        Column(writer.say("Services counted")),
        Column(writer.say("Of them automated")),
    ]
    note = writer.say(
        "This table, the priority by wave and the list of agencies to take part are three tables of the roadmap. "
        "Nothing is inferred from one to another, and no centre's services are a sum of these. An agency without a "
        "number stands in another of these lists, or came later; its number is not in this table."
    )
    caption = writer.say("Services and automated services by agency")
    return table("agencies-services", caption, columns, rows, notes=[Note(note)])


def _recorded(writer: Writer, value: object) -> Cell:
    """Return a cell of a printed count; one that is not recorded is no figure, and never 0."""
    if is_missing(value):
        return Cell(writer.say("not recorded"))
    return writer.figure(number_or_nan(value), Basis.REPORTED)


def _lists(writer: Writer, entries: list[Record], key: str, sentences: Mapping[str, str]) -> List:
    items = []
    for one in entries:
        named = writer.listed([_named(writer, agency) for agency in one["agencies"]])
        said = writer.say(sentences[one[key]], agencies=named, wave=writer.quoted(one.get("wave", "")))
        items.append(Item(said, (Basis.REPORTED,)))
    return List(tuple(items))


def _named(writer: Writer, agency: Record) -> Span:
    name = writer.name(agency)
    if agency.get("note") != "transitional":
        return name
    (said,) = writer.say("transitional")
    return replace(name, text=f"{name.text} ({said.text})")


def _told(writer: Writer, text: str) -> Inline:
    """Say a remark of the built-in record in the reader's language; any other text as it stands."""
    return writer.say(text) if text in REMARKS else (writer.quoted(text),)


def _centres(writer: Writer, record: Record) -> Table:
    rows = [
        Row(
            (
                Cell((writer.name(one),)),
                Cell((writer.quoted(one["date"]),)),
                _recorded(writer, one["services"]),
                _recorded(writer, one["institutions"]),
            )
        )
        for one in record["centres"]
    ]
    columns = [
        Column(writer.say("Centre"), kind="text"),
        Column(writer.say("Date"), kind="text"),
        Column(writer.say("Services offered")),
        Column(writer.say("Institutions present")),
    ]
    return table("agencies-centres", writer.say("What the centres are recorded to offer"), columns, rows)


def _conflicts(writer: Writer, record: Record) -> Table:
    rows = [
        Row(
            (
                Cell(_told(writer, one["indicator"])),
                Cell((writer.quoted(one["date"]),)),
                writer.figure(number_or_nan(one["value"]), Basis.REPORTED),
                Cell(_told(writer, one["note"])),
            )
        )
        for one in record["conflicts"]
    ]
    columns = [
        Column(writer.say("Figure"), kind="text"),
        Column(writer.say("Date"), kind="text"),
        Column(writer.say("As printed")),
        Column(writer.say("Remark"), kind="text"),
    ]
    note = writer.say("These figures conflict with each other; all are kept as printed and none is corrected.")
    caption = writer.say("Recorded figures in conflict")
    return table("agencies-conflicts", caption, columns, rows, notes=[Note(note)])
