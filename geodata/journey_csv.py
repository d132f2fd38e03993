"""The shape of a CSV of journeys, looked at before it is read whole: its header, and as many cells in every row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from foundation.errors import InvalidInput
from foundation.reasons import quoted

LONGEST_HEADER = 2_000_000  # characters
LEAST_COLUMNS = 4  # of a long table: point_id, site_id, minutes, metres


def expect_shape(path: Path, sites: int) -> list[str]:
    """
    Return the titles of the columns, once every row has one cell for each.

    Parameters
    ----------
    sites
        Of the country: a square table has a column for each at most, beside the point's.

    Raises
    ------
    InvalidInput
        For a header that is too long, too many columns or one twice, and, with its row, for a cell too many or too
        few: a reader of tables would shift the row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            titles = next((row for row in csv.reader(_beginning(stream, path.name)) if any(map(str.strip, row))), [])
            _expect_columns([title.strip() for title in titles], path.name, sites)
            _expect_cells(stream, len(titles), path.name)
    except csv.Error as error:
        raise InvalidInput(
            "{file} cannot be read as a table ({problem}). Save it again.", file=path.name, problem=quoted(str(error))
        ) from error
    return titles


def _beginning(stream: TextIO, file: str) -> Iterator[str]:
    """Yield lines, `LONGEST_HEADER` characters of them at most: a title may run over several."""
    left = LONGEST_HEADER
    while line := stream.readline(left):
        yield line
        left -= len(line)
        if left <= 0:
            raise InvalidInput(
                "{file} has no header row within {limit} characters. Make it of the ids of the country alone.",
                file=file,
                limit=LONGEST_HEADER,
            )


def _expect_columns(titles: list[str], file: str, sites: int) -> None:
    if len(titles) > max(LEAST_COLUMNS, sites + 1):
        raise InvalidInput(
            "{file} has {columns} columns; the country has {sites} sites. Make it of these alone.",
            file=file,
            columns=len(titles),
            sites=sites,
        )
    seen: set[str] = set()
    for title in titles:
        if title in seen:
            raise InvalidInput("{file} has the column {column} twice. Keep one.", file=file, column=title[:60])
        seen.add(title)


def _expect_cells(stream: TextIO, expected: int, file: str) -> None:
    for row, cells in enumerate(csv.reader(stream), start=2):
        if len(cells) != expected and any(map(str.strip, cells)):
            raise InvalidInput(
                "{file}, row {row}: {found} cells; expected {expected}, one a column. Correct the row.",
                file=file,
                row=row,
                found=len(cells),
                expected=expected,
            )
