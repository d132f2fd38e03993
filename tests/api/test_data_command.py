"""`markaz data`: what it says, what it writes, and how it ends."""

from __future__ import annotations

import pytest

from api.cli.entry import run
from tests.geodata.download.standin import StandIn, serve_uruguay
from tests.geodata.folders import write_country


@pytest.fixture
def standin():
    server = StandIn()
    yield server
    server.close()


def test_a_good_folder_is_told_by_file_and_by_zone(tmp_path, capsys):
    folder = write_country(tmp_path / "zz")
    assert run(["data", "check", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("habitantes.tif: read:") for line in lines)
    assert lines[-1].startswith("Together: ")
    assert run(["--language", "ar", "data", "check", str(folder)]) == 0
    assert "المجموع" in capsys.readouterr().out


def test_a_bad_folder_is_told_and_ends_with_code_3(tmp_path, capsys):
    folder = write_country(tmp_path / "zz", roads="none.gpkg")
    assert run(["data", "check", str(folder)]) == 3
    told = capsys.readouterr()
    assert "refused" in told.out
    assert "cannot be used yet" in told.err


def test_a_download_shows_sizes_then_fetches_then_can_be_planned_with(standin, tmp_path, capsys):
    serve_uruguay(standin, tmp_path / "served")
    services = str(tmp_path / "served" / "services.yaml")
    out = str(tmp_path / "uy")
    assert run(["data", "download", "UY", "--services", services, "--out", out, "--yes"]) == 0
    told = capsys.readouterr()
    size = len(standin.pages["/people.tif"].body)
    assert f"population.tif  {size:,} bytes" in told.out.replace("\u2066", "").replace("\u2069", "")
    assert "Fetching" in told.err
    assert run(["data", "check", out]) == 0
    assert "Oeste" in capsys.readouterr().out


def test_a_no_fetches_nothing(standin, tmp_path, monkeypatch, capsys):
    serve_uruguay(standin, tmp_path / "served")
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    out = tmp_path / "uy"
    services = str(tmp_path / "served" / "services.yaml")
    assert run(["data", "download", "UY", "--services", services, "--out", str(out)]) == 0
    assert not out.exists()
    assert all(asked == "bytes=0-0" for asked in standin.pages["/people.tif"].asked)
