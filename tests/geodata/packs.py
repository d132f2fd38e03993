"""Copies of the built-in pack that tests may break, and describe anew as a liar would."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geodata.load import BUILT_IN


def copy_of_jordan(folder: Path) -> Path:
    """Copy the built-in pack without its source tables, described accordingly."""
    pack = folder / "pack"
    shutil.copytree(BUILT_IN["jordan"], pack, ignore=shutil.ignore_patterns("sources"))
    edit_descriptor(
        pack,
        lambda told: told.update(resources=[r for r in told["resources"] if not r["path"].startswith("sources/")]),
    )
    return pack


def edit_descriptor(pack: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Load, change and write `datapackage.json`."""
    path = pack / "datapackage.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told)
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def resource(told: dict[str, Any], file: str) -> dict[str, Any]:
    """Return the resource with this path."""
    return next(r for r in told["resources"] if r["path"] == file)


def write_described(pack: Path, file: str, data: bytes) -> None:
    """Write a file and put its true size and sha256 into the descriptor."""
    (pack / file).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    edit_descriptor(pack, lambda told: resource(told, file).update(bytes=len(data), hash=f"sha256:{digest}"))


def edit_lines(pack: Path, file: str, change: Callable[[list[str]], list[str]]) -> None:
    """Change the lines of a CSV (header first) and describe it anew."""
    lines = (pack / file).read_text(encoding="utf-8").splitlines()
    write_described(pack, file, ("\n".join(change(lines)) + "\n").encode())


def edit_cell(pack: Path, file: str, row: int, field: str, value: str) -> None:
    """Set one cell of a CSV without quoted commas in that row; `row` 2 is the first after the header."""

    def change(lines: list[str]) -> list[str]:
        import csv
        import io

        header = lines[0].split(",")
        cells = next(csv.reader([lines[row - 1]]))
        cells[header.index(field)] = value
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(cells)
        return [*lines[: row - 1], out.getvalue(), *lines[row:]]

    edit_lines(pack, file, change)
