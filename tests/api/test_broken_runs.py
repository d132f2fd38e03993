"""Run folders that are damaged, cut short or not runs: one line, a documented exit code, never a trace."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api.http.app import create_app
from api.settings import load_settings
from tests.api.client import Client
from tests.api.conftest import RUN, Say
from tests.api.folder import info, write_folder, write_manifest

LONG = "x" * 300


def record(**parts: object) -> Callable[[Path], object]:
    return lambda run: (run / "run.json").write_text(json.dumps(info(RUN) | parts), encoding="utf-8")


def replaced(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda run: (run / name).write_bytes(content)


def halved(run: Path) -> None:
    whole = (run / "plan.gpkg").read_bytes()
    (run / "plan.gpkg").write_bytes(whole[: len(whole) // 2])


def linked(run: Path) -> None:
    (run / "plan.gpkg").unlink()
    (run / "plan.gpkg").symlink_to(run / "nowhere")


DAMAGED_PACKAGES = {
    "empty": replaced("plan.gpkg", b""),
    "no database": replaced("plan.gpkg", b"not a database" * 1000),
    "half": halved,
    "gone": lambda run: (run / "plan.gpkg").unlink(),
    "a link to nothing": linked,
}
BROKEN = {
    "only a schema": (replaced("run.json", b'{"schema":1}'), "run.json lacks"),
    "a total that is no number": (
        record(totals=info(RUN)["totals"] | {"covered": float("nan")}),
        "NaN is no JSON number",
    ),
    "a number beyond all": (replaced("run.json", b'{"schema":1,"totals":{"covered":1e999}}'), "larger than any"),
    "a key twice": (
        lambda run: (run / "run.json").write_text(
            '{"totals":{"covered":999999999},' + (run / "run.json").read_text("utf-8").lstrip()[1:], "utf-8"
        ),
        "the key 'totals' is written twice",
    ),
    "no JSON": (replaced("run.json", b"{"), "is not JSON"),
    "a list": (replaced("run.json", b"[]"), "schema"),
    "nested": (replaced("run.json", b"[" * 100_000), "nested too deeply"),
    "no results": (lambda run: (run / "results.csv").unlink(), "results.csv cannot be read"),
    "empty results": (replaced("results.csv", b""), "cannot be read"),
    "other results": (replaced("results.csv", b"a,b\n1,2\n"), "cannot be shown"),
    "infinite years": (record(years=[float("inf")]), "Infinity is no JSON number"),
    "a stage without its proof": (record(certificate={"status": "within_gap", "stages": [{}]}), "cannot be shown"),
    "an unknown status": (record(certificate={"status": "splendid", "stages": []}), "cannot be shown"),
    "no record": (lambda run: (run / "run.json").unlink(), "There is no run"),
} | {f"package: {name}": (damage, "plan.gpkg cannot be read") for name, damage in DAMAGED_PACKAGES.items()}


@pytest.fixture
def broken(shelf_folder: Path, tmp_path: Path) -> Path:
    """A copy of the run, to be damaged."""
    return Path(shutil.copytree(shelf_folder, tmp_path / "runs")) / RUN


@pytest.mark.parametrize("name", BROKEN)
def test_show_says_what_is_wrong_in_one_line(say: Say, broken: Path, name: str) -> None:
    damage, words = BROKEN[name]
    damage(broken)
    for spoken in ("en", "ar"):
        code, _, err = say("show", RUN, "--runs", str(broken.parent), "--language", spoken)
        assert (code, err.count("\n")) == (6 if name == "no record" else 3, 1)
        assert "Traceback" not in err
        assert spoken == "ar" or words in err


@pytest.mark.parametrize("name", ["only a schema", "no results", "package: empty", "no record"])
def test_verify_passes_no_broken_run(say: Say, broken: Path, name: str) -> None:
    BROKEN[name][0](broken)
    code, _, err = say("verify", RUN, "--runs", str(broken.parent))
    assert code == {"package: empty": 9, "no record": 6}.get(name, 3)
    assert (err.count("\n"), "Traceback" in err) == (1, False)


@pytest.mark.parametrize("name", DAMAGED_PACKAGES)
def test_a_damaged_package_is_one_json_error(broken: Path, name: str) -> None:
    DAMAGED_PACKAGES[name](broken)
    client = Client(create_app(load_settings(runs=broken.parent)))
    answer = client.get(f"/runs/{RUN}/layers/demand.geojson")
    assert answer.status_code == 422
    assert list(answer.json()) == ["error"]
    error = answer.json()["error"]
    assert error["code"] == "invalid_input"
    assert error["message"].startswith("plan.gpkg of this run is not as it was written")
    assert "etag" not in answer.headers  # or the damage would be remembered for good
    assert client.get(f"/runs/{RUN}").status_code == 200


def test_a_damaged_package_that_the_manifest_vouches_for(broken: Path) -> None:
    replaced("plan.gpkg", b"not a database")(broken)
    write_manifest(broken)
    answer = Client(create_app(load_settings(runs=broken.parent))).get(f"/runs/{RUN}/layers/demand.geojson")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_input")
    assert "plan.gpkg cannot be read" in answer.json()["error"]["message"]


def test_a_manifest_of_nonsense_offers_nothing_of_it(broken: Path) -> None:
    listed = {"sites.csv": "x\r\ny", "plan.gpkg": 5, "a\ud800": "0" * 64, "map.html": "0" * 64}
    (broken / "manifest.json").write_text(json.dumps({"sha256": listed}), encoding="utf-8")
    client = Client(create_app(load_settings(runs=broken.parent)))
    assert client.get(f"/runs/{RUN}").status_code == 200
    assert client.get(f"/runs/{RUN}/sites.csv").status_code == 404
    assert client.get(f"/runs/{RUN}/layers/demand.geojson").status_code == 404


@pytest.mark.parametrize(
    "parts",
    [
        {"totals": info(RUN)["totals"] | {"other": float("nan")}},
        {"certificate": {"status": "splendid", "stages": []}},
        {"country": 7},
        {"years": [float("inf")]},
    ],
)
def test_a_record_that_no_page_can_show_hides_only_itself(broken: Path, parts: dict) -> None:
    write_folder(broken.parent, "good-00000001")
    record(**parts)(broken)
    client = Client(create_app(load_settings(runs=broken.parent)))
    for path in ("/", "/?lang=en", "/runs"):
        assert client.get(path).status_code == 200
    assert "good-00000001" in [entry["id"] for entry in client.get("/runs").json()]


@pytest.mark.parametrize("command", ["show", "verify"])
@pytest.mark.parametrize("name", [LONG, f"runs/{LONG}", "dangling", "./dangling", "a\0b", "a\udcff"])
def test_a_name_that_is_no_run_is_not_found(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    code, out, err = say(command, name)
    assert (code, out, err.count("\n")) == (6, "", 1)


@pytest.mark.parametrize(
    ("folder", "words"), [("dangling", "what it points to is not there"), (LONG, "its name is too long")]
)
@pytest.mark.parametrize("option", ["--runs", "--out"])
def test_a_plan_is_refused_where_it_could_not_be_written(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, folder: str, words: str
) -> None:
    from tests.toy_pack import toy_scenario, write_toy_pack

    monkeypatch.chdir(tmp_path)
    write_toy_pack(tmp_path / "pack")
    scenario = toy_scenario(tmp_path)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    code, out, err = say("plan", str(scenario), option, folder)
    assert (code, out) == (7, "")
    assert words in err.splitlines()[-1]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["dangling", "pack", "toy.yaml"]


def test_arabic_indic_digits_in_a_planners_table_are_refused_with_what_to_write(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.toy_pack import toy_scenario, write_toy_pack

    monkeypatch.chdir(tmp_path)
    write_toy_pack(tmp_path / "pack")
    (tmp_path / "own.csv").write_text("site_id,name_en,name_ar,lat,lon\nOWN-1,Own,لنا,٣١٫٩٥,٣٦٫١\n", encoding="utf-8")
    scenario = toy_scenario(tmp_path, candidates={"file": "own.csv"})
    code, out, err = say("plan", str(scenario))
    line = err.splitlines()[-1]
    assert (code, out) == (3, "")
    assert "lat" in line
    assert "٣١٫٩٥" in line
    assert "in the digits 0-9, such as 31.95" in line
    assert not (tmp_path / "runs").exists()
