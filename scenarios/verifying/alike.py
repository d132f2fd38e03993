"""
When two figures are the same.

Made by the same versions of the parts, they are the same to the last bit. Other versions
may round the last bit otherwise: there 1e-9 of the figure is allowed, and no more.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

TOLERANCE = 1e-9


def alike(one: Any, other: Any, *, exact: bool) -> bool:
    """Tell whether two JSON values are the same."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key], exact=exact) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(alike(*pair, exact=exact) for pair in pairs)
    if not exact and isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return type(one) is type(other) and bool(one == other)


def same_table(one: bytes, other: bytes, *, exact: bool) -> bool:
    """Tell whether two files of text are the same: byte for byte, or for CSV of other versions cell by cell."""
    if exact or one == other:
        return one == other
    frames = [pd.read_csv(io.BytesIO(data), encoding="utf-8-sig", dtype={"scope_id": str}) for data in (one, other)]
    return same_frame(*frames, exact=False)


def same_frame(one: pd.DataFrame, other: pd.DataFrame, *, exact: bool) -> bool:
    """Tell whether two frames have the same columns, rows and values; missing equals missing."""
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        return False
    return all(_same_column(one[name], other[name], exact=exact) for name in one.columns)


def same_layer(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame, *, exact: bool) -> bool:
    """Tell whether two layers have the same values and shapes."""
    if one.crs != other.crs or not same_frame(_values(one), _values(other), exact=exact):
        return False
    shapes = np.asarray(one.geometry.to_numpy()), np.asarray(other.geometry.to_numpy())
    missing = shapely.is_missing(shapes[0]), shapely.is_missing(shapes[1])
    near = shapely.equals_exact(*shapes, tolerance=0.0 if exact else TOLERANCE)
    return bool(np.array_equal(*missing) and (near | missing[0]).all())


def _values(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(layer.drop(columns=layer.geometry.name))


def _same_column(first: pd.Series[Any], second: pd.Series[Any], *, exact: bool) -> bool:
    if first.dtype != second.dtype:
        return False
    if exact or not pd.api.types.is_float_dtype(first):
        return bool(first.equals(second))
    pair = first.to_numpy(np.float64), second.to_numpy(np.float64)
    return bool(np.isclose(*pair, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True).all())
