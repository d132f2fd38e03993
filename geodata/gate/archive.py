"""
Unpack a zip into a folder of our own: sizes read before content, every name made harmless.

Members are written under their last name only; one that leads out of the folder, is a link,
is encrypted, or unpacks to too much is refused and nothing is unpacked.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

from foundation.errors import InvalidInput, Phrase

MIB = 1 << 20
MOST_MEMBERS = 1_000
MOST_BYTES = 2048 * MIB
MOST_RATIO = 1_000
"""Deflate cannot shrink more than 1,032 times; a member that claims more is a bomb."""


def unpack(path: Path, into: Path, *, endings: tuple[str, ...]) -> list[Path]:
    """
    Unpack the members whose names end in one of `endings` (lower case); folders are flattened.

    Raises
    ------
    InvalidInput
        For a member with ``..``, a drive, a root, a link or a password, two members that would
        be one file, too many members, or too much content.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            members = _checked(packed.infolist(), path.name)
            wanted = {name: member for name, member in members.items() if name.casefold().endswith(endings)}
            for name, member in wanted.items():
                _write(packed, member, into / name, path.name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError) as error:
        raise InvalidInput("{file} is no zip file that can be read. Pack it again.", file=path.name) from error
    return [into / name for name in wanted]


def _checked(infos: list[zipfile.ZipInfo], file: str) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MOST_MEMBERS:
        raise InvalidInput(
            "{file} holds more than {limit} files. Pack only what is needed.", file=file, limit=MOST_MEMBERS
        )
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise InvalidInput("{file} unpacks to more than {limit} bytes.", file=file, limit=MOST_BYTES)
    result: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        problem = _problem(info)
        name = unicodedata.normalize("NFC", PurePosixPath(info.filename.replace("\\", "/")).name)
        if not problem and not info.is_dir() and name.casefold() in {known.casefold() for known in result}:
            problem = "there twice"
        if problem:
            raise InvalidInput(
                "{file}: the packed file '{member}' is {problem}. Pack it again without it.",
                file=file,
                member="".join(letter for letter in info.filename if letter.isprintable())[:80],
                problem=Phrase(problem),
            )
        if not info.is_dir():
            result[name] = info
    return result


def _problem(info: zipfile.ZipInfo) -> str:
    raw = info.filename.replace("\\", "/")
    if (
        raw.startswith("/")
        or ".." in raw.split("/")
        or (len(raw) > 1 and raw[1] == ":")
        or "\x00" in info.orig_filename
    ):
        return "a path that leads out of the folder"
    if not raw.isprintable() or len(raw.encode()) > 240:
        return "named with marks or at a length that no file should have"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link"
    if info.flag_bits & 1:
        return "locked with a password"
    if info.file_size > MIB and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        return "packed far too tightly to be true"
    return ""


def _write(packed: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, file: str) -> None:
    left = member.file_size
    with packed.open(member) as source, target.open("xb") as sink:
        while block := source.read(MIB):
            left -= len(block)
            if left < 0:
                raise InvalidInput("{file} unpacks to more than it says. Pack it again.", file=file)
            sink.write(block)
