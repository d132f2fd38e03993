"""What the documents show runs, and what a scenario file may hold is written down: an example cannot rot."""

from __future__ import annotations

import dataclasses
import re
import typing
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

import geodata
from foundation.strict_yaml import parse_yaml
from planning.siting import site_programme
from scenarios import load_scenario
from scenarios.files import _Settings
from scenarios.studies import STUDIES
from scenarios.work import read_inputs, request_of

ROOT = Path(__file__).parents[1]
PLANNING = sorted((ROOT / "docs" / "planning").glob("*.md"))
SCENARIOS = ROOT / "docs" / "scenarios.md"
BASE = {
    "schema": 1,
    "name": "example",
    "title": {"en": "Example", "ar": "مثال"},
    "country": "jordan",
    "years": [2024, 2025],
    "programme": {
        "tranches": [{"id": "all", "title": {"en": "All", "ar": "الكل"}, "count": 1, "begun": 2024, "operating": 2025}]
    },
}


def blocks(path, kind):
    """Each fenced block of a kind: the line it starts at, and its text."""
    text = path.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{kind}\n(.*?)^```$", text, flags=re.M | re.S)
    return [(text.count("\n", 0, one.start()) + 2, one.group(1)) for one in found]


@pytest.mark.parametrize("path", PLANNING, ids=lambda path: path.stem)
def test_every_python_example_of_planning_runs(path, monkeypatch):
    """One namespace a page, as a reader would go on typing."""
    monkeypatch.chdir(ROOT)
    names = {"__name__": f"docs.planning.{path.stem}"}
    found = blocks(path, "python")
    assert found, f"{path.name} has no example"
    for line, text in found:
        exec(compile("\n" * (line - 1) + text, str(path), "exec"), names)


def sections():
    """All blocks of the page on scenarios; of a page on planning those that are whole sections, not parts of one."""
    for page in (SCENARIOS, *PLANNING):
        for line, text in blocks(page, "yaml"):
            if page == SCENARIOS or not text.startswith(" "):
                yield pytest.param(f"{page.name}:{line}", text, id=f"{page.stem}{line}")


@pytest.mark.parametrize(("place", "text"), list(sections()))
def test_every_section_in_the_docs_is_read(place, text, tmp_path):
    """Each block is a section as it may stand in a file, read and built by the models that read a planner's file."""
    section = parse_yaml(text, name=place)
    path = tmp_path / "example.yaml"
    path.write_text(yaml.safe_dump(BASE | section, allow_unicode=True), encoding="utf-8")
    settings = load_scenario(str(path)).settings
    for part in (settings.demand, settings.capacity, settings.partnership):
        if part is not None:
            part.build()


def test_every_place_named_in_the_docs_of_scenarios_is_one_of_jordan():
    jordan = geodata.load("jordan")
    known = {*jordan.candidates["site_id"], *jordan.districts["district_id"], *jordan.zones["zone_id"]}
    assert set(re.findall(r"JO-[A-Z]{2}(?:-[a-z-]+)?", SCENARIOS.read_text(encoding="utf-8"))) <= known


def models_in(annotation):
    """The models that an annotation holds, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from models_in(inner)


def fields_of(model, seen):
    """Every field of a model and of the models in it, by the name a planner writes."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in models_in(field.annotation):
            if inner not in seen:
                seen.add(inner)
                yield from fields_of(inner, seen)


def part_of(name):
    """The part of the page under the heading of a section."""
    text = SCENARIOS.read_text(encoding="utf-8")
    found = re.search(rf"^## `{name}`\n(.*?)(?=^## )", text, flags=re.M | re.S)
    return text.partition("\n## ")[0] if found is None else found.group(1)


@pytest.mark.parametrize("name", [field.alias or name for name, field in _Settings.model_fields.items()])
def test_every_field_of_a_section_is_named_where_the_section_is(name):
    field = next(f for n, f in _Settings.model_fields.items() if (f.alias or n) == name)
    coded = " ".join(re.findall(r"`[^`\n]+`|^```yaml\n.*?^```$", part_of(name), flags=re.M | re.S))
    words = set(re.findall(r"[A-Za-z0-9_]+", coded))
    inside = {inner for model in models_in(field.annotation) for inner in fields_of(model, {model})}
    assert {name, *inside} - words - {name} == set()
    assert name in SCENARIOS.read_text(encoding="utf-8")


def test_every_model_of_planning_is_in_the_index():
    index = (ROOT / "docs" / "planning.md").read_text(encoding="utf-8")
    assert {path.name for path in PLANNING} == set(re.findall(r"\(planning/([a-z]+\.md)\)", index))


def test_what_a_study_may_add_to_a_run_is_written_down():
    text = (ROOT / "docs" / "run-folder.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+(?:\.csv)?", text))
    for kind in STUDIES:
        assert {*kind.fields, *kind.files, *kind.layers, kind.name} <= words, kind.name


READMES = [ROOT / "README.md", ROOT / "README.ar.md"]


def toured(readme, folder):
    """Do what the tour says of a scenario file, literally: the copy, the new head, the lines added at its end."""
    (copied,) = re.findall(r"^    cp (\S+) mine\.yaml$", readme.read_text(encoding="utf-8"), flags=re.M)
    head, *added = [text for _, text in blocks(readme, "yaml")]
    old = (ROOT / copied).read_text(encoding="utf-8")
    start = re.search(r"^name: .*\ntitle:\n(?:  .*\n)+", old, flags=re.M)
    path = folder / "mine.yaml"
    path.write_text(old.replace(start.group(), head) + added[0], encoding="utf-8")
    return path, added


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_scenario_of_the_tour_is_read(readme, tmp_path):
    path, _ = toured(readme, tmp_path)
    scenario = load_scenario(str(path))
    assert (scenario.name, scenario.title_ar) == ("mine", "الأردن، معيار وصول أشد")
    assert scenario.settings.standard.urban_minutes < 30


def test_both_tours_take_the_same_steps():
    english, arabic = ([text for _, text in blocks(readme, "yaml")] for readme in READMES)
    assert english == arabic


# One plan that keeps the tour's conditions, as the tour finds it; any such plan shows that there is one.
WITNESS = """
    JO-AZ-russeifa JO-IR-irbid JO-AM-sweileh JO-MA-basiliyya JO-JA-sakib JO-KA-karak JO-BA-maaddi JO-AQ-aqaba
    JO-MD-main JO-AJ-rasoun JO-IR-umm-qais JO-MN-maan JO-AZ-north-azraq JO-AM-sahab JO-AT-tafilah JO-IR-shajara
    JO-AZ-dhlail JO-MA-manshiyat-bani-hasan JO-MA-umm-al-quttein JO-KA-mughayyir-karak
"""


def test_the_conditions_of_the_tour_can_be_met_together(tmp_path):
    """With no candidate but its places, a plan is only held against standard, floors, quotas and budget."""
    scenario = load_scenario(str(toured(READMES[0], tmp_path)[0]))
    country, _ = read_inputs(scenario)
    asked = request_of(scenario, country)
    here = country.candidates["site_id"].isin([*WITNESS.split(), "JO-AM-muqabalain"])
    few = dataclasses.replace(country, candidates=country.candidates[here].reset_index(drop=True))
    plan = site_programme(dataclasses.replace(asked, country=few))
    results = plan.results
    final = results[
        (results["year"] == 2025) & (results["scope"] == "nation") & (results["measure"] == "covered_share")
    ]
    shares = final.set_index("group")["value"]
    assert shares["elderly"] >= 0.95
    assert shares["disabled"] >= 0.95
