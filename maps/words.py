"""
The sentences of a map: what is said first, what is said of a governorate and of a centre.

Every function takes a `Language` and returns text ready to show, never markup. Names
come out as they are in the data; whoever writes a page escapes them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from foundation.language import Language
from foundation.plain_text import harmless
from maps.figures import Figures, people_by_year

# From the strongest word to the weakest.
_STRENGTH: Final = ("proven_optimal", "within_gap", "best_found", "not_finished", "infeasible")

BANDS: Final[dict[str, str]] = {
    "within_30": "Within 30 minutes",
    "within_60": "30 to 60 minutes",
    "within_90": "60 to 90 minutes",
    "beyond_90": "More than 90 minutes",
    "unreachable": "No route in the data",
}
OPERATORS: Final = {"government": "Government-run", "private": "Privately operated"}
KINDS: Final = {"comprehensive": "Comprehensive centre", "partial": "Partial services"}
FORMS: Final = {"agency": "Agency point", "mobile": "Mobile unit"}
STATUSES: Final = {
    "open": "Open",
    "trial": "Trial operation",
    "under_construction": "Under construction",
    "unknown": "Unknown",
    "planned": "Planned",
}
GROUPS: Final = {"elderly": "Elderly (60 and over)", "disabled": "People with disabilities"}
POSITIONS: Final = {"cited": "cited", "modelled": "modelled", "reported": "reported", "assumed": "assumed"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it is shown: a label, the value, a note under it, and its basis ("" for none)."""

    label: str
    value: str
    note: str = ""
    basis: str = ""


def minutes(language: Language, value: float) -> str:
    """Say minutes; whole ones take the counted form, others one decimal; NaN is an em dash."""
    if math.isnan(value):
        return "—"
    if float(value).is_integer():
        return language.plural("{n} minute", "{n} minutes", int(value))
    return language.text("{minutes} minutes", minutes=language.number(value, 1))


def headline(language: Language, figures: Figures, year: int) -> str:
    """Say in one sentence what the plan achieves by the end of `year`."""
    standard = figures.info["standard"]
    urban, rural = float(standard["urban_minutes"]), float(standard["rural_minutes"])
    values = {
        "year": language.year(year),
        "share": language.percent(_share(figures, year)),
        "country": language.name(figures.info["country"]),
    }
    if urban == rural:
        said = language.text(
            "Under this plan, {share} of the people of {country} can reach a comprehensive government "
            "service centre within {limit} by the end of {year}.",
            limit=minutes(language, urban),
            **values,
        )
    else:
        said = language.text(
            "Under this plan, {share} of the people of {country} can reach a comprehensive government "
            "service centre within {urban} in urban areas or {rural} in rural areas by the end of {year}.",
            urban=minutes(language, urban),
            rural=minutes(language, rural),
            **values,
        )
    return " ".join([said, *stricter(language, standard)])


def stricter(language: Language, standard: Mapping[str, Any]) -> list[str]:
    """Say the standards beside those of urban and rural areas, a sentence each: remote areas, then groups."""
    said = []
    if standard.get("remote_minutes") is not None:
        limit = minutes(language, float(standard["remote_minutes"]))
        said.append(language.text("In remote areas the standard is {limit}.", limit=limit))
    for group, limit in (standard.get("groups") or {}).items():
        said.append(
            language.text(
                "For this group the standard is {limit} wherever it is stricter: {group}.",
                limit=minutes(language, float(limit)),
                group=language.text(GROUPS[group]) if group in GROUPS else harmless(group),
            )
        )
    return said


def five_numbers(language: Language, figures: Figures, year: int, names: Mapping[str, str]) -> list[Figure]:
    """Return the five numbers that stand under the headline. `names`: zone_id to name."""
    worst, least = figures.worst_off(year)
    if len(worst) == 1:
        worst_name = names.get(worst[0], worst[0])
    else:
        worst_name = language.plural("{n} governorate", "{n} governorates", len(worst)) if worst else "—"
    opened = sum(int(site["operating_year"]) == year for site in figures.sites)
    modelled = figures.basis(year, "covered") or "modelled"
    return [
        Figure(language.text("Share of people covered"), language.percent(_share(figures, year)), basis=modelled),
        Figure(
            language.text("People within the standard"),
            language.number(figures.total(year, "covered")),
            language.text("of {population}", population=figures.total(year, "population")),
            modelled,
        ),
        Figure(
            language.text("Centres operating"),
            language.number(figures.total(year, "centres")),
            language.text("new this year: {opened}", opened=opened),
        ),
        Figure(
            language.text("Worst-covered governorate"),
            worst_name,
            language.text("covered: {share}", share=language.percent(least)),
            figures.basis(year, "covered_share", worst[0] if worst else None) or "modelled",
        ),
        Figure(
            language.text("Outside the standard"),
            language.number(figures.total(year, "out_of_standard")),
            language.text("in addition, with no route in the data: {n}", n=figures.total(year, "unreachable")),
            figures.basis(year, "out_of_standard") or "modelled",
        ),
    ]


def proof_status(certificate: Mapping[str, Any]) -> str:
    """Return the weakest word of a certificate and all its stages; no stage proves nothing."""
    words = [str(certificate["status"]), *(str(stage["status"]) for stage in certificate["stages"])]
    if not certificate["stages"] and words == ["proven_optimal"]:
        return "best_found"
    return max(words, key=lambda word: _STRENGTH.index(word) if word in _STRENGTH else len(_STRENGTH))


def is_checked(stage: Mapping[str, Any]) -> bool:
    """Tell whether the bound of a stage was checked without the solver, and its value found again from the tables."""
    return bool(stage["proof"] == "checked" and stage["rechecked"])


def is_proven(certificate: Mapping[str, Any]) -> bool:
    """Tell whether every stage is proven optimal by a proof that was checked without the solver."""
    return proof_status(certificate) == "proven_optimal" and all(map(is_checked, certificate["stages"]))


def scenario_title(language: Language, info: Mapping[str, Any]) -> str:
    """Return the scenario's title in a language, its name where it has none."""
    return harmless(info["scenario"].get(f"title_{language.code}") or info["scenario"]["name"])


def proof_line(language: Language, certificate: Mapping[str, Any]) -> str:
    """Say how far the plan is proven: no more than the certificate shows."""
    if is_proven(certificate):
        return language.text("It is proven by computation that no better plan exists under these conditions")
    status = proof_status(certificate)
    if status == "proven_optimal":
        return language.text("The solver finds no better plan under these conditions; that is not checked without it")
    if status == "within_gap":
        stage = next((s for s in certificate["stages"] if s["status"] != "proven_optimal"), None)
        bound = math.nan if stage is None or stage["bound"] is None else float(stage["bound"])
        if stage is not None and stage["gap"] is not None and math.isfinite(bound) and bound:
            return language.text(
                "This plan is within {gap} of the best possible for the goal “{goal}”; it is not proven to be the best",
                gap=language.percent(abs(float(stage["gap"]) / bound), 2),
                goal=str(stage.get(f"title_{language.code}") or stage["objective"]),
            )
    if status == "infeasible":
        return language.text("No plan meets all the conditions together")
    if status == "not_finished":
        return language.text("The computation did not finish; this plan is not proven to be the best")
    return language.text("The best plan found; it is not proven that no better one exists")


def proof_note(language: Language, certificate: Mapping[str, Any]) -> str:
    """Say that the proof was checked; "" where it was not, or there is none to speak of."""
    return (
        language.text("The proof of every goal was checked again without the solver") if is_proven(certificate) else ""
    )


def load_note(language: Language, load: Mapping[str, Any]) -> str:
    """Say how many centres stand above the assumed load (``run.json``: load); "" when none does."""
    flagged = int(load.get("flagged") or 0)
    if flagged <= 0:
        return ""
    return language.plural(
        "{n} centre is the nearest one for more than {limit} residents (assumed load): reach is not capacity.",
        "{n} centres are the nearest one for more than {limit} residents each (assumed load): reach is not capacity.",
        flagged,
        limit=int(load["residents_per_centre"]),
    )


def population_note(language: Language, figures: Figures) -> str:
    """Say that where people live is modelled, and of which year the population is."""
    if people_by_year(figures.info):
        return language.text(
            "Where people live and how long they travel is modelled; so are the residents of each year, from the "
            "recorded ones of {year} and before.",
            year=language.year(int(figures.info["totals"]["population_year"])),
        )
    return language.text(
        "Where people live and how long they travel is modelled; population of {year}. "
        "Every year of the programme is shown with this population.",
        year=language.year(int(figures.info["totals"]["population_year"])),
    )


def sources(language: Language, figures: Figures) -> list[str]:
    """Return what the run says of its sources, a sentence each."""
    return [harmless(note[f"text_{language.code}"]) for note in figures.info.get("sources_note") or []]


def _share(figures: Figures, year: int) -> float:
    population = figures.total(year, "population")
    return figures.total(year, "covered") / population if population else math.nan
