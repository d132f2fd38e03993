"""
The tree of a plain certificate walked from the whole box, each leaf bounded in Python integers.

Part of `plain_certificate`; shares nothing with the searches. What a fixing leaves out counts as a leaf of
its own, so that the bounds that are collected belong to boxes which together are the whole one: nothing a
certificate says is believed, it can only make the least of them smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import BrokenProof

LIMIT = 1 << 62
Reduced = Callable[[NDArray[np.int64], NDArray[np.int64], int], NDArray[np.int64]]  # (u, columns, scale) -> their ρ


class Walk:
    """The tree of a certificate, walked from the whole box."""

    def __init__(
        self,
        arrays: Mapping[str, NDArray[Any]],
        lower: NDArray[np.int64],
        p: int,
        customers: int,
        reduced: Reduced,
        closed: NDArray[np.int64] | None = None,
    ) -> None:
        self.p, self.reduced = p, reduced
        self.lower, self.upper = lower == 1, np.ones(lower.size, dtype=bool)
        if closed is not None:
            self.upper[closed] = False
        try:
            self.scale = int(arrays["scale"])
            self.multipliers = np.asarray(arrays["multipliers"])
            self.nodes = np.asarray(arrays["node"]).astype(np.int64).reshape(-1, 4)
            self.fixes = np.asarray(arrays["fix"]).astype(np.int64).reshape(-1, 5)
        except (KeyError, ValueError, TypeError) as error:
            raise BrokenProof("The certificate is malformed ({reason}).", reason=repr(error)) from error
        held = self.multipliers
        well = held.ndim == 2 and held.shape[1] == customers and np.issubdtype(held.dtype, np.signedinteger)
        if not well or not 0 <= self.scale <= 60 or not self.nodes.size:
            raise BrokenProof("The certificate is malformed ({reason}).", reason="shape")
        if held.size and (held.min() < 0 or int(held.max()) * customers >= LIMIT):
            raise BrokenProof("The certificate's multipliers are negative or too large to add up.")
        self.leaves = 0
        self.bounds: list[int] = []

    def least(self) -> int | None:
        """Walk; the least bound (scaled) of all boxes that make up the whole; None when none holds a plan."""
        steps: dict[int, dict[int, list[list[int]]]] = {}
        for node, step, multipliers, column, kept in self.fixes.tolist():
            steps.setdefault(node, {}).setdefault(step, []).append([multipliers, column, kept])
        stack, visited = [(0, self.lower, self.upper)], set[int]()
        while stack:
            number, lower, upper = stack.pop()
            if number in visited or not 0 <= number < len(self.nodes):
                raise BrokenProof("The proof tree visits a node twice, or one that is not there.")
            visited.add(number)
            lower, upper = lower.copy(), upper.copy()
            for _, group in sorted(steps.get(number, {}).items()):
                self._narrowed(group, lower, upper)
            leaf, column, zero, one = self.nodes[number].tolist()
            if column < 0:
                self.leaves += 1
                self._note(_Priced(self, leaf, lower, upper).bound)
                continue
            if not (column < lower.size and upper[column] and not lower[column]):
                raise BrokenProof("The proof tree is split on a site that is not free.")
            closed, opened = upper.copy(), lower.copy()
            closed[column], opened[column] = False, True
            stack += [(zero, lower, closed), (one, opened, upper)]
        return min(self.bounds, default=None)

    def _note(self, bound: int | None) -> None:
        if bound is not None:
            self.bounds.append(bound)

    def _narrowed(self, group: list[list[int]], lower: NDArray[np.bool_], upper: NDArray[np.bool_]) -> None:
        """Carry out one step of fixings; what they leave out is bounded like a leaf."""
        multipliers = {each[0] for each in group}
        columns = [each[1] for each in group]
        free = upper & ~lower
        if (
            len(multipliers) != 1
            or len(set(columns)) != len(columns)
            or not all(0 <= column < lower.size and free[column] and kept in (0, 1) for _, column, kept in group)
        ):
            raise BrokenProof("A fixing in the certificate is of a site that is not free, or neither 0 nor 1.")
        priced = _Priced(self, multipliers.pop(), lower, upper)
        for _, column, kept in group:
            self._note(priced.turned(column, 1 - kept))
        for _, column, kept in group:
            lower[column], upper[column] = bool(kept), bool(kept)


class _Priced:
    """The bound that multipliers give over a box, and over the box with one more site decided."""

    def __init__(self, walk: Walk, number: int, lower: NDArray[np.bool_], upper: NDArray[np.bool_]) -> None:
        self.spare: int = walk.p - int(lower.sum())
        columns = np.flatnonzero(upper)
        if number >= len(walk.multipliers):
            raise BrokenProof("The certificate refers to multipliers that it does not hold.")
        u = walk.multipliers[number].astype(np.int64) if number >= 0 else np.zeros(walk.multipliers.shape[1], np.int64)
        prices = walk.reduced(u, columns, walk.scale).tolist()
        self.price: dict[int, int] = dict(zip(columns.tolist(), prices, strict=True))
        opened = set(np.flatnonzero(lower).tolist())
        self.base: int = int(u.sum()) + sum(self.price[site] for site in opened)
        self.order = sorted((price, site) for site, price in self.price.items() if site not in opened)
        self.rank = {site: at for at, (_, site) in enumerate(self.order)}
        self.sums: list[int] = [0, *accumulate(price for price, _ in self.order)]

    @property
    def bound(self) -> int | None:
        """None when more sites are open than may be."""
        return None if self.spare < 0 else self.base + self._least(self.spare)

    def turned(self, site: int, value: int) -> int | None:
        """The bound with one free site decided; None when no plan is left."""
        rank, price = self.rank[site], self.price[site]
        others = self.spare - value
        if others < 0:
            return None
        without = self._least(others) if rank >= others else self._least(others + 1) - price
        return self.base + without + (price if value else 0)

    def _least(self, count: int) -> int:
        """Sum of the `count` least prices, or of all: none is positive."""
        return self.sums[min(count, len(self.sums) - 1)]
