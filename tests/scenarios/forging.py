"""A run spoiled as a forger would: a file changed, and the manifest written anew."""

import json

from foundation.files import sha256_of
from scenarios import open_run, verify_run

FIGURES = "Every figure of run.json is what the inputs and the proof give"
TABLES = "Every table is what the inputs and the proof give"
LAYERS = "Every layer of plan.gpkg is what the inputs and the proof give"
PAGES = "The map and the reports are drawn from these files"
FILES = "Every file is as it was written"
WHOLE = "The run can be checked from its own files"
ANSWERS = "Answers of the optimizer beside the plan agree with it, as far as no solver is needed"


def forge(run):
    """Write the manifest anew, so that only a deeper check can notice."""
    files = sorted(p for p in run.path.rglob("*") if p.is_file() and p.name != "manifest.json")
    listed = {path.relative_to(run.path).as_posix(): sha256_of(path) for path in files}
    (run.path / "manifest.json").write_text(json.dumps({"sha256": listed}), encoding="utf-8")
    return open_run(run.path)


def rewrite(run, name, change):
    """Change a file (and keep its mark of UTF-8) and forge the manifest."""
    path = run.path / name
    text = path.read_bytes().decode("utf-8")
    path.write_bytes(change(text).encode("utf-8"))
    return forge(run)


def failing(run, drawers=()):
    return [str(check.name) for check in verify_run(run, drawers) if not check.ok]


def in_record(run, change):
    def rewritten(text):
        info = json.loads(text)
        change(info)
        return json.dumps(info, ensure_ascii=False, indent=1) + "\n"

    return rewrite(run, "run.json", rewritten)
