"""
The child's side of the gate: bind, load, read, write plain data, leave.

Runs in a process of its own, started by `geodata.gate.parent`; its private folder holds
``task.json`` and perhaps ``given.npz``, and afterwards ``answer.npz`` and ``answer.json``.
"""

from __future__ import annotations

import importlib
import json
import re
import signal
import sys
from pathlib import Path
from typing import Any

from geodata.gate.limits import bind

TASK, GIVEN, ANSWER, FACTS = "task.json", "given.npz", "answer.npz", "answer.json"
LONGEST_PROBLEM = 200
TABLES = ("geopandas", "pandas", "pyarrow")


def main(folder: str) -> None:
    """Do the task in `folder`; never raises, always leaves ``answer.json`` if it can."""
    scratch = Path(folder)
    task = json.loads((scratch / TASK).read_text("utf-8"))
    held = bind(**task["limits"])
    if hasattr(signal, "SIGXFSZ"):  # a file over the limit is then an error, not a death
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        answer: dict[str, Any] = _work(scratch, task) | {"held": held}
    except MemoryError:
        answer = {"error": "memory"}
    except Exception as error:
        answer = _told(error)
    (scratch / FACTS).write_text(json.dumps(answer, allow_nan=False), encoding="utf-8")


def _work(scratch: Path, task: dict[str, Any]) -> dict[str, Any]:
    if task["reader"].startswith("geodata.gate."):
        for heavy in TABLES:  # pyogrio would import them, for readers that have no use for them
            sys.modules[heavy] = None  # type: ignore[assignment]
    from geodata.gate.drivers import surplus

    extra = surplus(task["library"])
    if extra:
        return {"surplus": list(extra)}
    from geodata.gate.plain import load_plain, save_plain

    module, _, name = task["reader"].partition(":")
    reader = getattr(importlib.import_module(module), name)
    given = scratch / GIVEN
    arrays = load_plain(given, limit_bytes=1 << 40) if given.exists() else {}
    values, facts = reader(Path(task["path"]), scratch=scratch, given=arrays, **task["options"])
    save_plain(scratch / ANSWER, values)
    return {"facts": facts}


def _told(error: Exception) -> dict[str, Any]:
    from foundation.errors import MarkazError

    if isinstance(error, MarkazError):
        from geodata.gate.told import plain

        return {
            "error": "told",
            "kind": type(error).__name__,
            "template": error.template,
            "values": plain(error.values),
        }
    text = f"{error}" or type(error).__name__
    small = text.casefold()
    if ("memory" in small and "alloc" in small) or "bad_alloc" in small or "failed to map segment" in text:
        return {"error": "memory"}
    return {"error": "reader", "problem": plain_problem(text)}


def plain_problem(text: str) -> str:
    """Return one short line of what a library complained about: no control or direction marks, no paths."""
    text = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+", " ", text)
    text = re.sub(r"(/[^\s'\":]+)+/", "", text)
    return text.strip()[:LONGEST_PROBLEM]


if __name__ == "__main__":
    main(sys.argv[1])
