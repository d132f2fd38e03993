"""Who is within the standard: by governorate, settlement type, group and year."""

from __future__ import annotations

from foundation.basis import Basis
from reports.document import (
    Block,
    Cell,
    Column,
    Figure,
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
from reports.parts import tables
from reports.parts.origins import shares_told, table_of_coverage
from reports.parts.tables import columns_of, country_head, figure_row, further_limits, group_name, words
from reports.writing import Writer, is_missing, number_or_nan

SETTLEMENT_LABELS = {"urban": "Urban", "rural": "Rural"}


def by_governorate(writer: Writer, material: Material, chart: Figure) -> Section:
    """Return coverage by governorate: chart, table with the roadmap's own criteria, worst-off."""
    blocks: tuple[Block, ...] = (
        Paragraph((*_standard_sentence(writer, material), *further_limits(writer, material)), (Basis.ASSUMED,)),
        chart,
        governorate_table(writer, material),
        *_worst_off(writer, material),
    )
    return Section("governorates", writer.say("Coverage by governorate"), blocks)


def governorate_table(writer: Writer, material: Material) -> Table:
    """Return the coverage table: one row a governorate and the country."""
    figures = material.figures
    rows = [
        figure_row(
            writer,
            figures,
            [words((writer.name(zone),))],
            tables.COVERAGE,
            scope="governorate",
            scope_id=str(zone["zone_id"]),
        )
        for zone in material.zones
    ]
    rows.append(figure_row(writer, figures, [country_head(writer, material)], tables.COVERAGE, total=True))
    return table(
        "coverage-governorates",
        writer.say("Coverage by governorate at the end of {year}", year=_final(writer, material)),
        [Column(writer.say("Governorate"), kind="text"), *columns_of(writer, tables.COVERAGE)],
        rows,
        notes=[Note(table_of_coverage(writer, material))],
    )


def by_settlement_and_group(writer: Writer, material: Material) -> Section:
    """Return coverage by settlement type and by group, and the groups by governorate."""
    blocks: list[Block] = [
        Heading(writer.say("By settlement type")),
        _settlements(writer, material),
    ]
    groups = material.figures.groups()
    if groups:
        blocks += [
            Heading(writer.say("By group of residents")),
            _groups(writer, material, groups),
            Note(shares_told(writer, material)),
            _groups_by_governorate(writer, material, groups),
        ]
    return Section("groups", writer.say("Coverage by settlement type and group"), tuple(blocks))


def _counts_from(writer: Writer, material: Material) -> Inline:
    closed = [site for site in material.sites if not is_missing(site.get("closing_year"))]
    if not closed:
        return writer.say(
            "A centre counts from the year it operates, not from the year its construction begins; a centre "
            "once operating stays open."
        )
    return (
        *writer.say(
            "A centre counts from the year it operates, not from the year its construction begins, until it is closed. "
            "Closed in this plan:"
        ),
        Span(" "),
        *writer.listed([writer.name(site) for site in closed]),
        Span("."),
    )


def by_year(writer: Writer, material: Material, chart: Figure) -> Section:
    """Return coverage by year: chart and table."""
    shown = (
        tables.COVERED,
        tables.SHARE,
        tables.OUTSIDE,
        tables.UNREACHABLE,
        tables.MEAN,
        tables.MEAN_KM,
        tables.DENSITY,
    )
    begun = material.info["programme"].get("begun") or {}
    rows = []
    for year in material.figures.years():
        count = number_or_nan(begun.get(str(year), begun.get(year)))
        centres = material.figures.get("centres", year=year)
        head = [
            words(writer.year(year)),
            writer.figure(count, Basis.ASSUMED),
            writer.figure(centres.value, centres.basis),
        ]
        rows.append(figure_row(writer, material.figures, head, shown, year=year))
    columns = [
        Column(writer.say("End of year"), kind="text"),
        Column(writer.say("Centres begun")),
        Column(writer.say("Centres operating")),
        *columns_of(writer, shown),
    ]
    blocks: tuple[Block, ...] = (
        Paragraph(
            (
                *_counts_from(writer, material),
                Span(" "),
                *_people_of_years(writer, material),
            )
        ),
        chart,
        table(
            "coverage-years",
            writer.say("Centres and coverage by year"),
            columns,
            rows,
            notes=[
                Note(writer.say("Persons, unless another unit is given; figures are totals at the end of the year."))
            ],
        ),
    )
    return Section("years", writer.say("Coverage by year"), blocks)


def _people_of_years(writer: Writer, material: Material) -> Inline:
    """Say whose residents a row of the years counts."""
    if material.people_by_year:
        return writer.say(
            "Each year counts its own residents, by the modelled growth of their governorate: the years differ by "
            "people and by centres. Every other table on coverage counts the residents of the end of {year}.",
            year=_final(writer, material),
        )
    return writer.say(
        "The population is that of {year} throughout, so that the years differ only by the centres.",
        year=writer.year(material.residents_of),
    )


def _with_lived() -> tuple[tables.Shown, ...]:
    """Columns for what has no area of its own: the density around people, in place of that of the land."""
    return (*(tables.LIVED if one is tables.DENSITY else one for one in tables.COVERAGE), tables.MEAN, tables.P90)


def _lived_note(writer: Writer) -> Note:
    return Note(
        writer.say(
            "Lived density: the residents within 3 km of the average person, for each square kilometre. It averages "
            "over people and not over land, so that groups and settlement types have a density too."
        )
    )


def _settlements(writer: Writer, material: Material) -> Table:
    shown = _with_lived()
    rows = [
        figure_row(writer, material.figures, [words(writer.say(label))], shown, scope="settlement", scope_id=kind)
        for kind, label in SETTLEMENT_LABELS.items()
    ]
    rows.append(figure_row(writer, material.figures, [country_head(writer, material)], shown, total=True))
    return table(
        "coverage-settlements",
        writer.say("Coverage by settlement type at the end of {year}", year=_final(writer, material)),
        [Column(writer.say("Settlement type"), kind="text"), *columns_of(writer, shown)],
        rows,
        notes=[_lived_note(writer)],
    )


def _groups(writer: Writer, material: Material, groups: list[str]) -> Table:
    shown = _with_lived()
    rows = [
        figure_row(writer, material.figures, [words(group_name(writer, group))], shown, group=group)
        for group in ["all", *groups]
    ]
    return table(
        "coverage-groups",
        writer.say("Coverage by group at the end of {year}", year=_final(writer, material)),
        [Column(writer.say("Group"), kind="text"), *columns_of(writer, shown)],
        rows,
        notes=[_lived_note(writer)],
    )


def _groups_by_governorate(writer: Writer, material: Material, groups: list[str]) -> Table:
    figures, order = material.figures, ["all", *groups]

    def cells(scope: str, scope_id: str | None) -> list[Cell]:
        found = []
        for group in order:
            share = figures.get("covered_share", scope=scope, scope_id=scope_id, group=group)
            found.append(writer.share(share.value, share.basis))
        for group in groups:
            outside = figures.get("out_of_standard", scope=scope, scope_id=scope_id, group=group)
            found.append(writer.figure(outside.value, outside.basis))
        for group in order:
            km = figures.get("mean_km", scope=scope, scope_id=scope_id, group=group)
            found.append(writer.figure(km.value, km.basis, decimals=1))
        density = figures.get("density_per_km2", scope=scope, scope_id=scope_id)
        found.append(writer.figure(density.value, density.basis, decimals=1))
        return found

    rows = [Row((words((writer.name(zone),)), *cells("governorate", str(zone["zone_id"])))) for zone in material.zones]
    rows.append(Row((country_head(writer, material), *cells("nation", None)), total=True))
    columns = [Column(writer.say("Governorate"), kind="text")]
    columns += [Column(group_name(writer, group), writer.say("share within")) for group in order]
    columns += [Column(group_name(writer, group), writer.say("persons outside the standard")) for group in groups]
    columns += [Column(group_name(writer, group), writer.say("mean distance by road, km")) for group in order]
    columns.append(Column(writer.say("Population density"), writer.say("persons per km²")))
    return table(
        "groups-governorates",
        writer.say("Groups by governorate at the end of {year}", year=_final(writer, material)),
        columns,
        rows,
    )


def _worst_off(writer: Writer, material: Material) -> list[Block]:
    worst = material.info.get("worst_off") or {}
    if not worst.get("zone_id"):
        return []
    zone_id = str(worst["zone_id"])
    figures = material.figures
    share = figures.get("covered_share", scope="governorate", scope_id=zone_id)
    return [
        Heading(writer.say("Worst-covered governorate")),
        Paragraph(
            writer.say(
                "{governorate}: {share} of its residents live within the standard, against {nation} in the country "
                "as a whole. Outside the standard: {outside}. No route in the data: {cut_off}.",
                governorate=writer.name(material.zone(zone_id)),
                share=writer.said_share(share.value),
                nation=writer.said_share(figures.get("covered_share").value),
                outside=writer.people(figures.get("out_of_standard", scope="governorate", scope_id=zone_id).value),
                cut_off=writer.people(figures.get("unreachable", scope="governorate", scope_id=zone_id).value),
            ),
            (Basis.MODELLED,),
        ),
    ]


def _standard_sentence(writer: Writer, material: Material) -> Inline:
    standard = material.info["standard"]
    return writer.say(
        "The access standard: {urban} or less by road in urban areas, {rural} or less in rural areas. The limit "
        "itself counts as within.",
        urban=writer.minutes(number_or_nan(standard["urban_minutes"])),
        rural=writer.minutes(number_or_nan(standard["rural_minutes"])),
    )


def _final(writer: Writer, material: Material) -> Inline:
    return writer.year(material.final_year)
