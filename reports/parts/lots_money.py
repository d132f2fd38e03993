"""The money of one lot: by case of visits, at break-even, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Cell, Column, Inline, Note, Row, Span, Table, table
from reports.parts.tables import words
from reports.writing import Writer, is_missing, number_or_nan

Record = Mapping[str, Any]

EVEN = ("break_even_charge", "break_even_availability")
CASE_LABELS = {
    "low": "Low case of demand",
    "mid": "Middle case of demand",
    "high": "High case of demand",
    "recorded": "Middle case under the recorded digital curve",
}
OUTSIDE = {"below": ("below {rate}", -0.99), "above": ("above {rate}", 100.0)}
DRIVERS = {
    "take_up": "Digital take-up",
    "visits": "Visits",
    "capital": "Capital cost",
    "running": "Running cost",
    "payment": "Charge or availability payment",
    "rate": "Discount rate, percentage points",
}


def money(writer: Writer, record: Record, lot: Record) -> Table:
    """Return a lot's figures by case of visits."""
    stated = record["assumptions"]["payment"]
    charged, paid = not is_missing(stated["charge"]), not is_missing(stated["availability"])
    rows = [_case_row(writer, name, one, charged=charged, paid=paid) for name, one in lot["money"].items()]
    jod = writer.say("JOD of {year}", year=writer.year(record["price_year"]))
    columns = [
        Column(writer.say("Case of demand"), kind="text"),
        Column(writer.say("Net present value"), jod),
        Column(writer.say("Internal rate of return")),
        Column(writer.say("Payback"), writer.say("years")),
        Column(writer.say("Viability gap"), jod),
        *([Column(writer.say("Break-even charge"), writer.say("JOD a visit"))] if charged else []),
        *([Column(writer.say("Break-even availability payment"), writer.say("JOD a centre and year"))] if paid else []),
        Column(writer.say("Break-even volume"), writer.say("of the visits")),
        Column(writer.say("What the state pays, present value"), jod),
    ]
    notes = [
        Note(
            writer.say(
                "Real money before tax and financing, discounted at {rate} a year to the first year of outlay. The "
                "viability gap is the grant in that year that brings the net present value to zero. Payback counts "
                "from the first outlay, undiscounted. Each break-even figure holds all else as stated.",
                rate=writer.said_share(number_or_nan(record["assumptions"]["hurdle_rate"])),
            )
        ),
        Note(_fees(writer, lot), (Basis.MODELLED,)),
    ]
    if not is_missing(record["assumptions"]["guarantee"]) and lot["money"]["low"]["npv"] > lot["money"]["mid"]["npv"]:
        notes.append(
            Note(
                writer.say(
                    "Warning: with the guarantee the operator stands better in the low case than in the middle one. It "
                    "is paid the charge of visits that do not come and has no cost for them; a lower guarantee avoids "
                    "that."
                ),
                (Basis.MODELLED,),
            )
        )
    if any(number_or_nan(one[name]) < 0 for one in lot["money"].values() for name in EVEN):
        notes.append(
            Note(
                writer.say(
                    "Where a break-even figure is below zero, the operator earns the hurdle rate without it and could "
                    "pay as much to the state."
                )
            )
        )
    caption = writer.say("{lot}: money by case of demand", lot=_lot(writer, lot))
    return table(f"lots-money-{lot['number']}", caption, columns, rows, notes=notes, wide=True)


def _case_row(writer: Writer, name: str, one: Record, *, charged: bool, paid: bool) -> Row:
    label = CASE_LABELS.get(name)
    cells = [
        words(writer.say(label) if label else (writer.quoted(name),)),
        _figure(writer, one["npv"]),
        _rate(writer, one),
        words(writer.say("never"))
        if is_missing(one["payback_years"])
        else writer.figure(number_or_nan(one["payback_years"]), Basis.MODELLED, decimals=1),
        _figure(writer, one["viability_gap"]),
    ]
    if charged:
        cells.append(_figure(writer, one["break_even_charge"], decimals=2))
    if paid:
        cells.append(_figure(writer, one["break_even_availability"]))
    volume = number_or_nan(one["break_even_volume"])
    cells += [
        words(writer.say("none")) if is_missing(one["break_even_volume"]) else writer.share(volume, Basis.MODELLED),
        _figure(writer, one["state_pays"]),
    ]
    return Row(tuple(cells))


def _rate(writer: Writer, one: Record) -> Cell:
    if one["irr_found"] == "one":
        return writer.share(number_or_nan(one["irr"]), Basis.MODELLED)
    if one["irr_found"] == "none":
        return words(writer.say("no rate of return"))
    if one["irr_found"] in OUTSIDE:
        sentence, limit = OUTSIDE[one["irr_found"]]
        return words(writer.say(sentence, rate=writer.said_share(limit)))
    rates = writer.listed([Span(writer.percent(float(root))) for root in one["irr_roots"]])
    return words(writer.say("several, so none is meant: {rates}", rates=rates))


def _fees(writer: Writer, lot: Record) -> Inline:
    return writer.say(
        "State fees are collected and passed through to the Treasury: {fees} JOD over the term in the middle case. "
        "They are in no figure of this table and are never revenue of the operator.",
        fees=writer.said(number_or_nan(lot["state_fees"])),
    )


def sensitivity(writer: Writer, record: Record, lot: Record) -> Table:
    """Return what moves a lot's present value: digital take-up first, the others from the greatest swing down."""
    rows = []
    for one in lot["sensitivity"]:
        low, high = number_or_nan(one["npv_low"]), number_or_nan(one["npv_high"])
        rows.append(
            Row(
                (
                    words(writer.say(DRIVERS[one["driver"]])),
                    words((Span(writer.signed("±", number_or_nan(one["step"]))),)),
                    writer.figure(low, Basis.MODELLED),
                    writer.figure(high, Basis.MODELLED),
                    writer.figure(abs(high - low), Basis.MODELLED),
                )
            )
        )
    jod = writer.say("JOD of {year}", year=writer.year(record["price_year"]))
    columns = [
        Column(writer.say("Driver"), kind="text"),
        Column(writer.say("Moved by"), kind="text"),
        Column(writer.say("Net present value when lower"), jod),
        Column(writer.say("Net present value when higher"), jod),
        Column(writer.say("Swing"), jod),
    ]
    note = writer.say(
        "One driver at a time, middle case; as stated the net present value is {npv} JOD. Digital take-up stands "
        "first, because the state decides it; the others follow by their swing. The rate moves by percentage points.",
        npv=writer.said(number_or_nan(lot["money"]["mid"]["npv"])),
    )
    caption = writer.say("{lot}: what moves the net present value", lot=_lot(writer, lot))
    return table(f"lots-sensitivity-{lot['number']}", caption, columns, rows, notes=[Note(note)])


def _figure(writer: Writer, value: object, *, decimals: int = 0) -> Cell:
    if is_missing(value):
        return words(writer.say("none"))
    return writer.figure(number_or_nan(value), Basis.MODELLED, decimals=decimals)


def _lot(writer: Writer, lot: Record) -> Inline:
    return writer.say("Lot {number}", number=int(lot["number"]))
