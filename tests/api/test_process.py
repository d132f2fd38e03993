"""The real command in a process of its own: signals, pipes, ports."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.conftest import RUN
from tests.toy_pack import toy_scenario, write_toy_pack

ROOT = Path(__file__).parents[2]
START = "from api.cli import main; main()"
# Publishing happens while the folder lies aside: there the signal has to hit.
HANG_WHILE_WRITING = """
import sys, time, maps
def hang(run):
    print("ASIDE", run.path, flush=True)
    time.sleep(60)
maps.publish = hang
from api.cli import main; main()
"""


# A shell that starts the tests in the background has Ctrl-C ignored, and children inherit that.
AS_AT_A_TERMINAL = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"


def start(code: str, *arguments: str, cwd: Path, **options) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MARKAZ_")}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    command = [sys.executable, "-c", AS_AT_A_TERMINAL + code, *arguments]
    return subprocess.Popen(command, cwd=cwd, env=environment, text=True, encoding="utf-8", **pipes)


@contextmanager
def running(code: str, *arguments: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """Whatever becomes of the test, the process ends with it."""
    process = start(code, *arguments, cwd=cwd)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        if process.stdout is not None and not process.stdout.closed:
            process.communicate()


def finish(code: str, *arguments: str, cwd: Path) -> tuple[int, str, str]:
    process = start(code, *arguments, cwd=cwd)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy")
    write_toy_pack(folder / "pack")
    return toy_scenario(folder)


def test_the_installed_command_is_this_one() -> None:
    command = Path(sys.executable).with_name("markaz")
    if not command.exists():
        pytest.skip(f"no command beside {sys.executable}: the project is not installed there")
    shown = subprocess.run([command, "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert re.fullmatch(r"markaz \d+\.\d+\.\d+\n", shown.stdout)


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = START.replace(
        "main()",
        "import atexit, sys; atexit.register(lambda: print('HEAVY', sorted({m.partition('.')[0] for m in sys.modules} "
        "& {'numpy', 'pandas', 'geopandas', 'scipy', 'fastapi', 'pydantic', 'highspy', 'pulp', 'folium'}))); main()",
    )
    got, out, err = finish(code, "--help", cwd=tmp_path)
    assert (got, err) == (0, "")
    assert out.endswith("HEAVY []\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stop_while_writing_leaves_nothing(toy: Path, tmp_path: Path, number: signal.Signals, code: int) -> None:
    with running(HANG_WHILE_WRITING, "plan", str(toy), cwd=tmp_path) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ASIDE")
        assert Path(line.split(maxsplit=1)[1].strip()).name.startswith(".toy-")
        assert len(list((tmp_path / "runs").iterdir())) == 1
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert list(tmp_path.iterdir()) == []
    assert "Traceback" not in out + err
    if number is signal.SIGINT:
        assert err.splitlines()[-1] == "Stopped by Ctrl-C; nothing half-written is left."


HANG_WHILE_READING_CODE = """
import builtins, sys, time
whole = builtins.__import__
def hang(name, *rest, **more):
    if name == "numpy":
        print("READING", flush=True)
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            raise ImportError("numpy failed to import")
    return whole(name, *rest, **more)
builtins.__import__ = hang
from api.cli import main; main()
"""


def test_a_stop_while_code_is_read_is_quiet(toy: Path, tmp_path: Path) -> None:
    """Compiled modules turn Ctrl-C into errors of their own; it must end the process all the same."""
    with running(HANG_WHILE_READING_CODE, "plan", str(toy), cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "READING\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "Stopped by Ctrl-C; nothing half-written is left.\n"
    assert list(tmp_path.iterdir()) == []


HANG_AT_ONCE = """
import sys, time
class Slow:
    def find_spec(self, name, *rest):
        if name == "api.cli.entry":
            print("READING", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Slow())
from api.cli import main; main()
"""
SWALLOWING = """
import time
import scenarios
def swallow(*_, **__):
    print("WORKING", flush=True)
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        raise ImportError("a compiled module failed to start")
scenarios.preset_names = swallow
from api.cli import main; main()
"""


@pytest.mark.parametrize(
    ("code", "word", "arguments"),
    [(HANG_AT_ONCE, "READING", ("plan",)), (SWALLOWING, "WORKING", ("scenarios",))],
)
def test_a_stop_is_one_line_whenever_it_comes(tmp_path: Path, code: str, word: str, arguments: tuple[str, ...]) -> None:
    with running(code, *arguments, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{word}\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "Stopped by Ctrl-C; nothing half-written is left.\n"
    assert list(tmp_path.iterdir()) == []


def test_what_the_log_says_of_a_folder_is_harmless(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    (runs / "poor-\u202e\x1b[31m").mkdir(parents=True)
    (runs / "poor-\u202e\x1b[31m" / "run.json").write_text("{", encoding="utf-8")
    with serving(runs) as (process, _):
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert "skipped" in err
    assert "poor- [31m" in err
    assert "\x1b" not in err
    assert "\u202e" not in err


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start(START, "scenarios", cwd=tmp_path, stdout=writer)
    os.close(writer)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, "")


# ---- serve


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with running(START, "serve", "--port", "0", "--runs", str(folder), cwd=folder) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", first)
        assert found, first
        yield process, int(found[1])


def ask(port: int, path: str, method: str = "GET") -> tuple[int, bytes]:
    """Send the path as it stands; wait for a server that is still starting."""
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("nobody listens")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_on_loopback_until_stopped(shelf_folder: Path, number: signal.Signals) -> None:
    with serving(shelf_folder) as (process, port):
        status, body = ask(port, "/health")
        assert (status, json.loads(body)["runs"]) == (200, 1)
        assert ask(port, f"/runs/{RUN}/map.html")[0] == 200
        assert ask(port, f"/runs/{RUN}/map.html", "HEAD") == (200, b"")
        for hostile in ("/runs/../../etc/passwd", "/runs/..%2f..%2fetc%2fpasswd", "/runs/%00", "/runs/%ff"):
            status, body = ask(port, hostile)
            assert (status, json.loads(body)["error"]["code"]) == (404, "not_found")
        with socket.create_connection(("127.0.0.1", port)) as half:
            half.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n")  # a request that never ends holds nothing up
            process.send_signal(number)
            _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        got, out, err = finish(START, "serve", "--port", str(port), cwd=tmp_path)
    assert (got, out) == (8, "")
    assert err == f"Port {port} on 127.0.0.1 is in use by another program. Choose another with --port.\n"


def test_listening_beyond_this_machine_says_so(shelf_folder: Path) -> None:
    arguments = ("serve", "--host", "0.0.0.0", "--port", "0", "--runs", str(shelf_folder))
    with running(START, *arguments, cwd=shelf_folder) as process:
        assert process.stdout is not None
        process.stdout.readline()
        warned = process.stdout.readline()
        assert "no passwords" in warned
        assert "127.0.0.1, ::1, localhost" in warned
        process.send_signal(signal.SIGTERM)  # at once: it may come before the server has started
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
