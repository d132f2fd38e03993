"""Which column of a stranger's file plays which part: the one that was named, else a usual name."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.errors import InvalidInput
from foundation.reasons import named


def choose(
    known: Sequence[str], wanted: dict[str, list[str]], *, optional: Sequence[str] = (), file: str
) -> dict[str, str]:
    """
    Return for each field the column of the file that plays it; optional fields may be left out.

    Parameters
    ----------
    known
        The columns of the file, in order.
    wanted
        For each field the names to look for, best first; capital and small letters, spaces
        and underscores count as the same unless one fits exactly.

    Raises
    ------
    InvalidInput
        If a field has no column, or its column is there twice.
    """
    plain = [_plain(name) for name in known]
    chosen: dict[str, str] = {}
    for field, names in wanted.items():
        exact = [name for name in names if name in known]
        alike = [known[at] for name in names for at, other in enumerate(plain) if other == _plain(name)]
        found = exact or alike
        if not found and field in optional:
            continue
        if not found or list(known).count(found[0]) > 1:
            raise InvalidInput(
                "{file}: which column is '{field}'? It has {known}, each of which may stand once. "
                "Name the column under 'columns:' in country.yaml.",
                file=file,
                field=field,
                known=named(known),
            )
        chosen[field] = found[0]
    return chosen


def _plain(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "")
