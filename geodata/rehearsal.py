"""
A pack of somebody's is read by the gate's child before it is read here.

The tables of a pack are parsed in Python within stated sizes, and a run needs them in this process. So a child reads
the whole pack first, with limits on memory, time and files and no way to the network: what breaks or swells there
does no harm, and what is refused there is refused here in the same words. A pack that passed is known
again by its content (`geodata.osm.cache.cache_folder`); where the cache cannot be written the child reads it each time.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from geodata.gate import Limits, read_through_gate
from geodata.gate.plain import Arrays
from geodata.gate.unchanged import digest_of, expect_unchanged, marks
from geodata.osm.cache import cache_folder
from geodata.tables import MAX_BYTES

VERSION = "1"  # raised whenever a pack is read otherwise
DESCRIPTOR = "datapackage.json"
LIMITS = Limits(memory_mib=4096, cpu_seconds=120, wall_seconds=240.0, answer_mib=1)


def rehearse(folder: Path) -> None:
    """
    Have the child read a pack, unless one of the same content passed before.

    Raises
    ------
    InvalidInput, NotFound, Unsupported
        What reading the pack refuses, a pack that asks for more memory or time than a reader may use, and one that
        is changed while it is read.
    """
    if not (folder / DESCRIPTOR).is_file():
        return  # no pack: who reads it says so
    before = marks(_files(folder))
    known = cache_folder() / "packs" / _fingerprint(folder)
    if known.is_file():
        return
    options = {"folder": str(folder.resolve())}  # not that of a link's target: what is read here is read there
    read_through_gate(
        "geodata.rehearsal:read", folder / DESCRIPTOR, kinds=("descriptor",), options=options, limits=LIMITS
    )
    expect_unchanged(before, marks(_files(folder)))
    with contextlib.suppress(OSError):
        known.parent.mkdir(parents=True, exist_ok=True)
        known.touch()


def read(path: Path, *, scratch: Path, given: Arrays, folder: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the pack in a folder, and keep nothing of it; runs in the child."""
    del path, scratch, given
    from geodata.pack_country import read_pack

    read_pack(Path(folder))
    return {}, {}


def _fingerprint(folder: Path) -> str:
    """Hash of the files of a folder by name and content; of one too large to be read, by its size."""
    return digest_of(folder, _files(folder), VERSION, hashed=lambda path: path.stat().st_size <= MAX_BYTES)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
