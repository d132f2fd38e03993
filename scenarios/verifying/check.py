"""One thing that was checked of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foundation.errors import Phrase, listed


@dataclass(frozen=True, slots=True)
class Check:
    """
    One thing that was checked, and what was found: phrases of the catalogue, in English by ``str``.

    Attributes
    ----------
    ok
        Whether it holds.
    proven
        False where it holds as far as it was looked at, and something rests on a word that was
        not replayed here: a stage whose gap is open, a study that would need the optimizer again.
    beside
        True for what stands beside the plan and is no part of its proof.
    """

    name: Phrase
    ok: bool
    detail: Phrase
    proven: bool = True
    beside: bool = False


def differing(name: Phrase, wrong: Iterable[str], right: Phrase) -> Check:
    """Say that all is equal, or what differs."""
    found = sorted(wrong)
    if found:
        return Check(name, False, Phrase("these differ: {names}", {"names": listed(found, between=", ")}))
    return Check(name, True, right)
