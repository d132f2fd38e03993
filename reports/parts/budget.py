"""Money and staff: what the programme costs each year, against what it may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Block, Cell, Column, Heading, Inline, Note, Paragraph, Row, Section, Span, Table, table
from reports.material import Material
from reports.parts.agreeing import staff_beside_cost
from reports.parts.tables import words
from reports.writing import Writer, is_missing, number_or_nan

Record = Mapping[str, Any]

YEAR_LABELS = {
    "capital_jod": "Capital cost",
    "running_jod": "Running cost",
    "closing_jod": "Cost of closing",
    "total_jod": "Together",
    "limit_jod": "Budget",
    "staff": "Staff",
    "staff_limit": "Limit on staff",
}
KIND_LABELS = {
    "places": "Places",
    "capital_jod": "Capital cost",
    "running_jod": "Running cost a year",
    "staff": "Staff",
}
NOT_ALWAYS = ("limit_jod", "staff", "staff_limit")  # columns left out where no year has a figure


def budget(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on money and staff; None where the run has no such record."""
    record = material.info.get("budget")
    if not record:
        return None
    blocks: list[Block] = [Paragraph(_finding(writer, record), (Basis.ASSUMED,)), _years(writer, record)]
    if record["discount_rate"]:
        said = writer.say(
            "Discounted at {rate} a year to {base}, the programme costs {value} dinars.",
            rate=writer.said_share(number_or_nan(record["discount_rate"])),
            base=writer.year(record["base_year"]),
            value=writer.said(number_or_nan(record["present_value"])),
        )
        blocks.append(Paragraph(said, (Basis.ASSUMED,)))
    if not is_missing(record["total_limit"]):
        said = writer.say("In all, at most {limit} dinars.", limit=writer.said(number_or_nan(record["total_limit"])))
        blocks.append(Paragraph(said, (Basis.ASSUMED,)))
    blocks += [Heading(writer.say("Kinds of place")), _kinds(writer, record)]
    blocks += staff_beside_cost(writer, material)
    if record["without_cost"]:
        names = writer.listed([writer.quoted(name) for name in record["without_cost"]])
        blocks.append(Note(writer.say("These kinds state no cost, and are not in the sums: {names}.", names=names)))
    blocks.append(Note((writer.name(record, "note"),), (Basis.ASSUMED,)))
    return Section("budget", writer.say("Budget and staff"), tuple(blocks))


def _finding(writer: Writer, record: Record) -> Inline:
    closing = float(sum(year["closing_jod"] for year in record["years"]))
    said = writer.say(
        "Over its years the programme costs {total} dinars of {year}: {capital} of capital and {running} of running "
        "cost. Before its first year, {before} were spent.",
        total=writer.said(number_or_nan(record["total"])),
        year=writer.year(record["price_year"]),
        capital=writer.said(float(sum(year["capital_jod"] for year in record["years"]))),
        running=writer.said(float(sum(year["running_jod"] for year in record["years"]))),
        before=writer.said(number_or_nan(record["spent_before"])),
    )
    if not closing:
        return said
    also = writer.say("Closing centres costs {closing} of it.", closing=writer.said(closing))
    return (*said, Span(" "), *also)


def _years(writer: Writer, record: Record) -> Table:
    years = record["years"]
    shown = [n for n in YEAR_LABELS if n not in NOT_ALWAYS or not all(is_missing(year[n]) for year in years)]
    columns = [Column(writer.say("Year"), kind="text"), *_columns(writer, YEAR_LABELS, shown, writer.say("dinars"))]
    rows = [Row((words(writer.year(year["year"])), *(_stated(writer, year[n]) for n in shown))) for year in years]
    return table("budget", writer.say("Money and staff by year"), columns, rows)


def _kinds(writer: Writer, record: Record) -> Table:
    columns = [Column(writer.say("Kind"), kind="text")]
    columns += _columns(writer, KIND_LABELS, list(KIND_LABELS), writer.say("dinars each"))
    rows = []
    for kind in record["kinds"]:
        cells = [words((writer.name(kind, "title"),)), writer.figure(float(kind["places"]), Basis.MODELLED)]
        cells += [_stated(writer, kind[name]) for name in KIND_LABELS if name != "places"]
        rows.append(Row(tuple(cells)))
    return table("kinds", writer.say("Kinds of place of the plan"), columns, rows)


def _columns(writer: Writer, labels: Mapping[str, str], shown: list[str], money: Inline) -> list[Column]:
    return [Column(writer.say(labels[name]), money if name.endswith("_jod") else ()) for name in shown]


def _stated(writer: Writer, value: object) -> Cell:
    """Make a cell of an assumed figure; one that was not stated says so."""
    if is_missing(value):
        return Cell(writer.say("not stated"))
    return writer.figure(number_or_nan(value), Basis.ASSUMED)
