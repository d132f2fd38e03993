"""
Saying things in the reader's language: sentences, names, figures.

A `Writer` turns a sentence key and values into spans, so that a renderer knows
which words are a name from the data, in which language, and which are ours.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foundation.basis import Basis
from foundation.language import Language
from foundation.plain_text import harmless
from reports.document import Cell, Inline, Span

Value = str | int | float | Span | Inline

# A gap is filled with private-use marks first, so that the catalogue chooses the sentence and
# the plural form, and the value keeps its own span.
_OPEN, _CLOSE = "\ue000", "\ue001"
_GAP = re.compile(f"\u2068?{_OPEN}(\\w+){_CLOSE}\u2069?")


def is_missing(value: object) -> bool:
    """Return True for None, NaN, a missing entry of a frame and empty text."""
    return value is None or value != value or str(value) in {"", "<NA>", "NaT", "nan", "None"}  # noqa: PLR0124


def number_or_nan(value: object) -> float:
    """Return a figure from JSON or a frame as float; missing is NaN."""
    return float("nan") if is_missing(value) else float(value)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Writer:
    """Everything the content says goes through here, in one language."""

    language: Language

    def say(self, sentence: str, /, **values: Value) -> Inline:
        """Say an English sentence in the language, its gaps filled with values that keep their spans."""
        marks = {key: f"{_OPEN}{key}{_CLOSE}" for key in values}
        return self._fill(self.language.text(sentence, **marks), values)

    def count(self, one: str, many: str, count: int, /, **values: Value) -> Inline:
        """Say a counted sentence; ``{n}`` is the count. Arabic uses its six forms."""
        marks = {key: f"{_OPEN}{key}{_CLOSE}" for key in values}
        return self._fill(self.language.plural(one, many, int(count), **marks), values)

    def people(self, value: float) -> Inline:
        """Say a number of people; "not computed" for NaN."""
        if math.isnan(value):
            return self.not_computed()
        return self.count("{n} person", "{n} people", round(value))

    def minutes(self, value: float) -> Inline:
        """Say a travel time with its unit; whole minutes are counted, others have one decimal."""
        if math.isnan(value):
            return self.not_computed()
        if float(value).is_integer():
            return self.count("{n} minute", "{n} minutes", int(value))
        return self.say("{minutes} minutes", minutes=Span(self.language.number(value, 1)))

    def not_computed(self) -> Inline:
        """Say that a figure was not computed."""
        return self.say("not computed")

    def name(self, record: Mapping[str, Any], stem: str = "name") -> Span:
        """Pick ``<stem>_ar`` or ``<stem>_en`` of a record; the other language, marked, if empty."""
        other = "en" if self.language.code == "ar" else "ar"
        own = record.get(f"{stem}_{self.language.code}")
        if not is_missing(own):
            return Span(harmless(own), isolated=True)
        foreign = record.get(f"{stem}_{other}")
        if not is_missing(foreign):
            return Span(harmless(foreign), lang=other, isolated=True)
        return Span(self.language.text("unnamed"))

    def listed(self, names: Sequence[Span]) -> Inline:
        """Set names one after the other, with the comma of the language."""
        comma = Span("، " if self.language.code == "ar" else ", ")
        return tuple(part for name in names for part in (comma, name))[1:]

    def quoted(self, text: object) -> Span:
        """Text from data that exists in one language only; Arabic letters tell which."""
        shown = harmless(text)
        lang = "ar" if re.search(r"[\u0600-\u06ff]", shown) else "en"
        return Span(shown, lang=None if lang == self.language.code else lang, isolated=True)

    def percent(self, share: float, decimals: int = 1) -> str:
        """Format a share; one that is not quite all or nothing never rounds to 100 % (see Language) or 0 %."""
        step = 10.0 ** -(decimals + 2)
        if 0.0 < share < step / 2:
            return self.signed("<", step, decimals)
        return self.language.percent(share, decimals)

    def signed(self, sign: str, share: float, decimals: int = 1) -> str:
        """Format a share with a sign before it, inside its left-to-right isolate: no language turns them around."""
        shown = self.language.percent(share, decimals)
        if self.language.code == "en":
            return f"{sign}{shown}"
        return f"{shown[0]}{sign}{shown[1:]}"  # inside the left-to-right isolate

    def said(self, value: float, decimals: int = 0) -> Inline:
        """Say a number inside a sentence that carries its own badge; "not computed" for NaN."""
        return self.not_computed() if math.isnan(value) else (Span(self.language.number(value, decimals)),)

    def said_share(self, value: float, decimals: int = 1) -> Inline:
        """Say a share inside a sentence that carries its own badge; "not computed" for NaN."""
        return self.not_computed() if math.isnan(value) else (Span(self.percent(value, decimals)),)

    def figure(self, value: float, basis: Basis | None, *, decimals: int = 0, mark: Inline = ()) -> Cell:
        """Make a cell of a number; NaN is "not computed", never zero."""
        return Cell(self.said(value, decimals), value=value, basis=None if math.isnan(value) else basis, mark=mark)

    def share(self, value: float, basis: Basis | None, *, decimals: int = 1) -> Cell:
        """Make a cell of a share (0 to 1)."""
        return Cell(self.said_share(value, decimals), value=value, basis=None if math.isnan(value) else basis)

    def year(self, value: object) -> Inline:
        """Say a year; unknown when missing."""
        if is_missing(value):
            return self.say("unknown")
        return (Span(self.language.year(int(value))),)  # type: ignore[call-overload]

    def _fill(self, said: str, values: Mapping[str, Value]) -> Inline:
        spans: list[Span] = []
        position = 0
        for gap in _GAP.finditer(said):
            if gap.start() > position:
                spans.append(Span(said[position : gap.start()]))
            spans.extend(self._spans(values[gap.group(1)]))
            position = gap.end()
        if position < len(said):
            spans.append(Span(said[position:]))
        return tuple(spans)

    def _spans(self, value: Value) -> Inline:
        if isinstance(value, Span):
            return (value,)
        if isinstance(value, tuple):
            return value
        if isinstance(value, (int, float)):
            return (Span(self.language.number(value, 0 if float(value).is_integer() else 1)),)
        return (Span(harmless(value), isolated=True),)


def plain(inline: Inline) -> str:
    """Return the text of spans without markup, for pictures and attributes; direction marks stay."""
    return "".join(f"\u2068{span.text}\u2069" if span.isolated else span.text for span in inline)
