"""Where the people and the journeys of this country come from, in sentences; law 8 wants no other country's."""

from __future__ import annotations

from reports.document import Inline, Span
from reports.material import Material, Record
from reports.writing import Writer

PEOPLE = {
    "totals": "recorded totals",
    "raster": "a raster of people",
    "point": "points with a number of people",
    "polygon": "outlines with a number of people",
    "": "the country's data",
}
JOURNEYS = {
    "routes": "recorded routes",
    "openstreetmap": "the roads of OpenStreetMap",
    "lines": "the road lines of the country's data",
    "roads": "the roads of the country's data",
}
SCALES = {
    "recorded": (
        "The Kolm-Pollak figure has one scale for every plan of the country: that of travel to the nearest district "
        "seat, which no plan changes."
    ),
    "districts": (
        "The Kolm-Pollak figure has one scale for every plan of the country: that of travel to the nearest of the "
        "districts' largest places, which no plan changes."
    ),
    "governorates": (
        "The Kolm-Pollak figure has one scale for every plan of the country: that of travel to the nearest of the "
        "governorates' largest places, which no plan changes."
    ),
}


def origins(material: Material) -> Record:
    """Return what run.json says of it; nothing where it says nothing."""
    return material.info.get("origins") or {}


def estimates(writer: Writer, material: Material) -> Inline:
    """Say on the first page from what people and travel times were modelled."""
    said = origins(material)
    people = writer.say(PEOPLE[said.get("people", "")])
    if said.get("journeys") == "matrix":
        return writer.say(
            "Where people live is modelled from {people}: an estimate, not a measurement. Travel times are those of "
            "the planner's own table.",
            people=people,
        )
    return writer.say(
        "Where people live is modelled from {people}, and travel time is modelled from {roads}: both are estimates, "
        "not measurements.",
        people=people,
        roads=writer.say(JOURNEYS[said.get("journeys", "roads")]),
    )


def people_placed(writer: Writer, material: Material) -> Inline:
    """Say how people came to their points."""
    said = origins(material)
    kind = said.get("people", "")
    if kind == "totals":
        return writer.say(
            "People are modelled: recorded totals of governorates were spread over points, so that the points of a "
            "governorate add up to its recorded population exactly. How many people live at one point is an estimate."
        )
    if not kind:
        return writer.say("People are modelled: how many live at one point is an estimate.")
    source = writer.say(PEOPLE[kind])
    if said.get("scaled"):
        return writer.say(
            "People are modelled: they were summed into points from {source}, and scaled to the official totals of the "
            "governorates that have one. How many people live at one point is an estimate.",
            source=source,
        )
    return writer.say(
        "People are modelled: they were summed into points from {source}; no official totals were given to hold them "
        "to. How many people live at one point is an estimate.",
        source=source,
    )


def travel_told(writer: Writer, material: Material) -> tuple[Inline, ...]:
    """Say how journeys were made."""
    if origins(material).get("journeys") == "matrix":
        own = writer.say(
            "Travel time is read from the planner's own table; it is rounded once, to a tenth of a minute, and every "
            "limit includes its own value."
        )
        return (own,)
    return (
        writer.say(
            "Travel time is modelled by road from each point to each candidate site, with stated speeds; it is rounded "
            "once, to a tenth of a minute, and every limit includes its own value."
        ),
        writer.say(
            "Between a home and the roads the way is assumed: straight, times a stated detour, at a stated speed. "
            "Where somebody's journey rests on a long one, the chapter on who stays out says so."
        ),
    )


def scale_told(writer: Writer, material: Material) -> Inline:
    """Say what the Kolm-Pollak figure is scaled by."""
    return writer.say(SCALES[origins(material).get("seats", "recorded")])


def shares_told(writer: Writer, material: Material) -> Inline:
    """Say how many people of a group live at a point."""
    if origins(material).get("people", "totals") not in {"totals", ""}:
        return writer.say(
            "The number of people in a group is an estimate: the share of each governorate, or one share of the whole "
            "country, applied to the residents of each place. Within a governorate, differences come from where people "
            "live, not from the group itself. One person can belong to both groups."
        )
    return writer.say(
        "The number of people in a group is an estimate: a recorded share applied to the residents of each place. "
        "Where no share of a governorate is recorded, it gets one of the nation or of what the recorded ones leave, so "
        "that differences between these governorates come from where people live, not from the group itself. One "
        "person can belong to both groups."
    )


def table_of_coverage(writer: Writer, material: Material) -> Inline:
    """Say how to read the table of coverage; where the country records its roadmap, also whose criteria it shows."""
    said = writer.say("Persons, unless another unit is given. Within, outside and no route add up to the population.")
    if not origins(material).get("roadmap"):
        return said
    return (
        *said,
        Span(" "),
        *writer.say("Population density and distance by road are the criteria the roadmap itself names."),
    )
