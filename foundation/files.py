"""
Files written whole or not at all, and their hashes.

A reader never sees half a file: everything is written aside, in the same
folder, and renamed once. Ctrl-C or a full disk leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from foundation.errors import OutputRefused


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def write_text(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Write `text` to `path` at once: aside first, then renamed over it."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("x", encoding=encoding, newline="") as stream:
            stream.write(text)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def refuse_unless_free(final: Path) -> None:
    """
    Refuse early, before long work, a folder that could not be written in the end; change nothing.

    Raises
    ------
    OutputRefused
        If `final` exists and is not an empty folder, or its nearest existing parent is no
        folder that may be written.
    """
    if final.exists() and (not final.is_dir() or any(final.iterdir())):
        raise OutputRefused(
            "{path} already exists and is not an empty folder. Choose another name with --out.",
            path=str(final),
        )
    nearest = next(parent for parent in final.absolute().parents if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        reason = "not a folder" if not nearest.is_dir() else "Permission denied"
        raise OutputRefused(
            "Cannot write into {path}: {reason}. Choose a folder you may write to with --out.",
            path=str(nearest),
            reason=reason,
        )


@contextlib.contextmanager
def folder_written_aside(final: Path) -> Iterator[Path]:
    """
    Yield an empty folder beside `final`, renamed to `final` when the block ends well.

    On any exception, Ctrl-C included, the folder is removed and `final` stays
    as it was.

    Raises
    ------
    OutputRefused
        If the parent cannot be written, or `final` exists and is not an empty folder.
    """
    refuse_unless_free(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=final.parent, prefix=f".{final.name}."))
    except OSError as error:
        raise OutputRefused(
            "Cannot write into {path}: {reason}. Choose a folder you may write to with --out.",
            path=str(final.parent),
            reason=error.strerror or str(error),
        ) from error
    try:
        yield aside
        aside.chmod(0o755)
        if final.is_dir():
            final.rmdir()
        aside.rename(final)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
