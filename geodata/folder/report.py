"""What was read, mended, assumed, left out and refused of a country folder, for the people who must judge it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal, TypeVar

import pandas as pd

from foundation.errors import MarkazError
from foundation.language import Language, language
from foundation.plain_text import harmless
from geodata.country import Resource

Level = Literal["read", "repaired", "assumed", "left_out", "warning", "unjudged", "refused"]
LEVELS: dict[Level, str] = {
    "read": "read",
    "repaired": "repaired",
    "assumed": "assumed",
    "left_out": "left out",
    "warning": "warning",
    "unjudged": "not judged yet",
    "refused": "refused",
}
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One remark on one file; `template` with `values` is a sentence of the catalogue.

    Attributes
    ----------
    part
        Which part of the country ("population", "roads", ...).
    file
        Name in the folder; empty where it concerns none.
    """

    level: Level
    part: str
    file: str
    template: str
    values: dict[str, object] = field(default_factory=dict)

    def text(self, code: str) -> str:
        """Say it in Arabic or English."""
        return language(code).text(self.template, **self.values)


@dataclass(frozen=True, slots=True)
class DataReport:
    """
    The findings on a country folder.

    Attributes
    ----------
    findings
        In the order of reading.
    zones
        One row a zone: zone_id, name_en, name_ar, read (people of the source), factor (of a
        rescaling, else 1), people, urban, rural, points. Empty if zones or population were refused.
    files
        Each file with its sha256, source, licence and vintage, as far as they are said.
    """

    folder: str
    findings: tuple[Finding, ...]
    zones: pd.DataFrame
    files: tuple[Resource, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was refused, so that the country can be loaded."""
        return all(finding.level != "refused" for finding in self.findings)

    def lines(self, code: str) -> list[str]:
        """Return the report as lines of plain text: findings by file, then people by zone."""
        say = language(code)
        said = [
            f"{finding.file or finding.part}: {say.text(LEVELS[finding.level])}: {finding.text(code)}"
            for finding in self.findings
        ]
        said += [_zone_line(say, zone) for zone in self.zones.to_dict("records")]
        warnings = sum(finding.level == "warning" for finding in self.findings)
        if warnings:
            told = (
                "Lines marked as a warning: {count}. Nothing is refused for them, but each must be judged before these "
                "figures are used."
            )
            said.append(say.text(told, count=warnings))
        if len(self.zones):
            total = (
                "Together: {people} people. Compare this with the official figure for the country: if it is far off, "
                "the file does not hold numbers of people, or not of the whole country."
            )
            said.append(say.text(total, people=int(self.zones["people"].sum())))
        return said


def _zone_line(say: Language, zone: dict[Hashable, Any]) -> str:
    """Say the people of a zone; at the end, where it does not turn the figures round, its other name."""
    here, there = (harmless(zone[f"name_{code}"]) for code in (("ar", "en") if say.code == "ar" else ("en", "ar")))
    figures = {name: int(zone[name]) for name in ("people", "urban", "rural", "points")}
    if not there or here == there:
        said = "{zone}: {people} people, {urban} urban and {rural} rural; points: {points}"
        return say.text(said, zone=here, **figures)
    return say.text(
        "{zone}: {people} people, {urban} urban and {rural} rural; points: {points}; in Arabic: {other}",
        zone=here,
        other=there,
        **figures,
    )


class Notebook:
    """
    Findings as they come up; `error` keeps the first refusal.

    With `stop`, the first refusal is raised instead: who only wants the country need not wait for the rest.
    """

    def __init__(self, *, stop: bool = False) -> None:
        self.stop = stop
        self.part_of: dict[str, str] = {}  # path of a file in the folder -> the part that it plays
        self.findings: list[Finding] = []
        self.error: MarkazError | None = None

    def note(self, level: Level, part: str, file: str, template: str, /, **values: object) -> None:
        """Write a finding down."""
        self.findings.append(Finding(level, part, harmless(file), template, _harmless(values)))

    def refuse(self, part: str, file: str, error: MarkazError) -> None:
        """Write a refusal down, or raise it; one that names another file of the folder is filed under that file."""
        if self.stop:
            raise error
        part, file = self._filed(str(error.values.get("file", "")), part, file)
        self.error = self.error or error
        found = Finding("refused", part, harmless(file), error.template, dict(error.values))
        # A file that may not even be hashed is refused again where it is read: it is said once.
        if (found.template, found.values) not in [(one.template, one.values) for one in self._refused()]:
            self.findings.append(found)

    def _refused(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == "refused"]

    def tried(self, part: str, file: str, read: Callable[[], Read]) -> Read | None:
        """Return what `read` returns, or write its refusal down."""
        try:
            return read()
        except MarkazError as error:
            self.refuse(part, file, error)
            return None

    def unjudged(self, part: str, file: str, cause: str, *, looked: bool = False) -> None:
        """Write down that a part waits for another, `cause`, that was refused; `looked`, that its form is right."""
        if looked:
            said = "its form alone was looked at; the rest waits for '{cause}', which was refused"
            self.note("unjudged", part, file, said, cause=cause)
        else:
            self.note("unjudged", part, file, "it waits for '{cause}', which was refused", cause=cause)

    def _filed(self, name: str, part: str, file: str) -> tuple[str, str]:
        """Return the part and path of the file of that bare name, where the error names another than was being read."""
        others = {path for path in self.part_of if path == name or PurePath(path).name == name}
        if not others or name == PurePath(file).name or len(others) > 1:
            return part, file
        other = others.pop()
        return self.part_of[other], other


def _harmless(values: dict[str, object]) -> dict[str, object]:
    """Make texts from data safe to stand in a line; an error does so with its own."""
    return {name: harmless(value) if isinstance(value, str) else value for name, value in values.items()}
