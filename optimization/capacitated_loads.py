"""Demands and capacities of a capacitated model: whole where they can be, scaled site by site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimization.quanta import unit_of

ROOM = 2.0**30  # the largest whole cost, demand or capacity
LOOSE = 1e-9  # share by which demands that are no whole numbers may pass a capacity
SPLIT = 1e-6  # the same where HiGHS divides customers: its own tolerance


@dataclass(frozen=True, slots=True)
class Loads:
    """
    Demands and capacities, scaled site by site.

    Attributes
    ----------
    needs, room
        (customers,), (sites,) the caller's own.
    demand, capacity
        (customers, sites), (sites,) for the model: whole where `exact`, else in shares of 2^30 of the capacity;
        where customers are divided, in shares of it.
    exact
        (sites,) where a site's numbers are whole in one unit.
    most
        (customers, sites) the largest share of a customer that a site has room for.
    """

    needs: NDArray[np.float64]
    room: NDArray[np.float64]
    demand: NDArray[np.float64]
    capacity: NDArray[np.float64]
    exact: NDArray[np.bool_]
    most: NDArray[np.float64]

    def held(self, shares: NDArray[np.float64], opened: NDArray[np.bool_], *, split: bool) -> bool:
        """Tell whether open sites serve no more than they can: to the unit where that can be said; see `LOOSE`."""
        told = (self.demand * shares).sum(axis=0) <= self.capacity * opened
        loose = self.needs @ shares <= self.room * (opened + (SPLIT if split else LOOSE))
        return bool(np.where(self.exact & (not split), told, loose).all())


def loads_of(needs: NDArray[np.float64], room: NDArray[np.float64], *, split: bool) -> Loads:
    """
    Scale demands and capacities for the model.

    Each site has a unit of its own: a customer too large for it must not coarsen what the others are measured in,
    nor must a capacity beyond the whole demand, which limits nothing.
    """
    limit = np.minimum(room, float(needs.sum()))
    demand, capacity = np.zeros((needs.size, room.size)), np.zeros(room.size)
    exact, most = np.ones(room.size, dtype=bool), np.zeros((needs.size, room.size))
    for site, top in enumerate(limit.tolist()):
        fits = needs <= top * (1.0 + LOOSE)
        most[:, site] = np.where(fits, 1.0, top / np.maximum(needs, top) if split and top > 0 else 0.0)
        factor, _, exact[site] = unit_of(np.append(needs[fits], top), room=ROOM)
        if split and top > 0:  # continuous: HiGHS's tolerance is then a share of the capacity
            demand[:, site], capacity[site] = needs / top, 1.0
        elif exact[site]:
            demand[:, site], capacity[site] = np.rint(needs * factor), np.rint(top * factor)
        else:
            demand[:, site], capacity[site] = needs * (ROOM / top), ROOM * (1.0 + 1e-3 * LOOSE)
        demand[most[:, site] == 0.0, site] = 0.0  # not served from here
    return Loads(needs, room, demand, capacity, exact, most)
