"""
Read a table of journeys made elsewhere, in the gate's child: CSV or Parquet, long or square.

What comes back are positions and numbers; what they mean is for `planning.journeys.matrix` to say.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Unsupported
from foundation.reasons import reason_of
from geodata.columns import refused_cell
from geodata.gate.limits import Limits
from geodata.gate.plain import Arrays
from geodata.journey_csv import expect_shape

KINDS, ENDINGS = ("journeys", "parquet"), (".csv", ".parquet")
LIMITS = Limits(memory_mib=8_192, cpu_seconds=1_800, wall_seconds=2_400.0, answer_mib=2_048)
"""A pair takes 100 bytes of a square table, 150 of a long one: 50 million pairs, 30 times those of built-in Jordan."""
READER = "geodata.journey_table:read"


def read(
    path: Path, *, scratch: Path, given: Arrays, absent: bool, most_minutes: float, most_metres: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return (p,) point and site positions, minutes, and metres where the table has them.

    Parameters
    ----------
    given
        ``points`` and ``sites``: the ids of the country, in its order. The file may hold no others.
    absent
        True where an empty cell of a square table is an absent pair.
    most_minutes, most_metres
        The largest that are taken (inclusive).

    Raises
    ------
    InvalidInput
        With file and row: an unknown id, more rows than pairs, figures that are no number, NaN, infinite,
        negative or too large.
    Unsupported
        For Parquet where pyarrow is not installed.
    """
    del scratch
    points, sites = ([str(each) for each in given[name]] for name in ("points", "sites"))
    long = _long(_frame(path, len(points), len(sites)), path.name, absent)
    arrays: dict[str, Any] = {
        "point": _places(long["point_id"], points, path.name, "point_id"),
        "site": _places(long["site_id"], sites, path.name, "site_id"),
        "minutes": _figures(long["minutes"], path.name, "minutes", most_minutes),
    }
    if "metres" in long:
        arrays["metres"] = _figures(long["metres"], path.name, "metres", most_metres)
    return arrays, {}


def _frame(path: Path, points: int, sites: int) -> Any:
    import pandas as pd

    try:
        if path.suffix.casefold() == ".parquet":
            _expect_size(path, points, sites)
            return pd.read_parquet(path)
        titles = expect_shape(path, sites)
        return pd.read_csv(
            path,
            index_col=False,
            dtype={"point_id": str, "site_id": str},
            encoding="utf-8-sig",
            keep_default_na=False,  # an id may be NA or None; only an empty cell is empty
            na_values={} if "site_id" in titles else [""],
        )
    except ImportError as error:
        raise Unsupported(
            "Reading {file} needs the package pyarrow. Install it, or save the matrix as CSV.", file=path.name
        ) from error
    except (ValueError, OSError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(
            "{file} cannot be read as a table ({problem}). Save it again.", file=path.name, problem=reason_of(error)
        ) from error


def _expect_size(path: Path, points: int, sites: int) -> None:
    """Refuse a Parquet file of more rows or columns than a table of the country has, before its content is read."""
    from pyarrow import parquet  # type: ignore[import-untyped]

    told = parquet.read_metadata(path)
    names = set(told.schema.names)
    most_rows, most_columns = (points * sites, 4) if "site_id" in names else (points, sites + 1)
    if told.num_rows > most_rows or told.num_columns > most_columns:
        raise InvalidInput(
            "{file} has {rows} rows and {columns} columns; the country has {points} points and {sites} sites. Make it "
            "of these alone.",
            file=path.name,
            rows=int(told.num_rows),
            columns=int(told.num_columns),
            points=points,
            sites=sites,
        )


def _long(frame: Any, file: str, absent: bool) -> Any:
    if "point_id" not in frame:
        raise InvalidInput(
            "{file} has no column point_id. Name the columns point_id, site_id, minutes, or point_id and the site ids.",
            file=file,
        )
    if "site_id" in frame:
        if "minutes" not in frame:
            raise InvalidInput("{file} lacks the columns {missing}. Add them.", file=file, missing="minutes")
        unknown = set(frame.columns) - {"point_id", "site_id", "minutes", "metres"}
        if unknown:
            raise InvalidInput(
                "{file} has the unknown columns {unknown}. Keep point_id, site_id, minutes, metres.",
                file=file,
                unknown=", ".join(sorted(map(str, unknown)))[:200],
            )
        return frame
    if frame["point_id"].duplicated().any():
        doubled = str(frame.loc[frame["point_id"].duplicated(), "point_id"].iloc[0])
        raise InvalidInput("{file}: the row of {point} is given twice. Keep one row.", file=file, point=doubled[:60])
    long = frame.melt(id_vars="point_id", var_name="site_id", value_name="minutes", ignore_index=False)
    return long[long["minutes"].notna()] if absent else long


def _places(column: Any, known: list[str], file: str, field: str) -> NDArray[np.int32]:
    import pandas as pd

    at = pd.Index(known).get_indexer(pd.Index(column.astype(str)))
    if (at < 0).any():
        row = int(np.flatnonzero(at < 0)[0])
        raise refused_cell(file, int(column.index[row]) + 2, field, str(column.iloc[row]), "an id of the country")
    return np.asarray(at, dtype=np.int32)


def _figures(column: Any, file: str, field: str, most: float) -> NDArray[np.float64]:
    import pandas as pd

    plain = _without_other_kinds(column)
    values = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values >= 0) & (values <= most))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        value, high = str(column.iloc[row]), f"{most:g}"
        line = int(column.index[row]) + 2  # of the file, for a square table too
        raise refused_cell(file, line, field, value, "a number from {low} to {high}", low="0", high=high)
    return np.asarray(values, dtype=np.float64)


def _without_other_kinds(column: Any) -> Any:
    """Empty the cells that pandas would take for numbers and that are none: true and false, dates, spans of time."""
    import pandas as pd

    if column.dtype.kind in "bmM":
        return pd.Series(np.nan, index=column.index)
    if column.dtype.kind != "O":
        return column
    other = [isinstance(cell, (bool, np.bool_, date, time, timedelta, list, dict, np.ndarray)) for cell in column]
    return column.mask(np.array(other, dtype=bool)) if any(other) else column
