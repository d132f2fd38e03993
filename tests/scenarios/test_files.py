"""Scenario files: every field is used, or refused by name."""

import pytest
import yaml

from foundation.errors import InvalidInput, NotFound
from foundation.strict_yaml import dump_yaml, load_yaml
from scenarios import load_scenario, preset_names
from tests.toy_pack import toy_scenario


def _raw(tmp_path):
    return yaml.safe_load(toy_scenario(tmp_path).read_text(encoding="utf-8"))


def _load(tmp_path, raw):
    path = tmp_path / "changed.yaml"
    path.write_text(dump_yaml(raw), encoding="utf-8")
    return load_scenario(str(path))


@pytest.mark.parametrize(
    ("name", "operating"),
    [
        ("jordan", [1, 1, 16, 21]),
        ("jordan-private-extra", [1, 1, 21, 26]),
        ("jordan-card", [1, 1, 32, 37]),
    ],
)
def test_the_presets_count_as_the_roadmap_was_read(name, operating):
    programme = load_scenario(name).programme()
    assert programme.years == (2022, 2023, 2024, 2025)
    assert [programme.operating(year) for year in programme.years] == operating
    assert programme.private.count == 5
    assert [(f.site_id, f.operating) for f in programme.fixed] == [("JO-AM-muqabalain", 2022)]
    assert [(q.at_least, q.from_year, q.fixed_count) for q in programme.zone_quotas] == [(1, 2024, True)]


def test_every_preset_opens_the_pilot_and_names_itself():
    for name in preset_names():
        scenario = load_scenario(name)
        assert scenario.name == name
        assert "JO-AM-muqabalain" in {f.site_id for f in scenario.programme().fixed}
        assert scenario.title_ar
        assert scenario.title_en


def test_resolved_settings_read_back_to_the_same_scenario(tmp_path):
    scenario = load_scenario(str(toy_scenario(tmp_path)))
    again = _load(tmp_path, scenario.resolved())
    assert again.resolved() == scenario.resolved()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "'colour' is not a known field"),
        ({"standard": {"urban": 30}}, "'standard.urban' is not a known field"),
        ({"standard": {"urban_minutes": -1.0}}, "standard.urban_minutes"),
        ({"standard": {"urban_minutes": "thirty"}}, "standard.urban_minutes"),
        ({"standard": {"partial_centres_count": "yes"}}, "standard.partial_centres_count"),
        ({"years": [2023, 2025]}, "years must be consecutive"),
        ({"years": "2023"}, "years"),
        ({"schema": 2}, "schema"),
        ({"name": "../evil"}, "name"),
        ({"compare": ["everything"]}, "compare"),
        ({"solver": {"gap": 1.5}}, "solver.gap"),
        ({"candidates": {"file": "a.csv", "mode": "mix"}}, "candidates.mode"),
    ],
)
def test_a_wrong_field_is_refused_by_name(tmp_path, change, message):
    with pytest.raises(InvalidInput, match=message):
        _load(tmp_path, _raw(tmp_path) | change)


def test_a_missing_field_is_named(tmp_path):
    raw = _raw(tmp_path)
    del raw["years"], raw["title"]["ar"]
    with pytest.raises(InvalidInput, match=r"'title\.ar' is missing; add it; 'years' is missing"):
        _load(tmp_path, raw)


@pytest.mark.parametrize(
    ("text", "message"),
    [("schema: 1\nschema: 1\n", "written twice"), ("schema:\n\t- 1\n", "tab"), ("- 1\n", "expected 'key: value'")],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path, text, message):
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=message):
        load_scenario(str(path))


def test_an_unknown_preset_names_the_known_ones():
    with pytest.raises(NotFound, match="jordan, jordan-2026, jordan-card, jordan-private-extra"):
        load_scenario("jordania")


def test_a_missing_file_is_named():
    with pytest.raises(NotFound, match=r"nowhere/x\.yaml"):
        load_scenario("nowhere/x.yaml")


def test_paths_start_at_the_scenario_file(tmp_path):
    path = toy_scenario(tmp_path, candidates={"file": "own.csv"})
    scenario = load_scenario(str(path))
    assert scenario.country == tmp_path / "pack"
    assert scenario.candidates_file == tmp_path / "own.csv"


def test_every_default_is_written_in_the_docs():
    """docs/scenarios.md lists every field, so that none is a secret."""
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    scenario = load_scenario("jordan").resolved()
    for part in ("standard", "objectives", "load", "solver"):
        for field in scenario[part]:
            assert field in text, f"{part}.{field}"


def test_the_strict_reader_and_the_scenario_agree(tmp_path):
    path = toy_scenario(tmp_path)
    assert load_yaml(path)["name"] == load_scenario(str(path)).name
