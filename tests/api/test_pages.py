"""The pages: well-formed, in both languages, escaped, and needing nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.http.app import create_app
from api.settings import load_settings
from tests.api.client import Client
from tests.api.conftest import RUN
from tests.api.folder import stage, write_folder

VOID = {"meta", "link", "br", "img", "input", "hr"}
ARABIC = re.compile("[\u0600-\u06ff]")
PAGES = ["/", f"/runs/{RUN}"]


class Outline(HTMLParser):
    """Checks that every tag is closed in order, and keeps attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def values(self, *names: str) -> list[str]:
        return [str(attrs[name]) for _, attrs in self.found for name in names if name in attrs]


def outline(client: Client, path: str, **headers: str) -> Outline:
    answer = client.get(path, **headers)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!doctype html>")
    return Outline(answer.text)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("query", "lang", "direction"), [("", "ar", "rtl"), ("?lang=ar", "ar", "rtl"), ("?lang=en", "en", "ltr")]
)
def test_language_and_direction_are_set(client: Client, path: str, query: str, lang: str, direction: str) -> None:
    tag, attributes = outline(client, path + query).found[0]
    assert (tag, attributes) == ("html", {"lang": lang, "dir": direction})


@pytest.mark.parametrize("path", PAGES)
def test_one_switch_leads_to_the_other_language_and_back(client: Client, path: str) -> None:
    assert f"{path}?lang=en" in outline(client, path).values("href")
    assert f"{path}?lang=ar" in outline(client, f"{path}?lang=en").values("href")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("query", ["?lang=ar", "?lang=en"])
def test_every_link_works_and_stays_here(client: Client, path: str, query: str) -> None:
    for address in outline(client, path + query).values("href", "src", "action"):
        if address == "data:,":
            continue
        assert address.startswith("/")
        assert not address.startswith("//")
        assert client.get(address.partition("#")[0]).status_code == 200, address


@pytest.mark.parametrize("path", PAGES)
def test_the_english_page_holds_no_arabic_but_the_switch(client: Client, path: str) -> None:
    words = [word for word in outline(client, f"{path}?lang=en").words if ARABIC.search(word)]
    assert words == ["العربية"]


@pytest.mark.parametrize("path", PAGES)
def test_the_arabic_page_says_no_english_sentence(client: Client, path: str) -> None:
    text = client.get(path).text.partition("<main>")[2]
    text = re.sub(r'<(code|ul) dir="ltr">.*?</\1>|<a [^>]*lang="en"[^>]*>.*?</a>|<[^>]*>', "", text, flags=re.DOTALL)
    left = set(re.findall(r"[A-Za-z][A-Za-z ]+", text)) - {"JSON", "QGIS", "GeoJSON", "lt", "gt", "script", "b", "amp"}
    left -= {"worst"}  # the made-up title of a stage
    assert left == set()


@pytest.mark.parametrize("query", ["?lang=ar", "?lang=en"])
@pytest.mark.parametrize("path", PAGES)
def test_what_a_run_says_is_escaped(client: Client, path: str, query: str) -> None:
    page = outline(client, path + query)
    assert "script" not in {tag for tag, _ in page.found}
    assert "b" not in {tag for tag, _ in page.found}
    assert "<script>" in "".join(page.words)


@pytest.mark.parametrize("path", PAGES)
def test_the_five_numbers_stand_on_the_page(client: Client, path: str) -> None:
    page = outline(client, f"{path}?lang=en")
    text = "".join(page.words)
    for shown in (
        "2",
        "800",
        "150",
        "50",
        "80.0% of 1,000 (people of 2024)",
        "50.0% of its people within the standard",
    ):
        assert shown in text
    assert "1 of 2" in text  # stages checked here, no more than the certificate says
    assert [attrs.get("class") for _, attrs in page.found].count("value") == 5
    assert page.words.count("modelled") == 4  # all but the number of centres, which is a choice


def test_numbers_are_isolated_in_arabic(client: Client) -> None:
    assert "\u2066800\u2069" in client.get("/").text
    assert "31 كانون الثاني 2026" in client.get("/").text


@pytest.mark.parametrize("query", ["?lang=ar", "?lang=en"])
def test_no_page_lets_a_name_turn_the_direction(tmp_path: Path, query: str) -> None:
    turning = {"name": "x", "title_en": "a\u202eb\u2066c", "title_ar": "a\u202eb\u2066c"}
    write_folder(tmp_path, "toy-\u202eevil", scenario=turning)
    client = Client(create_app(load_settings(runs=tmp_path)))
    (entry,) = client.get("/runs").json()
    assert entry["title_en"] == "abc"
    for path in ("/", entry["links"]["page"]):
        text = client.get(path + query).text
        assert "abc" in text
        assert not re.search("[\u202a-\u202e]", text)
        if query == "?lang=en":
            assert not re.search("[\u2066-\u2069]", text)


def test_a_plan_on_the_solvers_word_is_not_called_proven(tmp_path: Path) -> None:
    stages = [stage("coverage", proof="solver")]
    write_folder(tmp_path, RUN, certificate={"status": "proven_optimal", "stages": stages})
    client = Client(create_app(load_settings(runs=tmp_path)))
    for path in PAGES:
        words = "".join(outline(client, f"{path}?lang=en").words)
        assert "optimal, not checked here" in words
        assert "roven" not in words


def test_the_run_page_frames_its_map_on_the_same_origin(client: Client) -> None:
    page = outline(client, f"/runs/{RUN}")
    assert [attrs["src"] for tag, attrs in page.found if tag == "iframe"] == [f"/runs/{RUN}/map.html#lang=ar"]
    assert "frame-src 'self'" in client.get(f"/runs/{RUN}").headers["content-security-policy"]
    assert client.get(f"/runs/{RUN}/map.html").headers["x-frame-options"] == "SAMEORIGIN"


def test_the_pages_need_no_script_and_nothing_from_elsewhere(client: Client) -> None:
    for path in (*PAGES, "/assets/style.css"):
        assert "http" not in client.get(path).text
    assert client.get("/assets/plex-regular.ttf").content[:4] == b"\x00\x01\x00\x00"


@pytest.mark.parametrize(("query", "lang"), [("", "ar"), ("?lang=en", "en")])
def test_a_browser_gets_its_error_as_a_page(client: Client, query: str, lang: str) -> None:
    page = outline(client, f"/runs/nothing{query}", accept="text/html,*/*;q=0.8")
    assert page.found[0][1]["lang"] == lang
    assert client.get("/runs/nothing", accept="text/html").status_code == 404


def test_an_empty_shelf_says_what_to_do(tmp_path: Path) -> None:
    client = Client(create_app(load_settings(runs=tmp_path)))
    assert "Make one with: markaz plan" in client.get("/?lang=en").text
