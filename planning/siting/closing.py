"""Places that leave: closed, moved, or upgraded where they stand; and that a site holds one kind at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optimization import Rule
from planning.conditions import Closure
from planning.siting.board import Board
from planning.siting.where import km_between


def move_rules(board: Board) -> Iterator[Rule]:
    """Write that a centre that moves is open, or a centre stands at one of its successors: ``move:JO-AM-x:2025``."""
    options = board.instance.options
    for closure in board.programme.conditions.closures:
        if not closure.moves:
            continue
        here = board.at_sites((closure.site,))
        old = here & options.may_close
        successors = options.counted & np.isin(options.site, _successors(board, closure)) & ~here
        for t, year in enumerate(board.years):
            if year >= closure.not_before:
                yield board.sum_rule(f"move:{closure.site}:{year}", "closure", old | successors, t, ">=", 1)


def _successors(board: Board, closure: Closure) -> NDArray[np.int64]:
    ids = board.instance.site_ids.astype(str)
    near = np.isin(ids, closure.move_to)
    if closure.within_km is not None:
        near |= km_between(board.instance.site_xy, int(np.flatnonzero(ids == closure.site)[0])) <= closure.within_km
    return np.flatnonzero(near)


def one_kind_rules(board: Board) -> Iterator[Rule]:
    """
    Write that at most one kind stands at a site at a time; mobile units may share it.

    What an upgrade replaces stays until it opens, and closes then: together they are open exactly once.
    """
    options = board.instance.options
    possible = board.can_open(options.standing)
    replaced = np.unique(options.replaces[possible & (options.replaces >= 0)])
    for old in replaced:
        both = possible & ((options.replaces == old) | (np.arange(options.size) == old))
        for t, year in enumerate(board.years):
            if options.open_from[old] <= year:
                name = f"upgrade:{old}:{year}"
                yield board.sum_rule(name, "exclusion", both, t, "==", 1, structural=True)
    for site in np.flatnonzero(np.bincount(options.site[possible]) > 1):
        here = possible & (options.site == site)
        if np.isin(np.flatnonzero(here), replaced).any():
            continue
        for t in board.years_of_most(here):
            name = f"one_kind:{site}:{board.years[t]}"
            yield board.sum_rule(name, "exclusion", here, t, "<=", 1, structural=True)
