"""
Read the cells of a planner's own table, CSV or Excel, as text and nothing more.

Runs in the gate's child, once path, kind and first bytes are checked (`geodata.gate`). What comes from a
file is hostile until checked (law 11): size, packing and every cell. A formula is refused, never evaluated.
Row numbers are those a spreadsheet shows, the header being row 1.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from foundation.errors import InvalidInput, Phrase
from foundation.reasons import quoted

MAX_BYTES = 5_000_000
MAX_UNPACKED = 50_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 50
MAX_CELL = 500
FORMULA_MARKS = ("=", "@")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the rows below it: (row number, cells), blank rows left out."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(path: Path) -> Sheet:
    """
    Read ``.csv`` (UTF-8, with or without a byte order mark) or the first sheet of ``.xlsx``.

    Raises
    ------
    InvalidInput
        If the file is too large, is not what its ending says, or holds a formula or a cell too long.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InvalidInput(
            "{file} is larger than {limit} bytes. Take out what is not needed.", file=path.name, limit=MAX_BYTES
        )
    data = path.read_bytes()
    lines = _csv_lines(data, path.name) if path.suffix.lower() == ".csv" else _xlsx_lines(data, path.name)
    return _checked(lines, path.name)


def _csv_lines(data: bytes, name: str) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("{file} is not UTF-8 text. Save it as 'CSV UTF-8'.", file=name) from error
    if "\x00" in text:
        raise InvalidInput("{file} is not a text file. Save it as 'CSV UTF-8'.", file=name)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InvalidInput("{file} is not a CSV file: {problem}.", file=name, problem=quoted(str(error))) from error
    if lines and len(lines[0]) == 1 and ";" in lines[0][0]:
        raise InvalidInput(
            "{file}: the columns are separated by semicolons. Put commas there, and a point in decimals.",
            file=name,
        )
    return lines


def _xlsx_lines(data: bytes, name: str) -> list[list[str]]:
    try:
        _check_packing(data, name)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        lines = _first_sheet(book, name)
        book.close()
    except InvalidInput:
        raise
    except Exception as error:
        raise _no_workbook(name) from error
    return lines


def _no_workbook(name: str) -> InvalidInput:
    return InvalidInput(
        "{file} is not an Excel workbook (.xlsx). Save it again from the spreadsheet program.", file=name
    )


def _check_packing(data: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
            raise InvalidInput("{file} unpacks to more than {limit} bytes.", file=name, limit=MAX_UNPACKED)
        for part in packed.infolist():
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in packed.read(part):
                raise _no_workbook(name)


def _first_sheet(book: openpyxl.Workbook, name: str) -> list[list[str]]:
    if not book.worksheets:
        raise InvalidInput("{file} has no sheet of cells.", file=name)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    lines = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1)
    return [[_cell_text(cell, name) for cell in line] for line in lines]


def _cell_text(cell: object, name: str) -> str:
    value, kind = getattr(cell, "value", None), getattr(cell, "data_type", "n")
    if kind == "f":
        raise InvalidInput(
            "{file}, row {row}: the cell {cell} holds a formula, which is never evaluated. Paste its value instead.",
            file=name,
            row=int(getattr(cell, "row", 0)),
            cell=str(getattr(cell, "coordinate", "?")),
        )
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _checked(lines: list[list[str]], name: str) -> Sheet:
    lines = [[cell.strip() for cell in line] for line in lines]
    header = tuple(lines[0]) if lines else ()
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise InvalidInput("{file} is empty. Begin with the header row of the template.", file=name)
    if len(header) > MAX_COLUMNS or len(lines) > MAX_ROWS + 1:
        raise InvalidInput(
            "{file} has more than {columns} columns or {rows} rows. Take out what is not needed.",
            file=name,
            columns=MAX_COLUMNS,
            rows=MAX_ROWS,
        )
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = (*line, *[""] * (len(header) - len(line)))
        if not any(cells):
            continue
        if any(cells[len(header) :]):
            raise InvalidInput("{file}, row {row}: more cells than the header names.", file=name, row=number)
        for title, cell in zip(header, cells, strict=False):
            _refuse_cell(name, number, title, cell)
        rows.append((number, tuple(cells[: len(header)])))
    return Sheet(name=name, header=header, rows=tuple(rows))


def _refuse_cell(name: str, row: int, title: str, cell: str) -> None:
    problem = None
    if cell.startswith(FORMULA_MARKS):
        problem = Phrase("begins like a formula, which is never evaluated")
    elif len(cell) > MAX_CELL:
        problem = Phrase("is longer than {most} characters", {"most": MAX_CELL})
    elif any(ord(letter) < 32 or ord(letter) == 127 for letter in cell):
        problem = Phrase("holds a line break or another control character")
    if problem:
        raise InvalidInput(
            "{file}, row {row}: {field} {problem}. Write a plain value.",
            file=name,
            row=row,
            field=title,
            problem=problem,
        )
