import pytest

from tests.toy_pack import toy_run


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A toy run; read it, never change it."""
    return toy_run(tmp_path_factory.mktemp("toy"))
