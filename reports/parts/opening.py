"""Title, finding, proof line and the five numbers: what a reader takes away from the first page."""

from __future__ import annotations

import datetime

from foundation.basis import Basis
from maps.words import proof_line, proof_note
from reports.document import Block, Inline, KeyFigure, KeyFigures, Legend, Paragraph, Span
from reports.material import Material
from reports.parts.long_legs import with_no_other_way
from reports.parts.origins import estimates
from reports.parts.tables import further_limits
from reports.writing import Value, Writer, number_or_nan

BASIS_MEANINGS = {
    Basis.MEASURED: "counted or measured directly by a register or an instrument",
    Basis.REPORTED: "published by a named source and taken over as printed",
    Basis.ASSUMED: "a stated choice of the planner or of this model",
    Basis.MODELLED: "computed by this model from the other three",
}


def title(writer: Writer, material: Material) -> tuple[Inline, Inline, Inline]:
    """Return overline, title and subtitle."""
    country, scenario = material.info["country"], material.info["scenario"]
    return (
        writer.say("Access and equity report"),
        writer.say("Comprehensive government service centres: {country}", country=writer.name(country)),
        (writer.name(scenario, "title"),),
    )


def facts(writer: Writer, material: Material) -> tuple[tuple[Inline, Inline], ...]:
    """Return what identifies the run."""
    info = material.info
    years = material.info.get("years") or material.figures.years()
    created = datetime.datetime.fromisoformat(str(info["created"]).replace("Z", "+00:00")).date()
    span = writer.say("{first} to {last}", first=_year(writer, years[0]), last=_year(writer, years[-1]))
    return (
        (writer.say("Programme years"), span),
        (writer.say("Population of the end of"), writer.year(info["country"]["population_year"])),
        (writer.say("Computed on"), (Span(writer.language.date(created)),)),
        (writer.say("Run of the model"), (Span(str(info["run_id"]), lang=_latin(writer), code=True),)),
    )


def opening(writer: Writer, material: Material) -> tuple[Block, ...]:
    """Return the finding, the proof line, the five numbers and the meaning of the four words."""
    blocks: list[Block] = [
        Paragraph((*_finding(writer, material), *further_limits(writer, material)), (Basis.MODELLED,), role="lead"),
        proof_paragraph(writer, material),
        *_load(writer, material),
        KeyFigures(five_numbers(writer, material)),
        Paragraph(estimates(writer, material)),
        basis_legend(writer),
    ]
    return tuple(blocks)


def proof_paragraph(writer: Writer, material: Material) -> Paragraph:
    """Return the proof line, in the same words as on the map."""
    certificate = material.info["certificate"]
    said = " ".join(
        f"{line}."
        for line in (proof_line(writer.language, certificate), proof_note(writer.language, certificate))
        if line
    )
    return Paragraph((Span(said),), role="proof")


def _load(writer: Writer, material: Material) -> list[Paragraph]:
    """Return that reach is not capacity, with the centre that most people are nearest to."""
    load = material.info.get("load") or {}
    flagged = number_or_nan(load.get("flagged"))
    if not flagged > 0:
        return []
    largest = max(material.sites, key=lambda site: number_or_nan(site.get("residents_nearest")))
    said = writer.count(
        "Reach is not capacity: {n} centre is the nearest for more than {limit}, the load assumed for one centre; it "
        "is {centre}, with {residents}.",
        "Reach is not capacity: {n} centres are each the nearest for more than {limit}, the load assumed for one "
        "centre; the largest is {centre}, with {residents}.",
        int(flagged),
        limit=writer.people(number_or_nan(load["residents_per_centre"])),
        centre=writer.name(largest),
        residents=writer.people(number_or_nan(largest.get("residents_nearest"))),
    )
    return [Paragraph(said, (Basis.ASSUMED, Basis.MODELLED), role="proof")]


def basis_legend(writer: Writer) -> Legend:
    """Return what the four words mean, one line each."""
    return Legend(tuple((basis, writer.say(meaning)) for basis, meaning in BASIS_MEANINGS.items()))


def five_numbers(writer: Writer, material: Material) -> tuple[KeyFigure, ...]:
    """Return centres, share within the standard, people outside it, people with no route, the worst-off."""
    figures, info = material.figures, material.info
    centres, share = figures.get("centres"), figures.get("covered_share")
    covered, outside = figures.get("covered"), figures.get("out_of_standard")
    cut_off, worst = figures.get("unreachable"), info.get("worst_off") or {}
    worst_share = figures.get("covered_share", scope="governorate", scope_id=str(worst.get("zone_id", "")))
    return (
        _key(
            writer,
            "Centres operating",
            writer.said(centres.value),
            centres.value,
            writer.say("at the end of {year}", year=_year(writer, material.final_year)),
            centres.basis,
        ),
        _key(
            writer,
            "Within the standard",
            writer.said_share(share.value),
            share.value,
            writer.people(covered.value),
            share.basis,
        ),
        _key(
            writer,
            "Outside the standard",
            writer.said(outside.value),
            outside.value,
            writer.say("people who have a road, but too long a journey"),
            outside.basis,
        ),
        _key(
            writer,
            "No route in the data",
            writer.said(cut_off.value),
            cut_off.value,
            writer.say("people whose place no road of the data reaches"),
            cut_off.basis,
        ),
        _key(
            writer,
            "Worst-covered governorate",
            writer.said_share(worst_share.value),
            worst_share.value,
            (writer.name(material.zone(worst.get("zone_id"))),),
            worst_share.basis,
        ),
    )


def _finding(writer: Writer, material: Material) -> Inline:
    figures, info = material.figures, material.info
    standard = info["standard"]
    values: dict[str, Value] = {
        "year": _year(writer, material.final_year),
        "country": writer.name(info["country"]),
        "share": writer.said_share(figures.get("covered_share").value),
        "covered": writer.people(figures.get("covered").value),
        "centres": writer.count("{n} centre", "{n} centres", int(figures.get("centres").value or 0)),
        "urban": writer.minutes(number_or_nan(standard["urban_minutes"])),
        "rural": writer.minutes(number_or_nan(standard["rural_minutes"])),
        "outside": writer.people(figures.get("out_of_standard").value),
        "cut_off": writer.people(figures.get("unreachable").value),
    }
    alone = with_no_other_way(material)
    if figures.get("unreachable").value == 0 and alone > 0:
        return writer.say(
            "Under this plan, at the end of {year}, {share} of the population of {country} ({covered}) lives within "
            "the access standard of one of {centres}: {urban} by road in urban areas, {rural} in rural areas; "
            "{outside} live outside the standard, and no inhabited place is without a route, though {alone} have one "
            "only over a long way off the road that is assumed.",
            alone=writer.people(alone),
            **values,
        )
    if figures.get("unreachable").value == 0:
        return writer.say(
            "Under this plan, at the end of {year}, {share} of the population of {country} ({covered}) lives within "
            "the access standard of one of {centres}: {urban} by road in urban areas, {rural} in rural areas; "
            "{outside} live outside the standard, and every inhabited place has a route in the data.",
            **values,
        )
    return writer.say(
        "Under this plan, at the end of {year}, {share} of the population of {country} ({covered}) lives within "
        "the access standard of one of {centres}: {urban} by road in urban areas, {rural} in rural areas; "
        "{outside} live outside the standard, and {cut_off} in places with no route in the data.",
        **values,
    )


def _key(writer: Writer, label: str, shown: Inline, exact: float, detail: Inline, basis: Basis | None) -> KeyFigure:
    return KeyFigure(writer.say(label), shown, exact, detail, basis)


def _year(writer: Writer, year: int) -> Span:
    return Span(writer.language.year(year))


def _latin(writer: Writer) -> str | None:
    return "en" if writer.language.code == "ar" else None
