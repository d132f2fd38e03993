"""The commands and their help. Each imports the rooms it needs when it runs, so that help comes at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.data import data_app
from api.cli.helping import Command, Door, Group
from api.cli.stopping import at_once
from api.errors import INTERRUPTED
from foundation.errors import BrokenProof, InvalidInput, MarkazError, OutputRefused, Phrases
from foundation.language import Language
from foundation.reasons import reason_of

PLAN, LOOK = "Make a plan", "Look at plans"


EXAMPLES = """\
markaz plan                     the built-in Jordan programme
markaz plan my-scenario.yaml    a scenario of your own
markaz show jordan              the answer, in the terminal
markaz serve                    maps and reports in the browser
markaz --language ar plan       العربية"""

app = typer.Typer(
    name="markaz",
    help="Where a country opens its government service centres, in what order, and who is left out, with proof.",
    epilog=EXAMPLES,
    cls=Door,
    rich_markup_mode="rich",
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(
    data_app,
    cls=Group,
    epilog="markaz data check jordan\nmarkaz data download JO --out jordan-data",
    rich_help_panel=PLAN,
)

RunsOption = Annotated[
    Path | None,
    typer.Option("--runs", metavar="DIR", help="The folder of runs (default: runs, or MARKAZ_RUNS)."),
]
RunArgument = Annotated[
    str, typer.Argument(metavar="RUN", help="A run folder, or the beginning of a run's name if only one fits.")
]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"markaz {version('markaz')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def door(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Print the whole trace when something fails. May stand anywhere.")
    ] = False,
    language: Annotated[
        str | None,
        typer.Option(
            "--language", metavar="en|ar", help="What to speak (default: MARKAZ_LANGUAGE, then en). May stand anywhere."
        ),
    ] = None,
) -> None:
    """Print the help when no command is given; `entry` has read the options already."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(
    cls=Command,
    epilog="markaz plan\nmarkaz plan jordan --out results\nmarkaz plan my-scenario.yaml",
    rich_help_panel=PLAN,
)
def plan(
    context: typer.Context,
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A built-in scenario, or a .yaml file.")
    ] = "jordan",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The run folder itself; new or empty.")
    ] = None,
    runs: RunsOption = None,
) -> None:
    """Choose the sites with proof and write the run folder: map, reports, tables, layers."""
    said: Language = context.obj
    with _reading_code(said):
        from api.settings import load_settings
        from scenarios import load_scenario, run_scenario

    settings = load_settings(runs=runs)
    if out is None:
        _expect_place(settings.runs)
    asked = load_scenario(scenario)  # a mistake in it shows before the slow imports
    with _reading_code(said):
        import maps
        import reports
        from api.cli.progress import shown_progress
        from api.cli.show import print_outcome

    with shown_progress(said) as progress:
        run = run_scenario(
            asked,
            out=out,
            runs_folder=settings.runs,
            publishers=(maps.publish, reports.publish),
            progress=progress,
        )
    _shown(print_outcome, run, said)


@app.command(cls=Command, epilog="markaz scenarios", rich_help_panel=PLAN)
def scenarios(context: typer.Context) -> None:
    """List the built-in scenarios."""
    with _reading_code(context.obj):
        from api.cli.show import print_scenarios
        from scenarios import load_scenario, preset_names

    print_scenarios(tuple(load_scenario(name) for name in preset_names()), context.obj)


@app.command(
    cls=Command,
    epilog="markaz show jordan\nmarkaz show runs/jordan-1a2b3c4d",
    rich_help_panel=LOOK,
)
def show(context: typer.Context, run: RunArgument, runs: RunsOption = None) -> None:
    """Print a run: totals, proof, sites by year, coverage by governorate."""
    with _reading_code(context.obj):
        from api.cli.show import print_run

    _shown(print_run, _opened(run, runs, context.obj), context.obj)


@app.command(
    cls=Command,
    epilog="markaz verify jordan\nmarkaz verify runs/jordan-1a2b3c4d",
    rich_help_panel=LOOK,
)
def verify(context: typer.Context, run: RunArgument, runs: RunsOption = None) -> None:
    """Make a run again from its own inputs and proof, without a solver, and compare everything it shows."""
    with _reading_code(context.obj):
        from api.cli.show import print_checks
        from api.errors import UNPROVEN
        from scenarios import verify_run

    opened = _opened(run, runs, context.obj)
    with _reading_code(context.obj):
        import maps
        import reports

    checks = verify_run(opened, (maps.publish, reports.publish))
    print_checks(checks, context.obj)
    broken = tuple(check.name for check in checks if not check.ok)
    if broken:
        raise BrokenProof(
            "{run}: these checks failed: {names}. Do not use this run.",
            run=opened.path.name,
            names=Phrases(broken),
        )
    if any(not check.proven and not check.beside for check in checks):
        raise typer.Exit(UNPROVEN[0])


@app.command(
    cls=Command,
    epilog="markaz serve\nmarkaz serve --port 8001 --runs runs",
    rich_help_panel=LOOK,
)
def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option("--host", metavar="NAME", help="Where to listen (default: 127.0.0.1, or MARKAZ_HOST).")
    ] = None,
    port: Annotated[
        str | None,
        typer.Option("--port", metavar="N", help="The port (default: 8000, or MARKAZ_PORT); 0 takes any free one."),
    ] = None,
    runs: RunsOption = None,
) -> None:
    """Show the runs in the browser, on this machine only unless told otherwise."""
    with _reading_code(context.obj):
        from api.http.server import serve_forever
        from api.settings import load_settings

    settings = load_settings(host=host, port=port, runs=runs)

    serve_forever(settings, context.obj)


def _expect_place(runs: Path) -> None:
    """Refuse a folder of runs that is a link to nothing: what it points to is not ours to make."""
    try:
        dangling = runs.is_symlink() and not runs.exists()
    except OSError as error:
        raise OutputRefused(
            "Cannot write into {path}: {reason}. Choose a folder you may write to with --out.",
            path=str(runs),
            reason=reason_of(error),
        ) from error
    if dangling:
        raise OutputRefused(
            "{path} is a link, and what it points to is not there. Make that folder, or choose another with --out.",
            path=str(runs),
        )


def _opened(name: str, runs: Path | None, said: Language) -> Any:
    with _reading_code(said):
        from api.settings import load_settings
        from scenarios import find_run, open_run

    return open_run(find_run(name, runs_folder=load_settings(runs=runs).runs))


def _shown(show_it: Callable[[Any, Language], None], run: Any, said: Language) -> None:
    """Print a run; a record that is not as documented is wrong input, never a bug."""
    try:
        show_it(run, said)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        if isinstance(error, MarkazError):
            raise
        raise InvalidInput(
            "{run} cannot be shown: run.json or a table is not as it was written ({reason}). Plan it again.",
            run=run.path.name,
            reason=reason_of(error),
        ) from error


def _reading_code(said: Language) -> AbstractContextManager[None]:
    """Hold the imports of a command, which take seconds: Ctrl-C ends the process at once."""
    return at_once(said.text(INTERRUPTED.meaning))
