"""Looking figures up in the one results table of a run: read, never computed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foundation.basis import Basis
from foundation.errors import InvalidInput
from reports.writing import is_missing, number_or_nan

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[int, str, str, str, str]  # year, scope, scope_id, group, measure


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of the results table; `value` is NaN, `basis` None where it was not computed."""

    value: float
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The results table, indexed; see `index_results`."""

    final_year: int
    nation_id: str
    table: Mapping[Key, Found] = field(repr=False)

    def get(
        self,
        measure: str,
        *,
        year: int | None = None,
        scope: str = "nation",
        scope_id: str | None = None,
        group: str = "all",
    ) -> Found:
        """Return one figure; the nation's of the final year unless told otherwise. Absent is NaN."""
        key = (
            self.final_year if year is None else year,
            scope,
            self.nation_id if scope_id is None else scope_id,
            group,
            measure,
        )
        return self.table.get(key, Found(float("nan"), None))

    def groups(self) -> list[str]:
        """Return the groups beside everybody, as the table orders them."""
        return [group for group in dict.fromkeys(key[3] for key in self.table) if group != "all"]

    def edges(self) -> list[float]:
        """Return the minutes at which bands of travel time end, ascending."""
        measures = {key[4] for key in self.table}
        return sorted(float(name.removeprefix("within_")) for name in measures if name.startswith("within_"))

    def years(self) -> list[int]:
        """Return the years of the table, ascending."""
        return sorted({key[0] for key in self.table})


def index_results(results: pd.DataFrame, *, nation_id: str) -> Figures:
    """
    Index ``results.csv``.

    Raises
    ------
    InvalidInput
        If the same figure stands twice: nobody could say which one is shown.
    """
    columns = ("year", "scope", "scope_id", "group", "measure", "value", "basis")
    table: dict[Key, Found] = {}
    for year, scope, scope_id, group, measure, value, basis in zip(*(results[c] for c in columns), strict=True):
        key = (int(year), str(scope), str(scope_id), str(group), str(measure))
        if key in table:
            raise InvalidInput(
                "results.csv holds the figure {figure} twice; expected once. Compute the run again.",
                figure=" / ".join(map(str, key)),
            )
        number = number_or_nan(value)
        table[key] = Found(number, None if is_missing(value) or is_missing(basis) else Basis(str(basis)))
    final_year = max((key[0] for key in table), default=0)
    return Figures(final_year, nation_id, table)
