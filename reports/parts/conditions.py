"""Travel otherwise than the data have it: other conditions of the roads, changed roads, people without a car."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Block, Column, Heading, Inline, Note, Paragraph, Row, Section, Span, Table, table
from reports.material import Material
from reports.parts.tables import country_head, group_name, words
from reports.parts.wanted import SETTLEMENTS
from reports.writing import Writer, is_missing, number_or_nan, plain

Record = Mapping[str, Any]

CONDITIONS = {"data": "Roads as in the country's data", "plan": "As this plan is judged"}
CHANGES = {"closed": "Closed", "upgraded": "Upgraded", "added": "New"}


def conditions(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on the scenario's own travel; None where the run has no such record."""
    record = material.info.get("travel")
    if not record:
        return None
    blocks: list[Block] = [Paragraph(_judged(writer, record)), _conditions(writer, record)]
    if record["roads"]:
        blocks += [Heading(writer.say("Closed, upgraded and new roads")), _roads(writer, record)]
    if record["without_car"]:
        blocks.append(Heading(writer.say("People without a car")))
        blocks += [_without_car(writer, material, record["without_car"]), _shares(writer, record["without_car"])]
    return Section("conditions", writer.say("Travel as this scenario changes it"), tuple(blocks))


def _judged(writer: Writer, record: Record) -> Inline:
    if record["from"] == "matrix":
        return writer.say(
            "This plan is judged by travel times from the planner's own table, in place of the road network."
        )
    if record["judged_at"] is None:
        return writer.say(
            "This plan is judged by the roads as the scenario changes them, with the congestion of the country's data."
        )
    return writer.say(
        "This plan is judged by the roads as the scenario changes them, with the congestion of the period {period}.",
        period=writer.quoted(record["judged_at"]),
    )


def _conditions(writer: Writer, record: Record) -> Table:
    rows = []
    for one in record["conditions"]:
        if one["scope"] != "nation":
            continue
        label = CONDITIONS.get(one["condition"])
        hours: Inline = ()
        if not is_missing(one["from_hour"]):
            hours = writer.say(
                "{start} to {end}", start=_hour(writer, one["from_hour"]), end=_hour(writer, one["to_hour"])
            )
        cells = [
            words(writer.say(label) if label else (writer.quoted(one["condition"]),)),
            words(hours),
            writer.figure(number_or_nan(one["covered"]), Basis.MODELLED),
            writer.share(number_or_nan(one["covered_share"]), Basis.MODELLED),
            writer.figure(number_or_nan(one["mean_minutes"]), Basis.MODELLED, decimals=1),
            writer.figure(number_or_nan(one["unreachable"]), Basis.MODELLED),
        ]
        rows.append(Row(tuple(cells), total=one["condition"] == "plan"))
    columns = [
        Column(writer.say("Roads and congestion"), kind="text"),
        Column(writer.say("Hours of the day"), kind="text"),
        Column(writer.say("Within the standard")),
        Column(writer.say("Share within"), writer.say("share of residents")),
        Column(writer.say("Mean"), writer.say("minutes")),
        Column(writer.say("No route in the data")),
    ]
    caption = writer.say(
        "The same centres at the end of {year} under other conditions of the roads", year=writer.year(record["year"])
    )
    note = writer.say(
        "Everyone travels to the nearest centre under that condition. The mean is of the people with a route. The file "
        "travel_conditions.csv has every governorate."
    )
    return table("travel-conditions", caption, columns, rows, notes=[Note(note)])


def _hour(writer: Writer, hour: float) -> Inline:
    whole, part = divmod(round(float(hour) * 60), 60)
    return (writer.quoted(f"{whole:02d}:{part:02d}"),)


def _roads(writer: Writer, record: Record) -> Table:
    rows = []
    for one in record["roads"]:
        cells = [
            words(writer.say(CHANGES[one["change"]])),
            words((writer.name(one, "start"),)),
            words((writer.name(one, "end"),)),
            writer.figure(number_or_nan(one["km"]), Basis.MODELLED, decimals=1),
        ]
        for name in ("minutes_before", "minutes_after"):
            minutes = one[name]
            cells.append(
                words(()) if is_missing(minutes) else writer.figure(float(minutes), Basis.MODELLED, decimals=1)
            )
        rows.append(Row(tuple(cells)))
    columns = [
        Column(writer.say("Change"), kind="text"),
        Column(writer.say("From"), kind="text"),
        Column(writer.say("To"), kind="text"),
        Column(writer.say("Length"), writer.say("km")),
        Column(writer.say("Before"), writer.say("minutes")),
        Column(writer.say("After"), writer.say("minutes")),
    ]
    return table("travel-roads", writer.say("Roads that this scenario changes"), columns, rows)


def _without_car(writer: Writer, material: Material, record: Record) -> Table:
    rows = []
    for one in record["coverage"]:
        nation = one["scope"] == "nation"
        if not nation and one["group"] != "all":
            continue
        place = country_head(writer, material) if nation else words((writer.name(material.zone(one["scope_id"])),))
        head = place if one["group"] == "all" else words(group_name(writer, one["group"]))
        cells = [
            head,
            writer.figure(number_or_nan(one["without_car"]), Basis.MODELLED),
            writer.figure(number_or_nan(one["covered_without_car"]), Basis.MODELLED),
            writer.share(number_or_nan(one["share_without_car"]), Basis.MODELLED),
            writer.share(number_or_nan(one["share_with_car"]), Basis.MODELLED),
        ]
        rows.append(Row(tuple(cells), total=nation and one["group"] == "all"))
    columns = [
        Column(writer.say("Place or group"), kind="text"),
        Column(writer.say("People without a car")),
        Column(writer.say("Of them within the standard by bus")),
        Column(writer.say("Share of those without a car")),
        Column(writer.say("Share of those with a car")),
    ]
    bus = record["bus"]
    note = writer.say(
        "No timetable is read. A bus journey is a wait of {wait} and the road at a mean {speed} km/h, never shorter "
        "than the drive; buses leave from {first} to {last}, and whoever cannot be back at the stop for the last one "
        "after {visit} at the centre does not go. All of these are assumed.",
        wait=writer.minutes(float(bus["wait_minutes"])),
        speed=writer.said(float(bus["speed_kmh"])),
        first=_hour(writer, bus["first_bus"]),
        last=_hour(writer, bus["last_bus"]),
        visit=writer.minutes(float(bus["visit_minutes"])),
    )
    notes = [Note(note, (Basis.ASSUMED,)), *_waits(writer, material, float(bus["wait_minutes"]))]
    caption = writer.say("People without a car, and who of them is within the standard")
    return table("without-car", caption, columns, rows, notes=notes)


def _waits(writer: Writer, material: Material, wait: float) -> list[Note]:
    """Say for whom the wait alone is longer than their standard: their share by bus is 0 wherever they live."""
    standard = material.info.get("standard") or {}
    kinds = (material.info.get("settings") or {}).get("kinds") or []
    own = any(kind.get("standard") for kind in kinds)  # such a kind of place may still be within its own standard
    limits = {} if own else {kind: standard.get(f"{kind}_minutes") for kind in SETTLEMENTS}
    named = [(writer.say(SETTLEMENTS[kind]), limit) for kind, limit in limits.items()]
    named += [(group_name(writer, group), limit) for group, limit in (standard.get("groups") or {}).items()]
    whom = [
        Span(plain(writer.say("{whom} ({limit})", whom=name, limit=writer.minutes(number_or_nan(limit)))))
        for name, limit in named
        if number_or_nan(limit) < wait
    ]
    if not whom:
        return []
    said = writer.say(
        "The wait of {wait} is by itself longer than the standard of these, so that none of them is within it by bus: "
        "{whom}.",
        wait=writer.minutes(wait),
        whom=writer.listed(whom),
    )
    return [Note(said, (Basis.ASSUMED,))]


def _shares(writer: Writer, record: Record) -> Table:
    rows = []
    for one in record["shares"]:
        basis = Basis(one["basis"])
        places = [(writer.name(place),) for place in one["places"]]
        kinds = [writer.say(SETTLEMENTS[str(kind)]) for kind in one["settlements"]]
        named = [*places, *kinds, *(group_name(writer, str(group)) for group in one["groups"])]
        whom = writer.listed([span for inline in named for span in inline]) if named else writer.say("Everybody")
        source = writer.say("assumed") if is_missing(one["source"]) else (writer.quoted(one["source"]),)
        rows.append(Row((words(whom), writer.share(float(one["share"]), basis), words(source))))
    columns = [
        Column(writer.say("For whom"), kind="text"),
        Column(writer.say("Share without a car")),
        Column(writer.say("Source"), kind="text"),
    ]
    note = writer.say("Of several that fit somebody the last one counts.")
    return table(
        "carless-shares", writer.say("Stated shares of people without a car"), columns, rows, notes=[Note(note)]
    )
