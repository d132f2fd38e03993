"""
The content of a report, free of any file format.

A `Document` is built once for each language and handed to a renderer (HTML now;
Word, PDF and Excel read the same value). A renderer decides how things look,
never what they say: texts are already in the reader's language, numbers already
formatted, and every figure carries its basis (law 8).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from foundation.basis import Basis
from foundation.errors import BrokenProof
from foundation.language import Language


@dataclass(frozen=True, slots=True)
class Span:
    """
    A stretch of text.

    Attributes
    ----------
    lang
        "ar" or "en" when the text is in the other language than the document; None otherwise.
    isolated
        True for text from data (a name, a source): it must not reorder its neighbours.
    code
        True for what is typed or compared letter by letter: a command, a hash, an id.
    """

    text: str
    lang: str | None = None
    isolated: bool = False
    code: bool = False


Inline = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: Inline


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `basis` says what its figures are. "lead" is the finding, "proof" the proof line."""

    text: Inline
    basis: tuple[Basis, ...] = ()
    role: Literal["body", "lead", "proof"] = "body"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark set apart: a limit, a warning, how to read what stands above."""

    text: Inline
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list."""

    text: Inline
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class List:
    """Entries, numbered when their order means something."""

    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One cell of a table.

    Attributes
    ----------
    text
        What is shown.
    value
        The exact figure behind the text; NaN when it was not computed, None when the
        cell holds no figure. Counts in persons, shares 0 to 1, minutes, km.
    basis
        What kind of figure it is; needed by every figure that was computed. A cell
        with a basis and no value shows the badge alone or beside its text.
    mark
        A short warning beside the figure.
    """

    text: Inline = ()
    value: float | None = None
    basis: Basis | None = None
    mark: Inline = ()

    def __post_init__(self) -> None:
        if self.value is not None and not math.isnan(self.value) and self.basis is None:
            raise BrokenProof("A figure ({value}) was to be shown without its basis.", value=self.value)

    @property
    def is_figure(self) -> bool:
        """True when the cell stands for a figure, computed or not."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its label, its unit, and the basis shared by all its figures (None: see each cell)."""

    label: Inline
    unit: Inline = ()
    kind: Literal["text", "figure"] = "figure"
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns; the first names the row."""

    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `id` is the same in both languages, `wide` asks for a landscape page in print."""

    id: str
    caption: Inline
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture (PNG) with its caption, a text that stands in for it, and the basis of what it shows."""

    id: str
    png: bytes
    caption: Inline
    alt: str
    basis: tuple[Basis, ...]
    size: Literal["full", "chart"] = "chart"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the numbers a reader takes away."""

    label: Inline
    value: Inline
    exact: float
    detail: Inline
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The few numbers at the top."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """What each basis word means."""

    entries: tuple[tuple[Basis, Inline], ...]


Block = Heading | Paragraph | Note | List | Table | Figure | KeyFigures | Legend


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part; `id` is the same in both languages and serves as anchor."""

    id: str
    title: Inline
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """
    A whole report in one language.

    Attributes
    ----------
    overline, title, subtitle
        What the report is, of which country, and for which scenario.
    facts
        (label, value) pairs under the title: run, date, population year.
    opening
        Blocks before the first section: finding, proof line, key figures, legend.
    basis_words
        The word of each basis in the language, for badges.
    """

    language: Language
    overline: Inline
    title: Inline
    subtitle: Inline
    facts: tuple[tuple[Inline, Inline], ...]
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    basis_words: dict[Basis, str]


def table(
    table_id: str,
    caption: Inline,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    notes: Sequence[Note] = (),
    wide: bool = False,
) -> Table:
    """
    Make a `Table` whose columns carry the basis that all their figures share.

    Raises
    ------
    BrokenProof
        If a row has another number of cells than there are columns.
    """
    for row in rows:
        if len(row.cells) != len(columns):
            raise BrokenProof(
                "Table {table}: a row has {cells} cells for {columns} columns.",
                table=table_id,
                cells=len(row.cells),
                columns=len(columns),
            )
    lifted = [
        replace(column, basis=_shared_basis([row.cells[position] for row in rows]))
        for position, column in enumerate(columns)
    ]
    return Table(table_id, caption, tuple(lifted), tuple(rows), tuple(notes), wide)


def _shared_basis(cells: list[Cell]) -> Basis | None:
    """Return the one basis of all figures of a column, None when they differ or there are none."""
    found = {cell.basis for cell in cells if cell.is_figure and cell.basis is not None}
    plain = any(cell.basis is not None and not cell.is_figure for cell in cells)
    return found.pop() if len(found) == 1 and not plain else None
