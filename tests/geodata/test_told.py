"""What an error's gaps hold crosses the gate's two processes and can still be said in Arabic."""

from __future__ import annotations

import json

from foundation.errors import InvalidInput, Name, Phrase, Phrases, listed
from foundation.language import language
from geodata.gate.told import again, plain


def test_phrases_names_and_numbers_come_back_the_same() -> None:
    values = {
        "file": "a.csv",
        "row": 3,
        "problem": Phrase("is longer than {most} characters", {"most": 9}),
        "zones": listed([Name("Irbid", "إربد"), Phrase("empty"), "x"], between=", "),
        "nothing": None,
    }
    back = again(json.loads(json.dumps(plain(values))))
    assert back == values
    assert isinstance(back["zones"], Phrases)
    error = InvalidInput("{file}, row {row}: {field} {problem}. Write a plain value.", **back, field="name_en")
    assert "أطول من \u20669\u2069 حرف" in language("ar").error(error)


def test_anything_else_is_said_as_text() -> None:
    assert plain({"path": ("a", 1)}) == {"path": "('a', 1)"}
    assert again({"odd": {"phrase": 3, "values": {}}}) == {"odd": "{'phrase': 3, 'values': {}}"}
