"""The list of this folder names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import tests.hostile as listed


def test_every_test_of_the_list_is_there():
    named = set(re.findall(r"`(test_\w+)`", listed.__doc__ or ""))
    there = {
        name
        for path in Path(listed.__file__).parent.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), flags=re.M)
    }
    assert len(named) > 25
    assert named - there == set()
