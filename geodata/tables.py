"""
Read one CSV of a pack into a typed frame, or say which row and field is wrong.

What comes from a file is hostile until checked (law 11): size, text, header, shape of
every row, type and bounds of every cell. Row numbers are lines of the file, the header
being row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from foundation.reasons import quoted, reason_of
from geodata.contract import Field
from geodata.folder.words import FORMULA_MARKS, ID, checked_names

MAX_BYTES = 64_000_000
MAX_ROWS = 1_000_000
MAX_CELL = 4_000
_PATTERNS = {"integer": r"[-+]?[0-9]{1,18}", "number": r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"}
_EXPECTED = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}


def read_table(
    data: bytes, *, name: str, fields: Sequence[Field], extra: Mapping[str, Mapping[str, Any]] | None = None
) -> pd.DataFrame:
    """
    Parse and check the bytes of a CSV.

    Parameters
    ----------
    data
        The file; UTF-8, a byte order mark is allowed, comma separated.
    name
        How errors call the file.
    fields
        The contract: columns that must (or may) be there, with types and bounds.
    extra
        Further Frictionless constraints by column, from the pack's own descriptor.

    Returns
    -------
    table
        Columns in the order of `fields`; optional columns that are absent are added empty.
        str, int64, float64 and bool; Int64, float64 (NaN) and boolean where a cell may be empty.

    Raises
    ------
    InvalidInput
        With file, row and field, what was expected and what to do.
    """
    header, rows = _rows(data, name)
    _check_header(header, fields, name)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    cells = {title: pd.Series(column, dtype="str") for title, column in zip(header, columns, strict=True)}
    table = {}
    for field in fields:
        if field.name not in cells:
            table[field.name] = _typed(pd.Series([""] * len(rows), dtype="str"), field)
            continue
        column = cells[field.name]
        told = dict((extra or {}).get(field.name, {}))
        _check_column(column, field, told, name)
        table[field.name] = _typed(column, field)
    return pd.DataFrame(table)


def decoded(data: bytes, name: str, *, limit: int = MAX_BYTES) -> str:
    """Return the text of a file of at most `limit` bytes, or refuse it."""
    if len(data) > limit:
        raise InvalidInput("{file} is larger than {limit} bytes. Split it or thin it out.", file=name, limit=limit)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("{file} is not UTF-8 text. Save it as UTF-8.", file=name) from error
    if "\x00" in text:
        raise InvalidInput("{file} holds a zero byte and is no text file. Save it as UTF-8 text.", file=name)
    return text


def read_bytes(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """Read a regular file of at most `limit` bytes; it is not opened if it is larger."""
    if not path.is_file():
        raise InvalidInput("{file} is not there. Add it or take it out of the pack.", file=path.name)
    if path.stat().st_size > limit:
        raise InvalidInput("{file} is larger than {limit} bytes. Split it or thin it out.", file=path.name, limit=limit)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput("{path} cannot be read: {reason}.", path=path.name, reason=reason_of(error)) from error


def refuse_row(name: str, row: int, field: str, value: object, expected: str, **gaps: object) -> InvalidInput:
    """
    Return the error for one cell; `row` is the position in the frame, 0 for the first.

    `expected` ends the sentence and may hold further ``{gaps}``; the whole sentence is
    the key into the catalogue.
    """
    return InvalidInput(
        "{file}, row {row}, field {field}: '{value}' is not " + expected + ". Correct the cell.",
        file=name,
        row=row + 2,
        field=field,
        value=str(value)[:80],
        **gaps,
    )


def _rows(data: bytes, name: str) -> tuple[list[str], list[list[str]]]:
    reader = csv.reader(io.StringIO(decoded(data, name), newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        header = next(reader, [])
        for row in reader:
            if len(row) != len(header):
                raise InvalidInput(
                    "{file}, row {row}: {found} cells; expected {expected}, one a column. Correct the row.",
                    file=name,
                    row=len(rows) + 2,
                    found=len(row),
                    expected=len(header),
                )
            if len(rows) >= MAX_ROWS:
                raise InvalidInput(
                    "{file} has more than {limit} rows. Split it or thin it out.", file=name, limit=MAX_ROWS
                )
            rows.append(row)
    except csv.Error as error:
        raise InvalidInput(
            "{file}, row {row}: not readable as CSV ({problem}). Save it again as comma separated UTF-8.",
            file=name,
            row=len(rows) + 2,
            problem=quoted(str(error)),
        ) from error
    return header, rows


def _check_header(header: list[str], fields: Sequence[Field], name: str) -> None:
    known = {field.name for field in fields}
    doubled = sorted({title for title in header if header.count(title) > 1})
    missing = [field.name for field in fields if not field.optional and field.name not in header]
    unknown = [title for title in header if title not in known]
    for template, names in (
        ("{file}: the column {columns} is there twice. Keep one of them.", doubled),
        ("{file}: the column {columns} is missing. Add it.", missing),
        ("{file}: the column {columns} is not known. Take it out; known are {known}.", unknown),
    ):
        if names:
            listed = ", ".join(sorted(known))
            raise InvalidInput(template, file=name, columns=", ".join(names)[:200], known=listed)


def _check_column(column: pd.Series[str], field: Field, told: dict[str, Any], name: str) -> None:
    long = column.str.len() > MAX_CELL
    lines = column.str.contains(r"[\r\n]", regex=True)
    _refuse(column, long | lines, field, name, "one line of at most {most} characters", most=MAX_CELL)
    empty = column == ""
    if field.required or told.get("required"):
        _refuse(column, empty, field, name, "filled in")
    if field.type == "boolean":
        _refuse(column, ~empty & ~column.isin(["true", "false"]), field, name, _EXPECTED["boolean"])
    elif field.type in _PATTERNS:
        wrong = ~empty & ~column.str.fullmatch(_PATTERNS[field.type])
        _refuse(column, wrong, field, name, _EXPECTED[field.type])
        _check_bounds(column, empty, field, told, name)
    else:
        _check_words(column, empty, field, name)
    for choices in (field.enum, told.get("enum") or ()):
        if choices:
            listed = [str(choice) for choice in choices]
            bad = ~empty & ~column.isin(listed)
            _refuse(column, bad, field, name, "one of {choices}", choices=", ".join(sorted(listed)))
    if field.unique or told.get("unique"):
        _refuse(column, ~empty & column.duplicated(), field, name, "used once only")


def _check_words(column: pd.Series[str], empty: pd.Series[bool], field: Field, name: str) -> None:
    """Refuse what would be read as a formula or turn its neighbours round wherever a table is opened."""
    if field.words == "id":
        expected = "an id of letters, digits, '.', '_' and '-'"
        _refuse(column, ~empty & ~column.str.fullmatch(ID.pattern), field, name, expected)
    elif field.words == "name":
        once = column.drop_duplicates()
        checked_names(list(once), [int(row) + 2 for row in once.index], field=field.name, file=name, empty=True)
    else:
        formula = column.str.lstrip().str.startswith(tuple(FORMULA_MARKS))
        _refuse(column, formula, field, name, "a text that begins without '=', '@' or '+'")


def _check_bounds(
    column: pd.Series[str], empty: pd.Series[bool], field: Field, told: dict[str, Any], name: str
) -> None:
    values = pd.to_numeric(column.where(~empty, "0")).to_numpy(dtype=np.float64)
    _refuse(column, pd.Series(~np.isfinite(values)), field, name, "a finite number")
    lows = [bound for bound in (field.minimum, told.get("minimum")) if bound is not None]
    highs = [bound for bound in (field.maximum, told.get("maximum")) if bound is not None]
    if lows:
        _refuse(column, ~empty & (values < max(lows)), field, name, "{least} or more", least=_short(max(lows)))
    if highs:
        _refuse(column, ~empty & (values > min(highs)), field, name, "{most} or less", most=_short(min(highs)))


def _short(bound: float) -> float:
    return int(bound) if float(bound).is_integer() else bound


def _refuse(
    column: pd.Series[str], bad: pd.Series[bool], field: Field, name: str, expected: str, **gaps: object
) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad.to_numpy(dtype=bool))[0])
        raise refuse_row(name, row, field.name, column.iloc[row], expected, **gaps)


def _typed(column: pd.Series[str], field: Field) -> pd.Series[Any]:
    empty: NDArray[np.bool_] = (column == "").to_numpy(dtype=bool)
    if field.type == "string":
        return column
    if field.type == "boolean":
        flags = pd.Series(column.to_numpy() == "true")
        return flags if field.required else flags.astype("boolean").mask(empty)
    values = pd.to_numeric(column.mask(empty), errors="raise")
    if field.type == "integer":
        return values.astype("int64") if field.required else values.astype("float64").astype("Int64")
    return values.astype("float64")
