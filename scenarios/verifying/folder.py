"""What lies in a run folder: every file as the manifest says, and nothing that is no plain file."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from foundation.errors import Phrase, listed
from foundation.files import sha256_of
from foundation.reasons import reason_of
from foundation.strict_json import parse_json
from scenarios.verifying.check import Check, differing

MANIFEST = "manifest.json"
_NAME = "Every file is as it was written"


def plain_check(folder: Path) -> Check | None:
    """Name links, pipes and empty folders; None where there are none, and only then may files be opened."""
    try:
        odd = sorted(strange(folder))
    except OSError as error:
        return Check(Phrase(_NAME), False, reason_of(error))
    if not odd:
        return None
    names = listed(odd, between=", ")
    told = Phrase("neither plain files nor folders that hold some, so that nothing was opened: {names}")
    return Check(Phrase(_NAME), False, Phrase(told.template, {"names": names}))


def files_check(folder: Path) -> Check:
    """Compare the folder, which holds plain files only, with its manifest."""
    name = Phrase(_NAME)
    try:
        told = parse_json((folder / MANIFEST).read_text("utf-8"))["sha256"]
        here = files_in(folder) - {MANIFEST}
        safe = all(not PurePosixPath(file).is_absolute() and ".." not in PurePosixPath(file).parts for file in told)
        wrong = set(told) ^ here if safe else set(told)
        wrong |= {file for file in here & set(told) if sha256_of(folder / file) != told[file]}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        return Check(name, False, Phrase("manifest.json cannot be read: {reason}", {"reason": reason_of(error)}))
    return differing(name, wrong, Phrase("{n} files", {"n": len(here)}))


def files_in(folder: Path) -> set[str]:
    """Return every file below a folder by its path inside it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def strange(folder: Path) -> Iterator[str]:
    """Name what is neither a plain file nor a folder with something in it; nothing is followed or opened."""
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        plain = stat.S_ISREG(mode) or (stat.S_ISDIR(mode) and any(path.iterdir()))
        if not plain:
            yield path.relative_to(folder).as_posix()
