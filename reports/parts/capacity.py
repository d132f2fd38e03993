"""Capacity: who is served, what each centre needs, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.basis import Basis
from reports.document import (
    Block,
    Cell,
    Column,
    Heading,
    Inline,
    Item,
    List,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    table,
)
from reports.material import Material
from reports.parts.agreeing import beside_visits, staff_beside_cost
from reports.parts.capacity_siting import siting
from reports.parts.coverage import SETTLEMENT_LABELS
from reports.parts.tables import country_head, group_name, words
from reports.writing import Writer, is_missing, number_or_nan

Record = Mapping[str, Any]

THREE = ("served", "over_capacity", "out_of_reach")
CASE_LABELS = {
    "low": "Low case of demand",
    "mid": "Middle case of demand",
    "high": "High case of demand",
    "recorded": "Middle case under the recorded digital curve",
}


def capacity(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on capacity; None where the run has no such record."""
    record = material.info.get("capacity")
    if not record:
        return None
    blocks: list[Block] = [
        Paragraph(_finding(writer, record), (Basis.MODELLED,)),
        *_limits(writer, record),
        _centres(writer, material, record),
        Heading(writer.say("Served, over capacity, out of reach")),
        _three_ways(writer, material, record),
    ]
    if len(record["cases"]) > 1:
        blocks += [Heading(writer.say("If demand turns out lower or higher")), _cases(writer, record)]
    blocks += siting(writer, material)
    blocks += [Heading(writer.say("What the sizes rest on")), _assumptions(writer, record)]
    return Section("capacity", writer.say("Capacity of the centres"), tuple(blocks))


def _finding(writer: Writer, record: Record) -> Inline:
    totals = record["totals"]
    return writer.say(
        "In {year}, of {visits}, {served} are served, {over} are within reach but over capacity, and {out} are out of "
        "reach. Serving the visits within the waiting target takes {counters}, {staff} and {hall} m² of waiting hall.",
        year=writer.year(record["year"]),
        visits=writer.count("{n} visit to the centres", "{n} visits to the centres", int(totals["visits"])),
        served=writer.said(number_or_nan(totals["served"])),
        over=writer.said(number_or_nan(totals["over_capacity"])),
        out=writer.said(number_or_nan(totals["out_of_reach"])),
        counters=writer.count("{n} service counter", "{n} service counters", int(totals["counters"])),
        staff=writer.count("{n} member of front-line staff", "{n} front-line staff", int(totals["staff"])),
        hall=writer.said(number_or_nan(totals["hall_m2"])),
    )


def _limits(writer: Writer, record: Record) -> list[Block]:
    if not record["limits"]:
        said = writer.say(
            "No limit is set on what a centre can take: every visit within the standard is served, and the centres are "
            "sized for it."
        )
        return [Paragraph(said, (Basis.ASSUMED,))]
    if record["policy"] == "with_room":
        said = writer.say(
            "Visitors go to the nearest centre with room within the standard. They are shared out so that the fewest "
            "are left without room and, second, travel is least; the answer is proven in whole numbers."
        )
    else:
        said = writer.say(
            "Visitors go to the nearest centre, whether or not it has room. Beyond its limit they are counted as over "
            "capacity."
        )
    blocks: list[Block] = [Paragraph(said, (Basis.ASSUMED,))]
    if record["limits_unused"]:
        names = writer.listed([writer.quoted(name) for name in record["limits_unused"]])
        blocks.append(Note(writer.say("Limits that no centre of the plan meets: {names}.", names=names)))
    return blocks


def _centres(writer: Writer, material: Material, record: Record) -> Table:
    limited = bool(record["limits"])
    rows = []
    for centre in record["centres"]:
        numbers = ["visits", *THREE, *(["room"] if limited else []), "counters", "staff", "hall_m2"]
        cells = [words((writer.name(centre),)), words((writer.name(material.zone(centre["governorate"])),))]
        cells += [_number(writer, centre, name) for name in numbers]
        if limited:
            cells.append(_share(writer, centre["utilisation"]))
        cells.append(writer.figure(number_or_nan(centre["mean_wait_minutes"]), Basis.MODELLED, decimals=1))
        rows.append(Row(tuple(cells)))
    columns = [
        Column(writer.say("Centre"), kind="text"),
        Column(writer.say("Governorate"), kind="text"),
        Column(writer.say("Yearly visits")),
        *_three_columns(writer),
        *([Column(writer.say("Limit of the centre"), writer.say("visits a year"))] if limited else []),
        Column(writer.say("Service counters")),
        Column(writer.say("Front-line staff")),
        Column(writer.say("Waiting hall"), writer.say("m²")),
        *([Column(writer.say("Utilisation"))] if limited else []),
        Column(writer.say("Mean wait in the busy hour"), writer.say("minutes")),
    ]
    note = writer.say(
        "Visits are those the centre is sized on. Out of reach: visits from beyond the standard for whom it is the "
        "nearest. Counters, staff and hall serve the busiest hour within the waiting target."
    )
    notes = [Note(note), *beside_visits(writer, material), *staff_beside_cost(writer, material)]
    caption = writer.say("What each centre needs in {year}", year=writer.year(record["year"]))
    return table("capacity-centres", caption, columns, rows, notes=notes, wide=True)


def _three_ways(writer: Writer, material: Material, record: Record) -> Table:
    rows = [
        _three_row(writer, words((writer.name(material.zone(one["zone_id"])),)), one)
        for one in record["by_governorate"]
    ]
    for one in record["by_settlement"]:
        label = SETTLEMENT_LABELS.get(str(one["settlement"]))
        rows.append(_three_row(writer, words(writer.say(label) if label else (writer.quoted(one["settlement"]),)), one))
    groups = [one for one in record["by_group"] if one["group"] != "all"]
    rows += [_three_row(writer, words(group_name(writer, str(one["group"]))), one) for one in groups]
    rows.append(_three_row(writer, country_head(writer, material), record["totals"], total=True))
    columns = [
        Column(writer.say("Place or group"), kind="text"),
        Column(writer.say("Yearly visits")),
        *_three_columns(writer),
        Column(writer.say("Share served")),
    ]
    note = writer.say(
        "The three add up to the visits exactly. Out of reach: beyond the standard, or with no route in the data. The "
        "visits of a group are estimated from its share of the residents of each place."
    )
    caption = writer.say("Visits served, over capacity and out of reach in {year}", year=writer.year(record["year"]))
    return table("capacity-split", caption, columns, rows, notes=[Note(note), *beside_visits(writer, material)])


def _three_row(writer: Writer, head: Cell, one: Record, *, total: bool = False) -> Row:
    visits = number_or_nan(one["visits"])
    share = number_or_nan(one["served"]) / visits if visits > 0 else float("nan")
    figures = [_number(writer, one, name) for name in ("visits", *THREE)]
    return Row((head, *figures, writer.share(share, Basis.MODELLED)), total=total)


def _three_columns(writer: Writer) -> list[Column]:
    return [
        Column(writer.say("Served")),
        Column(writer.say("In reach but over capacity")),
        Column(writer.say("Out of reach")),
    ]


def _cases(writer: Writer, record: Record) -> Table:
    rows = []
    for name, one in record["cases"].items():
        label = CASE_LABELS.get(name)
        head = words(writer.say(label) if label else (writer.quoted(name),))
        figures = [_number(writer, one, key) for key in ("visits", *THREE, "counters", "staff", "hall_m2")]
        rows.append(Row((head, *figures)))
    columns = [
        Column(writer.say("Case of demand"), kind="text"),
        Column(writer.say("Yearly visits")),
        *_three_columns(writer),
        Column(writer.say("Service counters")),
        Column(writer.say("Front-line staff")),
        Column(writer.say("Waiting hall"), writer.say("m²")),
    ]
    caption = writer.say("All centres in {year}, by case of demand", year=writer.year(record["year"]))
    return table("capacity-cases", caption, columns, rows)


def _assumptions(writer: Writer, record: Record) -> List:
    stated = record["assumptions"]
    said = [
        *_demand(writer, record),
        writer.say(
            "A visit takes {minutes} at the counter on average.",
            minutes=writer.minutes(number_or_nan(stated["handling_minutes"])),
        ),
        _target(writer, stated),
        _busy_hour(writer, record),
        writer.say(
            "Centres are open {days} days a week, {hours} hours a day ({ramadan} in Ramadan), less {closed} days a "
            "year.",
            days=number_or_nan(stated["days_per_week"]),
            hours=number_or_nan(stated["hours_per_day"]),
            ramadan=number_or_nan(stated["ramadan_hours"]),
            closed=number_or_nan(stated["closed_days"]),
        ),
        writer.say(
            "A member of staff is paid {hours} hours a week, of which {shrinkage} are not at the counter (leave, "
            "training, breaks).",
            hours=number_or_nan(stated["staff_hours_per_week"]),
            shrinkage=writer.said_share(number_or_nan(stated["shrinkage"]), 0),
        ),
        writer.say(
            "The hall has {area} m² for each person waiting or being served; the number present is not exceeded for "
            "{share} of the busiest hour.",
            area=number_or_nan(stated["m2_per_person"]),
            share=writer.said_share(number_or_nan(stated["present_share"]), 0),
        ),
        writer.say(
            "Visits from beyond the standard come to the nearest centre all the same and are counted in its size."
        )
        if stated["beyond_standard_come"]
        else writer.say("Visits from beyond the standard are not counted in the size of a centre."),
        writer.say(
            "Waiting is computed by Erlang C: arrivals at random within the hour, one queue, every counter serves "
            "everybody, nobody leaves."
        ),
    ]
    return List(tuple(Item(one, (Basis.ASSUMED,)) for one in said))


def _demand(writer: Writer, record: Record) -> Sequence[Inline]:
    if record["demand"] == "visits":
        return ()
    rate = number_or_nan(record["assumptions"]["visits_per_resident"])
    return (
        writer.say(
            "Visits are not modelled in this run: each resident is taken to come {rate} times a year.",
            rate=writer.said(rate, 2),
        ),
    )


def _target(writer: Writer, stated: Record) -> Inline:
    minutes = writer.minutes(number_or_nan(stated["waiting_minutes"]))
    if is_missing(stated["waiting_share"]):
        return writer.say("Waiting target: in the busiest hour the mean wait is at most {minutes}.", minutes=minutes)
    return writer.say(
        "Waiting target: in the busiest hour {share} of visits wait no longer than {minutes}.",
        share=writer.said_share(number_or_nan(stated["waiting_share"]), 0),
        minutes=minutes,
    )


def _busy_hour(writer: Writer, record: Record) -> Inline:
    stated = record["assumptions"]
    share = writer.said_share(number_or_nan(stated["peak_hour_share"]), 0)
    if record["busy_hour"] == "ramadan":
        return writer.say(
            "The busiest hour is in Ramadan: a day has {factor} times the visits of a mean day, in a shorter day, and "
            "its busiest hour holds {share} of them on an ordinary day, more on a short one.",
            factor=writer.said(number_or_nan(stated["ramadan_factor"]), 2),
            share=share,
        )
    return writer.say(
        "The busiest hour is in the peak month: it has {factor} times the visits of a mean month, and the busiest hour "
        "holds {share} of a day's visits.",
        factor=writer.said(number_or_nan(stated["peak_month_factor"]), 2),
        share=share,
    )


def _number(writer: Writer, one: Record, name: str) -> Cell:
    value = number_or_nan(one[name])
    if name == "room":
        return words(writer.say("none")) if is_missing(one[name]) else writer.figure(value, Basis.ASSUMED)
    return writer.figure(value, Basis.MODELLED)


def _share(writer: Writer, value: object) -> Cell:
    return words(writer.say("no limit")) if is_missing(value) else writer.share(number_or_nan(value), Basis.MODELLED)
