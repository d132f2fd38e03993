"""
Why something outside this project failed, in sentences of the catalogue.

The operating system and the libraries that read files have words of their own, in
English only. The common causes are said here; anything else is quoted as the reader's
own words, and said to be that.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable

from foundation.errors import MarkazError, Phrase
from foundation.plain_text import harmless

MOST_QUOTED = 200  # characters of another program's words

_SYSTEM = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EISDIR: "it is a folder, not a file",
    errno.EEXIST: "it exists already",
    errno.ENOTEMPTY: "the folder is not empty",
    errno.ENOSPC: "no space is left on the disk",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than the disk or its limits allow",
    errno.EROFS: "the disk cannot be written to",
    errno.ELOOP: "its links lead round in a circle",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EIO: "the disk could not be read or written",
    errno.EADDRINUSE: "the port is taken",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


def reason_of(error: BaseException) -> Phrase:
    """Say why `error` was raised, as the part of a sentence, without a full stop."""
    if isinstance(error, MarkazError):
        return Phrase(error.template.rstrip("."), error.values)
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        return Phrase(_SYSTEM[error.errno])
    if isinstance(error, UnicodeError):
        return Phrase("it is not UTF-8 text")
    if isinstance(error, json.JSONDecodeError):
        return Phrase("line {line}, column {column} is not JSON", {"line": error.lineno, "column": error.colno})
    if isinstance(error, RecursionError):
        return Phrase("it is nested too deeply")
    if isinstance(error, MemoryError):
        return Phrase("it does not fit into memory")
    return quoted(str(error) or type(error).__name__)


def named(names: Iterable[str], *, letters: int = 300) -> str | Phrase:
    """Say names in a row, cut after so many letters; "none" where there are none."""
    return ", ".join(names)[:letters] or Phrase("none")


def quoted(words: str) -> Phrase:
    """Quote another program's words on one line, cut where they are long."""
    line = harmless(words).rstrip(".")
    return Phrase("its reader says “{words}”", {"words": line[:MOST_QUOTED]})
