"""Names of columns that a country file states for itself, and the cell that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foundation.errors import InvalidInput, Phrase


def expect_fields(columns: Mapping[str, str], fields: Iterable[str], file: str) -> None:
    """
    Refuse a stated column (field: title) for a field that a part does not have.

    Raises
    ------
    InvalidInput
        Naming the field and those that the part has.
    """
    fields = list(fields)
    unknown = sorted(set(columns) - set(fields))
    if unknown:
        raise InvalidInput(
            "{file}: '{field}' is no field of this part; it has {known}. Correct 'columns:' in country.yaml.",
            file=file,
            field=unknown[0],
            known=", ".join(fields),
        )


def as_text(columns: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return stated columns as sorted words ``field=title``, such as for the name of a cache entry."""
    return tuple(f"{field}={title}" for field, title in sorted((columns or {}).items()))


def refused_cell(file: str, row: int, field: str, value: str, expected: str, **gaps: object) -> InvalidInput:
    """Return the error for one cell of a table; `expected` is a sentence of the catalogue, `gaps` fill it."""
    return InvalidInput(
        "{file}, row {row}: {field} is '{value}'; expected {expected}. Correct the row.",
        file=file,
        row=int(row),
        field=field,
        value=value[:60],
        expected=Phrase(expected, gaps),
    )
