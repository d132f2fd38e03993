"""What a run folder holds, held against what it should hold: arrays, figures, tables, layers, pages."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio

from foundation.errors import Phrase
from optimization import Problem
from scenarios.content import Content
from scenarios.run import Run, open_run
from scenarios.stamp import versions
from scenarios.studies import STUDIES
from scenarios.verifying.check import Check, differing
from scenarios.verifying.folder import MANIFEST
from scenarios.write import Publisher, write_package

_INSIDE = ("inputs/", "proof/")  # covered by the arrays, the replay and the hashes of the record
_STYLES = "layer_styles"


def arrays_check(solved: Problem, rebuilt: Problem) -> Check:
    """Compare the arrays that were solved with those of the inputs."""
    name = Phrase("The arrays that were solved are those of the inputs")
    same = (
        all(
            np.array_equal(getattr(solved.columns, field), getattr(rebuilt.columns, field))
            for field in ("place", "kind", "year", "lower", "upper", "rank")
        )
        and (solved.measures, solved.stages, solved.floors) == (rebuilt.measures, rebuilt.stages, rebuilt.floors)
        and np.array_equal(solved.weights, rebuilt.weights)
        and np.array_equal(solved.sets.indptr, rebuilt.sets.indptr)
        and np.array_equal(solved.sets.indices, rebuilt.sets.indices)
        and len(solved.rules) == len(rebuilt.rules)
        and all(
            (a.name, a.sense, a.right) == (b.name, b.sense, b.right)
            and np.array_equal(a.columns, b.columns)
            and np.array_equal(a.coefficients, b.coefficients)
            for a, b in zip(solved.rules, rebuilt.rules, strict=True)
        )
    )
    rows, columns = solved.sets.shape
    shown = Phrase("{rows} rows, {columns} columns", {"rows": int(rows), "columns": int(columns)})
    return Check(name, same, shown if same else Phrase("they differ"))


def record_check(run: Run, content: Content) -> Check:
    """Compare run.json field by field; what only the optimizer could make again is left out, and said elsewhere."""
    said, made = dict(run.info), json.loads(content.files["run.json"])
    left = set(said) - set(made)
    wrong = {name for name in made if said.get(name, _MISSING) != made[name]}
    wrong |= {name for name in left if name not in _solved_names("fields")}
    name = Phrase("Every figure of run.json is what the inputs and the proof give")
    return differing(name, wrong, Phrase("{n} fields", {"n": len(made)}))


def tables_check(run: Run, content: Content) -> Check:
    """Compare the tables and the scenario byte for byte, and look for files that no one writes."""
    wrong = set()
    for file, data in content.files.items():
        if file in {"run.json", "datapackage.json"}:
            continue
        path = run.path / file
        if not path.is_file() or path.read_bytes() != data:
            wrong.add(file)
    wrong |= set(_descriptor_faults(run, content))
    known = {*content.files, "plan.gpkg", MANIFEST, *_solved_names("files")} | set(run.pages)
    here = {path.relative_to(run.path).as_posix() for path in run.path.rglob("*") if path.is_file()}
    wrong |= {file for file in here - known if not file.startswith(_INSIDE)}
    name = Phrase("Every table is what the inputs and the proof give")
    return differing(name, wrong, Phrase("{n} files, byte for byte", {"n": len(content.files) - 2}))


def layers_check(run: Run, content: Content) -> Check:
    """Write the layers again and compare what is read of both."""
    path = run.path / "plan.gpkg"
    here = {str(name) for name in pyogrio.list_layers(path)[:, 0]} - {_STYLES}
    wrong = here ^ set(content.layers)
    wrong -= set(_solved_names("layers"))
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "plan.gpkg"
        write_package(again, content.layers)
        for layer in sorted(here & set(content.layers)):
            if not _same(pyogrio.read_dataframe(path, layer=layer), pyogrio.read_dataframe(again, layer=layer)):
                wrong.add(layer)
    name = Phrase("Every layer of plan.gpkg is what the inputs and the proof give")
    return differing(name, wrong, Phrase("{n} layers", {"n": len(content.layers)}))


def pages_check(run: Run, publishers: Sequence[Publisher]) -> Check:
    """Draw the map and write the reports again from the run's own (checked) files; compare byte for byte."""
    name = Phrase("The map and the reports are drawn from these files")
    pages = set(run.pages)
    if not publishers:
        return Check(name, True, Phrase("not looked at: nobody was given who draws them"), proven=False)
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / run.path.name
        again.mkdir()
        for path in run.path.iterdir():
            if path.is_file() and path.name not in pages | {MANIFEST}:
                shutil.copyfile(path, again / path.name)
        _without_styles(again / "plan.gpkg")
        copy = open_run(again)
        for publish in publishers:
            publish(copy)
        made = {page for page in pages if (again / page).is_file()}
        wrong = pages - made
        wrong |= {page for page in made if (again / page).read_bytes() != (run.path / page).read_bytes()}
    if wrong and dict(run.info["versions"]) != versions():
        told = Phrase("drawn with other versions than are installed here, which may draw otherwise")
        return Check(name, True, told, proven=False)
    return differing(name, wrong, Phrase("{n} pages, byte for byte", {"n": len(pages)}))


def solved_check(run: Run) -> Check | None:
    """Name what a run holds that only the optimizer could make again; None when there is none of it."""
    there = [name for name in _solved_names("fields") if name in run.info]
    if not there:
        return None
    name = Phrase("Answers of the optimizer beside the plan")
    detail = Phrase("not made again here: {names}; each says its own proof", {"names": ", ".join(there)})
    return Check(name, True, detail, proven=False)


_MISSING = object()


def _solved_names(what: str) -> tuple[str, ...]:
    return tuple(name for kind in STUDIES if kind.solves for name in getattr(kind, what))


def _descriptor_faults(run: Run, content: Content) -> Iterator[str]:
    """Compare the descriptor, but for tables that only the optimizer could make again."""
    made = json.loads(content.files["datapackage.json"])
    try:
        said = json.loads((run.path / "datapackage.json").read_text("utf-8"))
        left = set(_solved_names("files"))
        kept = [entry for entry in said["resources"] if entry["path"] not in left]
        same = (said | {"resources": kept}) == made
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    if not same:
        yield "datapackage.json"


def _same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        return False
    shapes = one.geometry.to_wkb().equals(other.geometry.to_wkb())
    return bool(shapes) and one.drop(columns=one.geometry.name).equals(other.drop(columns=other.geometry.name))


def _without_styles(path: Path) -> None:
    """Take the styles out of a copied GeoPackage: the map's writer adds its own."""
    import sqlite3

    with sqlite3.connect(path) as package:
        package.execute(f"DROP TABLE IF EXISTS {_STYLES}")
        package.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (_STYLES,))
    package.close()
