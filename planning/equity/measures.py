"""
How long people travel and how unequally: means, quantiles, Gini, Kolm-Pollak, bands.

References
----------
Kolm, S.-Ch. (1976). Unequal inequalities. Journal of Economic Theory 12, 416-442 and 13, 82-111.
Sheriff, G. & Maguire, K. B. (2020). Health risk, inequality indexes, and environmental
    justice. Risk Analysis 40 (12), 2661-2674.
Horton, D., Logan, T., Murrell, J., Skipper, D. & Speakman, E. (2024). A scalable approach to
    equitable facility location. arXiv:2401.15452.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foundation.errors import InvalidInput
from planning.equity.arrays import Minutes, People, capped, checked, reached


@dataclass(frozen=True, slots=True)
class Bands:
    """
    People by travel band, disjoint and summing to the population.

    Attributes
    ----------
    edges
        Upper edges in minutes, ascending; each is inclusive.
    inside
        People above the edge before (from 0 for the first) and at most this edge, one an edge.
    beyond
        People who have a route, longer than the last edge.
    unreachable
        People with no route in the data.
    """

    edges: tuple[float, ...]
    inside: tuple[float, ...]
    beyond: float
    unreachable: float

    @property
    def within(self) -> tuple[float, ...]:
        """People at most each edge away: the cumulative sums of `inside`."""
        return tuple(float(total) for total in np.cumsum(self.inside))

    @property
    def total(self) -> float:
        """All people, the unreachable included."""
        return float(sum(self.inside) + self.beyond + self.unreachable)


def mean_minutes(minutes: Minutes, people: People) -> float:
    """Return the mean travel (minutes) of the reached; NaN when nobody is reached."""
    times, weights = reached(*checked(minutes, people))
    total = weights.sum()
    return float(weights @ times / total) if total > 0 else float("nan")


def quantile_minutes(minutes: Minutes, people: People, q: float) -> float:
    """
    Return the weighted lower quantile of the reached, in minutes.

    It is the least travel time for which the people who travel that long or less
    make up at least the share `q` of the reached (the inverse of the weighted
    distribution function, no interpolation): q = 0.5 is the lower median, q = 0.9
    the time within which nine of ten arrive, q = 0 the shortest and q = 1 the longest
    journey. NaN when nobody is reached.

    Raises
    ------
    InvalidInput
        If `q` is not between 0 and 1, both included.
    """
    if not 0.0 <= q <= 1.0:
        raise InvalidInput("The quantile is {q}; expected a share from 0 to 1, such as 0.9.", q=float(q))
    times, weights = reached(*checked(minutes, people))
    if not times.size:
        return float("nan")
    order = np.argsort(times, kind="stable")
    reached_so_far = np.cumsum(weights[order])
    # 0.55 * 100 is a hair above 55 in binary: without the allowance the next value would be taken.
    threshold = q * reached_so_far[-1] * (1.0 - 1e-12)
    position = int(np.searchsorted(reached_so_far, threshold, side="left"))
    return float(times[order][min(position, times.size - 1)])


def gini(minutes: Minutes, people: People, *, cap_minutes: float | None = None) -> float:
    """
    Return the weighted Gini coefficient of travel minutes, in [0, 1).

    0: everyone travels as long. It is half the mean absolute difference between
    two people drawn at random (with replacement), over the mean. NaN for no
    people; 0.0 when all travel is zero.

    Parameters
    ----------
    minutes, people
        (n,) each, as at the top of this module.
    cap_minutes
        Longer times and the unreachable count as this many minutes. None: no cap,
        and only the reached are compared.
    """
    times, weights = checked(minutes, people)
    times, weights = reached(times, weights) if cap_minutes is None else capped(times, weights, cap_minutes)
    if not times.size:
        return float("nan")
    scaled = times / max(times.max(), np.finfo(float).tiny)
    order = np.argsort(scaled, kind="stable")
    scaled, weights = scaled[order], weights[order] / weights.sum()
    mean = weights @ scaled
    if mean <= 0.0:
        return 0.0
    rank = np.cumsum(weights) - weights / 2.0  # middle of each entry's stretch of the population
    return max(0.0, float((weights * scaled) @ (2.0 * rank - 1.0) / mean))


def ede_alpha(reference_minutes: Minutes, people: People, *, cap_minutes: float) -> float:
    """
    Return the scale α = Σ w x / Σ w x² (per minute) of the reference distribution.

    Minutes above `cap_minutes`, and the unreachable, count as the cap. Take α once,
    from one stated reference, and use it for every plan that is compared (Horton et al.
    2024). NaN for no people, or when all reference travel is zero.
    """
    times, weights = capped(*checked(reference_minutes, people), cap_minutes)
    scale = times.max(initial=0.0)
    if scale <= 0.0:
        return float("nan")
    share = times / scale
    return float((weights @ share) / (weights @ share**2) / scale)


def kolm_pollak_ede(minutes: Minutes, people: People, *, aversion: float, alpha: float, cap_minutes: float) -> float:
    """
    Return the Kolm-Pollak equally-distributed equivalent of travel, in minutes.

    The travel time that, if everyone had it, would be as good as the uneven times
    there are: (1/a) ln(Σ w e^{a x} / Σ w) with a = aversion · alpha, for a burden
    (Sheriff & Maguire 2020). Never below the mean of the capped minutes, never
    above their longest; it adds c when everyone travels c longer.

    Parameters
    ----------
    minutes, people
        (n,) each, as at the top of this module.
    aversion
        ε >= 0, without unit; 0 is the mean, larger weighs long journeys more.
    alpha
        Per minute; see `ede_alpha`. NaN (no reference) gives NaN, unless `aversion` is 0.
    cap_minutes
        Longer times and the unreachable count as this many minutes.

    Raises
    ------
    InvalidInput
        If `aversion` or `alpha` is negative, or `aversion` is not finite.
    """
    if not 0.0 <= aversion < np.inf:
        raise InvalidInput("The aversion to inequality is {value}; expected 0 or more.", value=float(aversion))
    if alpha < 0.0:
        raise InvalidInput("The scale alpha is {value} per minute; expected 0 or more.", value=float(alpha))
    times, weights = capped(*checked(minutes, people), cap_minutes)
    if not times.size:
        return float("nan")
    share = weights / weights.sum()
    mean, longest = float(share @ times), float(times.max())
    rate = aversion * alpha if aversion > 0.0 else 0.0
    if np.isnan(rate):
        return float("nan")
    if rate == 0.0:
        return mean
    # log-sum-exp around the longest journey: no power overflows. Near 1 the sum is kept as its
    # distance from 1, so that a small aversion does not drown in rounding.
    shortfall = rate * (times - longest)
    distance = float(share @ np.expm1(shortfall))
    logarithm = np.log1p(distance) if distance > -0.5 else np.log(share @ np.exp(shortfall))
    ede = longest + float(logarithm) / rate
    return min(max(ede, mean), longest)


def bands(minutes: Minutes, people: People, edges: tuple[float, ...] = (30, 60, 90)) -> Bands:
    """
    Count people by travel band. Upper edges are inclusive: 30.0 minutes is within 30.

    Nobody is lost: the bands, the reached beyond the last edge and the unreachable
    sum to `people.sum()`. No people give zeros.

    Raises
    ------
    InvalidInput
        If `edges` is empty, not ascending, negative or not finite.
    """
    limits = np.asarray(edges, dtype=np.float64)
    if not limits.size or not np.isfinite(limits).all() or limits[0] < 0 or (np.diff(limits) <= 0).any():
        raise InvalidInput(
            "The band edges are {edges}; expected ascending minutes such as (30, 60, 90).", edges=str(edges)
        )
    times, weights = checked(minutes, people)
    position = np.searchsorted(limits, times, side="left")
    position[np.isinf(times)] = limits.size + 1
    counts = np.bincount(position, weights=weights, minlength=limits.size + 2)
    return Bands(
        edges=tuple(float(edge) for edge in limits),
        inside=tuple(float(count) for count in counts[: limits.size]),
        beyond=float(counts[-2]),
        unreachable=float(counts[-1]),
    )
