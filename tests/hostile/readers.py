"""Readers that the gate must hold: they look about, hoard, spin, sleep and crash."""

from __future__ import annotations

import ctypes
import os
import socket
import time
from pathlib import Path
from typing import Any


def look(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Say which drivers, network and environment a child has."""
    import sys

    if "pyogrio" in sys.modules:
        import pyogrio

        drivers = sorted(pyogrio.list_drivers())
    else:
        import rasterio

        with rasterio.Env() as environment:
            drivers = sorted(environment.drivers())
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1).close()
        reached = "open"
    except OSError:
        reached = "refused"
    return {}, {"drivers": drivers, "socket": reached, "secret": os.environ.get("SECRET_OF_THE_USER", "")}


def hog(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask for 4 GB."""
    return {}, {"n": len(bytearray(4 << 30))}


def spin(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Never end."""
    while True:
        pass


def sleep(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Wait for ever without using the processor."""
    time.sleep(1000)
    return {}, {}


def crash(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read where nothing is."""
    ctypes.string_at(0)
    return {}, {}


def fill(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write 100 MB."""
    with (scratch / "big").open("wb") as sink:
        sink.write(b"x" * 100_000_000)
    return {}, {}


def tell(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Say 20 MB about a file."""
    return {}, {"words": "x" * 20_000_000}


def alloc(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Complain as a library of C++ does that gets no memory."""
    raise RuntimeError("std::bad_alloc")


def chatter(path: Path, *, scratch: Path, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Complain at length, and die."""
    import sys

    for _ in range(40):
        sys.stderr.write("y" * 1_000_000)
    sys.stderr.write("std::bad_alloc")
    sys.stderr.flush()
    os._exit(3)
