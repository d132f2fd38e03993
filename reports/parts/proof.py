"""How the plan was chosen and what is proven, step by step, in plain words."""

from __future__ import annotations

from foundation.basis import Basis
from reports.document import Block, Cell, Column, Inline, Item, List, Paragraph, Row, Section, Span, table
from reports.material import Material, Record
from reports.parts.minutes import two_means
from reports.parts.opening import proof_paragraph
from reports.writing import Writer, number_or_nan

PROOF_WORDS = {
    "checked": "checked here, without the solver",
    "solver": "stated by the solver",
    "none": "no proof",
}
SHARE_UNITS = {"share", "0 to 1"}
BARE_UNITS = {"ranks"}  # a sum of ranks: the number says it all in a sentence
MINUTE_UNITS = {"minutes", "minute"}


def proof(writer: Writer, material: Material) -> Section:
    """Return the section on the certificate."""
    certificate = material.info["certificate"]
    stages = list(certificate["stages"])
    blocks: list[Block] = [
        Paragraph(
            writer.count(
                "The plan was chosen in {n} step. ",
                "The plan was chosen in {n} steps, the most important first. ",
                len(stages),
            )
            + writer.say(
                "Each step keeps what the steps before it achieved and uses only the freedom they left: several "
                "plans can be equally good on the first objective, and the next one decides among them."
            )
        ),
        proof_paragraph(writer, material),
        _stage_table(writer, material, stages),
        List(tuple(_stage_item(writer, stage, first=not i) for i, stage in enumerate(stages)), ordered=True),
        Paragraph(
            writer.say(
                "The bound of a step is a number that no plan keeping the earlier steps can beat. Where value and "
                "bound are equal, the step is proven. “Checked” means that this bound was recomputed here in whole "
                "numbers, by code that does not use the solver; “stated by the solver” means that only the solver "
                "vouches for it."
            )
        ),
    ]
    return Section("proof", writer.say("How the plan was chosen, and what is proven"), tuple(blocks))


def _stage_table(writer: Writer, material: Material, stages: list[Record]) -> Block:
    columns = [
        Column(writer.say("Step and objective"), kind="text"),
        Column(writer.say("Unit"), kind="text"),
        Column(writer.say("Before this step")),
        Column(writer.say("Value reached")),
        Column(writer.say("Bound: no plan does better")),
        Column(writer.say("Choices changed")),
        Column(writer.say("Proof of the answer"), kind="text"),
    ]
    rows = [
        Row(
            (
                Cell((writer.name(stage, "title"),)),
                Cell(_unit(writer, stage)),
                _before(writer, stage, first=not position),
                _stage_cell(writer, stage, "value"),
                _stage_cell(writer, stage, "bound"),
                writer.figure(number_or_nan(stage.get("moved")), Basis.MODELLED) if position else Cell(_dash()),
                Cell(writer.say(PROOF_WORDS.get(str(stage["proof"]), PROOF_WORDS["none"]))),
            )
        )
        for position, stage in enumerate(stages)
    ]
    return table(
        "stages",
        writer.say("The steps of the plan, with what each achieved and its bound"),
        columns,
        rows,
        notes=two_means(writer, material),
    )


def _stage_item(writer: Writer, stage: Record, *, first: bool) -> Item:
    """Return one step in a sentence: what it reached, what is proven, how much freedom it found."""
    value, start = number_or_nan(stage["value"]), number_or_nan(stage.get("start"))
    moved = int(number_or_nan(stage.get("moved")) if stage.get("moved") is not None else 0)
    said: Inline = (writer.name(stage, "title"), Span(": "))
    bound = number_or_nan(stage.get("bound"))
    if bound != bound:  # noqa: PLR0124 - NaN: nothing bounds it
        said += writer.say("{value} reached; no bound is known.", value=_with_unit(writer, stage, "value"))
    elif str(stage["status"]) == "proven_optimal":
        said += writer.say("{value} reached; no plan does better.", value=_with_unit(writer, stage, "value"))
    else:
        said += writer.say(
            "{value} reached; no plan does better than {bound}.",
            value=_with_unit(writer, stage, "value"),
            bound=_with_unit(writer, stage, "bound"),
        )
    if first or start != start:  # noqa: PLR0124 - NaN: nothing came before
        return Item(said, (Basis.MODELLED,))
    said += (Span(" "),)
    if value == start and moved == 0:
        said += writer.say("The steps before had already settled this: nothing changed.")
    elif value == start:
        said += writer.count(
            "The value stayed as it was, and {n} choice of place and year changed.",
            "The value stayed as it was, and {n} choices of place and year changed.",
            moved,
        )
    else:
        said += writer.count(
            "The steps before left room: it went from {start} to {value}, by changing {n} choice of place and year.",
            "The steps before left room: it went from {start} to {value}, by changing {n} choices of place and year.",
            moved,
            start=_with_unit(writer, stage, "start"),
            value=_with_unit(writer, stage, "value"),
        )
    return Item(said, (Basis.MODELLED,))


def _before(writer: Writer, stage: Record, *, first: bool) -> Cell:
    return Cell(_dash()) if first or stage.get("start") is None else _stage_cell(writer, stage, "start")


def _stage_cell(writer: Writer, stage: Record, field: str) -> Cell:
    value = number_or_nan(stage.get(field))
    unit = str(stage["unit"])
    if unit in SHARE_UNITS:
        return writer.share(value, Basis.MODELLED, decimals=2)
    counted_whole = unit not in MINUTE_UNITS or stage.get("objective") == "worst_journey"
    return writer.figure(value, Basis.MODELLED, decimals=0 if counted_whole else 2)


def _with_unit(writer: Writer, stage: Record, field: str) -> Inline:
    shown = _stage_cell(writer, stage, field).text
    return shown if str(stage["unit"]) in SHARE_UNITS | BARE_UNITS else (*shown, Span(" "), *_unit(writer, stage))


def _unit(writer: Writer, stage: Record) -> Inline:
    unit = str(stage["unit"])
    return writer.say("share of residents" if unit in SHARE_UNITS else unit)


def _dash() -> Inline:
    return (Span("–"),)
