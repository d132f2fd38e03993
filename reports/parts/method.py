"""What was assumed, how it was computed, where the data come from, how to verify."""

from __future__ import annotations

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
    Span,
    table,
)
from reports.material import Material, Record
from reports.parts.centres import years_basis
from reports.parts.origins import people_placed, scale_told, travel_told
from reports.parts.own_sites import own_sites
from reports.parts.private import private_choices
from reports.parts.sources import as_written, code
from reports.parts.wanted import objective_choices, standard_choices
from reports.writing import Writer, is_missing, number_or_nan

GROWTH = {"low": "low", "mid": "middle", "high": "high"}

# The codes of `method` in the built-in pack and in folders of plain files; another pack's own words are quoted.
METHODS = {
    "amman_area_2015": "areas of Greater Amman: recorded population of 2015 as weight",
    "camp_register": "camps: registered residents",
    "rural_spread": "rural people: spread near places and roads",
    "town_census_2015": "towns: recorded census of 2015 as weight",
    "town_geonames_weight": "towns: population of GeoNames as weight",
    "raster_blocks": "cells of a raster of people, summed over blocks",
    "point_grid": "points with a number of people, summed over a grid",
    "spread_in_polygon": "the people of an outline, spread evenly over it",
    "town_typical_weight": "towns without a recorded figure: a typical size as weight",
}


def assumptions(writer: Writer, material: Material) -> Section:
    """Return the programme as it was read and every stated choice."""
    programme = material.info["programme"]
    blocks: list[Block] = [_programme_table(writer, material)]
    quotas = [Item((writer.name(quota, "text"),), (Basis.ASSUMED,)) for quota in programme.get("quotas") or []]
    rules = [Item((writer.name(rule, "text"),), (Basis.ASSUMED,)) for rule in programme.get("rules") or []]
    items = [*quotas, *rules, *_fixed(writer, material)]
    items += [Item(choice, (Basis.ASSUMED,)) for choice in _choices(writer, material)]
    items += own_sites(writer, material)
    blocks += [
        Heading(writer.say("Conditions and choices")),
        List(tuple(items)),
        Paragraph(
            writer.say(
                "Every setting, with its value, is in {file} in the folder of results; it can be changed and computed "
                "again.",
                file=code(writer, "scenario.yaml"),
            )
        ),
    ]
    return Section("assumptions", writer.say("The programme and the assumptions"), tuple(blocks))


def method(writer: Writer, material: Material) -> Section:
    """Return how people and travel were modelled."""
    blocks: list[Block] = [
        Paragraph(people_placed(writer, material)),
    ]
    if material.methods:
        blocks.append(_methods(writer, material))
    sentences = (
        *travel_told(writer, material),
        writer.say(
            "A place with no route in the data is counted and listed by name. It is never dropped, and never given an "
            "invented time."
        ),
        scale_told(writer, material),
        writer.say(
            "All figures of this report, of the map and of the tables are read from one results table; none is "
            "computed twice."
        ),
    )
    blocks.append(List(tuple(Item(sentence) for sentence in sentences)))
    return Section("method", writer.say("Method and its limits"), tuple(blocks))


def verify(writer: Writer, material: Material) -> Section:
    """Return how to check the run, with the versions and the seconds it took."""
    versions = material.info.get("versions") or {}
    shown: list[Span] = []
    for name, version in versions.items():
        shown += [Span(", " if shown else ""), code(writer, f"{name} {version}")]
    blocks: list[Block] = [
        Paragraph(
            writer.say(
                "The folder of results proves its plan: it holds the inputs, the arrays that were solved and the "
                "certificate. This command replays the proof without any solver, makes the figures of the plan again "
                "from the inputs and compares every file with its hash:"
            )
        ),
        Paragraph((code(writer, f"markaz verify {material.run_name}"),)),
        Paragraph(
            writer.say(
                "What the optimizer answered beside the plan is not made again without it: the prices of rules, the "
                "frontier, why not here, the plans about as good and the siting under limits of capacity. Each says "
                "how far it is proven, and the command names those it did not make again."
            )
        ),
    ]
    if shown:
        blocks.append(Paragraph(writer.say("Computed with: {versions}.", versions=tuple(shown))))
    blocks += _time(writer, material)
    return Section("verify", writer.say("How to verify this report"), tuple(blocks))


def _time(writer: Writer, material: Material) -> list[Block]:
    """Return the measured seconds of the plan and of the studies beside it; nothing where neither was kept."""
    seconds = material.info.get("seconds") or {}
    plan, studies = (number_or_nan(seconds.get(name)) for name in ("total", "studies"))
    if plan != plan:  # noqa: PLR0124 - NaN
        return []
    said = {"seconds": Span(writer.language.number(plan, 1))}
    if studies == studies:  # noqa: PLR0124 - not NaN
        said["studies"] = Span(writer.language.number(studies, 1))
        sentence = writer.say(
            "Time of computation: {seconds} seconds for the plan, and {studies} seconds for all that stands beside it.",
            **said,
        )
    else:
        sentence = writer.say("Time of computation: {seconds} seconds.", **said)
    return [Paragraph(sentence, (Basis.MEASURED,))]


def _programme_table(writer: Writer, material: Material) -> Block:
    columns = [
        Column(writer.say("Step of the programme"), kind="text"),
        Column(writer.say("Centres")),
        Column(writer.say("Begun"), kind="text"),
        Column(writer.say("Operating"), kind="text"),
    ]
    rows = [
        Row(
            (
                Cell(_step(writer, step)),
                writer.figure(number_or_nan(step.get("count")), Basis.ASSUMED),
                Cell(writer.year(step.get("begun"))),
                Cell(writer.year(step.get("operating"))),
            )
        )
        for step in material.info["programme"].get("steps") or []
    ]
    return table(
        "programme",
        writer.say("The programme as it was computed"),
        columns,
        rows,
        notes=[Note(writer.say("Counts and years are the conditions set for the plan."), (Basis.ASSUMED,))],
    )


def _step(writer: Writer, step: Record) -> Inline:
    title: Inline = (writer.name(step, "title"),)
    return title + writer.say(" (at most)") if step.get("at_most") else title


def _fixed(writer: Writer, material: Material) -> list[Item]:
    """Return the centres no plan may leave out, their years badged as in the table of centres."""
    return [
        Item(
            writer.say(
                "Open in every plan: {centre}, operating from {year}.",
                centre=writer.name(site),
                year=writer.year(site.get("operating_year")),
            ),
            (years_basis(site),),
        )
        for site in material.sites
        if site.get("fixed")
    ]


def _choices(writer: Writer, material: Material) -> list[Inline]:
    info = material.info
    standard, load = info["standard"], info.get("load") or {}
    found = [
        writer.say(
            "The access standard is {urban} in urban areas and {rural} in rural areas, by road.",
            urban=writer.minutes(number_or_nan(standard["urban_minutes"])),
            rural=writer.minutes(number_or_nan(standard["rural_minutes"])),
        )
    ]
    if "partial_centres_count" in standard:
        found.append(
            writer.say(
                "A centre with partial services meets the standard."
                if standard["partial_centres_count"]
                else "A centre with partial services does not meet the standard."
            )
        )
    found += standard_choices(writer, standard)
    found += objective_choices(writer, material)
    found += _objective_choices(writer, (info.get("settings") or {}).get("objectives") or {})
    if not is_missing(load.get("residents_per_centre")):
        found.append(
            writer.say(
                "A centre is flagged when more than {limit} have it as their nearest.",
                limit=writer.people(number_or_nan(load["residents_per_centre"])),
            )
        )
    return found + private_choices(writer, info["programme"].get("private") or {})


def _objective_choices(writer: Writer, objectives: Record) -> list[Inline]:
    found = []
    if not is_missing(objectives.get("travel_cap_minutes")):
        found.append(
            writer.say(
                "Where mean travel is an objective, and in the two equity measures, a longer journey or a missing "
                "route counts as {cap}.",
                cap=writer.minutes(number_or_nan(objectives["travel_cap_minutes"])),
            )
        )
        found.append(writer.say("As an objective, mean travel counts whole minutes, each journey rounded up."))
    if not is_missing(objectives.get("inequality_aversion")):
        found.append(
            writer.say(
                "Aversion to inequality in the Kolm–Pollak equivalent: {aversion}; 0 would be the plain mean.",
                aversion=writer.said(number_or_nan(objectives["inequality_aversion"]), 1),
            )
        )
    case = str(objectives.get("people") or "recorded")
    if case != "recorded":
        found.append(
            writer.say(
                "Each year of the programme counts its own residents, by the recorded growth of each governorate; case "
                "of growth: {case}.",
                case=writer.say(GROWTH[case]),
            )
        )
    return found


def _methods(writer: Writer, material: Material) -> Block:
    rows = [
        Row(
            (
                Cell(_method(writer, str(one["method"]))),
                writer.figure(float(one["points"]), Basis(str(one["basis"]))),
                writer.figure(float(one["people"]), Basis(str(one["basis"]))),
            )
        )
        for one in material.methods
    ]
    columns = [
        Column(writer.say("How the people were placed"), kind="text"),
        Column(writer.say("Points")),
        Column(writer.say("People")),
    ]
    return table("methods", writer.say("Points and people by method"), columns, rows)


def _method(writer: Writer, name: str) -> Inline:
    return writer.say(METHODS[name]) if name in METHODS else as_written(writer, name)
