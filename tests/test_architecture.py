"""
The house stands as drawn: the import lines are read and compared with the design.

Imports run downwards only; `optimization` and `geodata` do not know each other; a run is
opened only through `scenarios`; nothing imports the door.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("foundation", "geodata", "optimization", "planning", "scenarios", "maps", "reports", "api")

# What each room may import of the others. Read from bottom to top.
MAY_IMPORT = {
    "foundation": set(),
    "geodata": {"foundation"},
    "optimization": {"foundation"},
    "planning": {"foundation", "geodata", "optimization"},
    "scenarios": {"foundation", "geodata", "optimization", "planning"},
    "maps": {"foundation", "scenarios"},
    "reports": {"foundation", "scenarios", "maps"},
    "api": {"foundation", "scenarios", "maps", "reports"},
}
# Rooms that read a run know the face of `scenarios` and the type `Run`, not what stands behind them.
READERS = ("maps", "reports", "api")
READ_THROUGH = {"scenarios", "scenarios.data", "scenarios.run"}
FOUNDATION_MAY_USE = {"babel", "yaml"}
FOLDERS = {*ROOMS, "tests", "benchmarks", "docs"}
NOT_OURS = {"runs", "build", "dist", "htmlcov", "venv", "node_modules"}

FOUNDATION_NAMES = {
    "foundation": set(),
    "foundation.basis": {"Basis"},
    "foundation.errors": {
        "BrokenProof",
        "Counted",
        "ImpossibleProgramme",
        "InvalidInput",
        "MarkazError",
        "MOST_SAID",
        "Name",
        "NotFinished",
        "NotFound",
        "OutputRefused",
        "Phrase",
        "Phrases",
        "PortInUse",
        "Unreachable",
        "Unsupported",
        "listed",
    },
    "foundation.files": {"folder_written_aside", "refuse_unless_free", "sha256_of", "write_text"},
    "foundation.fields": {"MOST_SHOWN", "WANTED", "fault_in_words", "faults_in_words", "shown", "wanted"},
    "foundation.reasons": {"MOST_QUOTED", "named", "quoted", "reason_of"},
    "foundation.language": {"CODES", "Code", "Language", "language"},
    "foundation.plain_text": {"harmless"},
    "foundation.strict_json": {"parse_json"},
    "foundation.strict_yaml": {"MAX_BYTES", "MAX_DEPTH", "MAX_DIGITS", "dump_yaml", "load_yaml", "parse_yaml"},
}


def modules() -> dict[str, Path]:
    """Every module of every room, by dotted name."""
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imported(name: str, nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """The (line, module) pairs that statements import; ``from a import b`` is a.b where that is a module."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield node.lineno, whole if whole in MODULES else base


def everything(name: str) -> Iterator[tuple[int, str]]:
    yield from imported(name, ast.walk(TREES[name]))


def at_run_time(name: str) -> Iterator[tuple[int, str]]:
    """Everything but what only a type checker reads."""
    for_types = {
        inner
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    yield from imported(name, [node for node in ast.walk(TREES[name]) if node not in for_types])


def at_import_time(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when the module is imported: not inside functions, not for type checkers only."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from at_import_time(node.orelse)
            continue
        yield node
        for inner in ("body", "orelse", "finalbody"):
            yield from at_import_time(getattr(node, inner, []))
        for handler in getattr(node, "handlers", []):
            yield from at_import_time(handler.body)


def room_of(name: str) -> str:
    return name.partition(".")[0]


def where(name: str, line: int) -> str:
    return f"{MODULES[name].relative_to(ROOT)}:{line}"


def test_no_arrow_points_up_or_sideways() -> None:
    wrong = [
        f"{where(name, line)} imports {target}"
        for name in MODULES
        for line, target in everything(name)
        if room_of(target) in ROOMS
        and room_of(target) != room_of(name)
        and room_of(target) not in MAY_IMPORT[room_of(name)]
    ]
    assert wrong == []


def test_the_two_rooms_on_the_ground_do_not_know_each_other() -> None:
    assert "geodata" not in MAY_IMPORT["optimization"]
    assert "optimization" not in MAY_IMPORT["geodata"]


def test_the_drawn_arrows_point_down() -> None:
    height = {room: floor for floor, room in enumerate(ROOMS)}
    assert all(height[below] < height[room] for room, known in MAY_IMPORT.items() for below in known)


def test_only_siting_speaks_to_the_optimizer() -> None:
    wrong = [
        f"{where(name, line)} imports {target}"
        for name in MODULES
        if room_of(name) == "planning" and not f"{name}.".startswith("planning.siting.")
        for line, target in at_run_time(name)
        if room_of(target) == "optimization"
    ]
    assert wrong == []


def test_a_run_is_opened_only_through_the_face_of_scenarios() -> None:
    wrong = [
        f"{where(name, line)} imports {target}"
        for name in MODULES
        if room_of(name) in READERS
        for line, target in everything(name)
        if room_of(target) == "scenarios" and target not in READ_THROUGH
    ]
    assert wrong == []


def test_no_room_reaches_for_a_private_name_of_another() -> None:
    wrong = [
        f"{where(name, node.lineno)} takes {alias.name} from {node.module}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and room_of(node.module) in ROOMS
        for alias in node.names
        if alias.name.startswith("_") or "._" in node.module
        if room_of(node.module) != room_of(name)
    ]
    assert wrong == []


def test_no_module_is_in_a_cycle() -> None:
    graph = {
        name: {target for _, target in imported(name, at_import_time(TREES[name].body)) if target in MODULES} - {name}
        for name in MODULES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("name", sorted(name for name in MODULES if room_of(name) == "foundation"))
def test_the_cellar_holds_what_is_listed_and_nothing_else(name: str) -> None:
    public = set()
    for node in TREES[name].body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            public.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            public |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    assert {each for each in public if not each.startswith("_")} == FOUNDATION_NAMES[name]


def test_every_listed_module_of_the_cellar_is_there() -> None:
    assert {name for name in MODULES if room_of(name) == "foundation"} == set(FOUNDATION_NAMES)


def test_the_cellar_stands_on_two_libraries() -> None:
    wrong = [
        f"{where(name, line)} imports {target}"
        for name in MODULES
        if room_of(name) == "foundation"
        for line, target in everything(name)
        if room_of(target) not in {"foundation", *FOUNDATION_MAY_USE, *sys.stdlib_module_names}
    ]
    assert wrong == []


def test_the_optimizer_knows_no_geography() -> None:
    geography = {"geopandas", "shapely", "pyproj", "pyogrio", "pandas", "rasterio", "folium", "osmnx"}
    wrong = [
        f"{where(name, line)} imports {target}"
        for name in MODULES
        if room_of(name) == "optimization"
        for line, target in everything(name)
        if room_of(target) in geography
    ]
    assert wrong == []


def test_arithmetic_draws_nothing_and_serves_nothing() -> None:
    upstairs = {"matplotlib", "folium", "branca", "jinja2", "typer", "rich", "fastapi", "starlette", "uvicorn"}
    wrong = [
        f"{where(name, line)} imports {target}"
        for name in MODULES
        if room_of(name) in {"foundation", "geodata", "optimization", "planning", "scenarios"}
        for line, target in everything(name)
        if room_of(target) in upstairs
    ]
    assert wrong == []


def test_no_room_imports_tests_or_benchmarks() -> None:
    wrong = [
        f"{where(name, line)} imports {target}"
        for name in MODULES
        for line, target in everything(name)
        if room_of(target) in {"tests", "benchmarks", "pytest", "hypothesis"}
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(MODULES[name].relative_to(ROOT)) for name, tree in TREES.items() if not ast.get_docstring(tree)]
    assert silent == []


def test_there_is_no_folder_that_the_design_does_not_name() -> None:
    found = {
        entry.name
        for entry in ROOT.iterdir()
        if entry.is_dir() and not entry.name.startswith((".", "_")) and not entry.name.endswith(".egg-info")
    }
    assert found - NOT_OURS <= FOLDERS
    assert found >= {*ROOMS, "tests"}


def test_tests_mirror_the_rooms() -> None:
    assert [room for room in ROOMS if not any((ROOT / "tests" / room).glob("test_*.py"))] == []


# ---- the reader of import lines, itself


def test_the_reader_sees_imports_wherever_they_stand() -> None:
    tree = ast.parse(
        "def f():\n    import geodata.load\ntry:\n    from planning import travel\nexcept E:\n    import maps\n"
    )
    found = {target for _, target in imported("api", ast.walk(tree))}
    assert found == {"geodata.load", "planning.travel", "maps"}


def test_the_reader_tells_import_time_from_later() -> None:
    tree = ast.parse(
        "import a\nif TYPE_CHECKING:\n    import b\nelse:\n    import c\ndef f():\n    import d\n"
        "class C:\n    import e\ntry:\n    import g\nexcept E:\n    import h\n"
    )
    assert [target for _, target in imported("api", at_import_time(tree.body))] == ["a", "c", "e", "g", "h"]


def test_the_reader_follows_relative_imports() -> None:
    tree = ast.parse("from . import errors\nfrom .errors import row_for\nfrom .cli import entry\n")
    assert [target for _, target in imported("api.settings", ast.walk(tree))] == [
        "api.errors",
        "api.errors",
        "api.cli.entry",
    ]
