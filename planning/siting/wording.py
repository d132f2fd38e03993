"""
What a rule on the columns demands, in words: one entry a kind.

A kind without an entry is said by its name, sense and unit; a new kind needs no more
than a line in `WORDINGS` and its Arabic in a catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

from foundation.errors import Phrase
from optimization import Floor, Problem, Rule


@dataclass(frozen=True, slots=True)
class Wording:
    """
    Sentences of one kind of rule, keys of the catalogue.

    Attributes
    ----------
    says
        The demand; may use ``{name}``, ``{n}`` (the right side) and ``{unit}``.
    mend
        A change of its number to ``{to}``, or its removal where no number can be written.
    """

    says: str
    mend: str


_REMOVE = "remove the rule {name}"
_CHANGE = "in the rule {name}: {to} {unit} instead of {n}"

WORDINGS: dict[str, Wording] = {
    "budget": Wording("a cost of at most {n} {unit} ({name})", _CHANGE),
    "at_most": Wording("at most {n} {unit} ({name})", _CHANGE),
    "at_least": Wording("at least {n} {unit} ({name})", _CHANGE),
    "exactly": Wording("exactly {n} {unit} ({name})", _CHANGE),
    "spacing": Wording("centres far enough from each other ({name})", _REMOVE),
    "together": Wording("centres that open together or not at all ({name})", _REMOVE),
    "togetherness": Wording("centres that open together or not at all ({name})", _REMOVE),
    "exclusion": Wording("centres that exclude each other ({name})", _REMOVE),
    "forbidden": Wording("a site that is forbidden ({name})", _REMOVE),
    "required": Wording("a site that is required ({name})", _REMOVE),
    "closure": Wording("a centre that closes ({name})", _REMOVE),
}
_BY_SENSE = {
    "<=": Wording("at most {n} {unit} ({name})", _CHANGE),
    ">=": Wording("at least {n} {unit} ({name})", _CHANGE),
    "==": Wording("exactly {n} {unit} ({name})", _CHANGE),
}
_FLOOR = Wording(
    "at most {n} {unit} beyond reach ({name})", "in {name}: at most {to} {unit} beyond reach instead of {n}"
)


def words_of(demand: Rule | Floor, problem: Problem) -> Phrase:
    """Say what a rule or floor demands."""
    return Phrase(_wording(demand).says, _values(demand, problem))


def mend_of(demand: Rule | Floor, change: float, problem: Problem) -> Phrase:
    """Say that a rule or floor is moved by `change` (signed, in its unit), or removed."""
    values = _values(demand, problem)
    right = values["n"]
    assert isinstance(right, (int, float))
    return Phrase(_wording(demand).mend, values | {"to": right + (int(change) if change == int(change) else change)})


def _wording(demand: Rule | Floor) -> Wording:
    if isinstance(demand, Floor):
        return _FLOOR
    return WORDINGS.get(demand.kind, _BY_SENSE[demand.sense])


def _values(demand: Rule | Floor, problem: Problem) -> dict[str, object]:
    if isinstance(demand, Rule):
        return {"name": demand.name, "n": demand.right, "unit": Phrase(demand.unit)}
    measure = next(each for each in problem.measures if each.name == demand.measure)
    allowed = demand.allowed * measure.quantum
    return {
        "name": demand.name,
        "n": int(allowed) if allowed == int(allowed) else allowed,
        "unit": Phrase(measure.unit),
    }
