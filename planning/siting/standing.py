"""The places open in one year, and what they mean for each demand point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.network import Network
from planning.siting.instance import Instance

Floats = NDArray[np.float64]


def network_of(instance: Instance, open_options: NDArray[np.int64], *, year: int) -> Network:
    """
    Send every demand point to its nearest open place, of whatever kind.

    A point is within the standard when some open place is within the limit of its own kind.

    Parameters
    ----------
    open_options
        Positions of open options in 0..o-1; may be empty.
    """
    open_options = np.unique(np.asarray(open_options, dtype=np.int64))
    found = instance.places.nearest(open_options)
    site = instance.options.site
    return Network(
        year=year,
        open_sites=site[open_options],
        nearest=np.where(found.site >= 0, site[np.maximum(found.site, 0)], -1),
        minutes=found.minutes,
        metres=found.metres,
        covered=covered_by(instance, open_options, instance.limits),
        open_options=open_options,
        nearest_option=found.site,
    )


def covered_by(instance: Instance, open_options: NDArray[np.int64], limits: Floats) -> NDArray[np.bool_]:
    """(n,) True where an open place is within the limit of its kind, or of `limits` (n,) where it has none."""
    covered = np.zeros(instance.people.size, dtype=bool)
    for some, limit in _by_limit(instance, open_options, limits):
        minutes = instance.places.nearest(some).minutes
        covered |= np.isfinite(minutes) & (minutes <= limit)
    return covered


def reached_by(instance: Instance, open_options: NDArray[np.int64], limits: Floats) -> NDArray[np.bool_]:
    """(n, o) True where an open option is within the limit that holds for it; False for those not open."""
    reach = np.zeros(instance.places.shape, dtype=bool)
    for some, limit in _by_limit(instance, open_options, limits):
        minutes = instance.places.columns(some)[0]
        reach[:, some] = np.isfinite(minutes) & (minutes <= limit[:, None])
    return reach


def _by_limit(
    instance: Instance, open_options: NDArray[np.int64], limits: Floats
) -> list[tuple[NDArray[np.int64], Floats]]:
    """Part the open options by the limit that holds for them."""
    kind, own = instance.options.kind[open_options], instance.options.own_limits
    has_own = np.asarray(np.isfinite(own).any(axis=1), dtype=bool)
    parts = [(open_options[~has_own[kind]], limits)]
    parts += [(open_options[kind == number], own[number]) for number in np.flatnonzero(has_own)]
    return [(some, limit) for some, limit in parts if some.size]


def named(instance: Instance, network: Network) -> tuple[tuple[str, str], ...]:
    """Name the places open in a year: (site id, kind)."""
    options = instance.options
    return tuple(
        (str(instance.site_ids[options.site[option]]), options.kinds[options.kind[option]])
        for option in network.open_options.tolist()
    )
