"""Why no plan exists: every mend named is one, the nearest, and can be written in the file."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from api.errors import row_for
from foundation.errors import ImpossibleProgramme, InvalidInput, NotFinished, Phrases
from foundation.language import language
from optimization import Floor, Rule
from planning.aims import CoverFloor, Objectives
from planning.conditions import AreaRule, Conditions, SiteLimit, Spacing, Together
from planning.programme import FixedCentre, Tranche, ZoneQuota
from planning.siting import Request, SolverSettings, site_programme
from planning.siting.instance import COMPREHENSIVE
from planning.siting.mends import mends_of
from planning.siting.plan import journeys_of, problem_of
from planning.siting.wording import mend_of, words_of
from tests.planning.test_siting import _nested_plans
from tests.toy import toy_country, toy_programme

SMALL = toy_country(seed=3, points=8, candidates=7)
PARTIAL = {6}  # the toy's airport
YEARS = (2023, 2024)


def _possible(programme) -> bool:
    ids, zones = list(SMALL.candidates["site_id"]), list(SMALL.candidates["zone_id"])
    return next(iter(_nested_plans(ids, zones, programme, PARTIAL)), None) is not None


def _changed(programme, **changes):
    """The programme with a change, or None where it is no programme."""
    try:
        return dataclasses.replace(programme, **changes)
    except InvalidInput:
        return None


def _expected(programme) -> list[str]:
    """Find the mends by trying every number of every line."""

    def works(**changes) -> bool:
        changed = _changed(programme, **changes)
        return changed is not None and _possible(changed)

    found = []
    for at, quota in enumerate(programme.zone_quotas):
        rest = [*programme.zone_quotas[:at]], [*programme.zone_quotas[at + 1 :]]

        def quotas(*instead, rest=rest):
            return (*rest[0], *instead, *rest[1])

        for n in range(quota.at_least - 1, -1, -1):
            instead = (dataclasses.replace(quota, at_least=n),) if n else ()
            if works(zone_quotas=quotas(*instead)):
                found.append(f"at_least: {n}" if n else "remove the quota")
                break
        if not quota.fixed_count and works(zone_quotas=quotas(dataclasses.replace(quota, fixed_count=True))):
            found.append("fixed_centres_count: true")
        for year in YEARS:
            if year > quota.from_year and works(zone_quotas=quotas(dataclasses.replace(quota, from_year=year))):
                found.append(f"from: {year}")
                break
    for at, tranche in enumerate(programme.tranches):
        for numbers in (range(tranche.count + 1, 12), range(tranche.count - 1, -1, -1)):
            for n in numbers:
                instead = (dataclasses.replace(tranche, count=n),) if n else ()
                if works(tranches=(*programme.tranches[:at], *instead, *programme.tranches[at + 1 :])):
                    found.append(f"{tranche.id} count: {n}" if n else f"remove {tranche.id}")
                    break
    return found


def _named(error: ImpossibleProgramme) -> list[str]:
    sentence = error.values["mends"]
    several = sentence.values.get("mends")
    phrases = several.parts if isinstance(several, Phrases) else [p for p in [sentence.values.get("mend")] if p]
    said = []
    for phrase in phrases:
        if "id" in phrase.values:
            who = phrase.values["id"]
            said.append(f"{who} {phrase.values['setting']}" if "setting" in phrase.values else f"remove {who}")
        else:
            said.append(phrase.values.get("setting", "remove the quota"))
    return said


@st.composite
def programmes(draw):
    count = st.integers(1, 4)
    tranches = tuple(
        Tranche(name, name, name, draw(count), 2023, draw(st.sampled_from(YEARS)))
        for name in ("one", "two")[: draw(st.integers(1, 2))]
    )
    years = draw(st.sampled_from([(2023,), (2024,), (2023, 2024)]))
    return toy_programme(
        years=YEARS,
        tranches=tranches,
        fixed=(FixedCentre("TO-A-00", None, 2023),) if draw(st.booleans()) else (),
        zone_quotas=tuple(ZoneQuota(draw(st.integers(1, 3)), year, draw(st.booleans())) for year in years),
        private=None,
    )


@settings(max_examples=40, deadline=None)
@given(programme=programmes())
def test_the_mends_named_are_those_that_trying_every_number_finds(programme):
    request = Request(SMALL, programme)
    journeys = journeys_of(request)
    problem = problem_of(request, journeys)
    assume(not _possible(programme))
    with pytest.raises(ImpossibleProgramme) as caught:
        site_programme(dataclasses.replace(request, ready_travel=journeys))
    assert _named(caught.value) == _expected(programme)
    assert {rule.kind for rule in problem.rules} <= {"count", "quota", "open_stays_open"}


def test_a_possible_programme_is_not_called_impossible():
    programme = toy_programme(years=YEARS, tranches=(Tranche("a", "a", "a", 2, 2023, 2024),), private=None)
    assert _possible(programme)
    assert site_programme(Request(SMALL, programme)).certificate.status == "proven_optimal"


def test_a_time_limit_without_a_plan_is_not_called_impossible():
    request = Request(SMALL, toy_programme(private=None), solver=SolverSettings(time_limit_seconds=1e-9))
    with pytest.raises(NotFinished, match="within the time limit") as caught:
        site_programme(request)
    assert not isinstance(caught.value, ImpossibleProgramme)
    assert row_for(caught.value).exit_code == 10


def _with_floor(floor: CoverFloor, **changes: object) -> str:
    """Say the error of a programme with a floor, or nothing where there is a plan."""
    request = Request(SMALL, toy_programme(private=None, **changes), objectives=Objectives(floors=(floor,)))
    try:
        site_programme(request)
    except ImpossibleProgramme as error:
        return str(error)
    return ""


def test_a_floor_is_lowered_to_the_nearest_per_cent_that_gives_a_plan():
    floor = CoverFloor("governorate", share=0.995)
    said = _with_floor(floor)
    assert "the floor of people within the standard for each governorate (share: 0.995; here: " in said
    written = re.search(r"in the floor for each governorate, write share: (\S+) instead of share: 0\.995", said)
    assert written is not None
    share = float(written[1])
    assert _with_floor(dataclasses.replace(floor, share=share)) == ""
    assert _with_floor(dataclasses.replace(floor, share=round(share + 0.01, 2))) != ""


def test_a_floor_of_people_is_lowered_by_the_least():
    everyone = int(SMALL.people["people"].sum())
    said = _with_floor(CoverFloor("nation", people=everyone))
    written = re.search(r"in the floor for the nation, write people: (\d+) instead of people: \d+", said)
    assert written is not None
    most = int(written[1])
    assert _with_floor(CoverFloor("nation", people=most)) == ""
    assert _with_floor(CoverFloor("nation", people=most + 1)) != ""


def _clash(**changes) -> ImpossibleProgramme:
    with pytest.raises(ImpossibleProgramme) as caught:
        site_programme(Request(toy_country(), toy_programme(**changes)))
    return caught.value


def test_a_quota_is_said_as_the_one_line_it_is():
    said = str(_clash(zone_quotas=(ZoneQuota(2, 2024),)))
    assert said.count("at least 2 centres operating in each governorate from 2024") == 1
    assert "in the quota from 2024 (at least 2), write at_least: 1" in said
    assert "in the tranche three, write count: 5 instead of 3" in said


def test_only_the_governorates_that_clash_are_named_in_either_language():
    error = _clash(zone_quotas=(ZoneQuota(4, 2024, False), ZoneQuota(9, 2025)))
    assert "each governorate from 2025 (here: Gamma)" in str(error) or "(here: Beta)" in str(error)
    arabic = language("ar").error(error)
    assert "جاما" in arabic or "بيتا" in arabic
    assert "Gamma" not in arabic


def test_where_no_single_change_is_enough_it_is_said():
    error = _clash(zone_quotas=(ZoneQuota(4, 2024, False), ZoneQuota(5, 2025, False)))
    assert str(error).endswith("No single change of one line mends it; change several.")


def test_a_quota_that_would_be_nought_is_to_be_removed():
    assert _named(_clash(zone_quotas=(ZoneQuota(2, 2023),)))[0] == "remove the quota"


def test_a_count_says_what_it_is_made_of():
    error = _clash(tranches=(Tranche("many", "Many", "كثير", 40, 2023, 2024),), private=None)
    assert "41 centres operating in 2025 (fixed: 1; of the tranches: many: 40)" in str(error)
    assert _named(error) == ["many count: 10"]


def _enumerated(problem) -> bool:
    """Tell whether any of all plans meets the bounds and rules, counted in plain whole numbers."""
    free = np.flatnonzero(problem.columns.lower < problem.columns.upper)
    assert free.size <= 14
    plans = np.tile(problem.columns.lower.astype(np.int64), (2**free.size, 1))
    plans[:, free] = (np.arange(2**free.size)[:, None] >> np.arange(free.size)) & 1
    good = np.ones(len(plans), dtype=bool)
    for rule in problem.rules:
        total = plans[:, rule.columns] @ rule.coefficients
        good &= {"<=": total <= rule.right, ">=": total >= rule.right, "==": total == rule.right}[rule.sense]
    return bool(good.any())


ALPHA, BETA = (
    tuple(site for site in SMALL.candidates["site_id"] if site.startswith(zone)) for zone in ("TO-A", "TO-B")
)


@pytest.mark.parametrize("quota", [1, 2])
@pytest.mark.parametrize(
    ("field", "entry", "settings"),
    [
        ("site_limits", SiteLimit("few", (*ALPHA, *BETA)), [("at_most", at) for at in range(2, 8)]),
        ("site_limits", SiteLimit("none", BETA, 0), []),
        ("areas", AreaRule("ab", "A and B", "أ ب", ("TO-A", "TO-B"), at_most=1), [("at_most", n) for n in range(2, 8)]),
        ("areas", AreaRule("b", "B", "ب", ("TO-B",), at_least=4), [("at_least", n) for n in (3, 2, 1)]),
        ("together", Together("pair", (*ALPHA[1:], *BETA)), []),
        ("spacing", Spacing("far", 90.0), [("km", float(km)) for km in range(89, 0, -1)]),
        ("spacing", Spacing("far", 40.5), [("km", float(km)) for km in range(40, 0, -1)]),
    ],
)
def test_a_condition_is_loosened_by_the_least_that_mends_or_left_out(quota, field, entry, settings):
    """Each number that a condition may take is tried on every plan."""
    tranches = (Tranche("a", "a", "a", 2, 2023, 2024),)
    programme = toy_programme(
        years=YEARS,
        tranches=tranches,
        zone_quotas=(ZoneQuota(quota, 2024, quota == 1),),
        private=None,
        conditions=Conditions(**{field: (entry,)}),
    )
    journeys = journeys_of(Request(SMALL, programme))

    def works(*instead) -> bool:
        changed = dataclasses.replace(programme, conditions=Conditions(**{field: instead}))
        return _enumerated(problem_of(Request(SMALL, changed), journeys))

    if works(entry):
        return
    with pytest.raises(ImpossibleProgramme) as caught:
        site_programme(Request(SMALL, programme, ready_travel=journeys))
    numbers = (n for name, n in settings if works(dataclasses.replace(entry, **{name: n})))
    nearest = next(numbers, None)
    said = str(caught.value)
    clashing = f"({entry.name})" in said
    if clashing and nearest is not None:
        assert f"in the rule {entry.name}, write {settings[0][0]}: {nearest:g} instead of" in said
    else:
        assert f"in the rule {entry.name}, write" not in said
    removable = clashing and nearest is None and works()
    assert (f"remove the rule {entry.name}" in said or f"in the rule {entry.name}, remove" in said) == removable


def _toy_problem():
    request = Request(
        SMALL, toy_programme(years=YEARS, tranches=(Tranche("a", "a", "a", 2, 2023, 2024),), private=None)
    )
    return request, problem_of(request, journeys_of(request))


@pytest.mark.parametrize("kind", ["budget", "spacing", "a_kind_nobody_knows"])
def test_any_kind_of_rule_is_said_and_its_mend_is_tried(kind):
    request, problem = _toy_problem()
    final = np.flatnonzero((problem.columns.year == 2024) & (problem.columns.kind == COMPREHENSIVE))
    rule = Rule("lid", kind, final, np.full(final.size, 10), "<=", 5, unit="JOD")
    hard = dataclasses.replace(problem, rules=(*problem.rules, rule))
    import optimization

    conflict = optimization.solve(hard).conflict
    assert conflict.relaxations["lid"] == 25.0  # three centres of 10
    said = [str(p) for p in mends_of(hard, request, conflict, lambda _, __: hard).found]
    assert said == ["remove the rule lid" if kind == "spacing" else "in the rule lid: 30 JOD instead of 5"]
    words = str(words_of(rule, hard))
    assert "lid" in words
    if kind == "a_kind_nobody_knows":
        assert words == "at most 5 JOD (lid)"


def test_a_floor_is_said_in_the_unit_of_its_measure():
    _, problem = _toy_problem()
    measure = problem.measures[0]
    floor = Floor("reach", measure.name, 7)
    assert str(words_of(floor, problem)) == "at most 7 person-years beyond reach (reach)"
    assert str(mend_of(floor, 3.0, problem)) == "in reach: at most 10 person-years beyond reach instead of 7"
