"""The command line: `markaz plan`, `show`, `verify`, `serve`, `scenarios`, `data`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process; Ctrl-C is one line from here on, see `api.cli.stopping`."""
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop_at_once)

    from api.cli.entry import main as begin

    begin()


def _stop_at_once(_number: int, _frame: object) -> None:
    """End the process before even the languages are read; hence in English, and by itself."""
    import os

    os.write(2, b"Stopped by Ctrl-C; nothing half-written is left.\n")
    os._exit(130)
