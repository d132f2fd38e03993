"""
Whether files are still those whose hash was taken.

What is kept under a hash must be made of those very bytes. A second hash alone would not notice a file that
changed and changed back; the system's own marks (which file it is, how long, when written) do.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from foundation.errors import InvalidInput
from foundation.files import sha256_of

Marks = dict[Path, tuple[int, int, int, int, int]]


def digest_of(folder: Path, files: Iterable[Path], reading: str, *, hashed: Callable[[Path], bool]) -> str:
    """
    Return the hash of files of a folder, by name and content, and of the way of `reading` them.

    One that is not to be `hashed`, or cannot be, counts by its size: who reads it says what is wrong with it.
    """
    digest = hashlib.sha256(reading.encode())
    for path in sorted(files):
        said = f"{path.stat().st_size} bytes"
        with contextlib.suppress(OSError):
            said = sha256_of(path) if hashed(path) else said
        digest.update(f"{path.relative_to(folder).as_posix()}\0{said}\n".encode())
    return digest.hexdigest()


def marks(paths: Iterable[Path]) -> Marks:
    """Return what the system changes when a file is written or another takes its place; one that is gone has none."""
    found: Marks = {}
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            told = path.stat()
            found[path] = (told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)
    return found


def expect_unchanged(before: Marks, now: Marks) -> None:
    """
    Refuse what was made of files that changed meanwhile.

    Raises
    ------
    InvalidInput
        For the first file that was written, replaced, added or taken away between the two looks.
    """
    for path in before | now:
        if before.get(path) != now.get(path):
            raise changed(path)


def changed(path: Path) -> InvalidInput:
    """Return the refusal of a file that changed while it was read."""
    return InvalidInput(
        "{file} was changed while it was read. Wait until no program writes to it, and try again.", file=path.name
    )
