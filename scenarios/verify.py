"""
Verifying a run from itself alone. No solver is called.

The chain: every file is as it was written; the inputs give the arrays that were solved; the proof over
those arrays replays in whole numbers; and everything that the run shows, each figure, table, layer and
page, is made again from the inputs and the replayed proof, and is the same. Studies that call the
optimizer are not made again, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from foundation.errors import MarkazError, Phrase
from foundation.reasons import reason_of
from planning.siting import Replayed
from scenarios.run import Run
from scenarios.stage_words import STAGES
from scenarios.verifying.check import Check
from scenarios.verifying.comparing import (
    arrays_check,
    layers_check,
    pages_check,
    record_check,
    solved_check,
    tables_check,
)
from scenarios.verifying.folder import files_check
from scenarios.verifying.remade import remade
from scenarios.write import Publisher

__all__ = ["Check", "verify_run"]

_RESTS = {
    "proof": "bound replayed in whole numbers over a tree of {leaves} leaves",
    "open gap": "value recounted; the replayed bound leaves a gap, as the run says",
    "word": "value recounted; the bound rests on the solver's word",
}


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
    checks = [files_check(run.path)]
    try:
        again = remade(run)
        checks.append(arrays_check(again.solved, again.rebuilt))
        checks += _stages(again.replay)
        checks += [record_check(run, again.content), tables_check(run, again.content), layers_check(run, again.content)]
        checks.append(pages_check(run, publishers))
        solved = solved_check(run)
        if solved is not None:
            checks.append(solved)
    except (MarkazError, OSError, ValueError, KeyError, TypeError, IndexError) as error:
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
