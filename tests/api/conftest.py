from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.entry import run
from api.http.app import create_app
from api.settings import load_settings
from tests.api.client import Client
from tests.api.folder import write_folder

RUN = "toy-1a2b3c4d"
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RUNS", "LANGUAGE", "HOST", "PORT", "ALLOWED_HOSTS"):
        monkeypatch.delenv(f"MARKAZ_{name}", raising=False)


@pytest.fixture(scope="session")
def shelf_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one run; tests that share it change nothing in it."""
    runs = tmp_path_factory.mktemp("shelf")
    write_folder(runs, RUN)
    return runs


@pytest.fixture
def client(shelf_folder: Path) -> Client:
    return Client(create_app(load_settings(runs=shelf_folder)))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command line; return exit code, stdout, stderr."""

    def said(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(arguments)
        caught = capsys.readouterr()
        return code, caught.out, caught.err

    return said
