"""Services by priority, and the journeys that one place for all of them saves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Block, Column, Heading, Inline, Note, Paragraph, Row, Section, Table, table
from reports.material import Material
from reports.parts.tables import group_name, words
from reports.writing import Writer, number_or_nan

FACTORS = {
    "transactions": "Transactions",
    "transaction_value": "Value of the transactions",
    "value_to_citizens": "Value to citizens",
    "complexity": "Complexity",
    "culture": "Culture",
    "economy": "Economy",
}
CHANNELS = {True: "may be digital", False: "at the counter only"}
SETTLEMENTS = {"urban": "Urban", "rural": "Rural"}
Record = Mapping[str, Any]


def services(writer: Writer, record: Record) -> list[Block]:
    """Say the services in order of priority, with rates and visits, then the scores the priority is made of."""
    return [Heading(writer.say("Services")), _lines(writer, record), _scores(writer, record)]


def _lines(writer: Writer, record: Record) -> Table:
    year = str(record["years"][-1])
    rows = [
        Row(
            (
                words((writer.name(one),)),
                words((writer.name(one, "agency"),)),
                words(writer.say(CHANNELS[bool(one["may_be_digital"])])),
                writer.figure(one["use_rate"], Basis(one["basis"]), decimals=3),
                writer.figure(one[f"visits_{year}"], Basis.MODELLED),
                writer.figure(one["priority"], Basis.ASSUMED, decimals=2),
            )
        )
        for one in record["services"]
    ]
    columns = [
        Column(writer.say("Service"), kind="text"),
        Column(writer.say("Agency"), kind="text"),
        Column(writer.say("Channel"), kind="text"),
        Column(writer.say("Uses a year"), writer.say("per eligible person")),
        Column(writer.say("Visits in {year}", year=writer.year(year))),
        Column(writer.say("Priority"), writer.say("0 to 1")),
    ]
    note = writer.say(
        "The priority is the weighted mean of the scores; it ranks services, never places. The scores of all factors "
        "but a counted one are assumed and the planner's to replace; the weights are set in the scenario. What a "
        "centre really offers is recorded for each centre, not inferred from agencies."
    )
    caption = writer.say("Services by priority")
    return table("visits-services", caption, columns, rows, notes=[Note(note, (Basis.ASSUMED,))], wide=True)


def _scores(writer: Writer, record: Record) -> Table:
    factors = record["factors"]
    rows = []
    for one in record["services"]:
        cells = [words((writer.name(one),)), writer.figure(one["priority"], Basis.ASSUMED, decimals=2)]
        for factor in factors:
            basis = Basis.MODELLED if factor["counted"] else Basis.ASSUMED
            cells.append(writer.figure(one[f"score_{factor['factor']}"], basis, decimals=2))
        rows.append(Row(tuple(cells)))
    columns = [
        Column(writer.say("Service"), kind="text"),
        Column(writer.say("Priority"), writer.say("0 to 1")),
        *(Column(_factor(writer, one["factor"]), _weight(writer, one)) for one in factors),
    ]
    return table("visits-scores", writer.say("What each service's priority is made of"), columns, rows, wide=True)


def _factor(writer: Writer, factor: str) -> Inline:
    label = FACTORS.get(factor)
    return writer.say(label) if label else (writer.quoted(factor),)


def _weight(writer: Writer, factor: Record) -> Inline:
    return writer.say("weight {weight}", weight=writer.said_share(factor["weight"]))


def journeys(writer: Writer, material: Material) -> Section | None:
    """Say the journeys and hours that centres save in life events; None when the run has no such record."""
    record = material.info.get("journeys_saved")
    if not record or not record["events"]:
        return None
    groups = {one["group"]: one for one in record["groups"]}
    lead = Paragraph(
        writer.say(
            "In {year}, going to one centre in place of each agency saves {journeys} and {hours} a year in these life "
            "events.",
            year=writer.year(record["year"]),
            journeys=writer.count("{n} journey", "{n} journeys", groups["all"]["journeys"]),
            hours=writer.count("{n} hour", "{n} hours", groups["all"]["hours"]),
        ),
        (Basis.MODELLED,),
        role="lead",
    )
    note = Note(
        writer.say(
            "Journeys saved are those to each agency that needs the person, less the one to the centre; steps done "
            "digitally save none. Hours count the way there and back and {hours} an office for waiting and handling. "
            "Where the separate offices stand is not recorded: the way to the centre stands for the way to each. As "
            "many of the events are taken to come to a centre as of the other transactions: {share}.",
            hours=writer.count("{n} hour", "{n} hours", round(record["hours_per_journey"]))
            if float(record["hours_per_journey"]).is_integer()
            else writer.say("{hours} hours", hours=writer.said(record["hours_per_journey"], 1)),
            share=writer.said_share(record["share"]),
        ),
        (Basis.ASSUMED,),
    )
    blocks = (lead, _events(writer, record), _by_place(writer, material, record), _by_group(writer, record), note)
    return Section("journeys", writer.say("Journeys and hours saved"), blocks)


def _two(writer: Writer) -> list[Column]:
    return [Column(writer.say("Journeys saved a year")), Column(writer.say("Hours saved a year"))]


def _events(writer: Writer, record: Record) -> Table:
    rows = [
        Row(
            (
                words((writer.name(one),)),
                writer.figure(number_or_nan(one["journeys_per_event"]), Basis.MODELLED, decimals=2),
                writer.figure(one["journeys"], Basis.MODELLED),
                writer.figure(one["hours"], Basis.MODELLED),
            )
        )
        for one in record["events"]
    ]
    columns = [Column(writer.say("Life event"), kind="text"), Column(writer.say("Journeys saved by one event"))]
    return table("journeys-events", writer.say("Saved by life event"), [*columns, *_two(writer)], rows)


def _by_place(writer: Writer, material: Material, record: Record) -> Table:
    rows = []
    for one in record["places"]:
        if one["scope"] == "governorate":
            head: Inline = (writer.name(material.zone(one["scope_id"])),)
        else:
            label = SETTLEMENTS.get(one["scope_id"])
            head = writer.say(label) if label else (writer.quoted(one["scope_id"]),)
        rows.append(
            Row(
                (
                    words(head),
                    writer.figure(one["journeys"], Basis.MODELLED),
                    writer.figure(one["hours"], Basis.MODELLED),
                )
            )
        )
    columns = [Column(writer.say("Place"), kind="text"), *_two(writer)]
    return table("journeys-places", writer.say("Saved by governorate and settlement type"), columns, rows)


def _by_group(writer: Writer, record: Record) -> Table:
    rows = [
        Row(
            (
                words(group_name(writer, str(one["group"]))),
                writer.figure(one["journeys"], Basis.MODELLED),
                writer.figure(one["hours"], Basis.MODELLED),
            )
        )
        for one in record["groups"]
    ]
    columns = [Column(writer.say("Group"), kind="text"), *_two(writer)]
    note = writer.say("A group is given its share of every life event by its share of the residents, whatever its age.")
    return table("journeys-groups", writer.say("Saved by group"), columns, rows, notes=[Note(note)])
