"""
The weighted miss: the one problem behind every question a planner asks.

    min  K + Σ_r w(r,k) z(r) + Σ_j c(j) y(j)
    z(r) + Σ_{j in S(r)} y(j) >= 1,   0 <= z <= 1,   y binary
    rules: rows on y alone (counts, quotas, opening order, budgets, spacing)
    floors: Σ_r w(r,g) z(r) <= allowed(g)

Everything here is plain data, frozen; all numbers that a proof rests on are
whole (`int64`, a stated quantum a measure).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Sense = Literal["<=", ">=", "=="]


@dataclass(frozen=True, slots=True)
class Columns:
    """
    The yes-or-no decisions, one a (place, kind, year): open in that year.

    Attributes
    ----------
    place, kind, year
        (J,) whole numbers; a place's columns of one kind and consecutive years
        are tied by a rule of kind "open_stays_open".
    lower, upper
        (J,) 0 or 1: 1/1 is fixed open, 0/0 is forbidden.
    rank
        (J,) >= 0; the tie stage keeps the sum of ranks of open columns least.
    """

    place: NDArray[np.int64]
    kind: NDArray[np.int64]
    year: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    rank: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One weight column: what a row's miss costs, in whole quanta.

    Attributes
    ----------
    name
        Unique, for stages, floors and the certificate.
    unit
        "people", "person-years", "person-minutes", ...
    quantum
        Units a whole weight stands for (1.0: weights are people).
    constant
        Miss (quanta) that no choice can avoid: rows with an empty set, and first layers.
    total
        Weight of all demand (quanta), constant included: total - miss is what is
        achieved. For a covering measure, the people; for a mean, the capped worst.
    mass, rate
        For readers alone, never for a proof. mass > 0, rate 0: the miss (quanta) divided by it is a mean. rate > 0:
        the miss (units) divided by it is a mean of e^(rate · x), read as its logarithm divided by the rate.
    """

    name: str
    unit: str
    quantum: float
    constant: int
    total: int
    mass: int = 0
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One named demand on y: Σ coefficient · y(column)  sense  right.

    Attributes
    ----------
    name
        Unique; what an infeasibility or a price is reported under.
    kind
        "count", "quota", "budget", "open_stays_open", "spacing", "togetherness",
        "exclusion", "closure", ...; free of meaning to the solver, it names the
        function that writes the rule into the compact model.
    columns, coefficients
        (k,) column positions and whole coefficients.
    unit
        Unit of `right`: "centres", "JOD", ...
    structural
        True for rules that are no demand of the planner (opening order) and are
        never reported as a part of a clash.
    """

    name: str
    kind: str
    columns: NDArray[np.int64]
    coefficients: NDArray[np.int64]
    sense: Sense
    right: int
    unit: str = "centres"
    structural: bool = False


@dataclass(frozen=True, slots=True)
class Floor:
    """At most `allowed` quanta of the measure may be missed (constant included)."""

    name: str
    measure: str
    allowed: int


@dataclass(frozen=True, slots=True)
class MissStage:
    """
    Make the miss of one measure least; lose at most `tolerance` quanta, and the share `slack` of the miss, of it later.

    `slack` serves measures that are read on another scale: one of a logarithm may lose the same minutes everywhere.
    """

    name: str
    measure: str
    tolerance: int = 0
    slack: float = 0.0


@dataclass(frozen=True, slots=True)
class WorstStage:
    """
    Make the least achieved share, min over measures of 1 - miss/total, greatest.

    Measures with total 0 are left out. Later stages keep every measure's miss at or
    below floor((1 - share + tolerance) · total).
    """

    name: str
    measures: tuple[str, ...]
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class TieStage:
    """Make the sum of `Columns.rank` over open columns least: settles ties for good."""

    name: str = "tie"


@dataclass(frozen=True, slots=True)
class LinearStage:
    """
    Make constant + Σ coefficient · y least: centres, money, or the steps of a threshold.

    Attributes
    ----------
    coefficients
        (J,) whole, one a column.
    tolerance
        How much of it, in `unit`, later stages may lose.
    constant
        Added to every figure that is reported.
    """

    name: str
    coefficients: tuple[int, ...]
    unit: str
    tolerance: int = 0
    constant: int = 0


Stage = MissStage | WorstStage | LinearStage | TieStage


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Attributes
    ----------
    columns
        J decisions.
    sets
        (R, J) CSR of ones: the columns that satisfy row r. A row of an empty set
        belongs into `Measure.constant` and is not listed.
    weights
        (R, W) int64, >= 0, one column a measure, in the order of `measures`.
    rules, floors
        Rows on y, and floors on misses.
    stages
        Objectives, first the most important.
    """

    columns: Columns
    sets: sparse.csr_array
    weights: NDArray[np.int64]
    measures: tuple[Measure, ...]
    rules: tuple[Rule, ...]
    stages: tuple[Stage, ...]
    floors: tuple[Floor, ...] = ()
