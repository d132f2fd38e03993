"""
What one solve leaves for the next over nearly the same problem: merged rows, cuts and bases.

A cut is true of every plan whatever the rules, the bounds inside those it was made under, and the floors are;
a basis is only a place to start from. So nothing kept here is ever part of a proof by being kept: the next
search judges its own multipliers, and its certificate is replayed as any other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from optimization.cut_pool import CutPool
from optimization.cuts import Layout
from optimization.master import Master
from optimization.merging import Core, merged
from optimization.problem import Problem

Piece = tuple[int, int]  # measure, block within it
_BASIC = highspy.HighsBasisStatus.kBasic
_LOWER = highspy.HighsBasisStatus.kLower


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut by the piece of the rows it adds up; see `cut_pool.CutPool`."""

    piece: Piece
    members: NDArray[np.generic]
    constant: int
    slope: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Basis:
    """HiGHS's statuses of one LP, by what its columns and rows stand for."""

    columns: tuple[Any, ...]
    estimates: dict[Piece, Any]
    level: Any
    rules: dict[str, Any]
    caps: dict[int, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """The LP at the end of a root: its cuts, their statuses, and the rest of its basis (None where HiGHS has none)."""

    cuts: tuple[Cut, ...]
    states: tuple[Any, ...]
    basis: Basis | None
    inside: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class Recall:
    """Asks a search to keep what it ends with: the names of its rules, and what an earlier one kept (None: nothing)."""

    names: tuple[str, ...]
    kept: Kept | None


def kept_of(
    master: Master, layout: Layout, pool: CutPool, names: tuple[str, ...], inside: NDArray[np.float64] | None
) -> Kept:
    """Take down the cuts and the basis of an LP; `names` are those of its rules, in order."""
    pieces = _pieces(layout)
    cuts = tuple(
        Cut(pieces[pool.block[cut]], pool.members[cut], pool.constant[cut], pool.slope[cut]) for cut in master.row_cuts
    )
    basis = master.highs.getBasis()
    rows, columns = list(basis.row_status), list(basis.col_status)
    if len(rows) != master.fixed_rows + len(cuts):
        return Kept(cuts, (), None, inside)
    first, second = len(names), master.fixed_rows
    kept = Basis(
        tuple(columns[: master.columns]),
        dict(zip(pieces, columns[master.columns :], strict=False)),
        columns[-1],
        dict(zip(names, rows[:first], strict=True)),
        dict(zip(master.cap_measures, rows[first:second], strict=True)),
    )
    return Kept(cuts, tuple(rows[second:]), kept, inside)


def recalled(master: Master, layout: Layout, pool: CutPool, names: tuple[str, ...], kept: Kept) -> None:
    """Give an LP without cuts those kept, and the basis as far as it fits."""
    pieces = _pieces(layout)
    number = {piece: at for at, piece in enumerate(pieces)}
    usable = [at for at, cut in enumerate(kept.cuts) if cut.piece in number]
    master.add_cuts(
        [pool.add(number[cut.piece], cut.members, cut.constant, cut.slope) for cut in (kept.cuts[at] for at in usable)]
    )
    known = kept.basis
    if known is None or len(known.columns) != master.columns:
        return
    basis = highspy.HighsBasis()
    extra = [known.level] if master.highs.getNumCol() > master.columns + len(pieces) else []
    basis.col_status = [*known.columns, *(known.estimates.get(piece, _LOWER) for piece in pieces), *extra]
    basis.row_status = [
        *(known.rules.get(name, _BASIC) for name in names),
        *(known.caps.get(measure, _BASIC) for measure in master.cap_measures),
        *(kept.states[at] for at in usable),
    ]
    basis.valid = basis.alien = True
    master.highs.setBasis(basis)


def _pieces(layout: Layout) -> list[Piece]:
    seen: dict[int, int] = {}
    pieces = []
    for measure in layout.block_measure.tolist():
        pieces.append((measure, seen.get(measure, 0)))
        seen[measure] = seen.get(measure, 0) + 1
    return pieces


@dataclass(slots=True)
class Memory:
    """
    Filled by `solve` and of use to the next one: after a change of rules, bounds or floors it starts where this ended.

    Changed in place. Where the rows themselves change (another standard), only the plan is taken over.
    """

    core: Core | None = None
    rows: bytes = b""
    stages: dict[str, Kept] = field(default_factory=dict)
    plan: NDArray[np.bool_] | None = None

    def copy(self) -> Memory:
        """Return one that may be filled anew while this stays: for several changes of one problem."""
        return Memory(self.core, self.rows, dict(self.stages), self.plan)

    def core_of(self, problem: Problem) -> Core:
        """Return the merged rows of a problem: those kept, where it has no others; else forget all but the plan."""
        core, rows = self.core, _digest(problem)
        columns = problem.columns
        if (
            core is not None
            and rows == self.rows
            and (columns.lower >= core.lower).all()
            and (columns.upper <= core.upper).all()
        ):
            return replace(core, lower=columns.lower.astype(np.int64), upper=columns.upper.astype(np.int64))
        fits = self.plan is not None and self.plan.shape == columns.place.shape
        self.stages = {}
        self.plan = self.plan if fits else None
        self.rows, self.core = rows, merged(problem)
        return self.core

    def recall(self, stage: str, names: tuple[str, ...]) -> Recall:
        """Ask a search of `stage`, whose rules are called `names`, to start from what was kept and to keep again."""
        return Recall(names, self.stages.get(stage))

    def keep(self, stage: str, kept: Kept | None, plan: NDArray[np.bool_] | None) -> None:
        """Take over what the search of a stage ended with; None leaves what was there."""
        if kept is not None:
            self.stages[stage] = kept
        if plan is not None:
            self.plan = plan


def _digest(problem: Problem) -> bytes:
    """Of rows and measures by what they hold, since a caller may write into the same arrays between two solves."""
    sets = problem.sets
    told = [(m.name, int(m.total), int(m.constant)) for m in problem.measures]
    digest = hashlib.blake2b(repr((told, sets.shape, problem.weights.shape)).encode())
    for array in (sets.indptr, sets.indices, problem.weights):
        digest.update(np.ascontiguousarray(array, dtype=np.int64).data)
    return digest.digest()
