"""Writing a run folder: aside, whole, renamed once, with a manifest of every file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pyogrio

from foundation.files import folder_written_aside, sha256_of, write_text
from optimization import save_certificate, save_problem
from scenarios.content import Content
from scenarios.run import Run, open_run
from scenarios.tables import json_bytes

Publisher = Callable[[Run], None]

_AREAS = ("governorates", "bands", "equity", "journeys_saved")
_GEOMETRY = dict.fromkeys(_AREAS, "MultiPolygon") | {"assignment": "LineString"}


def write_run(
    final: Path,
    content: Content,
    *,
    country_files: Mapping[str, Path],
    publishers: Sequence[Publisher] = (),
    before_publishing: Callable[[], None] = lambda: None,
) -> Run:
    """
    Write a run folder and return it opened.

    Parameters
    ----------
    final
        The run folder itself; must not exist, or be empty.
    country_files
        What the country was read from, by path inside the run's inputs/.
    publishers
        Called in order with the run while it still lies aside; each writes its own files.

    Raises
    ------
    OutputRefused
        When the place cannot be written or is not empty. Nothing is left behind.
    """
    with folder_written_aside(final) as aside:
        write_content(aside, content)
        for inside, source in country_files.items():
            target = aside / "inputs" / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
        run = open_run(aside)
        before_publishing()
        for publish in publishers:
            publish(run)
        write_manifest(aside)
    return open_run(final)


def write_content(folder: Path, content: Content) -> None:
    """Write the data files, the layers and the proof into an empty folder."""
    for name, data in content.files.items():
        (folder / name).write_bytes(data)
    write_package(folder / "plan.gpkg", content.layers)
    proof = folder / "proof"
    proof.mkdir()
    save_problem(proof / "problem.npz", content.problem)
    save_certificate(proof / "certificate.npz", content.solution)
    for name, solution in content.variants.items():
        save_certificate(proof / f"variant_{name}.npz", solution)


def write_package(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write layers as one GeoPackage."""
    for name, layer in layers.items():
        pyogrio.write_dataframe(
            layer,
            path,
            layer=name,
            driver="GPKG",
            geometry_type=_GEOMETRY.get(name, "Point"),
            promote_to_multi=name in _AREAS,
            append=path.exists(),
        )


def write_manifest(folder: Path) -> None:
    """Write the sha256 of every file, last."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listed = {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}
    write_text(folder / "manifest.json", json_bytes({"sha256": listed}).decode())
