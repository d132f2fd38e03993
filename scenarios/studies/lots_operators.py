"""Who operates each centre once a tender has been worked out: the table of places and its layer say the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from planning.partnership import Partnership
from planning.plan import Plan
from scenarios.studies.case import Study


def operated(plan: Plan, studies: Iterable[Study]) -> Plan:
    """
    Return the plan with the centres of the tender labelled as privately operated.

    Where the tender takes the plan's own label they are so already, by the same rule.
    """
    tendered: set[str] = set()
    for study in studies:
        if isinstance(study.answer, Partnership):
            tendered |= set(study.answer.ids)
    if tendered <= set(plan.sites.loc[plan.sites["operator"] == "private", "id"]):
        return plan
    sites = plan.sites.copy()
    sites.loc[sites["id"].isin(tendered), "operator"] = "private"
    layer = plan.layers["centres"].copy()
    layer.loc[layer["id"].isin(tendered), "operator"] = "private"
    return dataclasses.replace(plan, sites=sites, layers=dict(plan.layers) | {"centres": layer})
