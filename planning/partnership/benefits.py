"""
Cost-benefit beside the finance: what people gain, against what it takes, whoever pays.

    benefit(y) = value of time x (hours saved a visit x visits(y) + hours of separate journeys) + avoided(y)
    cost(y)    = building, fit-out, mobilisation, renewal, works and running, by whomever they are spent

The case without the lot: people go to the next centre that stays open, or to separate offices. Charges, fees
and payments move money from one to another and are no part of it (European Commission 2014, Guide to
Cost-Benefit Analysis of Investment Projects, chapter 2). No residual value is counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.partnership.finance import npv
from planning.partnership.flows import operator_capital, renewals
from planning.partnership.money_terms import Benefits
from planning.partnership.terms import PartnershipSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Without:
    """
    The year's case without a lot.

    Attributes
    ----------
    hours_per_visit
        Mean hours of travel, there and back, that a visit saves against the next centre.
    journeys, hours
        A year: separate journeys, and their hours, of those who would go to separate offices.
    """

    hours_per_visit: float
    journeys: float
    hours: float


@dataclass(frozen=True, slots=True)
class Worth:
    """
    Economic figures of a lot, at the social rate.

    Attributes
    ----------
    hours
        (term,) hours saved a year.
    journeys
        A year: journeys to separate offices saved.
    benefits, costs, npv
        Present value, JOD.
    ratio
        Benefits over costs; NaN without costs.
    """

    hours: Floats
    journeys: float
    benefits: float
    costs: float
    npv: float
    ratio: float


def without_lot(
    visits: Floats,
    minutes: Floats,
    other: Floats,
    kept: NDArray[np.bool_],
    journeys: Floats,
    hours: Floats,
    how: Benefits,
) -> Without:
    """
    Compare with the case without a lot, over the points nearest to it.

    Parameters
    ----------
    visits
        (c,) visits a year of the points of the catchment.
    minutes, other
        (c,) to the lot's centre, and to the nearest centre outside the lot (inf: none).
    kept
        (c,) True where a point is within the standard of a centre outside the lot.
    journeys, hours
        (c,) what one place for all agencies saves a year, against separate offices.
    """
    apart = ~np.isfinite(other) | (~kept if how.without == "separate_offices" else np.zeros_like(kept))
    more = np.maximum(0.0, np.where(apart, 0.0, np.where(np.isfinite(other), other, 0.0) - minutes))
    total = float(visits.sum())
    mean = float((visits * more).sum()) * 2.0 / 60.0 / total if total > 0 else 0.0
    return Without(mean, float(journeys[apart].sum()), float(hours[apart].sum()))


def worth_of(visits: Floats, centres: int, found: Without, settings: PartnershipSettings) -> Worth:
    """Weigh a lot's benefits and costs; `visits` is (term,), the middle case."""
    costs, how, build = settings.costs, settings.benefits, settings.build_years
    saved = found.hours_per_visit * visits + found.hours
    benefit = how.value_of_time * saved + how.avoided_per_visit * visits
    capital = centres * (costs.building + costs.fit_out + costs.mobilisation)
    works = settings.hand_back.works_share * operator_capital(settings, centres)
    spent = renewals(settings, centres) + costs.running_fixed * centres + costs.running_per_visit * visits
    spent[-1] += works
    gains = npv(how.social_rate, np.concatenate([np.zeros(build), benefit]))
    takes = npv(how.social_rate, np.concatenate([np.full(build, capital / build), spent]))
    ratio = gains / takes if takes > 0 else float("nan")
    return Worth(saved, found.journeys, gains, takes, gains - takes, ratio)
