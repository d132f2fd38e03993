"""What each objective is called in a run, and how the standard and the objectives are written into run.json."""

from __future__ import annotations

from typing import Any

from foundation.errors import Phrase
from planning.plan import Plan
from planning.standards import Limits

STAGES = {
    "covered_person_years": "Person-years within the access standard",
    "covered_visits": "Visits in person within the access standard, over all years",
    "covered_priority_visits": "Visits in person within the access standard, weighed by priority, over all years",
    "worst_governorate": "Share covered in the worst-covered governorate",
    "worst_settlement": "Share covered in the worst-covered settlement type",
    "worst_group": "Share covered in the worst-covered group",
    "mean_travel": "Mean travel time of the final network, in whole minutes rounded up",
    "mean_travel_visits": "Mean travel time of a visit to the final network, in whole minutes rounded up",
    "mean_travel_priority_visits": (
        "Mean travel time of a visit weighed by priority to the final network, in whole minutes rounded up"
    ),
    "worst_journey": "Longest journey to the final network of anybody within reach, in whole minutes rounded up",
    "ede": "Kolm–Pollak equally-distributed equivalent of travel to the final network",
    "centres": "Centres operating in the final year",
    "cost": "Capital and running cost over the programme's years",
    "tie": "Tie rule: least sum of site ranks",
}

LEVELS = {
    "worst_governorate": "Share covered in the governorate that is number {n} from the worst-covered",
    "worst_settlement": "Share covered in the settlement type that is number {n} from the worst-covered",
    "worst_group": "Share covered in the group that is number {n} from the worst-covered",
}


def stage_title(objective: str) -> Phrase:
    """Say what a stage of the certificate is about; "worst_governorate:2" is the second level of an objective."""
    name, _, level = objective.partition(":")
    return Phrase(LEVELS[name], {"n": int(level)}) if level else Phrase(STAGES[name])


def standard_record(plan: Plan) -> dict[str, Any]:
    """Write the standard; fields that were not asked for are left out."""
    standard = plan.standard
    found: dict[str, Any] = {
        "urban_minutes": standard.urban_minutes,
        "rural_minutes": standard.rural_minutes,
        "partial_centres_count": standard.partial_counts,
    }
    if standard.remote is not None:
        found["remote_minutes"] = standard.remote_minutes
        found["remote"] = {
            "districts": list(standard.remote.districts),
            "density_at_most_per_km2": standard.remote.density_at_most,
        }
    if standard.groups:
        found["groups"] = dict(standard.groups)
    if standard.bands:
        found["bands"] = [_limits(band.limits) | {"benefit": band.benefit} for band in standard.bands]
    if standard.further:
        found["weight"] = standard.weight
        found["further"] = [_limits(f.limits) | {"name": f.name, "weight": f.weight} for f in standard.further]
    if standard.group_names():
        found["joint_groups"] = "assumed independent"
    return found


def objectives_record(plan: Plan) -> dict[str, Any]:
    """Write the objectives in their order, the floors and the discount."""
    objectives = plan.objectives
    return {
        "order": [
            {"objective": aim.name, "of": aim.of, "tolerance": aim.tolerance, "levels": aim.levels or "all"}
            for aim in objectives.aims()
        ],
        "floors": [
            {
                "scope": floor.scope,
                "which": floor.which or "each",
                "share": floor.share,
                "people": floor.people,
                "all_within_reach": floor.within_reach,
                "from": floor.from_year or plan.programme.final_year,
            }
            for floor in objectives.floors
        ],
        "discount_rate": objectives.discount_rate,
        "travel_cap_minutes": objectives.cap_minutes,
        "inequality_aversion": objectives.aversion,
        "measures": [
            {"name": m.name, "unit": m.unit, "quantum": m.quantum, "total": m.total, "unavoidable": m.constant}
            for m in plan.problem.measures
        ],
    }


def _limits(limits: Limits) -> dict[str, Any]:
    found: dict[str, Any] = {"urban_minutes": limits.urban, "rural_minutes": limits.rural}
    if limits.remote is not None:
        found["remote_minutes"] = limits.remote
    return found | ({"groups": dict(limits.groups)} if limits.groups else {})
