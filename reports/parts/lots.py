"""Partnership: which centres suit private operation, and the lots a tender team works with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Block, Cell, Column, Heading, Inline, Note, Paragraph, Row, Section, Span, Table, table
from reports.material import Material
from reports.parts.lots_money import money, sensitivity
from reports.parts.lots_risks import events, failing, worth
from reports.parts.lots_terms import terms
from reports.parts.tables import words
from reports.writing import Writer, number_or_nan

Record = Mapping[str, Any]

AGAINST = {
    "kind": "not a full centre",
    "fixed": "fixed by the programme",
    "only_centre": "its governorate's only public centre",
    "last_public": "with the rest of the tender, its governorate's last public centre",
    "worst_off": "people of a worst-off governorate depend on it",
    "score": "score below the stated least",
}
CASES = {
    "low": "Visits, low case",
    "mid": "Visits, middle case",
    "high": "Visits, high case",
    "recorded": "Visits, recorded curve",
}


def lots(writer: Writer, material: Material) -> Section | None:
    """Return the chapter on partnership; None where the run has no such record."""
    record = material.info.get("partnership")
    if not record:
        return None
    title = writer.say("Partnership: lots for a tender")
    found = list(material.info.get("lots") or [])
    if not record["computed"]:
        blocks: list[Block] = [Paragraph((writer.name(record, "reason"),))]
        return Section("lots", title, tuple(blocks + _suited(writer, material, record)))
    blocks = [
        _lead(writer, record, found),
        Note(
            writer.say(
                "No cost of a centre is on record. Every amount of money rests on assumptions of the planner, listed "
                "at the end of this chapter: the figures compare lots and show what matters; they are no estimate for "
                "a budget."
            ),
            (Basis.ASSUMED,),
        ),
        *_suited(writer, material, record),
        Heading(writer.say("The lots")),
        Paragraph(_parting(writer, record), (Basis.MODELLED,)),
        _overview(writer, record, found),
    ]
    for lot in found:
        blocks += _one(writer, material, record, lot)
    blocks += [Heading(writer.say("The terms, and what the figures rest on")), terms(writer, record)]
    return Section("lots", title, tuple(blocks))


def lot_name(writer: Writer, lot: Record) -> Inline:
    """Say a lot's name by its number."""
    return writer.say("Lot {number}", number=int(lot["number"]))


def _lead(writer: Writer, record: Record, found: list[Record]) -> Paragraph:
    earning = sum(1 for lot in found if lot["money"]["mid"]["npv"] >= 0)
    said = writer.say(
        "{lots}, {centres} in all, from {first} to {last}. In the middle case and on the stated terms, {earning} of "
        "them earn the hurdle rate of {rate} a year; the others need a grant, another payment or more visits.",
        lots=writer.count("{n} lot", "{n} lots", len(found)),
        centres=writer.count("{n} centre", "{n} centres", sum(len(lot["centres"]) for lot in found)),
        first=writer.year(record["start"]),
        last=writer.year(record["last"]),
        earning=earning,
        rate=writer.said_share(number_or_nan(record["assumptions"]["hurdle_rate"])),
    )
    return Paragraph(said, (Basis.MODELLED, Basis.ASSUMED), role="lead")


def _suited(writer: Writer, material: Material, record: Record) -> list[Block]:
    if not record["centres"]:
        return []
    how = record["assumptions"]["selection"]
    rows = []
    for one in record["centres"]:
        against = [Span(writer.language.text(AGAINST[name])) for name in one["against"]]
        rows.append(
            Row(
                (
                    words((writer.name(one),)),
                    words((writer.name(material.zone(one["governorate"])),)),
                    writer.figure(number_or_nan(one["visits"]), Basis.MODELLED),
                    writer.share(number_or_nan(one["overlap"]), Basis.MODELLED),
                    writer.figure(number_or_nan(one["score"]), Basis.MODELLED, decimals=2),
                    writer.share(number_or_nan(one["worst_off_falls"]), Basis.MODELLED),
                    words(writer.listed(against) if against else writer.say("nothing")),
                    words(_operation(writer, one)),
                )
            )
        )
    columns = [
        Column(writer.say("Centre"), kind="text"),
        Column(writer.say("Governorate"), kind="text"),
        Column(writer.say("Yearly visits")),
        Column(writer.say("Overlap with public centres")),
        Column(writer.say("Score"), writer.say("0 to 1")),
        Column(writer.say("Coverage a worst-off governorate loses without it")),
        Column(writer.say("What speaks against it"), kind="text"),
        Column(writer.say("Operation"), kind="text"),
    ]
    note = writer.say(
        "The score is the weighted mean of visits over the greatest of all centres (weight {visits}) and the share of "
        "the catchment within the standard of a public centre (weight {overlap}). No score outweighs the rules: each "
        "governorate keeps a public centre outside the tender, whatever the tender takes together, and no centre is "
        "taken on which the {count} least covered governorates depend by more than {loss}. The map shows the same "
        "operators.",
        visits=writer.said(number_or_nan(how["visits_weight"]), 1),
        overlap=writer.said(number_or_nan(how["overlap_weight"]), 1),
        count=int(how["worst_off"]),
        loss=writer.said_share(number_or_nan(how["worst_off_loss"])),
    )
    caption = writer.say("Which centres suit private operation")
    return [table("lots-suited", caption, columns, rows, notes=[Note(note)], wide=True)]


def _operation(writer: Writer, one: Record) -> Inline:
    if one["in_tender"]:
        return writer.say("in the tender")
    if one.get("operator") == "private":
        return writer.say("private by its kind, outside the tender")
    return writer.say("asked for, stays public") if one.get("left_out") else writer.say("public")


def _parting(writer: Writer, record: Record) -> Inline:
    parting = record["parting"]
    if parting["status"] == "stated":
        return writer.say("The lots are those that the planner named.")
    value = (
        writer.say("present value of visits")
        if parting["unit"] == "visits"
        else writer.say("present value of the operator's income")
    )
    said = writer.say(
        "Centres are parted so that, first, the failure of one operator costs the worst-off governorates least and, "
        "second, the lots are of like value ({value}); each lot takes its share of the weak centres. ",
        value=value,
    )
    if parting["status"] == "exact":
        return said + writer.say("No other way does better: all were weighed.")
    return said + writer.say("The ways are too many to weigh all of them: this is the best that was found.")


def _overview(writer: Writer, record: Record, found: list[Record]) -> Table:
    rows = []
    for lot in found:
        visits = list(lot["visits"]["mid"].values())
        rows.append(
            Row(
                (
                    words(lot_name(writer, lot)),
                    words(writer.listed([writer.name(one) for one in lot["centres"]])),
                    writer.figure(number_or_nan(lot["people"]), Basis.MODELLED),
                    writer.figure(number_or_nan(lot["points"]), Basis.MODELLED),
                    writer.figure(number_or_nan(lot["people_within"]), Basis.MODELLED),
                    writer.share(number_or_nan(lot["overlap"]), Basis.MODELLED),
                    writer.figure(number_or_nan(visits[0]), Basis.MODELLED),
                    writer.figure(number_or_nan(visits[-1]), Basis.MODELLED),
                    writer.figure(number_or_nan(lot["capital"]), Basis.ASSUMED),
                    writer.figure(number_or_nan(lot["whole_life_cost"]), Basis.MODELLED),
                )
            )
        )
    jod = writer.say("JOD of {year}", year=writer.year(record["price_year"]))
    columns = [
        Column(writer.say("Lot"), kind="text"),
        Column(writer.say("Centres"), kind="text"),
        Column(writer.say("People of the catchment")),
        Column(writer.say("Demand points")),
        Column(writer.say("Of the people, within the standard")),
        Column(writer.say("Overlap with public centres")),
        Column(writer.say("Visits in {year}", year=writer.year(record["start"]))),
        Column(writer.say("Visits in {year}", year=writer.year(record["last"]))),
        Column(writer.say("Operator's capital"), jod),
        Column(writer.say("Whole-life cost, present value"), jod),
    ]
    note = writer.say(
        "The catchment is everyone nearest to a centre of the lot. Overlap is the share of them within the standard of "
        "a centre in no lot. Visits are those of the middle case: one factor fits them to the whole network, and a "
        "single centre may see several times more or fewer (see the chapter on visits)."
    )
    return table("lots-overview", writer.say("The lots at a glance"), columns, rows, notes=[Note(note)], wide=True)


def _one(writer: Writer, material: Material, record: Record, lot: Record) -> list[Block]:
    centres = writer.listed([writer.name(one) for one in lot["centres"]])
    blocks: list[Block] = [Heading((*lot_name(writer, lot), Span(": "), *centres))]
    if lot["service_contract"]:
        blocks.append(Note(_small(writer, record, lot), (Basis.ASSUMED,)))
    if lot["known_openings"]:
        said = writer.say(
            "Public centres of the plan that open within the exclusivity radius during the term: {names}. Bidders know "
            "them; the visits already count them, and they are not compensated.",
            names=writer.listed([writer.name(one) for one in lot["known_openings"]]),
        )
        blocks.append(Note(said, (Basis.MODELLED,)))
    for one in lot.get("below_floor") or ():
        said = writer.say(
            "{centre} falls below the floor of visits in {year}, with {least} in its leanest year of the term.",
            centre=(writer.name(one),),
            year=writer.year(one["year"]),
            least=writer.count("{n} visit", "{n} visits", int(one["least"])),
        )
        blocks.append(Note(said, (Basis.MODELLED,)))
    blocks += [_visits(writer, lot), _services(writer, record, lot)]
    blocks += [money(writer, record, lot), sensitivity(writer, record, lot)]
    blocks += events(writer, record, lot)
    return [*blocks, worth(writer, record, lot), failing(writer, material, lot)]


def _small(writer: Writer, record: Record, lot: Record) -> Inline:
    return writer.say(
        "This lot is small: its whole-life cost is {cost} JOD, below the stated {limit} JOD. A plain service contract "
        "may be the right form; preparing a partnership can cost more than it brings.",
        cost=writer.said(number_or_nan(lot["whole_life_cost"])),
        limit=writer.said(number_or_nan(record["assumptions"]["service_contract_below"])),
    )


def _visits(writer: Writer, lot: Record) -> Table:
    cases = [name for name in CASES if name in lot["visits"]]
    sure = any(lot["guaranteed"].values())
    rows = []
    for year in lot["visits"]["mid"]:
        cells: list[Cell] = [words(writer.year(year))]
        cells += [writer.figure(number_or_nan(lot["visits"][name][year]), Basis.MODELLED) for name in cases]
        if sure:
            cells.append(writer.figure(number_or_nan(lot["guaranteed"][year]), Basis.ASSUMED))
        rows.append(Row(tuple(cells)))
    columns = [Column(writer.say("Year"), kind="text"), *(Column(writer.say(CASES[name])) for name in cases)]
    if sure:
        columns.append(Column(writer.say("Minimum guaranteed volume"), writer.say("visits a year")))
    caption = writer.say("{lot}: visits by year and case", lot=lot_name(writer, lot))
    return table(f"lots-visits-{lot['number']}", caption, columns, rows)


def _services(writer: Writer, record: Record, lot: Record) -> Table:
    rows = [
        Row(
            (
                words((writer.name(one),)),
                writer.figure(number_or_nan(one["first"]), Basis.MODELLED),
                writer.figure(number_or_nan(one["last"]), Basis.MODELLED),
            )
        )
        for one in lot["services"]
    ]
    columns = [
        Column(writer.say("Service"), kind="text"),
        Column(writer.say("Visits in {year}", year=writer.year(record["start"]))),
        Column(writer.say("Visits in {year}", year=writer.year(record["last"]))),
    ]
    note = writer.say("Every year and case is in the file lot_visits.csv.")
    caption = writer.say("{lot}: visits by service, middle case", lot=lot_name(writer, lot))
    return table(f"lots-services-{lot['number']}", caption, columns, rows, notes=[Note(note)])
