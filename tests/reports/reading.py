"""Reading a report's HTML back: tables, badges, paragraphs. Shares no code with the renderer."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

MARKS = {ord(mark): None for mark in "\u2066\u2067\u2068\u2069\u200e\u200f\u061c"}
VOID = {"meta", "link", "img", "br", "hr", "input"}


@dataclass
class Cell:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    value: str | None = None
    badges: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


@dataclass
class Table:
    id: str
    caption: str = ""
    head: list[Cell] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)

    def row(self, name: str) -> list[Cell]:
        return next(row for row in self.rows if row[0].text == name)

    def values(self) -> list[list[float | None]]:
        return [[None if c.value in (None, "") else float(c.value) for c in row] for row in self.rows]


@dataclass
class Text:
    tag: str
    classes: str
    section: str
    text: str = ""
    badges: list[str] = field(default_factory=list)


@dataclass
class Page:
    tables: dict[str, Table]
    texts: list[Text]
    tags: list[tuple[str, dict[str, str]]]
    keys: list[tuple[str, str]]  # value attribute and text of the numbers at the top
    title: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page({}, [], [], [], "")
        self.stack: list[str] = []
        self.section = ""
        self.table: Table | None = None
        self.cell: Cell | None = None
        self.line: Text | None = None
        self.in_badge = self.in_caption = self.in_keys = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.page.tags.append((tag, found))
        if tag not in VOID:
            self.stack.append(tag)
        classes = found.get("class", "")
        if tag == "section":
            self.section = found["id"]
        elif tag == "table":
            self.table = Table(found["id"].removeprefix("table-"))
            self.page.tables[self.table.id] = self.table
        elif tag == "caption":
            self.in_caption = True
        elif tag == "tr" and self.table is not None and "thead" not in self.stack:
            self.table.rows.append([])
        elif tag in {"th", "td"}:
            self.cell = Cell(tag, found)
        elif tag in {"p", "li", "figcaption"}:
            self.line = Text(tag, classes, self.section)
            self.page.texts.append(self.line)
        elif tag == "dl":
            self.in_keys = classes == "keys"
        elif tag == "data":
            if self.cell is not None:
                self.cell.value = found["value"]
            elif self.in_keys:
                self.page.keys.append((found["value"], ""))
        elif "badge" in classes.split():
            self.in_badge = True
            for place in (self.cell, self.line):
                if place is not None:
                    place.badges.append(found["data-basis"])
        if self.cell is not None and "lang" in found:
            self.cell.languages.append(found["lang"])

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop() != tag:
            pass
        if tag == "span":
            self.in_badge = False
        elif tag == "caption":
            self.in_caption = False
        elif tag in {"th", "td"} and self.cell is not None and self.table is not None:
            self.cell.text = " ".join(self.cell.text.translate(MARKS).split())
            (self.table.head if not self.table.rows else self.table.rows[-1]).append(self.cell)
            self.cell = None
        elif tag in {"p", "li", "figcaption"} and self.line is not None:
            self.line.text = " ".join(self.line.text.translate(MARKS).split())
            self.line = None
        elif tag == "table":
            self.table = None
        elif tag == "section":
            self.section = ""

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] == "title":
            self.page.title += data
        if self.in_badge or (self.stack and self.stack[-1] in {"style", "script"}):
            return
        if self.in_caption and self.table is not None:
            self.table.caption += data.translate(MARKS)
        elif self.cell is not None:
            self.cell.text += data
        elif self.line is not None:
            self.line.text += data
        elif self.in_keys and self.stack and self.stack[-1] == "data":
            value, text = self.page.keys[-1]
            self.page.keys[-1] = (value, text + data.translate(MARKS))


def read_page(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
