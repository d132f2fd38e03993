"""
What is wrong with a field of a file or a setting, in sentences of the catalogue.

The library that checks fields reports each fault as a mapping (``type``, ``loc``,
``input``, ``ctx``) with words of its own, in English only. Common kinds are said here;
what a section's own check raises as an error of the tree is said as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from foundation.errors import MarkazError, Phrase, Phrases, listed

MOST_SHOWN = 60  # characters of a value

_WHOLE, _NUMBER = "write a whole number", "write a number, such as 30 or 0.5"
_LINES = "write 'key: value' lines below it"

# kind of fault -> what to write; gaps are of the fault's own context
WANTED: Mapping[str, str] = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": "write a smaller number",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "write a finite number",
    "string_type": "write text, in quotes where it looks like a number",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "list_type": "write a list, such as [a, b]",
    "tuple_type": "write a list, such as [a, b]",
    "dict_type": _LINES,
    "model_type": _LINES,
    "model_attributes_type": _LINES,
    "literal_error": "write one of: {choices}",
    "union_tag_invalid": "write one of: {choices}",
    "union_tag_not_found": "add {discriminator}",
    "greater_than": "write a number above {gt}",
    "greater_than_equal": "write {ge} or more",
    "less_than": "write a number below {lt}",
    "less_than_equal": "write {le} or less",
    "multiple_of": "write a multiple of {multiple_of}",
    "string_too_short": "write at least {min_length} characters",
    "string_too_long": "write at most {max_length} characters",
    "string_pattern_mismatch": "its form must be {pattern}",
    "too_short": "write at least {min_length} entries",
    "too_long": "write at most {max_length} entries",
    "none_required": "leave it empty",
}
_PATTERNS: Mapping[str, str] = {
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": (
        "write Latin letters, digits, dots, hyphens and underscores only, first a letter or digit"
    ),
}


def faults_in_words(faults: Iterable[Mapping[str, Any]]) -> Phrases:
    """Say every fault, the first few of many."""
    return listed([fault_in_words(fault) for fault in faults])


def fault_in_words(fault: Mapping[str, Any]) -> Phrase:
    """Say where a field is wrong, what stands there and what to write."""
    where = ".".join(str(part) for part in fault["loc"]) or Phrase("the file")
    if fault["type"] == "missing":
        return Phrase("'{where}' is missing; add it", {"where": where})
    meant = str((fault.get("ctx") or {}).get("meant", ""))
    if fault["type"] == "extra_forbidden" and meant:
        said = {"where": where, "meant": meant}
        return Phrase("'{where}' is not a known field; write '{meant}' if that is meant", said)
    if fault["type"] == "extra_forbidden":
        return Phrase("'{where}' is not a known field; remove it or correct its spelling", {"where": where})
    raised = (fault.get("ctx") or {}).get("error")
    if raised is not None:
        return Phrase("'{where}': {problem}", {"where": where, "problem": wanted(fault)})
    return Phrase(
        "'{where}' is {found}; {wanted}", {"where": where, "found": shown(fault["input"]), "wanted": wanted(fault)}
    )


def wanted(fault: Mapping[str, Any]) -> Phrase:
    """Say what a faulty field should hold, as the part of a sentence."""
    kind, context = str(fault["type"]), dict(fault.get("ctx") or {})
    raised = context.get("error")
    if isinstance(raised, MarkazError):
        return Phrase(raised.template.rstrip("."), raised.values)
    if raised is not None:
        return Phrase("{words}", {"words": str(raised).rstrip(".")})
    if kind == "string_pattern_mismatch" and context.get("pattern") in _PATTERNS:
        return Phrase(_PATTERNS[str(context["pattern"])])
    choices = str(context.get("expected", context.get("expected_tags", "")))
    values: dict[str, object] = {key: _plain(value) for key, value in context.items()}
    values["choices"] = choices.replace(" or ", ", ").replace("'", "")
    if kind not in WANTED:
        return Phrase("this is not accepted here ({kind})", {"kind": kind})
    return Phrase(WANTED[kind], values)


def shown(value: object) -> Phrase | str:
    """Say a value as the file has it, cut where it is long; a list or a mapping by its name."""
    if value is None:
        return Phrase("empty")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return Phrase("a list")
    if isinstance(value, dict):
        return Phrase("a group of 'key: value' lines")
    text = f"'{value}'" if isinstance(value, str) else _digits(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _plain(value: object) -> str:
    """A limit as a planner writes it: no grouping of digits, whole floats without their nought."""
    return _digits(int(value)) if isinstance(value, float) and value.is_integer() else _digits(value)


def _digits(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # a whole number of thousands of digits
        return "…"
