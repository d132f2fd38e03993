"""
How evenly travel is shared: means, quantiles, bands, inequality and its parts, shortfall, the worst served.

Pure functions on arrays. Everywhere `minutes` is (n,) travel time in minutes to
the nearest centre, >= 0, inf where there is no route, never NaN; `people` is (n,)
residents, >= 0, and weighs each entry. A measure of nobody is NaN, never zero.
"""

from planning.equity.arrays import Minutes, People
from planning.equity.lorenz import Lorenz, lorenz
from planning.equity.measures import (
    Bands,
    bands,
    ede_alpha,
    gini,
    kolm_pollak_ede,
    mean_minutes,
    quantile_minutes,
)
from planning.equity.shortfall import Shortfall, shortfall
from planning.equity.theil import LEAST_MINUTES, Decomposition, Share, Theil, decomposed, theil
from planning.equity.worst import worst_served

__all__ = [
    "LEAST_MINUTES",
    "Bands",
    "Decomposition",
    "Lorenz",
    "Minutes",
    "People",
    "Share",
    "Shortfall",
    "Theil",
    "bands",
    "decomposed",
    "ede_alpha",
    "gini",
    "kolm_pollak_ede",
    "lorenz",
    "mean_minutes",
    "quantile_minutes",
    "shortfall",
    "theil",
    "worst_served",
]
