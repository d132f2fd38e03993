"""
Verifying a run from itself alone. No solver is called.

The chain: every file is as it was written; the inputs give the arrays that were solved; the proof over
those arrays replays in whole numbers; and everything that the run shows, each figure, table, layer and
page, is made again from the inputs and the replayed proof, and is the same. Studies that call the
optimizer are not made again, and that is said.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from foundation.errors import MarkazError, Phrase
from foundation.reasons import reason_of
from planning.siting import Replayed
from scenarios.run import Run
from scenarios.stage_words import STAGES
from scenarios.stamp import versions
from scenarios.verifying.arrays import arrays_check
from scenarios.verifying.check import Check
from scenarios.verifying.comparing import layers_check, record_check, solved_check, tables_check, versions_check
from scenarios.verifying.folder import files_check, plain_check
from scenarios.verifying.pages import pages_check
from scenarios.verifying.remade import remade
from scenarios.write import Publisher

__all__ = ["Check", "verify_run"]

_RESTS = {
    "proof": "bound replayed in whole numbers over a tree of {leaves} leaves",
    "open gap": "value recounted; the replayed bound leaves a gap, as the run says",
    "word": "value recounted; the bound rests on the solver's word",
}


# What reading a spoilt file may raise; RuntimeError is the readers' of GeoPackages.
_BROKEN = (
    MarkazError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    EOFError,
    sqlite3.Error,
)


def verify_run(run: Run, publishers: Sequence[Publisher] = ()) -> tuple[Check, ...]:
    """
    Check a run from its own folder.

    Never raises for a run that is wrong: what fails is a `Check` with ``ok`` False. A run is
    proven as a whole when every check is ``ok`` and ``proven``.

    Parameters
    ----------
    publishers
        Those who drew the run's pages, in their order; without them the pages are not looked at, which is said.
    """
    odd = plain_check(run.path)
    if odd is not None:  # a pipe would hold us up, a link lead us elsewhere
        return (odd,)
    checks = [files_check(run.path)]
    try:
        exact = dict(run.info["versions"]) == versions()
        again = remade(run)
        checks.append(arrays_check(again.solved, again.rebuilt))
        checks += _stages(again.replay)
        checks.append(record_check(run, again.content, exact=exact))
        checks.append(tables_check(run, again.content, again.inside, exact=exact))
        checks.append(layers_check(run, again.content, exact=exact))
        checks.append(pages_check(run, publishers, exact=exact))
        checks += [told for told in (solved_check(run), versions_check(run)) if told is not None]
    except _BROKEN as error:
        checks.append(Check(Phrase("The run can be checked from its own files"), False, reason_of(error)))
    return tuple(checks)


def _stages(replay: Replayed) -> list[Check]:
    """Say for each stage what its bound rests on; that run.json claims no more is checked with its figures."""
    return [
        Check(
            Phrase("Stage: {objective}", {"objective": Phrase(STAGES[stage.objective])}),
            True,
            Phrase(_RESTS[rest], {"leaves": leaves}),
            proven=rest == "proof",
        )
        for stage, rest, leaves in zip(replay.solution.stages, replay.rests_on, replay.leaves, strict=True)
    ]
