"""The terms of a tender in words: every stated value, flagged as assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Inline, Item, List, Span
from reports.writing import Writer, is_missing, number_or_nan

Record = Mapping[str, Any]

FORMS = {
    "greenfield": "Greenfield: the operator builds, fits out and operates the centres.",
    "fit_out": "Fit-out: the state provides the buildings; the operator fits them out and operates them.",
    "operate_only": "Operate only: the state provides the fitted-out centres; the operator runs them.",
}
CONDITIONS = {
    "as_is": "At the end of the term the centres go back as they stand. The state pays {paid} of the operator's "
    "capital.",
    "good": "At the end of the term the centres go back in good condition: works of {works} of the operator's capital "
    "are done in the last year. The state pays {paid} of that capital.",
}
PAYMENTS = {
    "user_charge": "Payment by users: the operator charges {charge} JOD a visit.",
    "availability": "Availability payment: the state pays {availability} JOD a year for each centre that is open as "
    "agreed.",
    "mixed": "Mixed payment: the operator charges {charge} JOD a visit, and the state pays {availability} JOD a year "
    "for each centre that is open as agreed.",
}


def terms(writer: Writer, record: Record) -> List:
    """Return every stated term."""
    stated = record["assumptions"]
    said = [
        writer.say(FORMS[stated["form"]]),
        _term(writer, record, stated),
        _payment(writer, stated["payment"]),
        writer.say(
            "State fees are {fee} JOD a visit, collected for the Treasury.",
            fee=writer.said(number_or_nan(stated["payment"]["state_fee"]), 2),
        ),
        _levels(writer, stated),
        _hand_back(writer, stated["hand_back"]),
        writer.say(
            "Exclusivity: no new public centre within {km} km of a centre of a lot without compensation.",
            km=writer.said(number_or_nan(stated["exclusivity_km"]), 1),
        ),
        _guarantee(writer, stated),
        *_costs(writer, stated["costs"]),
        _future(writer, record, stated["future"]),
        writer.say(
            "Handling a visit elsewhere would cost {avoided} JOD.",
            avoided=writer.said(number_or_nan(stated["benefits"]["avoided_per_visit"]), 2),
        ),
        writer.say(
            "All money is in JOD of {year}, without inflation, before tax and financing. State and bidders would "
            "replace these figures by their own.",
            year=writer.year(stated["costs"]["price_year"]),
        ),
    ]
    return List(tuple(Item(one, (Basis.ASSUMED,)) for one in said))


def _term(writer: Writer, record: Record, stated: Record) -> Inline:
    return writer.say(
        "The term is {term} of operation, {first} to {last}, after {build} of preparation over which capital is spent "
        "evenly.",
        term=writer.count("{n} year", "{n} years", int(stated["term_years"])),
        first=writer.year(record.get("start")),
        last=writer.year(record.get("last")),
        build=writer.count("{n} year", "{n} years", int(stated["build_years"])),
    )


def _payment(writer: Writer, payment: Record) -> Inline:
    values: dict[str, Inline] = {}
    for name, decimals in (("charge", 2), ("availability", 0)):
        if not is_missing(payment[name]):
            values[name] = writer.said(number_or_nan(payment[name]), decimals)
    return writer.say(PAYMENTS[payment["kind"]], **values)


def _levels(writer: Writer, stated: Record) -> Inline:
    levels = stated["service_levels"]
    return writer.say(
        "Service level: open {target} of the agreed hours, expected {expected}. Each percentage point short takes "
        "{point} of the income, at most {most}; as expected {share} is deducted.",
        target=writer.said_share(number_or_nan(levels["target"])),
        expected=writer.said_share(number_or_nan(levels["expected"])),
        point=writer.said_share(number_or_nan(levels["deduction_per_point"])),
        most=writer.said_share(number_or_nan(levels["deduction_most"])),
        share=writer.said_share(number_or_nan(stated["deduction"])),
    )


def _hand_back(writer: Writer, back: Record) -> Inline:
    values = {"paid": writer.said_share(number_or_nan(back["paid_share"]))}
    if back["condition"] == "good":
        values["works"] = writer.said_share(number_or_nan(back["works_share"]))
    return writer.say(CONDITIONS[back["condition"]], **values)


def _guarantee(writer: Writer, stated: Record) -> Inline:
    if is_missing(stated["guarantee"]):
        return writer.say("No volume is guaranteed.")
    return writer.say(
        "The state guarantees {share} of the visits of the middle case: where fewer come it pays their charge.",
        share=writer.said_share(number_or_nan(stated["guarantee"])),
    )


def _costs(writer: Writer, costs: Record) -> list[Inline]:
    return [
        writer.say(
            "Capital a centre: building {building}, fit-out and equipment {fit_out}, taking over and training "
            "{mobilisation} JOD; {share} of the fit-out is renewed every {every}.",
            building=writer.said(number_or_nan(costs["building"])),
            fit_out=writer.said(number_or_nan(costs["fit_out"])),
            mobilisation=writer.said(number_or_nan(costs["mobilisation"])),
            share=writer.said_share(number_or_nan(costs["renewal_share"])),
            every=writer.count("{n} year", "{n} years", int(costs["renewal_every"])),
        ),
        writer.say(
            "Running cost: {fixed} JOD a year for a centre, and {visit} JOD a visit.",
            fixed=writer.said(number_or_nan(costs["running_fixed"])),
            visit=writer.said(number_or_nan(costs["running_per_visit"]), 2),
        ),
    ]


def _future(writer: Writer, record: Record, future: Record) -> Inline:
    said = writer.say(
        "After the programme's last year, visits are modelled as before it, with each year's residents, agencies and "
        "digital services; they grow by {growth} a year beside that. ",
        growth=writer.said_share(number_or_nan(future["growth"])),
    )
    if not future["take_up"]:
        return said + writer.say("Take-up follows the curve of the demand.")
    points = [
        writer.say("{year} {share}", year=writer.year(year), share=writer.said_share(number_or_nan(share)))
        for year, share in future["take_up"]
    ]
    comma = Span("، " if writer.language.code == "ar" else ", ")
    joined = tuple(span for point in points for span in (comma, *point))[1:]
    return said + writer.say("Take-up goes on to {points}.", points=joined)
