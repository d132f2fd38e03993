"""Every cut a chapter made, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class CutPool:
    """Every cut made: its block, its rows (what its layout keeps of them), and a0 − a·y."""

    block: list[int] = field(default_factory=list)
    members: list[NDArray[np.generic]] = field(default_factory=list)  # which rows, or how far, over its block
    constant: list[int] = field(default_factory=list)
    slope: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, block: int, members: NDArray[np.generic], constant: int, slope: NDArray[np.int64]) -> int:
        """Keep a cut and return its number."""
        self.block.append(block)
        self.members.append(members)
        self.constant.append(constant)
        self.slope.append(slope)
        return len(self.block) - 1
