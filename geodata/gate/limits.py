"""What a child of the gate may use, and how it binds itself before it reads anything."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from dataclasses import dataclass, replace

MIB = 1 << 20
SHARE = 0.5  # of the machine's memory that one reading may take, whatever its own limit
LEAST_MIB = 1024  # that a reading gets on any machine: the libraries alone take about 500
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Limits of one reading.

    Attributes
    ----------
    memory_mib
        Address space of the child, MiB, libraries included (they take about 500).
    cpu_seconds
        Processor time.
    wall_seconds
        Time by the clock, after which the child is killed.
    answer_mib
        The largest file the child may write, MiB.
    """

    memory_mib: int = 2048
    cpu_seconds: int = 120
    wall_seconds: float = 240.0
    answer_mib: int = 1024


def on_this_machine(limits: Limits) -> Limits:
    """Return limits of which the memory is at most `SHARE` of what the machine has, and never below `LEAST_MIB`."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    except (AttributeError, ValueError, OSError):  # Windows, where the limit does not hold anyway
        return limits
    return replace(limits, memory_mib=min(limits.memory_mib, max(int(whole * SHARE), LEAST_MIB)))


def bind(*, memory_mib: int, cpu_seconds: int, answer_mib: int) -> dict[str, bool]:
    """
    Bind the running process to its limits; called once, before any library is loaded.

    Returns
    -------
    held
        Which of "memory", "cpu", "file_size", "network" the system really holds.
    """
    held = dict.fromkeys(("memory", "cpu", "file_size", "network"), False)
    held["network"] = _no_network()
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return held
    wanted = {
        "memory": (resource.RLIMIT_AS, memory_mib * MIB),
        "cpu": (resource.RLIMIT_CPU, cpu_seconds),
        "file_size": (resource.RLIMIT_FSIZE, answer_mib * MIB),
        "core": (resource.RLIMIT_CORE, 0),
        "files": (resource.RLIMIT_NOFILE, 256),
    }
    for name, (which, value) in wanted.items():
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(which)[1]
            least = value if hard == resource.RLIM_INFINITY else min(value, hard)
            # Processor time ends in a signal that says so; the hard limit kills a moment later.
            resource.setrlimit(which, (least, least + 2 if name == "cpu" and least < value + 1 else least))
            held[name] = True
    held["memory"] = held["memory"] and sys.platform.startswith("linux")
    return {name: held[name] for name in ("memory", "cpu", "file_size", "network")}


def _no_network() -> bool:
    """Leave the network where the system allows it (Linux), and die when the parent does."""
    if not sys.platform.startswith("linux"):
        return False
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return any(int(libc.unshare(ways)) == 0 for ways in (CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET))
    return False
