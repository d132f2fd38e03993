"""
The same files solved by spopt (with HiGHS or CBC through PuLP): run it in an environment of its own.

    python -m venv /tmp/peer && /tmp/peer/bin/pip install spopt highspy
    PYTHONPATH=. /tmp/peer/bin/python -m benchmarks.against_spopt KIND FILE [--radius R] [--p P] [--time-limit S]
        [--solver HiGHS|CBC]

KIND is cover, pmedian or pcenter. Prints one JSON line; `build_s` is spopt's own model building.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pulp
from spopt.locate import MCLP, PCenter, PMedian

from benchmarks.memory import peak_mb, peak_of_children_mb
from benchmarks.readers import read


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against_spopt")
    parser.add_argument("kind", choices=("cover", "pmedian", "pcenter"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--radius", type=float)
    parser.add_argument("--p", type=int)
    parser.add_argument("--time-limit", type=float, default=300.0)
    parser.add_argument("--solver", choices=("HiGHS", "CBC"), default="HiGHS")
    asked = parser.parse_args()
    instance = read(asked.file)
    cost, p = instance.cost(), asked.p or instance.p
    started = time.monotonic()
    model: Any
    if asked.kind == "cover":
        model = MCLP.from_cost_matrix(cost, instance.weights, asked.radius, p_facilities=p)
    elif asked.kind == "pmedian":
        model = PMedian.from_cost_matrix(cost, instance.weights, p_facilities=p)
    else:
        model = PCenter.from_cost_matrix(cost, p_facilities=p)
    built = time.monotonic() - started
    kind = pulp.HiGHS if asked.solver == "HiGHS" else pulp.PULP_CBC_CMD
    model = model.solve(kind(msg=False, gapRel=0.0, timeLimit=asked.time_limit), results=False)
    value = float(pulp.value(model.problem.objective))
    line = {
        "kind": asked.kind,
        "solver": asked.solver,
        "file": asked.file.name,
        "p": p,
        "value": value,
        "build_s": round(built, 2),
    }
    peak = peak_mb() + peak_of_children_mb()  # CBC is a process of its own
    cut = time.monotonic() - started - built >= asked.time_limit
    print(json.dumps({**line, "seconds": round(time.monotonic() - started, 2), "cut_off": cut, "peak_mb": round(peak)}))


if __name__ == "__main__":
    np.seterr(all="warn")
    main()
