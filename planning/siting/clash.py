"""Say why no plan exists, in the planner's own words."""

from __future__ import annotations

from collections.abc import Callable

from foundation.errors import ImpossibleProgramme, Phrase, Phrases
from optimization import Problem, Rule, Solution
from planning.programme import Programme
from planning.siting.request import Request


def clash(
    solution: Solution, problem: Problem, request: Request, rebuilt: Callable[[Programme], Problem]
) -> ImpossibleProgramme:
    """Name the demands that clash."""
    conflict = solution.conflict
    if conflict is None or not conflict.names:
        return ImpossibleProgramme("No plan meets all demands together, and no clash could be named.")
    rules = {rule.name: rule for rule in problem.rules}
    said = tuple(_in_words(rules[name], conflict.relaxations.get(name), request) for name in conflict.names)
    if conflict.irreducible:
        return ImpossibleProgramme(
            "No plan meets all demands together. These clash: {clash}. Change one of them.", clash=Phrases(said)
        )
    return ImpossibleProgramme(
        "No plan meets all demands together. These clash, though perhaps not all are needed for it: {clash}. "
        "Change one of them.",
        clash=Phrases(said),
    )


def _in_words(rule: Rule, change: float | None, request: Request) -> Phrase:
    """Say a rule as the planner wrote it, and the number that, alone, would mend the clash."""
    values: dict[str, object] = {"n": str(rule.right)}
    if rule.kind == "count":
        words = "{n} centres operating in {year}"
        values["year"] = rule.name.partition(":")[2]
    else:
        words = "at least {n} centres operating in {zone} from {year}"
        _, zone, values["year"] = rule.name.split(":")
        zones = request.country.zones.set_index("zone_id")
        values["zone"] = str(zones.loc[zone, "name_en"])
    if change is None:
        return Phrase(words, values)
    return Phrase(words + " ({mend} would do)", values | {"mend": f"{rule.right + change:g}"})
