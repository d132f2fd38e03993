"""The chapter of visits: how many, through which channel, and how the model meets the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import (
    Block,
    Cell,
    Column,
    Heading,
    Inline,
    Note,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
    table,
)
from reports.material import Material
from reports.parts.agreeing import beside_visits
from reports.parts.tables import words
from reports.parts.visits_basis import assumptions
from reports.parts.visits_services import services
from reports.writing import Writer, number_or_nan

MEASURES = {
    "network_transactions": "Transactions a year, all centres",
    "network_visitors": "Visitors a year, all centres",
    "visitors_per_day": "Visitors a day, {centre}",
    "transactions_per_day": "Transactions a day, {centre}",
}
Record = Mapping[str, Any]


def visits(writer: Writer, material: Material) -> Section | None:
    """Say the visits in person; None when the run has no such record."""
    record = material.info.get("visits")
    if not record:
        return None
    blocks: list[Block] = [
        _lead(writer, record),
        Paragraph(
            writer.say(
                "Visits are in-person transactions divided by the transactions of one visit. A service available "
                "digitally leaves the counter only as far as people take it up; services that need presence never "
                "do, and digital transactions done with help at a centre are visits."
            )
        ),
        _years(writer, record),
        *_compared(writer, record),
        *services(writer, record),
        _governorates(writer, material, record),
        _centres(writer, material, record),
        Heading(writer.say("What the visits rest on")),
        assumptions(writer, record),
    ]
    return Section("visits", writer.say("Visits in person"), tuple(blocks))


def _last(record: Record) -> str:
    return str(record["years"][-1])


def _lead(writer: Writer, record: Record) -> Paragraph:
    totals, year = record["totals"], _last(record)
    return Paragraph(
        writer.say(
            "In {year} the model expects {mid} a year in person ({low} to {high}) under the planned digital curve, and "
            "{recorded} under the recorded one.",
            year=writer.year(year),
            mid=writer.count("{n} visit", "{n} visits", totals["mid"][year]),
            low=writer.said(totals["low"][year]),
            high=writer.said(totals["high"][year]),
            recorded=writer.said(totals["recorded"][year]),
        ),
        (Basis.MODELLED,),
        role="lead",
    )


def _years(writer: Writer, record: Record) -> Table:
    rows = []
    planned = Basis.ASSUMED if (record.get("stated") or {}).get("planned") else Basis.REPORTED
    for year in map(str, record["years"]):
        cells = [
            words(writer.year(year)),
            writer.figure(record["population"]["mid"][year], Basis.MODELLED),
            writer.share(record["digital"]["planned"][year], planned),
            writer.share(record["digital"]["recorded"][year], Basis.MODELLED),  # read off between recorded dates
            writer.share(record["take_up"]["all"][year], Basis.ASSUMED),
        ]
        cells += [
            writer.figure(record["totals"][case][year], Basis.MODELLED) for case in ("low", "mid", "high", "recorded")
        ]
        rows.append(Row(tuple(cells)))
    columns = [
        Column(writer.say("Year"), kind="text"),
        Column(writer.say("Residents")),
        Column(writer.say("Services digitised, planned")),
        Column(writer.say("Services digitised, recorded")),
        Column(writer.say("Take-up")),
        Column(writer.say("Visits, low case")),
        Column(writer.say("Visits, middle case")),
        Column(writer.say("Visits, high case")),
        Column(writer.say("Visits, recorded curve")),
    ]
    note = writer.say(
        "Availability and take-up are two different things: a service may be digital and still be used at the counter. "
        "Between recorded dates the curves run straight, beyond them they stay level: before its first date a curve "
        "shows what was recorded only later."
    )
    return table("visits-years", writer.say("Visits in person by year"), columns, rows, notes=[Note(note)], wide=True)


def _compared(writer: Writer, record: Record) -> list[Block]:
    scale, blocks = record["scale"], list[Block]()
    blocks.append(Heading(writer.say("Modelled against recorded")))
    stated = scale["to"] not in {"network", "centres"}
    blocks.append(Paragraph(_scale(writer, scale), (Basis.ASSUMED if stated else Basis.MODELLED,)))
    rows = []
    for one in record["compared"]:
        name = writer.say(MEASURES[one["measure"]], centre=writer.name(one)) if one["place"] else ()
        head = Cell(name or writer.say(MEASURES[one["measure"]]), mark=writer.say("fitted") if one["fitted"] else ())
        cells = [head]
        cells += [writer.figure(one[key], Basis.REPORTED) for key in ("recorded_low", "recorded_high")]
        cells += [writer.figure(one[key], Basis.MODELLED) for key in ("modelled_low", "modelled_mid", "modelled_high")]
        rows.append(Row(tuple(cells)))
    if not rows:
        return blocks
    columns = [
        Column(writer.say("Figure"), kind="text"),
        Column(writer.say("Recorded, least")),
        Column(writer.say("Recorded, most")),
        Column(writer.say("Model, low case")),
        Column(writer.say("Model, middle case")),
        Column(writer.say("Model, high case")),
    ]
    note = writer.say(
        "One factor fits the whole network and cannot fit each centre: a small place with a centre of its own may see "
        "more visitors than its share of the residents, and a big city more than its centres can take. It was fitted "
        "to the governorates that have a centre: in years with few centres the model sends far more people to each of "
        "them than ever came."
    )
    blocks.append(table("visits-compared", writer.say("Modelled against recorded"), columns, rows, notes=[Note(note)]))
    return blocks


def _scale(writer: Writer, scale: Record) -> Inline:
    others = scale["alternatives"]
    factor = writer.said(number_or_nan(scale["factor"]), 3)
    if scale["to"] == "network":
        recorded = scale["recorded"]
        return writer.say(
            "One factor brings the model to the record: {factor} of the in-person transactions come to a centre, so "
            "that the governorates with a centre show the recorded {transactions} transactions a year at {centres}. "
            "Fitted to single centres instead it would be {other}: the record leaves that much doubt.",
            factor=factor,
            transactions=writer.said(recorded["transactions"]),
            centres=writer.count("{n} centre", "{n} centres", recorded["centres"]),
            other=writer.said(number_or_nan(others.get("centres")), 3),
        )
    if scale["to"] == "centres":
        return writer.say(
            "One factor brings the model to the record: {factor}, fitted to the recorded loads of single centres. "
            "Fitted to the whole network it would be {other}.",
            factor=factor,
            other=writer.said(number_or_nan(others.get("network")), 3),
        )
    return writer.say(
        "The factor of in-person transactions that come to a centre is stated, not fitted: {factor}.", factor=factor
    )


def _governorates(writer: Writer, material: Material, record: Record) -> Table:
    years = [str(year) for year in record["years"]]
    rows = [
        Row(
            (
                words((writer.name(material.zone(one["zone_id"])),)),
                *(writer.figure(one["visits"][year], Basis.MODELLED) for year in years),
            )
        )
        for one in record["governorates"]
    ]
    total = [writer.figure(record["totals"]["mid"][year], Basis.MODELLED) for year in years]
    rows.append(Row((words((writer.name(material.info["country"]),)), *total), total=True))
    columns = [Column(writer.say("Governorate"), kind="text"), *(Column(writer.year(year)) for year in years)]
    caption = writer.say("Visits by governorate and year, middle case")
    return table("visits-governorates", caption, columns, rows, notes=beside_visits(writer, material))


BELOW = {"low": "low case", "mid": "middle case", "high": "high case", "recorded": "recorded curve"}


def _below(writer: Writer, cases: list[str]) -> Inline:
    """Mark a centre that falls below the floor, and in which cases."""
    if not cases:
        return ()
    told = [writer.say(BELOW[case]) for case in BELOW if case in cases]
    comma = Span("، " if writer.language.code == "ar" else ", ")
    return (*writer.say("below the floor"), Span(": "), *[part for each in told for part in (comma, *each)][1:])


def _centres(writer: Writer, material: Material, record: Record) -> Table:
    rows = []
    for one in record["centres"]:
        mark = _below(writer, one["below_floor"])
        cells = [Cell((writer.name(material.site(one["id"])),), mark=mark)]
        cells += [writer.figure(one["visits"][case], Basis.MODELLED) for case in ("low", "mid", "high", "recorded")]
        cells.append(writer.figure(number_or_nan(one["peak_day"]), Basis.MODELLED, decimals=0))
        rows.append(Row(tuple(cells)))
    columns = [
        Column(writer.say("Centre"), kind="text"),
        Column(writer.say("Visits, low case")),
        Column(writer.say("Visits, middle case")),
        Column(writer.say("Visits, high case")),
        Column(writer.say("Visits, recorded curve")),
        Column(writer.say("Visitors on a day of the peak month")),
    ]
    year = _last(record)
    notes = [
        Note(
            writer.say(
                "Everyone is taken to go to the nearest centre that offers the service; where it is bound to a "
                "governorate, to one in it. Not in the table: {none} visits without such a centre in reach, and "
                "{bound} for services bound to a governorate without one.",
                none=writer.said(record["no_centre"][year]),
                bound=writer.said(record["elsewhere"][year]),
            ),
            (Basis.MODELLED,),
        )
    ]
    if record["visits_floor"]:
        floor = writer.said(number_or_nan(record["visits_floor"]))
        notes.append(
            Note(
                writer.say(
                    "A centre is marked where its visits fall below {floor} a year in some year and case.", floor=floor
                ),
                (Basis.ASSUMED,),
            )
        )
    caption = writer.say("Visits of each centre in {year}", year=writer.year(year))
    return table("visits-centres", caption, columns, rows, notes=notes)
