"""What each centre adds, and the variants of the plan."""

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
from reports.parts.minutes import objective_mean, two_means
from reports.writing import Writer, is_missing, number_or_nan

KINDS = {"comprehensive": "comprehensive", "partial": "partial services"}
OPERATORS = {"government": "government", "private": "private sector"}
STATUSES = {
    "open": "open",
    "trial": "trial operation",
    "under_construction": "under construction",
    "unknown": "status unknown",
    "planned": "planned",
}
ON_RECORD = {"open", "trial", "under_construction"}


def _with_closings(writer: Writer, material: Material) -> list[Block]:
    """Say what gains are not where centres close."""
    if not any(not is_missing(site.get("closing_year")) for site in material.info["sites"]):
        return []
    said = (
        "Where a centre closes, its gain counts until then: the gains do not add up to the people covered at the end."
    )
    return [Note(writer.say(said))]


def centres(writer: Writer, material: Material) -> Section:
    """Return the table of centres in order of operating year, then gain."""
    load = material.info.get("load") or {}
    blocks: list[Block] = [
        Paragraph(
            writer.say(
                "Centres stand in order of the year they operate and, within a year, of the people they add: each gain "
                "counts only people whom no centre above it in the table already covers."
            )
        ),
        *_with_closings(writer, material),
        _site_table(writer, material),
    ]
    stops = _stops(writer, material)
    if stops:
        blocks += [Heading(writer.say("Where mobile units stop")), List(stops)]
    if not is_missing(load.get("residents_per_centre")):
        blocks.append(_load_note(writer, material, load))
    return Section("centres", writer.say("What each centre adds"), tuple(blocks))


def _stops(writer: Writer, material: Material) -> tuple[Item, ...]:
    """Say of each place on a round where it stops."""
    found = []
    for site in material.sites:
        stops = [] if is_missing(site.get("stops")) else str(site["stops"]).split(";")
        if len(stops) > 1:
            names = writer.listed([writer.name(material.site_names.get(stop, {})) for stop in stops])
            found.append(Item((writer.name(site), Span(": "), *names)))
    return tuple(found)


def variants(writer: Writer, material: Material) -> Section | None:
    """Return the plan beside its variants; None when none was computed."""
    found = list(material.info.get("variants") or [])
    if not found:
        return None
    columns = [
        Column(writer.say("Variant"), kind="text"),
        Column(writer.say("Within the standard"), writer.say("persons")),
        Column(writer.say("Person-years within the standard")),
        Column(writer.say("Mean travel time as an objective"), writer.say("minutes")),
        Column(writer.say("Centres only in the variant"), kind="text"),
        Column(writer.say("Centres only in this plan"), kind="text"),
        Column(writer.say("Proof of the answer"), kind="text"),
    ]
    rows = [_own_row(writer, material), *(_variant_row(writer, material, one) for one in found)]
    blocks: list[Block] = [
        Paragraph(
            writer.say(
                "The same question answered under other conditions, each solved on its own; the table names the "
                "centres that differ."
            )
        ),
        table(
            "variants",
            writer.say("This plan and its variants"),
            columns,
            rows,
            notes=two_means(writer, material),
        ),
    ]
    notes = [note for one in found for note in _variant_notes(writer, material, one)]
    if notes:
        blocks.append(List(tuple(notes)))
    return Section("variants", writer.say("Variants of the plan"), tuple(blocks))


def _variant_row(writer: Writer, material: Material, one: Record) -> Row:
    return Row(
        (
            Cell((writer.name(one, "title"),)),
            writer.figure(number_or_nan(one.get("covered")), Basis.MODELLED),
            writer.figure(number_or_nan(one.get("covered_person_years")), Basis.MODELLED),
            writer.figure(number_or_nan(one.get("mean_minutes")), Basis.MODELLED, decimals=2),
            Cell(_differing(writer, material, one.get("sites_differ"))),
            Cell(_differing(writer, material, one.get("sites_left"))),
            Cell(_status(writer, one["status"])),
        )
    )


def _variant_notes(writer: Writer, material: Material, one: Record) -> list[Item]:
    """Return what the table cannot say: another year of opening, nothing that differs, the run's own note."""
    head: Inline = (writer.name(one, "title"), Span(": "))
    moved = list(one.get("years_differ") or [])
    notes = [
        Item(
            head
            + writer.say(
                "{centre} operates from {year}, in this plan from {base}.",
                centre=_site_name(writer, material, place["id"]),
                year=writer.year(place["operating_year"]),
                base=writer.year(place["base_operating_year"]),
            ),
            (Basis.MODELLED,),
        )
        for place in moved
    ]
    if one.get("sites_differ") == [] and one.get("sites_left") == [] and not moved:
        notes.append(Item(head + writer.say("the same centres in the same years.")))
    if not (is_missing(one.get("note_en")) and is_missing(one.get("note_ar"))):
        notes.append(Item((*head, writer.name(one, "note"))))
    return notes


def _site_table(writer: Writer, material: Material) -> Block:
    whose = writer.say("residents of {year}", year=writer.year(material.residents_of))
    columns = [
        Column(writer.say("Centre"), kind="text"),
        Column(writer.say("Governorate"), kind="text"),
        Column(writer.say("Kind"), kind="text"),
        Column(writer.say("Operator in the plan"), writer.say("by rule, not on record"), kind="text"),
        Column(writer.say("Status on record"), writer.say("today, whatever the plan"), kind="text"),
        Column(writer.say("Begun"), kind="text"),
        Column(writer.say("Operating"), kind="text"),
        Column(writer.say("Basis of the years"), kind="text"),
        Column(writer.say("People gained"), whose),
        Column(writer.say("Covered so far"), whose),
        Column(writer.say("Residents by nearest centre"), whose),
        Column(writer.say("Basis of the position"), kind="text"),
    ]
    rows = [_site_row(writer, material, site) for site in material.sites]
    return table(
        "centres",
        writer.say("Centres in order of operating year and gain"),
        columns,
        rows,
        wide=True,
        notes=[
            Note(
                (
                    *writer.say(
                        "Persons. “Residents by nearest centre” sends everyone to the nearest centre of the final "
                        "year, whether or not that meets the standard."
                    ),
                    Span(" "),
                    *_against_years(writer, material),
                )
            ),
            Note(
                writer.say(
                    "The operator belongs to the plan: which centres are privately operated follows a stated rule, "
                    "applied after siting ({file}). It is no record of who operates a centre today, nor of "
                    "who will. The status is what is on record today, whatever the plan.",
                    file=Span("docs/programme.md", lang="en" if writer.language.code == "ar" else None, code=True),
                ),
                (Basis.ASSUMED,),
            ),
        ],
    )


def _against_years(writer: Writer, material: Material) -> Inline:
    """Say how the sums of this table stand to those of the table of years."""
    if not material.people_by_year:
        return writer.say("The table of coverage by year counts the same people.")
    return writer.say(
        "All three count the residents of {year}, also for a centre that opens earlier; the table of coverage by year "
        "counts the residents of each year, so that only its last row agrees with “Covered so far”.",
        year=writer.year(material.residents_of),
    )


def _kind(writer: Writer, material: Material, kind: str) -> Inline:
    if kind in KINDS:
        return writer.say(KINDS[kind])
    told = next((each for each in material.info["programme"].get("kinds") or () if each["id"] == kind), None)
    return writer.say("unknown") if told is None else (writer.name(told, "title"),)


def _closing(writer: Writer, site: Record) -> Inline:
    if is_missing(site.get("closing_year")):
        return ()
    return writer.say("closed from {year}", year=writer.year(site["closing_year"]))


def _site_row(writer: Writer, material: Material, site: Record) -> Row:
    flag = writer.say("above the assumed load") if site.get("load_flag") else ()
    position = str(site.get("position_basis"))
    return Row(
        (
            Cell((writer.name(site),)),
            Cell((writer.name(site, "governorate"),)),
            Cell(_kind(writer, material, str(site["kind"]))),
            Cell(writer.say(OPERATORS.get(str(site["operator"]), "unknown"))),
            Cell(writer.say(STATUSES.get(str(site["status"]), STATUSES["unknown"]))),
            Cell(writer.year(site.get("begun_year"))),
            Cell(writer.year(site.get("operating_year")), mark=_closing(writer, site)),
            Cell(basis=years_basis(site)),
            writer.figure(number_or_nan(site.get("people_gained")), Basis.MODELLED),
            writer.figure(number_or_nan(site.get("cumulative_covered")), Basis.MODELLED),
            writer.figure(number_or_nan(site.get("residents_nearest")), Basis.MODELLED, mark=flag),
            Cell(basis=Basis.REPORTED if position == "cited" else Basis(position)),
        )
    )


def years_basis(site: Record) -> Basis:
    """Return the basis of a centre's years: chosen by the model, on record, or set by the planner."""
    if not site.get("fixed"):
        return Basis.MODELLED
    return Basis.REPORTED if site.get("status") in ON_RECORD else Basis.ASSUMED


def _load_note(writer: Writer, material: Material, load: Record) -> Note:
    flagged = int(number_or_nan(load.get("flagged")) if not is_missing(load.get("flagged")) else 0)
    said = writer.say(
        "The assumed load is {limit} for one centre. ", limit=writer.people(number_or_nan(load["residents_per_centre"]))
    )
    if flagged:
        said += writer.count("{n} centre lies above it.", "{n} centres lie above it.", flagged)
    else:
        said += writer.say("No centre lies above it.")
    if not (is_missing(load.get("note_en")) and is_missing(load.get("note_ar"))):
        said += (Span(" "), writer.name(load, "note"))
    return Note(said, (Basis(str(load.get("basis") or Basis.ASSUMED)), Basis.MODELLED))


def _own_row(writer: Writer, material: Material) -> Row:
    by_unit = {str(stage["unit"]): number_or_nan(stage["value"]) for stage in material.info["certificate"]["stages"]}
    return Row(
        (
            Cell(writer.say("This plan")),
            writer.figure(material.figures.get("covered").value, Basis.MODELLED),
            writer.figure(by_unit.get("person-years", float("nan")), Basis.MODELLED),
            writer.figure(objective_mean(material), Basis.MODELLED, decimals=2),
            Cell((Span("–"),)),
            Cell((Span("–"),)),
            Cell(_status(writer, material.info["certificate"]["status"])),
        ),
        total=True,
    )


def _differing(writer: Writer, material: Material, ids: list[str] | None) -> Inline:
    if ids is None:
        return writer.say("not computed")
    return writer.listed([_site_name(writer, material, one) for one in ids]) if ids else writer.say("none")


def _site_name(writer: Writer, material: Material, site_id: object) -> Span:
    return writer.name(material.site(site_id))


def _status(writer: Writer, status: object) -> Inline:
    return writer.say(SHORT_STATUS.get(str(status), SHORT_STATUS["not_finished"]))


SHORT_STATUS = {
    "proven_optimal": "proven optimal",
    "within_gap": "within a proven margin",
    "best_found": "best found, without proof",
    "infeasible": "no plan meets the conditions together",
    "not_finished": "computation not finished",
}
