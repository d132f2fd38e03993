"""
A network of open centres in one year, and what it means for each demand point.

Pure arithmetic on a table of journeys: nobody here knows how the centres were chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.travel import Reach, Travel


@dataclass(frozen=True, slots=True)
class Network:
    """
    The nearest open centre of every demand point at the end of `year`.

    Attributes
    ----------
    open_sites
        (k,) positions of the open centres; ascending where there is one kind only.
    nearest
        (n,) position of the nearest open centre, -1 where none can be reached;
        equal journeys go to the lowest position.
    minutes, metres
        (n,) along the fastest route to it, inf where none can be reached.
    covered
        (n,) True where that journey (or one to another open place, of a kind with a limit of its own)
        meets the standard.
    open_options, nearest_option
        (k,), (n,) the same as options, places of a kind at a site: `open_options` are the places at
        `open_sites`, one by one. Where there is one kind only, options are sites.
    """

    year: int
    open_sites: NDArray[np.int64]
    nearest: NDArray[np.int64]
    minutes: NDArray[np.float64]
    metres: NDArray[np.float64]
    covered: NDArray[np.bool_]
    open_options: NDArray[np.int64]
    nearest_option: NDArray[np.int64]


def network(
    travel: Travel | Reach, open_sites: NDArray[np.int64], limits: NDArray[np.float64], *, year: int
) -> Network:
    """
    Send every demand point to its nearest open centre.

    Parameters
    ----------
    travel
        Journeys from n points to m sites, dense or sparse.
    open_sites
        Positions of open centres in 0..m-1; may be empty.
    limits
        (n,) the standard at each point, minutes, inclusive.
    """
    open_sites = np.unique(np.asarray(open_sites, dtype=np.int64))
    found = travel.nearest(open_sites)
    return Network(
        year=year,
        open_sites=open_sites,
        nearest=found.site,
        minutes=found.minutes,
        metres=found.metres,
        covered=np.isfinite(found.minutes) & (found.minutes <= limits),
        open_options=open_sites,
        nearest_option=found.site,
    )


def places_at(positions: NDArray[np.int64], options: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each option stands among `positions`; -1 for one that does not, and for -1, which is no option."""
    place = np.full(int(max(positions.max(initial=0), options.max(initial=0))) + 1, -1, dtype=np.int64)
    place[positions] = np.arange(positions.size)
    return np.where(options >= 0, place[np.maximum(options, 0)], -1)


def marginal_order(
    reach: NDArray[np.bool_],
    people: NDArray[np.int64],
    already: NDArray[np.bool_],
    sites: NDArray[np.int64],
    names: list[str],
) -> list[tuple[int, int]]:
    """
    Order the centres that open in one year by what each adds, greatest first.

    Parameters
    ----------
    reach
        (n, m) True where a site is within the standard of a point.
    people
        (n,) persons.
    already
        (n,) True where a point is covered before this year.
    sites
        Positions to order.
    names
        m site ids; equal gains go by id.

    Returns
    -------
    order
        (position, people gained) pairs; gains depend on this order and sum to the
        people the year adds.
    """
    covered = already.copy()
    left = sorted((int(site) for site in sites), key=lambda site: names[site])
    order: list[tuple[int, int]] = []
    while left:
        gains = [int(people[reach[:, site] & ~covered].sum()) for site in left]
        first = int(np.argmax(gains))
        site = left.pop(first)
        covered |= reach[:, site]
        order.append((site, gains[first]))
    return order
