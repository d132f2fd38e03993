"""Verification from the run folder alone: what was tampered with is named."""

import json
import shutil

import numpy as np
import pytest

from foundation.files import sha256_of
from scenarios import open_run, verify_run


@pytest.fixture
def copy(run, tmp_path):
    """A run that may be spoiled."""
    target = tmp_path / run.path.name
    shutil.copytree(run.path, target)
    return open_run(target)


def _rewrite(run, name, change):
    """Change a file and forge the manifest, so that only a deeper check can notice."""
    path = run.path / name
    path.write_text(change(path.read_text("utf-8-sig")), encoding="utf-8")
    manifest = json.loads((run.path / "manifest.json").read_text("utf-8"))
    manifest["sha256"][name] = sha256_of(path)
    (run.path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return open_run(run.path)


def _failed(run):
    return [str(check.name) for check in verify_run(run) if not check.ok]


def test_an_untouched_run_verifies_and_says_what_was_checked(run):
    checks = verify_run(run)
    assert all(check.ok for check in checks)
    assert [str(check.name) for check in checks] == [
        "Every file is as it was written",
        "Stage: Person-years within the access standard",
        "Stage: Share covered in the worst-covered governorate",
        "Stage: Mean travel time of the final network, in whole minutes rounded up",
        "Stage: Tie rule: least sum of site ranks",
        "The arrays that were solved are those of the inputs",
        "The centres shown are the ones proven",
        "Covered people counted again from the inputs",
    ]


def test_a_changed_file_is_named(copy):
    (copy.path / "sites.csv").write_text("changed", encoding="utf-8")
    first = verify_run(copy)[0]
    assert not first.ok
    assert "sites.csv" in str(first.detail)


def test_a_file_too_many_is_named(copy):
    (copy.path / "extra.txt").write_text("x", encoding="utf-8")
    assert "extra.txt" in str(verify_run(copy)[0].detail)


def test_a_value_raised_by_one_is_noticed(copy):
    def raise_value(text):
        info = json.loads(text)
        info["certificate"]["stages"][0]["value"] += 1
        return json.dumps(info)

    assert _failed(_rewrite(copy, "run.json", raise_value)) == ["Stage: Person-years within the access standard"]


def test_a_centre_moved_in_the_record_is_noticed(copy):
    def move(text):
        info = json.loads(text)
        info["sites"][1]["id"] = "TO-C-11"
        return json.dumps(info)

    assert "The centres shown are the ones proven" in _failed(_rewrite(copy, "run.json", move))


def test_people_changed_in_the_inputs_are_noticed(copy):
    changed = _rewrite(copy, "inputs/country/people.csv", lambda text: text.replace("p000", "p900"))
    assert _failed(changed) == ["The run can be checked from its own files"]


def test_a_covered_figure_raised_in_the_results_is_noticed(copy):
    covered = f"2025,nation,TO,all,covered,{copy.info['totals']['covered']}"

    def raise_figure(text):
        assert covered in text
        return text.replace(covered, covered + "0")

    assert _failed(_rewrite(copy, "results.csv", raise_figure)) == ["Covered people counted again from the inputs"]


def test_a_proof_that_is_not_there_is_said(copy):
    (copy.path / "proof" / "certificate.npz").unlink()
    assert "The run can be checked from its own files" in _failed(copy)


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
    failed = _failed(copy)
    assert "Every file is as it was written" in failed
    assert len(failed) > 1


def test_a_manifest_that_points_outside_is_refused(copy):
    (copy.path / "manifest.json").write_text('{"sha256": {"../../etc/passwd": "0"}}', encoding="utf-8")
    assert not verify_run(copy)[0].ok
