import shutil

import pytest

from scenarios import open_run
from tests.toy_pack import toy_run


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A toy run; read it, never change it."""
    return toy_run(tmp_path_factory.mktemp("toy"))


@pytest.fixture
def copy(run, tmp_path):
    """A run that may be spoiled."""
    target = tmp_path / run.path.name
    shutil.copytree(run.path, target)
    return open_run(target)
