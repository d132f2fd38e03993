"""
What kind of thing a figure is (law 8).

Measured, reported, assumed and modelled are four different things, and every
figure that leaves the project says which one it is.
"""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """How a figure came to be."""

    MEASURED = "measured"  # observed by an instrument or counted by a register
    REPORTED = "reported"  # published by a named source, taken over as printed
    ASSUMED = "assumed"  # a stated choice of the planner or of this project
    MODELLED = "modelled"  # computed from the three others
