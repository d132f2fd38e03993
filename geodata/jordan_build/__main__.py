"""Rebuild the derived files of the built-in Jordan: ``python -m geodata.jordan_build [FOLDER]``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from geodata.jordan_build import (
    candidates,
    centres,
    datapackage,
    governorates,
    groups,
    people,
    places,
    roads,
    services,
    services_records,
)

STEPS = (governorates, places, roads, people, groups, candidates, centres, services, services_records, datapackage)


def rebuild(folder: Path) -> None:
    """Run every step in order; `folder` holds `sources/`, `country.yaml` and `travel_rules.yaml`."""
    for step in STEPS:
        began = time.perf_counter()
        step.build(folder)
        print(f"{step.__name__.rpartition('.')[2]:<14}{time.perf_counter() - began:6.1f} s")


if __name__ == "__main__":
    rebuild(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "jordan")
