"""
What the engine asks of a problem's rows, however they are held.

`merging.Core` holds them as merged sets.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from optimization.cut_pool import CutPool


class Layout(Protocol):
    """Rows of some measures, parted into blocks that can be cut off."""

    @property
    def measures(self) -> tuple[int, ...]:
        """Positions of the measures that have rows here, ascending."""

    @property
    def block_measure(self) -> NDArray[np.int64]:
        """(B,) measure position of each block."""

    def separate(
        self, pool: CutPool, point: NDArray[np.float64], known: NDArray[np.float64], *, margin: float
    ) -> list[int]:
        """
        Cut off what `known` (B,) underestimates at `point` (J,), in quanta.

        Adds to the pool, and returns, one cut for each block whose miss at `point` exceeds `known` by
        more than `margin` of itself plus half a thousandth of a quantum.
        """

    def misses(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """(B,) miss of each block at `point`."""


class MissCore(Protocol):
    """Rows under bounds on y."""

    @property
    def constant(self) -> NDArray[np.int64]:
        """(W,) miss that no choice within the bounds can avoid."""

    @property
    def lower(self) -> NDArray[np.int64]:
        """(J,) lower bounds on y."""

    @property
    def upper(self) -> NDArray[np.int64]:
        """(J,) upper bounds on y."""

    def weight_of(self, measure: int) -> int:
        """Largest miss of a measure beyond its constant, for scaling."""

    def missed(self, chosen: NDArray[np.bool_]) -> list[int]:
        """Miss of every measure (quanta, constant included) when `chosen` is open."""

    def narrowed(self, lower: NDArray[np.int64], upper: NDArray[np.int64]) -> MissCore:
        """The same rows, reduced under tighter bounds."""

    def layout(self, measures: tuple[int, ...], *, blocks: int) -> Layout:
        """Part the rows of `measures` into at most `blocks` blocks each."""
