"""
Partnership: which centres suit private operation, and lots for a tender with their money and risks.

Pure arithmetic on arrays; the planner's terms are `PartnershipSettings`.
"""

from planning.partnership.answer import Lot, Money, Partnership, parting_of, public_of, start_of, tender
from planning.partnership.benefits import Without, Worth, without_lot, worth_of
from planning.partnership.events import Opened, Weighed, weigh
from planning.partnership.finance import Returns, npv, payback_years, returns
from planning.partnership.flows import BreakEven, Flows, Moved, break_even, flows_of
from planning.partnership.forecast import Digital, Forecast, forecast_of
from planning.partnership.ground import Ground, Loss, covered_by, fall, loss_without, overlap, worst_off
from planning.partnership.lots import Parting, falls_of, part, stated, weak_centres
from planning.partnership.money_terms import Benefits, Costs, HandBack, Payment, Sensitivity, ServiceLevels
from planning.partnership.risk_terms import Compensation, Event
from planning.partnership.sensitivity import Driver, drivers_of
from planning.partnership.suited import Suited, suited
from planning.partnership.terms import Future, Grouping, PartnershipSettings, Selection

__all__ = [
    "Benefits",
    "BreakEven",
    "Compensation",
    "Costs",
    "Digital",
    "Driver",
    "Event",
    "Flows",
    "Forecast",
    "Future",
    "Ground",
    "Grouping",
    "HandBack",
    "Loss",
    "Lot",
    "Money",
    "Moved",
    "Opened",
    "Parting",
    "Partnership",
    "PartnershipSettings",
    "Payment",
    "Returns",
    "Selection",
    "Sensitivity",
    "ServiceLevels",
    "Suited",
    "Weighed",
    "Without",
    "Worth",
    "break_even",
    "covered_by",
    "drivers_of",
    "fall",
    "falls_of",
    "flows_of",
    "forecast_of",
    "loss_without",
    "npv",
    "overlap",
    "part",
    "parting_of",
    "payback_years",
    "public_of",
    "returns",
    "start_of",
    "stated",
    "suited",
    "tender",
    "weak_centres",
    "weigh",
    "without_lot",
    "worst_off",
    "worth_of",
]
