"""What lies in a run folder: every file as the manifest says, and nothing that is no plain file."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from foundation.errors import Phrase
from foundation.files import sha256_of
from foundation.reasons import reason_of
from scenarios.verifying.check import Check, differing

MANIFEST = "manifest.json"


def files_check(folder: Path) -> Check:
    """Compare the folder with its manifest; a link, a pipe or an empty folder is a difference."""
    name = Phrase("Every file is as it was written")
    try:
        listed = json.loads((folder / MANIFEST).read_text("utf-8"))["sha256"]
        odd = sorted(strange(folder))
        if odd:
            return differing(name, odd, Phrase(""))
        here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
        safe = all(not PurePosixPath(file).is_absolute() and ".." not in PurePosixPath(file).parts for file in listed)
        wrong = set(listed) ^ here if safe else set(listed)
        wrong |= {file for file in here & set(listed) if sha256_of(folder / file) != listed[file]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Check(name, False, Phrase("manifest.json cannot be read: {reason}", {"reason": reason_of(error)}))
    return differing(name, wrong, Phrase("{n} files", {"n": len(here)}))


def strange(folder: Path) -> Iterator[str]:
    """Name what is neither a plain file nor a folder with something in it; nothing is followed or opened."""
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        plain = stat.S_ISREG(mode) or (stat.S_ISDIR(mode) and any(path.iterdir()))
        if not plain:
            yield path.relative_to(folder).as_posix()
