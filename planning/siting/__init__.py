"""Siting: the programme in, a proven plan out. The only room of planning that knows the optimizer."""

from planning.siting.plan import Request, journeys_of, problem_of, site_programme
from planning.siting.solve import SolverSettings, certificate_of

__all__ = ["Request", "SolverSettings", "certificate_of", "journeys_of", "problem_of", "site_programme"]
