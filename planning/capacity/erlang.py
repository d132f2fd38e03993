"""
Erlang C: a hall of c counters, one queue, people who wait until they are served (M/M/c).

With λ arrivals an hour and s minutes of handling, a = λ s / 60 erlangs are offered. With Erlang's
B by its stable recursion B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)):

    C = c B / (c - a (1 - B))            share who wait at all
    P(wait > t) = C exp(-(c - a) t / s)
    mean wait = C s / (c - a)

Limits: arrivals at random within the hour, handling times exponential, nobody leaves the queue,
every counter serves everybody. A hall with a >= c has no steady state: its wait is inf.

References
----------
Erlang, A. K. (1917). Solution of some problems in the theory of probabilities of significance in
    automatic telephone exchanges. Elektroteknikeren 13, 5-13.
Jagerman, D. L. (1974). Some properties of the Erlang loss function. Bell System Technical Journal 53, 525-551.
Gross, D., Shortle, J. F., Thompson, J. M. & Harris, C. M. (2008). Fundamentals of Queueing Theory, 4th ed., ch. 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from foundation.errors import InvalidInput, Unsupported

MOST_COUNTERS = 20_000
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class WaitingTarget:
    """
    What waiting may be: a share served within some minutes, or a mean wait.

    Attributes
    ----------
    minutes
        Minutes of waiting, inclusive.
    share
        Share of visits whose wait is at most `minutes`, above 0 and below 1; None: `minutes` is
        the longest mean wait.

    Raises
    ------
    InvalidInput
        For minutes that are negative or not finite, a mean wait of 0, or a share out of range.
    """

    minutes: float = 10.0
    share: float | None = 0.9

    def __post_init__(self) -> None:
        """Refuse what no number of counters meets."""
        fine = 0.0 <= self.minutes < math.inf and (self.minutes > 0 or self.share is not None)
        if not fine or (self.share is not None and not 0.0 < self.share < 1.0):
            raise InvalidInput(
                "The waiting target is {share} within {minutes} minutes; expected a share between 0 and 1 within 0 "
                "minutes or more, or a mean wait above 0.",
                share="a mean wait" if self.share is None else str(self.share),
                minutes=float(self.minutes),
            )

    def met(self, queue: Queue) -> bool:
        """Say whether a queue meets the target."""
        if self.share is None:
            return queue.mean_wait <= self.minutes
        return queue.served_within(self.minutes) >= self.share


@dataclass(frozen=True, slots=True)
class Queue:
    """
    A hall in its busy hour.

    Attributes
    ----------
    counters
        Counters staffed.
    offered
        Erlangs: arrivals an hour x handling minutes / 60.
    handling_minutes
        Mean minutes at the counter.
    waiting
        Share of visits that wait at all; 1 where the hall cannot keep up.
    """

    counters: int
    offered: float
    handling_minutes: float
    waiting: float

    @property
    def mean_wait(self) -> float:
        """Mean minutes of waiting over all visits, those who do not wait among them; inf where it cannot keep up."""
        if self.offered >= self.counters:
            return math.inf if self.offered > 0 else 0.0
        return self.waiting * self.handling_minutes / (self.counters - self.offered)

    def served_within(self, minutes: float) -> float:
        """Share of visits whose wait is at most `minutes`; 0 where the hall cannot keep up."""
        if self.offered >= self.counters:
            return 0.0 if self.offered > 0 else 1.0
        return 1.0 - self.waiting * math.exp(-(self.counters - self.offered) * minutes / self.handling_minutes)

    @property
    def occupancy(self) -> float:
        """Share of the counters' time spent serving; above 1 the hall cannot keep up; NaN without counters."""
        return self.offered / self.counters if self.counters else math.nan

    def present(self, share: float) -> float:
        """
        People waiting and being served, not exceeded for `share` of the hour (0 < share < 1); inf if it cannot keep up.

        Below c people the states follow a truncated Poisson law, from c on a geometric one of ratio a / c.
        """
        if self.offered >= self.counters:
            return math.inf if self.offered > 0 else 0.0
        if self.offered == 0.0:
            return 0.0
        calm = 1.0 - self.waiting  # probability of fewer than c people
        if share > calm:
            # P(N <= c + k) = 1 - C rho^(k+1)
            beyond = math.log((1.0 - share) / self.waiting) / math.log(self.offered / self.counters)
            return float(self.counters + max(0, math.ceil(beyond - 1e-9) - 1))
        state = np.arange(self.counters)
        logs = state * math.log(self.offered) - np.concatenate([[0.0], np.cumsum(np.log(np.maximum(state[1:], 1)))])
        weight = np.exp(logs - logs.max())
        cumulated = np.cumsum(weight) / weight.sum() * calm
        return float(np.searchsorted(cumulated, share * (1.0 - 1e-12), side="left"))


def erlang_b(counters: int, offered: float) -> float:
    """
    Return the share of visits lost when nobody may wait (Erlang's first formula).

    Parameters
    ----------
    counters
        0 or more.
    offered
        Erlangs, 0 or more.
    """
    _check(counters, offered)
    blocking = 1.0
    for k in range(1, counters + 1):
        blocking = _next(blocking, k, offered)
    return blocking


def erlang_c(counters: int, offered: float) -> float:
    """Return the share of visits that wait at all (Erlang's second formula); 1 where `offered` >= `counters`."""
    _check(counters, offered)
    return _waiting(erlang_b(counters, offered), counters, offered)


def queue_of(counters: int, offered: float, handling_minutes: float) -> Queue:
    """Return the hall of `counters` under `offered` erlangs."""
    _check_handling(handling_minutes)
    return Queue(counters, offered, handling_minutes, erlang_c(counters, offered))


def counters_needed(offered: float, handling_minutes: float, target: WaitingTarget) -> int:
    """
    Return the fewest counters that meet the target; 0 when nobody comes.

    Raises
    ------
    Unsupported
        When more than `MOST_COUNTERS` are needed.
    """
    _check(0, offered)
    _check_handling(handling_minutes)
    if offered == 0.0:
        return 0
    blocking = 1.0
    for counters in range(1, MOST_COUNTERS + 1):
        blocking = _next(blocking, counters, offered)
        waiting = _waiting(blocking, counters, offered)
        if counters > offered and target.met(Queue(counters, offered, handling_minutes, waiting)):
            return counters
    raise Unsupported(
        "One centre would need more than {most} counters. Split the demand over more centres, or correct the rates.",
        most=MOST_COUNTERS,
    )


def greatest_load(counters: int, handling_minutes: float, target: WaitingTarget) -> float:
    """Return the most erlangs that `counters` take within the target, from below, to 1e-12 of them."""
    _check(counters, 0.0)
    _check_handling(handling_minutes)
    low, high = 0.0, float(counters)
    for _ in range(_HALVINGS if counters else 0):
        middle = (low + high) / 2.0
        if middle < counters and target.met(queue_of(counters, middle, handling_minutes)):
            low = middle
        else:
            high = middle
    return low


def _next(blocking: float, counters: int, offered: float) -> float:
    return offered * blocking / (counters + offered * blocking)


def _waiting(blocking: float, counters: int, offered: float) -> float:
    if offered == 0.0:
        return 0.0 if counters else 1.0
    if offered >= counters:
        return 1.0
    return counters * blocking / (counters - offered * (1.0 - blocking))


def _check(counters: int, offered: float) -> None:
    if counters < 0 or counters > MOST_COUNTERS:
        raise InvalidInput("There are {n} counters; expected 0 to {most}.", n=counters, most=MOST_COUNTERS)
    if not 0.0 <= offered < math.inf:
        raise InvalidInput("The offered load is {value} erlangs; expected 0 or more, finite.", value=float(offered))


def _check_handling(minutes: float) -> None:
    if not 0.0 < minutes < math.inf:
        raise InvalidInput("The handling time is {value} minutes; expected above 0, finite.", value=float(minutes))
