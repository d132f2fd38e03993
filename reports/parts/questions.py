"""What each rule costs, what more would buy, why here and not there, and what else would be about as good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.basis import Basis
from reports.document import Block, Cell, Column, Figure, Heading, Inline, Note, Paragraph, Row, Section, table
from reports.frontier_chart import frontier_chart
from reports.material import Material
from reports.parts.tables import words
from reports.writing import Writer, is_missing, number_or_nan

Record = Mapping[str, Any]
MOST_SITES = 25
MADE_LEAST = {"JOD", "centres"}  # units of a first objective that is no people
OVER = {
    "centres": "Centres operating in the final year",
    "budget": "Budget of all years, dinars",
    "budget_factor": "The budget of each year, times",
    "budget_change": "Added to the budget of each year, dinars",
    "worst_governorate": "Share promised to every governorate",
}


def prices(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on the price of each rule; None where it was not asked for."""
    found = material.info.get("rule_prices")
    title = writer.say("What each rule costs")
    if found is None:
        return _not_computed(writer, material, "rule_prices", title)
    if not found:
        return None
    unit, money = _unit(writer, found[0]["unit"]), any(not is_missing(price.get("jod_saved")) for price in found)
    rows = []
    for price in found:
        gain = number_or_nan(price["gain"])
        part = price["part"] != "line"
        if part and gain == 0:
            continue
        rows.append(
            Row(
                (
                    words((writer.name(price, "says"),)),
                    words((writer.name(price, "step"),)),
                    _gain(writer, price),
                    writer.figure(number_or_nan(price["people_gained"]), Basis.MODELLED),
                    writer.share(number_or_nan(price["worst_share_after"]), Basis.MODELLED),
                    writer.figure(number_or_nan(price.get("minutes_after")), Basis.MODELLED, decimals=1),
                    *([_jod(writer, price["jod_saved"])] if money else []),
                )
            )
        )
    columns = [
        Column(writer.say("Rule"), kind="text"),
        Column(writer.say("Loosened to"), kind="text"),
        Column(writer.say("Gain"), unit),
        Column(writer.say("More people within the standard, final year")),
        Column(writer.say("Worst governorate then")),
        Column(writer.say("Mean travel time then"), writer.say("minutes")),
        *([Column(writer.say("Money saved"), writer.say("JOD"))] if money else []),
    ]
    notes = [
        Note(
            writer.say(
                "Each line is a whole programme solved again with that one rule loosened by one step. The gain is in "
                "the first objective; the other figures are those of the plan that is then best in every objective. "
                "Where nothing is gained, the plan stays one of the best. A gain below zero is a loss: the one centre "
                "more must open, and the other rules then leave less."
            )
        )
    ]
    return Section(
        "rule-prices",
        title,
        (
            *(Paragraph(said, (Basis.MODELLED,)) for said in _sentences(writer, found)),
            table("rule-prices", writer.say("The price of each rule"), columns, rows, notes=notes),
        ),
    )


def _gain(writer: Writer, price: Record) -> Cell:
    """Write a proven gain, or what is proven of it, or that there is no plan."""
    gain, at_least = number_or_nan(price["gain"]), number_or_nan(price.get("gain_at_least"))
    if price.get("status") == "infeasible":
        return words(writer.say("no plan"))
    if price["proven"]:
        return writer.figure(gain, Basis.MODELLED)
    if is_missing(price["gain"]) and not is_missing(at_least):
        return writer.figure(at_least, Basis.MODELLED, mark=writer.say("at least"))
    return writer.figure(gain, Basis.MODELLED, mark=writer.say("not proven"))


def _jod(writer: Writer, value: object) -> Cell:
    return words(writer.say("not stated")) if is_missing(value) else writer.figure(number_or_nan(value), Basis.ASSUMED)


def _sentences(writer: Writer, found: Sequence[Record]) -> list[Inline]:
    """Say the price of each quota and each budget as a minister would ask for it."""
    said = []
    for price in found:
        what = str(price["key"]).partition(":")[0]
        if price["part"] != "line" or is_missing(price["gain"]):
            continue
        if what == "quota":
            said.append(_quota_sentence(writer, price))
        elif what == "budget" and not is_missing(price.get("step_jod")):
            said.append(_budget_sentence(writer, price))
    return said


def _quota_sentence(writer: Writer, price: Record) -> Inline:
    gain, people, unit = number_or_nan(price["gain"]), number_or_nan(price["people_gained"]), str(price["unit"])
    rule, cost = writer.name(price, "says"), writer.said(gain)
    if gain == 0:
        return writer.say("The rule “{rule}” costs nobody anything.", rule=rule)
    if unit in MADE_LEAST or unit.endswith("minutes"):
        return writer.say("The rule “{rule}” costs {gain} {unit}.", rule=rule, gain=cost, unit=_unit(writer, unit))
    if people > 0:
        return writer.say(
            "The rule “{rule}” costs {gain} {unit} within the standard; in the final year, {people} people "
            "more would be within it without the rule.",
            rule=rule,
            gain=cost,
            unit=_unit(writer, unit),
            people=writer.said(people),
        )
    return writer.say(
        "The rule “{rule}” costs {gain} {unit} within the standard.", rule=rule, gain=cost, unit=_unit(writer, unit)
    )


def _budget_sentence(writer: Writer, price: Record) -> Inline:
    gain, people = number_or_nan(price["gain"]), number_or_nan(price["people_gained"])
    year = str(price["key"]).partition(":")[2]
    values: dict[str, Inline] = {
        "more": writer.said(number_or_nan(price["step_jod"])),
        "when": writer.say("over all years") if year == "total" else writer.say("in {year}", year=writer.year(year)),
    }
    if gain == 0:
        return writer.say("{more} JOD more {when} would gain nothing.", **values)
    values |= {"gain": writer.said(gain), "unit": _unit(writer, str(price["unit"]))}
    if people <= 0:
        return writer.say("{more} JOD more {when} would gain {gain} {unit}.", **values)
    return writer.say(
        "{more} JOD more {when} would gain {gain} {unit}; in the final year, {people} people more would be within the "
        "standard.",
        people=writer.said(people),
        **values,
    )


def frontier(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on the frontier; None where it was not asked for."""
    found = material.info.get("frontier")
    title = writer.say("What more, or less, would buy")
    if found is None:
        return _not_computed(writer, material, "frontier", title)
    blocks: list[Block] = []
    for over, label in OVER.items():
        points = [point for point in found if point["over"] == over]
        if points:
            blocks += _frontier_of(writer, material, over, writer.say(label), points)
    return Section("frontier", title, tuple(blocks)) if blocks else None


def _frontier_of(writer: Writer, material: Material, over: str, label: Inline, points: Sequence[Record]) -> list[Block]:
    shares, money = over == "worst_governorate", any(not is_missing(point.get("jod")) for point in points)
    proven = [point for point in points if point["status"] == "proven_optimal"]
    drawn = sorted((float(p["at"]), float(p["people"])) for p in proven if not is_missing(p["people"]))
    blocks: list[Block] = [Heading(label)]
    if len(drawn) > 1:
        now = float(material.figures.get("centres").value or 0) if over == "centres" else None
        png, alt = frontier_chart(writer, drawn, label=label, shares=shares, now=now)
        caption = writer.say("People within the standard for each point; every point is proven by itself")
        blocks.append(Figure(f"frontier-{over}", png, caption, alt, (Basis.MODELLED,)))
    rows = []
    for point in points:
        at = number_or_nan(point["at"])
        first = words(writer.said_share(at, 0) if shares else writer.said(at, 2 if over == "budget_factor" else 0))
        rows.append(
            Row(
                (
                    first,
                    writer.figure(number_or_nan(point["people"]), Basis.MODELLED),
                    writer.share(number_or_nan(point["worst_share"]), Basis.MODELLED),
                    writer.figure(number_or_nan(point["mean_minutes"]), Basis.MODELLED, decimals=1),
                    *([_jod(writer, point["jod"])] if money else []),
                    words(writer.say(_STATUS[str(point["status"])])),
                )
            )
        )
    columns = [
        Column(label, kind="text"),
        Column(writer.say("People within the standard, final year")),
        Column(writer.say("Worst governorate")),
        Column(writer.say("Mean journey"), writer.say("minutes")),
        *([Column(writer.say("Cost of the plan"), writer.say("JOD"))] if money else []),
        Column(writer.say("Proof"), kind="text"),
    ]
    blocks.append(table(f"frontier-{over}", writer.say("The points of the frontier"), columns, rows))
    return blocks


_STATUS = {
    "proven_optimal": "proven best",
    "within_gap": "within the gap",
    "best_found": "best found",
    "infeasible": "no plan",
    "not_finished": "not finished",
}


def why_not(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on single sites; None where it was not asked for."""
    found = material.info.get("why_not")
    title = writer.say("Why here, and why not there")
    if found is None:
        return _not_computed(writer, material, "why_not", title)
    if not found:
        return None
    unit = _unit(writer, found[0]["unit"])
    chosen = [one for one in found if one["chosen"]]
    others = [one for one in found if not one["chosen"]]
    lossy = [one for one in others if one["loss"] or one["at_least"] or not one["possible"]]
    counts = {"all": writer.said(len(others)), "some": writer.said(len(lossy))}
    if all(one["proof"] == "exact" for one in others):
        caption = writer.say("What is lost when a site is forced in: those that would cost least")
        shown = sorted(others, key=lambda one: (not one["possible"], one["loss"] or 0.0))
        told = writer.say(
            "Every loss is exact: of {all} sites that were not chosen, {some} would cost something; the best plan with "
            "one of the others is as good. The file why_not.csv and the layer why_not of plan.gpkg hold every site.",
            **counts,
        )
    else:
        caption, shown = writer.say("What is lost at least when a site is forced in"), lossy
        told = writer.say(
            "Of {all} sites that were not chosen, a loss is proven for {some}; for the others nothing is proven, and "
            "they may be as good. The file why_not.csv and the layer why_not of plan.gpkg hold every site.",
            **counts,
        )
    blocks: list[Block] = []
    if chosen:
        without = writer.say("What is lost when a chosen site is left out")
        blocks.append(_sites(writer, material, without, "left-out-sites", chosen, unit))
    if shown:
        blocks.append(_sites(writer, material, caption, "forced-sites", shown, unit))
    return Section("why-not", title, (*blocks, Note(told)))


def _sites(
    writer: Writer, material: Material, caption: Inline, key: str, rows: Sequence[Record], unit: Inline
) -> Block:
    shown = []
    for one in rows[:MOST_SITES]:
        exact = one["proof"] == "exact"
        loss = number_or_nan(one["loss"] if exact else one["at_least"])
        without = writer.say("no plan without it") if one["chosen"] else writer.say("no plan with it")
        cell = writer.figure(loss, Basis.MODELLED) if one["possible"] else words(without)
        if one["possible"] and not exact and not loss:
            cell = words(writer.say("nothing is proven"))
        shown.append(
            Row(
                (
                    words((writer.name(one),)),
                    words((writer.name(material.zone(one["governorate"])),)),
                    cell,
                    words(writer.year(one.get("from_year"))),
                    words(writer.say("exact") if exact else writer.say("at least")),
                )
            )
        )
    columns = [
        Column(writer.say("Site"), kind="text"),
        Column(writer.say("Governorate"), kind="text"),
        Column(writer.say("Loss"), unit),
        Column(writer.say("Turned over from")),
        Column(writer.say("Proof"), kind="text"),
    ]
    return table(key, caption, columns, shown)


def alternatives(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on plans about as good; None where it was not asked for."""
    found = material.info.get("alternatives")
    title = writer.say("Plans about as good")
    if found is None:
        return _not_computed(writer, material, "alternatives", title)
    share = writer.said_share(number_or_nan(found["within_share"]))
    if not found["plans"]:
        said = (
            writer.say("No other plan loses less than {share} of the first objective; that is proven.", share=share)
            if found["complete"]
            else writer.say("No other plan was found in the time allowed for looking.")
        )
        return Section("alternatives", title, (Paragraph(said, (Basis.MODELLED,)),))
    rows = []
    same = writer.say("the same sites, opened in other years")
    for plan in found["plans"]:
        rows.append(
            Row(
                (
                    words(writer.said(plan["number"])),
                    writer.figure(number_or_nan(plan["loss"]), Basis.MODELLED),
                    writer.share(number_or_nan(plan["worst_share"]), Basis.MODELLED),
                    words(_places(writer, material, plan["added"]) if plan["added"] or plan["left_out"] else same),
                    words(_places(writer, material, plan["left_out"])),
                )
            )
        )
    columns = [
        Column(writer.say("Plan"), kind="text"),
        Column(writer.say("Loss"), _unit(writer, found["unit"])),
        Column(writer.say("Worst governorate")),
        Column(writer.say("In this plan and not in the first"), kind="text"),
        Column(writer.say("In the first plan and not in this"), kind="text"),
    ]
    said = writer.say(
        "Each of these plans keeps every rule and loses at most {share} of the first objective; the one most unlike "
        "all before it comes next.",
        share=share,
    )
    return Section(
        "alternatives",
        title,
        (Paragraph(said, (Basis.MODELLED,)), table("alternatives", writer.say("Other plans"), columns, rows)),
    )


def _places(writer: Writer, material: Material, ids: Sequence[str]) -> Inline:
    return writer.listed([writer.name(material.site(str(name).partition("/")[0])) for name in ids])


def _unit(writer: Writer, unit: str) -> Inline:
    return writer.say(unit)


def _not_computed(writer: Writer, material: Material, field: str, title: Inline) -> Section | None:
    note = material.info.get(f"{field}_note")
    return None if not note else Section(field.replace("_", "-"), title, (Paragraph((writer.name(note, "text"),)),))
