"""
The next worst-off after the worst-off (leximin), level by level, as one weighted miss.

Which part of the nation is the worst may differ between plans that are equally good so far, so that no part
can be set aside once a level is solved. Level k therefore lets the plan itself except k - 1 parts: one further
column e(z, k) a part, of which k - 1 are open. A row of part z is written again for level k with e(z, k) in its
set, so that an excepted part misses nobody. The greatest least share over the parts is then the k-th least
share, since excepting the k - 1 worst is best; e never appears elsewhere, so z needs no integrality as before.
Kept as a lock, it says that some k - 1 parts can be excepted, and leaves open which. Of nested exceptions
(what is excepted at a level is so at the next) nothing is lost: they follow one order of the parts.

Leximin: Rawls 1971 as made precise by Sen 1970, Collective choice and social welfare; ordered outcomes and
why the worst of a discrete problem cannot be fixed: Ogryczak 1997, On the lexicographic minimax approach to
location problems, European Journal of Operational Research 100, 566-585.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import InvalidInput
from optimization import Columns, Measure, Rule, WorstStage
from planning.aims import Aim, Objectives
from planning.siting.columns import widened
from planning.siting.counted import WORST, parts_of, scope_measure
from planning.siting.instance import Instance

Ints = NDArray[np.int64]
EXCEPTED = -2  # place and kind of a column that excepts a part


@dataclass(frozen=True, slots=True)
class Levels:
    """
    What the levels after the first add to a problem.

    Attributes
    ----------
    columns
        The problem's columns, those that except a part behind the others.
    rules
        How many parts are excepted at each level, and that exceptions are nested.
    measures, sets, weights
        Measures; (rows, columns) sets and (rows, measures) weights of their rows, of these measures alone.
    stages
        By the objective's name: one stage a level from the second on.
    """

    columns: Columns
    rules: tuple[Rule, ...]
    measures: tuple[Measure, ...]
    sets: sparse.csr_array
    weights: Ints
    stages: Mapping[str, tuple[WorstStage, ...]]


def levels_of(
    instance: Instance,
    objectives: Objectives,
    columns: Columns,
    written: tuple[Sequence[Measure], Sequence[sparse.csr_array], Sequence[Ints]],
    year: int,
) -> Levels | None:
    """
    Write the levels of every worst-off objective that asks for more than one; None where none does.

    Parameters
    ----------
    written
        The coverage rows as they stand: measures, sets and weights (rows, measures).
    year
        The final year.

    Raises
    ------
    InvalidInput
        For more levels than there are parts with people.
    """
    asked = [aim for aim in objectives.aims() if aim.what in WORST and aim.levels != 1]
    if not asked:
        return None
    measures, sets, weights = written
    whole = _Whole({m.name: at for at, m in enumerate(measures)}, tuple(measures), sparse.vstack(sets, format="csr"))
    every = np.concatenate(list(weights))
    rules: list[Rule] = []
    stages: dict[str, tuple[WorstStage, ...]] = {}
    parts: list[_Part] = []
    width = columns.place.size
    for aim in asked:
        names = _compared(instance, aim, whole, year)
        depth = _depth(aim, len(names))
        levels = []
        for level in range(2, depth + 1):
            first = width + len(parts)
            mine = [_Part(f"{aim.name}:{level}:{name}", name, first + at) for at, name in enumerate(names)]
            rules += _rules(aim, level, first, len(names), nested=level > 2)
            levels.append(WorstStage(f"{aim.name}:{level}", tuple(part.measure for part in mine), aim.tolerance))
            parts += mine
        stages[aim.name] = tuple(levels)
    wide = widened(columns, len(parts), year, mark=EXCEPTED)
    made = [_rows(whole, every[:, whole.at[part.of]], part, wide.place.size) for part in parts]
    return Levels(
        wide,
        tuple(rules),
        tuple(Measure(p.measure, "people", 1.0, 0, whole.measures[whole.at[p.of]].total) for p in parts),
        sparse.csr_array(sparse.vstack([block for block, _ in made], format="csr")),
        _beside([weight for _, weight in made]),
        stages,
    )


@dataclass(frozen=True, slots=True)
class _Whole:
    """Every coverage row: positions of measures by name, and the rows' sets."""

    at: Mapping[str, int]
    measures: tuple[Measure, ...]
    sets: sparse.csr_array


@dataclass(frozen=True, slots=True)
class _Part:
    """A part at a level: its measure there, the measure of the part itself, and the column that excepts it."""

    measure: str
    of: str
    column: int


def _compared(instance: Instance, aim: Aim, whole: _Whole, year: int) -> list[str]:
    """Name the measures of the parts with people."""
    scope = WORST[aim.what]
    names = [scope_measure(scope, part, year, year) for part in parts_of(instance, scope)]
    return [name for name in names if whole.measures[whole.at[name]].total > 0]


def _depth(aim: Aim, parts: int) -> int:
    if aim.levels is not None and aim.levels > parts:
        raise InvalidInput(
            "The objective '{name}' asks for {levels} levels, and there are {n} parts with people to compare. Ask for "
            "at most as many, or for all.",
            name=aim.name,
            levels=aim.levels,
            n=parts,
        )
    return parts if aim.levels is None else aim.levels


def _rules(aim: Aim, level: int, first: int, parts: int, *, nested: bool) -> Iterator[Rule]:
    """Except `level` - 1 parts; what the level before excepts is among them."""
    columns = np.arange(first, first + parts)
    name = f"{aim.name}:{level}"
    ones = np.ones(parts, dtype=np.int64)
    yield Rule(f"excepted:{name}", "excepted", columns, ones, "<=", level - 1, "parts", structural=True)
    for column in columns.tolist() if nested else []:
        pair, signs = np.array([column - parts, column]), np.array([1, -1])
        yield Rule(f"excepted:{name}:{column - first}", "excepted", pair, signs, "<=", 0, "parts", structural=True)


def _rows(whole: _Whole, weight: Ints, part: _Part, width: int) -> tuple[sparse.csr_array, Ints]:
    """Write a part's rows again with the column that excepts it, one more for those whom nothing can reach."""
    kept = np.flatnonzero(weight)
    sets = whole.sets[kept].tocoo()
    constant = whole.measures[whole.at[part.of]].constant
    count = kept.size + (constant > 0)
    row = np.concatenate([sets.coords[0], np.arange(count)])
    column = np.concatenate([sets.coords[1], np.full(count, part.column)])
    block = sparse.csr_array((np.ones(row.size, dtype=np.int8), (row, column)), shape=(count, width))
    return block, np.concatenate([weight[kept], np.full(count - kept.size, constant)]).astype(np.int64)


def _beside(weights: list[Ints]) -> Ints:
    """Put the weights of each part's rows into a column of their own."""
    found = np.zeros((sum(own.size for own in weights), len(weights)), dtype=np.int64)
    start = 0
    for at, own in enumerate(weights):
        found[start : start + own.size, at] = own
        start += own.size
    return found
