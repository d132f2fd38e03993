"""
A run in one sentence and five numbers, for the terminal and the pages alike.

Reads `run.json` only (`Run.info`); computes nothing but shares of two of its figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foundation.basis import Basis
from foundation.language import Language

Info = Mapping[str, Any]

PROOF_WORDS = {
    "proven_optimal": "Proven: no plan does better under these rules.",
    "within_gap": "Proven to be within the stated gap of the best plan.",
    "best_found": "The best plan found; how far from the best possible is not proven.",
    "infeasible": "No plan meets all the demands together.",
    "not_finished": "The search did not finish; there is no answer yet.",
}
SAID_WORDS = "The solver says that no plan does better under these rules; not all of it was checked here."
STATUS_WORDS = {
    "proven_optimal": "proven optimal",
    "within_gap": "within the gap",
    "best_found": "best found",
    "infeasible": "infeasible",
    "not_finished": "not finished",
}
PROVED_BY = {"checked": "checked here", "solver": "by the solver", "none": "no proof"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it is, ready to be read; `basis` is empty for what is no figure but a choice."""

    value: str
    label: str
    note: str = ""
    basis: str = ""


def title(info: Info, said: Language) -> str:
    """Return the scenario's title, or its name where it has none."""
    scenario = info["scenario"]
    other = "en" if said.code == "ar" else "ar"
    return str(scenario.get(f"title_{said.code}") or scenario.get(f"title_{other}") or scenario["name"])


def country(info: Info, said: Language) -> str:
    """Return the country's name."""
    return said.name(info["country"])


def proof_line(info: Info, said: Language) -> str:
    """Say how far the answer is proven, and by whom; claims no more than the certificate does."""
    certificate = info["certificate"]
    stages = certificate["stages"]
    checked = sum(stage["proof"] == "checked" for stage in stages)
    status = certificate["status"]
    if not stages:
        return said.text(PROOF_WORDS[status])
    # "Proven" is what was checked here; of what was not, only who says so can be told.
    words = said.text(SAID_WORDS if status == "proven_optimal" and checked < len(stages) else PROOF_WORDS[status])
    return f"{words} " + said.text(
        "Stages whose bound was checked here in whole numbers: {checked} of {stages}.",
        checked=checked,
        stages=len(stages),
    )


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
            said.number(info["totals_by_year"][str(year)]["centres"]),
            said.text("Centres operating"),
            said.text("at the end of {year}", year=said.year(year)),
        ),
        Figure(
            said.number(totals["covered"]),
            said.text("People within the standard"),
            said.text(
                "{share} of {people} (people of {year})",
                share=share(totals["covered"]),
                people=people,
                year=said.year(totals["population_year"]),
            ),
            modelled,
        ),
        Figure(
            said.number(totals["out_of_standard"]),
            said.text("Outside the standard"),
            said.text("a road, but too long a journey: {share}", share=share(totals["out_of_standard"])),
            modelled,
        ),
        Figure(
            said.number(totals["unreachable"]),
            said.text("No route in the data"),
            share(totals["unreachable"]),
            modelled,
        ),
        Figure(
            said.name(worst),
            said.text("Worst-covered governorate"),
            said.text("{share} of its people within the standard", share=said.percent(worst["covered_share"])),
            modelled,
        ),
    )


def remarks(info: Info, said: Language) -> tuple[str, ...]:
    """Return what must be read beside the five numbers: centres above the assumed load, a planner's own sites."""
    lines = []
    load = info.get("load") or {}
    if load.get("flagged"):
        lines.append(
            said.plural(
                "{n} centre is the nearest one for more than {limit} residents (an assumed load): "
                "reach is not capacity.",
                "{n} centres are each the nearest one for more than {limit} residents (an assumed load): "
                "reach is not capacity.",
                int(load["flagged"]),
                limit=load["residents_per_centre"],
            )
        )
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
