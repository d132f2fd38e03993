"""
Strict YAML: the subset a planner can read and nobody can hide anything in.

Plain mappings, lists, strings, numbers, true and false. No tags, anchors or
aliases, no duplicate keys, no tabs for indentation; ``yes``, ``no``, ``on`` and
``off`` are words, as in YAML 1.2. Every refusal names the file, the line and
what to write instead.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from foundation.errors import InvalidInput, MarkazError, NotFound, Phrase
from foundation.reasons import reason_of

MAX_BYTES = 5_000_000
MAX_DEPTH = 40
MAX_DIGITS = 100

# what the parser complains of -> what to say and to do; the first that fits
_COMPLAINTS = {
    r"'\\t'": "a tab stands where YAML wants spaces; indent with spaces",
    r"mapping values are not allowed": (
        "a ': ' is not expected here; give the line above its ':', mend the indent, or quote text that holds ': '"
    ),
    r"sequence entries are not allowed": "a '- ' is not expected here; begin the list on a line of its own",
    r"could not find expected ':'": "a ':' is expected after the key; write 'key: value'",
    r"unexpected end of stream": "unexpected end; a quote is not closed",
    r"expected ',' or ']'": "expected ',' or ']'; close the list that begins with '['",
    r"expected ',' or '}'": "expected ',' or '}'; close the group that begins with '{'",
    r"another document": "another document begins here; keep one, without '---'",
    r"expected <block end>": "the indent does not fit the lines above; lines of one group begin in one column",
    r"expected the node content": "a value is expected here",
    r"escape character": "an unknown escape after a backslash; use single quotes",
    r"cannot start any token": "a value cannot begin with this character; put it in quotes",
    r"expected alphabetic or numeric": "anchors (&) and aliases (*) are not offered; write the value out",
    r"directive": "lines that begin with % are not offered; remove it",
}


class _Refused(Exception):
    """Something outside the strict subset, and where."""

    def __init__(self, problem: Phrase, mark: Any) -> None:
        super().__init__(str(problem))
        self.problem, self.mark = problem, mark


class _Loader(yaml.SafeLoader):
    """A safe loader with YAML 1.2 booleans and no duplicate keys."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge keys (``<<``) are not offered."""


_NOT_AS_IN_1_1 = {"bool", "timestamp", "int", "float", "merge", "value"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag.rpartition(":")[2] not in _NOT_AS_IN_1_1]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(  # no 1_000.5 and no 12:30.5, which YAML 1.1 reads as 750.5
    "tag:yaml.org,2002:float",
    re.compile(r"^(?:[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"),
    list("-+.0123456789"),
)


def _int(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    digits = str(loader.construct_scalar(node))
    if len(digits) > MAX_DIGITS:
        raise _Refused(
            Phrase("a number of more than {most} digits; write a smaller one", {"most": MAX_DIGITS}), node.start_mark
        )
    return int(digits)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str | int, Any]:
    result: dict[str | int, Any] = {}
    for key_node, value_node in node.value:
        if key_node.value == "<<" and key_node.style is None:
            raise _Refused(Phrase("merge keys (<<) are not offered; write the values out"), key_node.start_mark)
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, (str, int)) or isinstance(key, bool):
            raise _Refused(Phrase("a key must be a plain word or a whole number"), key_node.start_mark)
        if key in result:
            said = Phrase("the key '{key}' is written twice; keep one of them", {"key": str(key)})
            raise _Refused(said, key_node.start_mark)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse_yaml(text: str, *, name: str) -> dict[str, Any]:
    """
    Read one YAML mapping from `text`; `name` is how errors call it.

    Raises
    ------
    InvalidInput
        For anything outside the strict subset, or when the top is not a mapping.
    """
    try:
        _refuse_references(text)
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader, made stricter
    except _Refused as error:
        raise _at(name, error.mark, error.problem) from error
    except yaml.MarkedYAMLError as error:
        problem = f"{error.problem or ''} {error.context or ''}"
        raise _at(name, error.problem_mark or error.context_mark, _complaint(problem)) from error
    except yaml.reader.ReaderError as error:
        said = Phrase("a character that text must not hold stands at position {at}", {"at": int(error.position) + 1})
        raise InvalidInput("{name}: not readable as YAML: {problem}.", name=name, problem=said) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidInput("{name}: not readable as YAML: {problem}.", name=name, problem=reason_of(error)) from error
    if not isinstance(value, dict):
        raise InvalidInput(
            "{name}: expected 'key: value' lines at the top, found {found}.",
            name=name,
            found=_kind(value),
        )
    return value


def _at(name: str, mark: Any, problem: Phrase) -> InvalidInput:
    return InvalidInput(
        "{name}, line {line}, column {column}: {problem}.",
        name=name,
        line=mark.line + 1 if mark else 0,
        column=mark.column + 1 if mark else 0,
        problem=problem,
    )


def _complaint(words: str) -> Phrase:
    for pattern, sentence in _COMPLAINTS.items():
        if re.search(pattern, words):
            return Phrase(sentence)
    return Phrase("this is not YAML; expected 'key: value' lines and lists")


def _kind(value: object) -> Phrase:
    if value is None:
        return Phrase("nothing")
    return Phrase("a list") if isinstance(value, list) else Phrase("a single value")


def load_yaml(path: Path) -> dict[str, Any]:
    """Read a strict YAML file; see `parse_yaml`. UTF-8 only, at most 5 MB."""
    try:
        if path.is_dir():
            raise NotFound("{path} is a folder, not a file. Name a file in it.", path=str(path))
        if path.is_symlink() and not path.exists():
            raise NotFound("{path} is a link that leads nowhere. Name the file itself.", path=str(path))
        if not path.is_file():
            raise NotFound("There is no file {path}.", path=str(path))
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput(
                "{name} is larger than {limit} bytes, too large for a settings file.",
                name=str(path),
                limit=MAX_BYTES,
            )
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("{name} is not UTF-8 text. Save it as UTF-8.", name=str(path)) from error
    except MarkazError:
        raise
    except OSError as error:
        raise InvalidInput("{path} cannot be read: {reason}.", path=str(path), reason=reason_of(error)) from error
    return parse_yaml(text, name=str(path))


def dump_yaml(value: dict[str, Any]) -> str:
    """Write a mapping as YAML that `parse_yaml` reads back to the same value."""
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100))


def _refuse_references(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        problem: Phrase | None = None
        if depth > MAX_DEPTH:
            problem = Phrase("nested more than {most} levels deep", {"most": MAX_DEPTH})
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            problem = Phrase("anchors (&) and aliases (*) are not offered; write the value out")
        elif getattr(event, "tag", None):
            problem = Phrase("tags (!) are not offered; write a plain value")
        if problem:
            raise _Refused(problem, event.start_mark)
