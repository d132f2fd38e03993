"""
Say why no plan exists, in the planner's own words, and what would mend it.

The demands that clash are said as lines of the scenario file: the rules that a quota
has for every governorate are one line. A mend is one change of one line that was
tried: the problem written anew with it has a plan, and no smaller change of that
line does it (see `planning.siting.mends`).
"""

from __future__ import annotations

from dataclasses import dataclass

from foundation.errors import ImpossibleProgramme, Name, Phrase, Phrases, listed
from optimization import Floor, Problem, Rule, Solution
from planning.aims import CoverFloor
from planning.counted_words import centres, places
from planning.kinds import BASE
from planning.programme import Programme, ZoneQuota
from planning.siting.floor_lines import floor_in_words, line_of_floor, part_of_floor
from planning.siting.lines import key_of, lines_of
from planning.siting.mends import Rebuilt, mends_of, quota_year
from planning.siting.request import Request
from planning.siting.wording import words_of

MOST_NAMED = 12  # governorates of one line


def clash(solution: Solution, problem: Problem, request: Request, rebuilt: Rebuilt) -> ImpossibleProgramme:
    """
    Explain an infeasible solution.

    Parameters
    ----------
    solution
        Of status "infeasible".
    problem, request
        What was solved, and what it was written from.
    rebuilt
        Writes the problem of a changed programme or objectives, all else of the request the same.

    Returns
    -------
    error
        ``values["clash"]`` are the demands that clash, ``values["mends"]`` the single changes that
        mend it, or a sentence that there is none.
    """
    conflict = solution.conflict
    names = conflict.names if conflict is not None else ()
    lines = _lines(names, problem, request)
    mends = mends_of(problem, request, conflict, rebuilt)
    if conflict is None or not names:
        return ImpossibleProgramme(
            "No plan meets all demands together, and no clash could be named. {mends}", mends=mends.said()
        )
    if conflict.irreducible:
        return ImpossibleProgramme(
            "No plan meets all demands together. These clash: {clash}. {mends}", clash=listed(lines), mends=mends.said()
        )
    return ImpossibleProgramme(
        "No plan meets all demands together. These clash, though perhaps not all are needed for it: {clash}. {mends}",
        clash=listed(lines),
        mends=mends.said(),
    )


@dataclass(frozen=True, slots=True)
class _Quotas:
    """The zones of one quota line whose rules clash."""

    quota: ZoneQuota
    zones: list[str]


def _lines(names: tuple[str, ...], problem: Problem, request: Request) -> tuple[Phrase, ...]:
    """Say the named demands, in their order, each line of the file once."""
    demands: dict[str, Rule | Floor] = {rule.name: rule for rule in problem.rules}
    demands |= {floor.name: floor for floor in problem.floors}
    quotas = {str(quota.from_year): quota for quota in request.programme.zone_quotas}
    conditions = {line.key: line.said for line in lines_of(request.programme.conditions)}
    floors: dict[int, tuple[CoverFloor, list[Name | str]]] = {}
    names_of = _zone_names(request)
    said: dict[str, Phrase | _Quotas] = {}
    for name in names:
        demand = demands[name]
        year = quota_year(name)
        if isinstance(demand, Rule) and demand.kind == "quota" and year in quotas:
            line = said.setdefault(f"quota:{year}", _Quotas(quotas[year], []))
            assert isinstance(line, _Quotas)
            zone = name.partition(":")[2].rpartition(":")[0]
            if zone not in line.zones:
                line.zones.append(zone)
        elif isinstance(demand, Rule) and demand.kind == "count":
            said[name] = _count_in_words(demand, request.programme)
        elif isinstance(demand, Floor) and (floor := line_of_floor(name, request.objectives)) is not None:
            floors.setdefault(id(floor), (floor, []))[1].append(names_of.get(part_of_floor(name), part_of_floor(name)))
            said[f"floor {id(floor)}"] = floor_in_words(*floors[id(floor)])
        elif key_of(name) in conditions:
            said[key_of(name)] = conditions[key_of(name)]
        else:
            said[name] = words_of(demand, problem)
    return tuple(_quota_in_words(line, request) if isinstance(line, _Quotas) else line for line in said.values())


def _count_in_words(rule: Rule, programme: Programme) -> Phrase:
    """Say a count, ``count:2024`` or ``count:2024:agency``, and what it is made of."""
    _, year, group = (*rule.name.split(":"), BASE)[:3]
    fixed = sum(f.operating <= int(year) and programme.count_group(f.kind) == group for f in programme.fixed)
    tranches = [f"{t.id}: {t.count}" for t in programme.tranches if t.operating <= int(year) and t.kind == group]
    values: dict[str, object] = {"centres": centres(int(rule.right)), "year": year, "fixed": fixed}
    made: Phrase = Phrase("all of them fixed")
    if tranches:
        made = Phrase(
            "fixed: {fixed}; of the tranches: {tranches}",
            {"fixed": fixed, "tranches": listed(tranches, between=", ")},
        )
    values["made"] = made
    if group != BASE:
        values |= {"kind": group, "places": places(int(rule.right))}
        return Phrase("{places} of the kind {kind} operating in {year} ({made})", values)
    if rule.sense == "<=":
        return Phrase("at most {centres} operating in {year} ({made})", values)
    return Phrase("{centres} operating in {year} ({made})", values)


def _zone_names(request: Request) -> dict[str, Name]:
    return {str(z.zone_id): Name(str(z.name_en), str(z.name_ar)) for z in request.country.zones.itertuples()}


def _quota_in_words(line: _Quotas, request: Request) -> Phrase:
    name = _zone_names(request)
    values: dict[str, object] = {"centres": centres(line.quota.at_least), "year": str(line.quota.from_year)}
    if len(line.zones) == len(name):
        return Phrase("at least {centres} operating in each governorate from {year}", values)
    named: Phrases = listed([name.get(zone, zone) for zone in line.zones], most=MOST_NAMED, between=", ")
    return Phrase(
        "at least {centres} operating in each governorate from {year} (here: {zones})", values | {"zones": named}
    )
