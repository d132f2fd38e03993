from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation import strict_yaml
from foundation.errors import InvalidInput, NotFound
from foundation.strict_yaml import MAX_DEPTH, dump_yaml, load_yaml, parse_yaml


def parse(text: str) -> dict:
    return parse_yaml(text, name="s.yaml")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3, column 1", "'a' is written twice"),
        ("a:\n  b: 1\n  b: 1\n", "line 3, column 3", "'b' is written twice"),
        ("1: x\n1: y\n", "line 2, column 1", "'1' is written twice"),
        ("a:\n\tb: 1\n", "line 2, column 1", "a tab stands where YAML wants spaces"),
        ("a: &x 1\n", "line 1, column 4", "anchors"),
        ("a: &x {b: 1}\n", "line 1, column 4", "anchors"),
        ("a: *x\n", "line 1, column 4", "aliases"),
        ("a: !!python/object:os.system x\n", "line 1, column 4", "tags"),
        ("a: !!str 1\n", "line 1, column 4", "tags"),
        ("a: !mine {b: 1}\n", "line 1, column 4", "tags"),
        ("a: [1, 2\n", "line 2, column 1", "expected"),
        ("a: 'x\n", "line 2, column 1", "unexpected end"),
        ("<<: {a: 1}\nb: 2\n", "line 1, column 1", "merge keys"),
        ("? [1, 2]\n: 3\n", "line 1, column 3", "a plain word or a whole number"),
        ("true: 1\n", "line 1, column 1", "a plain word or a whole number"),
        ("1.5: 1\n", "line 1, column 1", "a plain word or a whole number"),
        ("null: 1\n", "line 1, column 1", "a plain word or a whole number"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1", "another document"),
    ],
)
def test_what_is_not_offered_is_refused_with_its_place(text: str, place: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    assert str(caught.value).startswith(f"s.yaml, {place}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "just words\n", "7\n", "# only a comment\n"])
def test_the_top_must_be_a_mapping(text: str) -> None:
    with pytest.raises(InvalidInput, match="expected 'key: value' lines"):
        parse(text)


def test_a_quoted_merge_key_is_a_plain_key() -> None:
    assert parse("'<<': {a: 1}\nb: <<\nc: =\n") == {"<<": {"a": 1}, "b": "<<", "c": "="}


@pytest.mark.parametrize(
    "word", ["yes", "no", "on", "off", "Yes", "NO", "y", "n", "ja", "2024-01-31", "12:30:45", "12:30.5", "1_000.5"]
)
def test_words_stay_words(word: str) -> None:
    assert parse(f"a: {word}") == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"), [("true", True), ("True", True), ("FALSE", False), ("~", None), ("null", None)]
)
def test_yaml_1_2_booleans_and_null(word: str, value: bool | None) -> None:
    assert parse(f"a: {word}")["a"] is value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("010", 10),
        ("-7", -7),
        ("+7", 7),
        ("0", 0),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("0o17", "0o17"),
        ("0b1", "0b1"),
    ],
)
def test_whole_numbers_are_decimal_only(word: str, value: int | str) -> None:
    read = parse(f"a: {word}")["a"]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("word", "value"), [("1.5", 1.5), ("-0.25", -0.25), ("1.0e+3", 1000.0), (".5", 0.5), (".inf", float("inf"))]
)
def test_real_numbers(word: str, value: float) -> None:
    assert parse(f"a: {word}") == {"a": value}


def nested(levels: int) -> str:
    return "a: " + "[" * (levels - 1) + "]" * (levels - 1) + "\n"


def test_the_deepest_nesting_is_inclusive() -> None:
    assert parse(nested(MAX_DEPTH))
    with pytest.raises(InvalidInput, match=f"nested more than {MAX_DEPTH} levels"):
        parse(nested(MAX_DEPTH + 1))


def test_nesting_beyond_all_measure_is_refused_quietly() -> None:
    with pytest.raises(InvalidInput, match=r"nested more than|not readable"):
        parse("a: " + "[" * 100_000)


def test_many_aliases_blow_nothing_up() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    with pytest.raises(InvalidInput, match="anchors"):
        parse("\n".join(lines))


@pytest.mark.parametrize("mark", ["\0", "\x07", "\x1b", "\x7f", "\ufffe"])
def test_control_characters_are_refused(mark: str) -> None:
    with pytest.raises(InvalidInput, match=r"s\.yaml"):
        parse(f"a: x{mark}y")


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("name: عمّان\n", encoding="utf-8")
    assert load_yaml(path) == {"name": "عمّان"}
    path.write_text("name: x\n", encoding="utf-8-sig")
    assert load_yaml(path) == {"name": "x"}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no\.yaml"):
        load_yaml(tmp_path / "no.yaml")
    with pytest.raises(NotFound):
        load_yaml(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256", "latin-1"])
def test_only_utf_8(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(("a: é\n" if encoding == "latin-1" else "a: مركز\n").encode(encoding))
    with pytest.raises(InvalidInput, match="Save it as UTF-8"):
        load_yaml(path)


def test_the_largest_size_is_inclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_yaml, "MAX_BYTES", 10)
    path = tmp_path / "s.yaml"
    path.write_bytes(b"a: 1 #1234")
    assert load_yaml(path) == {"a": 1}
    path.write_bytes(b"a: 1 #12345")
    with pytest.raises(InvalidInput, match="larger than 10 bytes"):
        load_yaml(path)


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("a: 1\na: 2\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"mine\.yaml, line 2, column 1"):
        load_yaml(path)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff"), max_size=30)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.integers(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(value=st.dictionaries(WORDS | st.integers(), VALUES, max_size=5))
def test_what_is_written_reads_back_the_same(value: dict) -> None:
    assert parse(dump_yaml(value)) == value


@pytest.mark.parametrize(
    "word", ["yes", "010", "0x10", "1_000", "2024-01-31", "~", "null", "true", "1e3", "", " ", "a: b", "#", "<<"]
)
def test_words_that_look_like_something_else_survive(word: str) -> None:
    assert parse(dump_yaml({"a": word, "b": [word]})) == {"a": word, "b": [word]}


def test_keys_keep_their_order() -> None:
    assert list(parse(dump_yaml({"b": 1, "a": 2}))) == ["b", "a"]


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_a_mapping_or_one_clear_refusal(text: str) -> None:
    try:
        found = parse(text)
    except InvalidInput as error:
        found = str(error)
    assert isinstance(found, dict) or found.startswith("s.yaml")
