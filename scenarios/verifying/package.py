"""Two GeoPackages held against each other as databases: what a map reads of them beside the values of the layers."""

from __future__ import annotations

import contextlib
import math
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STYLES = "layer_styles"
_SHADOW = re.compile(r"rtree_.+_(node|parent|rowid)")  # how an index is stored; what it holds is compared
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_OTHERWISE = {"gpkg_spatial_ref_sys", "gpkg_extensions"}  # worded by the libraries
_NEAR = 1e-6  # degrees; an index keeps single precision
Row = tuple[Any, ...]


def package_faults(package: Path, again: Path, *, exact: bool) -> tuple[set[str], bool]:
    """
    Compare tables, views, triggers and indexes, the registers, the keys and the spatial indexes; not the styles.

    Parameters
    ----------
    exact
        Written with the same versions: every word is the same, but for the moment of writing. Otherwise names
        and figures are compared, and what the libraries word otherwise is left open.

    Returns
    -------
    faults, open
        Names of what differs (of what is missing, its table's), and whether something was left open.
    """
    with _reading(package) as one, _reading(again) as other:
        here, made = _schema(one), _schema(other)
        faults = set(here.keys() - made.keys()) | {made[name][1] for name in made.keys() - here.keys()}
        worded = {name for name in here.keys() & made.keys() if here[name] != made[name]}
        faults |= {name for name in worded if exact or here[name][:2] != made[name][:2]}
        faults |= {
            name for name in ("application_id", "user_version") if exact and _pragma(one, name) != _pragma(other, name)
        }
        left = bool(worded - faults)
        for name in sorted(here.keys() & made.keys() - faults):
            if made[name][0] != "table" or _SHADOW.fullmatch(name):
                continue
            if _same_rows(one, other, name, exact=exact):
                continue
            if exact or name not in _OTHERWISE:
                faults.add(name)
            left = True
        faults |= {
            name for name in made if name.startswith("rtree_") and name not in faults and not _sound(one, name, made)
        }
    return faults, left and not faults


def styles_of(package: Path) -> tuple[list[Row], list[Row], list[Row]]:
    """Return the table of styles: its schema and triggers, its entry in the register, its rows; empty where none."""
    with _reading(package) as database:
        schema = database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? ORDER BY type, name", (STYLES,)
        ).fetchall()
        if not schema:
            return [], [], []
        entry = [_timeless(row) for row in _rows(database, "gpkg_contents") if STYLES in row]
        return schema, entry, _rows(database, STYLES)


@contextlib.contextmanager
def _reading(package: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"{package.resolve().as_uri()}?mode=ro", uri=True)) as database:
        yield database


def _schema(database: sqlite3.Connection) -> dict[str, tuple[str, str, str | None]]:
    """Return type, table and wording of every object by name, but for those of the styles."""
    rows = database.execute("SELECT name, type, tbl_name, sql FROM sqlite_master WHERE tbl_name != ?", (STYLES,))
    return {str(name): (str(kind), str(table), sql) for name, kind, table, sql in rows}


def _pragma(database: sqlite3.Connection, name: str) -> Any:
    return database.execute(f"PRAGMA {name}").fetchone()


def _rows(database: sqlite3.Connection, table: str) -> list[Row]:
    quoted = table.replace('"', '""')
    return database.execute(f'SELECT * FROM "{quoted}" ORDER BY 1').fetchall()  # noqa: S608 - quoted above


def _same_rows(one: sqlite3.Connection, other: sqlite3.Connection, table: str, *, exact: bool) -> bool:
    pair = [_rows(database, table) for database in (one, other)]
    if table.startswith(("gpkg_", "sqlite_")):
        pair = [sorted((_timeless(row) for row in rows if STYLES not in row), key=repr) for rows in pair]
    if exact:
        return bool(pair[0] == pair[1])
    return len(pair[0]) == len(pair[1]) and all(
        len(a) == len(b) and all(map(_near, a, b)) for a, b in zip(*pair, strict=True)
    )


def _near(one: Any, other: Any) -> bool:
    """Tell whether two cells are the same to what other versions may round; shapes are compared as shapes elsewhere."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_NEAR, abs_tol=_NEAR)
    return type(one) is type(other) and (isinstance(one, bytes) or bool(one == other))


def _timeless(row: Row) -> Row:
    """Leave out when a row was written, where that is a time."""
    return tuple("" if isinstance(cell, str) and _TIME.fullmatch(cell) else cell for cell in row)


def _sound(database: sqlite3.Connection, name: str, made: dict[str, tuple[str, str, str | None]]) -> bool:
    """Tell whether a spatial index is whole, as SQLite itself checks it."""
    if made[name][0] != "table" or _SHADOW.fullmatch(name):
        return True
    return bool(database.execute("SELECT rtreecheck(?)", (name,)).fetchone()[0] == "ok")
