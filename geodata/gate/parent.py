"""The parent's side of the gate: start a child, wait no longer than allowed, take plain data back."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation import errors
from foundation.errors import InvalidInput, MarkazError, Phrase
from foundation.reasons import quoted
from geodata.gate import child
from geodata.gate.drivers import Library, skipped
from geodata.gate.limits import MIB, Limits, on_this_machine
from geodata.gate.magic import check_file
from geodata.gate.plain import Arrays, load_plain, save_plain
from geodata.gate.told import again

PREFIX = "markaz-gate-"
MOST_FACTS = 16 * MIB  # bytes of a child's plain values: what it says beside its arrays
ROOT = Path(__file__).resolve().parents[2]
_BOOT = """
import sys, types
root, scratch = sys.argv[1:3]
sys.path.insert(0, root)
room = types.ModuleType("geodata")
room.__path__ = [root + "/geodata"]
sys.modules["geodata"] = room
from geodata.gate.child import main
main(scratch)
"""
# The child loads the gate's own modules only: the package `geodata` itself would bring in everything.

_learnt: dict[str, tuple[str, ...]] = {}  # drivers of a newer GDAL, by library, found by a child


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a reader handed back.

    Attributes
    ----------
    arrays
        Plain arrays; texts and bytes as object arrays.
    facts
        Plain values (JSON).
    held
        Which limits the system really held: "memory", "cpu", "file_size", "network".
    """

    arrays: Arrays
    facts: dict[str, Any]
    held: dict[str, bool]


def read_through_gate(
    reader: str,
    path: Path | str,
    *,
    kinds: tuple[str, ...],
    library: Library = "none",
    options: Mapping[str, Any] | None = None,
    given: Mapping[str, NDArray[np.generic] | Sequence[str] | Sequence[bytes]] | None = None,
    limits: Limits | None = None,
) -> Answer:
    """
    Read a file in a child process.

    Parameters
    ----------
    reader
        ``"module:function"``, called as ``function(path, scratch=..., given=..., **options)``
        in the child; returns ``(arrays, facts)`` that `geodata.gate.plain` and JSON can carry.
        `scratch` is a private folder for unpacking.
    kinds
        Formats welcome here; see `geodata.gate.magic.KINDS`.
    library
        Which GDAL the reader uses: "vector" (pyogrio), "raster" (rasterio) or "none".
    options
        JSON values for the reader.
    given
        Arrays for the reader.

    Raises
    ------
    NotFound, Unsupported, InvalidInput
        What the checks of `check_file` refuse, what the reader refuses, and, by name, a file
        that asks for more memory or time than allowed or breaks the reader.
    """
    resolved, _ = check_file(path, kinds=kinds)
    limits = on_this_machine(limits or Limits())
    task = {
        "reader": reader,
        "path": str(resolved),
        "library": library,
        "options": dict(options or {}),
        "limits": {
            "memory_mib": limits.memory_mib,
            "cpu_seconds": limits.cpu_seconds,
            "answer_mib": limits.answer_mib,
        },
    }
    name = Path(path).name
    _sweep()
    scratch = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        for _ in range(2):
            told = _run(scratch, task, given, limits, name)
            if "surplus" not in told:
                break
            _learnt[library] = tuple(told["surplus"])
        return _answer(scratch, told, limits, name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _sweep() -> None:
    """Remove what a process that was killed in the middle of a reading could not remove itself."""
    if os.name != "posix":
        return
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        with contextlib.suppress(ValueError, PermissionError):
            try:
                os.kill(int(left.name.removeprefix(PREFIX).partition("-")[0]), 0)
            except ProcessLookupError:
                shutil.rmtree(left, ignore_errors=True)


def _run(
    scratch: Path,
    task: dict[str, Any],
    given: Mapping[str, NDArray[np.generic] | Sequence[str] | Sequence[bytes]] | None,
    limits: Limits,
    name: str,
) -> dict[str, Any]:
    (scratch / child.TASK).write_text(json.dumps(task), encoding="utf-8")
    if given is not None:
        save_plain(scratch / child.GIVEN, given)
    command = [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, str(ROOT), str(scratch)]
    with (scratch / "words").open("wb") as words:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            env=_environment(scratch, task["library"]),
            cwd=scratch,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise _too_long(name, limits.wall_seconds) from error
        finally:
            _end(process)
    told_in = scratch / child.FACTS
    if told_in.is_file() and told_in.stat().st_size > MOST_FACTS:
        raise InvalidInput(
            "{file} cannot be read: more than {limit} bytes would have to be said about it. Split it or thin it out.",
            file=name,
            limit=MOST_FACTS,
        )
    try:
        told = json.loads(told_in.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _died(name, code, limits, scratch) from error
    if not isinstance(told, dict):
        raise _died(name, code, limits, scratch)
    return told


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()


def _environment(scratch: Path, library: Library) -> dict[str, str]:
    """Only what a reader needs: no proxies, tokens or settings of the user's shell."""
    kept = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA")
    own = {
        "GDAL_SKIP": skipped(library, further=_learnt.get(library, ())),
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_PAM_ENABLED": "NO",
        "GDAL_CACHEMAX": "128",
        "GDAL_NUM_THREADS": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none-offered",
        "CPL_VSIL_CURL_USE_HEAD": "NO",
        "CPL_TMPDIR": str(scratch),
        "OGR_GEOJSON_MAX_OBJ_SIZE": "200",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "PROJ_NETWORK": "OFF",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "TMPDIR": str(scratch),
        "TEMP": str(scratch),
        "HOME": str(scratch),
        "LC_ALL": "C.UTF-8",
    }
    return {name: os.environ[name] for name in kept if name in os.environ} | own


def _answer(scratch: Path, told: dict[str, Any], limits: Limits, name: str) -> Answer:
    if told.get("error") == "memory":
        raise _too_large(name, limits)
    if told.get("error") == "told":
        kind = getattr(errors, str(told["kind"]), InvalidInput)
        if not (isinstance(kind, type) and issubclass(kind, MarkazError)):
            kind = InvalidInput
        raise kind(told["template"], **{"file": name} | again(told["values"]))
    if "facts" not in told:
        raise InvalidInput(
            "{file} cannot be read: {problem}. Export it again from the program that made it.",
            file=name,
            problem=quoted(str(told["problem"])) if told.get("problem") else Phrase("the reader broke off"),
        )
    arrays = load_plain(scratch / child.ANSWER, limit_bytes=2 * limits.answer_mib * MIB)
    return Answer(arrays=arrays, facts=told["facts"], held=told["held"])


def _died(name: str, code: int, limits: Limits, scratch: Path) -> InvalidInput:
    """Say what a child without an answer died of."""
    with (scratch / "words").open("rb") as stream:
        stream.seek(-min(4000, stream.seek(0, os.SEEK_END)), os.SEEK_END)
        words = stream.read().decode("utf-8", "replace")
    if code == -getattr(signal, "SIGXCPU", 0):
        return _too_long(name, float(limits.cpu_seconds))
    if "bad_alloc" in words or "MemoryError" in words or "memory" in words.casefold():
        return _too_large(name, limits)
    if code == -getattr(signal, "SIGKILL", 0):
        return _too_long(name, float(limits.cpu_seconds))
    return InvalidInput(
        "{file} cannot be read: {problem}. Export it again from the program that made it.",
        file=name,
        problem=Phrase("it broke the reader"),
    )


def _too_large(name: str, limits: Limits) -> InvalidInput:
    return InvalidInput(
        "{file} asks for more memory than the {limit} MB a reader may use. Split it or thin it out.",
        file=name,
        limit=limits.memory_mib,
    )


def _too_long(name: str, seconds: float) -> InvalidInput:
    return InvalidInput(
        "{file} was not read within {seconds} seconds. Split it or thin it out.", file=name, seconds=seconds
    )
