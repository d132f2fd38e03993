"""The choices of a programme as arrays: which kind of place may stand at which site, and from when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COMPREHENSIVE, PARTIAL = 0, 1  # kinds; those of the planner follow, in the order of `Programme.kinds`
NEVER = 9999  # the year from which a free option is fixed open, or from which one may close

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Options:
    """
    The o options: a kind of place at a site.

    Attributes
    ----------
    site
        (o,) positions of sites.
    kind
        (o,) COMPREHENSIVE, PARTIAL or the planner's, 2 and more.
    open_from
        (o,) year from which the option is fixed open, `NEVER` when it is free.
    closes_from
        (o,) first year at whose end an option that is fixed open may be closed, `NEVER` when it may not.
    earliest, latest
        (o,) first and last year (inclusive) in which a free option may begin to operate.
    may_stand
        (o,) False where a free option is forbidden.
    counted
        (o,) True where the option counts for the programme's counts and quotas.
    standing
        (o,) False for a mobile unit, which may share its base with another kind.
    kinds
        Ids of the kinds, by their number.
    own_limits
        (kinds, n) each kind's own standard, minutes, inclusive; NaN where the general one holds.
    capital, running, staff
        (o,) whole JOD once and a year, and posts; 0 where not stated.
    stop_first, stop_site
        CSR: option j is visited at the sites ``stop_site[stop_first[j]:stop_first[j + 1]]``: a centre at
        its own, a mobile unit at the stops of its round.
    replaces
        (o,) the option that closes when this one opens at its site; -1: none.
    """

    site: Ints
    kind: Ints
    open_from: Ints
    closes_from: Ints
    earliest: Ints
    latest: Ints
    may_stand: Flags
    counted: Flags
    standing: Flags
    kinds: tuple[str, ...]
    own_limits: NDArray[np.float64]
    capital: Ints
    running: Ints
    staff: Ints
    stop_first: Ints
    stop_site: Ints
    replaces: Ints

    @property
    def size(self) -> int:
        """How many options there are."""
        return int(self.site.size)

    @property
    def free(self) -> Flags:
        """(o,) True where the plan decides whether the option is ever opened."""
        return np.asarray((self.open_from == NEVER) & self.may_stand)

    @property
    def may_close(self) -> Flags:
        """(o,) True where a fixed option may be closed in some year."""
        return np.asarray(self.closes_from < NEVER)

    def stops(self, option: int) -> Ints:
        """Sites at which an option is visited."""
        return self.stop_site[self.stop_first[option] : self.stop_first[option + 1]]

    def surely_open(self, year: int) -> Flags:
        """(o,) True where the option is open at the end of `year` in every plan."""
        return np.asarray((self.open_from <= year) & (year < self.closes_from))
