"""
The proof log as plain arrays, for `certificate.npz`: no objects, no pickle.

Whole multipliers may pass 64 bits and are written in limbs of 30 bits. Only cuts
that some witness uses are kept, as the bits of the rows they add up.

    chapter{c}_group                (R,)   merged row of each row of the problem; -1, -2 dropped
    chapter{c}_rows, _block         (T,)   merged row and block of each stacked row
    chapter{c}_block_measure        (B,)   measure position of each block
    cut_chapter, cut_block          (C,)   where a cut lives
    cut_bits, cut_bits_start               packed bits over the rows of its block
    witness_chapter, witness_linear, and three ragged lists of (number, multiplier):
    witness_cut*, witness_rule*, witness_miss*
    s{k}_node                       (N, 4) stage k: witness, column, zero child, one child; -1 for none
    s{k}_fix                        (F, 4) stage k: node, witness, column, value

Chapters, cuts and witnesses are shared by the stages: a stage keeps the leaves of the
one before that its lock keeps closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from optimization.duality import Multipliers
from optimization.proof_log import ProofLog, ProofNode

LIMB = 30
Arrays = dict[str, NDArray[np.generic]]


def limbs_of(values: Iterable[int]) -> NDArray[np.int32]:
    """Write whole numbers of any size as (n, L) signed limbs of 30 bits, least first."""
    listed = list(values)
    length = max([1, *(-(-abs(value).bit_length() // LIMB) for value in listed)])
    mask = (1 << LIMB) - 1
    return np.array(
        [
            [(1 if value >= 0 else -1) * ((abs(value) >> (LIMB * at)) & mask) for at in range(length)]
            for value in listed
        ],
        dtype=np.int32,
    ).reshape(len(listed), length)


def proof_arrays(log: ProofLog, trees: Sequence[Sequence[ProofNode]]) -> Arrays:
    """Return the arrays of a whole proof: the shared book of `log`, and one tree a stage."""
    kept = sorted(
        {node.witness for tree in trees for node in tree if node.witness >= 0}
        | {witness for tree in trees for node in tree for witness, _, _ in node.fixes}
    )
    renumbered = {witness: at for at, witness in enumerate(kept)} | {-1: -1}
    witnesses = [log.witnesses[witness] for witness in kept]
    used = sorted({(chapter, cut) for chapter, multipliers in witnesses for cut in multipliers.cuts})
    number = {key: at for at, key in enumerate(used)}
    arrays: Arrays = {}
    for at in sorted({chapter for chapter, _ in witnesses}):
        core, layout = log.chapters[at].core, log.chapters[at].layout
        arrays[f"chapter{at}_group"] = core.group.astype(np.int32)
        arrays[f"chapter{at}_rows"] = layout.rows.astype(np.int32)
        arrays[f"chapter{at}_block"] = layout.block.astype(np.int32)
        arrays[f"chapter{at}_block_measure"] = layout.block_measure.astype(np.int32)
    bits = [np.packbits(log.chapters[chapter].pool.members[cut].astype(bool)) for chapter, cut in used]
    arrays["cut_chapter"] = np.array([chapter for chapter, _ in used], dtype=np.int32)
    arrays["cut_block"] = np.array([log.chapters[at].pool.block[cut] for at, cut in used], dtype=np.int32)
    arrays["cut_bits"] = np.concatenate([*bits, np.zeros(0, np.uint8)])
    arrays["cut_bits_start"] = np.cumsum([0, *(piece.size for piece in bits)], dtype=np.int64)
    arrays.update(_witness_arrays(witnesses, number))
    for stage, tree in enumerate(trees):
        arrays[f"s{stage}_node"] = _rows(
            [(renumbered[node.witness], node.column, node.zero, node.one) for node in tree]
        )
        arrays[f"s{stage}_fix"] = _rows(
            [
                (at, renumbered[witness], column, value)
                for at, node in enumerate(tree)
                for witness, column, value in node.fixes
            ]
        )
    return arrays


def _rows(listed: list[tuple[int, int, int, int]]) -> NDArray[np.int32]:
    return np.array(listed, dtype=np.int32).reshape(-1, 4)


def _witness_arrays(witnesses: list[tuple[int, Multipliers]], number: dict[tuple[int, int], int]) -> Arrays:
    arrays: Arrays = {
        "witness_chapter": np.array([chapter for chapter, _ in witnesses], dtype=np.int32),
        "witness_linear": limbs_of(multipliers.linear for _, multipliers in witnesses),
    }
    for name in ("cut", "rule", "miss"):
        pairs = [
            {
                "cut": {number[chapter, cut]: weight for cut, weight in multipliers.cuts.items()},
                "rule": multipliers.rules,
                "miss": {measure: weight for measure, weight in multipliers.misses.items() if weight},
            }[name]
            for chapter, multipliers in witnesses
        ]
        arrays[f"witness_{name}_start"] = np.cumsum([0, *(len(pair) for pair in pairs)], dtype=np.int64)
        arrays[f"witness_{name}"] = np.array([key for pair in pairs for key in pair], dtype=np.int32)
        arrays[f"witness_{name}_weight"] = limbs_of(weight for pair in pairs for weight in pair.values())
    return arrays
