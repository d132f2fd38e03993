"""From the services to a country folder: sizes first, then the files, then `country.yaml`."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput, MarkazError, OutputRefused, Phrase
from foundation.files import sha256_of, write_text
from foundation.reasons import reason_of
from foundation.strict_json import parse_json
from foundation.strict_yaml import dump_yaml
from geodata.download.catalogues import Remote, remotes
from geodata.download.fetch import Patience, client, fetch, read_small, size_of
from geodata.download.places import places_csv
from geodata.download.services import Nation, nation, read_services
from geodata.gate import check_file, read_through_gate
from geodata.gate.plain import Arrays

RECORD = "download.json"
KINDS_OF = {"population": ("geotiff",), "roads": ("pbf",), "zones": ("geojson",), "places": ("zip",)}
Report = Callable[[str, int, int | None], None]  # file, bytes so far, bytes in all


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What would be fetched; nothing is written yet.

    Attributes
    ----------
    files, sizes
        One each, in the same order; a size is None where the server does not say.
    """

    country: Nation
    files: tuple[Remote, ...]
    sizes: tuple[int | None, ...]

    @property
    def total(self) -> int:
        """Bytes in all, as far as the servers say."""
        return sum(size or 0 for size in self.sizes)


@dataclass(frozen=True, slots=True)
class Downloaded:
    """The finished folder, and each file's sha256."""

    folder: Path
    sha256: dict[str, str]


def offer_country(
    asked: str, *, services: Path | None = None, year: int | None = None, patience: Patience | None = None
) -> Offer:
    """
    Ask the services what they have of a country, and how large it is.

    Parameters
    ----------
    asked
        Two or three ISO 3166-1 letters, or the English name.
    services
        A list of services in place of the built-in one.
    year
        Year of the people; None is the newest.

    Raises
    ------
    NotFound, InvalidInput, Unreachable
        See `remotes` and `fetch`.
    """
    patience = patience or Patience()
    country, known = nation(asked), read_services(services)
    with client(patience) as http:
        files = remotes(known, country, year, lambda url: read_small(http, url, patience))
        sizes = tuple(size_of(http, remote.url, patience).total for remote in files)
    return Offer(country, files, sizes)


def download_country(
    offer: Offer, folder: Path, *, patience: Patience | None = None, report: Report = lambda _file, _got, _total: None
) -> Downloaded:
    """
    Fetch what was offered and write the country folder; `country.yaml` comes last.

    A folder in which this was cut off is gone on with: whole files of the same address stay,
    half ones are resumed. A folder of anything else is refused.

    Raises
    ------
    OutputRefused
        When the folder holds something else, or the disk has too little room.
    NotFound, Unreachable, InvalidInput
        See `fetch`; also when a file is not what its server or the list of services says it is.
    """
    patience = patience or Patience()
    record = _begin(offer, folder)
    with client(patience) as http:
        for remote, size in zip(offer.files, offer.sizes, strict=True):
            if _is_whole(record, remote, folder):
                continue
            digest = fetch(http, remote.url, folder / remote.file, patience, _reporting(report, remote.file))
            _check(remote, folder / remote.file, digest, size, lambda url: read_small(http, url, patience))
            record["files"][remote.file] = _entry(remote, digest, folder / remote.file)
            _keep(folder, record)
    return _finish(offer, folder, record)


def _reporting(report: Report, file: str) -> Callable[[int, int | None], None]:
    return lambda got, total: report(file, got, total)


def _begin(offer: Offer, folder: Path) -> dict[str, Any]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = {path.name for path in folder.iterdir()}
        record = _recorded(folder / RECORD) if RECORD in there else {}
        free = shutil.disk_usage(folder).free
    except (OSError, ValueError, RecursionError) as error:
        raise OutputRefused("{path} cannot be used: {reason}.", path=str(folder), reason=reason_of(error)) from error
    if there and record.get("country") != offer.country.iso3:
        raise OutputRefused(
            "{path} is not empty and holds no download of {country}. Give a new folder.",
            path=str(folder),
            country=offer.country.iso3,
        )
    if offer.total > free:
        raise OutputRefused(
            "{path} has {free} bytes free, {needed} are needed.", path=str(folder), free=free, needed=offer.total
        )
    whole = {"country": offer.country.iso3, "files": dict(record.get("files") or {})}
    _keep(folder, whole)
    return whole


def _recorded(path: Path) -> dict[str, Any]:
    """Read what was noted of an earlier download; what is no such note raises ValueError."""
    record = parse_json(path.read_text("utf-8"))
    files = record.get("files") if isinstance(record, dict) else None
    if not isinstance(files, dict) or not all(isinstance(entry, dict) for entry in files.values()):
        raise ValueError(f"{path.name} is no record of a download")
    return dict(record)


def _keep(folder: Path, record: dict[str, Any]) -> None:
    write_text(folder / RECORD, json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def _is_whole(record: dict[str, Any], remote: Remote, folder: Path) -> bool:
    known = record["files"].get(remote.file)
    path = folder / remote.file
    if not known or known.get("url") != remote.url or not path.is_file():
        return False
    return bool(sha256_of(path) == known.get("sha256"))


def _entry(remote: Remote, digest: str, path: Path) -> dict[str, Any]:
    return {
        "part": remote.part,
        "url": remote.url,
        "sha256": digest,
        "bytes": path.stat().st_size,
        "source": remote.source,
        "licence": remote.licence,
        "licence_url": remote.licence_url,
        "vintage": remote.vintage,
        "fetched": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def _check(remote: Remote, path: Path, digest: str, size: int | None, read: Callable[[str], bytes]) -> None:
    """Remove a file that is not what it should be, such as the page of a network that asks for a password first."""
    try:
        check_file(path, kinds=KINDS_OF[remote.part])
    except MarkazError as error:
        path.unlink(missing_ok=True)
        raise InvalidInput(
            "{file} is not what was asked for: {problem}. It was removed. See whether the address {url} answers in a "
            "browser, and download it again.",
            file=remote.file,
            problem=reason_of(error),
            url=remote.url,
        ) from error
    wrong: Phrase | None = None
    if remote.sha256 and remote.sha256 != digest:
        wrong = Phrase("sha256 {digest}", {"digest": remote.sha256})
    elif size is not None and path.stat().st_size != size:
        wrong = Phrase("{size} bytes", {"size": size})
    elif remote.md5_url:
        said = read(remote.md5_url).decode("ascii", "replace").split()
        with path.open("rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        if not said or said[0].lower() != found:
            wrong = Phrase("MD5 {digest}", {"digest": said[0][:32] if said else Phrase("none")})
    if wrong is not None:
        path.unlink()
        raise InvalidInput(
            "{file} is not what its server says it is (expected {expected}). It was removed; download it again.",
            file=remote.file,
            expected=wrong,
        )


def _finish(offer: Offer, folder: Path, record: dict[str, Any]) -> Downloaded:
    places_csv(folder / "places.zip", offer.country.iso2, folder / "places.csv")
    for file, entry in record["files"].items():
        text = f"{entry['source']}\n{entry['licence']}\n{entry['licence_url']}\n{entry['url']}\n{entry['fetched']}\n"
        write_text(folder / f"{file}.licence.txt", text)
    settings = _settings(offer, folder, record)
    write_text(folder / "country.yaml", dump_yaml(settings))
    digests = {file: str(entry["sha256"]) for file, entry in record["files"].items()}
    return Downloaded(folder, digests)


def _settings(offer: Offer, folder: Path, record: dict[str, Any]) -> dict[str, Any]:
    country = offer.country
    settings: dict[str, Any] = {
        "code": country.iso2,
        "name_en": country.name_en,
        "name_ar": country.name_ar,
        "population_year": int(record["files"]["population.tif"]["vintage"]),
    }
    more: dict[str, dict[str, Any]] = {"zones": {"columns": _zone_columns(folder / "zones.geojson")}}
    for file, entry in record["files"].items():
        name = "places.csv" if entry["part"] == "places" else file
        terms = {key: entry[key] for key in ("source", "licence", "vintage") if entry[key]}
        digest = sha256_of(folder / name)
        settings[entry["part"]] = {"file": name} | more.get(entry["part"], {}) | terms | {"sha256": digest}
    return settings


def _zone_columns(path: Path) -> dict[str, str]:
    """Name the columns of geoBoundaries; its ISO codes where each zone has one of its own, else its own ids."""
    answer = read_through_gate("geodata.download.country:iso_codes", path, kinds=("geojson",))
    return {"id": "shapeISO" if answer.facts["identified"] else "shapeID", "name_en": "shapeName"}


def iso_codes(path: Path, *, scratch: Path, given: Arrays) -> tuple[dict[str, Any], dict[str, Any]]:
    """Say whether every zone of a GeoJSON has an ISO code of its own; runs in the child."""
    del scratch, given
    try:
        rows = [feature["properties"] for feature in json.loads(path.read_text("utf-8"))["features"]]
        codes = [str(row.get("shapeISO") or "") for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(
            "{file} is not the GeoJSON that geoBoundaries gives. Download the zones by hand.", file=path.name
        ) from error
    return {}, {"identified": all(codes) and len(set(codes)) == len(codes) and all("-" in code for code in codes)}
