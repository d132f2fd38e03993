"""What kind of place a site is: its title in the planner's words, and the sign that stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.language import Language
from foundation.plain_text import harmless
from maps import words
from maps.figures import Figures


def kind_title(language: Language, figures: Figures, kind: str) -> str:
    """Return the title that the scenario gives a kind, or what a kind without one is called."""
    if kind in words.KINDS:
        return language.text(words.KINDS[kind])
    for each in figures.info["programme"].get("kinds") or ():
        if each["id"] == kind:
            return harmless(str(each[f"title_{language.code}"]))
    return kind


def sign_of(site: Mapping[str, Any]) -> str:
    """Return "comprehensive", "partial", "agency" or "mobile": which sign a place has."""
    if site["kind"] == "partial":
        return "partial"
    form = str(site.get("form") or "")
    return form if form in words.FORMS else "comprehensive"


def signs_shown(language: Language, figures: Figures) -> list[tuple[str, str]]:
    """Return (sign, title) of the places besides comprehensive centres, each kind once, in the plan's order."""
    found: dict[str, tuple[str, str]] = {}
    for site in figures.sites:
        if sign_of(site) != "comprehensive":
            found.setdefault(str(site["kind"]), (sign_of(site), kind_title(language, figures, str(site["kind"]))))
    return list(found.values())
