"""A made-up run for testing one chapter at a time, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from foundation.language import language
from reports.document import List, Note, Paragraph, Section, Table
from reports.figures import index_results
from reports.material import Material
from reports.writing import Writer, plain

ZONES = (
    {"zone_id": "A", "name_en": "Alpha", "name_ar": "ألفا"},
    {"zone_id": "B", "name_en": "Beta", "name_ar": "بيتا"},
)
COUNTRY = {"code": "TO", "name_en": "Toyland", "name_ar": "بلد الألعاب"}
COLUMNS = ["year", "scope", "scope_id", "group", "measure", "value", "unit", "basis"]


def material_of(info: Mapping[str, Any], figures: list[tuple[Any, ...]] | None = None) -> Material:
    """Make the material of a run that holds `info`, with a few figures."""
    rows = figures or [(2025, "nation", "TO", "all", "population", 100, "persons", "reported")]
    rows = [*rows, (2025, "nation", "TO", "elderly", "population", 5, "persons", "modelled")]
    found = index_results(pd.DataFrame(rows, columns=COLUMNS), nation_id="TO")
    return Material("toy", {"country": COUNTRY, "sites": []} | dict(info), found, ZONES, (), (), {})


def both(chapter: Callable[[Writer, Material], Section | None], material: Material) -> dict[str, Section | None]:
    """Write a chapter in both languages."""
    return {code: chapter(Writer(language(code)), material) for code in ("en", "ar")}


def tables(section: Section) -> dict[str, Table]:
    """The tables of a chapter by id."""
    return {block.id: block for block in section.blocks if isinstance(block, Table)}


def texts(section: Section) -> Iterator[str]:
    """Every running text of a chapter, notes of tables included."""
    for block in section.blocks:
        if isinstance(block, (Paragraph, Note)):
            yield bare(block.text)
        elif isinstance(block, List):
            yield from (bare(item.text) for item in block.items)
        elif isinstance(block, Table):
            yield from (bare(note.text) for note in block.notes)


def bare(inline: Any) -> str:
    """Text without direction marks."""
    return re.sub("[\u2066-\u2069]", "", plain(inline))


def column(table: Table, at: int) -> list[float | None]:
    """The figures of a column."""
    return [row.cells[at].value for row in table.rows]
