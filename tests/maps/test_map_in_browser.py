"""The page as a reader meets it: a real Chromium, the network off."""

from __future__ import annotations

import io
import random
import re
from importlib import resources

import numpy as np
import pytest
from PIL import Image

from foundation.language import language
from foundation.plain_text import harmless
from maps import palette, words
from maps.figures import figures_of
from tests.browser import opened
from tests.maps.made_up_parts import BREAKOUT, EVIL, YEARS

pytestmark = pytest.mark.browser
OPERATING = '.centre[data-stage="operating"], .centre[data-stage="new"]'


@pytest.fixture
def desk(browser, page_file):
    with opened(browser, page_file) as seen:
        yield seen
    assert seen.errors == []
    assert seen.requests == []
    assert seen.dialogs == []


@pytest.fixture
def phone(browser, page_file):
    with opened(browser, page_file, width=390, height=844) as seen:
        yield seen
    assert seen.errors == []
    assert seen.requests == []


def _to_year(page, year):
    page.locator("#year").fill(str(YEARS.index(year)))


def _boxes(page, *selectors):
    return [page.locator(selector).bounding_box() for selector in selectors]


def _apart(one, other):
    return (
        one["x"] + one["width"] <= other["x"] + 0.5
        or other["x"] + other["width"] <= one["x"] + 0.5
        or one["y"] + one["height"] <= other["y"] + 0.5
        or other["y"] + other["height"] <= one["y"] + 0.5
    )


def test_it_opens_in_arabic_on_the_sentence_and_five_numbers(desk, run):
    page, figures = desk.page, figures_of(run)
    arabic = language("ar")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert page.locator("#headline").text_content() == words.headline(arabic, figures, 2025)
    names = {site["governorate"]: site["governorate_ar"] for site in run.info["sites"]}
    expected = words.five_numbers(arabic, figures, 2025, names)
    assert page.locator("#numbers .value").all_text_contents() == [figure.value for figure in expected]
    assert page.locator("#numbers .number").count() == 5
    assert page.locator("#proof p").first.text_content() == "ثبت حسابيًا أنه لا توجد خطة أفضل ضمن هذه الشروط"
    assert "تقدير" in page.locator(".note-wide").text_content()


@pytest.mark.parametrize(("year", "count", "begun"), [(2022, 1, 0), (2023, 1, 15), (2024, 16, 5), (2025, 21, 0)])
def test_the_slider_changes_centres_bands_and_numbers(desk, run, year, count, begun):
    page, figures = desk.page, figures_of(run)
    _to_year(page, year)
    assert page.locator(OPERATING).count() == count == run.info["totals_by_year"][str(year)]["centres"]
    assert page.locator('.centre[data-stage="begun"]').count() == begun
    assert page.locator('.centre[data-stage="later"]').count() == 0
    assert page.locator("#headline").text_content() == words.headline(language("ar"), figures, year)
    assert page.locator("#now-year").text_content() == language("ar").year(year)
    assert page.locator("#year").get_attribute("aria-valuetext") == language("ar").year(year)
    private = sum(s["operator"] == "private" and s["operating_year"] <= year for s in run.info["sites"])
    drawn = page.locator('.centre[data-operator="private"]:not([data-stage="begun"])').count()
    assert drawn == private


def test_a_centre_is_ringed_in_its_first_year_of_operating(desk, run):
    for year in YEARS:
        _to_year(desk.page, year)
        opened_now = sum(site["operating_year"] == year for site in run.info["sites"])
        assert desk.page.locator('.centre[data-stage="new"]').count() == opened_now


def test_the_load_stands_under_the_proof_and_the_legend_counts_who_is_outside(desk, run):
    page, arabic = desk.page, language("ar")
    said = page.locator("#proof .load").text_content()
    assert said.startswith(words.load_note(arabic, run.info["load"]))
    assert page.locator("#proof .load .badge").text_content() == arabic.text("assumed")
    outside = page.locator("#legend .key", has_text=arabic.text("Outside the standard"))
    _to_year(page, 2024)
    total = run.info["totals_by_year"]["2024"]["out_of_standard"]
    assert outside.locator(".count").text_content() == arabic.number(total)
    _to_year(page, 2025)
    assert page.locator("path.is-worst").get_attribute("data-zone") == run.info["worst_off"]["zone_id"]


@pytest.mark.parametrize("size", [(1400, 900), (1100, 700), (1000, 700)])
def test_the_legend_hides_no_part_of_the_country(browser, page_file, size):
    with opened(browser, page_file, width=size[0], height=size[1]) as seen:
        legend = "#legend" if seen.page.locator("#legend").is_visible() else "#legend-open"
        (box,) = _boxes(seen.page, legend)
        for k in range(12):
            (zone,) = _boxes(seen.page, f"path[data-zone] >> nth={k}")
            assert _apart(box, zone)


def test_the_colours_of_people_follow_the_year(desk):
    """The darkest band fills the map in the first year and nearly leaves it in the last."""
    dark = [int(palette.BANDS["beyond_90"][k : k + 2], 16) for k in (1, 3, 5)]

    def dark_pixels():
        desk.page.wait_for_timeout(150)
        with Image.open(io.BytesIO(desk.page.locator("#map").screenshot())) as seen:
            pixels = np.asarray(seen.convert("RGB"), dtype=int)
        return int((np.abs(pixels - dark).sum(axis=2) < 60).sum())

    last = dark_pixels()
    _to_year(desk.page, 2022)
    assert dark_pixels() > 2 * max(last, 50)


def test_the_switch_turns_text_and_direction(desk, run):
    page, figures = desk.page, figures_of(run)
    switch = page.locator("#switch")
    assert switch.text_content() == "English"
    switch.click()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    assert page.title() == "Comprehensive government service centres · Nowhere"
    assert page.locator("#headline").text_content() == words.headline(language("en"), figures, 2025)
    assert page.locator("#legend-title").text_content() == "Map legend"
    shown = page.locator(".app").inner_text()
    assert not re.search("[\u0600-\u06ff]", shown.replace("العربية", ""))
    assert switch.text_content() == "العربية"
    switch.click()
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.locator("#headline").text_content() == words.headline(language("ar"), figures, 2025)


def test_an_address_can_ask_for_language_and_year(browser, page_file):
    with opened(browser, page_file, fragment="#lang=en&year=2024") as seen:
        assert seen.page.locator("#now-year").text_content() == "2024"
        assert seen.page.evaluate("document.documentElement.lang") == "en"
    with opened(browser, page_file, fragment="#lang=<b>&year=1e999") as seen:
        assert seen.page.locator("#now-year").text_content() == language("ar").year(2025)
        assert seen.errors == []


def test_a_click_on_a_governorate_opens_its_panel(desk, run):
    page = desk.page
    page.locator("#switch").click()
    zone = run.layer("governorates").iloc[7]
    path = page.locator(f'path[data-zone="{zone["zone_id"]}"]')
    box = path.bounding_box()
    page.mouse.click(box["x"] + 0.15 * box["width"], box["y"] + 0.2 * box["height"])
    assert page.locator("#zone-name").text_content() == zone["name_en"]
    panel = page.locator("#zone-body").inner_text()
    assert f"{zone['covered']:,.0f}" in panel
    assert f"of {zone['population']:,.0f}" in panel
    assert language("en").percent(zone["covered_share"]) in panel
    assert zone["farthest_place_en"] in panel
    assert words.minutes(language("en"), zone["farthest_minutes"]) in panel
    assert "none planned in this programme" in panel
    here = [site for site in run.info["sites"] if site["governorate"] == zone["zone_id"]]
    assert page.locator(".openings li").count() == len(here)
    for site in here:
        assert f"{site['name_en']}operating since {site['operating_year']}" in panel.replace("\n", "")
    _to_year(page, 2022)
    assert f"Next opening\n{here[0]['name_en']}\n{here[0]['operating_year']}" in page.locator("#zone-body").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#zone").is_hidden()


def test_everything_can_be_done_from_the_keyboard(desk, run):
    page = desk.page
    path = page.locator('path[data-zone="XX-05"]')
    assert path.get_attribute("role") == "button"
    assert run.layer("governorates").iloc[4]["name_ar"] in path.get_attribute("aria-label")
    path.focus()
    page.keyboard.press("Enter")
    assert page.locator("#zone-name").text_content() == run.layer("governorates").iloc[4]["name_ar"]
    assert page.evaluate("document.activeElement.id") == "zone"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "zone-close"
    page.keyboard.press("Enter")
    assert page.locator("#zone").is_hidden()
    page.locator("#year").focus()
    page.keyboard.press("Home")
    assert page.locator("#now-year").text_content() == language("ar").year(2022)
    page.locator(".centre").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".popup h3").text_content() == run.info["sites"][0]["name_ar"]
    unnamed = page.evaluate(
        """[...document.querySelectorAll('.app button, .app input, .app [role=button]')]
           .filter(node => !(node.textContent.trim() || node.getAttribute('aria-label') || node.closest('label')))
           .map(node => node.outerHTML)"""
    )
    assert unnamed == []


def test_a_centre_tells_what_is_known_of_it(desk, run):
    page = desk.page
    page.locator("#switch").click()
    site = run.info["sites"][0]
    page.locator(f'.centre[aria-label^="{site["name_en"]},"]').click(force=True)
    said = page.locator(".popup").inner_text()
    for part in (
        site["name_en"],
        site["governorate_en"],
        "Operating from",
        "2022",
        f"{site['people_gained']:,}",
        "120",
    ):
        assert part in said


def test_a_point_tells_who_lives_there_once_zoomed_in(desk):
    page = desk.page
    page.locator("#switch").click()
    page.locator('#ranking [data-zone="XX-08"]').click()
    for _ in range(3):
        page.locator("#zoom-in").click()
    box = page.locator("#map").bounding_box()
    for step in range(400):
        x, y = 0.3 + 0.4 * (step % 20) / 20, 0.25 + 0.5 * (step // 20) / 20
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if page.locator(".popup").count() and "Settlement" in page.locator(".popup").inner_text():
            break
    said = page.locator(".popup").inner_text()
    assert re.match(r"Near Place \d\d\.\d\n", said)
    assert re.search(r"Time to the nearest centre\n\d+\.\d minutes\n\d+\.\d km by road", said)
    assert re.search(r"(Within|Outside) the standard of (30|60) minutes", said)


def test_layers_can_be_taken_away_and_brought_back(desk, run):
    page = desk.page
    page.locator('[data-layer="centres"]').uncheck()
    assert page.locator(".centre").count() == 0
    page.locator('[data-layer="centres"]').check()
    assert page.locator(OPERATING).count() == 21
    assert page.locator(".spare").count() == 0
    page.locator('[data-layer="spare"]').check()
    candidates = run.layer("candidates")
    assert page.locator(".spare").count() == int((~candidates["chosen"]).sum())
    page.locator('[data-layer="names"]').uncheck()
    assert page.locator(".place").count() == 0


def test_the_scale_is_round_and_in_the_language(desk):
    text = desk.page.locator("#scale").text_content()
    assert re.fullmatch("\u2068?\u2066(1|2|3|5)0*\u2069\u2069? كم", text)
    desk.page.locator("#switch").click()
    assert re.fullmatch("(1|2|3|5)0* km", desk.page.locator("#scale").text_content())


def test_playing_starts_again_from_the_first_year(desk):
    page = desk.page
    page.locator("#play").click()
    assert page.locator("#now-year").text_content() == language("ar").year(2022)
    page.locator("#now-year", has_text="2023").wait_for(timeout=5000)
    page.locator("#play").click()
    stopped = page.locator("#now-year").text_content()
    page.wait_for_timeout(1700)
    assert page.locator("#now-year").text_content() == stopped


@pytest.mark.parametrize("size", [(1400, 900), (1100, 700), (800, 1000), (390, 844), (360, 640)])
@pytest.mark.parametrize("code", ["ar", "en"])
def test_nothing_overlaps_and_nothing_scrolls_sideways(browser, page_file, size, code):
    width, height = size
    with opened(browser, page_file, width=width, height=height, fragment=f"#lang={code}") as seen:
        page = seen.page
        legend = "#legend" if page.locator("#legend").is_visible() else "#legend-open"
        boxes = _boxes(page, legend, "#dock", ".zoom", "#scale", "#story")
        for k, one in enumerate(boxes):
            for other in boxes[k + 1 :]:
                assert _apart(one, other)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#ranking button").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.evaluate(
            """[...document.querySelectorAll('.app p, .app dd, .app dt, .app h1, .app h2, .app button, .app li')]
               .filter(n => n.offsetParent && n.scrollWidth > n.clientWidth + 1)
               .filter(n => getComputedStyle(n).overflow === 'visible' && getComputedStyle(n).display !== 'inline')
               .map(n => n.className + ': ' + n.textContent)"""
        )
        assert wide == []
        assert seen.errors == []


def test_on_a_phone_the_panel_is_a_sheet_at_the_bottom(phone):
    page = phone.page
    assert page.locator("#legend").is_hidden()
    path = page.locator('path[data-zone="XX-02"]').bounding_box()
    page.mouse.click(path["x"] + 0.15 * path["width"], path["y"] + 0.2 * path["height"])
    sheet = page.locator("#zone").bounding_box()
    assert sheet["width"] == 390
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
    assert sheet["height"] <= 0.6 * 844
    page.locator("#zone-close").click()
    page.locator("#legend-open").click()
    sheet = page.locator("#legend").bounding_box()
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
    page.keyboard.press("Escape")
    assert page.locator("#legend").is_hidden()


def test_fingers_find_what_they_press(phone):
    for selector in ("#switch", "#zoom-in", "#zoom-out", "#legend-open", "#play"):
        box = phone.page.locator(selector).bounding_box()
        assert min(box["width"], box["height"]) >= 34, selector


def test_hostile_names_stay_text(browser, hostile):
    with opened(browser, hostile.path / "map.html") as seen:
        page = seen.page
        assert page.locator(".place span").first.text_content() in {EVIL, harmless(BREAKOUT)}
        page.locator('#ranking [data-zone="XX-01"]').click()
        assert page.locator("#zone-name").text_content() == EVIL
        page.locator(".openings button").first.click()
        assert page.locator(".popup h3").text_content() == EVIL
        page.locator("#zone-close").click()
        page.locator('#ranking [data-zone="XX-02"]').click()
        assert page.locator("#zone-name").text_content() == harmless(BREAKOUT)
        page.locator("#zone-close").click()
        page.locator("#switch").click()
        page.locator('[data-layer="spare"]').check()
        page.locator(".spare").first.click(force=True)
        assert page.locator(".popup h3").text_content() in {EVIL, harmless(BREAKOUT)}
        assert EVIL in page.locator("#sources").text_content()
        assert page.locator(".app img").count() == 0
        assert page.locator("script").count() == 3
        assert seen.dialogs == []
        assert seen.errors == []
        assert seen.requests == []


def test_the_policy_stops_markup_that_would_slip_through(browser, page_file):
    with opened(browser, page_file) as seen:
        seen.page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.struck = 1\"><b onclick=1>')"
        )
        seen.page.wait_for_timeout(100)
        assert seen.page.evaluate("window.struck") is None
        assert any("Content Security Policy" in error for error in seen.errors)


def test_without_scripts_there_is_the_picture_and_the_tables(browser, page_file, run):
    with opened(browser, page_file, scripts=False) as seen:
        page = seen.page
        assert page.locator(".app").is_hidden()
        for code in ("ar", "en"):
            part = page.locator(f'.still[lang="{code}"]')
            assert part.is_visible()
            box = part.locator("img").bounding_box()
            assert box["width"] > 800
            assert box["height"] == pytest.approx(box["width"] * 1240 / 1753, rel=0.01)
            text = part.inner_text()
            for site in run.info["sites"]:
                assert site[f"name_{code}"] in text
            assert part.locator("tbody tr").count() == 12 + 21
            assert words.load_note(language(code), run.info["load"]) == part.locator(".load-still").text_content()
            assert words.headline(language(code), figures_of(run), 2025) == part.locator("h1").text_content()
        assert seen.errors == []


def test_paper_gets_one_language_on_a_landscape_sheet(desk):
    page = desk.page
    page.emulate_media(media="print")
    assert page.locator(".app").is_hidden()
    assert page.locator('.still[lang="ar"]').is_visible()
    assert page.locator('.still[lang="en"]').is_hidden()
    sheet = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)", page.pdf(prefer_css_page_size=True))
    width, height = float(sheet[1]), float(sheet[2])
    assert (round(width), round(height)) == (842, 595)


def test_the_page_writes_numbers_as_python_does(browser, page_file):
    """The one number formatter, said again by the page for single points (law 10)."""
    chance = random.Random(5)
    asked = [(0, 0), (1234567, 0), (999, 0), (1000, 0), (0.0, 1), (1234.5, 1), (30.0, 1), (0.1, 1)]
    asked += [(round(chance.uniform(0, 10**power), d), d) for power in range(8) for d in (0, 1) for _ in range(20)]
    script = (resources.files("maps") / "assets" / "base.js").read_text(encoding="utf-8")
    with opened(browser, page_file) as seen:
        for code in ("ar", "en"):
            got = seen.page.evaluate(
                """([script, code, asked]) => new Function('code', 'asked',
                    script + '; state.code = code; return asked.map(([value, d]) => number(value, d));'
                )(code, asked)""",
                [script, code, asked],
            )
            assert got == [language(code).number(value, decimals) for value, decimals in asked]


def test_the_toy_opens(browser, toy):
    with opened(browser, toy.path / "map.html") as seen:
        page = seen.page
        assert page.locator(OPERATING).count() == len(toy.info["sites"])
        for k, year in enumerate(sorted(toy.info["years"])):
            page.locator("#year").fill(str(k))
            assert page.locator(OPERATING).count() == sum(s["operating_year"] <= year for s in toy.info["sites"])
        assert seen.errors == []
        assert seen.requests == []
