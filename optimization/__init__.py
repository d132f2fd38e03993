"""The ground floor of numbers: arrays in, certified answer out; knows no geography."""

from optimization import certificate
from optimization.alternatives import Alternatives, alternatives
from optimization.capacitated import capacitated_p_median
from optimization.lexicographic import Progress, solve
from optimization.memory import Memory
from optimization.mending import least_shift, possible
from optimization.plain_center import p_center
from optimization.plain_certificate import PlainCheck, verify_p_center, verify_p_median
from optimization.plain_cover import max_cover, set_cover
from optimization.plain_median import p_median
from optimization.plain_solution import PlainProgress, PlainSolution
from optimization.problem import (
    Columns,
    Floor,
    LinearStage,
    Measure,
    MissStage,
    Problem,
    Rule,
    Stage,
    TieStage,
    WorstStage,
)
from optimization.questions import (
    ForcedLosses,
    FrontierPoint,
    Price,
    forced_losses,
    frontier,
    price_of,
)
from optimization.rechecking import recheck
from optimization.solution import Conflict, Solution, StageResult
from optimization.storage import load_certificate, load_problem, save_certificate, save_problem
from optimization.validation import validate

__all__ = [
    "Alternatives",
    "Columns",
    "Conflict",
    "Floor",
    "ForcedLosses",
    "FrontierPoint",
    "LinearStage",
    "Measure",
    "Memory",
    "MissStage",
    "PlainCheck",
    "PlainProgress",
    "PlainSolution",
    "Price",
    "Problem",
    "Progress",
    "Rule",
    "Solution",
    "Stage",
    "StageResult",
    "TieStage",
    "WorstStage",
    "alternatives",
    "capacitated_p_median",
    "certificate",
    "forced_losses",
    "frontier",
    "least_shift",
    "load_certificate",
    "load_problem",
    "max_cover",
    "p_center",
    "p_median",
    "possible",
    "price_of",
    "recheck",
    "save_certificate",
    "save_problem",
    "set_cover",
    "solve",
    "validate",
    "verify_p_center",
    "verify_p_median",
]
