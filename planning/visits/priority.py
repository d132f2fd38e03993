"""
Priority of services for the centres: a weighted mean of scores by factor. It ranks services, never sites.

The roadmap names six factors among "some": transactions, their value, value to citizens,
complexity, culture, economy. The list is open: a factor is whatever the scores name.
Weighted sum model: Fishburn (1967), Additive utilities with incomplete product sets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Phrase
from planning.visits.settings import Priorities

COUNTED = "transactions"


@dataclass(frozen=True, slots=True)
class Ranking:
    """
    Scores of S services.

    Attributes
    ----------
    score
        (S,) 0 to 1.
    factors, weights
        F factors and their weights, which sum to 1.
    parts
        (S, F) score by factor, 0 to 1; `score` is ``parts @ weights``.
    counted
        True where the factor `transactions` was computed from the volumes.
    """

    score: NDArray[np.float64]
    factors: tuple[str, ...]
    weights: NDArray[np.float64]
    parts: NDArray[np.float64]
    counted: bool


def rank(
    services: tuple[str, ...], table: pd.DataFrame, transactions: NDArray[np.float64], wanted: Priorities
) -> Ranking:
    """
    Score the services.

    Parameters
    ----------
    table
        `Records.service_factors`.
    transactions
        (S,) transactions a year. They score the factor `transactions`, as a share of the
        most used service, where the table does not.

    Raises
    ------
    InvalidInput
        If a weight names a factor without scores, or a score a service or factor not planned with.
    """
    given = {(str(r.service_id), str(r.factor)): float(str(r.score)) for r in table.itertuples()}
    counted = not any(factor == COUNTED for _, factor in [*given, *wanted.scores])
    if counted:
        most = float(transactions.max(initial=0.0)) or 1.0
        given |= {(s, COUNTED): float(v) / most for s, v in zip(services, transactions, strict=True)}
    given |= {key: float(score) for key, score in wanted.scores.items()}
    factors = tuple(name for name, weight in wanted.weights.items() if weight > 0)
    stray = sorted(f"{s}, {f}" for s, f in wanted.scores if s not in services or f not in wanted.weights)
    missing = [f"{s}, {f}" for f in factors for s in services if (s, f) not in given]
    if stray or missing:
        raise InvalidInput(
            "Priority: {problem} ({pairs}). Give one score of 0 to 1 for every service and weighted factor.",
            problem=Phrase("scores without use") if stray else Phrase("scores missing"),
            pairs="; ".join(stray or missing)[:200],
        )
    parts = np.array([[given[s, f] for f in factors] for s in services], dtype=np.float64)
    weights = np.array([wanted.weights[f] for f in factors], dtype=np.float64)
    weights = weights / weights.sum()
    return Ranking(parts @ weights, factors, weights, parts, counted)
