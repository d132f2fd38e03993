"""What the studies would refuse after solving is refused before it, all at once and in both languages."""

from __future__ import annotations

import pytest

from foundation.errors import InvalidInput
from foundation.language import language
from scenarios import load_scenario, work
from tests.toy_pack import toy_scenario
from tests.toy_services import toy_with_services

OPENING = {"what": "public_centre", "year": 2026, "site": "TO-B-99"}
WITHDRAWN = {"what": "services_withdrawn", "year": 2031, "services": ["taxes"]}


def refused(tmp_path, monkeypatch, **sections):
    def nothing(*_args, **_given):
        raise AssertionError("siting began")

    monkeypatch.setattr(work, "site_programme", nothing)
    monkeypatch.setattr(work, "journeys_for", nothing)
    monkeypatch.setattr(work, "read_inputs", lambda _scenario: (toy_with_services(), {}))
    scenario = load_scenario(str(toy_scenario(tmp_path, **sections)))
    with pytest.raises(InvalidInput) as caught:
        work.run_scenario(scenario, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()
    ar = language("ar").text(caught.value.template, **caught.value.values)
    assert "is no" not in ar
    assert "expected" not in ar
    return str(caught.value)


def test_every_name_is_looked_up_before_solving(tmp_path, monkeypatch):
    said = refused(
        tmp_path,
        monkeypatch,
        demand={},
        capacity={"limits": [{"site": "TO-A-0", "counters": 3}, {"kind": "comprehensve", "counters": 3}]},
        partnership={"events": [OPENING, WITHDRAWN], "term_years": 5, "starts": 2026},
        questions={"why_not": {"exact": ["nowhere-at-all"]}},
    )
    assert "capacity.limits: 'TO-A-0' is no candidate site; the nearest name is 'TO-A-0" in said
    assert "questions.why_not.exact: 'nowhere-at-all' is no candidate site" in said
    assert "partnership.events: 'TO-B-99' is no candidate site; the nearest name is 'TO-" in said
    assert "partnership.events: 'taxes' is no service; the nearest name is 'tax'" in said
    assert "capacity.limits: 'comprehensve' is no kind of place; the nearest name is 'comprehensive'" in said
    assert "partnership.events: 2031 lies outside the term, 2026 to 2030" in said


def test_years_that_do_not_fit_are_said(tmp_path, monkeypatch):
    future = {"take_up": [{"year": 2025, "share": 0.6}]}
    said = refused(tmp_path, monkeypatch, demand={}, partnership={"starts": 2020, "future": future})
    assert "partnership.future.take_up: a share is stated for 2025; expected years after 2025" in said
    assert "partnership.starts is 2020, before the programme's first year 2023" in said


def test_the_other_reading_of_a_quota_needs_one(tmp_path, monkeypatch):
    two = {"id": "two", "title": {"en": "Two", "ar": "اثنان"}, "count": 2, "begun": 2023, "operating": 2024}
    said = refused(tmp_path, monkeypatch, programme={"tranches": [two]}, compare=["quota_other_way"])
    assert "compare: the other reading of the quota needs a quota" in said


def test_visits_a_resident_beside_a_demand_are_refused(tmp_path, monkeypatch):
    said = refused(tmp_path, monkeypatch, demand={}, capacity={"visits_per_resident": 0.5})
    assert "remove capacity.visits_per_resident" in said
