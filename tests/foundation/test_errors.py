from __future__ import annotations

import inspect
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import errors
from foundation.errors import (
    BrokenProof,
    ImpossibleProgramme,
    InvalidInput,
    MarkazError,
    Name,
    NotFinished,
    NotFound,
    OutputRefused,
    Phrase,
    Phrases,
    PortInUse,
    Unreachable,
    Unsupported,
    listed,
)
from foundation.language import language
from foundation.plain_text import harmless

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, MarkazError)]
BUILTIN = {
    InvalidInput: ValueError,
    Unsupported: ValueError,
    ImpossibleProgramme: ValueError,
    NotFound: LookupError,
    OutputRefused: OSError,
    NotFinished: TimeoutError,
    PortInUse: OSError,
    Unreachable: ConnectionError,
    BrokenProof: RuntimeError,
}


def test_the_tree_is_the_one_drawn() -> None:
    assert set(KINDS) == {MarkazError, *BUILTIN}
    assert Unsupported.__bases__ == (InvalidInput,)
    assert ImpossibleProgramme.__bases__ == (InvalidInput,)


@pytest.mark.parametrize(("kind", "builtin"), BUILTIN.items())
def test_each_child_is_also_a_builtin(kind: type[MarkazError], builtin: type[Exception]) -> None:
    assert issubclass(kind, MarkazError)
    assert issubclass(kind, builtin)


@pytest.mark.parametrize("kind", KINDS)
def test_the_values_fill_the_sentence(kind: type[MarkazError]) -> None:
    error = kind("{file}, row {row}: {n:.1f} is too much.", file="a.csv", row=3, n=2.25)
    assert str(error) == "a.csv, row 3: 2.2 is too much."
    assert error.template == "{file}, row {row}: {n:.1f} is too much."
    assert error.values == {"file": "a.csv", "row": 3, "n": 2.25}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_without_values_is_said_as_it_stands(kind: type[MarkazError]) -> None:
    assert str(kind("100 {of} them")) == "100 {of} them"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_crosses_a_process_whole(kind: type[MarkazError]) -> None:
    error = kind("{a} and {b}.", a="{b}", b=[1, 2])
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (again.template, again.values, str(again)) == (error.template, error.values, "{b} and [1, 2].")


@given(value=st.text())
def test_braces_in_a_value_are_no_gaps(value: str) -> None:
    assert str(InvalidInput("{value}!", value=value)) == harmless(value) + "!"


RLO, ESC = "\u202e", "\x1b"


@pytest.mark.parametrize(
    "value",
    [
        f"a{RLO}b{ESC}[2J",
        Phrase("{name}", {"name": f"a{RLO}b{ESC}"}),
        Phrase("{inner}", {"inner": Phrase("{name}", {"name": f"{RLO}{ESC}"})}),
        Phrases((Name(f"a{RLO}", f"{RLO}ب"), f"{ESC}c")),
        listed([f"{RLO}{number}" for number in range(9)]),
    ],
)
def test_what_comes_from_data_turns_and_hides_nothing_in_an_error(value: object) -> None:
    error = pickle.loads(pickle.dumps(InvalidInput("Here: {value}.", value=value)))
    for said in (str(error), language("en").error(error), language("ar").error(error)):
        assert RLO not in said
        assert ESC not in said
        assert "\ufffd" in said


def test_numbers_and_own_words_of_an_error_stay_as_they_are() -> None:
    error = InvalidInput("{n} of {what}: {name}", n=5, what=Phrase("{n} sites", {"n": 3}), name="مركز \u206815\u2069")
    assert error.values["n"] == 5
    assert str(error) == "5 of 3 sites: مركز \u206815\u2069"


def test_the_most_that_is_said_is_inclusive_and_the_rest_is_counted() -> None:
    names = [Name(f"n{at}", f"ن{at}") for at in range(9)]
    assert str(listed(names[:8])) == "n0; n1; n2; n3; n4; n5; n6; n7"
    assert str(listed(names)) == "n0; n1; n2; n3; n4; n5; n6; n7; and 1 more"
    assert str(listed(names, most=2, between=", ")) == "n0, n1, and 7 more"


def test_parts_are_said_in_the_language_of_the_whole() -> None:
    error = InvalidInput(
        "{where}: {what}", where=Name("Irbid", "إربد"), what=Phrases((Phrase("a list"), Phrase("empty")))
    )
    assert str(error) == "Irbid: a list; empty"
    assert language("ar").error(error) == "\u2068إربد\u2069: قائمة؛ فارغة"


def test_a_whole_sentence_set_into_another_goes_without_its_full_stop() -> None:
    inner = Phrase("There is no language '{code}'; choose ar or en", {"code": "fr"})
    said = language("ar").text("'{where}': {problem}", where="a", problem=inner)
    assert said == "الحقل '\u2068a\u2069': لا لغة باسم '\u2068fr\u2069'؛ اختر ar أو en"
