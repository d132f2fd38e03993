"""The prices of the programme's rules, held against the plan, their own arithmetic and the places they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planning.siting.questions.loosening import Loosening
from scenarios.studies.answer_rows import figures_row, said
from scenarios.verifying.alike import alike
from scenarios.verifying.ground import PROVEN, Ground

Row = Mapping[str, Any]
_WORDS = {PROVEN, "within_gap", "best_found", "infeasible", "not_finished"}


def price_faults(rows: Sequence[Row], ground: Ground, *, exact: bool) -> Iterator[str]:
    """Name rows and fields that contradict the plan, the scenario's lines, the places or each other."""
    if not rows:
        return
    part = ground.case.scenario.settings.questions.rule_prices
    steps = None if part is None else part.steps()
    if steps is not None:
        lines = list(Loosening(ground.case.request, ground.case.journeys, steps).changes())
        told = [row for row in rows if row["part"] == "line"]
        if [row["key"] for row in told] != [line.key for line in lines]:
            yield "keys"
        for row, line in zip(told, lines, strict=False):
            words = said("says", line.says) | said("step", line.step)
            yield from (f"{row['key']}: {name}" for name, value in words.items() if row[name] != value)
            if row["step_jod"] != line.step_jod:
                yield f"{row['key']}: step_jod"
    for row in rows:
        yield from (f"{row['key']}: {name}" for name in _faults(row, ground, exact=exact))


def _faults(row: Row, ground: Ground, *, exact: bool) -> Iterator[str]:
    expected = {"kept": float(ground.kept), "proven": row["status"] == PROVEN and ground.first_proven}
    expected |= figures_row("before", ground.before)
    if row["status"] not in _WORDS:
        yield "status"
    if row["settled"] and not ground.all_proven:
        yield "settled"
    yield from _gain_faults(row, ground)
    places = ground.places
    opened, closed = set(row["opened"]), set(row["closed"])
    if row["relaxed"] is None:
        expected |= {name: None for name in row if name.endswith("_after")} | {"people_gained": None, "jod_saved": None}
        expected |= {"opened": [], "closed": []}
    elif not opened <= ground.options.keys() - places or not closed <= places:
        yield "opened, closed"
    else:
        after = ground.figures((places - closed) | opened)
        expected |= {name: value for name, value in figures_row("after", after).items() if name != "jod_after"}
        expected["people_gained"] = after.people - ground.before.people
        money = row["jod_before"], row["jod_after"]
        expected["jod_saved"] = None if None in money else money[0] - money[1]
    yield from (name for name, value in expected.items() if not alike(row[name], value, exact=exact))


def _gain_faults(row: Row, ground: Ground) -> Iterator[str]:
    """Say which figures of a gain do not follow from both sides and their proof."""
    relaxed = row["relaxed"]
    gain = None if relaxed is None else ground.gain(row["kept"], relaxed)
    if row["gain"] != (gain if row["proven"] else None):
        yield "gain"
    if row["gain_at_least"] != (gain if ground.first_proven else None):
        yield "gain_at_least"
    most, least = row["gain_at_most"], row["gain_at_least"]
    crossed = most is not None and least is not None and most < least
    if crossed or (row["proven"] and most != gain):
        yield "gain_at_most"
