"""What a planner asks after the answer: the price of each rule, the frontier, why here, and what else is as good."""

from planning.siting.questions.figures import PlanFigures, figures_of
from planning.siting.questions.forcing import Forced, forced
from planning.siting.questions.frontier import FrontierPoint, frontier
from planning.siting.questions.loosening import Steps
from planning.siting.questions.prices import RulePrice, rule_prices
from planning.siting.questions.resolving import counts_money, counts_persons
from planning.siting.questions.similar import Similar, SimilarPlans, similar_plans

__all__ = [
    "Forced",
    "FrontierPoint",
    "PlanFigures",
    "RulePrice",
    "Similar",
    "SimilarPlans",
    "Steps",
    "counts_money",
    "counts_persons",
    "figures_of",
    "forced",
    "frontier",
    "rule_prices",
    "similar_plans",
]
