"""
The runs that the service may show, kept open between requests.

A run never changes (law 9), so a run is read again only when the folder of runs shows
other folders than before. Ids from a request are compared with the names on the shelf
and are never made into a path.
"""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from foundation.errors import NotFound

if TYPE_CHECKING:
    from scenarios import Run

_LOG = logging.getLogger("markaz.api")
Fingerprint = tuple[tuple[str, int], ...]


class Shelf:
    """The runs of one folder; safe to use from several threads."""

    def __init__(self, folder: Path, *, read: Callable[[Path], tuple[Run, ...]] | None = None) -> None:
        self._folder = folder
        self._read = read
        self._lock = threading.Lock()
        self._seen: Fingerprint | None = None
        self._runs: dict[str, Run] = {}

    def runs(self) -> tuple[Run, ...]:
        """Return the runs, newest first; folders that are links or cannot be shown are left out."""
        now = _fingerprint(self._folder)
        with self._lock:
            if now != self._seen:
                self._runs = {run.path.name: run for run in self._listed() if _showable(run)}
                self._seen = now
            return tuple(self._runs.values())

    def run(self, run_id: str) -> Run:
        """Return the run of that very name; raises NotFound for any other text."""
        self.runs()
        with self._lock:
            found = self._runs.get(run_id)
        if found is None:
            raise NotFound("There is no such run here. The list of runs is at /.")
        return found

    def _listed(self) -> tuple[Run, ...]:
        if self._read is not None:
            return self._read(self._folder)
        from scenarios import list_runs

        return list_runs(self._folder)


def _fingerprint(folder: Path) -> Fingerprint:
    try:
        with os.scandir(folder) as entries:
            found = []
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    found.append((entry.name, status.st_mtime_ns))
    except OSError:
        return ()
    return tuple(sorted(found))


def _showable(run: Run) -> bool:
    """Leave out a run that is a link, or whose run.json lacks what every page prints."""
    from api.summary import country, headline, proof_line, status_words, title
    from foundation.language import language

    if run.path.is_symlink():
        _LOG.warning("skipped %s: a link, not a folder", run.path)
        return False
    try:
        run.path.name.encode()  # a name that is no UTF-8 stands in no address
        for said in (language("ar"), language("en")):
            title(run.info, said)
            headline(run.info, said)
            proof_line(run.info, said)
            status_words(run.info, said)
            country(run.info, said)
        str(run.info["created"])
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        _LOG.warning("skipped %s: run.json is not as documented (%r)", run.path, error)
        return False
    return True
