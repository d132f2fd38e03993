"""Read the columns of a CSV or Excel table in the child, as text and nothing more."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from foundation.errors import InvalidInput
from foundation.reasons import quoted
from geodata.gate.columns import choose
from geodata.gate.plain import Arrays

MOST_ROWS = 3_000_000
MOST_COLUMNS = 500
MOST_CELL = 4_000
LONGEST_HEADER = 1_000_000
_NUMBER = re.compile(r"[-+]?\d+(,\d+)*(\.\d+)?")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


def columns(
    path: Path,
    *,
    scratch: Path,
    given: Arrays,
    fields: dict[str, list[str]],
    optional: list[str] | None = None,
    most_rows: int = MOST_ROWS,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return the wanted columns as texts (``field:FIELD``), cells stripped, blank rows left out.

    Also ``row``: the row number of each, the header being row 1. ``.xlsx`` is read by
    `geodata.sheets` (first sheet; a formula is refused). For `fields` and `optional` see
    `geodata.gate.columns.choose`.

    A CSV whose header is parted by semicolons is read so. In it a comma is the decimal mark, and comes
    back as a point, if some number can be read in no other way: ``9,65``, but not ``1,234`` alone.

    Raises
    ------
    InvalidInput
        For a file that is no such table, a column that is not there or is there twice, a row
        of another length, a cell too long.
    """
    del scratch, given
    if path.suffix.casefold() == ".xlsx":
        from geodata.sheets import read_sheet

        sheet = read_sheet(path)
        header, rows = list(sheet.header), [(number, list(cells)) for number, cells in sheet.rows]
        mark, commas = ",", False
    else:
        header, rows, mark = _csv(path, most_rows)
        commas = mark == ";" and _decimal_commas(rows)
    chosen = choose(header, fields, optional=optional or (), file=path.name)
    places = {field: header.index(title) for field, title in chosen.items()}
    values: dict[str, Any] = {f"field:{field}": [cells[at] for _, cells in rows] for field, at in places.items()}
    if commas:
        values = {name: _with_points(texts) for name, texts in values.items()}
    values["row"] = np.array([number for number, _ in rows], dtype=np.int64)
    return values, {"columns": chosen, "rows": len(rows), "separator": mark, "decimal_commas": commas}


def sheet(path: Path, *, scratch: Path, given: Arrays) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return a small table whole, as `geodata.sheets.read_sheet` reads it.

    ``header``; ``cells``, row after row; ``row``, the row number of each, the header being row 1.
    """
    del scratch, given
    from geodata.sheets import read_sheet

    found = read_sheet(path)
    cells = [cell for _, row in found.rows for cell in row]
    return {"header": list(found.header), "cells": cells, "row": np.array([n for n, _ in found.rows], np.int64)}, {}


def _decimal_commas(rows: list[tuple[int, list[str]]]) -> bool:
    """Whether the comma in numbers is a decimal mark; where all could be thousands, nothing is guessed."""
    found = {cell for _, cells in rows for cell in cells if "," in cell and _NUMBER.fullmatch(cell)}
    return not any(cell.count(",") > 1 for cell in found) and any(not _THOUSANDS.fullmatch(cell) for cell in found)


def _with_points(texts: list[str]) -> list[str]:
    """Write the decimal commas of a column of numbers as points; other columns stay as they are."""
    if not all(_NUMBER.fullmatch(text) for text in texts if text):
        return texts
    return [text.replace(",", ".") for text in texts]


def _header(stream: TextIO) -> tuple[list[str], str, Any]:
    """Return the titles, the mark between columns (a comma, or a semicolon that parts more) and the reader of rows."""
    first = stream.readline(LONGEST_HEADER)
    parted = {mark: next(csv.reader([first], delimiter=mark), []) for mark in (",", ";")}
    mark = ";" if len(parted[";"]) > len(parted[","]) else ","
    stream.seek(0)
    reader = csv.reader(stream, strict=True, delimiter=mark)
    return [title.strip() for title in next(reader, [])], mark, reader


def _csv(path: Path, most_rows: int) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    csv.field_size_limit(MOST_CELL)
    rows: list[tuple[int, list[str]]] = []
    number = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header, mark, reader = _header(stream)
            if not header or len(header) > MOST_COLUMNS:
                raise InvalidInput(
                    "{file} has no header row, or more than {limit} columns.", file=path.name, limit=MOST_COLUMNS
                )
            for number, cells in enumerate(reader, start=2):
                if not any(cells):
                    continue
                if len(cells) != len(header):
                    raise InvalidInput(
                        "{file}, row {row}: {found} cells; expected {expected}, one a column. Correct the row.",
                        file=path.name,
                        row=number,
                        found=len(cells),
                        expected=len(header),
                    )
                if len(rows) >= most_rows:
                    raise InvalidInput(
                        "{file} has more than {limit} rows. Split it or thin it out.", file=path.name, limit=most_rows
                    )
                rows.append((number, [sys.intern(cell.strip()) for cell in cells]))
    except UnicodeDecodeError as error:
        raise InvalidInput("{file} is not UTF-8 text. Save it as UTF-8.", file=path.name) from error
    except csv.Error as error:
        raise InvalidInput(
            "{file}, row {row}: not readable as CSV ({problem}). Save it again as comma separated UTF-8.",
            file=path.name,
            row=number + 1,
            problem=quoted(str(error)),
        ) from error
    return header, rows, mark
