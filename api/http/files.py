"""
Files of a run over HTTP: only what its manifest lists, never through a link, cached for good.

A run does not change, so a file's sha256 is its ETag and the answer is immutable.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from fastapi import Request, Response
from fastapi.responses import FileResponse

from foundation.errors import InvalidInput, NotFound
from foundation.files import sha256_of
from foundation.reasons import reason_of

if TYPE_CHECKING:
    from scenarios import Run

MANIFEST = "manifest.json"
FOR_GOOD = "public, max-age=31536000, immutable"
SHOWN = {".html": "text/html; charset=utf-8", ".json": "application/json", ".csv": "text/csv; charset=utf-8"}
OTHER_TYPES = {
    ".gpkg": "application/geopackage+sqlite3",
    ".yaml": "application/yaml",
    ".geojson": "application/geo+json",
}
INLINE = {".html", ".json"}
_SHA256 = re.compile("[0-9a-f]{64}")


def manifest_of(run: Run) -> Mapping[str, str]:
    """
    Return {file name with forward slashes: sha256}, the manifest itself too; empty when it is not readable.

    An entry that is no sha256, or whose name no address can hold, is left out.
    """
    try:
        text = (run.path / MANIFEST).read_bytes()
        listed = {str(name): str(digest) for name, digest in json.loads(text)["sha256"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
    kept = {name: digest for name, digest in listed.items() if _SHA256.fullmatch(digest) and _is_utf8(name)}
    return kept | {MANIFEST: hashlib.sha256(text).hexdigest()}


def file_response(run: Run, name: str, request: Request) -> Response:
    """
    Answer with one listed file of a run, a part of it (Range), or 304.

    Raises
    ------
    NotFound
        For a name that the manifest does not list, a link, or a file that is gone.
    """
    digest = manifest_of(run).get(name)
    path = _regular(run.path, name) if digest else None
    if digest is None or path is None:
        raise NotFound("The run has no such file; manifest.json lists what it has.")
    headers = {"ETag": f'"{digest}"', "Cache-Control": FOR_GOOD}
    if matches(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    ending = path.suffix.lower()
    return FileResponse(
        path,
        media_type=(SHOWN | OTHER_TYPES).get(ending, "application/octet-stream"),
        filename=None if ending in INLINE else path.name,
        headers=headers,
        stat_result=path.stat(),
    )


def matches(request: Request, etag: str) -> bool:
    """Tell whether If-None-Match names `etag` (weak comparison, RFC 9110)."""
    asked = request.headers.get("if-none-match", "")
    known = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    return "*" in known or etag in known


def expect_as_written(run: Run, name: str, digest: str) -> None:
    """
    Refuse a file of a run that is not the one its manifest lists.

    Raises
    ------
    InvalidInput
        If the file is gone, is not a plain file below the run's folder, or has other bytes.
    """
    path = _regular(run.path, name)
    try:
        if path is not None and sha256_of(path) == digest:
            return
    except OSError as error:
        raise InvalidInput("{path} cannot be read: {reason}.", path=name, reason=reason_of(error)) from error
    raise InvalidInput(
        "{file} of this run is not as it was written: it is damaged, changed or gone. Plan the run again.", file=name
    )


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _regular(folder: Path, name: str) -> Path | None:
    """Return the path of a regular file below `folder` that no link leads to, or None."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or any(part in {"..", "."} or "\\" in part or "\0" in part for part in parts):
        return None
    path = folder
    try:
        for part in parts:
            path = path / part
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                return None
    except (OSError, ValueError):
        return None
    return path if stat.S_ISREG(mode) else None
