"""How the optimizer's answers stand in run.json and its tables: shared by the studies and by what verifies a run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from foundation.errors import Phrase
from foundation.language import CODES, language
from planning.siting.questions import PlanFigures


def answer_tables(info: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Make the tables of the optimizer's answers from the record of a run, those that it holds."""
    found = {}
    if info.get("rule_prices") is not None:
        found["rule_prices.csv"] = pd.DataFrame(
            [{key: cell for key, cell in row.items() if not isinstance(cell, list)} for row in info["rule_prices"]]
        )
    for name in ("frontier", "why_not"):
        if info.get(name) is not None:
            found[f"{name}.csv"] = pd.DataFrame(info[name])
    if info.get("alternatives") is not None:
        found["alternatives.csv"] = pd.DataFrame(
            [
                {key: " ".join(cell) if isinstance(cell, list) else cell for key, cell in row.items()}
                for row in info["alternatives"]["plans"]
            ]
        )
    if info.get("capacity_siting") is not None:
        found["capacity_siting.csv"] = pd.DataFrame(info["capacity_siting"]["sites"]).assign(basis="modelled")
    return found


def figures_row(stem: str, figures: PlanFigures | None) -> dict[str, Any]:
    """Return what a row says of a plan's figures, each name ending in `stem`; nulls where there are none."""
    if figures is None:
        names = ("people", "worst_share", "worst_zone", "minutes", "jod")
        return dict.fromkeys(f"{name}_{stem}" for name in names)
    return {
        f"people_{stem}": figures.people,
        f"worst_share_{stem}": finite(figures.worst_share),
        f"worst_zone_{stem}": figures.worst_zone,
        f"minutes_{stem}": finite(figures.mean_minutes),
        f"jod_{stem}": figures.jod,
    }


def said(stem: str, phrase: Phrase) -> dict[str, str]:
    """Say a phrase in both languages."""
    return {f"{stem}_{code}": language(code).phrase(phrase) for code in CODES}


def finite(value: float) -> float | None:
    """Return a figure of run.json: null where it is not finite."""
    return float(value) if math.isfinite(value) else None
