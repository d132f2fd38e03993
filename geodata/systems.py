"""
A coordinate system out of a text of somebody's, which may name no file.

A text of PROJ, WKT or PROJJSON can name files (grids of shifts, lists of systems) and chains of operations, and PROJ
opens what they name, in this process, without end if it is a pipe. So every text of a country folder, a pack, a data
file or a run folder comes through here before PROJ sees it; and PROJ never asks the network.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

from foundation.errors import InvalidInput
from foundation.reasons import reason_of

set_network_enabled(False)
LONGEST = 20_000  # characters; the longest of EPSG take some 5,000
_NO_GRID = re.compile(  # "no grid" by its name in PROJ: the usual form of Web Mercator holds it
    r"""grids["\s]*=["\s]*@null(?=["\s]|$)|parameterfile\s*\[\s*"[^"]*"\s*,\s*"@null\""""
)
_FILES = re.compile(r"""(?:grids|\b(?:init|catalog|file|model))["\s]*=|\bproj["\s]*=["\s]*pipeline|parameterfile""")


def names_a_file(text: str) -> bool:
    """
    Whether the text of a coordinate system names a file or a chain of operations.

    In any of the forms that PROJ reads: ``+nadgrids=``, ``+geoidgrids=``, ``+grids=``, ``+init=``, ``+catalog=``,
    ``+proj=pipeline``, the same inside WKT (``EXTENSION``, ``METHOD``), ``PARAMETERFILE``, and PROJJSON. ``@null`` is
    no file.
    """
    plain = text
    if "{" in text:
        try:
            plain = "\n".join(_pairs(json.loads(text, strict=False)))
        except (ValueError, RecursionError):
            return False  # no JSON: pyproj, which reads any text with a brace as JSON, refuses it
    return _FILES.search(_NO_GRID.sub("", plain.casefold())) is not None


def system_of(text: str, *, file: str = "") -> CRS:
    """
    Return the coordinate system that a text says: degrees or a plane, by code, PROJ text, WKT or PROJJSON.

    Raises
    ------
    InvalidInput
        If it names a file or a chain of operations, PROJ does not know it, or it has neither degrees nor a plane;
        `file` is what the text is said of, for the error.
    """
    try:
        return _known(text)
    except InvalidInput as error:
        if not file:
            raise
        raise InvalidInput("{file}: {problem}.", file=file, problem=reason_of(error)) from error


def _known(text: str) -> CRS:
    if names_a_file(text):
        raise InvalidInput(
            "The coordinate system '{system}' names a file or a chain of operations, which is not offered. Give the "
            "system itself, such as EPSG:32636.",
            system=text[:80],
        )
    try:
        system = CRS.from_user_input(text if len(text) <= LONGEST else "")
    except (CRSError, RecursionError) as error:
        raise InvalidInput("'{system}' is not a coordinate system that PROJ knows.", system=text[:80]) from error
    if not (system.is_geographic or system.is_projected):
        raise InvalidInput(
            "The coordinate system '{system}' has neither degrees nor a plane. Give the one of the map, such as "
            "EPSG:4326.",
            system=system.name[:80],
        )
    return system


def _pairs(value: Any, key: str = "") -> list[str]:
    """Every key and value of JSON as ``key=value``, as PROJ writes them; a parameter with a text names a file."""
    if isinstance(value, dict):
        return [pair for name, inner in value.items() for pair in (f"{name}=", *_pairs(inner, str(name)))]
    if isinstance(value, list):
        return [pair for inner in value for pair in _pairs(inner, key)]
    named = isinstance(value, str) and key.casefold() == "value" and value.casefold() != "@null"
    return [f"{key}={value}", *(["parameterfile"] if named else [])]
