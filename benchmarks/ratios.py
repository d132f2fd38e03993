"""
Ours, our compact path and spopt side by side, one after another in one run: seconds, memory, ratios.

    python -m benchmarks.ratios DATA [--peer /tmp/peer/bin/python] [--time-limit 130] [--only NAME ...]

DATA holds the benchmark files (`covering`, `pmedian`). The peer is an interpreter with spopt and highspy (see
`benchmarks.against_spopt`); without one it is left out. Prints a table in Markdown: a solver that the time
limit cut off is written with ">", and its ratio is a least one. Seconds are of building and solving, not of reading.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Work:
    """One instance: what is run is ``KIND FILE arguments``."""

    name: str
    kind: str
    file: str
    arguments: tuple[str, ...] = ()


WORKS = (
    Work("BDS1000, R 5.5, p 10", "cover", "covering/BDS1000.txt", ("--radius", "5.5", "--p", "10")),
    Work("BDS10000A, R 5.5, p 10", "cover", "covering/BDS10000A.txt", ("--radius", "5.5", "--p", "10")),
    Work("BDS100000A, R 5.5, p 10", "cover", "covering/BDS100000A.txt", ("--radius", "5.5", "--p", "10")),
    Work("SJC818, R 800, p 6", "cover", "covering/SJC818.txt", ("--radius", "800", "--p", "6")),
    Work("pmed1, p-median", "pmedian", "pmedian/pmed1.txt"),
    Work("pmed6, p-median", "pmedian", "pmedian/pmed6.txt"),
    Work("pmed1, p-centre", "pcenter", "pmedian/pmed1.txt"),
    Work("pmed6, p-centre", "pcenter", "pmedian/pmed6.txt"),
)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds, whether the limit cut it off, megabytes and the value; `seconds` is None where it gave no answer."""

    seconds: float | None
    cut_off: bool
    peak_mb: float
    value: float | None


def ran(command: list[str], seconds: float) -> Took:
    """Run a command that prints one JSON line; one that the limit does not stop is ended some time after it."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds * 1.5 + 60,
            check=False,
            env={**os.environ, "PYTHONPATH": "."},
        )
        line: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, IndexError, ValueError):
        return Took(None, True, 0.0, None)
    cut = line.get("cut_off", line.get("status") != "proven_optimal")
    return Took(float(line["seconds"]), bool(cut), float(line["peak_mb"]), line["value"])


def solvers_of(work: Work, data: Path, limit: float, peer: Path | None) -> Iterator[tuple[str, list[str]]]:
    """Name what is run of an instance, and how."""
    told = [work.kind, str(data / work.file), *work.arguments, "--time-limit", str(limit)]
    yield "ours", [sys.executable, "-m", "benchmarks.siting", *told]
    for solver in ("HiGHS", "CBC"):
        if work.kind == "cover":
            yield f"compact, {solver}", [sys.executable, "-m", "benchmarks.compact_siting", *told, "--solver", solver]
        if peer is not None:
            yield f"spopt, {solver}", [str(peer), "-m", "benchmarks.against_spopt", *told, "--solver", solver]


def main() -> int:
    """Run the command; 1 where two that finished differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ratios")
    parser.add_argument("data", type=Path)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--time-limit", type=float, default=130.0)
    parser.add_argument("--only", nargs="*")
    asked = parser.parse_args()
    print(
        "| work | solver | seconds | MB | value | times ours |\n| --- | --- | ---: | ---: | ---: | ---: |", flush=True
    )
    wrong = False
    for work in WORKS:
        if asked.only and work.name not in asked.only:
            continue
        own: Took | None = None
        for name, command in solvers_of(work, asked.data, asked.time_limit, asked.peer):
            took = ran(command, asked.time_limit)
            own = own or took
            print(_row(work.name, name, took, own, asked.time_limit), flush=True)
            if not took.cut_off and not own.cut_off and took.value is not None and own.value is not None:
                wrong |= abs(took.value - own.value) > 1e-6 * max(1.0, abs(own.value))
    return int(wrong)


def _row(work: str, name: str, took: Took, own: Took, limit: float) -> str:
    spent = limit if took.seconds is None else took.seconds
    sign = ">" if took.cut_off else ""
    ratio = "" if took is own or not own.seconds else f"{sign}{spent / own.seconds:.0f}"
    value = "none" if took.value is None else f"{took.value:,.0f}" + (" (not proven)" if took.cut_off else "")
    return f"| {work} | {name} | {sign}{spent:.1f} | {took.peak_mb:.0f} | {value} | {ratio} |"


if __name__ == "__main__":
    raise SystemExit(main())
