"""The columns as the rules see them: which option is open in which year, and sums over some of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimization import Rule
from optimization.problem import Sense
from planning.programme import Programme
from planning.siting.instance import Instance

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Board:
    """An instance, its programme, and (o, T) column positions, -1 where an option can never be open."""

    instance: Instance
    programme: Programme
    position: Ints

    @property
    def years(self) -> tuple[int, ...]:
        """The programme's years."""
        return self.programme.years

    def of_kinds(self, kinds: tuple[str, ...]) -> Flags:
        """(o,) True for options of some kinds; without any, for those that count for the programme."""
        options = self.instance.options
        if not kinds:
            return options.counted
        return np.isin(options.kind, [options.kinds.index(kind) for kind in kinds])

    def at_sites(self, sites: tuple[str, ...]) -> Flags:
        """(o,) True for options at some sites."""
        return np.isin(self.instance.site_ids[self.instance.options.site].astype(str), sites)

    def can_open(self, mask: Flags) -> Flags:
        """(o,) True where an option of the mask may be open in some year."""
        return np.asarray(mask & (self.position >= 0).any(axis=1))

    def years_of_most(self, mask: Flags, since: int | None = None) -> Iterator[int]:
        """Years in which an upper limit must be written: the last alone, where no option of the mask may close."""
        closing = (mask & self.instance.options.may_close).any()
        return (t for t in self._since(since) if closing or t == len(self.years) - 1)

    def years_of_least(self, mask: Flags, since: int | None) -> Iterator[int]:
        """Years in which a lower limit must be written: the first alone, where no option of the mask may close."""
        closing = (mask & self.instance.options.may_close).any()
        first = self.years.index(self.years[-1] if since is None else since)
        return (t for t in range(first, len(self.years)) if closing or t == first)

    def _since(self, year: int | None) -> range:
        return range(0 if year is None else self.years.index(year), len(self.years))

    def sum_rule(
        self, name: str, kind: str, mask: Flags, t: int, sense: Sense, right: int, *, structural: bool = False
    ) -> Rule:
        """Write a limit on how many options of the mask are open in a year."""
        columns = self.position[mask, t]
        present = columns[columns >= 0]
        ones = np.ones(present.size, dtype=np.int64)
        return Rule(name, kind, present, ones, sense, right, structural=structural)

    def weighted_rule(
        self, name: str, kind: str, weights: Ints, sense: Sense, right: int, unit: str, *, structural: bool = False
    ) -> Rule:
        """Write a limit on a weighted sum; `weights` is (o, T), zero where a column does not matter."""
        there = (self.position >= 0) & (weights != 0)
        order = np.argsort(self.position[there], kind="stable")
        columns, coefficients = self.position[there][order], weights[there][order].astype(np.int64)
        return Rule(name, kind, columns, coefficients, sense, right, unit, structural)
