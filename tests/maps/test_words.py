import dataclasses
import math

import pytest

from foundation.language import language
from maps import words
from maps.figures import Figures, figures_of
from maps.words_of_places import site_rows, zone_rows

EN, AR = language("en"), language("ar")


def certificate(*stages, status="proven_optimal"):
    return {
        "status": status,
        "stages": [
            {
                "objective": f"goal {k}",
                "title_en": f"Goal {k}",
                "title_ar": f"هدف {k}",
                "status": word,
                "bound": 200.0,
                "gap": 5.0,
                "proof": "checked",
                "rechecked": True,
            }
            for k, word in enumerate(stages)
        ],
    }


def test_the_proof_line_is_the_official_sentence():
    proven = certificate("proven_optimal", "proven_optimal")
    assert words.proof_line(AR, proven) == "ثبت حسابيًا أنه لا توجد خطة أفضل ضمن هذه الشروط"
    assert (
        words.proof_line(EN, proven) == "It is proven by computation that no better plan exists under these conditions"
    )


@pytest.mark.parametrize(
    ("stages", "status", "expected"),
    [
        (["proven_optimal", "within_gap"], "proven_optimal", "within_gap"),
        (["proven_optimal", "best_found"], "within_gap", "best_found"),
        (["proven_optimal"], "not_finished", "not_finished"),
        ([], "infeasible", "infeasible"),
        ([], "proven_optimal", "best_found"),
        (["proven_optimal", "a new word"], "proven_optimal", "a new word"),
    ],
)
def test_the_weakest_word_counts(stages, status, expected):
    weak = certificate(*stages, status=status)
    assert words.proof_status(weak) == expected
    for spoken in (EN, AR):
        said = words.proof_line(spoken, weak)
        assert said != words.proof_line(spoken, certificate("proven_optimal"))
        assert words.proof_note(spoken, weak) == ""


def test_a_gap_is_said_with_its_goal():
    said = words.proof_line(EN, certificate("proven_optimal", "within_gap", status="within_gap"))
    assert said == (
        "This plan is within 2.50% of the best possible for the goal “Goal 1”; it is not proven to be the best"
    )


def test_a_gap_without_a_bound_is_not_a_figure():
    loose = certificate("within_gap", status="within_gap")
    loose["stages"][0]["bound"] = None
    assert words.proof_line(EN, loose) == "The best plan found; it is not proven that no better one exists"


def test_a_proof_by_the_solver_alone_says_so():
    solver = certificate("proven_optimal")
    assert words.proof_note(EN, solver) == "The proof of every goal was checked again without the solver"
    for unchecked in ({"proof": "solver"}, {"rechecked": False}):
        solver = certificate("proven_optimal", "proven_optimal")
        solver["stages"][1] |= unchecked
        assert not words.is_proven(solver)
        assert words.proof_note(EN, solver) == ""
        assert words.proof_line(EN, solver) == (
            "The solver finds no better plan under these conditions; that is not checked without it"
        )
        assert "ثبت حسابيًا" not in words.proof_line(AR, solver)


def test_the_headline_says_year_share_and_standard(run):
    figures = figures_of(run)
    totals = run.info["totals_by_year"]["2024"]
    share = EN.percent(totals["covered"] / totals["population"])
    assert words.headline(EN, figures, 2024) == (
        f"Under this plan, {share} of the people of Nowhere can reach a comprehensive government service centre "
        "within 30 minutes in urban areas or 60 minutes in rural areas by the end of 2024."
    )
    assert "بلد متخيَّل" in words.headline(AR, figures, 2024)


def test_one_standard_for_all_is_said_once(run):
    info = run.info | {"standard": {"urban_minutes": 45, "rural_minutes": 45}}
    assert words.headline(EN, Figures(info, figures_of(run).table), 2025).endswith(
        "within 45 minutes by the end of 2025."
    )


def test_the_five_numbers_are_those_of_the_run(run):
    figures = figures_of(run)
    names = {site["governorate"]: site["governorate_en"] for site in run.info["sites"]}
    share, covered, centres, worst, outside = words.five_numbers(EN, figures, 2025, names)
    totals = run.info["totals"]
    assert covered.value == f"{totals['covered']:,}"
    assert covered.note == f"of {totals['population']:,}"
    assert share.value == EN.percent(totals["covered"] / totals["population"])
    assert (centres.value, centres.note) == ("21", "new this year: 5")
    assert worst.value == run.info["worst_off"]["name_en"]
    assert worst.note == f"covered: {EN.percent(run.info['worst_off']['covered_share'])}"
    assert outside.value == f"{totals['out_of_standard']:,}"
    assert outside.note == f"in addition, with no route in the data: {totals['unreachable']:,}"
    assert {figure.basis for figure in (share, covered, worst, outside)} == {"modelled"}


def test_several_worst_off_governorates_are_counted_not_named(run):
    figures = figures_of(run)
    worst, least = figures.worst_off(2022)
    assert least == 0.0
    assert len(worst) > 1
    number = words.five_numbers(EN, figures, 2022, {})[3]
    assert number.value == f"{len(worst)} governorates"


def test_bands_are_taken_apart_and_never_made_up():
    rows = {(2025, "XX", f"within_{limit}"): (value, "modelled") for limit, value in ((30, 70), (60, 90), (90, 95))}
    info = {"country": {"code": "XX"}, "years": [2025], "totals_by_year": {"2025": {"unreachable": 3}}}
    bands = Figures(info, rows).bands(2025)
    assert bands["within_60"] == 20
    assert bands["within_90"] == 5
    assert bands["unreachable"] == 3
    assert math.isnan(bands["beyond_90"])


@pytest.mark.parametrize(
    ("value", "english", "arabic"),
    [
        (30, "30 minutes", "\u206630\u2069 دقيقة"),
        (1, "1 minute", "دقيقة واحدة"),
        (5.0, "5 minutes", "\u20665\u2069 دقائق"),
        (12.3, "12.3 minutes", "\u206612.3\u2069 دقيقة"),
        (math.nan, "—", "—"),
    ],
)
def test_minutes_are_counted_as_each_language_counts(value, english, arabic):
    assert words.minutes(EN, value) == english
    assert words.minutes(AR, value) == arabic


def test_a_governorate_tells_its_farthest_place_and_next_opening(run):
    figures = figures_of(run)
    zone = run.layer("governorates").drop(columns="geometry").iloc[1].to_dict()
    site = next(s for s in run.info["sites"] if s["governorate"] == zone["zone_id"])
    rows = {row.label: row for row in zone_rows(EN, figures, 2022, zone)}
    assert rows["Next opening"].value == site["name_en"]
    assert rows["Next opening"].note == str(site["operating_year"])
    assert rows["Farthest place (2025)"].value == zone["farthest_place_en"]
    assert rows["Farthest place (2025)"].note == words.minutes(EN, zone["farthest_minutes"])
    last = {row.label: row for row in zone_rows(EN, figures, 2025, zone)}
    assert last["Next opening"].value == "none planned in this programme"
    assert last["People within the standard"].value == f"{zone['covered']:,.0f}"


def test_what_is_not_known_of_a_centre_is_unknown_not_zero(run):
    figures = figures_of(run)
    planned = run.info["sites"][5]
    rows = {row.label: row for row in site_rows(EN, figures, planned)}
    assert planned["services_count"] is None
    assert rows["Services"].value == "Unknown"
    assert {row.label: row for row in site_rows(AR, figures, planned)}["عدد الخدمات"].value == "غير معروف"
    flagged = {row.label: row for row in site_rows(EN, figures, run.info["sites"][1])}
    assert flagged["Residents for whom it is the nearest"].note == "above the assumed load of 400,000"


def test_figures_are_values(run):
    with pytest.raises(dataclasses.FrozenInstanceError):
        words.Figure("a", "b").value = "c"


@pytest.mark.parametrize(
    ("count", "english", "arabic"),
    [
        (1, "1 centre is the nearest one for more than 300,000 residents (assumed load)", "مركز واحد"),
        (2, "2 centres are the nearest one for more than 300,000 residents each (assumed load)", "مركزان"),
        (8, "8 centres are the nearest", "مراكز كلٌّ"),
        (11, "11 centres are the nearest", "مركزًا كلٌّ"),
        (100, "100 centres are the nearest", "مركز كلٌّ"),
    ],
)
def test_centres_above_the_assumed_load_are_counted_in_both_languages(count, english, arabic):
    load = {"residents_per_centre": 300_000, "flagged": count}
    assert words.load_note(EN, load).startswith(english)
    assert words.load_note(EN, load).endswith(": reach is not capacity.")
    assert arabic in words.load_note(AR, load)
    assert AR.number(count) in words.load_note(AR, load)


@pytest.mark.parametrize("load", [{}, {"residents_per_centre": 300_000, "flagged": 0}])
def test_without_a_centre_above_the_load_nothing_is_said(load):
    assert words.load_note(EN, load) == words.load_note(AR, load) == ""


def test_the_headline_names_every_standard(run):
    figures = figures_of(run)
    standard = figures.info["standard"] | {"remote_minutes": 90, "groups": {"elderly": 15.0, "nomads": 60}}
    told = Figures(dict(figures.info) | {"standard": standard}, figures.table)
    assert words.headline(EN, told, 2025).endswith(
        ". In remote areas the standard is 90 minutes. For this group the standard is 15 minutes wherever it is "
        "stricter: Elderly (60 and over). For this group the standard is 60 minutes wherever it is stricter: nomads."
    )
    assert "كبار السن" in words.headline(AR, told, 2025)


def test_the_headline_never_rounds_up_to_everyone(run):
    figures = figures_of(run)
    totals = {**run.info["totals_by_year"], "2025": {**run.info["totals_by_year"]["2025"]}}
    totals["2025"]["covered"] = totals["2025"]["population"] - 1
    nearly = dataclasses.replace(figures, info={**run.info, "totals_by_year": totals})
    assert "99.9%" in words.headline(EN, nearly, 2025)
    totals["2025"]["covered"] += 1
    assert "100.0%" in words.headline(EN, nearly, 2025)
