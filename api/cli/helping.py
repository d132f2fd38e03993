"""Help that ends in examples and exit codes, said in the language that was asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from api.errors import exit_codes
from foundation.language import Language, language

PLACEHOLDERS = ("SCENARIO", "RUN", "DIR", "FOLDER", "COUNTRY", "NAME", "FILE", "N")

# The parser library's own words on a page of help, by the names under which it keeps them.
_LIBRARY_WORDS = {
    "OPTIONS_PANEL_TITLE": "Options",
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "COMMANDS_PANEL_TITLE": "Commands",
    "DEFAULT_STRING": "[default: {}]",
    "REQUIRED_LONG_STRING": "[required]",
}


class _Said:
    """What a command and a group of commands have in common: their help in the language of the context."""

    epilog: str | None

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`, its own help said too."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None and option.help:
            option.help = _spoken(ctx).text(option.help)
            option.metavar = ""
        return option

    def get_usage(self, ctx: Any) -> str:
        """Return the line of usage; the library says its first word in English only."""
        said = _spoken(ctx)
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        return said.text("Usage: {command}", command=f"{ctx.command_path} {pieces}")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help, then the examples."""
        said = _spoken(ctx)
        kept, self.epilog = self.epilog, None  # the parser would run its lines together
        try:
            with _library_speaks(said):
                super().format_help(ctx, formatter)  # type: ignore[misc]
        finally:
            self.epilog = kept
        _print_examples(self.epilog, said)


class Command(_Said, TyperCommand):
    """A command whose epilog holds examples, one a line."""


class Group(_Said, TyperGroup):
    """Commands under one name, such as `markaz data`; the epilog holds examples, one a line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Print the help where no command is named; the library would call that an error."""
        if not args and self.no_args_is_help and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            ctx.exit()
        return list(super().parse_args(ctx, args))


class Door(Group):
    """The command itself: examples, then what each exit code means."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help, the examples, the exit codes."""
        super().format_help(ctx, formatter)
        said = _spoken(ctx)
        typer.echo(f" {said.text('Exit codes')}")
        for code, meaning in exit_codes():
            typer.echo(f"   {code:>3}  {said.text(meaning)}")
        typer.echo()


def translate(command: Any, said: Language) -> None:
    """Say the help of a command, of its parameters and of its sub-commands in a language, in place."""
    for owner in (command, *command.params):
        for attribute in ("help", "short_help", "rich_help_panel"):
            text = getattr(owner, attribute, None)
            if isinstance(text, str):
                setattr(owner, attribute, said.text(text))
    for attribute in ("options_metavar", "subcommand_metavar"):
        text = getattr(command, attribute, None)
        if isinstance(text, str):
            setattr(command, attribute, said.text(text))
    for parameter in command.params:
        _say_placeholder(parameter, said)
    for child in getattr(command, "commands", {}).values():
        translate(child, said)


def _say_placeholder(parameter: Any, said: Language) -> None:
    """Name what a parameter takes; a flag takes nothing, and is not said to take a truth value."""
    if getattr(parameter, "is_flag", False):
        parameter.metavar = ""
    elif parameter.metavar in PLACEHOLDERS:
        parameter.metavar = said.text(parameter.metavar)
    if parameter.param_type_name == "argument":  # a planner need not know that a name is a <str>
        parameter.display_type_rich = _no_type


def _no_type(ctx: Any) -> None:
    """Say nothing of a parameter's type."""


def _spoken(ctx: Any) -> Language:
    return ctx.obj if isinstance(ctx.obj, Language) else language("en")


@contextlib.contextmanager
def _library_speaks(said: Language) -> Iterator[None]:
    """Let the library say its own words in a language while a page of help is printed."""
    kept = {name: getattr(rich_utils, name) for name in _LIBRARY_WORDS if hasattr(rich_utils, name)}
    for name in kept:
        setattr(rich_utils, name, said.text(_LIBRARY_WORDS[name]))
    try:
        yield
    finally:
        for name, words in kept.items():
            setattr(rich_utils, name, words)


def _print_examples(examples: str | None, said: Language) -> None:
    """Print one example a line; what follows two spaces says in words what it does."""
    if examples:
        parted = [line.partition("  ") for line in examples.splitlines()]
        width = max(len(example) for example, _, _ in parted)
        typer.echo(f" {said.text('Examples')}")
        for example, _, words in parted:
            typer.echo(f"   {example:<{width}}   {said.text(words.strip())}".rstrip() if words else f"   {example}")
        typer.echo()
