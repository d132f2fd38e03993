"""
What a planner states of a partnership: every field changes the figures, or is refused by name.

Money is JOD of `Costs.price_year`, real (without inflation), before tax and financing. No cost of a
centre is on record: every amount here is an assumption of the planner, and is shown as one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from foundation.errors import InvalidInput
from planning.partnership.money_terms import Benefits, Costs, HandBack, Payment, Sensitivity, ServiceLevels
from planning.partnership.risk_terms import Compensation, Event
from planning.private import Care

Form = Literal["greenfield", "fit_out", "operate_only"]
Curve = tuple[tuple[int, float], ...]  # (year, share), ascending


@dataclass(frozen=True, slots=True)
class Selection:
    """
    Which centres go to tender, and what makes one suited.

    Attributes
    ----------
    choice
        "plan": those the plan labels as privately operated; "suited": the `count` best scored;
        "named": those of `named`.
    visits_weight, overlap_weight
        Weights of the two parts of the score; any scale, not both 0.
    least_score
        Below it a centre is not suited (inclusive above), 0 to 1.
    existing, worst_off, worst_off_loss
        As in `planning.private.Care`.
    """

    choice: Literal["plan", "suited", "named"] = "plan"
    named: tuple[str, ...] = ()
    count: int | None = None
    visits_weight: float = 1.0
    overlap_weight: float = 1.0
    least_score: float = 0.0
    existing: bool = False
    worst_off: int = 3
    worst_off_loss: float = 0.0

    @property
    def care(self) -> Care:
        """The part of it that holds for the plan's label, too."""
        return Care(self.existing, self.worst_off, self.worst_off_loss)

    def __post_init__(self) -> None:
        if (self.choice == "named") != bool(self.named):
            raise InvalidInput("The field centres belongs to 'choice: named' and to nothing else.")
        if (self.choice == "suited") != (self.count is not None):
            raise InvalidInput("The field count of the choice belongs to 'choice: suited' and to nothing else.")
        if self.visits_weight + self.overlap_weight <= 0:
            raise InvalidInput("Both weights of the score are 0; expected one above 0.")


@dataclass(frozen=True, slots=True)
class Grouping:
    """
    How centres are joined into lots.

    Attributes
    ----------
    count
        Lots; fewer where there are fewer centres.
    balance_by
        "visits": present value of the visits of the middle case; "income": of the operator's income.
    weak_below
        A centre is weak when its value is below so many times the median. Each lot takes its
        share of the weak ones: as many as an even split, rounded down or up.
    together_km
        The centres of a lot hang together by links of at most so many km (straight line, inclusive); None: free.
    groups
        The planner's own lots, in place of `count`.
    """

    count: int = 1
    balance_by: Literal["visits", "income"] = "visits"
    weak_below: float = 1.0
    together_km: float | None = None
    groups: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        named = [name for group in self.groups for name in group]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise InvalidInput("These centres stand in more than one lot: {names}.", names=", ".join(twice))
        if self.groups and (self.count != 1 or self.weak_below != 1.0 or self.together_km is not None):
            raise InvalidInput(
                "The fields count, weak_below and together_km have no use where the lots are named; remove them."
            )


@dataclass(frozen=True, slots=True)
class Future:
    """
    Visits after the programme's last year.

    They are modelled as those before, times (1 + `growth`) a year: what is expected beside the growth
    of the residents. `take_up` (year, share) goes on from the demand's curve; empty: that curve itself.
    """

    growth: float = 0.0
    take_up: Curve = ()

    def __post_init__(self) -> None:
        years = [year for year, _ in self.take_up]
        if years != sorted(set(years)):
            raise InvalidInput("The take-up after the programme is not ascending in years. Correct it.")


@dataclass(frozen=True, slots=True)
class PartnershipSettings:
    """
    Everything a tender is computed from, beside the plan and its visits.

    Attributes
    ----------
    starts
        First year of operation of every lot; None: the year in which the last of their centres operates.
    build_years
        Years before it over which capital is spent evenly; 1 for operate-only.
    exclusivity_km
        A public centre that opens within it (straight line, inclusive) is compensated.
    guarantee
        Share of the middle case's visits whose charge the state guarantees; None: no guarantee.
    hurdle_rate
        Real discount rate of the finance.
    service_contract_below
        A lot whose whole-life cost (present value) is less, JOD, is flagged: a service contract may be the right form.
    """

    selection: Selection = field(default_factory=Selection)
    grouping: Grouping = field(default_factory=Grouping)
    form: Form = "fit_out"
    term_years: int = 15
    starts: int | None = None
    build_years: int = 1
    costs: Costs = field(default_factory=Costs)
    payment: Payment = field(default_factory=Payment)
    service_levels: ServiceLevels = field(default_factory=ServiceLevels)
    hand_back: HandBack = field(default_factory=HandBack)
    exclusivity_km: float = 10.0
    events: tuple[Event, ...] = ()
    compensation: Compensation = field(default_factory=Compensation)
    guarantee: float | None = None
    future: Future = field(default_factory=Future)
    benefits: Benefits = field(default_factory=Benefits)
    hurdle_rate: float = 0.1
    service_contract_below: float = 5_000_000.0
    sensitivity: Sensitivity = field(default_factory=Sensitivity)

    def __post_init__(self) -> None:
        if self.form == "operate_only" and self.build_years != 1:
            raise InvalidInput("Nothing is built where the lot is operated only; remove build_years.")
        if self.guarantee is not None and self.payment.kind == "availability":
            raise InvalidInput("A guaranteed volume needs a charge a visit; an availability payment has none.")
