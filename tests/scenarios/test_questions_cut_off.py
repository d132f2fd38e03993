"""What a time limit cut off is null in the record, and says so."""

from __future__ import annotations

from scenarios.studies.questions import prices_study, why_not_study
from tests.scenarios.test_questions_study import asked, base  # noqa: F401

CUT = {"seconds_each": 1e-9}


def test_a_price_that_was_cut_off_is_null_and_names_how_far_the_search_was(base):  # noqa: F811
    for row in asked(base, prices_study, **CUT).record["rule_prices"]:
        assert (row["gain"], row["proven"]) == (None, False)
        assert row["status"] in {"not_finished", "best_found", "within_gap"}
    for row in asked(base, prices_study).record["rule_prices"]:
        assert row["gain"] == row["gain_at_least"] == row["gain_at_most"]
        assert row["settled"]


def test_a_loss_that_was_cut_off_is_never_exact(base):  # noqa: F811
    true = {row["site_id"]: row for row in asked(base, why_not_study, why_not={}).record["why_not"]}
    for row in asked(base, why_not_study, why_not={}, **CUT).record["why_not"]:
        assert row["proof"] == "at_least" or row["loss"] == 0.0
        exact = true[row["site_id"]]["loss"]
        assert exact is None or row["at_least"] <= exact
