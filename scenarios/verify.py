"""
Verifying a run from itself alone. No solver is called.

The chain: every file is as it was written; the inputs give the arrays that were solved; the proof over
those arrays replays in whole numbers; and everything that the run shows, each figure, table, layer and
page, is made again from the inputs and the replayed proof, and is the same. Studies that call the
optimizer are not made again, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from foundation.errors import Phrase
from foundation.reasons import reason_of
from planning.siting import Replayed
from scenarios.run import Run
from scenarios.stage_words import stage_title
from scenarios.stamp import versions
from scenarios.verifying.answers import answers_check
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


def verify_run(run: Run, publishers: Sequence[Publisher] = ()) -> tuple[Check, ...]:
    """
    Check a run from its own folder.

    Never raises for a run that is wrong: what fails is a `Check` with ``ok`` False, and a check that
    cannot be made because something is spoilt has failed. A run is proven as a whole when every check
    is ``ok`` and ``proven``.

    Parameters
    ----------
    publishers
        Those who drew the run's pages, in their order; without them the pages are not looked at, which is said.
    """
    odd = plain_check(run.path)
    if odd is not None:  # a pipe would hold us up, a link lead us elsewhere
        return (odd,)
    return (files_check(run.path), *_tried(lambda: _remade_checks(run, publishers)))


def _remade_checks(run: Run, publishers: Sequence[Publisher]) -> Iterator[Check]:
    """Make the run again and compare; each comparison is made whatever became of the others."""
    exact = dict(run.info["versions"]) == versions()
    again = remade(run)
    yield arrays_check(again.solved, again.rebuilt)
    yield from _stages(again.replay)
    comparisons: tuple[Callable[[], Check | None], ...] = (
        lambda: record_check(run, again.content, exact=exact),
        lambda: tables_check(run, again.content, again.inside, exact=exact),
        lambda: layers_check(run, again.content, again.case.country.candidates, exact=exact),
        lambda: answers_check(run, again, exact=exact),
        lambda: pages_check(run, publishers, exact=exact),
        lambda: solved_check(run),
        lambda: versions_check(run),
    )
    for check in comparisons:
        yield from _tried(partial(_found, check))


def _found(check: Callable[[], Check | None]) -> tuple[Check, ...]:
    made = check()
    return () if made is None else (made,)


def _tried(make: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """Yield what is checked; whatever a spoilt file makes a reader or a drawer raise is a check that failed."""
    try:
        yield from make()
    except Exception as error:  # a stranger's file may make a library raise anything
        yield Check(Phrase("The run can be checked from its own files"), False, reason_of(error))


def _stages(replay: Replayed) -> list[Check]:
    """Say for each stage what its bound rests on; that run.json claims no more is checked with its figures."""
    return [
        Check(
            Phrase("Stage: {objective}", {"objective": stage_title(stage.objective)}),
            True,
            Phrase(_RESTS[rest], {"leaves": leaves}),
            proven=rest == "proof",
        )
        for stage, rest, leaves in zip(replay.solution.stages, replay.rests_on, replay.leaves, strict=True)
    ]
