"""JSON that reads the same for everybody."""

import pytest

from foundation.strict_json import parse_json


def test_json_is_read():
    assert parse_json('{"a": [1, 2.5, null, true], "b": {"a": "ب"}}') == {"a": [1, 2.5, None, True], "b": {"a": "ب"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "a": 1}', "the key 'a' is written twice"),
        ('{"b": {"a": 1, "\\u0061": 2}}', "the key 'a' is written twice"),
        ('{"a": NaN}', "NaN is no JSON number"),
        ('{"a": -Infinity}', "-Infinity is no JSON number"),
        ('{"a": 1e999}', "larger than any number"),
        ("{", "property name"),
    ],
)
def test_what_readers_would_read_differently_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        parse_json(text)
