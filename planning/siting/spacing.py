"""
Minimum spacing as rules: no two centres nearer than so many kilometres.

Pairs that are too near are strengthened to cliques: at most one of sites that are all too
near to each other, a far tighter relaxation than pairs (set packing: Padberg 1973).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from optimization import Rule
from planning.conditions import Spacing
from planning.siting.board import Board
from planning.siting.instance import NEVER
from planning.siting.where import km_between


def spacing_rules(board: Board) -> Iterator[Rule]:
    """
    Write every spacing: ``spacing:name:0:2025``, one rule a clique.

    Raises
    ------
    InvalidInput
        When two centres that are fixed, and may not close, are too near.
    """
    for spacing in board.programme.conditions.spacing:
        options = np.flatnonzero(board.can_open(board.of_kinds(spacing.kinds)))
        near = _too_near(board, options, spacing.km)
        _refuse_fixed(board, spacing, options, near)
        for number, clique in enumerate(cliques_of(near)):
            mask = np.zeros(board.position.shape[0], dtype=bool)
            mask[options[clique]] = True
            for t in board.years_of_most(mask):
                name = f"spacing:{spacing.name}:{number}:{board.years[t]}"
                yield board.sum_rule(name, "spacing", mask, t, "<=", 1)


def _too_near(board: Board, options: NDArray[np.int64], km: float) -> NDArray[np.bool_]:
    """(k, k) True where two options stand nearer than `km`, to the millimetre; False on the diagonal."""
    xy = board.instance.site_xy[board.instance.options.site[options]]
    near = np.array([km_between(xy, i) < km for i in range(options.size)], dtype=bool).reshape(options.size, -1)
    np.fill_diagonal(near, val=False)
    return near


def _refuse_fixed(board: Board, spacing: Spacing, options: NDArray[np.int64], near: NDArray[np.bool_]) -> None:
    known = board.instance.options
    stays = (known.open_from[options] < NEVER) & ~known.may_close[options]
    for i, j in np.argwhere(near & stays[:, None] & stays[None, :]):
        ids = sorted(str(board.instance.site_ids[known.site[options[at]]]) for at in (i, j))
        raise InvalidInput(
            "The spacing '{name}' asks for {km} km between centres, but '{first}' and '{second}' are fixed nearer.",
            name=spacing.name,
            km=spacing.km,
            first=ids[0],
            second=ids[1],
        )


def cliques_of(near: NDArray[np.bool_]) -> list[list[int]]:
    """
    Cover every pair of a symmetric relation by cliques, each grown greedily from the first pair not yet covered.

    Returns
    -------
    cliques
        Lists of positions, ascending; every pair of `near` lies in at least one, and no other pair in any.
    """
    left = np.triu(near)
    cliques = []
    for i, j in zip(*np.nonzero(left), strict=True):
        if not left[i, j]:
            continue
        clique, common = [int(i), int(j)], near[i] & near[j]
        while common.any():
            added = int(common.argmax())
            clique.append(added)
            common = common & near[added]
        clique.sort()
        left[np.ix_(clique, clique)] = False
        cliques.append(clique)
    return cliques
