"""Every published optimum of the shared benchmark files; skipped, loudly, where they are missing."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks import siting
from benchmarks.readers import read
from foundation.errors import InvalidInput, NotFound

MEDIANS = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255)
CENTRES = (127, 98, 93, 74, 48, 84, 64, 55, 37, 20)
CAPACITATED = (713, 740, 751, 651, 664, 778, 787, 820, 715, 829)


@pytest.fixture
def folder(shared_data):
    found = shared_data / "siting"
    if not found.is_dir():
        pytest.skip(f"no siting benchmark files at {found}: set MARKAZ_TEST_DATA")
    return found


def printed(capsys, *arguments):
    assert siting.main([str(a) for a in arguments]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("number", range(1, 11))
def test_or_library_medians_and_centres(folder, capsys, number):
    file = folder / "pmedian" / f"pmed{number}.txt"
    median = printed(capsys, "pmedian", file)
    assert (median["value"], median["bound"]) == (MEDIANS[number - 1],) * 2
    assert (median["status"], median["proof"]) == ("proven_optimal", "checked")
    centre = printed(capsys, "pcenter", file)
    assert (centre["value"], centre["status"]) == (CENTRES[number - 1], "proven_optimal")


@pytest.mark.parametrize(
    ("name", "radius", "p", "best"),
    [("BDS10000A", 5.5, 10, 441545), ("BDS100000A", 5.5, 10, 4431761), ("SJC818", 800, 6, 25908)],
)
def test_coverings(folder, capsys, name, radius, p, best):
    line = printed(capsys, "cover", folder / "covering" / f"{name}.txt", "--radius", radius, "--p", p)
    assert (line["value"], line["bound"], line["status"]) == (best, best, "proven_optimal")
    assert set(line) >= {"kind", "file", "sites", "customers", "rows", "p", "seconds", "peak_mb"}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 7, 9])
def test_capacitated_single_source(folder, capsys, number):
    line = printed(capsys, "capacitated", folder / "capacitated" / f"pmedcap{number}.txt")
    assert (line["value"], line["status"], line["proof"]) == (CAPACITATED[number - 1], "proven_optimal", "solver")


@pytest.mark.slow
@pytest.mark.parametrize("number", [8, 10])
def test_capacitated_single_source_the_longer_ones(folder, capsys, number):
    line = printed(capsys, "capacitated", folder / "capacitated" / f"pmedcap{number}.txt", "--time-limit", 400)
    assert (line["value"], line["bound"], line["status"]) == (*(CAPACITATED[number - 1],) * 2, "proven_optimal")


def test_every_file_is_read_by_its_content(folder):
    seen = {file.stem: read(file) for kind in ("covering", "tsplib") for file in (folder / kind).iterdir()}
    assert seen["BDS1000"].shape == (1000, 100)
    assert seen["SJC324"].shape == (324, 324)
    assert seen["SJC818"].shape == (818, 818)
    assert seen["GR150"].shape == (150, 150)
    assert seen["u1060"].shape == (1060, 1060)
    assert seen["d1291"].shape == (1291, 1291)
    assert seen["u1060"].rounded


def test_a_network_takes_the_last_of_a_repeated_edge(tmp_path):
    (tmp_path / "x").write_text("3 3 1\n1 2 5\n2 3 4\n2 1 7\n")
    instance = read(tmp_path / "x")
    assert instance.network.tolist() == [[0, 7, 11], [7, 0, 4], [11, 4, 0]]
    assert instance.p == 1


def test_reach_is_inclusive_at_exactly_the_radius(tmp_path):
    (tmp_path / "x").write_text("1 2\nF 0 0 0 1\nC 0 3 4 10\nC 1 3 4.001 20\n")
    assert read(tmp_path / "x").reach(5.0).toarray().tolist() == [[1], [0]]
    assert np.array_equal(read(tmp_path / "x").weights, [10, 20])


def test_other_files_are_refused(tmp_path, capsys):
    (tmp_path / "x").write_text("# notes\n\nnothing here\n")
    with pytest.raises(InvalidInput, match="none of the known formats"):
        read(tmp_path / "x")
    with pytest.raises(NotFound):
        read(tmp_path / "y")
    assert siting.main(["cover", str(tmp_path / "x"), "--radius", "1"]) == 2
    assert "known formats" in capsys.readouterr().err


def test_a_covering_without_a_radius_is_refused(tmp_path, capsys):
    (tmp_path / "x").write_text("1 1\nF 0 0 0 1\nC 0 3 4 10\n")
    assert siting.main(["cover", str(tmp_path / "x"), "--p", "1"]) == 2
    assert "--radius" in capsys.readouterr().err
    assert siting.main(["cover", str(tmp_path / "x"), "--radius", "1"]) == 2
    assert "--p" in capsys.readouterr().err
