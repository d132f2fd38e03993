"""Building the document of a run in one language, in the order a minister reads it."""

from __future__ import annotations

from foundation.basis import Basis
from foundation.language import Language
from reports import charts
from reports.document import Document, Figure, Paragraph, Section
from reports.material import Material
from reports.parts import (
    budget,
    capacity,
    centres,
    conditions,
    coverage,
    equity,
    left_out,
    lots,
    method,
    opening,
    proof,
    questions,
    sources,
    travel,
    visits,
    visits_agencies,
    visits_services,
)
from reports.writing import Writer, plain


def build(material: Material, language: Language, *, map_png: bytes) -> Document:
    """
    Build the report of a run.

    Parameters
    ----------
    material
        The run, read once; see `reports.material.gather`.
    map_png
        The map of the final year, drawn in the same language.
    """
    writer = Writer(language)
    overline, title, subtitle = opening.title(writer, material)
    sections: list[Section | None] = [
        _map_section(writer, material, map_png),
        proof.proof(writer, material),
        coverage.by_governorate(writer, material, _coverage_figure(writer, material)),
        coverage.by_settlement_and_group(writer, material),
        travel.travel(writer, material),
        conditions.conditions(writer, material),
        equity.equity(writer, material),
        centres.centres(writer, material),
        capacity.capacity(writer, material),
        budget.budget(writer, material),
        lots.lots(writer, material),
        questions.prices(writer, material),
        questions.frontier(writer, material),
        questions.why_not(writer, material),
        questions.alternatives(writer, material),
        coverage.by_year(writer, material, _years_figure(writer, material)),
        left_out.left_out(writer, material),
        travel.offices(writer, material),
        visits.visits(writer, material),
        visits_services.journeys(writer, material),
        visits_agencies.agencies(writer, material),
        centres.variants(writer, material),
        method.assumptions(writer, material),
        method.method(writer, material),
        sources.sources(writer, material),
        method.verify(writer, material),
    ]
    return Document(
        language=language,
        overline=overline,
        title=title,
        subtitle=subtitle,
        facts=opening.facts(writer, material),
        opening=opening.opening(writer, material),
        sections=tuple(section for section in sections if section is not None),
        basis_words={basis: language.text(str(basis)) for basis in Basis},
    )


def _map_section(writer: Writer, material: Material, png: bytes) -> Section:
    caption = writer.say(
        "The centres operating at the end of {year}, and where people live by travel time to the nearest one",
        year=writer.year(material.final_year),
    )
    alt = writer.say(
        "Map of {country}: governorates, {centres}, and places by travel time. The tables of this report give the "
        "figures.",
        country=writer.name(material.info["country"]),
        centres=writer.count("{n} centre", "{n} centres", int(material.figures.get("centres").value or 0)),
    )
    figure = Figure("map", png, caption, plain(alt), (Basis.MODELLED,), size="full")
    source = Paragraph(
        writer.say("The same map, with a slider for the years and the figures of each place, is in the file map.html.")
    )
    return Section("map", writer.say("The map"), (figure, source))


def _coverage_figure(writer: Writer, material: Material) -> Figure:
    png, alt = charts.coverage_chart(writer, material)
    caption = writer.say(
        "Share of residents within the standard by governorate at the end of {year}",
        year=writer.year(material.final_year),
    )
    return Figure("chart-governorates", png, caption, alt, (Basis.MODELLED,))


def _years_figure(writer: Writer, material: Material) -> Figure:
    png, alt = charts.years_chart(writer, material)
    caption = writer.say("Share of residents within the standard, and centres operating, at the end of each year")
    return Figure("chart-years", png, caption, alt, (Basis.MODELLED,))
