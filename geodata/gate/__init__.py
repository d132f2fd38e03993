"""
The gate: every file of a stranger is read by a child process that can do little harm.

A reader is a function named ``"module:function"``. The gate checks the path, the size and
the first bytes, starts a child with limits on memory, processor time and files, with the
GDAL drivers cut to the formats offered and no way to the network, lets the reader work
there, and hands back plain arrays and facts. Whatever goes wrong comes back as an error of
`foundation.errors`; the private folder of the child is gone afterwards.

What holds where: on Linux all of it; on macOS everything but the memory limit, which the
system does not enforce; on Windows the path, size, type and driver checks, the wall clock
and the private folder, without limits on memory, processor time or file size.
"""

from geodata.gate.limits import Limits
from geodata.gate.magic import KINDS, check_file, check_name, expect_hashable, expect_reachable, largest
from geodata.gate.parent import Answer, read_through_gate

__all__ = [
    "KINDS",
    "Answer",
    "Limits",
    "check_file",
    "check_name",
    "expect_hashable",
    "expect_reachable",
    "largest",
    "read_through_gate",
]
