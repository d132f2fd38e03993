"""Help that ends in examples and exit codes, said in the language that was asked for."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from api.errors import exit_codes
from foundation.language import Language, language


class Command(TyperCommand):
    """A command whose epilog holds examples, one a line."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`, its own help said too."""
        return _said_help_option(super().get_help_option(ctx), ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help, then the examples."""
        _without_epilog(self, super().format_help, ctx, formatter)
        _print_examples(self.epilog, _spoken(ctx))


class Group(TyperGroup):
    """The command itself: examples, then what each exit code means."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`, its own help said too."""
        return _said_help_option(super().get_help_option(ctx), ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help, the examples, the exit codes."""
        _without_epilog(self, super().format_help, ctx, formatter)
        said = _spoken(ctx)
        _print_examples(self.epilog, said)
        typer.echo(f" {said.text('Exit codes')}")
        for code, meaning in exit_codes():
            typer.echo(f"   {code:>3}  {said.text(meaning)}")
        typer.echo()


def translate(command: Any, said: Language) -> None:
    """Say the help of a command, of its options and of its sub-commands in another language, in place."""
    for owner in (command, *command.params):
        for attribute in ("help", "short_help", "rich_help_panel"):
            text = getattr(owner, attribute, None)
            if isinstance(text, str):
                setattr(owner, attribute, said.text(text))
    for child in getattr(command, "commands", {}).values():
        translate(child, said)


def _said_help_option(option: Any, ctx: Any) -> Any:
    if option is not None and option.help:
        option.help = _spoken(ctx).text(option.help)
    return option


def _spoken(ctx: Any) -> Language:
    return ctx.obj if isinstance(ctx.obj, Language) else language("en")


def _without_epilog(command: Any, print_help: Any, ctx: Any, formatter: Any) -> None:
    kept, command.epilog = command.epilog, None  # the parser would run its lines together
    try:
        print_help(ctx, formatter)
    finally:
        command.epilog = kept


def _print_examples(examples: str | None, said: Language) -> None:
    if examples:
        typer.echo(f" {said.text('Examples')}")
        for line in examples.splitlines():
            typer.echo(f"   {line}")
        typer.echo()
