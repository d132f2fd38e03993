"""Every route, on a run whose figures are known."""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pyogrio
import pytest

from api.http.app import create_app
from api.settings import load_settings
from tests.api.client import Client
from tests.api.conftest import RUN
from tests.api.folder import info, layers, write_folder, write_manifest

LAYERS = ["governorates", "demand", "assignment", "bands", "centres", "candidates", "unreachable"]


def test_health_says_version_and_number_of_runs(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": version("markaz"), "runs": 1}


def test_the_list_of_runs(client: Client) -> None:
    (entry,) = client.get("/runs").json()
    assert entry["id"] == RUN
    assert entry["title_ar"] == "تجربة <script>"
    assert entry["status"] == "proven_optimal"
    totals = entry["totals"]
    assert totals["covered"] + totals["out_of_standard"] + totals["unreachable"] == totals["population"] == 1000


def test_every_link_of_the_list_leads_somewhere(client: Client) -> None:
    (entry,) = client.get("/runs").json()
    assert len(entry["links"]) == 6 + len(LAYERS)
    assert {client.get(link).status_code for link in entry["links"].values()} == {200}


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("map.html", "text/html; charset=utf-8", None),
        ("report.ar.html", "text/html; charset=utf-8", None),
        ("report.en.html", "text/html; charset=utf-8", None),
        ("run.json", "application/json", None),
        ("manifest.json", "application/json", None),
        ("sites.csv", "text/csv; charset=utf-8", 'attachment; filename="sites.csv"'),
        ("plan.gpkg", "application/geopackage+sqlite3", 'attachment; filename="plan.gpkg"'),
        ("proof/problem.npz", "application/octet-stream", 'attachment; filename="problem.npz"'),
    ],
)
def test_files_come_byte_for_byte(
    client: Client, shelf_folder: Path, name: str, kind: str, disposition: str | None
) -> None:
    answer = client.get(f"/runs/{RUN}/{name}")
    written = (shelf_folder / RUN / name).read_bytes()
    assert answer.status_code == 200
    assert answer.content == written
    assert answer.headers["content-type"] == kind
    assert answer.headers.get("content-disposition") == disposition
    assert answer.headers["etag"] == f'"{hashlib.sha256(written).hexdigest()}"'
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", [f"/runs/{RUN}/run.json", f"/runs/{RUN}/layers/demand.geojson"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_is_known_already_is_not_sent_again(client: Client, path: str, form: str) -> None:
    etag = client.get(path).headers["etag"]
    answer = client.get(path, if_none_match=form.format(etag))
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert client.get(path, if_none_match='"other"').status_code == 200


def test_a_part_of_a_file(client: Client, shelf_folder: Path) -> None:
    answer = client.get(f"/runs/{RUN}/plan.gpkg", range="bytes=0-15")
    assert (answer.status_code, answer.content) == (206, (shelf_folder / RUN / "plan.gpkg").read_bytes()[:16])


def test_head_is_a_get_without_a_body(client: Client) -> None:
    got, headed = client.get(f"/runs/{RUN}/run.json"), client.request("HEAD", f"/runs/{RUN}/run.json")
    assert (headed.status_code, headed.content) == (200, b"")
    assert headed.headers["content-length"] == got.headers["content-length"]
    assert headed.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_is_geojson(client: Client, layer: str) -> None:
    answer = client.get(f"/runs/{RUN}/layers/{layer}.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    collection = answer.json()
    assert (collection["type"], collection["name"]) == ("FeatureCollection", layer)
    assert "crs" not in collection
    assert all(feature["type"] == "Feature" for feature in collection["features"])


def test_every_layer_that_a_run_has_is_offered_and_no_other(tmp_path: Path) -> None:
    run = write_folder(tmp_path, RUN)
    more = layers()["centres"].assign(at_least=1.0)
    for name in ("why_not", "worst_places", "visits", "lots", "capacity", "unknown_to_all"):
        pyogrio.write_dataframe(more, run / "plan.gpkg", layer=name, driver="GPKG", append=True)
    write_manifest(run)
    client = Client(create_app(load_settings(runs=tmp_path)))
    links = client.get("/runs").json()[0]["links"]
    offered = [name.removeprefix("layer_") for name in links if name.startswith("layer_")]
    assert offered == [*LAYERS, "worst_places", "visits", "capacity", "lots", "why_not"]
    for name in offered:
        answer = client.get(links[f"layer_{name}"])
        assert (answer.status_code, answer.json()["name"]) == (200, name)
    for name in ("stops", "unknown_to_all", "capacity_siting"):
        assert client.get(f"/runs/{RUN}/layers/{name}.geojson").status_code == 404


def test_a_layer_keeps_its_people(client: Client) -> None:
    features = client.get(f"/runs/{RUN}/layers/demand.geojson").json()["features"]
    assert sum(feature["properties"]["people"] for feature in features) == 1000
    assert features[2]["properties"]["minutes_2025"] is None


def test_openapi_lists_what_can_be_asked(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/",
        "/health",
        "/runs",
        "/runs/{run_id}",
        "/runs/{run_id}/layers/{layer}.geojson",
        "/runs/{run_id}/{name}",
    }
    assert all(set(methods) == {"get"} for methods in paths.values())


def test_the_docs_page_needs_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("<!DOCTYPE", "")
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "favicon.png"):
        assert f"/docs-assets/{asset}" in page.text
        assert client.get(f"/docs-assets/{asset}").status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert client.get("/redoc").status_code == 404


def test_a_run_made_later_is_seen_and_one_removed_is_gone(tmp_path: Path) -> None:
    client = Client(create_app(load_settings(runs=tmp_path)))
    assert client.get("/runs").json() == []
    write_folder(tmp_path, "first-00000001", created="2026-01-01T00:00:00+00:00")
    write_folder(tmp_path, "later-00000002", created="2026-02-01T00:00:00+00:00")
    assert [entry["id"] for entry in client.get("/runs").json()] == ["later-00000002", "first-00000001"]
    shutil.rmtree(tmp_path / "later-00000002")
    assert [entry["id"] for entry in client.get("/runs").json()] == ["first-00000001"]
    assert client.get("/runs/later-00000002").status_code == 404


def test_a_folder_that_is_not_there_is_an_empty_list(tmp_path: Path) -> None:
    client = Client(create_app(load_settings(runs=tmp_path / "none")))
    assert client.get("/runs").json() == []
    assert client.get("/health").json()["runs"] == 0


def test_one_bad_run_does_not_hide_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_folder(tmp_path, "good-00000001")
    write_folder(tmp_path, "poor-00000002", totals={"population": "many"})
    broken = tmp_path / "broken-00000003"
    broken.mkdir()
    (broken / "run.json").write_text("{", encoding="utf-8")
    client = Client(create_app(load_settings(runs=tmp_path)))
    assert [entry["id"] for entry in client.get("/runs").json()] == ["good-00000001"]
    assert client.get("/?lang=en").status_code == 200
    assert "poor-00000002" in caplog.text
    assert "broken-00000003" in caplog.text


def test_a_run_still_being_written_is_not_shown(tmp_path: Path) -> None:
    write_folder(tmp_path, ".toy-1a2b3c4d.x7")
    client = Client(create_app(load_settings(runs=tmp_path)))
    assert client.get("/runs").json() == []
    assert client.get("/runs/.toy-1a2b3c4d.x7").status_code == 404


def test_a_run_without_a_manifest_gives_no_files(tmp_path: Path) -> None:
    (write_folder(tmp_path, RUN) / "manifest.json").write_text(json.dumps({"sha256": 5}), encoding="utf-8")
    client = Client(create_app(load_settings(runs=tmp_path)))
    assert client.get(f"/runs/{RUN}").status_code == 200
    assert client.get(f"/runs/{RUN}/run.json").status_code == 404
    assert client.get(f"/runs/{RUN}/layers/demand.geojson").status_code == 404


def test_names_that_need_quoting_still_work(tmp_path: Path) -> None:
    write_folder(tmp_path, "تجربة 50% #1")
    client = Client(create_app(load_settings(runs=tmp_path)))
    (entry,) = client.get("/runs").json()
    assert entry["id"] == "تجربة 50% #1"
    assert client.get(entry["links"]["page"]).status_code == 200
    assert client.get(entry["links"]["run_json"]).json()["run_id"] == info("تجربة 50% #1")["run_id"]
