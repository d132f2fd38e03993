"""
A run in one sentence and five numbers, for the terminal and the pages alike.

Reads `run.json` only (`Run.info`); computes nothing but shares of two of its figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.plain import bare
from foundation.basis import Basis
from foundation.errors import Phrases
from foundation.language import Language
from maps.words import Figure, is_checked, load_note, proof_status

Info = Mapping[str, Any]

PROOF_WORDS = {
    "proven_optimal": "Proven: no plan does better under these rules.",
    "within_gap": "Proven to be within the stated gap of the best plan.",
    "best_found": "The best plan found; how far from the best possible is not proven.",
    "infeasible": "No plan meets all the demands together.",
    "not_finished": "The search did not finish; there is no answer yet.",
}
SAID_WORDS = {  # where a stage rests on the solver's word, nothing is called proven
    "proven_optimal": "The solver says that no plan does better under these rules; not all of it was checked here.",
    "within_gap": (
        "The solver says that the plan is within the stated gap of the best one; not all of it was checked here."
    ),
}
STATUS_WORDS = {
    "proven_optimal": "proven optimal",
    "within_gap": "within the gap",
    "best_found": "best found",
    "infeasible": "infeasible",
    "not_finished": "not finished",
}
SAID_STATUS_WORDS = {
    "proven_optimal": "optimal, not checked here",
    "within_gap": "within the gap, not checked here",
}
PROVED_BY = {"checked": "checked here", "solver": "by the solver", "none": "no proof"}


def title(info: Info, said: Language) -> str:
    """Return the scenario's title, or its name where it has none."""
    scenario = info["scenario"]
    return _in_language(scenario, "title", said) or bare(str(scenario["name"]))


def country(info: Info, said: Language) -> str:
    """Return the country's name."""
    return _in_language(info["country"], "name", said)


def _in_language(record: Info, stem: str, said: Language) -> str:
    other = "en" if said.code == "ar" else "ar"
    return bare(str(record.get(f"{stem}_{said.code}") or record.get(f"{stem}_{other}") or ""))


def proof_line(info: Info, said: Language) -> str:
    """
    Say what is proven, and by what; claims no more than the certificate and the weakest of its stages.

    Proven is a bound that was checked here, apart from the solver. Of the other stages it is said
    by name whether the solver says so or nobody does.
    """
    stages: Sequence[Info] = info["certificate"]["stages"]
    left = not_tried(info)
    asked = len(stages) + len(left)
    status = proof_status(info["certificate"])
    checked = [stage for stage in stages if is_checked(stage)]
    if not stages:
        return said.text(PROOF_WORDS[status])
    lines = [said.text((PROOF_WORDS if len(checked) == asked else PROOF_WORDS | SAID_WORDS)[status])]
    lines.append(
        said.text(
            "Stages whose bound was checked here in whole numbers: {checked} of {stages}.",
            checked=len(checked),
            stages=asked,
        )
    )
    for sentence, proof in (("On the solver's word: {names}.", "solver"), ("Without any proof: {names}.", "none")):
        named = [stage_title(stage, said) for stage in stages if not is_checked(stage) and _proof(stage) == proof]
        if named:
            lines.append(said.text(sentence, names=Phrases(tuple(named))))
    if left:
        named = [stage_title(stage, said) for stage in left]
        lines.append(said.text("Not tried before the time limit: {names}.", names=Phrases(tuple(named))))
    return " ".join(lines)


def not_tried(info: Info) -> Sequence[Info]:
    """Return the objectives that were asked for and that the time limit left no time to try."""
    left: Sequence[Info] = info["certificate"].get("not_tried", ())
    return left


def status_words(info: Info, said: Language) -> str:
    """Say the status of a run in two or three words; nothing is called proven that was not checked here."""
    status = proof_status(info["certificate"])
    checked = all(is_checked(stage) for stage in info["certificate"]["stages"])
    return said.text((STATUS_WORDS if checked else STATUS_WORDS | SAID_STATUS_WORDS)[status])


def stage_status_words(stage: Info, said: Language) -> str:
    """Say the status of one stage, as `status_words` does."""
    return said.text((STATUS_WORDS if is_checked(stage) else STATUS_WORDS | SAID_STATUS_WORDS)[stage["status"]])


def proved_by(stage: Info, said: Language) -> str:
    """Say who proved a stage: this program, the solver, or nobody."""
    return said.text(PROVED_BY["checked" if is_checked(stage) else _proof(stage)])


def _proof(stage: Info) -> str:
    """Return whose word an unchecked stage rests on: the solver's, or nobody's."""
    return "none" if stage["proof"] == "none" else "solver"


def stage_title(stage: Info, said: Language) -> str:
    """Return what a stage is called, harmless."""
    return bare(str(stage.get(f"title_{said.code}") or stage["objective"]))


def headline(info: Info, said: Language) -> tuple[Figure, ...]:
    """Return the five numbers: centres, people within, outside and without a route, and the lowest governorate."""
    totals, year = info["totals"], max(info["years"])
    people = totals["population"]
    worst = info["worst_off"]

    modelled = said.text(Basis.MODELLED.value)  # where people live and how long they travel both are

    def share(persons: float) -> str:
        return said.percent(persons / people if people else float("nan"))

    return (
        Figure(
            said.text("Centres operating"),
            said.number(info["totals_by_year"][str(year)]["centres"]),
            said.text("at the end of {year}", year=said.year(year)),
        ),
        Figure(
            said.text("People within the standard"),
            said.number(totals["covered"]),
            said.text(
                "{share} of {people} (people of {year})",
                share=share(totals["covered"]),
                people=people,
                year=said.year(totals["population_year"]),
            ),
            modelled,
        ),
        Figure(
            said.text("Outside the standard"),
            said.number(totals["out_of_standard"]),
            said.text("a road, but too long a journey: {share}", share=share(totals["out_of_standard"])),
            modelled,
        ),
        Figure(
            said.text("No route in the data"),
            said.number(totals["unreachable"]),
            share(totals["unreachable"]),
            modelled,
        ),
        Figure(
            said.text("Worst-covered governorate"),
            bare(said.name(worst)),
            said.text("{share} of its people within the standard", share=said.percent(worst["covered_share"])),
            modelled,
        ),
    )


def remarks(info: Info, said: Language) -> tuple[str, ...]:
    """Return what must be read beside the five numbers: centres above the assumed load, a planner's own sites."""
    load = load_note(said, info.get("load") or {})
    lines = [load] if load else []
    own = info.get("own_sites")
    if own:
        lines.append(
            said.text(
                "Your own sites: {read} read, {chosen} chosen, {late} that could not open within the programme.",
                read=own["read"],
                chosen=len(own["chosen"]),
                late=len(own["too_late"]),
            )
        )
    return tuple(lines)


def outputs(names: frozenset[str], said: Language) -> tuple[tuple[str, str], ...]:
    """Return (what it is, file name) of the outputs that a reader opens, of those in `names`."""
    offered = (
        (said.text("Map"), "map.html"),
        (said.text("Report in Arabic"), "report.ar.html"),
        (said.text("Report in English"), "report.en.html"),
        (said.text("Layers for QGIS"), "plan.gpkg"),
        (said.text("Sites, as a table"), "sites.csv"),
        (said.text("Coverage by governorate, as a table"), "coverage_by_governorate.csv"),
        (said.text("Equity, as a table"), "equity.csv"),
    )
    return tuple((what, name) for what, name in offered if name in names)
