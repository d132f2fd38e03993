"""
A GeoPackage looked at as the SQLite database it is, before GDAL opens it.

A view is a query that runs when it is read, and a recursive one need not end: packages
with views are refused. Triggers are normal (the spatial index has some); the file is opened
read-only and unchangeable, so that none can fire. Virtual tables other than the spatial
index and generated columns are refused, as both run code of the file's.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from foundation.errors import InvalidInput
from foundation.reasons import quoted

MOST_OBJECTS = 5_000
STEPS = 5_000_000
"""Steps of SQLite's machine that looking at a package may take; a well-formed one takes some thousands."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)|--[^\n]*", re.DOTALL)
_BLANK = re.compile(r"[ \t-\r]+")
_INDEX = re.compile(
    r"""create virtual table ("(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^]]*\]|\w+) using rtree ?\("""
)
"""The spatial index of a layer, as GeoPackage has it, blanks drawn together: nothing else may be virtual."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One table of features, its columns and its rows."""

    name: str
    geometry: str
    columns: tuple[str, ...]
    rows: int


def layers_of(path: Path, *, most_rows: int) -> tuple[Layer, ...]:
    """
    Return the feature layers of a GeoPackage, without reading a feature.

    Raises
    ------
    InvalidInput
        For a file that is no GeoPackage, or is being edited, a view, a virtual table that is no spatial index,
        a generated column, or more rows than `most_rows`.
    """
    for ending in ("-wal", "-journal"):
        side = path.with_name(path.name + ending)
        if side.is_file() and side.stat().st_size:
            raise InvalidInput(
                "{file} is being edited: what was changed last lies in {side} beside it. Close the program that edits "
                "it, and try again.",
                file=path.name,
                side=side.name,
            )
    try:
        with contextlib.closing(_opened(path)) as base:
            _refuse_what_runs(base, path.name)
            return tuple(_layer(base, name, path.name, most_rows) for name in _feature_tables(base, path.name))
    except sqlite3.Error as error:
        raise InvalidInput(
            "{file} is no GeoPackage that can be read ({problem}). Export it again.",
            file=path.name,
            problem=quoted(str(error)[:120]),
        ) from error


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    base.execute("PRAGMA trusted_schema=OFF")
    base.execute("PRAGMA cell_size_check=ON")
    base.execute("PRAGMA mmap_size=0")
    left = [STEPS // 1000]

    def tick() -> int:
        left[0] -= 1
        return int(left[0] < 0)

    base.set_progress_handler(tick, 1000)
    return base


def _refuse_what_runs(base: sqlite3.Connection, name: str) -> None:
    asked = "SELECT type, name, sql, rootpage FROM sqlite_master LIMIT ?"
    objects = base.execute(asked, (MOST_OBJECTS + 1,)).fetchall()
    if len(objects) > MOST_OBJECTS:
        raise InvalidInput(
            "{file} holds more than {limit} tables. Export only what is needed.", file=name, limit=MOST_OBJECTS
        )
    for kind, title, sql, page in objects:
        if kind == "view":
            raise InvalidInput(
                "{file}: '{layer}' is a view, a query that runs when it is read. Export it as a table.",
                file=name,
                layer=str(title)[:80],
            )
        if _runs_a_module(kind, str(sql or ""), page):
            raise InvalidInput(
                "{file}: '{layer}' is a virtual table, which is not offered. Export only the tables needed.",
                file=name,
                layer=str(title)[:80],
            )


def _runs_a_module(kind: str, sql: str, page: int | None) -> bool:
    """
    Whether a table is virtual and no spatial index.

    A true table has a page of its own. The text is looked at too: with comments taken out for what it is, and as it
    stands for what is allowed, so that no comment hides the one or feigns the other.
    """
    bare = _BLANK.sub(" ", _COMMENT.sub(" ", sql).casefold()).strip()
    virtual = bare.startswith("create virtual") or (kind == "table" and not page)
    return virtual and _INDEX.match(_BLANK.sub(" ", sql.casefold()).strip()) is None


def _feature_tables(base: sqlite3.Connection, name: str) -> list[str]:
    tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= tables:
        raise InvalidInput("{file} is SQLite but no GeoPackage: its tables of contents are missing.", file=name)
    listed = base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' LIMIT 1000").fetchall()
    return [str(row[0]) for row in listed if row[0] in tables]


def _layer(base: sqlite3.Connection, table: str, name: str, most_rows: int) -> Layer:
    quoted = '"' + table.replace('"', '""') + '"'
    columns = base.execute(f"PRAGMA table_xinfo({quoted})").fetchall()
    if any(column[6] for column in columns):
        raise InvalidInput(
            "{file}: the layer '{layer}' has a generated column, which is not offered. Export it as plain values.",
            file=name,
            layer=table[:80],
        )
    found = base.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (table,)).fetchone()
    last = base.execute(f"SELECT max(rowid) FROM {quoted}").fetchone()[0]  # noqa: S608 - the name is quoted
    if int(last or 0) > most_rows:
        most = base.execute(f"SELECT count(*) FROM (SELECT 1 FROM {quoted} LIMIT ?)", (most_rows + 1,)).fetchone()[0]  # noqa: S608
        if most > most_rows:
            raise InvalidInput(
                "{file} has more than {limit} rows. Split it or thin it out.", file=name, limit=most_rows
            )
    geometry = str(found[0]) if found else ""
    plain = tuple(str(column[1]) for column in columns if column[1] != geometry)
    return Layer(name=table, geometry=geometry, columns=plain, rows=int(last or 0))
