"""
The yearly cash flow of a lot: what its operator spends and earns, and what the state pays.

Year 0 is the first one with an outlay. Real JOD of the price year, before tax and financing. Fees of
the state are collected and handed on: they stand beside the flow and are in no line of it.
Method: World Bank (2017), PPP Reference Guide, version 3, part 3; European PPP Expertise Centre, Guide to Guidance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.partnership.finance import factors, npv, zero_of_line
from planning.partnership.terms import PartnershipSettings

Floats = NDArray[np.float64]
COSTS = ("capital", "renewal", "running", "works", "deductions")
INCOME = ("charge", "availability", "guarantee", "hand_back", "compensation")


@dataclass(frozen=True, slots=True)
class Moved:
    """What a sensitivity multiplies costs and payments by; `charge` and `availability` set them outright."""

    capital: float = 1.0
    running: float = 1.0
    payment: float = 1.0
    charge: float | None = None
    availability: float | None = None


@dataclass(frozen=True, slots=True)
class Flows:
    """
    A lot's account, one entry a year.

    Attributes
    ----------
    years
        Y years, those of building first.
    visits
        (Y,) 0 while building.
    lines
        (Y,) JOD, all at least 0, by name: `COSTS` are spent, `INCOME` is earned.
    state_fees
        (Y,) collected for the Treasury.
    """

    years: tuple[int, ...]
    visits: Floats
    lines: Mapping[str, Floats] = field(repr=False)
    state_fees: Floats = field(repr=False)

    @property
    def net(self) -> Floats:
        """(Y,) income less costs."""
        income = np.sum([self.lines[name] for name in INCOME], axis=0)
        return np.asarray(income - np.sum([self.lines[name] for name in COSTS], axis=0))

    @property
    def state_pays(self) -> Floats:
        """(Y,) what the state pays, deductions taken off as far as it pays."""
        paid = np.sum([self.lines[name] for name in ("availability", "guarantee", "hand_back", "compensation")], axis=0)
        return np.asarray(np.maximum(0.0, paid - self.lines["deductions"]))

    def whole_life_cost(self, rate: float) -> float:
        """Present value of capital, renewal, running and works."""
        spent = np.sum([self.lines[name] for name in ("capital", "renewal", "running", "works")], axis=0)
        return npv(rate, spent)


def operator_capital(settings: PartnershipSettings, centres: int) -> float:
    """JOD that the operator spends before opening: by form, for all centres of a lot."""
    costs = settings.costs
    by_form = {
        "greenfield": costs.building + costs.fit_out + costs.mobilisation,
        "fit_out": costs.fit_out + costs.mobilisation,
        "operate_only": costs.mobilisation,
    }
    return centres * by_form[settings.form]


def renewals(settings: PartnershipSettings, centres: int) -> Floats:
    """(term,) JOD of renewed fit-out by year of operation; none in the last year."""
    costs, term = settings.costs, settings.term_years
    due = np.array([year % costs.renewal_every == 0 and year < term for year in range(1, term + 1)])
    return np.asarray(due * centres * costs.renewal_share * costs.fit_out)


def flows_of(
    visits: Floats,
    expected: Floats,
    centres: int,
    settings: PartnershipSettings,
    *,
    start: int,
    moved: Moved | None = None,
) -> Flows:
    """
    Write a lot's account.

    Parameters
    ----------
    visits
        (term,) visits a year.
    expected
        (term,) those of the middle case, which the guarantee is a share of.
    start
        First year of operation.
    """
    moved = moved or Moved()
    stated, costs, back = settings.payment, settings.costs, settings.hand_back
    charge = (stated.charge or 0.0) * moved.payment if moved.charge is None else moved.charge
    paid = (stated.availability or 0.0) * moved.payment if moved.availability is None else moved.availability
    build, term = settings.build_years, settings.term_years
    capital = operator_capital(settings, centres) * moved.capital
    last = np.arange(term) == term - 1
    topped = np.zeros(term)
    if settings.guarantee is not None:
        topped = charge * np.maximum(0.0, settings.guarantee * expected - visits)
    operating = {
        "capital": np.zeros(term),
        "renewal": renewals(settings, centres) * moved.capital,
        "running": (costs.running_fixed * centres + costs.running_per_visit * visits) * moved.running,
        "works": last * back.works_share * capital,
        "charge": charge * visits,
        "availability": np.full(term, paid * centres),
        "guarantee": topped,
        "hand_back": last * back.paid_share * capital,
        "compensation": np.zeros(term),
    }
    operating["deductions"] = settings.service_levels.deduction * (operating["charge"] + operating["availability"])
    lines = {name: np.concatenate([np.zeros(build), line]) for name, line in operating.items()}
    lines["capital"][:build] = capital / build
    whole = np.concatenate([np.zeros(build), visits])
    return Flows(tuple(range(start - build, start + term)), whole, lines, stated.state_fee * whole)


@dataclass(frozen=True, slots=True)
class BreakEven:
    """
    Where the present value is zero, all else as stated.

    Attributes
    ----------
    charge, availability
        JOD a visit, JOD a centre and year; NaN where the payment has none, or nothing depends on it.
    grant
        The viability gap: what the state would have to give in year 0; 0 where the lot carries itself.
    volume
        Share of the visits, without the guarantee's top-up; NaN where a visit earns nothing beyond its cost.
    """

    charge: float
    availability: float
    grant: float
    volume: float


def break_even(
    visits: Floats, expected: Floats, centres: int, settings: PartnershipSettings, *, start: int
) -> BreakEven:
    """Find the charge, payment, grant and volume at which the lot just earns the hurdle rate."""
    rate = settings.hurdle_rate

    def value(times: float = 1.0, **set_to: float) -> float:
        return npv(rate, flows_of(times * visits, expected, centres, settings, start=start, moved=Moved(**set_to)).net)

    nan = float("nan")
    charge = nan if settings.payment.charge is None else zero_of_line(value(charge=0.0), value(charge=1.0))
    paid = nan
    if settings.payment.availability is not None:
        paid = zero_of_line(value(availability=0.0), value(availability=1.0))
    return BreakEven(charge, paid, max(0.0, -value()), _volume(visits, centres, settings, start=start))


def _volume(visits: Floats, centres: int, settings: PartnershipSettings, *, start: int) -> float:
    none = np.zeros_like(visits)  # expected: no top-up, so that the value is a straight line in the volume
    at = [
        npv(settings.hurdle_rate, flows_of(times * visits, none, centres, settings, start=start).net)
        for times in (0.0, 1.0)
    ]
    return zero_of_line(*at) if at[1] > at[0] else float("nan")


def present(rate: float, values: Floats, *, build: int) -> float:
    """Present value in year 0 of the (term,) values of the years of operation."""
    return float(values @ factors(rate, build + values.size)[build:])
