"""Floors as the lines of the file they are: which line a floor of the problem belongs to, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from foundation.errors import Name, Phrase, listed
from planning.aims import CoverFloor, Objectives

MOST_PARTS = 12
_GROUPS = {"elderly": "Elderly (60 and over)", "disabled": "People with disabilities"}
_EACH = {
    "nation": "the nation",
    "governorate": "each governorate",
    "settlement": "each settlement type",
    "group": "each group",
}
STEPS = 1000  # shares are loosened by tenths of a per cent


def line_of_floor(name: str, objectives: Objectives) -> CoverFloor | None:
    """Return the line of ``floor:governorate:JO-MN:2025``: the one that names its part, else the one for each part."""
    kind, _, rest = name.partition(":")
    scope, _, rest = rest.partition(":")
    part, _, year = rest.rpartition(":")
    if kind != "floor":
        return None
    fitting = [
        floor
        for floor in objectives.floors
        if floor.scope == scope and floor.which in ("", part) and (floor.from_year or 0) <= int(year)
    ]
    return max(fitting, key=lambda floor: floor.which, default=None)


def part_of_floor(name: str) -> str:
    """Return the part that ``floor:governorate:JO-MN:2025`` is of."""
    return name.split(":", 2)[2].rpartition(":")[0]


def setting_of(floor: CoverFloor) -> str:
    """Say a floor's demand as the file has it."""
    if floor.share is not None:
        return f"share: {floor.share:g}"
    return f"people: {floor.people}" if floor.people is not None else "all_within_reach: true"


def floor_in_words(floor: CoverFloor, parts: Sequence[Name | str]) -> Phrase:
    """Say a floor, and the parts where it clashes."""
    values: dict[str, object] = {"whom": whom(floor), "setting": setting_of(floor)}
    if floor.scope == "nation" or floor.which:
        return Phrase("the floor of people within the standard for {whom} ({setting})", values)
    return Phrase(
        "the floor of people within the standard for {whom} ({setting}; here: {parts})",
        values | {"parts": listed(parts, most=MOST_PARTS, between=", ")},
    )


def whom(floor: CoverFloor) -> Phrase:
    """Say of whom a floor is."""
    if floor.which in _GROUPS:
        return Phrase(_GROUPS[floor.which])
    if floor.which:
        return Phrase("{which}", {"which": floor.which})
    return Phrase(_EACH[floor.scope])


def lower_shares(floor: CoverFloor) -> list[float]:
    """Return the tenths of a per cent below a floor's share, the nearest first; nothing for other floors."""
    if floor.share is None:
        return []
    exact = Fraction(str(floor.share)) * STEPS
    nearest = int(exact) - (1 if exact == int(exact) else 0)
    return [whole / STEPS for whole in range(nearest, 0, -1)]
