"""What may happen to a lot: events and their compensation, its worth to the country, and its failure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Block, Cell, Column, Inline, Item, List, Note, Row, Span, table
from reports.material import Material
from reports.parts.tables import words
from reports.writing import Writer, is_missing, number_or_nan

Record = Mapping[str, Any]


def events(writer: Writer, record: Record, lot: Record) -> list[Block]:
    """Return the table of events; nothing where the scenario names none."""
    if not lot["events"]:
        return []
    keys = ("visits_a_year", "npv_before", "npv_without", "compensation", "npv_with")
    rows = []
    for one in lot["events"]:
        cells: list[Cell] = [words(_event(writer, one)), words(writer.year(one["year"]))]
        cells += [writer.figure(number_or_nan(one[key]), Basis.MODELLED) for key in keys]
        rows.append(Row(tuple(cells)))
    jod = writer.say("JOD of {year}", year=writer.year(record["price_year"]))
    columns = [
        Column(writer.say("Event"), kind="text"),
        Column(writer.say("Year"), kind="text"),
        Column(writer.say("Visits gained or lost a year")),
        Column(writer.say("Net present value before"), jod),
        Column(writer.say("With the event alone"), jod),
        Column(writer.say("Compensation by the state"), jod),
        Column(writer.say("With the compensation"), jod),
    ]
    stated = record["assumptions"]["compensation"]
    note = writer.say(
        "Each event is weighed alone, middle case, present values at the hurdle rate; none is part of the other "
        "figures. The state makes good {opened} of a year's loss when a public centre opens within {km} km "
        "(inclusive), {withdrawn} when services are withdrawn, {added} when they are added.",
        opened=writer.said_share(number_or_nan(stated["public_centre"]), 0),
        km=writer.said(number_or_nan(record["assumptions"]["exclusivity_km"]), 1),
        withdrawn=writer.said_share(number_or_nan(stated["services_withdrawn"]), 0),
        added=writer.said_share(number_or_nan(stated["services_added"]), 0),
    )
    caption = writer.say("{lot}: what may happen, and what the state makes good", lot=_lot(writer, lot))
    return [table(f"lots-events-{lot['number']}", caption, columns, rows, notes=[Note(note)], wide=True)]


def _event(writer: Writer, one: Record) -> Inline:
    if one["what"] == "public_centre":
        said = writer.say("A public centre opens: {site}", site=writer.name(one, "site"))
        inside = writer.say("outside the radius")
        if one.get("already_open"):
            inside = writer.say("the plan has a centre there itself: nothing changes")
        elif one["inside"]:
            inside = writer.count(
                "{n} centre of the lot within the radius",
                "{n} centres of the lot within the radius",
                int(one["inside"]),
            )
        return (*said, Span(" ("), *inside, Span(")"))
    if one["what"] == "services_withdrawn":
        named = one.get("service_names") or [{"name_en": name, "name_ar": name} for name in one["services"]]
        names = writer.listed([writer.name(service) for service in named])
        return writer.say("Services are withdrawn: {names}", names=names)
    return writer.say("Services are added")


def worth(writer: Writer, record: Record, lot: Record) -> List:
    """Return the cost-benefit, beside the finance."""
    found, stated = lot["worth"], record["assumptions"]["benefits"]
    ratio = number_or_nan(found["ratio"])
    without = (
        writer.say("people would go to the next centre")
        if stated["without"] == "nearest_centre"
        else writer.say("people beyond the standard of the other centres would go to separate offices")
    )
    said = [
        writer.say(
            "Cost-benefit, whoever pays: the lot saves {first} in {start} and {last} in {end}, against the case "
            "without it, in which {without}.",
            first=writer.count("{n} hour", "{n} hours", int(found["hours_first"])),
            start=writer.year(record["start"]),
            last=writer.count("{n} hour", "{n} hours", int(found["hours_last"])),
            end=writer.year(record["last"]),
            without=without,
        ),
        *_journeys(writer, found),
        writer.say(
            "At {value} JOD an hour and {rate} a year, benefits are {benefits} JOD and costs {costs} JOD: an economic "
            "net present value of {npv} JOD and a benefit-cost ratio of {ratio}.",
            value=writer.said(number_or_nan(stated["value_of_time"]), 2),
            rate=writer.said_share(number_or_nan(stated["social_rate"])),
            benefits=writer.said(number_or_nan(found["benefits"])),
            costs=writer.said(number_or_nan(found["costs"])),
            npv=writer.said(number_or_nan(found["npv"])),
            ratio=writer.said(ratio, 2),
        ),
        writer.say(
            "Only time and what handling elsewhere would cost are counted: not the quality of service, nor the money "
            "of journeys, nor what a governorate gains by having a centre."
        ),
    ]
    return List(tuple(Item(one, (Basis.MODELLED, Basis.ASSUMED)) for one in said))


def _journeys(writer: Writer, found: Record) -> list[Inline]:
    if not found["journeys_a_year"]:
        return []
    journeys = writer.count("{n} journey", "{n} journeys", int(found["journeys_a_year"]))
    return [writer.say("It saves {journeys} a year to separate offices.", journeys=journeys)]


def failing(writer: Writer, material: Material, lot: Record) -> List:
    """Return what is lost if the lot's operator fails."""
    loss = lot["loss"]
    said = [
        writer.say(
            "If its operator fails: {people} have no other centre within the standard.",
            people=writer.people(number_or_nan(loss["people"])),
        )
    ]
    if loss["by_governorate"]:
        each = [
            writer.say(
                "{zone} {people}",
                zone=writer.name(material.zone(one["zone_id"])),
                people=writer.said(number_or_nan(one["people"])),
            )
            for one in loss["by_governorate"]
        ]
        between = Span("؛ " if writer.language.code == "ar" else "; ")
        joined = tuple(span for one in each for span in (between, *one))[1:]
        said.append(writer.say("By governorate: {list}.", list=joined))
    if not is_missing(loss["worst_before"]):
        said.append(
            writer.say(
                "The least covered governorate would be {after} with {share}; now it is {before} with {now}.",
                after=writer.name(material.zone(loss["zone_after"])),
                share=writer.said_share(number_or_nan(loss["worst_after"])),
                before=writer.name(material.zone(loss["zone_before"])),
                now=writer.said_share(number_or_nan(loss["worst_before"])),
            )
        )
    if lot.get("new_worst_off"):
        said.append(
            writer.say(
                "That is worse than any governorate is covered now, and it was none of the worst-off: have a stand-in "
                "ready for {after} in the contract.",
                after=writer.name(material.zone(loss["zone_after"])),
            )
        )
    if lot["at_expense"]:
        said.append(
            writer.say(
                "Warning: taken together, the centres of this lot carry more people of a worst-off governorate than "
                "the planner allows. Part the centres into more lots, or keep one of them public."
            )
        )
    return List(tuple(Item(one, (Basis.MODELLED,)) for one in said))


def _lot(writer: Writer, lot: Record) -> Inline:
    return writer.say("Lot {number}", number=int(lot["number"]))
