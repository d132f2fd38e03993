"""What the commands print: an outcome, a run, its checks, the scenarios."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from api.cli.terminal import console
from api.plain import bare, plainly
from api.summary import (
    country,
    headline,
    not_tried,
    outputs,
    proof_line,
    proved_by,
    remarks,
    stage_status_words,
    stage_title,
    title,
)
from foundation.language import Language
from maps.figures import residents_year

if TYPE_CHECKING:
    from rich.console import Console

    from scenarios import Check, Run, Scenario


def print_outcome(run: Run, said: Language) -> None:
    """Print what `plan` ends with: the proof line, the five numbers, and where to look."""
    screen = console()
    _print_head(screen, run, said)
    names = frozenset(entry.name for entry in run.path.iterdir())
    where = _table()
    for what, name in outputs(names, said):
        where.add_row(what, bare(str(run.path / name)))
    where.add_row(said.text("Everything"), bare(str(run.path)))
    screen.print(said.text("Where to look"), style="bold")
    screen.print(where)
    folder = "" if run.path.parent == Path("runs") else f" --runs {shlex.quote(str(run.path.parent))}"
    screen.print(said.text("To see it in the browser: {command}", command=bare(f"markaz serve{folder}")))


def print_run(run: Run, said: Language) -> None:
    """Print a run: totals, stages with their proof, sites by year, coverage by governorate."""
    screen = console()
    _print_head(screen, run, said)
    _print_stages(screen, run.info, said)
    _print_sites(screen, run.info, said)
    _print_governorates(screen, run, said)


def print_checks(checks: Sequence[Check], said: Language) -> None:
    """Print one line a check of `verify`."""
    screen = console()
    for check in checks:
        word = said.text("FAILED") if not check.ok else said.text("holds") if check.proven else said.text("not proven")
        screen.print(
            f"{word}  {plainly(said, said.phrase(check.name))}: {plainly(said, said.phrase(check.detail))}",
            style=None if check.ok else "bold red",
        )
    if all(check.ok for check in checks):
        screen.print(_verdict(checks, said), style="bold")


def _verdict(checks: Sequence[Check], said: Language) -> str:
    """Say in one line what checks of which none fails amount to."""
    resting = sum(not check.proven and not check.beside for check in checks)
    if resting:
        return said.plural(
            "Nothing fails, but {n} point of the plan is not proven by the run itself.",
            "Nothing fails, but {n} points of the plan are not proven by the run itself.",
            resting,
        )
    if any(check.beside for check in checks):
        return said.text("The plan is proven; what stands beside it was not made again.")
    return said.text("Every check holds.")


def print_scenarios(offered: Sequence[Scenario], said: Language) -> None:
    """Print the built-in scenarios, one a line."""
    table = _table()
    for scenario in offered:
        shown = scenario.title_ar if said.code == "ar" else scenario.title_en
        table.add_row(bare(scenario.name), bare(shown))
    console().print(table)


def _print_head(screen: Console, run: Run, said: Language) -> None:
    info = run.info
    screen.print(f"{bare(run.path.name)}  {title(info, said)} · {country(info, said)}", style="bold")
    screen.print(plainly(said, proof_line(info, said)))
    table = _table()
    table.columns[0].justify = "right"
    table.add_column()
    table.add_column()
    for figure in headline(info, said):
        basis = f"({figure.basis})" if figure.basis else ""
        table.add_row(plainly(said, figure.value), figure.label, plainly(said, figure.note), basis)
    screen.print(table)
    for line in remarks(info, said):
        screen.print(plainly(said, line))


def _print_stages(screen: Console, info: dict[str, Any], said: Language) -> None:
    table = Table(title=said.text("The stages and their proof"), title_justify="left")
    for heading in ("Objective", "Value", "No plan does better than", "Unit", "Status", "Proof"):
        table.add_column(
            said.text(heading), justify="right" if heading in {"Value", "No plan does better than"} else "left"
        )
    for stage in info["certificate"]["stages"]:
        decimals = 0 if float(stage["value"]).is_integer() else 3
        table.add_row(
            stage_title(stage, said),
            said.number(stage["value"], decimals),
            said.number(float("nan") if stage["bound"] is None else stage["bound"], decimals),
            plainly(said, said.text(stage["unit"])),
            stage_status_words(stage, said),
            proved_by(stage, said),
        )
    for stage in not_tried(info):
        table.add_row(stage_title(stage, said), "—", "—", "", said.text("not tried"), said.text("no proof"))
    screen.print(table)


def _print_sites(screen: Console, info: dict[str, Any], said: Language) -> None:
    table = Table(title=said.text("Sites by year of operation"), title_justify="left")
    whose = said.text("residents of {year}", year=said.year(residents_year(info)))
    for heading in ("Year", "Site", "Governorate", "Operator"):
        table.add_column(said.text(heading))
    for heading in ("People gained", "Covered so far"):
        table.add_column(f"{said.text(heading)}\n{plainly(said, whose)}", justify="right")
    for year, sites in groupby(info["sites"], key=lambda site: int(site["operating_year"])):
        for row, site in enumerate(sites):
            table.add_row(
                said.year(year) if row == 0 else "",
                bare(said.name(site)),
                bare(str(site[f"governorate_{said.code}"])),
                said.text("private sector") if site["operator"] == "private" else said.text("government"),
                said.number(site["people_gained"]),
                said.number(site["cumulative_covered"]),
            )
    screen.print(table)


def _print_governorates(screen: Console, run: Run, said: Language) -> None:
    final = max(run.info["years"])
    results = run.results
    rows = results[(results["year"] == final) & (results["scope"] == "governorate") & (results["group"] == "all")]
    values = rows.pivot_table(index="scope_id", columns="measure", values="value", aggfunc="first", dropna=False)
    names = run.layer("governorates").set_index("zone_id")
    columns = {
        "population": ("People", 0),
        "covered": ("Within the standard", 0),
        "covered_share": ("Share", None),
        "unreachable": ("No route in the data", 0),
        "mean_minutes": ("Mean minutes", 1),
        "mean_km": ("Mean km", 1),
        "density_per_km2": ("Persons per km²", 1),
        "centres": ("Centres", 0),
    }
    table = Table(title=said.text("Coverage by governorate, {year}", year=said.year(final)), title_justify="left")
    table.add_column(said.text("Governorate"))
    for measure, (heading, _) in columns.items():
        basis = sorted(set(rows.loc[rows["measure"] == measure, "basis"].dropna()))
        words = ", ".join(said.text(word) for word in basis)
        table.add_column(said.text(heading) + (f"\n({words})" if words else ""), justify="right")
    for zone in sorted(values.index, key=lambda zone: (-float(values.loc[zone, "population"]), zone)):
        cells = [bare(said.name(names.loc[zone]))]
        for measure, (_, decimals) in columns.items():
            value = float(values.loc[zone].get(measure, float("nan")))
            cells.append(said.percent(value) if decimals is None else said.number(value, decimals))
        table.add_row(*cells)
    screen.print(table)


def _table() -> Table:
    table = Table(box=None, show_header=False, pad_edge=True)
    table.add_column()
    table.add_column()
    return table
