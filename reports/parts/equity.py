"""Equity measured: the worst-served places, the Lorenz curve, Theil's parts, the shortfall beyond the standard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Block, Cell, Column, Figure, Heading, Inline, Note, Paragraph, Row, Section, Table, table
from reports.lorenz import lorenz_chart
from reports.material import Material
from reports.parts.coverage import SETTLEMENT_LABELS
from reports.parts.tables import country_head, group_name, words
from reports.writing import Writer, is_missing, number_or_nan

Record = Mapping[str, Any]

DENSITY = "lived_density_per_km2"
BY_LABELS = {"governorate": "Governorates", "settlement": "Settlement types"}


def equity(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on equity; None where the run has no such record."""
    record = material.info.get("equity")
    if not record or not record.get("measures"):
        return None
    blocks: list[Block] = [
        Heading(writer.say("The worst-served people")),
        *_worst(writer, material, record),
        Heading(writer.say("How travel is shared")),
        *_lorenz(writer, record),
        Heading(writer.say("Where the inequality lies")),
        *_decomposition(writer, record),
        Heading(writer.say("Inequality and journeys beyond the standard")),
        _measures(writer, material, record),
        *_not_claimed(writer, record),
    ]
    return Section("equity", writer.say("Equity, measured"), tuple(blocks))


def _worst(writer: Writer, material: Material, record: Record) -> list[Block]:
    worst = record["worst"]
    share = writer.said_share(number_or_nan(worst["people_share"]))
    people = writer.people(number_or_nan(worst["people"]))
    minutes = writer.minutes(number_or_nan(worst["from_minutes"]))
    cut_off = number_or_nan(worst["unreachable"])
    if is_missing(worst["from_minutes"]):  # even the last of them has no route
        said = writer.say(
            "The worst-served {share} of residents are {people}, all with no route in the data.",
            share=share,
            people=people,
        )
    elif cut_off > 0:
        said = writer.say(
            "The worst-served {share} of residents are {people}: those who travel {minutes} or longer, and {cut_off} "
            "with no route in the data.",
            share=share,
            people=people,
            minutes=minutes,
            cut_off=writer.people(cut_off),
        )
    else:
        said = writer.say(
            "The worst-served {share} of residents are {people}: those who travel {minutes} or longer.",
            share=share,
            people=people,
            minutes=minutes,
        )
    return [Paragraph(said, (Basis.MODELLED,)), _worst_table(writer, material, worst)]


def _worst_table(writer: Writer, material: Material, worst: Record) -> Table:
    groups = [group for group in material.figures.groups() if all(group in place for place in worst["places"])]
    rows = []
    for place in worst["places"]:
        cells = [words((writer.name(place, "place"),)), words((writer.name(material.zone(place["zone_id"])),))]
        for name in ("people", *groups, "unreachable"):
            cells.append(writer.figure(number_or_nan(place[name]), Basis.MODELLED))
        cells.append(writer.figure(number_or_nan(place["minutes"]), Basis.MODELLED, decimals=1))
        rows.append(Row(tuple(cells)))
    columns = [
        Column(writer.say("Place"), kind="text"),
        Column(writer.say("Governorate"), kind="text"),
        Column(writer.say("People")),
        *(Column(group_name(writer, group)) for group in groups),
        Column(writer.say("No route in the data")),
        Column(writer.say("Longest journey"), writer.say("minutes")),
    ]
    shown, counted = len(worst["places"]), int(worst["places_counted"])
    caption = writer.say("Places of the worst-served residents, longest journey first")
    more = writer.say(
        "{shown} of {counted} places are shown; the file worst_places.csv has all of them.",
        shown=shown,
        counted=counted,
    )
    return table("worst-places", caption, columns, rows, notes=[Note(more)] if counted > shown else [])


def _lorenz(writer: Writer, record: Record) -> list[Block]:
    curves = [
        (one["scope_id"] if one["scope"] == "settlement" else "nation", _curve_name(writer, one), one["points"])
        for one in record["lorenz"]
        if one["group"] == "all" and one["points"]
    ]
    nation = next((points for key, _, points in curves if key == "nation"), None)
    if nation is None:
        return []
    at = {round(float(share), 2): float(travel) for share, travel in nation}
    said = writer.say(
        "The half of the residents who travel least do {half} of all travel; the tenth who travel most do {tenth}.",
        half=writer.said_share(at[0.5]),
        tenth=writer.said_share(1.0 - at[0.9]),
    )
    alt = writer.say(
        "Lorenz curve of travel time: the half of the residents who travel least do {half} of all travel, the tenth "
        "who travel most {tenth}. The file lorenz.csv has every point.",
        half=writer.said_share(at[0.5]),
        tenth=writer.said_share(1.0 - at[0.9]),
    )
    png, text = lorenz_chart(writer, curves, alt)
    caption = writer.say("Lorenz curve of travel time to the nearest centre; the further it sags, the less evenly")
    return [Paragraph(said, (Basis.MODELLED,)), Figure("chart-lorenz", png, caption, text, (Basis.MODELLED,))]


def _curve_name(writer: Writer, curve: Record) -> Inline:
    if curve["scope"] == "nation":
        return writer.say("The whole country")
    return _settlement(writer, str(curve["scope_id"]))


def _settlement(writer: Writer, kind: str) -> Inline:
    label = SETTLEMENT_LABELS.get(kind)
    return writer.say(label) if label else (writer.quoted(kind),)


def _decomposition(writer: Writer, record: Record) -> list[Block]:
    found = {(one["by"], one["index"]): one for one in record["theil"]}
    between = found["governorate", "T"]
    rows = []
    for (by, index), one in found.items():
        total, apart = number_or_nan(one["total"]), number_or_nan(one["between"])
        cells = [
            words(writer.say(BY_LABELS[by])),
            words(writer.say("Theil T") if index == "T" else writer.say("Theil L")),
            *(writer.figure(number_or_nan(one[name]), Basis.MODELLED, decimals=4) for name in ("total", "within")),
            writer.figure(apart, Basis.MODELLED, decimals=4),
            writer.share(apart / total if total > 0 else float("nan"), Basis.MODELLED),
        ]
        rows.append(Row(tuple(cells)))
    columns = [
        Column(writer.say("Split by"), kind="text"),
        Column(writer.say("Theil's measure"), kind="text"),
        Column(writer.say("Whole inequality")),
        Column(writer.say("Within them")),
        Column(writer.say("Between them")),
        Column(writer.say("Share between")),
    ]
    total, apart = number_or_nan(between["total"]), number_or_nan(between["between"])
    said = writer.say(
        "Of the inequality in travel time, {share} lies between governorates and the rest within them: the smaller "
        "the first share, the more a remedy must look inside governorates.",
        share=writer.said_share(apart / total if total > 0 else float("nan")),
    )
    note = writer.say(
        "Within and between add up to the whole exactly. T weighs by travel and L by people; 0 means that everyone "
        "travels as long. Journeys longer than the cap and missing routes count as the cap of {cap}; journeys shorter "
        "than {least} count as that.",
        cap=writer.minutes(number_or_nan(record["cap_minutes"])),
        least=writer.minutes(number_or_nan(record["least_minutes"])),
    )
    caption = writer.say("Theil's measures of inequality, split")
    return [Paragraph(said, (Basis.MODELLED,)), table("theil", caption, columns, rows, notes=[Note(note)])]


def _measures(writer: Writer, material: Material, record: Record) -> Table:
    rows, dense = [], _has_density(material, record)
    for one in record["measures"]:
        if one["scope"] == "governorate" and one["group"] != "all":
            continue
        cells = [
            _place(writer, material, one),
            writer.figure(number_or_nan(one["gini"]), Basis.MODELLED, decimals=3),
            *(writer.figure(number_or_nan(one[name]), Basis.MODELLED, decimals=3) for name in ("theil_t", "theil_l")),
            writer.share(number_or_nan(one["headcount"]), Basis.MODELLED),
            *(writer.figure(number_or_nan(one[name]), Basis.MODELLED, decimals=3) for name in ("depth", "severity")),
            writer.figure(number_or_nan(one["excess_minutes"]), Basis.MODELLED, decimals=1),
        ]
        if dense:
            figure = material.figures.get(DENSITY, scope=one["scope"], scope_id=one["scope_id"], group=one["group"])
            cells.append(writer.figure(figure.value, figure.basis))
        rows.append(Row(tuple(cells), total=one["scope"] == "nation" and one["group"] == "all"))
    columns = [
        Column(writer.say("Place or group"), kind="text"),
        Column(writer.say("Gini coefficient"), writer.say("0 to 1")),
        Column(writer.say("Theil T")),
        Column(writer.say("Theil L")),
        Column(writer.say("Beyond the standard"), writer.say("share of residents")),
        Column(writer.say("Depth of the shortfall")),
        Column(writer.say("Severity of the shortfall")),
        Column(writer.say("Mean time beyond the standard"), writer.say("minutes")),
        *([Column(writer.say("Lived density"), writer.say("persons per km²"))] if dense else []),
    ]
    notes = [
        Note(
            writer.say(
                "Beyond the standard: the share of residents whose journey is longer than the standard that holds for "
                "them, missing routes included: all whom coverage does not count. Depth adds how much longer, relative "
                "to the standard, averaged over all residents; severity weighs the longest journeys more. The last "
                "time is the mean of those beyond the standard."
            )
        )
    ]
    if dense:
        lived = writer.say(
            "Lived density: the residents within 3 km of the average person, for each square kilometre. It averages "
            "over people and not over land, so that groups and settlement types have a density too."
        )
        notes.append(Note(lived, (Basis.MODELLED,)))
    caption = writer.say("Inequality of travel time, and journeys beyond the standard")
    return table("inequality", caption, columns, rows, notes=notes, wide=True)


def _has_density(material: Material, record: Record) -> bool:
    found = material.figures.get(DENSITY, scope_id=record["measures"][0]["scope_id"])
    return found.basis is not None


def _place(writer: Writer, material: Material, one: Record) -> Cell:
    if one["scope"] == "governorate":
        return words((writer.name(material.zone(one["scope_id"])),))
    if one["scope"] == "nation":
        return country_head(writer, material) if one["group"] == "all" else words(group_name(writer, one["group"]))
    kind = _settlement(writer, str(one["scope_id"]))
    if one["group"] == "all":
        return words(kind)
    return words(writer.say("{settlement}: {group}", settlement=kind, group=group_name(writer, one["group"])))


def _not_claimed(writer: Writer, record: Record) -> list[Block]:
    text = (record.get("not_claimed") or {}).get(f"text_{writer.language.code}")
    return [] if is_missing(text) else [Note((writer.quoted(text),))]
