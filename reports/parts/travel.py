"""How far people travel, and how evenly: mean, quantiles, bands, Kolm-Pollak, Gini, offices."""

from __future__ import annotations

from foundation.basis import Basis
from reports.document import Block, Column, Heading, Inline, Note, Paragraph, Row, Section, Table, table
from reports.material import Material
from reports.parts import tables
from reports.parts.minutes import two_means
from reports.parts.origins import origins
from reports.parts.tables import columns_of, country_head, figure_row, group_name, words
from reports.writing import Writer

LAST_LABELS = {"beyond_90": "Beyond 90 minutes", "unreachable": "No route in the data"}


def travel(writer: Writer, material: Material) -> Section:
    """Return travel time and its evenness."""
    figures = material.figures
    mean, median, p90 = (figures.get(m).value for m in ("mean_minutes", "median_minutes", "p90_minutes"))
    ede, gini = figures.get("ede_minutes").value, figures.get("gini").value
    blocks: tuple[Block, ...] = (
        Paragraph(
            writer.say(
                "To the nearest centre by road, people travel {mean} on average; half arrive within {median}, and "
                "9 of every 10 within {p90}. People with no route in the data are not part of these three figures; "
                "they are counted apart.",
                mean=writer.minutes(mean),
                median=writer.minutes(median),
                p90=writer.minutes(p90),
            ),
            (Basis.MODELLED,),
        ),
        *two_means(writer, material),
        _bands(writer, material),
        Heading(writer.say("How evenly travel is shared")),
        Paragraph(
            writer.say(
                "Kolm–Pollak equivalent: if everyone travelled {ede}, it would be as good for society as the uneven "
                "times of this plan; the further it stands above the mean, the more the long journeys of some weigh.",
                ede=writer.minutes(ede),
            ),
            (Basis.MODELLED,),
        ),
        Paragraph(
            writer.say(
                "Gini coefficient: {gini}; 0 would mean that everyone travels equally long, values near 1 that a few "
                "people do almost all the travelling.",
                gini=writer.said(gini, 3),
            ),
            (Basis.MODELLED,),
        ),
        _by_governorate(writer, material),
    )
    return Section("travel", writer.say("Travel time and equity"), blocks)


def offices(writer: Writer, material: Material) -> Section:
    """Return coverage by any recorded office beside one-stop coverage."""
    scopes = [("governorate", str(zone["zone_id"])) for zone in material.zones] + [("nation", None)]
    found = [material.figures.get("office_covered", scope=scope, scope_id=scope_id) for scope, scope_id in scopes]
    missing = [one.basis is None for one in found]
    title = writer.say("Any recorded office beside one-stop coverage")
    if all(missing):
        return Section("offices", title, (Paragraph(_not_computed(writer, material)),))
    shown = (tables.COVERED, tables.OFFICE, tables.DENSITY, tables.MEAN_KM)
    blocks: list[Block] = [
        Paragraph(
            writer.say(
                "Many services can also be had at an office of a single agency. This table sets the people within the "
                "standard of any recorded office beside those within the standard of a comprehensive centre."
            )
        ),
    ]
    if any(missing):
        blocks.append(
            Note(
                writer.say(
                    "Where the positions of the offices are not known, the figure is not computed. That does not mean "
                    "that there are no offices."
                )
            )
        )
    recorded, placed = _offices(material)
    if placed < recorded:
        blocks.append(
            Note(
                writer.say(
                    "Of the recorded offices, {recorded} in all, {placed} have a known position; the others bring "
                    "nobody within the standard here.",
                    recorded=recorded,
                    placed=placed,
                )
            )
        )
    blocks.append(
        table(
            "offices",
            writer.say("Comprehensive centres beside any recorded office, persons"),
            [Column(writer.say("Governorate"), kind="text"), *columns_of(writer, shown)],
            _zone_rows(writer, material, shown),
        )
    )
    return Section("offices", title, tuple(blocks))


def _offices(material: Material) -> tuple[int, int]:
    """Return how many offices are recorded, and how many of them have a position."""
    said = origins(material).get("offices") or {}
    return int(said.get("recorded", 0)), int(said.get("placed", 0))


def _not_computed(writer: Writer, material: Material) -> Inline:
    """Say why nobody was counted at the offices."""
    recorded, placed = _offices(material)
    if not recorded:
        return writer.say(
            "Many services can also be had at an office of a single agency. How many people are within the standard of "
            "any recorded office was not computed, because the country's data record no office. That is not zero: it "
            "does not mean that there are no offices."
        )
    if placed:
        return writer.say(
            "Many services can also be had at an office of a single agency. How many people are within the standard of "
            "any recorded office was not computed, because travel times are those of the planner's own table, which "
            "leads to no office. That is not zero: it does not mean that there are no offices."
        )
    return writer.say(
        "Many services can also be had at an office of a single agency. How many people are within the standard of "
        "any recorded office was not computed, because the positions of the recorded offices are not known. That "
        "is not zero: it does not mean that there are no offices."
    )


def _bands(writer: Writer, material: Material) -> Table:
    edges = material.figures.edges()
    measures = [*(f"within_{edge:g}" for edge in edges), *LAST_LABELS]
    labels = [writer.say("Within {minutes}", minutes=writer.minutes(edge)) for edge in edges]
    labels += [writer.say(label) for label in LAST_LABELS.values()]
    rows = []
    for group in ["all", *material.figures.groups()]:
        cells = [words(group_name(writer, group))]
        for measure in measures:
            found = material.figures.get(measure, group=group)
            cells.append(writer.figure(found.value, found.basis))
        rows.append(Row(tuple(cells)))
    return table(
        "bands",
        writer.say(
            "People by travel time to the nearest centre at the end of {year}", year=writer.year(material.final_year)
        ),
        [Column(writer.say("Group"), kind="text"), *(Column(label) for label in labels)],
        rows,
        notes=[
            Note(
                writer.say(
                    "Persons. The columns “within” are cumulative and include their limit: a journey of exactly 30 "
                    "minutes is within 30 minutes. They count everybody by the journey, whichever standard holds."
                )
            )
        ],
    )


def _by_governorate(writer: Writer, material: Material) -> Table:
    shown = (
        tables.MEAN,
        tables.MEDIAN,
        tables.P90,
        tables.MEAN_KM,
        tables.EDE,
        tables.GINI,
        tables.CENTRES,
        tables.PER_CENTRE,
    )
    return table(
        "travel-governorates",
        writer.say(
            "Travel time, equity and centres by governorate at the end of {year}", year=writer.year(material.final_year)
        ),
        [Column(writer.say("Governorate"), kind="text"), *columns_of(writer, shown)],
        _zone_rows(writer, material, shown),
        notes=[
            Note(
                writer.say(
                    "Mean, median, 90th percentile and distance are of the people with a route. For the two equity "
                    "measures, long journeys and missing routes count as the cap of travel time."
                )
            )
        ],
    )


def _zone_rows(writer: Writer, material: Material, shown: tuple[tables.Shown, ...]) -> list[Row]:
    rows = [
        figure_row(
            writer,
            material.figures,
            [words((writer.name(zone),))],
            shown,
            scope="governorate",
            scope_id=str(zone["zone_id"]),
        )
        for zone in material.zones
    ]
    rows.append(figure_row(writer, material.figures, [country_head(writer, material)], shown, total=True))
    return rows
