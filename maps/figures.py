"""
Looking figures up in a run: the results table, by year, place and measure.

Nothing is computed here that the results table already says (totals cannot drift).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.run import Run

Key = tuple[int, str, str]  # year, scope id, measure


@dataclass(frozen=True)
class Figures:
    """
    The figures of a run that a map shows, for all people.

    Attributes
    ----------
    info
        run.json.
    table
        (year, scope_id, measure) to (value, basis); nation and governorates.
    """

    info: Mapping[str, Any]
    table: Mapping[Key, tuple[float, str]]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the programme, ascending."""
        return tuple(sorted(int(year) for year in self.info["years"]))

    @property
    def final(self) -> int:
        """The last year of the programme."""
        return self.years[-1]

    @property
    def nation(self) -> str:
        """The scope id of the whole country."""
        return str(self.info["country"]["code"])

    def value(self, year: int, measure: str, scope_id: str | None = None) -> float:
        """Return a figure; NaN when it is not in the table. `scope_id` defaults to the nation."""
        return self.table.get((year, scope_id or self.nation, measure), (math.nan, ""))[0]

    def basis(self, year: int, measure: str, scope_id: str | None = None) -> str:
        """Return what kind of figure it is, e.g. "modelled"; "" when it is not in the table."""
        return self.table.get((year, scope_id or self.nation, measure), (math.nan, ""))[1]

    def total(self, year: int, key: str) -> int:
        """Return a total of the nation in persons (or centres) from ``totals_by_year``."""
        return int(self.info["totals_by_year"][str(year)][key])

    @functools.cached_property
    def sites(self) -> list[dict[str, Any]]:
        """The centres of run.json, in its order."""
        return [dict(site) for site in self.info["sites"]]

    def worst_off(self, year: int) -> tuple[list[str], float]:
        """
        Return the governorates with the smallest covered share in `year`, and that share.

        Those without people have no share and are left out; ([], nan) when none has one.
        """
        if year == self.final and self.info.get("worst_off"):
            worst = self.info["worst_off"]
            return [str(worst["zone_id"])], float(worst["covered_share"])
        shares = {
            scope: value
            for (when, scope, measure), (value, _) in self.table.items()
            if when == year and measure == "covered_share" and scope != self.nation and not math.isnan(value)
        }
        if not shares:
            return [], math.nan
        least = min(shares.values())
        return [scope for scope, share in shares.items() if share == least], least

    def bands(self, year: int) -> dict[str, float]:
        """Return persons by travel band, apart (not cumulative); NaN where the run does not say."""
        within = [self.value(year, f"within_{limit}") for limit in (30, 60, 90)]
        return {
            "within_30": within[0],
            "within_60": within[1] - within[0],
            "within_90": within[2] - within[1],
            "beyond_90": self.value(year, "beyond_90"),
            "unreachable": float(self.total(year, "unreachable")),
        }


def people_by_year(info: Mapping[str, Any]) -> bool:
    """Tell whether each year of a run counts its own residents; False where one year's people stand for all."""
    objectives = (info.get("settings") or {}).get("objectives") or {}
    return str(objectives.get("people") or "recorded") != "recorded"


def residents_year(info: Mapping[str, Any]) -> int:
    """Return the year whose residents the gains of the centres count: the last, or that of a population that stays."""
    return max(map(int, info["years"])) if people_by_year(info) else int(info["totals"]["population_year"])


def figures_of(run: Run) -> Figures:
    """Index the results table of a run."""
    rows = run.results
    rows = rows[(rows["group"] == "all") & rows["scope"].isin(["nation", "governorate"])]
    table = {
        (int(year), str(scope_id), str(measure)): (float(value), str(basis))
        for year, scope_id, measure, value, basis in zip(
            rows["year"], rows["scope_id"], rows["measure"], rows["value"], rows["basis"], strict=True
        )
    }
    return Figures(info=run.info, table=table)
