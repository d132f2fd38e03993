"""
Two languages, equal: one catalogue and one number formatter (law 10).

The English sentence is the key. Arabic (locale ``ar_JO``) comes from the gettext
files in ``foundation/locale/ar/``, one file a room, read together as one
catalogue; two files that translate a sentence differently are an error.

Digits are Western (0-9) in both languages, as Jordanian official texts print
them, and every number set into a sentence is wrapped in bidi isolates, so that
``30`` or ``12.5 %`` keeps its order inside an Arabic line.
"""

from __future__ import annotations

import datetime
import functools
import io
import math
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from babel.dates import get_month_names
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

from foundation.errors import Counted, InvalidInput, MarkazError, Name, Phrase, Phrases
from foundation.plain_text import harmless

Code = Literal["ar", "en"]
CODES: tuple[Code, ...] = ("ar", "en")
_LOCALES = {"ar": "ar_JO", "en": "en"}
_ISOLATE, _POP = "\u2068", "\u2069"  # first strong isolate, pop directional isolate
_BETWEEN = {"; ": "؛ ", ", ": "، "}  # English separators and the Arabic ones
_LTR = "\u2066"  # left-to-right isolate, for numbers with signs and units


@dataclass(frozen=True, slots=True)
class Language:
    """One of the two languages a reader may choose; see `language`."""

    code: Code

    @property
    def locale(self) -> str:
        """The CLDR locale: ``ar_JO`` or ``en``."""
        return _LOCALES[self.code]

    @property
    def dir(self) -> Literal["rtl", "ltr"]:
        """Writing direction, for the HTML ``dir`` attribute."""
        return "rtl" if self.code == "ar" else "ltr"

    def text(self, sentence: str, /, **values: object) -> str:
        """
        Say an English `sentence` in this language and fill its ``{gaps}``.

        Strings are isolated so that a Latin name inside Arabic (or the reverse)
        does not reorder its neighbours; whole numbers and floats go through `number`.
        A sentence missing from the catalogue is said in English.
        """
        known = _catalogue(self.code)
        said = known.gettext(sentence)
        if said == sentence and self.code != "en":  # a whole sentence set into another goes without its full stop
            whole = known.gettext(f"{sentence}.")
            said = whole.removesuffix(".") if whole != f"{sentence}." else said
        return self._fill(said, values)

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """
        Say a counted sentence; ``{n}`` is the count. Arabic uses its six forms.

        `one` and `many` are the English forms, e.g. ``"{n} centre", "{n} centres"``.
        """
        said = _catalogue(self.code).ngettext(one, many, count)
        return self._fill(said, {"n": count, **values})

    def phrase(self, phrase: Phrase) -> str:
        """Say a phrase in this language."""
        return self.text(phrase.template, **phrase.values)

    def error(self, error: MarkazError) -> str:
        """Say an error in this language."""
        return self.text(error.template, **error.values)

    def number(self, value: float, decimals: int = 0) -> str:
        """
        Format with a grouping separator: ``11,937,000``; inf is ∞, NaN an em dash.

        Isolated left to right in Arabic text.
        """
        if math.isnan(value):
            return "—"
        if math.isinf(value):
            return self._isolated("∞" if value > 0 else "-∞")
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return self._isolated(
            format_decimal(value + 0.0 if value else 0, format=pattern, locale=self.locale, numbering_system="latn")
        )

    def year(self, value: int) -> str:
        """Format a year: no grouping separator."""
        return self._isolated(str(int(value)))

    def percent(self, share: float, decimals: int = 1) -> str:
        """
        Format a share (0.1 is 10 %); NaN is an em dash.

        A share below 1 is never shown as 100 %: where it would be rounded up to it, it is 99.9 %.
        """
        if math.isnan(share):
            return "—"
        most = 1.0 - 10.0 ** -(decimals + 2)
        if most < share < 1.0:
            share = most
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
        return self._isolated(format_percent(share, format=pattern, locale=self.locale, numbering_system="latn"))

    def date(self, value: datetime.date) -> str:
        """Format a date with the month's name as Jordan writes it."""
        month = get_month_names("wide", locale=self.locale)[value.month]
        return self._isolated(f"{value.day} {month} {value.year}", _ISOLATE)

    def name(self, names: dict[str, str] | object) -> str:
        """Pick ``name_ar`` or ``name_en`` from a mapping or row, made harmless; the other if empty."""
        first, second = (f"name_{code}" for code in ((self.code, "en") if self.code == "ar" else (self.code, "ar")))
        get = names.get if hasattr(names, "get") else functools.partial(getattr, names)
        return harmless(get(first, "") or get(second, "") or "")

    def _isolated(self, shown: str, opening: str = _LTR) -> str:
        return shown if self.code == "en" else f"{opening}{shown}{_POP}"

    def _fill(self, said: str, values: dict[str, object]) -> str:
        if not values:
            return said
        return said.format(**{key: self._value(value) for key, value in values.items()})

    def _value(self, value: object) -> object:
        """Say what fills a gap."""
        if isinstance(value, Phrase):
            return self.phrase(value)
        if isinstance(value, Counted):
            return self.plural(value.one, value.many, value.n)
        if isinstance(value, Phrases):
            between = _BETWEEN.get(value.between, value.between) if self.code == "ar" else value.between
            return between.join(str(self._value(part)) for part in value.parts)
        if isinstance(value, Name):
            value = (value.ar or value.en) if self.code == "ar" else (value.en or value.ar)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if isinstance(value, float):
            return self.number(value, 0 if value.is_integer() else 1)
        if self.code == "ar" and isinstance(value, str) and not value.startswith((_ISOLATE, _LTR)):
            return f"{_ISOLATE}{value}{_POP}"
        return value


@functools.cache
def language(code: str) -> Language:
    """
    Return the language called ``ar`` or ``en``.

    Raises
    ------
    InvalidInput
        For any other code.
    """
    for known in CODES:
        if code == known:
            return Language(known)
    raise InvalidInput("There is no language '{code}'; choose ar or en.", code=code)


@functools.cache
def _catalogue(code: Code) -> NullTranslations:
    if code == "en":
        return NullTranslations()
    merged = Catalog(locale="ar")
    folder = resources.files("foundation").joinpath("locale").joinpath(code)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".po"):
            continue
        for message in read_po(io.BytesIO(file.read_bytes()), locale="ar"):
            if not message.id or not message.string:
                continue
            known = merged.get(message.id if isinstance(message.id, str) else message.id[0])
            if known is not None and known.string != message.string:
                raise InvalidInput(
                    "{file} translates '{sentence}' differently from another catalogue file. Keep one translation.",
                    file=file.name,
                    sentence=str(message.id),
                )
            merged.add(message.id, message.string)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(fp=compiled)
