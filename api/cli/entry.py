"""
Where the process begins and ends: arguments in, an exit code out.

Every failure passes through here once and becomes one line on stderr and a code of
`api.errors.TABLE`. Nothing heavy is imported before a command asks for it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.cli.stopping import at_once, unwinding
from api.errors import INTERRUPTED, READER_GONE, TERMINATED, UNEXPECTED, USAGE, row_for
from foundation.errors import InvalidInput, MarkazError

if TYPE_CHECKING:
    from foundation.language import Language


class Terminated(BaseException):
    """SIGTERM arrived; unwinds like Ctrl-C, so that nothing half-written stays."""


def main() -> None:
    """Run the command line and end the process."""
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = READER_GONE[0]
    if code == READER_GONE[0]:
        with contextlib.suppress(OSError, ValueError):  # or Python complains while it closes stdout
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; never raises what a command raised."""
    arguments, debug, code = _hoisted(arguments)
    try:
        said = _language(code)
        said.text("")  # a catalogue that cannot be read is found here, while English still can say so
    except InvalidInput as error:
        return _fail(error, debug=debug, said=_language("en"))
    try:
        with _sigterm_unwinds(), unwinding():
            return _invoke(arguments, said)
    except Terminated:
        return TERMINATED[0]
    except BrokenPipeError:
        return READER_GONE[0]
    except (Exception, KeyboardInterrupt) as error:
        return _fail(error, debug=debug, said=said)


def _hoisted(arguments: Sequence[str]) -> tuple[list[str], bool, str]:
    """Move ``--debug`` and ``--language X`` to the front: they may stand anywhere before a ``--``."""
    front: list[str] = []
    rest: list[str] = []
    code = os.environ.get("MARKAZ_LANGUAGE") or "en"
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        if word == "--debug":
            front.append(word)
        elif word == "--language" and waiting:
            code = waiting.pop(0)
            front += [word, code]
        elif word.startswith("--language="):
            code = word.partition("=")[2]
            front.append(word)
        else:
            rest.append(word)
    return front + rest, "--debug" in front, code


def _language(code: str) -> Language:
    from foundation.language import language

    return language(code)


def _invoke(arguments: list[str], said: Language) -> int:
    with at_once(said.text(INTERRUPTED.meaning)):
        import typer
        from typer.main import get_command

        from api.cli.commands import app
        from api.cli.helping import translate

    command = get_command(app)
    translate(command, said)
    try:
        result = command.main(args=arguments, prog_name="markaz", standalone_mode=False, obj=said)
    except typer.Abort:
        raise KeyboardInterrupt from None
    if result == INTERRUPTED.exit_code:
        raise KeyboardInterrupt
    return result if isinstance(result, int) else 0


def _fail(error: BaseException, *, debug: bool, said: Language) -> int:
    from api.cli.terminal import say_error
    from api.plain import plainly

    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, KeyboardInterrupt):
        say_error(said.text(INTERRUPTED.meaning))
        return INTERRUPTED.exit_code
    if isinstance(error, MarkazError):
        say_error(plainly(said, said.error(error)))
        return row_for(error).exit_code
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # the parser's own complaints
        from api.cli.complaints import complaint

        hint = said.text("Try: {command}", command="markaz --help")
        say_error(plainly(said, f"{said.phrase(complaint(error))} {hint}"))
        return USAGE[0]
    reason = f"{type(error).__name__}: {error}"
    sentence = said.text("{reason}. This is a bug; run again with --debug for the trace.", reason=reason)
    say_error(plainly(said, sentence))
    return UNEXPECTED.exit_code


@contextlib.contextmanager
def _sigterm_unwinds() -> Iterator[None]:
    def unwind(_number: int, _frame: object) -> None:
        raise Terminated

    try:
        before = signal.signal(signal.SIGTERM, unwind)
    except ValueError:  # not the main thread: a test, or another program that embeds this one
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
