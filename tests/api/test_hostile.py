"""Requests that mean harm: each gets a plain refusal, and never a file that was not offered."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http.app import create_app
from api.http.guard import HEADERS
from api.settings import load_settings
from tests.api.client import Client
from tests.api.conftest import RUN
from tests.api.folder import write_folder, write_manifest

SECRET = "not for you"


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A run beside a secret, with links that lead to it, all of them in the manifest."""
    tmp_path = tmp_path_factory.mktemp("besieged")
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "inner.txt").write_text(SECRET, encoding="utf-8")
    path = write_folder(tmp_path / "runs", RUN)
    (path / "link.txt").symlink_to(tmp_path / "secret.txt")
    (path / "folder").symlink_to(tmp_path / "outside")
    (path / "unlisted.txt").write_text(SECRET, encoding="utf-8")
    write_manifest(path)
    text = (path / "manifest.json").read_text(encoding="utf-8")
    text = text.replace("unlisted.txt", "gone.txt").replace(
        '{"sha256": {',
        '{"sha256": {"../../secret.txt": "0", "/etc/passwd": "0", "folder/inner.txt": "0", "proof": "0", ',
    )
    (path / "manifest.json").write_text(text, encoding="utf-8")
    (tmp_path / "runs" / "linked-run").symlink_to(path)
    return Client(create_app(load_settings(runs=tmp_path / "runs")))


def refused(answer, status: int = 404, code: str = "not_found") -> None:
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["message_ar"]
    assert SECRET not in answer.text
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "path",
    [
        "/runs/..",
        "/runs/.",
        "/runs/../secret.txt",
        "/runs/..%2f..%2fsecret.txt",
        "/runs/%2e%2e/secret.txt",
        "/runs/%00",
        f"/runs/{RUN}%00",
        "/runs/%2fetc%2fpasswd",
        "/runs//etc/passwd",
        "/runs/" + "a" * 20_000,
        "/runs/%ff%fe",
        "/runs/%E2%80%AE",
        "/runs/toy-1a2b3c4",
        "/runs/linked-run",
        "/runs/linked-run/run.json",
        f"/runs/{RUN}/",
        f"/runs/{RUN}/../../secret.txt",
        f"/runs/{RUN}/..%2f..%2fsecret.txt",
        f"/runs/{RUN}/%2e%2e/%2e%2e/secret.txt",
        f"/runs/{RUN}/%2fetc%2fpasswd",
        f"/runs/{RUN}//etc/passwd",
        f"/runs/{RUN}/link.txt",
        f"/runs/{RUN}/folder/inner.txt",
        f"/runs/{RUN}/unlisted.txt",
        f"/runs/{RUN}/gone.txt",
        f"/runs/{RUN}/proof",
        f"/runs/{RUN}/run.json%00.html",
        f"/runs/{RUN}/proof%5cproblem.npz",
        f"/runs/{RUN}/RUN.JSON",
        f"/runs/{RUN}/layers/gpkg_contents.geojson",
        f"/runs/{RUN}/layers/demand'--.geojson",
        f"/runs/{RUN}/layers/demand.json",
        "/assets/..%2f__init__.py",
        "/docs-assets/..%2f..%2fcore.py",
        "/docs-assets/../core.py",
        "/nowhere",
        "/health/",
    ],
)
def test_hostile_addresses_are_not_found(besieged: Client, path: str) -> None:
    refused(besieged.get(path))


def test_what_is_offered_still_comes(besieged: Client) -> None:
    assert besieged.get(f"/runs/{RUN}/run.json").status_code == 200
    assert besieged.get("/health").json()["runs"] == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=40))
def test_no_text_is_a_run_but_its_name(client: Client, name: str) -> None:
    encoded = quote(name.encode("utf-8", "surrogatepass"), safe="")
    answer = client.get(f"/runs/{encoded}/run.json")
    assert answer.status_code == (200 if name == RUN else 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"])
@pytest.mark.parametrize("path", ["/", "/health", "/docs", "/nowhere"])
def test_only_reading_is_allowed(client: Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:8000", "localhost@evil", ""])
def test_a_foreign_host_name_is_refused(client: Client, host: str) -> None:
    refused(client.get("/", host=host), 400, "wrong_host")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]:8000", "[::1]"])
def test_the_own_names_are_accepted_with_the_port_listened_on(client: Client, host: str) -> None:
    assert Client(client.app, port=8000).get("/health", host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("localhost:8001", "127.0.0.1:1", "[::1]:80000", "localhost:", "localhost:80a", "localhost:8000:8000"),
        *("[::1]evil.example", "[localhost]", "::1", "localhost:-8000", "localhost:999999", "localhost:٨٠٠٠"),
    ],
)
def test_another_port_or_none_that_is_one_is_refused(client: Client, host: str) -> None:
    refused(Client(client.app, port=8000).get("/", host=host), 400, "wrong_host")


def test_a_port_of_a_tunnel_is_named_in_the_settings(shelf_folder: Path) -> None:
    app = create_app(load_settings(runs=shelf_folder, allowed_hosts="plans.example:8443, [::1]:9000"))
    client = Client(app, port=8000)
    assert client.get("/health", host="plans.example:8443").status_code == 200
    assert client.get("/health", host="[::1]:9000").status_code == 200
    assert client.get("/health", host="plans.example:8444").status_code == 400
    assert client.get("/health", host="plans.example").status_code == 400


def test_further_host_names_are_a_setting(shelf_folder: Path) -> None:
    client = Client(create_app(load_settings(runs=shelf_folder, allowed_hosts="plans.example")))
    assert client.get("/health", host="Plans.Example:80").status_code == 200
    assert client.get("/health", host="localhost").status_code == 400


@pytest.mark.parametrize("query", ["lang=fr", "lang=", "lang=AR", "lang=ar%00", "lang=%3Cscript%3E"])
def test_a_language_that_is_none_is_refused(client: Client, query: str) -> None:
    refused(client.get(f"/?{query}"), 422, "invalid_input")


@pytest.mark.parametrize("path", [f"/runs/{RUN}/run.json", "/assets/style.css", "/docs-assets/swagger-ui.css"])
@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("bytes=999999999-", 416, "range_not_satisfiable"),
        ("bytes=0-1,999999999-", 416, "range_not_satisfiable"),
        ("bytes=9-2", 400, "bad_range"),
        ("bytes=", 400, "bad_range"),
        ("rows=0-1", 400, "bad_range"),
        ("nonsense", 400, "bad_range"),
    ],
)
def test_a_range_that_is_none(client: Client, path: str, asked: str, status: int, code: str) -> None:
    answer = client.get(path, range=asked)
    refused(answer, status, code)
    if status == 416:
        size = int(client.get(path).headers["content-length"])
        assert answer.headers["content-range"] == f"bytes */{size}"


def test_a_failure_inside_is_one_json_error_with_the_headers(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(client.app.state.shelf, "runs", fail)
    refused(client.get("/health"), 500, "unexpected")
    assert SECRET in caplog.text


@pytest.mark.parametrize(
    "path", ["/", "/health", f"/runs/{RUN}/map.html", "/docs", "/nowhere", f"/runs/{RUN}/plan.gpkg"]
)
def test_every_answer_carries_the_safe_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_map_may_run_its_own_script_and_call_nobody(client: Client) -> None:
    policy = client.get(f"/runs/{RUN}/map.html").headers["content-security-policy"]
    assert "script-src 'unsafe-inline'" in policy
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy  # a stranger to the page that frames it
    assert "connect-src" not in policy  # so it falls back to default-src 'none'
    assert "script-src" not in client.get("/").headers["content-security-policy"]
