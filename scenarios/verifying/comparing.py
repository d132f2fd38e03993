"""What a run folder holds, held against what it should hold: figures, tables, layers."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyogrio

from foundation.errors import Phrase
from scenarios.content import Content
from scenarios.run import Run
from scenarios.stamp import versions
from scenarios.studies import STUDIES
from scenarios.verifying.alike import alike, same_layer, same_table
from scenarios.verifying.check import Check, differing
from scenarios.verifying.folder import MANIFEST, files_in
from scenarios.verifying.pages import STYLES
from scenarios.write import write_package

_MISSING = object()


def versions_check(run: Run) -> Check | None:
    """Say with which other versions a run was made; None when they are those installed here."""
    said, here = dict(run.info["versions"]), versions()
    other = sorted(name for name in said.keys() | here.keys() if said.get(name) != here.get(name))
    if not other:
        return None
    named = ", ".join(f"{name} {said.get(name, '-')} ({here.get(name, '-')})" for name in other)
    detail = Phrase(
        "made with other versions (here: in brackets): {names}; figures are compared to 1e-9, and where any check "
        "fails, verify with the versions it was made with",
        {"names": named},
    )
    return Check(Phrase("Versions"), True, detail)


def record_check(run: Run, content: Content, *, exact: bool) -> Check:
    """Compare run.json field by field; what only the optimizer could make again is left out, and said elsewhere."""
    said, made = dict(run.info), json.loads(content.files["run.json"])
    left = set(said) - set(made)
    wrong = {name for name in made if not alike(said.get(name, _MISSING), made[name], exact=exact)}
    wrong |= {name for name in left if name not in _solved_names("fields")}
    name = Phrase("Every figure of run.json is what the inputs and the proof give")
    return differing(name, wrong, Phrase("{n} fields", {"n": len(made)}))


def tables_check(run: Run, content: Content, inside: frozenset[str], *, exact: bool) -> Check:
    """
    Compare the tables and the scenario byte for byte, and look for files that no one writes.

    `inside` are the files of the inputs and the proof, which the arrays, the replay and the
    hashes of run.json cover.
    """
    wrong = set()
    for file, data in content.files.items():
        if file in {"run.json", "datapackage.json"}:
            continue
        path = run.path / file
        if not path.is_file() or not same_table(path.read_bytes(), data, exact=exact or not file.endswith(".csv")):
            wrong.add(file)
    wrong |= set(_descriptor_faults(run, content))
    known = {*content.files, "plan.gpkg", MANIFEST, *_solved_names("files"), *run.pages, *inside}
    wrong |= files_in(run.path) - known
    name = Phrase("Every table is what the inputs and the proof give")
    return differing(name, wrong, Phrase("{n} files, byte for byte", {"n": len(content.files) - 2}))


def layers_check(run: Run, content: Content, *, exact: bool) -> Check:
    """Write the layers again and compare what is read of both; a table that no one writes is a difference too."""
    path = run.path / "plan.gpkg"
    solved = set(_solved_names("layers"))
    here = {str(name) for name in pyogrio.list_layers(path)[:, 0]} - {STYLES} - solved
    wrong = here ^ set(content.layers)
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "plan.gpkg"
        write_package(again, content.layers)
        for layer in sorted(here & set(content.layers)):
            pair = (pyogrio.read_dataframe(package, layer=layer) for package in (path, again))
            if not same_layer(*pair, exact=exact):
                wrong.add(layer)
        belonging = {STYLES, "sqlite_sequence"} | {name for layer in solved for name in _tables_of(layer)}
        wrong |= _tables(path) - _tables(again) - belonging
    name = Phrase("Every layer of plan.gpkg is what the inputs and the proof give")
    return differing(name, wrong, Phrase("{n} layers", {"n": len(content.layers)}))


def solved_check(run: Run) -> Check | None:
    """Name what a run holds that only the optimizer could make again; None when there is none of it."""
    there = [name for name in _solved_names("fields") if name in run.info]
    there += [name for name in _solved_names("files") if (run.path / name).is_file()]
    if not there:
        return None
    name = Phrase("Answers of the optimizer beside the plan")
    detail = Phrase("not made again here: {names}; each says its own proof", {"names": ", ".join(there)})
    return Check(name, True, detail, proven=False, beside=True)


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


def _tables(path: Path) -> set[str]:
    """Name every table and view of a GeoPackage, registered or not."""
    with contextlib.closing(sqlite3.connect(path)) as package:
        rows = package.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        return {str(name) for (name,) in rows}


def _tables_of(layer: str) -> set[str]:
    """Name the tables that a layer has: its own, and those of its spatial index."""
    index = f"rtree_{layer}_geom"
    return {layer, index, *(f"{index}_{part}" for part in ("rowid", "node", "parent"))}
