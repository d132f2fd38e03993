"""
The ``layer_styles`` table of ``plan.gpkg``: QGIS opens every layer already styled.

The table has QGIS's own columns and is registered as an attributes table, so that the
GeoPackage stays valid (OGC 12-128r17, Requirement 118). A style names only columns
that its layer has.
"""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from typing import TYPE_CHECKING, Final

from maps.qml_layers import layer_style

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.run import Run

# QGIS asks for these columns, spelt so.
_TABLE: Final = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256),
    f_table_schema TEXT(256),
    f_table_name TEXT(256),
    f_geometry_column TEXT(256),
    styleName TEXT(30),
    styleQML TEXT,
    styleSLD TEXT,
    useAsDefault BOOLEAN,
    description TEXT,
    owner TEXT(30),
    ui TEXT(30),
    update_time DATETIME DEFAULT CURRENT_TIMESTAMP
)
"""
_CONTENTS: Final = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
    "VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles for QGIS', ?)"
)
_STYLE: Final = (
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
    "styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)"
)


def write_styles(run: Run) -> None:
    """
    Add a default style for each layer of the run's ``plan.gpkg``; one already there is replaced.

    The time written is that of the run, so that the same run gives the same styles.
    """
    years = [int(year) for year in run.info["years"]]
    when = _time(str(run.info["created"]))
    with contextlib.closing(sqlite3.connect(run.path / "plan.gpkg")) as package, package:
        layers = package.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall()
        package.execute("DROP TABLE IF EXISTS layer_styles")
        package.execute("DELETE FROM gpkg_contents WHERE table_name = 'layer_styles'")
        package.execute(_TABLE)
        package.execute(_CONTENTS, (when,))
        for layer, geometry in layers:
            style = layer_style(str(layer), columns=_columns(package, str(layer)), final=max(years))
            if style is not None:
                package.execute(_STYLE, (layer, geometry, style.name, style.qml, style.description, when))
        _count(package)


def read_styles(package: Path) -> dict[str, str]:
    """Return layer name to QML, as QGIS would find them."""
    with contextlib.closing(sqlite3.connect(package)) as opened:
        rows = opened.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault ORDER BY id")
        return {str(name): str(qml) for name, qml in rows}


def _columns(package: sqlite3.Connection, layer: str) -> list[str]:
    rows = package.execute("SELECT name FROM pragma_table_info(?)", (layer,))
    return [str(name) for (name,) in rows]


def _count(package: sqlite3.Connection) -> None:
    """Keep GDAL's own table of row counts true, where there is one."""
    if package.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_ogr_contents'").fetchone():
        package.execute("DELETE FROM gpkg_ogr_contents WHERE table_name = 'layer_styles'")
        package.execute(
            "INSERT INTO gpkg_ogr_contents (table_name, feature_count) "
            "SELECT 'layer_styles', COUNT(*) FROM layer_styles"
        )


def _time(created: str) -> str:
    """Return an ISO 8601 time as GeoPackage writes it: UTC, milliseconds, Z."""
    moment = datetime.datetime.fromisoformat(created).astimezone(datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
