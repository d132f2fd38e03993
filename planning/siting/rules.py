"""The programme's demands as rules on the columns: counts, quotas, order of opening, and the planner's conditions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optimization import Rule
from planning.programme import Programme
from planning.siting.board import Board
from planning.siting.closing import move_rules, one_kind_rules
from planning.siting.instance import NEVER, Instance
from planning.siting.limits import condition_rules
from planning.siting.money import budget_rules, staff_rules
from planning.siting.spacing import spacing_rules


def every_rule(instance: Instance, programme: Programme, position: NDArray[np.int64]) -> tuple[Rule, ...]:
    """Write every rule of a programme; each demand of the planner has a name of its own."""
    board = Board(instance, programme, position)
    return (
        *count_rules(board),
        *quota_rules(board),
        *condition_rules(board),
        *spacing_rules(board),
        *move_rules(board),
        *budget_rules(board),
        *staff_rules(board),
        *one_kind_rules(board),
        *order_rules(board),
    )


def count_rules(board: Board) -> Iterator[Rule]:
    """Write how many places of each count group operate each year: ``count:2024``, ``count:2024:agency``."""
    programme = board.programme
    for group in count_groups(programme):
        mask = in_group(board.instance, programme, group)
        fewer = any(t.at_most for t in programme.tranches if t.kind == group)
        for t, year in enumerate(board.years):
            leaving = _leaving(board, mask, year)
            name = f"count:{year}" if group == "comprehensive" else f"count:{year}:{group}"
            right = programme.number(year, group) - int(leaving.sum())
            yield board.sum_rule(name, "count", mask & ~leaving, t, "<=" if fewer else "==", right)


def count_groups(programme: Programme) -> tuple[str, ...]:
    """Kinds that have a count: comprehensive centres, and those with tranches of their own."""
    own = (kind.id for kind in programme.kinds if kind.id != "comprehensive")
    return ("comprehensive", *(kind for kind in own if programme.count_group(kind) == kind))


def in_group(instance: Instance, programme: Programme, group: str) -> NDArray[np.bool_]:
    """(o,) True for options counted with the tranches of a kind."""
    kinds = instance.options.kinds
    member = [kind != "partial" and programme.count_group(kind) == group for kind in kinds]
    return np.asarray(np.array(member, dtype=bool)[instance.options.kind])


def _leaving(board: Board, mask: NDArray[np.bool_], year: int) -> NDArray[np.bool_]:
    """
    (o,) True for fixed places that no count holds any more from a year on.

    They may have closed by then without a successor, or for their own upgrade, which has a count of its own.
    """
    options = board.instance.options
    alone = {closure.site for closure in board.programme.conditions.closures if not closure.moves}
    replaced = np.isin(np.arange(options.size), options.replaces)
    leaving = (board.at_sites(tuple(alone)) | replaced) & (options.closes_from <= year)
    return np.asarray(mask & leaving & (options.open_from < NEVER))


def quota_rules(board: Board) -> Iterator[Rule]:
    """Write the quotas of every governorate: ``quota:JO-AM:2024``."""
    instance = board.instance
    for quota in board.programme.zone_quotas:
        for zone in instance.zones:
            here = instance.options.counted & (instance.zone_of_option == zone)
            if not quota.fixed_count:
                here &= instance.open_from == NEVER
            for t in board.years_of_least(here, quota.from_year):
                year = board.years[t]
                when = str(year) if year == quota.from_year else f"{quota.from_year}-{year}"
                yield board.sum_rule(f"quota:{zone}:{when}", "quota", here, t, ">=", quota.at_least)


def order_rules(board: Board) -> Iterator[Rule]:
    """
    Tie consecutive years: what is open stays open; what may close stays shut once it has.

    After the last year in which a kind may open, a place is open exactly if it was before.
    """
    options, position = board.instance.options, board.position
    for t in range(len(board.years) - 1):
        both = (position[:, t] >= 0) & (position[:, t + 1] >= 0)
        for option in np.flatnonzero(both):
            pair = np.array([position[option, t], position[option, t + 1]])
            if not options.may_close[option]:
                name = f"stays_open:{option}:{board.years[t]}"
                yield Rule(name, "open_stays_open", pair, np.array([1, -1]), "<=", 0, structural=True)
            if options.may_close[option] or (options.open_from[option] == NEVER) & (
                options.latest[option] <= board.years[t]
            ):
                name = f"stays_shut:{option}:{board.years[t]}"
                yield Rule(name, "open_stays_open", pair, np.array([-1, 1]), "<=", 0, structural=True)
