"""Text from data reorders and hides nothing around it."""

from hypothesis import given
from hypothesis import strategies as st

from foundation.language import language
from foundation.plain_text import harmless

RLO, PDI, FSI = "\u202e", "\u2069", "\u2068"


def test_overrides_and_loose_isolates_are_shown_not_obeyed():
    assert harmless(f"a{RLO}b") == "a\ufffdb"
    assert harmless(f"a{PDI}b") == "a\ufffdb"
    assert harmless(f"{FSI}open") == "\ufffdopen"
    assert harmless("two\nlines\tand\x00nul") == "two lines and\ufffdnul"


def test_isolates_that_close_and_joiners_are_kept():
    assert harmless(f"{FSI}15{PDI} مركزًا") == f"{FSI}15{PDI} مركزًا"
    assert harmless("می\u200cخواهم") == "می\u200cخواهم"


@given(st.text())
def test_no_text_can_reorder_what_follows(text):
    shown = harmless(text)
    depth = 0
    for letter in shown:
        assert letter not in "\u202a\u202b\u202c\u202d\u202e"
        depth += (letter in "\u2066\u2067\u2068") - (letter == PDI)
        assert depth >= 0
    assert depth == 0
    assert "\n" not in shown


def test_a_name_is_made_harmless_when_it_is_picked():
    for code in ("ar", "en"):
        assert language(code).name({"name_en": "", "name_ar": f"{RLO}x{PDI}"}) == "\ufffdx\ufffd"
