"""Both published reports in a real Chromium: quiet, self-contained, no sideways scroll."""

import contextlib

import pytest

from tests.browser import opened

pytestmark = pytest.mark.browser
CODES = ("ar", "en")
WIDTHS = ((1400, 900), (390, 844))


@pytest.fixture
def shown(browser, published):
    """Open a report at a width; what it said and asked for is kept."""
    with contextlib.ExitStack() as pages:

        def show(code, width=1400, height=900):
            seen = pages.enter_context(opened(browser, published / f"report.{code}.html", width=width, height=height))
            seen.page.evaluate("document.fonts.ready")
            return seen

        yield show


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_quiet_self_contained_and_no_sideways_scroll(shown, code, width, height):
    seen = shown(code, width, height)
    page = seen.page
    assert (seen.errors, seen.requests, seen.dialogs) == ([], [], [])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == ("rtl" if code == "ar" else "ltr")


@pytest.mark.parametrize("code", CODES)
def test_the_embedded_typeface_is_used(shown, code):
    page = shown(code).page
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert any("IBM Plex Sans Arabic" in family for family in loaded)


@pytest.mark.parametrize("code", CODES)
def test_wide_tables_scroll_inside_their_own_box(shown, code):
    page = shown(code, 390, 844).page
    boxes = page.evaluate(
        "[...document.querySelectorAll('.scroll')].map(b => [b.scrollWidth > b.clientWidth, b.clientWidth, b.tabIndex])"
    )
    assert any(scrolls for scrolls, _, _ in boxes)
    assert all(width <= 390 and focus == 0 for _, width, focus in boxes)
    heads = page.evaluate(
        """() => { const box = document.querySelector('#table-coverage-governorates').parentElement;
                   box.scrollLeft = document.dir === 'rtl' ? -9999 : 9999;
                   const cell = box.querySelector('tbody th').getBoundingClientRect(), b = box.getBoundingClientRect();
                   return document.dir === 'rtl' ? b.right - cell.right : cell.left - b.left; }"""
    )
    assert abs(heads) <= 1  # the name of the row stays in sight


@pytest.mark.parametrize("code", CODES)
def test_pictures_are_drawn(shown, code):
    page = shown(code).page
    sizes = page.evaluate("[...document.images].map(i => [i.complete, i.naturalWidth])")
    assert len(sizes) == 4  # the map, two charts of coverage, the Lorenz curve
    assert all(complete and width > 800 for complete, width in sizes)


@pytest.mark.parametrize("code", CODES)
def test_figures_keep_their_order_inside_arabic(shown, code):
    """The figure on the page reads as written: sign, digits, percent from left to right."""
    page = shown(code).page
    keys = page.evaluate("[...document.querySelectorAll('.keys data')].map(d => d.innerText)")
    plain = [key.translate({ord(m): None for m in "\u2066\u2069\u200e\u200f"}) for key in keys]
    assert plain[1].endswith("%")
    assert page.evaluate(
        """() => { const node = document.querySelectorAll('.keys data')[1].firstChild, text = node.data;
                   const at = i => { const r = document.createRange(); r.setStart(node, i); r.setEnd(node, i + 1);
                                     return r.getBoundingClientRect().left; };
                   return at(text.search(/[0-9]/)) < at(text.indexOf('%')); }"""
    )


@pytest.mark.parametrize("code", CODES)
def test_prints_on_a4(shown, code, tmp_path):
    page = shown(code).page
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
