"""
Road graphs kept between runs, by the content of what they were made from.

The folder is ``MARKAZ_CACHE``, else ``markaz`` in the user's cache folder (``XDG_CACHE_HOME``,
else ``~/.cache``). A name is the hash of the file, of the speed table and of the way of reading, so
that nothing stale is ever found; a damaged or unwritable cache is passed over, never an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from geodata.osm.report import NetworkReport
from geodata.osm.speeds import SpeedTable
from geodata.roads import RoadGraph

VERSION = "6"  # raised whenever reading or contracting changes
_ARRAYS = ("node_id", "lon", "lat", "start", "end", "metres", "minutes", "island", "mainland")


def cache_folder() -> Path:
    """Return the folder of the cache; it need not exist."""
    given = os.environ.get("MARKAZ_CACHE")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "markaz"


def report_of(said: Mapping[str, Any]) -> NetworkReport:
    """Return a report from JSON, which knows no tuples."""
    ids, nodes = (tuple(said[name]) for name in ("cut_way_ids", "island_nodes"))
    ends = {
        name: tuple((str(way), float(lon), float(lat)) for way, lon, lat in said[name])
        for name in ("cut_at", "ferry_at")
    }
    return NetworkReport(**{**said, "cut_way_ids": ids, "island_nodes": nodes, **ends})


def cached(named: tuple[str, ...], table: SpeedTable) -> tuple[RoadGraph, NetworkReport] | None:
    """Return what was kept under a name, None if nothing readable is there."""
    file = _file(named)
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            content = {name: arrays[name] for name in arrays.files}
        said = json.loads(str(content["report"]))
        classes = np.array(said.pop("_classes"), dtype=np.str_)
        n = content["lon"].size
        graph = RoadGraph(
            region=np.full(n, "all"),
            in_capital_city=np.zeros(n, dtype=bool),
            road_class=classes[content["road_class"]],
            rules=table.rules(),
            **{name: content[name] for name in _ARRAYS},
        )
        return graph, report_of(said)
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile):
        return None


def kept_in_cache(named: tuple[str, ...], graph: RoadGraph, report: NetworkReport) -> None:
    """Keep a graph under a name, written aside and renamed; an unwritable folder is passed over."""
    file = _file(named)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    classes, code = np.unique(graph.road_class, return_inverse=True)
    said: dict[str, Any] = asdict(report) | {"_classes": classes.tolist()}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as stream:
            np.savez(
                stream,
                report=np.array(json.dumps(said)),
                road_class=code.astype(np.int16),
                **{name: getattr(graph, name) for name in _ARRAYS},
            )
        aside.replace(file)
    except OSError:
        return
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def _file(named: tuple[str, ...]) -> Path:
    digest = hashlib.sha256("\n".join((VERSION, *named)).encode()).hexdigest()
    return cache_folder() / "roads" / f"{digest}.npz"
