"""
What a file says it is: its name, its size and its first bytes, looked at before anything reads it.

A name that is a URL or a virtual path of GDAL (``/vsi...``) is refused; so is anything but
a regular file; so is a file whose first bytes are not those of its ending.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import InvalidInput, NotFound, Unsupported
from foundation.reasons import reason_of

HEAD = 4096
GIB = 1 << 30
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One format offered.

    Attributes
    ----------
    title
        How errors call it.
    endings
        Of the file name, lower case.
    largest
        Bytes; a larger file is not opened.
    begins
        Whether the first `HEAD` bytes are those of the format.
    """

    title: str
    endings: tuple[str, ...]
    largest: int
    begins: Callable[[bytes], bool]


def _text(head: bytes) -> bool:
    return b"\x00" not in head and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"PK", b"%PDF"))


def _json(head: bytes) -> bool:
    return b"\x00" not in head and head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _xml(head: bytes) -> bool:
    return b"\x00" not in head and head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _pbf(head: bytes) -> bool:
    """A blob header of at most 64 KiB, whose type is OSMHeader (OpenStreetMap wiki, PBF Format)."""
    return head[:2] == b"\x00\x00" and head[4:6] == b"\x0a\x09" and head[6:15] == b"OSMHeader"


KINDS: dict[str, Kind] = {
    "geotiff": Kind(
        "GeoTIFF",
        (".tif", ".tiff"),
        64 * GIB,
        lambda head: head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    ),
    "geopackage": Kind(
        "GeoPackage", (".gpkg",), 8 * GIB, lambda head: head.startswith(b"SQLite format 3\x00") and len(head) >= 100
    ),
    "geojson": Kind("GeoJSON", (".geojson", ".json"), 512 * MIB, _json),
    "overpass": Kind("Overpass JSON", (".json",), 2 * GIB, _json),
    "descriptor": Kind("data package", ("datapackage.json",), 5 * MIB, _json),
    "csv": Kind("CSV", (".csv",), 512 * MIB, _text),
    "journeys": Kind("CSV", (".csv",), 8 * GIB, _text),
    "parquet": Kind("Parquet", (".parquet",), 8 * GIB, lambda head: head.startswith(b"PAR1")),
    "xlsx": Kind("Excel", (".xlsx",), 64 * MIB, lambda head: head.startswith(b"PK\x03\x04")),
    "zip": Kind("zip", (".zip",), 1 * GIB, lambda head: head.startswith(b"PK\x03\x04")),
    "pbf": Kind("OpenStreetMap PBF", (".pbf",), 32 * GIB, _pbf),
    "graphml": Kind("GraphML", (".graphml",), 2 * GIB, _xml),
}


def check_name(text: str) -> None:
    r"""
    Refuse a URL and a virtual path where a file name is expected.

    Raises
    ------
    Unsupported
        For ``http://...``, ``s3://...``, ``/vsicurl/...``, ``\\server\share`` and their like.
    """
    plain = text.strip().replace("\\", "/").casefold()
    if re.match(r"^[a-z][a-z0-9+._-]+:/?/?", plain) and not re.match(r"^[a-z]:/", plain):
        raise Unsupported("'{name}' is an address. Give a file on this computer; download it first.", name=text[:80])
    if plain.startswith("/vsi") or "/vsi" in plain.partition("://")[0][:5] or plain.startswith("//"):
        raise Unsupported("'{name}' is a virtual or network path. Give a file on this computer.", name=text[:80])
    if "\x00" in text:
        raise Unsupported("'{name}' holds a zero byte. Give a plain file name.", name=text.replace("\x00", "")[:80])


def check_file(path: Path | str, *, kinds: tuple[str, ...], largest: int | None = None) -> tuple[Path, str]:
    """
    Return the resolved path and the kind of a file, once name, size and first bytes are right.

    Parameters
    ----------
    kinds
        Keys of `KINDS` that are welcome here.
    largest
        Bytes, where less than the format's own limit.

    Raises
    ------
    NotFound, Unsupported, InvalidInput
        If it is not there or cannot be reached, is an address, is no regular file, has another
        ending, is too large or empty, or begins otherwise than its ending says.
    """
    check_name(str(path))
    given = Path(path)
    expect_reachable(given)
    if not given.exists():
        raise NotFound("There is no file {path}.", path=str(path))
    resolved = given.resolve()
    check_name(str(resolved))
    if not resolved.is_file():
        raise Unsupported("{file} is no regular file. Give a file.", file=given.name)
    found = [name for name in kinds if given.name.casefold().endswith(KINDS[name].endings)]
    if not found:
        endings = sorted({ending for name in kinds for ending in KINDS[name].endings})
        raise Unsupported(
            "{file}: expected a file that ends in {endings}. Convert it to one of them.",
            file=given.name,
            endings=", ".join(endings),
        )
    kind = KINDS[found[0]]
    size, limit = resolved.stat().st_size, min(kind.largest, largest or kind.largest)
    if size > limit:
        raise InvalidInput(
            "{file} is larger than {limit} bytes. Split it or thin it out.", file=given.name, limit=limit
        )
    _expect_beginning(resolved, (kind,), given.name)
    return resolved, found[0]


def expect_reachable(path: Path) -> None:
    """
    Refuse a path that the system does not follow; nothing at its end is for the caller to say.

    Raises
    ------
    InvalidInput
        For a name that is too long, links that lead in a circle, a folder that may not be looked into.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a zero byte is in no name
        return
    except OSError as error:
        raise InvalidInput(
            "{path} cannot be reached: {reason}. Correct the name or the link, or give the right to read it.",
            path=path.name[:80],
            reason=reason_of(error),
        ) from error


def _expect_beginning(path: Path, kinds: tuple[Kind, ...], name: str) -> None:
    """Refuse a file that may not be read, or whose first bytes are those of none of the formats, if there are any."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise InvalidInput("{path} cannot be read: {reason}.", path=name, reason=reason_of(error)) from error
    if kinds and not head:
        raise InvalidInput("{file} is empty. Fetch it again, or export it anew.", file=name)
    if kinds and not any(kind.begins(head) for kind in kinds):
        raise InvalidInput(
            "{file} is no {format} file: it does not begin like one. Export it again as {format}.",
            file=name,
            format=kinds[0].title,
        )


def _kinds_of(path: Path) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS.values() if path.name.casefold().endswith(kind.endings))


def largest(path: Path) -> int:
    """Return how many bytes a file of this ending may have: those of its format, else a gigabyte."""
    return max((kind.largest for kind in _kinds_of(path)), default=GIB)


def expect_hashable(path: Path) -> None:
    """
    Refuse what is not to be read from end to end, not even for its hash.

    Raises
    ------
    Unsupported, InvalidInput
        For a folder, a pipe or a device, for more bytes than `largest`, for a file that may not be read, and for one
        whose first bytes are not those of its ending.
    """
    expect_reachable(path)
    if not path.is_file():
        raise Unsupported("{file} is no regular file. Give a file.", file=path.name)
    limit = largest(path)
    if path.stat().st_size > limit:
        raise InvalidInput("{file} is larger than {limit} bytes. Split it or thin it out.", file=path.name, limit=limit)
    _expect_beginning(path, _kinds_of(path), path.name)
