"""
Theil's two measures of inequality, and what of them lies between groups.

T weighs by travel, L (the mean logarithmic deviation) by people:

    T = Σ p (x/μ) ln(x/μ)        L = Σ p ln(μ/x)        p: share of the people, μ: mean travel

Both split without remainder: with π the people's share of group g, μ_g its mean,

    T = Σ π (μ_g/μ) T_g + Σ π (μ_g/μ) ln(μ_g/μ)         within + between
    L = Σ π L_g         + Σ π ln(μ/μ_g)

The Gini coefficient does not split so, and is not split here.

References
----------
Theil, H. (1967). Economics and Information Theory. North-Holland.
Bourguignon, F. (1979). Decomposable income inequality measures. Econometrica 47, 901-920.
Shorrocks, A. F. (1980). The class of additively decomposable inequality measures. Econometrica 48, 613-625.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.equity.arrays import Floats, Minutes, People, capped, checked

LEAST_MINUTES = 0.1  # the step minutes are rounded to: the logarithm of no journey at all is not defined

Index = Literal["T", "L"]


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's T and L, without unit, >= 0; 0: everyone travels as long. NaN for nobody."""

    t: float
    l: float  # noqa: E741 - its name


@dataclass(frozen=True, slots=True)
class Share:
    """
    One group's part in a decomposition.

    Attributes
    ----------
    people, travel
        Its share of all people, and of all travel.
    mean_minutes
        Mean travel in the group, as treated (capped, raised to the least).
    inequality
        The measure inside the group.
    within, between
        What it adds to the two sums; `between` may be negative.
    """

    label: str
    people: float
    travel: float
    mean_minutes: float
    inequality: float
    within: float
    between: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    """One measure, split: `within` + `between` = `total`. Groups of nobody are left out of `shares`."""

    index: Index
    total: float
    within: float
    between: float
    shares: tuple[Share, ...]


def theil(minutes: Minutes, people: People, *, cap_minutes: float, least_minutes: float = LEAST_MINUTES) -> Theil:
    """
    Return Theil's T and L of travel.

    Parameters
    ----------
    minutes, people
        (n,) each, as at the top of the package.
    cap_minutes
        Longer times and the unreachable count as this many minutes.
    least_minutes
        Shorter times count as this many, above 0 and at most the cap.
    """
    times, weights = _treated(*checked(minutes, people), cap_minutes, least_minutes)
    return Theil(_index("T", times, weights), _index("L", times, weights))


def decomposed(
    minutes: Minutes,
    people: People,
    labels: NDArray[Any],
    *,
    index: Index,
    cap_minutes: float,
    least_minutes: float = LEAST_MINUTES,
) -> Decomposition:
    """
    Split T or L into what lies within the groups of `labels` and what lies between them.

    Parameters
    ----------
    labels
        (n,) the group of each entry, for instance its governorate.
    index, cap_minutes, least_minutes
        "T" or "L"; the others as for `theil`.

    Returns
    -------
    decomposition
        `shares` in the sorted order of the labels.

    Raises
    ------
    InvalidInput
        If there is not one label an entry.
    """
    times, weights = checked(minutes, people)
    names = np.asarray(labels).astype(str)
    if names.shape != times.shape:
        raise InvalidInput(
            "There are {labels} labels for {n} entries; expected one label an entry.", labels=names.size, n=times.size
        )
    names = names[weights > 0]
    times, weights = _treated(times, weights, cap_minutes, least_minutes)
    if not times.size:
        nothing = float("nan")
        return Decomposition(index, nothing, nothing, nothing, ())
    everyone, mean = weights.sum(), float(weights @ times / weights.sum())
    shares = []
    for name in np.unique(names):
        here = names == name
        mine, own = float(weights[here].sum() / everyone), float(weights[here] @ times[here] / weights[here].sum())
        relative = own / mean
        inside, factor = _index(index, times[here], weights[here]), mine * relative if index == "T" else mine
        apart = factor * float(np.log(relative) if index == "T" else -np.log(relative))
        shares.append(Share(str(name), mine, mine * relative, own, inside, factor * inside, apart))
    return Decomposition(
        index,
        total=_index(index, times, weights),
        within=float(sum(share.within for share in shares)),
        between=float(sum(share.between for share in shares)),
        shares=tuple(shares),
    )


def _index(index: Index, times: Floats, weights: Floats) -> float:
    if not times.size:
        return float("nan")
    share = weights / weights.sum()
    relative = times / (share @ times)
    parts = share * relative * np.log(relative) if index == "T" else -share * np.log(relative)
    return max(0.0, float(parts.sum()))


def _treated(times: Floats, weights: Floats, cap_minutes: float, least_minutes: float) -> tuple[Floats, Floats]:
    """Keep the entries with people, between the least and the cap."""
    if not 0.0 < least_minutes <= cap_minutes:
        raise InvalidInput(
            "The least travel is {least} minutes and the cap {cap}; expected above 0 and at most the cap.",
            least=float(least_minutes),
            cap=float(cap_minutes),
        )
    times, weights = capped(times, weights, cap_minutes)
    return np.maximum(times, least_minutes), weights
