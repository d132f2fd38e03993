"""Columns that several tables share: a label, a unit, and where the figure is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from maps.words import GROUPS, stricter
from reports.document import Cell, Column, Inline, Row, Span
from reports.figures import Figures
from reports.material import Material
from reports.writing import Writer

GROUP_LABELS = {"all": "All residents", **GROUPS}


@dataclass(frozen=True, slots=True)
class Shown:
    """How a measure of the results table is shown in a column."""

    measure: str
    label: str
    unit: str = ""
    form: Literal["number", "share"] = "number"
    decimals: int = 0


POPULATION = Shown("population", "Population")
DENSITY = Shown("density_per_km2", "Population density", "persons per km²", decimals=1)
LIVED = Shown("lived_density_per_km2", "Lived density", "persons per km²")
COVERED = Shown("covered", "Within the standard")
SHARE = Shown("covered_share", "Share within", form="share")
OUTSIDE = Shown("out_of_standard", "Outside the standard")
UNREACHABLE = Shown("unreachable", "No route in the data")
MEAN_KM = Shown("mean_km", "Mean distance by road", "km", decimals=1)
MEAN = Shown("mean_minutes", "Mean", "minutes", decimals=1)
MEDIAN = Shown("median_minutes", "Median", "minutes", decimals=1)
P90 = Shown("p90_minutes", "90th percentile", "minutes", decimals=1)
EDE = Shown("ede_minutes", "Kolm–Pollak equivalent", "minutes", decimals=1)
GINI = Shown("gini", "Gini coefficient", "0 to 1", decimals=3)
CENTRES = Shown("centres", "Centres")
PER_CENTRE = Shown("residents_per_centre", "Residents per centre")
OFFICE = Shown("office_covered", "Within the standard of any recorded office")

COVERAGE = (POPULATION, DENSITY, COVERED, SHARE, OUTSIDE, UNREACHABLE, MEAN_KM)


def columns_of(writer: Writer, shown: Sequence[Shown]) -> list[Column]:
    """Return one column a measure."""
    return [Column(writer.say(one.label), writer.say(one.unit) if one.unit else ()) for one in shown]


def figure_row(
    writer: Writer,
    figures: Figures,
    head: Sequence[Cell],
    shown: Sequence[Shown],
    *,
    total: bool = False,
    year: int | None = None,
    scope: str = "nation",
    scope_id: str | None = None,
    group: str = "all",
) -> Row:
    """Return `head` followed by the figures of one scope, read from the results table."""
    cells = list(head)
    for one in shown:
        found = figures.get(one.measure, year=year, scope=scope, scope_id=scope_id, group=group)
        if one.form == "share":
            cells.append(writer.share(found.value, found.basis))
        else:
            cells.append(writer.figure(found.value, found.basis, decimals=one.decimals))
    return Row(tuple(cells), total=total)


def words(inline: Inline) -> Cell:
    """Return a cell of words."""
    return Cell(inline)


def group_name(writer: Writer, group: str) -> Inline:
    """Return the words for a group; its id, quoted, when it is not one of ours."""
    label = GROUP_LABELS.get(group)
    return writer.say(label) if label else (writer.quoted(group),)


def country_head(writer: Writer, material: Material) -> Cell:
    """Return the row head of a country's total."""
    return words((writer.name(material.info["country"]),))


def further_limits(writer: Writer, material: Material) -> Inline:
    """Say the standards of remote areas and of groups, after a sentence on urban and rural ones."""
    said = stricter(writer.language, material.info["standard"])
    return tuple(Span(f" {sentence}") for sentence in said)
