"""The money of a partnership as a planner states it: JOD of one year, real, all of it assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foundation.errors import InvalidInput

PaymentKind = Literal["user_charge", "availability", "mixed"]


@dataclass(frozen=True, slots=True)
class Costs:
    """
    What one centre costs, JOD of `price_year`; assumed.

    Attributes
    ----------
    building, fit_out, mobilisation
        Once: the building, its fitting out and equipment, and taking over and training. Greenfield
        pays all three, fit-out the last two, operate-only the last.
    renewal_share, renewal_every
        Share of the fit-out that is renewed every so many years of operation, not in the last year.
    running_fixed, running_per_visit
        A year for a centre, and a visit.
    """

    price_year: int = 2025
    building: float = 900_000.0
    fit_out: float = 350_000.0
    mobilisation: float = 60_000.0
    renewal_share: float = 0.3
    renewal_every: int = 5
    running_fixed: float = 220_000.0
    running_per_visit: float = 1.5


@dataclass(frozen=True, slots=True)
class Payment:
    """
    What the operator earns.

    Attributes
    ----------
    charge
        The operator's own charge a visit, JOD; None where the kind has none.
    availability
        What the state pays a year for a centre that is open as agreed, JOD; None where the kind has none.
    state_fee
        Fees of the state collected a visit, JOD. They pass through to the Treasury and are never revenue.
    """

    kind: PaymentKind = "user_charge"
    charge: float | None = 3.0
    availability: float | None = None
    state_fee: float = 0.0

    def __post_init__(self) -> None:
        if (self.charge is not None) != (self.kind in {"user_charge", "mixed"}):
            raise InvalidInput("A charge a visit belongs to the payments user_charge and mixed, which need it.")
        if (self.availability is not None) != (self.kind in {"availability", "mixed"}):
            raise InvalidInput("An availability payment belongs to the payments availability and mixed, which need it.")


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """
    Opening as agreed: target and expected shares of the hours, and what falling short costs.

    Each percentage point short of the target takes `deduction_per_point` of the income, at most
    `deduction_most` of it.
    """

    target: float = 0.98
    expected: float = 0.98
    deduction_per_point: float = 0.02
    deduction_most: float = 0.2

    @property
    def deduction(self) -> float:
        """Share of the income that is deducted."""
        short = max(0.0, round(100.0 * (self.target - self.expected), 9))
        return min(self.deduction_most, short * self.deduction_per_point)


@dataclass(frozen=True, slots=True)
class HandBack:
    """
    What happens at the end of the term.

    "as_is": the centre goes back as it stands; "good": works worth `works_share` of the operator's
    capital are done in the last year. The state pays `paid_share` of that capital.
    """

    condition: Literal["as_is", "good"] = "good"
    works_share: float = 0.1
    paid_share: float = 0.0

    def __post_init__(self) -> None:
        if self.condition == "as_is" and self.works_share:
            raise InvalidInput("A centre handed back as it stands needs no works; set works_share to 0.")


@dataclass(frozen=True, slots=True)
class Benefits:
    """
    Cost-benefit, beside the finance.

    Attributes
    ----------
    value_of_time
        JOD an hour.
    social_rate
        Real discount rate of the cost-benefit.
    without
        How people would do without the lot. "nearest_centre": they go to the next centre, to separate
        offices where none can be reached; "separate_offices": to the next centre only where it meets the standard.
    avoided_per_visit
        JOD a visit that handling it elsewhere would have cost.
    """

    value_of_time: float = 1.5
    social_rate: float = 0.05
    without: Literal["nearest_centre", "separate_offices"] = "nearest_centre"
    avoided_per_visit: float = 0.0


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """By how much each driver is moved down and up: shares, for the rate percentage points as a share."""

    take_up: float = 0.25
    visits: float = 0.2
    capital: float = 0.2
    running: float = 0.2
    payment: float = 0.1
    rate: float = 0.02
