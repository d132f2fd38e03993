"""Which sentences the rooms say, read from their source: what the catalogue must hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from foundation import errors

ROOT = Path(__file__).parents[2]
ROOMS = ("foundation", "geodata", "optimization", "planning", "scenarios", "maps", "reports", "api")
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
IN_TEMPLATE = re.compile(r"""\.text\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def said_sentences() -> Iterator[tuple[str, str | tuple[str, str]]]:
    """Yield (place, sentence) of every literal ``.text("...")`` and (place, (one, many)) of every ``.plural``."""
    for path, tree in _trees():
        for call in _calls(tree):
            if not isinstance(call.func, ast.Attribute):
                continue
            words = [_literal(argument) for argument in call.args[:2]]
            if call.func.attr == "text" and words and words[0]:
                yield _place(path, call), words[0]
            if call.func.attr == "plural" and len(words) == 2 and words[0] and words[1]:
                yield _place(path, call), (words[0], words[1])
    for path in sorted(p for room in ROOMS for p in (ROOT / room).rglob("*") if p.suffix in {".j2", ".html"}):
        for found in IN_TEMPLATE.finditer(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), ast.literal_eval(found[1])


def error_sentences() -> Iterator[tuple[str, str]]:
    """Yield (place, template) of every error of the tree that is made with a literal sentence."""
    for path, tree in _trees():
        for call in _calls(tree):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            sentence = _literal(call.args[0]) if name in ERRORS and call.args else None
            if sentence:
                yield _place(path, call), sentence


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _place(path: Path, node: ast.Call) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"
