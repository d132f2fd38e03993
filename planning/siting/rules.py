"""The programme's demands as rules on the columns: counts, quotas, and that a centre once open stays open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimization import Rule
from planning.programme import Programme
from planning.siting.instance import COMPREHENSIVE, NEVER, Instance


def count_rules(instance: Instance, programme: Programme, position: NDArray[np.int64]) -> list[Rule]:
    """Write how many centres operate each year, and the quotas of governorates."""
    counted = instance.site_kind == COMPREHENSIVE
    rules = []
    for t, year in enumerate(programme.years):
        open_ = position[counted, t]
        rules.append(_sum_rule(f"count:{year}", "count", open_, "==", programme.operating(year)))
    for quota in programme.zone_quotas:
        t = programme.years.index(quota.from_year)
        for zone in instance.zones:
            here = counted & (instance.zone_of_site == zone)
            if not quota.fixed_count:
                here &= instance.open_from == NEVER
            name = f"quota:{zone}:{quota.from_year}"
            rules.append(_sum_rule(name, "quota", position[here, t], ">=", quota.at_least))
    return rules


def _sum_rule(name: str, kind: str, columns: NDArray[np.int64], sense: str, right: int) -> Rule:
    present = columns[columns >= 0]
    return Rule(name, kind, present, np.ones(present.size, dtype=np.int64), sense, right)  # type: ignore[arg-type]


def order_rules(programme: Programme, position: NDArray[np.int64]) -> list[Rule]:
    """y(site, year) <= y(site, next year), where both may be open."""
    rules = []
    for t in range(len(programme.years) - 1):
        for site in np.flatnonzero((position[:, t] >= 0) & (position[:, t + 1] >= 0)):
            pair = np.array([position[site, t], position[site, t + 1]])
            name = f"stays_open:{site}:{programme.years[t]}"
            rules.append(Rule(name, "open_stays_open", pair, np.array([1, -1]), "<=", 0, structural=True))
    return rules
