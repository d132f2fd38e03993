"""
Witnesses rebuilt from the problem: each is one linear inequality in whole numbers.

A witness combines cuts, rules and misses. What it says of every plan y is

    Σ_g γ(g) miss(g) + γ0 sum(y)  >=  constant + Σ_j slope(j) y(j)  +  (terms that cannot be negative)

here written with the left side moved over by the reader (`certificate`). A cut is any
set of rows of one block: it holds by its form. In each block the λ of its cuts may not
exceed γ of the block's measure, and no row may stand in two blocks of one measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import BrokenProof
from optimization.problem import Problem, Rule
from optimization.rechecking import Lock

Certificate = Mapping[str, NDArray[np.generic]]
RuleRow = tuple[list[int], list[int], int | None, int | None]
_LIMB, _LOST = 30, -2


@dataclass(frozen=True, slots=True)
class Form:
    """constant + slope·y − Σ misses·allowed − linear·limit > 0 somewhere nowhere better: see `certificate`."""

    constant: int
    slope: list[int]
    misses: Mapping[str, int]
    linear: int


@dataclass(frozen=True, slots=True)
class _Chapter:
    """For each measure: its stacked rows as slopes (int64 CSR) and constants, and what is lost outright."""

    block: NDArray[np.int64]
    block_measure: NDArray[np.int64]
    slopes: sparse.csr_array
    constants: NDArray[np.int64]
    lost_slope: NDArray[np.int64]  # (W, J)
    lost_constant: NDArray[np.int64]  # (W,)


class Witnesses:
    """Reads the shared book of a certificate; forms are built when first asked for."""

    def __init__(self, problem: Problem, certificate: Certificate) -> None:
        self.problem, self.part = problem, certificate
        self._rules = [_rule_row(rule) for rule in problem.rules]
        self._chapters: dict[int, _Chapter] = {}
        self._forms: dict[int, Form] = {}
        self._sum: tuple[int, ...] = ()
        self._unique = _unique_rows(problem)

    def lock(self, lock: Lock) -> None:
        """Let later stages use what a stage locked as a row on y."""
        if lock.coefficients:
            listed = np.array(lock.coefficients, dtype=np.int64)
            counted = np.flatnonzero(listed)
            self._rules.append((counted.tolist(), listed[counted].tolist(), None, lock.most))

    def aim(self, coefficients: tuple[int, ...]) -> None:
        """Say whose sum a linear multiplier is of, from now on: that of the stage being replayed."""
        self._sum = coefficients
        self._forms = {number: form for number, form in self._forms.items() if not form.linear}

    def form(self, witness: int) -> Form:
        """Return a witness as an inequality, its signs checked."""
        if witness < 0:
            raise BrokenProof("A witness in the certificate has no number.")
        if witness not in self._forms:
            self._forms[witness] = self._built(witness)
        return self._forms[witness]

    def _at(self, name: str, position: int) -> int:
        return int(np.asarray(self.part[name])[position])

    def _ragged(self, name: str, witness: int) -> tuple[list[int], list[int]]:
        start, end = self.part[f"witness_{name}_start"][witness : witness + 2].tolist()
        weights = [_whole(limbs) for limbs in self.part[f"witness_{name}_weight"][start:end].tolist()]
        return self.part[f"witness_{name}"][start:end].astype(np.int64).tolist(), weights

    def _built(self, witness: int) -> Form:
        chapter = self._chapter(self._at("witness_chapter", witness))
        slope: list[int] = [0] * self.problem.columns.place.size
        constant = 0
        misses: dict[int, int] = {}
        for measure, weight in zip(*self._ragged("miss", witness), strict=True):
            if weight < 0 or measure in misses or measure < 0:
                raise BrokenProof("A multiplier of a miss in the certificate is negative or given twice.")
            misses[measure] = weight
            constant += weight * (int(self.problem.measures[measure].constant) + int(chapter.lost_constant[measure]))
            _add(slope, -weight, chapter.lost_slope[measure])
        constant += self._cuts(witness, chapter, misses, slope)
        for row, weight in zip(*self._ragged("rule", witness), strict=True):
            columns, coefficients, low, high = self._rules[row]
            side = low if weight > 0 else high
            if side is None or row < 0:
                raise BrokenProof("A multiplier of a rule in the certificate has the wrong sign.")
            constant += weight * side
            for column, coefficient in zip(columns, coefficients, strict=True):
                slope[column] -= weight * coefficient
        linear = _whole(self.part["witness_linear"][witness].tolist())
        if linear < 0:
            raise BrokenProof("The multiplier of the ranks in the certificate is negative.")
        if linear:
            if not self._sum:
                raise BrokenProof("A witness in the certificate uses a sum that its stage has not.")
            _add(slope, linear, np.array(self._sum, dtype=np.int64))
        named = {self.problem.measures[measure].name: weight for measure, weight in misses.items()}
        return Form(constant, slope, named, linear)

    def _cuts(self, witness: int, chapter: _Chapter, misses: dict[int, int], slope: list[int]) -> int:
        constant = 0
        spent: dict[int, int] = {}
        for cut, weight in zip(*self._ragged("cut", witness), strict=True):
            if weight < 0 or cut < 0:
                raise BrokenProof("A multiplier of a cut in the certificate is negative.")
            if self._at("cut_chapter", cut) != self._at("witness_chapter", witness):
                raise BrokenProof("A witness in the certificate uses a cut of another chapter.")
            block, cut_constant, cut_slope = self._cut(chapter, cut)
            spent[block] = spent.get(block, 0) + weight
            constant += weight * cut_constant
            _add(slope, -weight, cut_slope)
        for block, weight in spent.items():
            if weight > misses.get(int(chapter.block_measure[block]), 0):
                raise BrokenProof("The cuts of one block in the certificate weigh more than their measure.")
        return constant

    def _cut(self, chapter: _Chapter, cut: int) -> tuple[int, int, NDArray[np.int64]]:
        block = self._at("cut_block", cut)
        if not 0 <= block < chapter.block_measure.size:
            raise BrokenProof("A cut in the certificate belongs to no block.")
        rows = np.flatnonzero(chapter.block == block)
        start, end = self.part["cut_bits_start"][cut : cut + 2].tolist()
        members = rows[np.unpackbits(self.part["cut_bits"][start:end].astype(np.uint8), count=rows.size).astype(bool)]
        return block, int(chapter.constants[members].sum()), _summed(chapter.slopes, members)

    def _chapter(self, number: int) -> _Chapter:
        if number not in self._chapters:
            self._chapters[number] = self._rebuilt(number)
        return self._chapters[number]

    def _rebuilt(self, number: int) -> _Chapter:
        sets, weights, label = self._unique
        group = self.part[f"chapter{number}_group"].astype(np.int64)
        rows, block = (self.part[f"chapter{number}_{name}"].astype(np.int64) for name in ("rows", "block"))
        owner = self.part[f"chapter{number}_block_measure"].astype(np.int64)
        of_unique = np.full(sets.shape[0], -1, dtype=np.int64)
        of_unique[label] = group
        if group.shape != label.shape or not np.array_equal(of_unique[label], group):
            raise BrokenProof("The certificate parts rows of equal sets.")
        if group.size and int(group.max()) >= sets.shape[0]:  # what follows makes room for every number up to it
            raise BrokenProof("The certificate has more merged rows than there are sets.")
        if owner.size and (owner.min() < 0 or owner.max() >= weights.shape[1]):
            raise BrokenProof("A block in the certificate belongs to no measure.")
        if block.shape != rows.shape or (block.size and (block.min() < 0 or block.max() >= owner.size)):
            raise BrokenProof("A row in the certificate belongs to no block.")
        measure = owner[block]
        keys = measure * (min(int(rows.max(initial=0)), sets.shape[0]) + 1) + rows
        if rows.size and int(rows.max()) > int(group.max(initial=-1)):
            raise BrokenProof("A row in the certificate is none of its chapter.")
        if (rows < 0).any() or np.unique(keys).size != keys.size:
            raise BrokenProof("A row in the certificate stands in two blocks of one measure.")
        slopes, constants = _stacked(sets, weights, of_unique, rows, measure)
        gone = of_unique == _LOST
        lost = weights[gone]
        lost_slope = (sparse.csr_array(lost.T) @ sets[gone].astype(np.int64)).toarray()
        return _Chapter(
            block,
            owner,
            slopes,
            constants,
            lost_slope.astype(np.int64),
            lost.sum(axis=0, dtype=np.int64),
        )


def _stacked(
    sets: sparse.csr_array,
    weights: NDArray[np.int64],
    group: NDArray[np.int64],
    rows: NDArray[np.int64],
    measure: NDArray[np.int64],
) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """Σ weight · set and Σ weight over the problem rows behind each stacked row."""
    pieces, order = [], []
    constants = np.zeros(rows.size, dtype=np.int64)
    for at in np.unique(measure).tolist():
        mine = np.flatnonzero(measure == at)
        where = np.full(int(max(rows.max(initial=0), group.max(initial=0))) + 1, -1, dtype=np.int64)
        where[rows[mine]] = np.arange(mine.size)
        used = np.flatnonzero((group >= 0) & (weights[:, at] > 0))
        used = used[where[group[used]] >= 0]
        gather = sparse.csr_array(
            (weights[used, at], (where[group[used]], np.arange(used.size))), shape=(mine.size, used.size)
        )
        pieces.append(gather @ sets[used].astype(np.int64))
        constants[mine] = np.asarray(gather.sum(axis=1)).ravel()
        order.append(mine)
    if not pieces:
        return sparse.csr_array((0, sets.shape[1]), dtype=np.int64), constants
    stacked = sparse.csr_array(sparse.vstack(pieces))
    return stacked[np.argsort(np.concatenate(order), kind="stable")], constants


def _unique_rows(problem: Problem) -> tuple[sparse.csr_array, NDArray[np.int64], NDArray[np.int64]]:
    """Merge rows of equal set, by the bytes of their sorted columns: (sets, weights, class of each row)."""
    sets = problem.sets.copy()
    sets.sort_indices()
    indices, indptr = sets.indices.astype(np.int32), sets.indptr.tolist()
    known: dict[bytes, int] = {}
    label = np.empty(sets.shape[0], dtype=np.int64)
    first: list[int] = []
    for row in range(sets.shape[0]):
        key = indices[indptr[row] : indptr[row + 1]].tobytes()
        number = known.setdefault(key, len(first))
        if number == len(first):
            first.append(row)
        label[row] = number
    weights = np.zeros((len(first), problem.weights.shape[1]), dtype=np.int64)
    np.add.at(weights, label, problem.weights)
    return sets[first], weights, label


def _summed(matrix: sparse.csr_array, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Σ of some rows of a whole-number matrix."""
    start, count = matrix.indptr[rows].astype(np.int64), np.diff(matrix.indptr)[rows].astype(np.int64)
    entries = np.repeat(start - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))
    total = np.zeros(matrix.shape[1], dtype=np.int64)
    np.add.at(total, matrix.indices[entries], matrix.data[entries])
    return total


def _rule_row(rule: Rule) -> RuleRow:
    right = int(rule.right)
    low, high = (right if rule.sense != "<=" else None), (right if rule.sense != ">=" else None)
    return rule.columns.tolist(), rule.coefficients.tolist(), low, high


def _whole(limbs: list[int]) -> int:
    return sum(limb << (_LIMB * at) if limb >= 0 else -((-limb) << (_LIMB * at)) for at, limb in enumerate(limbs))


def _add(slope: list[int], weight: int, values: NDArray[np.int64]) -> None:
    for column in np.flatnonzero(values).tolist():
        slope[column] += weight * int(values[column])
