"""The command line: `markaz plan`, `show`, `verify`, `serve`, `scenarios`."""

from api.cli.entry import main

__all__ = ["main"]
