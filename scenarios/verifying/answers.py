"""
What the optimizer answered beside the plan, held against all that needs no solver.

Its answers follow from nothing in the run; but their tables and layers follow from run.json, and
much of run.json from the plan, the people and the sites that an answer itself names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from foundation.errors import Phrase
from foundation.language import CODES, language
from scenarios.run import Run
from scenarios.studies import STUDIES
from scenarios.studies.answer_rows import answer_tables
from scenarios.studies.questions import NO_MISS, NO_SUM
from scenarios.tables import csv_bytes
from scenarios.verifying.alike import same_table
from scenarios.verifying.check import Check, differing
from scenarios.verifying.frontier import frontier_faults
from scenarios.verifying.ground import Ground
from scenarios.verifying.prices import price_faults
from scenarios.verifying.remade import Remade

Rows = Sequence[Mapping[str, Any]]


def answers_check(run: Run, again: Remade, *, exact: bool) -> Check | None:
    """Compare what needs no solver; None where the run holds no such answer and asked for none."""
    wrong = set(_presence_faults(run, again))
    there = [name for name in solved_names("fields") if name in run.info]
    if not there and not wrong:
        return None
    name = Phrase("Answers of the optimizer beside the plan agree with it, as far as no solver is needed")
    if wrong:
        return differing(name, wrong, Phrase("{n} fields", {"n": len(there)}))
    for file, table in answer_tables(run.info).items():
        path = run.path / file
        if not path.is_file() or not same_table(path.read_bytes(), csv_bytes(table), exact=exact):
            wrong.add(f"{file} ≠ run.json")
    ground = Ground.of(again)
    wrong |= {f"rule_prices {where}" for where in price_faults(run.info.get("rule_prices") or [], ground, exact=exact)}
    wrong |= {f"frontier {where}" for where in frontier_faults(run.info.get("frontier") or [], ground)}
    wrong |= set(_people_faults(run.info, ground))
    return differing(name, wrong, Phrase("{n} fields", {"n": len(there)}))


def solved_names(what: str) -> tuple[str, ...]:
    """Name the fields, files or layers of the studies that call the optimizer."""
    return tuple(name for kind in STUDIES if kind.solves for name in getattr(kind, what))


def _presence_faults(run: Run, again: Remade) -> Iterator[str]:
    """Name what is answered though nobody asked, or asked and not answered; a null says why."""
    asked = again.case.scenario.settings.questions
    why = [{f"text_{code}": language(code).text(said) for code in CODES} for said in (NO_MISS, NO_SUM)]
    for name in ("rule_prices", "frontier", "why_not", "alternatives"):
        wanted = bool(getattr(asked, name)) if name == "frontier" else getattr(asked, name) is not None
        if wanted != (name in run.info):
            yield name
        elif wanted and (run.info[name] is None) != (run.info.get(f"{name}_note") in why):
            yield f"{name}_note"


def _people_faults(info: Mapping[str, Any], ground: Ground) -> Iterator[str]:
    """Name sites that are none, and plans that reach more people than there are."""
    for row in info.get("why_not") or []:
        if row["site_id"] not in ground.sites:
            yield f"why_not {row['site_id']}"
    for row in (info.get("alternatives") or {}).get("plans", []):
        if not 0 <= row["people"] <= ground.people:
            yield f"alternatives {row['number']}: people"
