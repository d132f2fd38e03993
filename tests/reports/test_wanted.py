"""The standard's finer parts and the objectives, said in both languages."""

import pytest

from foundation.language import language
from reports.parts.wanted import OBJECTIVES, TOLERATED, objective_choices, standard_choices
from reports.writing import Writer
from tests.reports.chapters import bare, material_of

STANDARD = {
    "urban_minutes": 30,
    "rural_minutes": 60,
    "remote_minutes": 90,
    "remote": {"districts": ["TO-C-1"], "density_at_most_per_km2": 12},
    "groups": {"elderly": 20},
    "joint_groups": "assumed independent",
    "bands": [{"urban_minutes": 15, "rural_minutes": 30, "benefit": 0.6}],
    "weight": 1,
    "further": [{"name": "near", "urban_minutes": 12, "rural_minutes": 20, "weight": 0.5}],
}
OBJECTIVES_RECORD = {
    "order": [
        {"objective": "covered_person_years", "tolerance": 2500},
        {"objective": "worst_group", "tolerance": 0.05},
        {"objective": "ede", "tolerance": 0},
    ],
    "discount_rate": 0.03,
    "floors": [
        {"scope": "governorate", "which": "A", "share": 0.6, "people": None, "all_within_reach": False, "from": 2024},
        {"scope": "group", "which": "each", "share": None, "people": 700, "all_within_reach": False, "from": 2025},
        {"scope": "nation", "which": "each", "share": None, "people": None, "all_within_reach": True, "from": 2025},
        {
            "scope": "settlement",
            "which": "rural",
            "share": 0.5,
            "people": None,
            "all_within_reach": False,
            "from": 2025,
        },
    ],
}


def said(code):
    writer = Writer(language(code))
    lines = standard_choices(writer, STANDARD) + objective_choices(
        writer, material_of({"objectives": OBJECTIVES_RECORD})
    )
    return [bare(line) for line in lines]


@pytest.mark.parametrize(
    "sentence",
    [
        "In remote areas the standard is 90 minutes. Rural places of these districts are remote: TO-C-1.",
        "Objective 1: the most people within the standard over the programme's years. Later objectives may lose 2,500 "
        "person-years of it.",
        "Objective 2: the greatest share in the worst-covered group. Later objectives may lose 5.0% of it.",
        "Objective 3: the least Kolm–Pollak equivalent of travel.",
        "Coverage of a later year counts less: 3.0% a year, from the first year of the programme on.",
        "From 2024, at least 60.0% must be within the standard: Alpha.",
        "From 2025, everybody whom a permitted place can reach must be within the standard: the whole country.",
        "From 2025, at least 50.0% must be within the standard: rural areas.",
    ],
)
def test_what_was_asked_for_is_said(sentence):
    assert sentence in said("en")


def test_every_sentence_has_its_arabic():
    lines = said("ar")
    assert len(lines) == len(said("en")) == 14
    for line in lines:
        assert not any(word in line for word in ("standard", "areas", "Objective", "minutes", "From", "each"))


def test_every_objective_has_words_in_both_languages():
    arabic = language("ar")
    for sentence in {*OBJECTIVES.values(), *TOLERATED.values()}:
        assert arabic.text(sentence) != sentence


def test_a_run_that_asks_for_nothing_more_says_nothing_more():
    writer = Writer(language("en"))
    assert standard_choices(writer, {"urban_minutes": 30, "rural_minutes": 60}) == []
    assert objective_choices(writer, material_of({})) == []
