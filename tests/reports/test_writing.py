"""Names are inert, figures are honest, sentences keep the language of what they quote."""

import math

import pytest

from foundation.basis import Basis
from foundation.errors import BrokenProof
from foundation.language import language
from reports.document import Cell, Column, Row, Span, table
from reports.writing import Writer, plain

EN, AR = Writer(language("en")), Writer(language("ar"))
RLO, PDI, FSI = "\u202e", "\u2069", "\u2068"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(1.0, "100.0%"), (0.9999, "99.9%"), (0.9995, "99.9%"), (0.9994, "99.9%"), (0.0, "0.0%"), (1e-6, "<0.1%")],
)
def test_a_share_that_is_not_all_never_reads_as_all(share, shown):
    assert EN.percent(share) == shown
    assert plain(AR.said_share(share)).translate({ord(m): None for m in "\u2066\u2069\u200e"}) == shown
    assert shown.startswith("<") or EN.percent(share) == EN.language.percent(share)


def test_missing_is_not_computed_and_never_zero():
    assert plain(EN.figure(math.nan, None).text) == "not computed"
    assert plain(AR.figure(math.nan, None).text) == "لم يُحسب"
    assert plain(EN.figure(0.0, Basis.MODELLED).text) == "0"


def test_a_name_falls_back_to_the_other_language_and_says_which():
    assert EN.name({"name_en": "Irbid", "name_ar": "إربد"}) == Span("Irbid", isolated=True)
    assert EN.name({"name_en": None, "name_ar": "إربد"}) == Span("إربد", lang="ar", isolated=True)
    assert AR.name({"name_en": "Irbid", "name_ar": float("nan")}) == Span("Irbid", lang="en", isolated=True)
    assert EN.name({}) == Span("unnamed")


def test_a_sentence_keeps_its_quoted_spans_apart():
    said = AR.say("The country: {share}", share=Span("x", lang="en"))
    assert Span("x", lang="en") in said
    assert "{" not in plain(said)
    counted = AR.count("{n} centre lies above it.", "{n} centres lie above it.", 2)
    assert plain(counted) == "ومركزان فوق هذا الحمل."


@pytest.mark.parametrize(("count", "form"), [(1, "نسمة واحدة"), (3, "نسمات"), (11, "نسمة"), (100, "نسمة")])
def test_arabic_counts_people_in_the_right_form(count, form):
    assert plain(AR.people(float(count))).endswith(form)


def test_a_hostile_name_with_braces_is_not_a_format():
    said = EN.say("The country: {share}", share="{share} {0} {x.y}")
    assert plain(said) == f"The country: {FSI}{{share}} {{0}} {{x.y}}{PDI}"


def test_a_figure_without_a_basis_is_refused():
    with pytest.raises(BrokenProof, match="basis"):
        Cell(value=1.0)
    assert not Cell().is_figure
    assert Cell(value=math.nan).is_figure


def test_a_column_takes_the_basis_its_figures_share():
    column = Column((Span("x"),))
    same = [Row((EN.figure(v, Basis.MODELLED),)) for v in (1.0, math.nan, 2.0)]
    mixed = [Row((EN.figure(1.0, basis),)) for basis in (Basis.MODELLED, Basis.REPORTED)]
    assert table("t", (), [column], same).columns[0].basis is Basis.MODELLED
    assert table("t", (), [column], mixed).columns[0].basis is None
    with pytest.raises(BrokenProof, match="2 columns"):
        table("t", (), [column, column], same)
