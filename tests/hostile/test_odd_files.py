"""Names, links, rights and first bytes of files: what cannot be read is refused by name, and said once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
import yaml
from affine import Affine

import geodata
from foundation.errors import InvalidInput, Unsupported
from geodata.folder import cache, settings
from geodata.folder.groups import age_files, group_shares
from geodata.folder.report import Notebook
from geodata.folder.settings import inside, resource
from geodata.folder.short_form import read_settings
from geodata.gate import check_file, unchanged
from geodata.gate.raster import opened
from geodata.rehearsal import rehearse
from tests.geodata.folders import write_country
from tests.hostile import makers
from tests.toy_pack import write_toy_pack

NO_RIGHT = "cannot be reached: permission denied"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_country(tmp_path_factory.mktemp("raw") / "testland")


@pytest.fixture
def folder(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKAZ_CACHE", str(written.parent / "cache"))
    return Path(shutil.copytree(written, tmp_path / "testland"))


def refusals(folder: Path) -> list[str]:
    return [finding.text("en") for finding in geodata.check(folder).findings if finding.level == "refused"]


def with_part(folder: Path, **parts: object) -> Path:
    told = yaml.safe_load((folder / "country.yaml").read_text("utf-8")) | parts
    (folder / "country.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "problem"), [("a" * 300 + ".csv", "its name is too long"), ("loop.csv", "in a circle")]
)
def test_a_name_too_long_and_a_link_to_itself(folder: Path, name: str, problem: str):
    (folder / "loop.csv").symlink_to("loop.csv")
    for reader in (lambda: inside(folder, name), lambda: check_file(folder / name, kinds=("csv",))):
        with pytest.raises(InvalidInput, match=f"cannot be reached: .*{problem}"):
            reader()
    said = refusals(with_part(folder, places=name))
    assert len(said) == 1
    assert problem in said[0]


def test_settings_that_are_a_link_to_themselves(folder: Path):
    (folder / "country.yaml").unlink()
    (folder / "country.yaml").symlink_to("country.yaml")
    assert refusals(folder) == [
        "country.yaml cannot be reached: its links lead round in a circle. Correct the name or the link, or give the "
        "right to read it."
    ]


def test_a_country_whose_name_no_disk_takes(tmp_path: Path):
    with pytest.raises(InvalidInput, match="its name is too long"):
        geodata.load("x" * 300)
    with pytest.raises(InvalidInput, match="its name is too long"):
        geodata.load(tmp_path / ("x" * 300))


def test_a_folder_that_may_not_be_looked_into(folder: Path, monkeypatch: pytest.MonkeyPatch):
    whole = Path.stat

    def closed(self: Path, **told: bool) -> os.stat_result:
        if self.parent == folder:
            raise PermissionError(13, "Permission denied")
        return whole(self, **told)

    monkeypatch.setattr(Path, "stat", closed)
    with pytest.raises(InvalidInput, match=rf"country\.yaml {NO_RIGHT}"):
        geodata.load(folder)
    with pytest.raises(InvalidInput, match=rf"pueblos\.csv {NO_RIGHT}"):
        inside(folder, "pueblos.csv")


def test_a_pack_with_a_link_to_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    pack = write_toy_pack(tmp_path / "pack")
    (pack / "people.csv").unlink()
    (pack / "people.csv").symlink_to("people.csv")
    with pytest.raises(InvalidInput, match=r"people\.csv cannot be reached: its links lead round in a circle"):
        rehearse(pack)


def test_first_bytes_are_looked_at_before_a_file_is_hashed(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """A sparse file of 3 GB that is no GeoTIFF is not read from end to end, here or for the name of the cache."""
    hashed: list[str] = []
    real = settings.sha256_of
    for room in (settings, unchanged):
        monkeypatch.setattr(room, "sha256_of", lambda path: hashed.append(path.name) or real(path))
    with (folder / "habitantes.tif").open("r+b") as stream:
        stream.write(b"XXXX")
        stream.truncate(3 << 30)
    with pytest.raises(InvalidInput, match=r"habitantes\.tif is no GeoTIFF file: it does not begin like one"):
        resource(folder, "population", read_settings(folder).population)
    first = cache.fingerprint(folder)
    assert "habitantes.tif" not in hashed
    assert "pueblos.csv" in hashed
    with (folder / "habitantes.tif").open("r+b") as stream:
        stream.truncate(5)
    assert cache.fingerprint(folder) != first


def test_a_part_that_is_refused_is_said_once(folder: Path):
    (folder / "pueblos.csv").unlink()
    (folder / "pueblos.csv").mkdir()
    assert refusals(folder) == ["pueblos.csv is no regular file. Give a file."]


def ages(folder: Path, *names: str) -> list[str]:
    for name in names:
        makers.raster(folder / name, np.ones((4, 4), dtype="float32"))
    return list(names)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (["a_f_60_x.tif", "a_m_60_x.tif", "./a_f_60_x.tif"], r"\./a_f_60_x\.tif are counted twice"),
        (["a_t_60_x.tif", "a_f_60_x.tif"], "a_f_60_x.tif are counted twice"),
        (["a_f_60_x.tif", "a_f_55_x.tif"], "a_f_55_x.tif is of the age 55; the elderly are those of 60 and over"),
        (["plain.tif", "plain.tif"], "plain.tif are counted twice"),
    ],
)
def test_named_age_rasters_that_count_twice_or_the_young(folder: Path, files: list[str], problem: str):
    ages(folder, *files)
    told = read_settings(with_part(folder, elderly={"files": files}))
    with pytest.raises(InvalidInput, match=problem):
        group_shares(folder, told, None, None, Notebook())  # type: ignore[arg-type]


def test_age_rasters_of_every_ending_are_found(folder: Path):
    (folder / "ages").mkdir()
    names = [
        f"a_t_{age}_x{end}"
        for age, end in zip((60, 65, 70, 75, 80), (".tif", ".tiff", ".TIF", ".TIFF", ".tif"), strict=True)
    ]
    ages(folder / "ages", *names, "a_t_55_x.tif")
    assert age_files(folder, "ages") == tuple(f"ages/{name}" for name in sorted(names))
    ages(folder / "ages", "b_t_60_y.tif")
    with pytest.raises(InvalidInput, match=r"b_t_60_y\.tif and a_t_60_x\.tif are of one age and sex"):
        age_files(folder, "ages")
    with pytest.raises(InvalidInput, match="is a file, not a folder"):
        age_files(folder, "pueblos.csv")


@pytest.mark.parametrize("size", [1e-300, 1e-9])
def test_cells_that_no_one_measures(tmp_path: Path, size: float):
    told = {"driver": "GTiff", "height": 4, "width": 4, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    path = tmp_path / "p.tif"
    with rasterio.open(path, "w", transform=Affine(size, 0, 36.5, 0, -size, 31.5), **told) as data:
        data.write(np.ones((4, 4), dtype="float32"), 1)
    with pytest.raises(InvalidInput, match=r"p\.tif: a cell of it is .* metres wide"), opened(path):
        pass


@pytest.mark.parametrize("crs", ['LOCAL_CS["x",UNIT["metre",1]]', "EPSG:4978"])
def test_a_raster_without_degrees_or_a_plane(tmp_path: Path, crs: str):
    path = makers.raster(tmp_path / "p.tif", np.ones((4, 4), dtype="float32"), crs=crs)
    with pytest.raises(InvalidInput, match=r"p\.tif: .*has neither degrees nor a plane"), opened(path):
        pass


def test_a_pipe_is_no_file(folder: Path):
    (folder / "pueblos.csv").unlink()
    os.mkfifo(folder / "pueblos.csv")
    with pytest.raises(Unsupported, match=r"pueblos\.csv is no regular file"):
        check_file(folder / "pueblos.csv", kinds=("csv",))
