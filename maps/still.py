"""What a page shows without scripts and on paper: sentence, tables, sources, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foundation.language import Language, language
from foundation.plain_text import harmless
from maps import words
from maps.figures import Figures, figures_of
from maps.kinds_of_places import kind_title
from maps.payload import page_title

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.run import Run


def still(run: Run, code: str) -> dict[str, Any]:
    """Return the texts and tables of the final year, in the language `code`."""
    spoken = language(code)
    figures = figures_of(run)
    info = figures.info
    return {
        "code": code,
        "dir": spoken.dir,
        "title": page_title(spoken, figures),
        "scenario": words.scenario_title(spoken, info),
        "headline": words.headline(spoken, figures, figures.final),
        "proof": words.proof_line(spoken, info["certificate"]),
        "proof_note": words.proof_note(spoken, info["certificate"]),
        "load_note": words.load_note(spoken, info.get("load") or {}),
        "population_note": words.population_note(spoken, figures),
        "tables": [_zones(spoken, figures, run.layer("governorates")), _centres(spoken, figures)],
        "sources_title": spoken.text("Sources"),
        "sources": words.sources(spoken, figures),
    }


def _zones(spoken: Language, figures: Figures, zones: pd.DataFrame) -> dict[str, Any]:
    measures = ["population", "density_per_km2", "covered", "covered_share", "out_of_standard", "unreachable"]
    measures += ["mean_km", "centres"]
    rows = []
    for zone in zones.to_dict("records"):
        values = [figures.value(figures.final, measure, str(zone["zone_id"])) for measure in measures]
        shown = [
            spoken.percent(value)
            if measure == "covered_share"
            else spoken.number(value, 1 if measure in ("density_per_km2", "mean_km") else 0)
            for measure, value in zip(measures, values, strict=True)
        ]
        rows.append([spoken.name(zone), *shown])
    return {
        "title": spoken.text("Coverage by governorate") + f" · {spoken.year(figures.final)}",
        "heads": [
            spoken.text(head)
            for head in (
                "Governorate",
                "Population",
                "Population density (persons per km²)",
                "People within the standard",
                "Share of people covered",
                "Outside the standard",
                "No route in the data",
                "Mean distance by road (km)",
                "Centres operating",
            )
        ],
        "rows": rows,
    }


def _centres(spoken: Language, figures: Figures) -> dict[str, Any]:
    rows = []
    for site in figures.sites:
        begun = site.get("begun_year")
        rows.append(
            [
                spoken.name(site),
                harmless(site[f"governorate_{spoken.code}"]),
                kind_title(spoken, figures, str(site["kind"])),
                spoken.text(words.OPERATORS.get(str(site["operator"]), str(site["operator"]))),
                spoken.year(int(begun)) if begun else spoken.text("Unknown"),
                spoken.year(int(site["operating_year"])),
            ]
        )
    return {
        "title": spoken.text("Centres"),
        "heads": [
            spoken.text(head) for head in ("Centre", "Governorate", "Kind", "Operator", "Begun", "Operating from")
        ],
        "rows": rows,
    }
