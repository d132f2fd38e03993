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
MAKERS = {*ERRORS, "Phrase"}
CELL = "{{file}}, row {{row}}, field {{field}}: '{{value}}' is not {}. Correct the cell."
TABLES_OF_WORDS = {
    "foundation/fields.py",
    "foundation/reasons.py",
    "foundation/strict_yaml.py",
    "geodata/osm/report.py",
    "geodata/outline_faults.py",
    "planning/siting/floor_lines.py",
    "planning/siting/lines.py",
    "planning/siting/naming.py",
    "planning/siting/questions/loosening.py",
    "planning/siting/wording.py",
    "reports/parts/visits_agencies.py",
    "scenarios/stage_words.py",
    "scenarios/verify.py",
}
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
    """
    Yield (place, template) of every error of the tree, and of every phrase, that is made with a literal sentence.

    Also the parts of sentences that a room's own `_refused` sets into its error as a phrase, the
    cells that `refuse_row` refuses, and the templates that a loop or a table holds.
    """
    for path, tree in _trees():
        for call in _calls(tree):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in MAKERS and call.args:
                yield from ((_place(path, call), said) for said in _literals(call.args[0]))
            elif name == "refuse_row" or (name == "_refuse" and path.name == "tables.py"):
                yield from ((_place(path, call), CELL.format(said)) for said in _parts(call.args[4:]))
            elif name in {"_refused", "_refuse", "cell", "_or_missing"}:
                yield from ((_place(path, call), said) for said in _parts(call.args))
        yield from _table_sentences(path, tree)


def _table_sentences(path: Path, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Sentences in the tables of words: what is said is looked up there."""
    if str(path.relative_to(ROOT)) not in TABLES_OF_WORDS:
        return
    for node in tree.body:
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if value is None or (isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "__all__"):
            continue
        keys = {key for inner in ast.walk(value) if isinstance(inner, ast.Dict) for key in inner.keys}
        for inner in ast.walk(value):
            said = _literal(inner) if isinstance(inner, ast.Constant) and inner not in keys else None
            if said and " " in said and not said.startswith(("^", "(")) and re.search("[a-z]{2}", said):
                yield f"{path.relative_to(ROOT)}:{inner.lineno}", said


def _parts(arguments: list[ast.expr]) -> Iterator[str]:
    """The literal words among a call's arguments that read as a part of a sentence."""
    for argument in arguments:
        yield from (said for said in _literals(argument) if " " in said)


def _literals(node: ast.expr) -> list[str]:
    """A literal, or both sides of a choice between two."""
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body), *_literals(node.orelse)]
    said = _literal(node)
    return [said] if said else []


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
