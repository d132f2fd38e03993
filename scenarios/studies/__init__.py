"""
Studies: what a run says beside the sited plan (visits, capacity, lots, prices).

Each is a module with `study(case) -> Study | None`; None when the scenario does not ask for
it. They run in the order of `STUDIES`, and a later one may read what an earlier one answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scenarios.studies.case import Case, Study

__all__ = ["STUDIES", "Case", "Kind", "Study", "studies_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A study: its name, what to say while it runs, and whether it calls the optimizer."""

    name: str
    saying: str
    make: Callable[[Case], Study | None]
    solves: bool = False


STUDIES: tuple[Kind, ...] = ()


def studies_of(case: Case, *, report: Callable[[str, float], None], solving: bool = True) -> dict[str, Study]:
    """
    Make every study that the scenario asks for.

    `solving` False leaves out those that call the optimizer: verifying a run calls none.
    """
    done = dict(case.done)
    wanted = [kind for kind in STUDIES if solving or not kind.solves]
    for at, kind in enumerate(wanted):
        report(kind.saying, at / len(wanted))
        made = kind.make(replace(case, done=done))
        if made is not None:
            done[kind.name] = made
    return done
