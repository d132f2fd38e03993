"""What all tests share: where the data that is not part of the project lies, and one browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser import browser  # noqa: F401 - a fixture; one for all rooms, since a process holds one Playwright

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """
    Return the folder of data that only tests may use (MARKAZ_TEST_DATA, default ../shared/data).

    Tests that need it are skipped loudly where it is missing.
    """
    folder = Path(os.environ.get("MARKAZ_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"NOT TESTED: no test data at {folder}; set MARKAZ_TEST_DATA to its folder")
    return folder
