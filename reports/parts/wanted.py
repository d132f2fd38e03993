"""The standard's finer parts, the objectives in their order and the floors, in sentences."""

from __future__ import annotations

from reports.document import Inline, Span
from reports.material import Material, Record
from reports.parts.tables import group_name
from reports.writing import Writer, is_missing, number_or_nan

OBJECTIVES = {
    "covered_person_years": "the most people within the standard over the programme's years",
    "covered_visits": "the most visits within the standard over the programme's years",
    "covered_priority_visits": "the most visits within the standard, weighed by the priority of their service",
    "worst_governorate": "the greatest share in the worst-covered governorate",
    "worst_settlement": "the greatest share in the worst-covered settlement type",
    "worst_group": "the greatest share in the worst-covered group",
    "mean_travel": "the least mean travel",
    "mean_travel_visits": "the least mean travel of a visit",
    "mean_travel_priority_visits": "the least mean travel of a visit, weighed by the priority of its service",
    "worst_journey": "the shortest longest journey",
    "ede": "the least Kolm–Pollak equivalent of travel",
    "centres": "the fewest centres",
    "cost": "the least money",
}
TOLERATED = {
    "covered_person_years": "person-years",
    "covered_visits": "visits",
    "covered_priority_visits": "priority visits",
    "mean_travel": "minutes",
    "mean_travel_visits": "minutes",
    "mean_travel_priority_visits": "minutes",
    "worst_journey": "minutes",
    "ede": "minutes",
    "centres": "centres",
    "cost": "JOD",
}
SETTLEMENTS = {"urban": "urban areas", "rural": "rural areas", "remote": "remote areas"}


def standard_choices(writer: Writer, standard: Record) -> list[Inline]:
    """Return what the standard says beyond its urban and rural limits."""
    found = [*_remote(writer, standard), *_groups(writer, standard)]
    for band in standard.get("bands") or []:
        found.append(
            writer.say(
                "Coverage counts a journey within {urban} (urban areas) or {rural} (rural areas) as {benefit} of a "
                "person, unless a nearer band holds it.",
                urban=writer.minutes(number_or_nan(band["urban_minutes"])),
                rural=writer.minutes(number_or_nan(band["rural_minutes"])),
                benefit=writer.said_share(number_or_nan(band["benefit"]), 0),
            )
        )
    for one in standard.get("further") or []:
        found.append(
            writer.say(
                "A second standard, {name}, counts in coverage beside the first: {urban} in urban areas and {rural} in "
                "rural areas, with the weight {weight} against {first}.",
                name=writer.quoted(one["name"]),
                urban=writer.minutes(number_or_nan(one["urban_minutes"])),
                rural=writer.minutes(number_or_nan(one["rural_minutes"])),
                weight=writer.said(number_or_nan(one["weight"]), 2),
                first=writer.said(number_or_nan(standard["weight"]), 2),
            )
        )
    return found


def objective_choices(writer: Writer, material: Material) -> list[Inline]:
    """Return the order of objectives, tolerances, discount and floors; nothing for a run without that record."""
    objectives = material.info.get("objectives") or {}
    found: list[Inline] = []
    for at, one in enumerate(objectives.get("order") or [], start=1):
        said = writer.say("Objective {n}: {objective}.", n=at, objective=writer.say(OBJECTIVES[str(one["objective"])]))
        found.append((*said, *_levels(writer, one), *_tolerance(writer, one)))
    rate = number_or_nan(objectives.get("discount_rate") or 0.0)
    if rate:
        found.append(
            writer.say(
                "Coverage of a later year counts less: {rate} a year, from the first year of the programme on.",
                rate=writer.said_share(rate),
            )
        )
    return found + [_floor(writer, material, one) for one in objectives.get("floors") or []]


def _remote(writer: Writer, standard: Record) -> list[Inline]:
    if "remote" not in standard:
        return []
    limit = writer.minutes(number_or_nan(standard["remote_minutes"]))
    remote, found = standard["remote"], []
    density = remote.get("density_at_most_per_km2")
    if not is_missing(density):
        found.append(
            writer.say(
                "In remote areas the standard is {limit}. A rural place is remote where at most {density} people live "
                "per square kilometre within 3 km of it.",
                limit=limit,
                density=writer.said(number_or_nan(density), 0),
            )
        )
    if remote.get("districts"):
        found.append(
            writer.say(
                "In remote areas the standard is {limit}. Rural places of these districts are remote: {districts}.",
                limit=limit,
                districts=writer.listed([writer.quoted(name) for name in remote["districts"]]),
            )
        )
    return found


def _groups(writer: Writer, standard: Record) -> list[Inline]:
    found = [
        writer.say(
            "For this group the standard is {limit} wherever it is stricter: {group}.",
            limit=writer.minutes(number_or_nan(minutes)),
            group=group_name(writer, str(group)),
        )
        for group, minutes in (standard.get("groups") or {}).items()
    ]
    if "joint_groups" in standard:
        found.append(
            writer.say(
                "How many people belong to two groups at once is not recorded; membership is assumed to be independent "
                "at each place, and everybody is counted once."
            )
        )
    return found


def _levels(writer: Writer, one: Record) -> Inline:
    """Say that the next worst-off follow, for an objective of several levels."""
    levels = one.get("levels", 1)
    if levels == 1:
        return ()
    if levels == "all":
        return (Span(" "), *writer.say("The next worst follow, one after another, to the best-covered."))
    return (
        Span(" "),
        *writer.count(
            "The next worst follows, {n} in all.", "The next worst follow, one after another, {n} in all.", int(levels)
        ),
    )


def _tolerance(writer: Writer, one: Record) -> Inline:
    tolerance, name = number_or_nan(one.get("tolerance") or 0.0), str(one["objective"])
    if not tolerance:
        return ()
    if name in TOLERATED:
        lost: Inline = (*writer.said(tolerance, 0 if tolerance.is_integer() else 2), Span(" "))
        lost = (*lost, *writer.say(TOLERATED[name]))
    else:
        lost = writer.said_share(tolerance)
    return (Span(" "), *writer.say("Later objectives may lose {lost} of it.", lost=lost))


def _floor(writer: Writer, material: Material, floor: Record) -> Inline:
    whom, since = _whom(writer, material, floor), writer.year(floor["from"])
    if floor.get("all_within_reach"):
        return writer.say(
            "From {year}, everybody whom a permitted place can reach must be within the standard: {whom}.",
            year=since,
            whom=whom,
        )
    if not is_missing(floor.get("people")):
        return writer.say(
            "From {year}, at least {people} must be within the standard: {whom}.",
            year=since,
            people=writer.people(number_or_nan(floor["people"])),
            whom=whom,
        )
    return writer.say(
        "From {year}, at least {share} must be within the standard: {whom}.",
        year=since,
        share=writer.said_share(number_or_nan(floor["share"])),
        whom=whom,
    )


def _whom(writer: Writer, material: Material, floor: Record) -> Inline:
    scope, which = str(floor["scope"]), str(floor["which"])
    if scope == "nation":
        return writer.say("the whole country")
    if which == "each":
        every = {"governorate": "each governorate", "settlement": "each settlement type", "group": "each group"}
        return writer.say(every[scope])
    if scope == "governorate":
        return (writer.name(material.zone(which)),)
    return group_name(writer, which) if scope == "group" else writer.say(SETTLEMENTS[which])
