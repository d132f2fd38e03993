"""
The third floor: what a planner keeps. Scenario files in, run folders out.

Maps and reports come in as publishers and are never imported here.
"""

from scenarios.files import Scenario, load_scenario, preset_names
from scenarios.run import Run, find_run, list_runs, open_run
from scenarios.verify import Check, verify_run
from scenarios.work import Progress, Publisher, run_scenario

__all__ = [
    "Check",
    "Progress",
    "Publisher",
    "Run",
    "Scenario",
    "find_run",
    "list_runs",
    "load_scenario",
    "open_run",
    "preset_names",
    "run_scenario",
    "verify_run",
]
