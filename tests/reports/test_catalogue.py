"""Every sentence a report can say exists in Arabic, with its gaps and its six plural forms."""

import ast
import io
import string
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import reports
from foundation.language import CODES, Language, language
from reports.content import build
from tests.reports.conftest import PIXEL

ROOM = Path(reports.__file__).parent
CALLS = {"say", "count"}


def catalogue() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for file in resources.files("foundation").joinpath("locale").joinpath("ar").iterdir():
        if file.name.endswith(".po"):
            for message in read_po(io.BytesIO(file.read_bytes()), locale="ar"):
                if message.id:
                    one = isinstance(message.id, str)
                    found[message.id if one else message.id[0]] = (message.string,) if one else message.string
    return found


def sentences() -> set[str]:
    """Every string constant given to `say` or `count`, and the words of the tables of words."""
    said: set[str] = set()
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
                first = node.args[0]
                choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                said |= {choice.value for choice in choices if isinstance(choice, ast.Constant)}
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Shown":
                said |= {a.value for a in node.args[1:] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                if names and names[0].isupper():
                    said |= {v.value for v in node.value.values if isinstance(v, ast.Constant)}
    return said


def test_every_sentence_is_translated():
    known = catalogue()
    missing = sorted(sentence for sentence in sentences() if sentence not in known)
    assert not missing


def test_every_sentence_that_was_said_is_translated(material, monkeypatch):
    said: set[str] = set()
    text, plural = Language.text, Language.plural

    def hear(self, sentence, /, **values):
        said.add(sentence)
        return text(self, sentence, **values)

    def hear_plural(self, one, many, count, /, **values):
        said.add(one)
        return plural(self, one, many, count, **values)

    monkeypatch.setattr(Language, "text", hear)
    monkeypatch.setattr(Language, "plural", hear_plural)
    for code in CODES:
        build(material, language(code), map_png=PIXEL)
    known = catalogue()
    assert not sorted(sentence for sentence in said if sentence not in known)


@pytest.mark.parametrize("sentence", sorted(sentences() & set(catalogue())))
def test_translations_have_the_same_gaps(sentence):
    def gaps(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    forms = catalogue()[sentence]
    assert len(forms) in {1, 6}
    for form in forms:
        assert form.strip()
        assert gaps(form) - {"n"} == gaps(sentence) - {"n"} or form.startswith(("لا ", "لم "))
