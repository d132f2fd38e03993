"""
Demand: who lives where, in whole persons, and the groups nobody may leave behind.

People are conserved (law 4): shares of a zone become whole persons by largest
remainder, so that points sum to the zone and zones to the nation.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput


def apportion(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """
    Split `total` whole persons in proportion to `weights`, by largest remainder.

    Parameters
    ----------
    weights
        (n,) non-negative, finite; not all zero unless `total` is 0.
    total
        Persons to split, >= 0.

    Returns
    -------
    persons
        (n,) whole, summing to `total` exactly; ties of the remainder go to the lower position.

    References
    ----------
    The method of Hamilton (largest remainders); Balinski & Young (1982), Fair Representation.
    """
    weights = np.asarray(weights, dtype=np.float64)
    mass = float(weights.sum())
    if total < 0 or not np.isfinite(mass) or (weights < 0).any() or (mass == 0 and total > 0):
        raise InvalidInput(
            "Cannot split {total} persons over these weights; expected finite weights >= 0.", total=total
        )
    if mass == 0:
        return np.zeros(weights.size, dtype=np.int64)
    exact = weights / mass * total
    whole = np.floor(exact).astype(np.int64)
    short = int(total - whole.sum())
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:short]] += 1
    return whole


def group_people(people: pd.DataFrame, groups: pd.DataFrame, group: str) -> NDArray[np.int64]:
    """
    Count a group's persons at each demand point.

    A zone's share is applied to its residents, rounded to whole persons for the
    zone, and spread over its points in proportion to their people (modelled).

    Parameters
    ----------
    people
        `Country.people`: zone_id, people.
    groups
        `Country.groups`: zone_id, group, share.
    group
        For instance "elderly".

    Returns
    -------
    persons
        (n,) whole persons, at most `people` at each point up to rounding.
    """
    shares = groups.loc[groups["group"] == group].set_index("zone_id")["share"]
    missing = sorted(set(people["zone_id"]) - set(shares.index))
    if missing:
        raise InvalidInput(
            "No share of the group '{group}' is given for {zones}. Add it to the groups table.",
            group=group,
            zones=", ".join(missing),
        )
    counted = np.zeros(len(people), dtype=np.int64)
    zone_of = people["zone_id"].to_numpy()
    residents = people["people"].to_numpy(dtype=np.int64)
    for zone, share in shares.items():
        here = np.flatnonzero(zone_of == zone)
        total = round(float(share) * int(residents[here].sum()))
        counted[here] = apportion(residents[here].astype(np.float64), total)
    return counted
