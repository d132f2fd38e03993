"""
Files written whole or not at all, and their hashes.

A reader never sees half a file: everything is written aside, in the same
folder, and renamed once. Ctrl-C or a full disk leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from foundation.errors import MarkazError, OutputRefused, Phrase
from foundation.reasons import reason_of

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
_FULL = ("disk is full", "no space left on device")  # as SQLite and the system say it through other libraries
_NO_ROOM = 1 << 20  # bytes; a library may say anything, and free again what it could not write to the end


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
        If `final` exists and is not an empty folder, is a link to nothing, has a name that the
        disk does not take, or its nearest existing parent is no folder that may be written.
    """
    try:
        dangling, free = final.is_symlink() and not final.exists(), _is_free(final)
        nearest = next(parent for parent in final.absolute().parents if parent.exists())
    except OSError as error:
        raise _refused(final, reason_of(error)) from error
    if dangling:
        raise OutputRefused(
            "{path} is a link, and what it points to is not there. Make that folder, or choose another with --out.",
            path=str(final),
        )
    if not free:
        raise OutputRefused(
            "{path} already exists and is not an empty folder. Choose another name with --out.",
            path=str(final),
        )
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        reason = Phrase("permission denied" if nearest.is_dir() else "it is a file, not a folder")
        raise _refused(nearest, reason)


@contextlib.contextmanager
def folder_written_aside(final: Path) -> Iterator[Path]:
    """
    Yield an empty folder beside `final`, renamed to `final` when the block ends well.

    On any exception, Ctrl-C included, the folder is removed, with the parents that were
    made for it, and `final` stays as it was. Where `final` is a link to an empty folder,
    that folder is the one written, and the link stays.

    Raises
    ------
    OutputRefused
        If the parent cannot be written, or `final` exists and is not an empty folder: at the
        start, or at the end because another program wrote it meanwhile. If the disk is full, or
        fails, while the block writes, whatever the libraries it uses raise for that.
    """
    refuse_unless_free(final)
    made: list[Path] = []
    aside: Path | None = None
    try:
        try:
            target = final.resolve()
            _make_parents(target.parent, made)
            aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{_beginning(target.name)}."))
        except OSError as error:
            raise _refused(final.parent, reason_of(error)) from error
        try:
            yield aside
        except Exception as error:
            reason = _fault_of_the_disk(error, aside)
            if reason is None:
                raise
            raise _refused(final, reason) from error
        try:
            aside.chmod(0o755)
            aside.rename(target)  # takes the place of an empty folder, and of nothing else
        except OSError as error:
            raise _refused(final, reason_of(error)) from error
    except BaseException:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
        for parent in reversed(made):
            with contextlib.suppress(OSError):  # another program has put something there
                parent.rmdir()
        raise


def _fault_of_the_disk(error: BaseException, folder: Path) -> Phrase | None:
    """Say what is wrong with the disk, where that is why `error` was raised; None for any other reason."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and not isinstance(cause, MarkazError) and cause.errno in _DISK:
            return reason_of(cause)
        if any(words in str(cause).lower() for words in _FULL):
            return reason_of(OSError(errno.ENOSPC, ""))
        cause = cause.__cause__ or cause.__context__
    with contextlib.suppress(OSError):
        if shutil.disk_usage(folder).free < _NO_ROOM:
            return reason_of(OSError(errno.ENOSPC, ""))
    return None


def _make_parents(folder: Path, made: list[Path]) -> None:
    """Make `folder` with its parents; those that were not there are added to `made`, outermost first."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        with contextlib.suppress(FileExistsError):  # made by another program meanwhile
            place.mkdir()
            made.append(place)


def _beginning(name: str) -> str:
    """Return the beginning of a name, short enough that more can be put behind it."""
    return name.encode("utf-8", "surrogateescape")[:100].decode("utf-8", "ignore")


def _is_free(final: Path) -> bool:
    return not final.exists() or (final.is_dir() and not any(final.iterdir()))


def _refused(path: Path, reason: Phrase) -> OutputRefused:
    return OutputRefused(
        "Cannot write into {path}: {reason}. Choose a folder you may write to with --out.",
        path=str(path),
        reason=reason,
    )
