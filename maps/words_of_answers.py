"""Rows of text from what a run answers beside the plan: visits, counters, lots, what a site costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.language import Language
from maps.figures import Figures
from maps.kinds_of_places import kind_title
from maps.words import Figure

Record = Mapping[str, Any]


def centre_answers(language: Language, figures: Figures, site: Record) -> list[Figure]:
    """Say of a centre, in the final year: its visits, its counters, its lot, and what is lost without it."""
    name = str(site["id"])
    seen, sized = _of(_rows(figures, "visits", "centres"), name), _of(_rows(figures, "capacity", "centres"), name)
    return [
        *([] if seen is None else _visits(language, figures, seen)),
        *([] if sized is None else _counters(language, sized)),
        *_lot(language, figures, name),
        *_loss(
            language,
            figures,
            str(site.get("site_id", name)),
            str(site.get("kind_id", site["kind"])),
            language.text("Lost if it stays out"),
        ),
    ]


def candidate_answers(language: Language, figures: Figures, site_id: str) -> list[Figure]:
    """Say what opening a place at a site that was not chosen would cost: a full centre first, then other kinds."""
    rows = figures.info.get("why_not") or ()
    kinds = {str(row["kind"]) for row in rows if row["site_id"] == site_id and not row["chosen"]}
    found = []
    for kind in sorted(kinds, key=lambda kind: (kind != "comprehensive", kind)):
        label = language.text("Lost if it is opened instead")
        if kind != "comprehensive":
            label = language.text("Lost if opened as: {kind}", kind=kind_title(language, figures, kind))
        found += _loss(language, figures, site_id, kind, label)
    return found


def zone_answers(language: Language, figures: Figures, year: int, zone_id: str) -> list[Figure]:
    """Say the visits of a governorate in a year, and in the final one the journeys that its centres save."""
    found = []
    visits = next((row for row in _rows(figures, "visits", "governorates") if row["zone_id"] == zone_id), None)
    if visits is not None and str(year) in visits["visits"]:
        amount = language.number(float(visits["visits"][str(year)]))
        found.append(Figure(language.text("Visits in person a year"), amount, "", "modelled"))
    saved = figures.info.get("journeys_saved") or {}
    places = [one for one in saved.get("places", ()) if (one["scope"], one["scope_id"]) == ("governorate", zone_id)]
    if places and saved["year"] == year:
        hours = language.text("hours saved: {n}", n=language.number(float(places[0]["hours"])))
        amount = language.number(float(places[0]["journeys"]))
        found.append(Figure(language.text("Journeys saved a year"), amount, hours, "modelled"))
    return found


def _visits(language: Language, figures: Figures, seen: Record) -> list[Figure]:
    amount = {case: language.number(float(count)) for case, count in seen["visits"].items()}
    between = language.text("{low} to {high} in the low and the high case", low=amount["low"], high=amount["high"])
    label = language.text("Visits in {year}", year=language.year(figures.final))
    return [Figure(label, amount["mid"], between, "modelled")]


def _counters(language: Language, sized: Record) -> list[Figure]:
    if sized["counters"] is None:  # a mobile unit brings its own
        return []
    over = float(sized["over_capacity"])
    return [
        Figure(
            language.text("Counters it needs"),
            language.number(float(sized["counters"])),
            language.text("visits over its capacity: {n}", n=language.number(over)) if over else "",
            "modelled",
        )
    ]


def _lot(language: Language, figures: Figures, name: str) -> list[Figure]:
    for lot in figures.info.get("lots") or ():
        if any(centre["id"] == name for centre in lot["centres"]):
            return [Figure(language.text("Lot of the tender"), language.number(float(lot["number"])))]
    return []


def _loss(language: Language, figures: Figures, site_id: str, kind: str, title: str) -> list[Figure]:
    rows = figures.info.get("why_not") or ()
    row = next((one for one in rows if (one["site_id"], one["kind"]) == (site_id, kind)), None)
    if row is None:
        return []
    unit = language.text(str(row["unit"]))
    if not row["possible"]:
        return [Figure(title, language.text("no plan keeps the rules then"), "", "modelled")]
    if row["loss"] is not None:
        return [Figure(title, language.number(float(row["loss"])), unit, "modelled")]
    if not row["at_least"]:
        return []
    least = language.text("at least {n}", n=language.number(float(row["at_least"])))
    return [Figure(title, least, unit, "modelled")]


def _rows(figures: Figures, field: str, part: str) -> Sequence[Record]:
    rows: Sequence[Record] = (figures.info.get(field) or {}).get(part) or ()
    return rows


def _of(rows: Sequence[Record], name: str) -> Record | None:
    return next((row for row in rows if row["id"] == name), None)
