"""Verification from the run folder alone: what was tampered with is named, whatever the manifest says."""

import json
import os
import shutil
import sqlite3

import numpy as np
import pytest

import maps
import reports
from foundation.files import sha256_of
from optimization import load_certificate, load_problem, save_certificate
from optimization.rechecking import Counter
from scenarios import open_run, verify_run

FIGURES = "Every figure of run.json is what the inputs and the proof give"
TABLES = "Every table is what the inputs and the proof give"
LAYERS = "Every layer of plan.gpkg is what the inputs and the proof give"
PAGES = "The map and the reports are drawn from these files"
FILES = "Every file is as it was written"
WHOLE = "The run can be checked from its own files"
STAGES = (
    "Stage: Person-years within the access standard",
    "Stage: Share covered in the worst-covered governorate",
    "Stage: Mean travel time of the final network, in whole minutes rounded up",
    "Stage: Tie rule: least sum of site ranks",
)
DRAWERS = (maps.publish, reports.publish)


@pytest.fixture
def copy(run, tmp_path):
    """A run that may be spoiled."""
    target = tmp_path / run.path.name
    shutil.copytree(run.path, target)
    return open_run(target)


def _forge(run):
    """Write the manifest anew, so that only a deeper check can notice."""
    files = sorted(p for p in run.path.rglob("*") if p.is_file() and p.name != "manifest.json")
    listed = {path.relative_to(run.path).as_posix(): sha256_of(path) for path in files}
    (run.path / "manifest.json").write_text(json.dumps({"sha256": listed}), encoding="utf-8")
    return open_run(run.path)


def _rewrite(run, name, change):
    """Change a file (and keep its mark of UTF-8) and forge the manifest."""
    path = run.path / name
    text = path.read_bytes().decode("utf-8")
    path.write_bytes(change(text).encode("utf-8"))
    return _forge(run)


def _failed(run, drawers=()):
    return [str(check.name) for check in verify_run(run, drawers) if not check.ok]


def _in_record(run, change):
    def rewritten(text):
        info = json.loads(text)
        change(info)
        return json.dumps(info, ensure_ascii=False, indent=1) + "\n"

    return _rewrite(run, "run.json", rewritten)


def test_an_untouched_run_verifies_and_says_what_was_checked(run):
    checks = verify_run(run)
    assert [str(check.name) for check in checks if not check.ok] == []
    names = [str(check.name) for check in checks]
    arrays = "The arrays that were solved are those of the inputs"
    assert names[:9] == [FILES, arrays, *STAGES, FIGURES, TABLES, LAYERS]
    assert all(check.proven for check in checks[:9])


def test_a_changed_file_is_named(copy):
    (copy.path / "sites.csv").write_text("changed", encoding="utf-8")
    first = verify_run(copy)[0]
    assert not first.ok
    assert "sites.csv" in str(first.detail)


def test_a_file_too_many_is_named_even_where_the_manifest_knows_it(copy):
    (copy.path / "extra.txt").write_text("x", encoding="utf-8")
    assert "extra.txt" in str(verify_run(copy)[0].detail)
    assert _failed(_forge(copy)) == [TABLES]


@pytest.mark.parametrize("kind", ["link", "pipe", "empty"])
def test_what_is_no_plain_file_is_named(copy, kind):
    odd = copy.path / "odd"
    if kind == "link":
        odd.symlink_to("/etc/hostname")
    elif kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.mkdir()
    first = verify_run(copy)[0]
    assert not first.ok
    assert "odd" in str(first.detail)


def test_a_value_raised_by_one_is_noticed(copy):
    def raise_value(info):
        info["certificate"]["stages"][0]["value"] += 1

    assert _failed(_in_record(copy, raise_value)) == [FIGURES]


def test_any_figure_changed_in_the_record_is_named(copy):
    changes = {
        "sites": lambda info: info["sites"][1].update(id="TO-C-11"),
        "totals": lambda info: info["totals"].update(covered=info["totals"]["covered"] + 1),
        "worst_off": lambda info: info["worst_off"].update(covered_share=1.0),
        "equity": lambda info: info["equity"]["measures"][0].update(gini=0.0),
        "variants": lambda info: info["variants"][0].update(covered=1),
        "made_up": lambda info: info.update(made_up=1),
        "programme": lambda info: info["programme"].update(begun={}),
    }
    failed = [
        check
        for check in verify_run(_in_record(copy, lambda info: [change(info) for change in changes.values()]))
        if not check.ok
    ]
    assert [str(check.name) for check in failed] == [FIGURES]
    assert str(failed[0].detail) == f"these differ: {', '.join(sorted(changes))}"


def test_people_changed_in_the_inputs_are_noticed(copy):
    changed = _rewrite(copy, "inputs/country/people.csv", lambda text: text.replace("p000", "p900"))
    assert _failed(changed) == [WHOLE]


def test_a_figure_changed_in_a_table_is_noticed(copy):
    def change(text):
        head, _, rest = text.partition("\n")
        at = rest.index("1")
        return head + "\n" + rest[:at] + "7" + rest[at + 1 :]

    tables = ["coverage_by_governorate.csv", "equity.csv", "sites.csv"]
    changed = copy
    for table in tables:
        changed = _rewrite(changed, table, change)
    failed = [check for check in verify_run(changed) if not check.ok]
    assert [str(check.name) for check in failed] == [TABLES]
    assert str(failed[0].detail) == f"these differ: {', '.join(tables)}"


def test_a_value_changed_in_a_layer_is_noticed(copy):
    with sqlite3.connect(copy.path / "plan.gpkg") as package:
        for (trigger,) in package.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            package.execute(f'DROP TRIGGER "{trigger}"')
        package.execute("UPDATE demand SET people = people + 1 WHERE fid = 1")
    package.close()
    failed = [check for check in verify_run(_forge(copy)) if not check.ok]
    assert [str(check.name) for check in failed] == [LAYERS]
    assert "demand" in str(failed[0].detail)


def test_a_word_changed_on_the_map_is_noticed(tmp_path):
    from tests.toy_pack import toy_run

    drawn = toy_run(tmp_path, publishers=DRAWERS)
    assert [str(check.name) for check in verify_run(drawn, DRAWERS) if not (check.ok and check.proven)] == []
    changed = _rewrite(drawn, "map.html", lambda text: text.replace("</body>", "<!-- x --></body>"))
    assert _failed(changed, DRAWERS) == [PAGES]


def test_pages_that_nobody_draws_again_are_said_to_be_open(run):
    pages = next(check for check in verify_run(run) if str(check.name) == PAGES)
    assert pages.ok
    assert not pages.proven


def test_a_proof_that_is_not_there_is_said(copy):
    (copy.path / "proof" / "certificate.npz").unlink()
    assert WHOLE in _failed(copy)


def test_a_spoiled_multiplier_cannot_pass_for_a_proof(copy):
    """Zero every array of the certificate that holds multipliers: no stage may still verify as checked."""
    path = copy.path / "proof" / "certificate.npz"
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    spoiled = {
        name: np.zeros_like(a) if a.dtype.kind in "iu" and a.ndim == 2 and "plan" not in name else a
        for name, a in arrays.items()
    }
    np.savez(path, **spoiled)
    failed = _failed(_forge(copy))
    assert failed
    assert set(failed) <= {WHOLE, FIGURES, TABLES, LAYERS}


def test_a_worse_plan_with_its_proof_taken_out_cannot_pass_for_the_best(copy):
    """Every file is made of the worse plan and the manifest is forged; only the missing proof tells."""
    problem = load_problem(copy.path / "proof" / "problem.npz")
    solution = load_certificate(copy.path / "proof" / "certificate.npz")
    worse = _another_plan(problem, solution)
    assert worse is not None
    import dataclasses

    certificate = {
        key: value for key, value in solution.certificate.items() if not key.startswith("s") or key == "stage_chosen"
    }
    certificate["stage_chosen"] = np.tile(worse, (len(solution.stages), 1))
    forged = dataclasses.replace(solution, chosen=worse, certificate=certificate)
    save_certificate(copy.path / "proof" / "certificate.npz", forged)
    failed = _failed(_forge(copy))
    assert failed
    assert set(failed) <= {WHOLE, FIGURES, TABLES, LAYERS}


def _another_plan(problem, solution):
    """Swap one open site for a shut one of the same years, keeping every rule."""
    import optimization

    counter = Counter(problem)
    columns = problem.columns
    places = np.unique(columns.place[solution.chosen & (columns.lower == 0)])
    shut = np.setdiff1d(columns.place, columns.place[solution.chosen])
    for out in places:
        for into in shut:
            plan = solution.chosen.copy()
            plan[columns.place == into] = plan[columns.place == out]
            plan[columns.place == out] = False
            if (plan > columns.upper.astype(bool)).any():
                continue
            ok = all(
                {"<=": v <= r.right, ">=": v >= r.right, "==": v == r.right}[r.sense]
                for r in problem.rules
                for v in (int((r.coefficients * plan[r.columns]).sum()),)
            )
            name = problem.stages[0].measure
            if ok and counter.misses(plan)[name] > counter.misses(solution.chosen)[name]:
                assert optimization is not None
                return plan
    return None


def test_a_manifest_that_points_outside_is_refused(copy):
    (copy.path / "manifest.json").write_text('{"sha256": {"../../etc/passwd": "0"}}', encoding="utf-8")
    assert not verify_run(copy)[0].ok
