"""What `optimization.solve` answers: chosen columns, what they achieve, and how far that is proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["proven_optimal", "within_gap", "best_found", "infeasible", "not_finished"]
Proof = Literal["checked", "solver", "none"]


@dataclass(frozen=True, slots=True)
class StageResult:
    """
    One stage's value, bound and proof, in the stage's own unit.

    Attributes
    ----------
    objective, unit
        The stage's name and the unit of `value`, `bound`, `gap` and `start`.
    value
        Achieved: the miss (constant included) of a miss stage, the share of a worst
        stage, the rank sum of a tie stage.
    bound
        No plan that keeps the earlier stages' locks does better than this.
    gap
        |value - bound|, 0.0 when proven.
    checked_bound
        The bound that we verified ourselves in whole numbers; NaN when none was.
    proof
        "checked": checked_bound closes the gap; "solver": only the solver says so.
    rechecked
        Value recounted from y by code that shares nothing with the model builder.
    start
        Value of this stage's objective at the answer of the stage before (NaN for the
        first): how much freedom the earlier stages left is |value - start|.
    moved
        Columns that this stage changed from the answer of the stage before.
    """

    objective: str
    unit: str
    status: Status
    value: float
    bound: float
    gap: float
    checked_bound: float
    proof: Proof
    rechecked: bool
    seconds: float
    start: float
    moved: int


@dataclass(frozen=True, slots=True)
class StageCheck:
    """
    What a replay found of one stage.

    Attributes
    ----------
    objective, unit
        As in `StageResult`.
    value
        Recounted from the stage's plan, in the stage's unit; NaN when there is none.
    checked_bound
        The bound that the certificate proves, in the stage's unit; NaN when it proves none.
    proves
        True when no plan that keeps the earlier stages' locks is better than `value`
        (or, without a value, when there is no plan at all).
    leaves
        Leaves of the tree.
    """

    objective: str
    unit: str
    value: float
    checked_bound: float
    proves: bool
    leaves: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    Rules and floors that cannot be met together.

    Attributes
    ----------
    names
        Of the rules and floors, in the problem's order; empty where what is structural clashes by itself.
    irreducible
        True: drop any one and the rest can be met. False: the time ended before that was shown.
    relaxations
        For each name the least change of its right side that alone mends this clash. Where the problem
        holds another clash beside, that one remains. Only what was shown to be least is listed.
    """

    names: tuple[str, ...]
    irreducible: bool
    relaxations: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Solution:
    """
    Attributes
    ----------
    status
        The weakest word of all stages.
    chosen
        (J,) bool, True where the column is open; all False when there is no plan.
    stages
        One a stage that ran.
    certificate
        Arrays for `certificate.npz`: what `certificate.verify(problem, solution)` replays.
    conflict
        Set when status is "infeasible".
    """

    status: Status
    chosen: NDArray[np.bool_]
    stages: tuple[StageResult, ...]
    seconds: float
    settings: dict[str, Any]
    certificate: dict[str, NDArray[Any]] = field(default_factory=dict)
    conflict: Conflict | None = None

    @property
    def interrupted(self) -> bool:
        """True when Ctrl-C ended it: whoever asks several questions stops then."""
        return bool(self.settings.get("interrupted"))
