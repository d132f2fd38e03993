"""What an error's gaps hold, as plain JSON between the two processes of the gate: phrases keep their sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.errors import Name, Phrase, Phrases


def plain(values: Mapping[str, object]) -> dict[str, Any]:
    """Write the values of an error as JSON holds them."""
    return {key: _plain(value) for key, value in values.items()}


def again(values: Mapping[str, Any]) -> dict[str, object]:
    """Read what `plain` wrote; anything else stays as it is."""
    return {key: _again(value) for key, value in values.items()}


def _plain(value: object) -> Any:
    if isinstance(value, Phrase):
        return {"phrase": value.template, "values": plain(value.values)}
    if isinstance(value, Phrases):
        return {"parts": [_plain(part) for part in value.parts], "between": value.between}
    if isinstance(value, Name):
        return {"en": value.en, "ar": value.ar}
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _again(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("phrase"), str) and isinstance(value.get("values"), dict):
        return Phrase(value["phrase"], again(value["values"]))
    if isinstance(value.get("parts"), list):
        return Phrases(tuple(_again(part) for part in value["parts"]), str(value.get("between", "; ")))
    if {"en", "ar"} == set(value):
        return Name(str(value["en"]), str(value["ar"]))
    return str(value)
