"""The points of a frontier, held against the plan and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from scenarios.verifying.ground import PROVEN, Ground

Row = Mapping[str, Any]
# What the programme's last centres vary may help or hurt (a count is exact); these only loosen, or only bind.
_LOOSER, _TIGHTER = {"budget", "budget_factor", "budget_change"}, {"worst_governorate"}
_ROUNDING = 1e-6


def frontier_faults(rows: Sequence[Row], ground: Ground) -> Iterator[str]:
    """
    Name points that cannot be: more people than there are, another value than the plan's where a point is the
    plan, more for less.

    Of two points of a budget or of a promise, the looser one's bound is no worse than what the tighter achieves.
    """
    for row in rows:
        where = f"{row['over']} {row['at']:g}"
        if row["people"] is not None and not 0 <= row["people"] <= ground.people:
            yield f"{where}: people"
        if row["worst_share"] is not None and not 0.0 <= row["worst_share"] <= 1.0:
            yield f"{where}: worst_share"
        if (row["status"] == PROVEN) and row["value"] != row["bound"]:
            yield f"{where}: bound"
        if row["at"] == _present(str(row["over"]), ground) and _differs(row, ground):
            yield f"{where}: value"
    for over, group in groupby(rows, key=lambda row: str(row["over"])):
        points = sorted(group, key=lambda row: float(row["at"]), reverse=over in _TIGHTER)
        if over in _LOOSER | _TIGHTER:
            for tight, loose in pairwise(points):
                if tight["value"] is None or loose["bound"] is None:
                    continue
                if ground.gain(tight["value"], loose["bound"]) < -_ROUNDING:
                    yield f"{over} {loose['at']:g}: less than at {tight['at']:g}"


def _differs(row: Row, ground: Ground) -> bool:
    """Tell whether a point that is the plan itself achieves something else, both being proven."""
    if not (ground.first_proven and row["status"] == PROVEN):
        return False
    return bool(abs(row["value"] - ground.kept) > _ROUNDING)


def _present(over: str, ground: Ground) -> float:
    """Where on a frontier the programme as it stands lies."""
    programme = ground.case.request.programme
    if over == "centres":
        last = max(programme.tranches, key=lambda t: (t.operating, t.kind == "comprehensive"))
        return float(programme.number(programme.final_year, last.kind))
    budget = programme.conditions.budget
    if over == "budget":
        return float("nan") if budget is None or budget.total is None else float(budget.total)
    return 1.0 if over == "budget_factor" else 0.0
