from __future__ import annotations

from pathlib import Path

import pytest

import maps
from scenarios.run import Run
from tests.maps.made_up import make_run
from tests.toy_pack import toy_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A made-up run of 12 governorates and 21 centres, published."""
    made = make_run(tmp_path_factory.mktemp("made-up"))
    maps.publish(made)
    return made


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same with markup in every name, published."""
    made = make_run(tmp_path_factory.mktemp("hostile"), hostile=True)
    maps.publish(made)
    return made


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The toy country, really planned and published."""
    return toy_run(tmp_path_factory.mktemp("toy"), publishers=[maps.publish])


@pytest.fixture(scope="session")
def page_file(run: Run) -> Path:
    return run.path / "map.html"
