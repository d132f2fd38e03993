"""`markaz data`: look at a country's files before planning with them, or fetch them from the services."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.helping import Command
from foundation.errors import InvalidInput
from foundation.language import Language

LOOK_AT_DATA = "A country's data"

data_app = typer.Typer(
    name="data",
    help="A country's data: check a folder, write its points, or download one.",
    rich_markup_mode="rich",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@data_app.command(cls=Command, epilog="markaz data check jordan\nmarkaz data check my-country")
def check(
    context: typer.Context,
    country: Annotated[str, typer.Argument(metavar="FOLDER", help="A country folder, or a built-in country.")],
) -> None:
    """Say, file by file, what was read, mended, assumed, left out or refused, and the people of each zone."""
    from scenarios.data import check_data

    said: Language = context.obj
    report = check_data(country)
    for line in report.lines(said.code):
        typer.echo(line)
    if not report.ok:
        raise InvalidInput(
            "{folder} cannot be used yet: the lines marked refused say what to do, one by one.", folder=country
        )


@data_app.command(cls=Command, epilog="markaz data points jordan --out results")
def points(
    context: typer.Context,
    country: Annotated[str, typer.Argument(metavar="FOLDER", help="A country folder, or a built-in country.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="A new folder for the two tables, of homes and of sites.")
    ],
) -> None:
    """Write ids and positions of homes and candidate sites, for a router that makes a matrix of journeys."""
    from scenarios.data import write_points

    said: Language = context.obj
    homes, sites = write_points(country, out)
    typer.echo(said.text("{folder}: {points} points and {sites} sites", folder=str(out), points=homes, sites=sites))


@data_app.command(cls=Command, epilog="markaz data download JO --out jordan-data\nmarkaz data download URY --year 2025")
def download(
    context: typer.Context,
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="Two or three ISO letters, or the English name.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The country folder (default: the three letters).")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="N", help="Year of the people; the newest if not given.")
    ] = None,
    services: Annotated[
        Path | None,
        typer.Option("--services", metavar="FILE", help="Other addresses than the built-in ones, such as a mirror."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before fetching.")] = False,
) -> None:
    """Fetch population, roads, zones and places from the internet and write a country folder."""
    from api.cli.progress import shown_bytes
    from scenarios.data import download_country, offer_country

    said: Language = context.obj
    typer.echo(said.text("Asking the services what they have."), err=True)
    offer = offer_country(country, services=services, year=year)
    for remote, size in zip(offer.files, offer.sizes, strict=True):
        shown = said.text("size not said") if size is None else said.text("{n} bytes", n=size)
        typer.echo(f"{remote.file}  {shown}  {remote.licence}  {remote.url}")
    typer.echo(said.text("Together {n} bytes, as far as the servers say.", n=offer.total))
    folder = out or Path(offer.country.iso3.lower())
    if not yes and not typer.confirm(said.text("Fetch them to {folder}?", folder=str(folder)), default=False):
        raise typer.Exit(0)
    with shown_bytes(said) as report:
        done = download_country(offer, folder, report=report)
    typer.echo(said.text("The country folder is {folder}.", folder=str(done.folder)))
    typer.echo(said.text("Look at what was read: {command}", command=f"markaz data check {done.folder}"))
