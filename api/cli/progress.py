"""Progress of long work on stderr: a bar on a terminal, one plain line a step elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from api.cli.terminal import console
from api.plain import plain
from foundation.language import Language

Progress = Callable[[str, float], None]


@contextlib.contextmanager
def shown_progress(said: Language) -> Iterator[Progress]:
    """
    Yield what `run_scenario` calls with a sentence of the catalogue and a fraction from 0 to 1.

    The bar is taken down however the block ends, Ctrl-C included.
    """
    screen = console(stderr=True)
    if not screen.is_terminal:
        last = ""

        def line(sentence: str, fraction: float) -> None:
            nonlocal last
            if sentence != last:
                last = sentence
                screen.print(f"{said.percent(_share(fraction), 0)} {plain(said.text(sentence))}")

        yield line
        return

    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %", markup=False),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def move(sentence: str, fraction: float) -> None:
            bar.update(task, description=plain(said.text(sentence)), completed=_share(fraction))

        yield move


def _share(fraction: float) -> float:
    return min(1.0, max(0.0, fraction))


@contextlib.contextmanager
def shown_bytes(said: Language) -> Iterator[Callable[[str, int, int | None], None]]:
    """Yield what a download calls with a file, its bytes so far and in all (None: not known)."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        last = ""

        def line(file: str, _got: int, _total: int | None) -> None:
            nonlocal last
            if file != last:
                last = file
                screen.print(plain(said.text("Fetching {file}", file=file)))

        yield line
        return

    from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(30), DownloadColumn(), TransferSpeedColumn())
    with Bar(*columns, console=screen, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def move(file: str, got: int, total: int | None) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(plain(said.text("Fetching {file}", file=file)), total=total)
            bar.update(tasks[file], completed=got, total=total)

        yield move
