"""Siting: the programme in, a proven plan out. The only room of planning that knows the optimizer."""

from planning.siting.plan import Request, site_programme
from planning.siting.solve import SolverSettings

__all__ = ["Request", "SolverSettings", "site_programme"]
