"""Walk over the rows of a frame by field name, for the scripts that write the pack."""

from __future__ import annotations

from typing import Any

import pandas as pd


def rows(frame: pd.DataFrame) -> list[Any]:
    """
    Return the rows as named tuples, in order.

    >>> [row.a for row in rows(pd.DataFrame({"a": [1, 2]}))]
    [1, 2]
    """
    return list(frame.itertuples())
