"""
JSON as the standard has it: each key once, finite numbers only.

Python's reader takes the last of two equal keys, where others take the first, and NaN and
Infinity, which are no JSON: the same file would say different things to different readers.
"""

from __future__ import annotations

import json
import math
from typing import Any


def parse_json(text: str) -> Any:
    """
    Read a text of JSON.

    Raises
    ------
    ValueError
        When it is not JSON, a key is written twice in one object, or a number is not finite.
    RecursionError
        When it is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f"the key '{key}' is written twice")
        result[key] = value
    return result


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"{digits[:40]} is larger than any number")
    return value
