"""`markaz data`: what it says, what it writes, and how it ends."""

from __future__ import annotations

import pandas as pd
import pytest

from api.cli.entry import run
from geodata import load
from planning.travel_sources import travel_source
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


def test_points_for_a_router_come_back_as_a_matrix(tmp_path, capsys):
    """A router that answers every pair of these ids gives a matrix that the travel of the country takes."""
    folder = write_country(tmp_path / "zz")
    out = tmp_path / "router"
    assert run(["data", "points", str(folder), "--out", str(out)]) == 0
    homes, sites = (pd.read_csv(out / f"{name}.csv", keep_default_na=False) for name in ("points", "sites"))
    assert capsys.readouterr().out == f"{out}: {len(homes):,} points and {len(sites):,} sites\n"
    country = load(folder)
    assert homes["point_id"].tolist() == country.people["point_id"].tolist()
    assert homes["people"].sum() == country.people["people"].sum()
    assert abs(homes["lon"] - country.people.geometry.x).max() <= 5e-7
    assert abs(sites["lat"] - country.candidates.geometry.y).max() <= 5e-7
    pairs = homes[["point_id"]].merge(sites[["site_id"]], how="cross").assign(minutes=12.5)
    pairs.to_csv(tmp_path / "matrix.csv", index=False)
    source = travel_source("matrix", path=tmp_path / "matrix.csv")
    assert (source.journeys(country, limit_minutes=60.0).minutes == 12.5).all()
    assert run(["data", "points", str(folder), "--out", str(out)]) != 0  # it is there already
    assert "already exists" in capsys.readouterr().err


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
