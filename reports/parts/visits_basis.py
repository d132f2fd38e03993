"""What the chapter of visits rests on, each with its basis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from foundation.basis import Basis
from reports.document import Inline, Item, List
from reports.parts.tables import GROUP_LABELS
from reports.writing import Writer

Record = Mapping[str, Any]
Said = tuple[Inline, tuple[Basis, ...]]


def assumptions(writer: Writer, record: Record) -> List:
    """List rates, cases, take-up, calendar, people and places that the visits rest on."""
    said = (*_amounts(writer, record), *_circumstances(writer, record))
    return List(tuple(Item(inline, basis) for inline, basis in said))


def _amounts(writer: Writer, record: Record) -> Iterator[Said]:
    services, cases = record["services"], record["cases"]
    low, mid, high = cases["low"], cases["mid"], cases["high"]
    rates = writer.say(
        "Use rates: {assumed} of {all} service lines rest on an assumption, the others on recorded volumes "
        "divided by the people they are of.",
        assumed=sum(one["basis"] == "assumed" for one in services),
        all=len(services),
    )
    yield rates, (Basis.ASSUMED, Basis.MODELLED)
    offered = writer.say(
        "A centre is taken to give every one of these services, unless the scenario says which services its kind "
        "gives. Whom an agency serves, and whether a service is bound to a governorate, is this project's own reading."
    )
    yield offered, (Basis.ASSUMED,)
    per_visit = writer.say(
        "Transactions a visit: {mid} in the middle case, {most} in the low and {least} in the high one.",
        mid=writer.said(mid["transactions_per_visit"], 2),
        most=writer.said(low["transactions_per_visit"], 2),
        least=writer.said(high["transactions_per_visit"], 2),
    )
    own = (record.get("stated") or {}).get("transactions_per_visit")
    yield per_visit, (Basis.ASSUMED if own else Basis.REPORTED,)
    times = writer.say(
        "The low case multiplies take-up by {low_take} and assumed rates by {low_rates}, the high case by "
        "{high_take} and {high_rates}.",
        low_take=writer.said(low["take_up_times"], 2),
        low_rates=writer.said(low["assumed_rates_times"], 2),
        high_take=writer.said(high["take_up_times"], 2),
        high_rates=writer.said(high["assumed_rates_times"], 2),
    )
    yield times, (Basis.ASSUMED,)
    take = writer.say(
        "Take-up is stated for: {groups}. A group without its own takes that of all. A share of {assisted} of the "
        "digital transactions is done with help at a centre.",
        groups=writer.listed([writer.say(GROUP_LABELS[group])[0] for group in record["take_up"]]),
        assisted=writer.said_share(record["assisted"]),
    )
    yield take, (Basis.ASSUMED,)


def _circumstances(writer: Writer, record: Record) -> Iterator[Said]:
    calendar = record["calendar"]
    when = writer.say(
        "Calendar: {days} open days and {hours} open hours a year; the busiest month has {peak} times the "
        "visits of a mean month.",
        days=writer.said(calendar["open_days"]),
        hours=writer.said(calendar["open_hours"]),
        peak=writer.said(calendar["peak_month_factor"], 2),
    )
    yield when, (Basis.ASSUMED,)
    yield writer.say("Residents of each year follow the recorded growth of their governorate."), (Basis.MODELLED,)
    if record["refugees"] == "return":
        yield writer.say("Registered refugees return as the scenario says."), (Basis.ASSUMED,)
    if record["non_resident"]:
        added = writer.say("Visits of people who live outside the country are added as the scenario says.")
        yield added, (Basis.ASSUMED,)
    if record["demand_at_work_share"]:
        work = writer.say(
            "A share of {share} of the visits begins at work. No workplaces are recorded; a stated rule spreads work "
            "over the urban points of each governorate.",
            share=writer.said_share(record["demand_at_work_share"]),
        )
        yield work, (Basis.ASSUMED,)
