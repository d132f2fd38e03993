"""What stands beside the plan is held against the plan, its tables and its own arithmetic, without a solver."""

import contextlib
import json
import shutil
import sqlite3

import pytest

from scenarios import load_scenario, open_run, run_scenario, verify_run
from scenarios.studies.answer_rows import answer_tables
from scenarios.tables import csv_bytes
from scenarios.verifying.frontier import frontier_faults
from scenarios.verifying.ground import Ground
from scenarios.verifying.prices import price_faults
from scenarios.verifying.remade import remade
from tests.scenarios.forging import ANSWERS, FIGURES, LAYERS, PAGES, TABLES, WHOLE, failing, forge, in_record, rewrite
from tests.toy_pack import toy_scenario, write_toy_pack


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A toy run that was asked every question."""
    folder = tmp_path_factory.mktemp("asked")
    write_toy_pack(folder / "pack")
    questions = {
        "frontier": [
            {"over": "centres", "from": 4, "to": 6},
            {"over": "worst_governorate", "from": 0.0, "to": 0.8, "step": 0.4},
        ],
        "why_not": {"exact": ["TO-B-05"]},
        "alternatives": {"within_share": 0.1, "at_most": 2},
    }
    scenario = load_scenario(str(toy_scenario(folder, questions=questions, compare=[])))
    return run_scenario(scenario, runs_folder=folder / "runs")


@pytest.fixture
def spoilt(asked, tmp_path):
    """A copy of it."""
    return open_run(shutil.copytree(asked.path, tmp_path / asked.path.name))


@pytest.fixture(scope="module")
def ground(asked):
    """What the answers are held against."""
    return Ground.of(remade(asked))


def _answers(run):
    (found,) = [check for check in verify_run(run) if str(check.name) == ANSWERS]
    return found


def _consistently(run, change):
    """Change run.json and write the tables that follow from it, as a careful forger would."""
    changed = in_record(run, change)
    for file, table in answer_tables(changed.info).items():
        (run.path / file).write_bytes(csv_bytes(table))
    return forge(run)


def test_honest_answers_hold(asked):
    assert failing(asked) == []
    assert {"rule_prices", "frontier", "why_not", "alternatives"} <= asked.info.keys()
    assert any(row["gain"] for row in asked.info["rule_prices"])
    assert len(asked.info["frontier"]) == 6


def test_tables_that_contradict_run_json_are_named(spoilt):
    forged, files = spoilt, ["alternatives.csv", "frontier.csv", "rule_prices.csv", "why_not.csv"]
    for file in files:
        forged = rewrite(forged, file, lambda text: text.replace("modelled", "measured", 1))
    told = _answers(forged)
    assert not told.ok
    assert all(file in str(told.detail) for file in files)


FORGED_PRICES = {
    "more people than there are": ({"people_after": 999_999_999, "people_gained": 999_000_000}, "people_after"),
    "a gain out of nothing": ({"gain": 1e6, "gain_at_least": 1e6, "gain_at_most": 1e6}, "gain"),
    "proven by word": ({"status": "best_found", "proven": True}, "proven"),
    "another kept value": ({"kept": 1.0}, "kept"),
    "another plan before": ({"people_before": 7}, "people_before"),
    "places that stand nowhere": ({"opened": ["nowhere"]}, "opened, closed"),
    "a better worst-off": ({"worst_share_after": 1.0}, "worst_share_after"),
    "another demand": ({"says_en": "nothing", "says_ar": "لا شيء"}, "says_en"),
    "an unknown word": ({"status": "splendid", "proven": False}, "status"),
}


@pytest.mark.parametrize("name", FORGED_PRICES)
def test_a_price_that_contradicts_the_plan_is_named(asked, ground, name):
    values, place = FORGED_PRICES[name]
    rows = [row | values for row in asked.info["rule_prices"]]
    assert any(place in fault for fault in price_faults(rows, ground, exact=True))


def test_honest_prices_have_no_fault_and_none_may_be_taken_out(asked, ground):
    rows = asked.info["rule_prices"]
    assert list(price_faults(rows, ground, exact=True)) == []
    assert "keys" in list(price_faults(rows[1:], ground, exact=True))


def test_a_forged_price_with_its_table_fails_the_run(spoilt):
    told = _answers(_consistently(spoilt, lambda info: info["rule_prices"][0].update(people_after=999_999_999)))
    assert not told.ok
    assert "people_after" in str(told.detail)
    assert "csv" not in str(told.detail)


@pytest.mark.parametrize(
    ("over", "at", "values", "fault"),
    [
        ("centres", 5.0, {"value": 1.0, "bound": 1.0}, "centres 5: value"),
        ("centres", 6.0, {"people": 999_999_999}, "centres 6: people"),
        ("centres", 6.0, {"worst_share": 1.5}, "centres 6: worst_share"),
        ("centres", 6.0, {"bound": 1e9}, "centres 6: bound"),
        ("worst_governorate", 0.0, {"value": 1.0, "bound": 1.0}, "worst_governorate 0: less than at 0.4"),
    ],
)
def test_a_point_that_cannot_be_is_named(asked, ground, over, at, values, fault):
    rows = asked.info["frontier"]
    assert list(frontier_faults(rows, ground)) == []
    forged = [row | (values if (row["over"], row["at"]) == (over, at) else {}) for row in rows]
    assert fault in list(frontier_faults(forged, ground))


@pytest.mark.parametrize(
    "change",
    [
        lambda info: info.update(capacity_siting={"x": 1}),
        lambda info: info.update(rule_prices="x"),
        lambda info: info.update(frontier=[{"over": "centres"}]),
        lambda info: info.pop("alternatives"),
        lambda info: info.update(why_not=None),
        lambda info: info["why_not"][0].update(site_id="nowhere"),
        lambda info: info["alternatives"]["plans"][0].update(people=999_999_999),
    ],
)
def test_nonsense_beside_the_plan_is_a_failed_check_and_no_exception(spoilt, change):
    failed = failing(in_record(spoilt, change))
    assert failed
    assert set(failed) <= {ANSWERS, LAYERS, TABLES, WHOLE, FIGURES, PAGES}


def test_the_layer_of_an_answer_follows_from_run_json(spoilt):
    with contextlib.closing(sqlite3.connect(spoilt.path / "plan.gpkg")) as package, package:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            package.create_function(name, 1, lambda _shape: 0)
        package.execute("UPDATE why_not SET at_least = at_least + 1 WHERE fid = 1")
    (failed,) = [check for check in verify_run(forge(spoilt)) if not check.ok]
    assert str(failed.name) == LAYERS
    assert "why_not" in str(failed.detail)


def test_an_answer_that_nobody_asked_for_is_named(copy):
    told = _answers(in_record(copy, lambda info: info.update(alternatives={"x": 1})))
    assert not told.ok
    assert "alternatives" in str(told.detail)


@pytest.mark.parametrize("drawer", [StopIteration, AssertionError])
def test_whatever_a_drawer_raises_is_a_failed_check_that_keeps_the_others(copy, drawer):
    def draw(_run):
        raise drawer

    forged = in_record(copy, lambda info: info["certificate"].update(status="within_gap"))
    assert failing(forged, [draw]) == [FIGURES, WHOLE]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("created", "yesterday"),
        ("created", "2026-01-31T08:00:00"),
        ("seconds", {"<b>": 1}),
        ("seconds", {"solve": "x"}),
    ],
)
def test_what_is_left_to_a_making_is_still_a_time_and_figures(copy, field, value):
    failed = [check for check in verify_run(in_record(copy, lambda info: info.update({field: value}))) if not check.ok]
    assert FIGURES in [str(check.name) for check in failed]
    assert field in str(next(check.detail for check in failed if str(check.name) == FIGURES))


def test_a_key_written_twice_is_refused(copy):
    path = copy.path / "run.json"
    text = '{"totals":{"covered":999999999},' + path.read_text("utf-8").lstrip()[1:]
    assert json.loads(text)["totals"] == copy.info["totals"]  # the last of two wins in Python, the first elsewhere
    with pytest.raises(ValueError, match="the key 'totals' is written twice"):
        rewrite(copy, "run.json", lambda _text: text)
