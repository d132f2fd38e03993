"""
The error tree: one root, a few children named for the problem.

    MarkazError
    ├── InvalidInput (ValueError)      what was given is wrong: a file, a field, an array
    │   ├── Unsupported                well formed, but asks for what is not offered
    │   └── ImpossibleProgramme        the planner's demands clash; carries the clash
    ├── NotFound (LookupError)         a run, a preset, a resource that is not there
    ├── OutputRefused (OSError)        the place to write to cannot or must not be written
    ├── NotFinished (TimeoutError)     the time limit came before any answer
    ├── Unreachable (ConnectionError)  a service on the network does not answer as it should
    ├── PortInUse (OSError)            the service cannot listen where it was told to
    └── BrokenProof (RuntimeError)     a recheck disagrees with the answer: never to be shown as a plan

An error is an English sentence with named gaps, and the values that fill them.
The sentence is also the key into the language catalogue, so that a page or a
terminal can say it in Arabic: ``language.text(error.template, **error.values)``. A
value may itself be a `Phrase` of the catalogue, something `Counted`, a `Name` in both
languages, or several of them (`Phrases`). What comes from data in a value is made harmless
as the error is put together: it can neither turn nor hide the words around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from foundation.plain_text import harmless


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence of the catalogue with its values, not yet said in a language; ``str`` says it in English."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in English."""
        return self.template.format(**self.values) if self.values else self.template


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted thing as the catalogue's plural has it: ``Counted("{n} centre", "{n} centres", 1)``."""

    one: str
    many: str
    n: int

    def __str__(self) -> str:
        """Say it in English."""
        return (self.one if self.n == 1 else self.many).format(n=self.n)


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called in each language, as its data says; ``str`` says it in English."""

    en: str
    ar: str

    def __str__(self) -> str:
        """Say it in English."""
        return self.en


@dataclass(frozen=True, slots=True)
class Phrases:
    """Several phrases or names in a row, parted by `between`: a semicolon, or a comma for short ones."""

    parts: tuple[Phrase | Name | str, ...]
    between: str = "; "

    def __str__(self) -> str:
        """Say them in English."""
        return self.between.join(str(part) for part in self.parts)


MOST_SAID = 8


def listed(parts: Sequence[Phrase | Name | str], *, most: int = MOST_SAID, between: str = "; ") -> Phrases:
    """Say the first `most` (inclusive) of `parts`, and how many more there are."""
    if len(parts) <= most:
        return Phrases(tuple(parts), between)
    return Phrases((*parts[:most], Phrase("and {n} more", {"n": len(parts) - most})), between)


class MarkazError(Exception):
    """Root of every error this project raises on purpose."""

    def __init__(self, template: str, /, **values: object) -> None:
        said = {name: _harmless(value) for name, value in values.items()}
        self.template = template
        self.values = said
        super().__init__(template.format(**said) if said else harmless(template))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the values when an error crosses a process."""
        return (_rebuild, (type(self), self.template, self.values))


def _harmless(value: Any) -> Any:
    """Make the texts in a value of an error harmless, however deep they lie."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Phrase):
        return replace(value, values={name: _harmless(part) for name, part in value.values.items()})
    if isinstance(value, Name):
        return Name(harmless(value.en), harmless(value.ar))
    if isinstance(value, Phrases):
        return replace(value, parts=tuple(_harmless(part) for part in value.parts))
    return value


def _rebuild(kind: type[MarkazError], template: str, values: dict[str, object]) -> MarkazError:
    return kind(template, **values)


class InvalidInput(MarkazError, ValueError):
    """What was given is wrong. Says what was wrong, what was expected and what to do."""


class Unsupported(InvalidInput):
    """Well formed, but asks for something that is not offered; refused by name."""


class ImpossibleProgramme(InvalidInput):
    """No plan meets all the planner's demands together; ``values['clash']`` names them."""


class NotFound(MarkazError, LookupError):
    """Something asked for by name is not there."""


class OutputRefused(MarkazError, OSError):
    """The output place cannot be written, or must not be overwritten."""


class NotFinished(MarkazError, TimeoutError):
    """The time limit came before any plan; nothing is known to be impossible."""


class Unreachable(MarkazError, ConnectionError):
    """A service on the network did not answer as it should, however often it was asked."""


class PortInUse(MarkazError, OSError):
    """Another program already listens on the port."""


class BrokenProof(MarkazError, RuntimeError):
    """An independent recheck disagrees with the answer, which must then not be used."""
