"""The key that was probably meant where one is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

ALIKE = 0.7


def meant(key: str, known: Iterable[str]) -> str:
    """Return the known key that is most like `key`, the empty text where none is."""
    return next(iter(difflib.get_close_matches(key.casefold(), list(known), n=1, cutoff=ALIKE)), "")


def with_meant(faults: Iterable[Mapping[str, Any]], model: type[BaseModel]) -> Iterator[Mapping[str, Any]]:
    """Yield what pydantic found wrong; an unknown key with the likeliest known one beside it, as `meant` in its ctx."""
    for fault in faults:
        if fault["type"] == "extra_forbidden":
            *above, key = fault["loc"]
            yield {**fault, "ctx": {"meant": meant(str(key), _keys(model, above))}}
        else:
            yield fault


def _keys(model: type[BaseModel], above: Iterable[Any]) -> list[str]:
    """The keys of the section that `above` leads to; none where it is not a plain model."""
    section: Any = model
    for step in above:
        kinds = (section.model_fields[step].annotation,) if step in section.model_fields else ()
        kinds = tuple(kind for one in kinds for kind in (one, *get_args(one)))
        section = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if section is None:
            return []
    return [field.alias or name for name, field in section.model_fields.items()]
