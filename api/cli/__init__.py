"""The command line: `markaz plan`, `show`, `verify`, `serve`, `scenarios`, `data`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process; Ctrl-C is quiet from here on, see `api.cli.stopping`."""
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    from api.cli.entry import main as begin

    begin()
