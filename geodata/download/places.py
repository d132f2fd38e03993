"""GeoNames' table of a country as a plain CSV of inhabited places."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput
from geodata.gate import read_through_gate
from geodata.gate.plain import Arrays

MOST_BYTES, MOST_LINE = 2_000_000_000, 1_000_000
NOT_LIVED_IN = {"PPLH", "PPLQ", "PPLW", "PPLCH"}  # historical, abandoned, destroyed
ARABIC = re.compile(r"^[\u0621-\u064a\u0671-\u06d3 \-()]+$")
# https://download.geonames.org/export/dump/readme.txt: tab-separated, no header
ID, NAME, ASCII, OTHERS, LAT, LON, CLASS, CODE, POPULATION = 0, 1, 2, 3, 4, 5, 6, 7, 14
COLUMNS = 19
FIELDS = ("id", "name_en", "name_ar", "lon", "lat", "population")


def places_csv(zipped: Path, iso2: str, target: Path) -> int:
    """
    Write the inhabited places of a GeoNames country file as CSV: id, name_en, name_ar, lon, lat, population.

    A population of 0 means "not recorded" there and is left empty. The Arabic name is the
    first alternate name in Arabic letters alone. Returns the number of places. The zip is opened by the gate's child.

    Raises
    ------
    InvalidInput, Unsupported
        When it is no zip, lacks the country's table, or a row is not in GeoNames' form.
    """
    answer = read_through_gate("geodata.download.places:table", zipped, kinds=("zip",), options={"iso2": iso2})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows(zip(*(answer.arrays[name].tolist() for name in FIELDS), strict=True))
    target.write_text(out.getvalue(), encoding="utf-8")
    return int(answer.facts["places"])


def table(path: Path, *, scratch: Path, given: Arrays, iso2: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns of the inhabited places; runs in the child."""
    del scratch, given
    try:
        with zipfile.ZipFile(path) as archive:
            member = archive.getinfo(f"{iso2}.txt")
            if member.file_size > MOST_BYTES:
                raise InvalidInput("{file} claims {n} bytes. Not unpacked.", file=member.filename, n=member.file_size)
            with archive.open(member) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="\n") as lines:
                kept = list(_kept(lines))
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, EOFError, RuntimeError, NotImplementedError) as error:
        raise InvalidInput(
            "{file} is not the zip of GeoNames for {country}: expected {member} in it.",
            file=path.name,
            country=iso2,
            member=f"{iso2}.txt",
        ) from error
    return {name: [row[at] for row in kept] for at, name in enumerate(FIELDS)}, {"places": len(kept)}


def _kept(lines: io.TextIOWrapper) -> Iterator[list[str]]:
    """Yield the rows of inhabited places, line by line: the table is never whole in memory."""
    for number, line in enumerate(iter(lambda: lines.readline(MOST_LINE), ""), start=1):
        row = _place(line.rstrip("\r\n"), number) if line.strip() else []
        if row:
            yield row


def _place(line: str, number: int) -> list[str]:
    cells = line.split("\t")
    if len(cells) != COLUMNS:
        raise InvalidInput(
            "Row {row} of GeoNames' table has {found} columns, expected {expected}.",
            row=number,
            found=len(cells),
            expected=COLUMNS,
        )
    if cells[CLASS] != "P" or cells[CODE] in NOT_LIVED_IN:
        return []
    arabic = next((name.strip() for name in cells[OTHERS].split(",") if ARABIC.match(name.strip())), "")
    population = cells[POPULATION] if cells[POPULATION] not in {"", "0"} else ""
    return [f"GN{cells[ID]}", cells[NAME] or cells[ASCII], arabic, cells[LON], cells[LAT], population]
