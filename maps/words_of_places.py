"""The rows of text shown for one governorate, one centre, one candidate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from foundation.language import Language
from foundation.plain_text import harmless
from maps import words
from maps.figures import Figures, residents_year
from maps.kinds_of_places import kind_title
from maps.words import Figure
from maps.words_of_answers import centre_answers, zone_answers


def zone_rows(language: Language, figures: Figures, year: int, zone: Mapping[str, Any]) -> list[Figure]:
    """
    Say what a governorate has in `year`.

    `zone` is its row of the governorates layer. The farthest place is known for the
    final year only and says so.
    """
    zone_id = str(zone["zone_id"])

    def value(measure: str) -> float:
        return figures.value(year, measure, zone_id)

    def basis(measure: str) -> str:
        return figures.basis(year, measure, zone_id)

    rows = [
        Figure(
            language.text("People within the standard"),
            language.number(value("covered")),
            language.text("of {population}", population=language.number(value("population"))),
            basis("covered"),
        ),
        Figure(
            language.text("Outside the standard"),
            language.number(value("out_of_standard")),
            language.text("in addition, with no route in the data: {n}", n=language.number(value("unreachable"))),
            basis("out_of_standard"),
        ),
        Figure(
            language.text("Mean travel"),
            words.minutes(language, value("mean_minutes")),
            language.text("{km} km by road", km=language.number(value("mean_km"), 1)),
            basis("mean_minutes"),
        ),
        Figure(
            language.text("9 in 10 arrive within"),
            words.minutes(language, value("p90_minutes")),
            "",
            basis("p90_minutes"),
        ),
        _farthest(language, figures, zone),
        _next_opening(language, figures, year, zone_id),
        *zone_answers(language, figures, year, zone_id),
        Figure(
            language.text("Population density"),
            language.text("{density} per km²", density=language.number(value("density_per_km2"), 1)),
            "",
            basis("density_per_km2"),
        ),
    ]
    return [row for row in rows if row.value]


def _closing(language: Language, site: Mapping[str, Any]) -> list[Figure]:
    if _missing(site.get("closing_year")):
        return []
    return [Figure(language.text("Closed from"), language.year(int(site["closing_year"])))]


def site_rows(language: Language, figures: Figures, site: Mapping[str, Any]) -> list[Figure]:
    """Say what is known of a centre; unknown is said as unknown, never as zero."""
    unknown = language.text("Unknown")
    services = site.get("services_count")
    load = figures.info.get("load") or {}
    flagged = bool(site.get("load_flag")) and bool(load)
    return [
        Figure(language.text("Governorate"), harmless(site[f"governorate_{language.code}"])),
        Figure(
            language.text("Kind"),
            kind_title(language, figures, str(site["kind"])),
            language.text(words.OPERATORS.get(str(site["operator"]), str(site["operator"]))),
        ),
        Figure(
            language.text("Operating from"),
            language.year(int(site["operating_year"])),
            language.text("begun {year}", year=language.year(int(site["begun_year"])))
            if not _missing(site.get("begun_year"))
            else "",
        ),
        *_closing(language, site),
        Figure(language.text("Status"), language.text(words.STATUSES.get(str(site["status"]), str(site["status"])))),
        Figure(
            language.text("People it adds to those covered"),
            language.number(float(site["people_gained"])) if not _missing(site.get("people_gained")) else unknown,
            language.text("residents of {year}", year=language.year(residents_year(figures.info))),
            "modelled",
        ),
        Figure(
            language.text("Residents for whom it is the nearest"),
            language.number(float(site["residents_nearest"]))
            if not _missing(site.get("residents_nearest"))
            else unknown,
            language.text("above the assumed load of {limit}", limit=int(load["residents_per_centre"]))
            if flagged
            else "",
            "modelled",
        ),
        *centre_answers(language, figures, site),
        Figure(language.text("Services"), unknown if _missing(services) else language.number(float(str(services)))),
        Figure(
            language.text("Position"),
            language.text(words.POSITIONS.get(str(site["position_basis"]), str(site["position_basis"]))),
        ),
    ]


def _farthest(language: Language, figures: Figures, zone: Mapping[str, Any]) -> Figure:
    far = zone.get("farthest_minutes")
    place = harmless(zone.get(f"farthest_place_{language.code}") or "")
    if _missing(far) or not place:
        return Figure("", "")
    return Figure(
        language.text("Farthest place ({year})", year=language.year(figures.final)),
        place,
        words.minutes(language, float(str(far))),
        "modelled",
    )


def _next_opening(language: Language, figures: Figures, year: int, zone_id: str) -> Figure:
    later = [site for site in figures.sites if site["governorate"] == zone_id and int(site["operating_year"]) > year]
    label = language.text("Next opening")
    if not later:
        return Figure(label, language.text("none planned in this programme"))
    first = min(later, key=lambda site: int(site["operating_year"]))
    return Figure(label, language.name(first), language.year(int(first["operating_year"])))


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
