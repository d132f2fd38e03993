"""Sets of places that occur again and again, each kept once: prefixes of lists, told apart by sums of keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import InvalidInput

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


class SeenSets:
    """
    The sets of columns that occur, numbered as they first appear.

    Two sets are taken for one where their sizes and two sums of random 64-bit keys agree: among a thousand
    million sets some two that differ do so with a chance below 1e-19.
    """

    def __init__(self, column: Ints, width: int, *, most_entries: int | None = None) -> None:
        """Take (o,) the column of each option, the number of columns, and how many entries all sets may have."""
        self._column, self._width, self._most = column, width, most_entries
        self._key = np.random.default_rng(0).integers(0, 2**64, (2, column.size), dtype=np.uint64)
        self._number: dict[tuple[int, int, int], int] = {}
        self._members: list[NDArray[np.int32]] = []
        self._sizes: list[Ints] = []
        self._entries = 0

    def prefixes(self, option: Ints, begin: Ints, end: Ints) -> NDArray[np.int32]:
        """
        Return the number of each set, the columns of ``option[begin:end]``.

        Raises
        ------
        InvalidInput
            When all sets together would have too many entries.
        """
        sums = np.zeros((2, option.size + 1), dtype=np.uint64)
        np.cumsum(self._key[:, option], axis=1, out=sums[:, 1:])
        one, two = sums[:, end] - sums[:, begin]  # modulo 2**64
        size = end - begin
        group, leader = _grouped(one, two, size)
        number, fresh = np.empty(leader.size, dtype=np.int32), []
        for at, row in enumerate(leader.tolist()):
            key = int(one[row]), int(two[row]), int(size[row])
            if key not in self._number:
                self._number[key] = len(self._number)
                fresh.append(row)
            number[at] = self._number[key]
        self._keep(option, begin[fresh], size[fresh])
        return np.asarray(number[group])

    def matrix(self) -> sparse.csr_array:
        """Return the sets as rows of ones, (sets, columns)."""
        size = np.concatenate([np.zeros(1, dtype=np.int64), *self._sizes])
        members = np.concatenate([np.zeros(0, dtype=np.int32), *self._members])
        ones = np.ones(members.size, dtype=np.int8)
        found = sparse.csr_array((ones, members, np.cumsum(size)), shape=(size.size - 1, self._width))
        found.sort_indices()
        return found

    def summed(self, number: NDArray[np.int32], amounts: Ints) -> Ints:
        """(sets, k) sums of (r, k) whole amounts over the rows of each set; below 2**53, where floats are exact."""
        count = len(self._number)
        sums = [np.bincount(number, weights=each, minlength=count) for each in amounts.T]
        return np.stack(sums, axis=1).astype(np.int64) if sums else np.zeros((count, 0), dtype=np.int64)

    def _keep(self, option: Ints, begin: Ints, size: Ints) -> None:
        self._entries += int(size.sum())
        if self._most is not None and self._entries > self._most:
            raise InvalidInput(
                "Mean travel would need more than {most} entries. Use a coarser demand or fewer candidates.",
                most=self._most,
            )
        start = np.cumsum(size) - size
        at = np.arange(int(size.sum())) + np.repeat(begin - start, size)
        self._members.append(self._column[option[at]].astype(np.int32))
        self._sizes.append(size)


def _grouped(one: Keys, two: Keys, size: Ints) -> tuple[Ints, Ints]:
    """Return (r,) the group of equal keys, and (g,) the first row of each; groups in order of first appearance."""
    order = np.lexsort((size, two, one))
    changes = [np.diff(key[order]) != 0 for key in (one, two, size)]
    group = np.empty(order.size, dtype=np.int64)
    group[order] = np.cumsum(np.append(False, np.any(changes, axis=0))[: order.size])
    leader = order[np.append(True, np.any(changes, axis=0))[: order.size]]  # lexsort is stable: the first of its group
    by_appearance = np.argsort(leader)
    rank = np.empty(leader.size, dtype=np.int64)
    rank[by_appearance] = np.arange(leader.size)
    return rank[group], leader[by_appearance]
