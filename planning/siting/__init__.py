"""Siting: the programme in, a proven plan out. The only room of planning that knows the optimizer."""

from planning.siting.describe import plan_of
from planning.siting.plan import problem_of, site_programme
from planning.siting.replay import Replayed, replayed
from planning.siting.request import Request, journeys_of
from planning.siting.solve import SolverSettings, certificate_of

__all__ = [
    "Replayed",
    "Request",
    "SolverSettings",
    "certificate_of",
    "journeys_of",
    "plan_of",
    "problem_of",
    "replayed",
    "site_programme",
]
