from __future__ import annotations

import datetime
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from api.errors import exit_codes
from api.summary import PROOF_WORDS, PROVED_BY, STATUS_WORDS
from foundation import language as module
from foundation.basis import Basis
from foundation.errors import InvalidInput
from foundation.language import CODES, language
from tests.foundation.sentences import error_sentences, said_sentences

AR, EN = language("ar"), language("en")
FSI, LRI, PDI = "\u2068", "\u2066", "\u2069"
FILES = sorted((Path(module.__file__).parent / "locale" / "ar").glob("*.po"))
GAP = re.compile(r"\{(\w*)[^{}]*\}")


def messages(path: Path) -> list[Message]:
    return [message for message in read_po(io.BytesIO(path.read_bytes()), locale="ar") if message.id]


# ---- the two languages


def test_there_are_two_languages_with_their_directions() -> None:
    assert CODES == ("ar", "en")
    assert (AR.locale, AR.dir, EN.locale, EN.dir) == ("ar_JO", "rtl", "en", "ltr")


@pytest.mark.parametrize("code", ["fr", "AR", "ar_JO", "", "../ar"])
def test_any_other_language_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput, match="choose ar or en"):
        language(code)


def test_a_sentence_that_nobody_translated_is_said_in_english() -> None:
    assert AR.text("A sentence of no catalogue: {name}.", name="x") == f"A sentence of no catalogue: {FSI}x{PDI}."


@pytest.mark.parametrize("basis", Basis)
def test_every_basis_has_its_arabic_word(basis: Basis) -> None:
    assert AR.text(basis.value) != basis.value


# ---- counted sentences


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "لا مراكز"),
        (1, "مركز واحد"),
        (2, "مركزان"),
        (3, f"{LRI}3{PDI} مراكز"),
        (10, f"{LRI}10{PDI} مراكز"),
        (11, f"{LRI}11{PDI} مركزًا"),
        (99, f"{LRI}99{PDI} مركزًا"),
        (100, f"{LRI}100{PDI} مركز"),
        (101, f"{LRI}101{PDI} مركز"),
        (102, f"{LRI}102{PDI} مركز"),
        (103, f"{LRI}103{PDI} مراكز"),
        (111, f"{LRI}111{PDI} مركزًا"),
        (1002, f"{LRI}1,002{PDI} مركز"),
    ],
)
def test_arabic_counts_in_six_forms(count: int, shown: str) -> None:
    assert AR.plural("{n} centre", "{n} centres", count) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 centres"), (1, "1 centre"), (2, "2 centres"), (1000, "1,000 centres")]
)
def test_english_counts_in_two(count: int, shown: str) -> None:
    assert EN.plural("{n} centre", "{n} centres", count) == shown


# ---- numbers


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (11_937_000, 0, "11,937,000"),
        (0, 0, "0"),
        (-0.0, 1, "0.0"),
        (-5, 0, "-5"),
        (12.25, 1, "12.2"),
        (12.35, 2, "12.35"),
        (0.05, 1, "0.0"),
        (1e9, 0, "1,000,000,000"),
        (float("inf"), 0, "∞"),
        (float("-inf"), 0, "-∞"),
    ],
)
def test_numbers_have_western_digits_in_both_languages(value: float, decimals: int, shown: str) -> None:
    assert EN.number(value, decimals) == shown
    assert AR.number(value, decimals) == f"{LRI}{shown}{PDI}"


@pytest.mark.parametrize("said", [AR, EN])
def test_what_is_no_number_is_a_dash(said: module.Language) -> None:
    assert said.number(float("nan")) == "—"
    assert said.percent(float("nan")) == "—"


def test_years_are_not_grouped() -> None:
    assert EN.year(2025) == "2025"
    assert AR.year(2025) == f"{LRI}2025{PDI}"


def test_shares() -> None:
    assert EN.percent(0.1) == "10.0%"
    assert EN.percent(1, 0) == "100%"
    assert AR.percent(0.125, 1).startswith(LRI)
    assert "12.5" in AR.percent(0.125)


def test_months_are_named_as_in_jordan() -> None:
    assert AR.date(datetime.date(2026, 1, 31)) == f"{FSI}31 كانون الثاني 2026{PDI}"
    assert EN.date(datetime.date(2026, 1, 31)) == "31 January 2026"


@given(value=st.integers(-(10**12), 10**12))
def test_both_languages_show_the_same_digits(value: int) -> None:
    assert AR.number(value) == f"{LRI}{EN.number(value)}{PDI}"
    assert int(EN.number(value).replace(",", "")) == value


# ---- gaps


def test_whole_and_real_numbers_go_through_the_formatter() -> None:
    assert EN.text("{a} {b} {c}", a=1000, b=1000.0, c=2.25) == "1,000 1,000 2.2"
    assert EN.text("{a}", a=True) == "True"


def test_words_are_isolated_in_arabic_once() -> None:
    assert AR.text("{a}", a="Amman") == f"{FSI}Amman{PDI}"
    assert AR.text("{a}", a=AR.text("{b}", b="Amman")) == f"{FSI}Amman{PDI}"
    assert AR.text("{a}", a=AR.number(5)) == f"{LRI}5{PDI}"
    assert EN.text("{a}", a="Amman") == "Amman"


@given(value=st.text())
def test_what_fills_a_gap_opens_none(value: str) -> None:
    assert EN.text("<{a}>", a=value) == f"<{value}>"
    assert value in AR.text("<{a}>", a=value)


@given(count=st.integers(0, 10_000))
def test_isolates_are_balanced(count: int) -> None:
    said = AR.plural("{n} centre", "{n} centres", count)
    assert said.count(LRI) + said.count(FSI) == said.count(PDI)


def test_names_come_in_the_language_or_else_the_other() -> None:
    both = {"name_en": "Amman", "name_ar": "عمّان"}
    assert (AR.name(both), EN.name(both)) == ("عمّان", "Amman")
    assert AR.name({"name_en": "Amman", "name_ar": ""}) == "Amman"
    assert EN.name({"name_en": None, "name_ar": "عمّان"}) == "عمّان"
    assert EN.name({}) == ""


def test_an_error_is_said_in_arabic() -> None:
    error = InvalidInput("There is no language '{code}'; choose ar or en.", code="fr")
    assert AR.error(error) == f"لا لغة باسم '{FSI}fr{PDI}'؛ اختر ar أو en."
    assert EN.error(error) == str(error)


# ---- the catalogue files


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_entry_is_finished_and_keeps_its_gaps(path: Path) -> None:
    for message in messages(path):
        assert "fuzzy" not in message.flags, message.id
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        targets = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(targets), f"{message.id} has no translation"
        gaps = set(GAP.findall(sources[-1]))
        if len(sources) == 1:
            assert set(GAP.findall(targets[0])) == gaps, message.id
            continue
        assert len(targets) == 6, f"{message.id} needs Arabic's six forms"
        for form, target in enumerate(targets):
            optional = {"n"} if form <= 2 else set()  # none, one and two are words
            if form == 0:
                assert set(GAP.findall(target)) <= gaps, message.id
            else:
                assert gaps - optional <= set(GAP.findall(target)) <= gaps, message.id


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_counts_the_same_way(path: Path) -> None:
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale="ar")
    assert catalogue.num_plurals == 6
    written = re.search(r"Plural-Forms: ([^\\]+)", path.read_text(encoding="utf-8"))
    first = re.search(r"Plural-Forms: ([^\\]+)", FILES[0].read_text(encoding="utf-8"))
    assert written is not None
    assert first is not None
    assert written[1] == first[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_sentence_stands_twice_in_a_file(path: Path) -> None:
    lines = re.findall(r'^msgid (?:""\n)?((?:".*"\n?)+)', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_arabic_is_written_in_arabic(path: Path) -> None:
    for message in messages(path):
        for target in message.string if isinstance(message.string, tuple) else (message.string,):
            without_gaps = GAP.sub("", target)
            letters = [mark for mark in without_gaps if mark.isalpha()]
            assert not letters or any("\u0600" <= mark <= "\u06ff" for mark in letters), message.id
            assert not re.search("[٠-٩]", target), f"{message.id}: digits are Western"


def test_two_files_that_disagree_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locale" / "ar"
    folder.mkdir(parents=True)
    (folder / "a.po").write_text('msgid "Map"\nmsgstr "خريطة"\n', encoding="utf-8")
    (folder / "b.po").write_text('msgid "Map"\nmsgstr "خارطة"\n', encoding="utf-8")
    monkeypatch.setattr(module.resources, "files", lambda _package: tmp_path)
    with pytest.raises(InvalidInput, match=r"b\.po translates 'Map' differently"):
        module._catalogue.__wrapped__("ar")
    (folder / "b.po").write_text('msgid "Map"\nmsgstr "خريطة"\n', encoding="utf-8")
    assert module._catalogue.__wrapped__("ar").gettext("Map") == "خريطة"


def test_every_sentence_that_a_room_says_has_its_arabic() -> None:
    left = []
    for place, sentence in said_sentences():
        if isinstance(sentence, tuple):
            one, many = sentence
            known = module._catalogue("ar").ngettext(one, many, 3) not in sentence
        else:
            known = module._catalogue("ar").gettext(sentence) != sentence or not re.search("[A-Za-z]", sentence)
        if not known:
            left.append(f"{place}: {sentence}")
    assert left == []


def test_every_error_of_every_room_has_its_arabic() -> None:
    """And every part of a sentence that is set into one; names the place and the sentence that lack it."""
    left = [
        f"{place}: {sentence}"
        for place, sentence in error_sentences()
        if module._catalogue("ar").gettext(sentence) == sentence and re.search("[A-Za-z]", GAP.sub("", sentence))
    ]
    assert left == []


@pytest.mark.parametrize(
    "sentence",
    [*PROOF_WORDS.values(), *STATUS_WORDS.values(), *PROVED_BY.values(), *(meaning for _, meaning in exit_codes())],
)
def test_the_words_of_the_doors_tables_have_their_arabic(sentence: str) -> None:
    assert AR.text(sentence) != sentence
