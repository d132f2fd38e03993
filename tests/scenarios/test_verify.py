"""Verification from the run folder alone: what was tampered with is named, whatever the manifest says."""

import contextlib
import dataclasses
import json
import os
import shutil
import sqlite3

import numpy as np
import pytest

import maps
import reports
from maps.styles import write_styles
from optimization import load_certificate, load_problem, save_certificate
from optimization.rechecking import Counter, stage_value
from planning.siting import journeys_of, plan_of, problem_of
from scenarios import verify_run
from scenarios.content import Variant, content_of
from scenarios.stamp import stamp_of
from scenarios.studies import Case, studies_of
from scenarios.variants import variants_of
from scenarios.verifying.pages import payload
from scenarios.verifying.remade import as_written
from scenarios.work import read_inputs, request_of
from scenarios.write import write_content
from tests.scenarios.forging import (
    ANSWERS,
    FIGURES,
    FILES,
    LAYERS,
    PAGES,
    TABLES,
    WHOLE,
    failing,
    forge,
    in_record,
    rewrite,
)
from tests.toy import toy_country
from tests.toy_pack import toy_run, write_toy_pack

STAGES = (
    "Stage: Person-years within the access standard",
    "Stage: Share covered in the worst-covered governorate",
    "Stage: Mean travel time of the final network, in whole minutes rounded up",
    "Stage: Tie rule: least sum of site ranks",
)
DRAWERS = (maps.publish, reports.publish)


def test_an_untouched_run_verifies_and_says_what_was_checked(run):
    checks = verify_run(run)
    assert [str(check.name) for check in checks if not check.ok] == []
    names = [str(check.name) for check in checks]
    arrays = "The arrays that were solved are those of the inputs"
    assert names[:10] == [FILES, arrays, *STAGES, FIGURES, TABLES, LAYERS, ANSWERS]
    assert all(check.proven for check in checks[:10])


def test_a_changed_file_is_named(copy):
    (copy.path / "sites.csv").write_text("changed", encoding="utf-8")
    first = verify_run(copy)[0]
    assert not first.ok
    assert "sites.csv" in str(first.detail)


def test_a_file_too_many_is_named_even_where_the_manifest_knows_it(copy):
    (copy.path / "extra.txt").write_text("x", encoding="utf-8")
    assert "extra.txt" in str(verify_run(copy)[0].detail)
    assert failing(forge(copy)) == [TABLES]


@pytest.mark.parametrize("place", ["inputs/country/more.csv", "proof/more.npz", "inputs/letter.txt", "more.html"])
def test_a_file_too_many_is_named_wherever_it_lies(copy, place):
    (copy.path / place).write_text("x", encoding="utf-8")
    failed = [check for check in verify_run(forge(copy), [lambda _run: None]) if not check.ok]
    assert [str(check.name) for check in failed] == [PAGES if place.endswith("html") else TABLES]
    assert place in str(failed[0].detail)


@pytest.mark.parametrize("place", ["manifest.json", "inputs/country/people.csv", "plan.gpkg", "proof/problem.npz"])
def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(copy, place):
    (copy.path / place).unlink()
    os.mkfifo(copy.path / place)
    (check,) = verify_run(copy)
    assert not check.ok
    assert place in str(check.detail)


def test_a_folder_that_was_emptied_is_named(copy):
    for file in (copy.path / "proof").iterdir():
        file.unlink()
    (check,) = verify_run(copy)
    assert not check.ok
    assert "proof" in str(check.detail)


def test_inputs_that_lie_elsewhere_are_refused(copy, run):
    def elsewhere(text):
        return text.replace("country: inputs/country", f"country: {run.path}/inputs/country")

    failed = [check for check in verify_run(rewrite(copy, "scenario.yaml", elsewhere)) if not check.ok]
    assert [str(check.name) for check in failed] == [WHOLE]
    assert "other inputs" in str(failed[0].detail)


def test_a_hidden_table_in_the_package_is_named(copy):
    with contextlib.closing(sqlite3.connect(copy.path / "plan.gpkg")) as package, package:
        package.execute("CREATE TABLE hidden (x TEXT)")
    failed = [check for check in verify_run(forge(copy)) if not check.ok]
    assert [str(check.name) for check in failed] == [LAYERS]
    assert "hidden" in str(failed[0].detail)


@pytest.mark.parametrize("spoil", [b"", b"SQLite format 3\0 and then nothing", b"PK\x03\x04"])
@pytest.mark.parametrize("place", ["plan.gpkg", "proof/certificate.npz", "proof/problem.npz", "scenario.yaml"])
def test_a_damaged_file_is_a_failed_check_and_no_exception(copy, place, spoil):
    (copy.path / place).write_bytes(spoil)
    assert WHOLE in failing(forge(copy))


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

    assert failing(in_record(copy, raise_value)) == [FIGURES]


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
        for check in verify_run(in_record(copy, lambda info: [change(info) for change in changes.values()]))
        if not check.ok
    ]
    assert [str(check.name) for check in failed] == [FIGURES]
    assert str(failed[0].detail) == f"these differ: {', '.join(sorted(changes))}"


def test_people_changed_in_the_inputs_are_noticed(copy):
    changed = rewrite(copy, "inputs/country/people.csv", lambda text: text.replace("p000", "p900"))
    assert failing(changed) == [WHOLE]


def test_a_figure_changed_in_a_table_is_noticed(copy):
    def change(text):
        head, _, rest = text.partition("\n")
        at = rest.index("1")
        return head + "\n" + rest[:at] + "7" + rest[at + 1 :]

    tables = ["coverage_by_governorate.csv", "equity.csv", "sites.csv"]
    changed = copy
    for table in tables:
        changed = rewrite(changed, table, change)
    failed = [check for check in verify_run(changed) if not check.ok]
    assert [str(check.name) for check in failed] == [TABLES]
    assert str(failed[0].detail) == f"these differ: {', '.join(tables)}"


def test_a_value_changed_in_a_layer_is_noticed(copy):
    with sqlite3.connect(copy.path / "plan.gpkg") as package:
        for (trigger,) in package.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            package.execute(f'DROP TRIGGER "{trigger}"')
        package.execute("UPDATE demand SET people = people + 1 WHERE fid = 1")
    package.close()
    failed = [check for check in verify_run(forge(copy)) if not check.ok]
    assert [str(check.name) for check in failed] == [LAYERS]
    assert "demand" in str(failed[0].detail)


def _draw(run):
    """A page that says and embeds a figure, as the map does."""
    covered = run.info["totals"]["covered"]
    data = json.dumps({"covered": covered, "text": "</p>"}).replace("<", "\\u003c")
    page = (
        f'<p title="all">Covered: <b>{covered}</b></p><script type="application/json">{data}</script><style>p</style>'
    )
    (run.path / "page.html").write_text(page, encoding="utf-8")


@pytest.fixture
def drawn(copy):
    """The same run with a page."""
    _draw(copy)
    return forge(copy)


def test_the_map_and_the_reports_are_drawn_again_and_are_the_same(tmp_path):
    checks = verify_run(toy_run(tmp_path, publishers=DRAWERS), DRAWERS)
    assert [str(check.name) for check in checks if not check.ok or not (check.proven or check.beside)] == []
    assert str(next(check.detail for check in checks if str(check.name) == PAGES)) == "3 pages, byte for byte"


@pytest.mark.parametrize(("old", "new"), [("</p>", " </p>"), ("<style>p", "<style>b"), ("Covered", "Uncovered")])
def test_a_page_changed_anywhere_is_noticed(drawn, old, new):
    assert failing(drawn, [_draw]) == []
    assert failing(rewrite(drawn, "page.html", lambda text: text.replace(old, new)), [_draw]) == [PAGES]


def test_a_page_that_is_gone_is_named(drawn):
    (drawn.path / "page.html").unlink()
    failed = [check for check in verify_run(forge(drawn), [_draw]) if not check.ok]
    assert [str(check.name) for check in failed] == [PAGES]
    assert "page.html" in str(failed[0].detail)


def test_a_page_of_other_versions_is_compared_by_what_it_says(drawn):
    """And no more is claimed: a forger may change the versions as well."""
    other = in_record(drawn, lambda info: info["versions"].update(pillow="0.0"))
    changed = rewrite(other, "page.html", lambda text: text.replace("<style>p", "<style>b"))
    told = {str(check.name): check for check in verify_run(changed, [_draw])}
    assert (told[PAGES].ok, told[PAGES].proven) == (True, False)
    assert "pillow 0.0" in str(told["Versions"].detail)
    covered = drawn.info["totals"]["covered"]
    spoilt = rewrite(changed, "page.html", lambda text: text.replace(f"<b>{covered}", "<b>1"))
    assert failing(spoilt, [_draw]) == [PAGES]


@pytest.mark.parametrize(("old", "new"), [("Covered", "Un"), ('covered": 4', 'covered": 5'), ("all", "none")])
def test_what_a_page_says_is_its_words_and_its_data(tmp_path, old, new):
    text = (
        '<p title="all">Covered <b>4</b></p><style>p {}</style><script type="application/json">{"covered": 4}</script>'
    )
    (tmp_path / "one.html").write_text(text + "<script>let x</script>", encoding="utf-8")
    (tmp_path / "same.html").write_text(text.replace("p {}", "b {}").replace(" <b>", "  <b>"), encoding="utf-8")
    (tmp_path / "other.html").write_text(text.replace(old, new), encoding="utf-8")
    assert payload(tmp_path / "one.html") == ("all Covered 4", [{"covered": 4}])
    assert payload(tmp_path / "one.html") == payload(tmp_path / "same.html") != payload(tmp_path / "other.html")


def test_figures_of_other_versions_may_differ_in_the_last_bit_only(copy):
    def nudged(by):
        def change(info):
            info["versions"]["numpy"] = "0.0"
            info["worst_off"]["covered_share"] = share * (1 + by)

        return change

    share = copy.info["worst_off"]["covered_share"]
    assert failing(in_record(copy, nudged(1e-12))) == []
    assert failing(in_record(copy, nudged(1e-6))) == [FIGURES]


def test_a_style_changed_in_the_package_is_noticed(copy):
    write_styles(copy)
    with contextlib.closing(sqlite3.connect(copy.path / "plan.gpkg")) as package, package:
        package.execute("UPDATE layer_styles SET styleQML = styleQML || '<!-- x -->' WHERE id = 1")
    failed = [check for check in verify_run(forge(copy), [write_styles]) if not check.ok]
    assert [str(check.name) for check in failed] == [PAGES]
    assert "layer_styles" in str(failed[0].detail)


def test_pages_that_nobody_draws_again_are_said_to_be_open(drawn, run):
    pages = next(check for check in verify_run(drawn) if str(check.name) == PAGES)
    assert (pages.ok, pages.proven) == (True, False)
    none = next(check for check in verify_run(run) if str(check.name) == PAGES)
    assert (none.ok, none.proven, str(none.detail)) == (True, True, "there are none")


def test_a_proof_that_is_not_there_is_said(copy):
    (copy.path / "proof" / "certificate.npz").unlink()
    assert WHOLE in failing(copy)


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
    failed = failing(forge(copy))
    assert failed
    assert set(failed) <= {WHOLE, FIGURES, TABLES, LAYERS}


def _worse(run):
    """Write every file of a run anew for a worse plan, its trees taken out and the manifest forged."""
    problem = load_problem(run.path / "proof" / "problem.npz")
    solution = load_certificate(run.path / "proof" / "certificate.npz")
    plan = _another_plan(problem, solution)
    assert plan is not None
    counter = Counter(problem)
    units = dict(zip([s.objective for s in solution.stages], problem.stages, strict=True))
    stages = []
    for told in solution.stages:
        stage = units[told.objective]
        value = float(stage_value(counter, stage, plan))
        start = value if stages else np.nan  # the same plan after every stage
        stages.append(dataclasses.replace(told, value=value, bound=value, gap=0.0, start=start, moved=0))
    return problem, dataclasses.replace(
        solution,
        chosen=plan,
        stages=tuple(stages),
        certificate={"stage_chosen": np.tile(plan, (len(stages), 1))},
    )


def _written_again(run, problem, solution, changes):
    """Make the whole run of a forged solution as a forger with this code would: only `replayed` is passed by."""
    stages = tuple(dataclasses.replace(stage, **changes) for stage in solution.stages)
    forged = dataclasses.replace(solution, stages=stages, status=changes["status"])
    save_certificate(run.path / "proof" / "certificate.npz", forged)
    scenario = as_written(run)
    country, extra = read_inputs(scenario)
    request = request_of(scenario, country)
    journeys = journeys_of(request)
    request = dataclasses.replace(request, ready_travel=journeys)
    plan = plan_of(request, journeys, problem, forged)
    variants = []
    for name, title, other in variants_of(scenario, request):
        theirs = problem_of(other, journeys)
        answer = load_certificate(run.path / "proof" / f"variant_{name}.npz")
        variants.append(Variant(name, title, plan_of(other, journeys, theirs, answer)))
    case = Case(scenario, country, request, journeys, plan)
    studies = studies_of(case, report=lambda _said, _part: None).values()
    content = content_of(case, extra=extra, variants=variants, studies=studies, stamp=stamp_of(run.info))
    (run.path / "plan.gpkg").unlink()
    shutil.rmtree(run.path / "proof")
    proofs = {v.name: v.plan.solution for v in variants}
    write_content(run.path, dataclasses.replace(content, variants=proofs))
    return forge(run)


@pytest.mark.parametrize("proof", ["checked", "solver", "none"])
def test_a_worse_plan_that_says_it_is_the_best_cannot_pass(copy, proof):
    """Every file is made of the worse plan, consistently, and the manifest is forged; the missing proof tells."""
    problem, solution = _worse(copy)
    claim = {"status": "proven_optimal", "proof": proof, "checked_bound": np.nan, "rechecked": True}
    forged = _written_again(copy, problem, solution, claim)
    assert forged.info["certificate"]["status"] == "proven_optimal"
    checks = verify_run(forged)
    assert [str(check.name) for check in checks if not check.ok] == [FIGURES, ANSWERS]
    assert "certificate" in str(next(check.detail for check in checks if not check.ok))
    assert not any(check.proven for check in checks if str(check.name) in STAGES)


def test_a_worse_plan_that_claims_nothing_holds_and_is_said_to_be_unproven(copy):
    problem, solution = _worse(copy)
    claim = {"status": "best_found", "proof": "none", "checked_bound": np.nan, "bound": np.nan, "gap": np.nan}
    forged = _written_again(copy, problem, solution, claim)
    checks = verify_run(forged)
    assert [str(check.name) for check in checks if not check.ok] == []
    assert [str(check.name) for check in checks if not check.proven and not check.beside] == list(STAGES)


def test_a_bound_on_the_solvers_word_is_said_to_be_that(copy):
    problem, solution = _worse(copy)
    claim = {"status": "within_gap", "proof": "none", "checked_bound": np.nan}
    stages = {str(check.name): check for check in verify_run(_written_again(copy, problem, solution, claim))}
    assert all(stages[name].ok and not stages[name].proven for name in STAGES)
    assert all("solver's word" in str(stages[name].detail) for name in STAGES)


def test_swapped_inputs_are_noticed(copy, tmp_path):
    """Other people, with descriptor and hashes that fit them: the arrays are other arrays."""
    (tmp_path / "other").mkdir()
    write_toy_pack(tmp_path / "other" / "pack", toy_country(seed=9))
    shutil.rmtree(copy.path / "inputs" / "country")
    shutil.copytree(tmp_path / "other" / "pack", copy.path / "inputs" / "country")
    failed = failing(forge(copy))
    assert failed
    assert failed[0] in {"The arrays that were solved are those of the inputs", WHOLE}


def _another_plan(problem, solution):
    """Swap one open site for a shut one of the same years, keeping every rule."""
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
                return plan
    return None


def test_a_manifest_that_points_outside_is_refused(copy):
    (copy.path / "manifest.json").write_text('{"sha256": {"../../etc/passwd": "0"}}', encoding="utf-8")
    assert not verify_run(copy)[0].ok
