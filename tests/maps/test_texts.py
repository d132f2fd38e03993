import ast
import io
import re
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import maps
from foundation.language import language
from maps import qml_layers, words
from maps.texts import PAGE_TEXTS

ROOM = Path(maps.__file__).parent
ASSETS = ROOM / "assets"


def _said_by_scripts() -> set[str]:
    found: set[str] = set()
    for script in ASSETS.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        found |= set(re.findall(r'(?<![\w.])t\((?:[^"()]*\? )?"([^"]+)"', text))
        found |= set(re.findall(r'"((?:operating since|begun, operating from|planned for) \{year\})"', text))
        found |= set(re.findall(r'\? "([^"]+)" : "[^"]+"[,)]', text)) & set(PAGE_TEXTS)
        found |= set(re.findall(r'\? "[^"]+" : "([^"]+)"[,)]', text)) & set(PAGE_TEXTS)
    page = (ASSETS / "map.html.j2").read_text(encoding="utf-8")
    return found | set(re.findall(r'data-(?:text|label)="([^"]+)"', page))


def _said_by_modules() -> set[str]:
    found: set[str] = set()
    for module in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in {"text", "plural"} and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def test_the_page_is_given_every_text_it_says_and_no_other():
    bases = {"measured", "reported", "assumed", "modelled"}
    assert _said_by_scripts() | bases == set(PAGE_TEXTS)


@pytest.mark.parametrize(
    "sentences",
    [
        set(PAGE_TEXTS),
        _said_by_modules(),
        {*words.BANDS.values(), *words.OPERATORS.values(), *words.KINDS.values(), *words.STATUSES.values()},
        {*words.POSITIONS.values(), *qml_layers.TITLES.values()},
    ],
)
def test_every_sentence_is_said_in_arabic(sentences):
    spoken = language("ar")
    missing = [s for s in sentences if not s.startswith("{n} ") and re.search("[a-z]{3}", s) and spoken.text(s) == s]
    assert missing == []


def test_arabic_keeps_every_gap():
    file = resources.files("foundation") / "locale" / "ar" / "maps.po"
    catalogue = read_po(io.BytesIO(file.read_bytes()), locale="ar")
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            assert set(re.findall(r"\{\w+\}", message.id)) == set(re.findall(r"\{\w+\}", str(message.string))), (
                message.id
            )
