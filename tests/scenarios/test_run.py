"""The run folder: whole or not at all, never changed, one table for every figure."""

import json
import os
import shutil

import pandas as pd
import pyogrio
import pytest

from foundation.errors import ImpossibleProgramme, InvalidInput, NotFound, OutputRefused
from scenarios import find_run, list_runs, load_scenario, open_run, run_scenario
from tests.toy_pack import toy_run, toy_scenario, write_toy_pack


def test_a_run_holds_every_file_it_promises(run):
    names = {p.relative_to(run.path).as_posix() for p in run.path.rglob("*") if p.is_file()}
    assert names >= {
        "run.json",
        "scenario.yaml",
        "results.csv",
        "sites.csv",
        "coverage_by_governorate.csv",
        "equity.csv",
        "datapackage.json",
        "plan.gpkg",
        "proof/problem.npz",
        "proof/certificate.npz",
        "manifest.json",
        "inputs/country/country.yaml",
        "inputs/country/people.csv",
    }
    manifest = json.loads((run.path / "manifest.json").read_text("utf-8"))["sha256"]
    assert set(manifest) == names - {"manifest.json"}


def test_totals_are_disjoint_and_sum_to_the_population(run):
    totals = run.info["totals"]
    assert totals["covered"] + totals["out_of_standard"] + totals["unreachable"] == totals["population"]
    assert totals["population_year"] == 2025
    for year in run.info["totals_by_year"].values():
        assert year["covered"] + year["out_of_standard"] + year["unreachable"] == year["population"]


def test_the_tables_say_what_the_results_table_says(run):
    coverage = pd.read_csv(run.path / "coverage_by_governorate.csv", encoding="utf-8-sig")
    assert coverage["covered"].sum() == run.info["totals"]["covered"]
    assert coverage["population"].sum() == run.info["totals"]["population"]
    equity = pd.read_csv(run.path / "equity.csv", encoding="utf-8-sig")
    nation = equity[(equity["scope"] == "nation") & (equity["group"] == "all")].iloc[0]
    assert nation["covered"] == run.info["totals"]["covered"]
    sites = pd.read_csv(run.path / "sites.csv", encoding="utf-8-sig")
    assert sites["id"].tolist() == [site["id"] for site in run.info["sites"]]
    assert sites["cumulative_covered"].iloc[-1] == run.info["totals"]["covered"]


def test_the_csv_files_start_with_the_mark_that_spreadsheets_want(run):
    for name in ("sites.csv", "coverage_by_governorate.csv", "equity.csv", "results.csv"):
        assert (run.path / name).read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_tables_fit_their_descriptor(run):
    from frictionless import Package

    report = Package(str(run.path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])


def test_the_geopackage_has_every_layer_in_wgs84(run):
    layers = {name for name, _ in pyogrio.list_layers(run.path / "plan.gpkg")}
    assert layers >= {"governorates", "demand", "assignment", "bands", "centres", "candidates", "unreachable"}
    for name in ("governorates", "demand", "bands", "centres"):
        assert run.layer(name).crs == "EPSG:4326"
    demand = run.layer("demand")
    assert demand["people"].sum() == run.info["totals"]["population"]
    assert demand.loc[demand["within"], "people"].sum() == run.info["totals"]["covered"]
    assert run.layer("bands")["people"].sum() == run.info["totals"]["population"]
    assert demand["minutes_2025"].isna().sum() == len(run.layer("unreachable")) == 1


def test_an_unknown_layer_is_refused_by_name(run):
    with pytest.raises(NotFound, match="no layer 'roads'"):
        run.layer("roads")


def test_both_readings_of_the_quota_are_answered(run):
    (variant,) = run.info["variants"]
    assert variant["status"] == "proven_optimal"
    assert variant["title_en"] == "The pilot centre does not count for the capital's quota"
    assert variant["covered_person_years"] <= run.info["certificate"]["stages"][0]["value"]


def test_the_same_scenario_returns_the_run_that_is_there(tmp_path):
    first = toy_run(tmp_path)
    before = (first.path / "manifest.json").stat().st_mtime_ns
    calls = []
    again = run_scenario(
        load_scenario(str(tmp_path / "toy.yaml")), runs_folder=tmp_path / "runs", publishers=[calls.append]
    )
    assert again.path == first.path
    assert not calls
    assert (first.path / "manifest.json").stat().st_mtime_ns == before


def test_a_run_can_be_planned_again_from_itself_alone(tmp_path):
    first = toy_run(tmp_path)
    again = run_scenario(load_scenario(str(first.path / "scenario.yaml")), out=tmp_path / "again")
    assert again.results.equals(first.results)
    assert again.info["run_id"] == first.info["run_id"]
    assert again.sites.equals(first.sites)


def test_another_setting_is_another_run(tmp_path):
    first = toy_run(tmp_path)
    path = toy_scenario(tmp_path, standard={"urban_minutes": 25.0})
    other = run_scenario(load_scenario(str(path)), runs_folder=tmp_path / "runs")
    assert other.path != first.path
    assert {r.path.name for r in list_runs(tmp_path / "runs")} == {first.path.name, other.path.name}


def test_a_folder_that_is_not_empty_is_refused_and_untouched(tmp_path):
    write_toy_pack(tmp_path / "pack")
    target = tmp_path / "mine"
    target.mkdir()
    (target / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(OutputRefused, match="not an empty folder"):
        run_scenario(load_scenario(str(toy_scenario(tmp_path))), out=target)
    assert [p.name for p in target.iterdir()] == ["letter.txt"]


def test_a_place_that_cannot_be_written_is_refused_before_the_solve(tmp_path):
    write_toy_pack(tmp_path / "pack")
    (tmp_path / "file").write_text("a file, no folder", encoding="utf-8")
    said = []
    with pytest.raises(OutputRefused, match="not a folder"):
        run_scenario(
            load_scenario(str(toy_scenario(tmp_path))),
            out=tmp_path / "file" / "run",
            progress=lambda sentence, _: said.append(sentence),
        )
    assert said == ["Reading the country's data"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_a_publisher_that_fails_leaves_nothing_behind(tmp_path, stop):
    def broken(run):
        assert (run.path / "run.json").is_file()
        raise stop

    with pytest.raises(stop):
        toy_run(tmp_path, publishers=[broken])
    assert not (tmp_path / "runs").exists()


def test_an_impossible_programme_leaves_nothing_behind(tmp_path):
    write_toy_pack(tmp_path / "pack")
    path = toy_scenario(tmp_path)
    path.write_text(path.read_text("utf-8").replace("count: 3", "count: 30"), encoding="utf-8")
    with pytest.raises(ImpossibleProgramme, match="centres operating in"):
        run_scenario(load_scenario(str(path)), runs_folder=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_publisher_sees_the_run_before_it_has_its_name(tmp_path):
    seen = []
    run = toy_run(tmp_path, publishers=[lambda r: seen.append(r.path) or (r.path / "map.html").write_text("hello")])
    assert seen[0] != run.path
    assert not seen[0].exists()
    assert "map.html" in json.loads((run.path / "manifest.json").read_text("utf-8"))["sha256"]


def test_a_run_is_found_by_a_unique_prefix(run):
    folder = run.path.parent
    assert find_run("toy-", runs_folder=folder) == run.path
    assert find_run(str(run.path)) == run.path
    with pytest.raises(NotFound, match="no run 'jordan'"):
        find_run("jordan", runs_folder=folder)
    with pytest.raises(NotFound, match="no run ''"):
        find_run("", runs_folder=folder)


def test_an_ambiguous_prefix_names_what_it_could_be(tmp_path):
    for name in ("toy-1", "toy-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidInput, match="could be toy-1, toy-2"):
        find_run("toy", runs_folder=tmp_path)
    assert find_run("toy-1", runs_folder=tmp_path) == tmp_path / "toy-1"


def test_a_folder_that_is_no_run_is_skipped_with_a_warning(run, tmp_path, caplog):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{not json", encoding="utf-8")
    assert list_runs(tmp_path) == ()
    assert "broken" in caplog.text
    assert list_runs(tmp_path / "missing") == ()


def test_a_run_of_another_schema_is_refused(run, tmp_path):
    (tmp_path / "run.json").write_text('{"schema": 99}', encoding="utf-8")
    (tmp_path / "results.csv").write_text("year\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="schema 99"):
        open_run(tmp_path)


def test_a_run_that_another_program_wrote_meanwhile_is_taken(tmp_path):
    """Two at once: the second finds the same run in its place when it would rename its own."""
    seen = []

    def first_be_quicker(run):
        if not seen:
            seen.append(run)
            seen.append(toy_run(tmp_path, publishers=[first_be_quicker]))

    run = toy_run(tmp_path, publishers=[first_be_quicker])
    assert run.path == seen[1].path
    assert [entry.name for entry in (tmp_path / "runs").iterdir()] == [run.path.name]


def test_a_run_record_that_lacks_its_fields_is_refused(tmp_path):
    (tmp_path / "run.json").write_text('{"schema": 1}', encoding="utf-8")
    (tmp_path / "results.csv").write_text("year\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"run\.json lacks run_id"):
        open_run(tmp_path)


@pytest.mark.parametrize("name", ["run.json", "results.csv"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "gone"])
def test_what_is_no_plain_file_is_never_opened(run, tmp_path, name, kind):
    for file in ("run.json", "results.csv"):
        shutil.copy(run.path / file, tmp_path / file)
    (tmp_path / name).unlink()
    if kind == "link":
        (tmp_path / name).symlink_to(run.path / name)
    elif kind == "pipe":
        os.mkfifo(tmp_path / name)
    elif kind == "folder":
        (tmp_path / name).mkdir()
    with pytest.raises((InvalidInput, NotFound)):
        open_run(tmp_path)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 and then nothing"])
def test_a_damaged_package_is_refused(run, tmp_path, content):
    for file in ("run.json", "results.csv"):
        shutil.copy(run.path / file, tmp_path / file)
    opened = open_run(tmp_path)
    with pytest.raises(InvalidInput, match="no such file"):
        opened.layer("demand")
    (tmp_path / "plan.gpkg").write_bytes(content)
    with pytest.raises(InvalidInput, match=r"plan\.gpkg cannot be read"):
        opened.layer("demand")


def test_a_plane_that_names_a_file_is_refused(copy):
    """A run folder travels: its map is drawn in the plane that run.json says."""
    record = json.loads((copy.path / "run.json").read_text("utf-8"))
    record["country"]["metric_crs"] += " +nadgrids=/nowhere/grid"
    (copy.path / "run.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"run\.json: .*names a file or a chain of operations"):
        open_run(copy.path)


def test_a_layer_in_another_system_is_refused(copy):
    centres = copy.layer("centres")
    (copy.path / "plan.gpkg").unlink()
    pyogrio.write_dataframe(centres.to_crs("EPSG:32636"), copy.path / "plan.gpkg", layer="centres")
    with pytest.raises(InvalidInput, match="a layer is in another system than EPSG:4326"):
        copy.layer("centres")


def test_a_name_that_no_disk_takes_is_no_run(tmp_path):
    with pytest.raises(NotFound, match="no run"):
        find_run("x" * 300, runs_folder=tmp_path)
    with pytest.raises(InvalidInput, match="too long"):
        find_run("x", runs_folder=tmp_path / ("x" * 300))


def test_the_descriptor_says_units_and_sources(run):
    told = json.loads((run.path / "datapackage.json").read_text("utf-8"))
    units = {
        (table["name"], field["name"]): field.get("unit")
        for table in told["resources"]
        for field in table["schema"]["fields"]
    }
    assert units["coverage_by_governorate", "density_per_km2"] == "persons per km2"
    assert units["coverage_by_governorate", "covered"] == "persons"
    assert units["sites", "capital_jod"] == "JOD"
    assert units["equity", "p90_minutes"] == "minutes"
    assert units["results", "value"] is None  # a column of the row says it
    assert {source["version"] for source in told["sources"]} == {each["sha256"] for each in run.info["inputs"]}
