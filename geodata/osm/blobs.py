"""
The blobs of a PBF extract looked at from outside: how much they claim to unpack to, before anything unpacks them.

A file is a row of blobs, each with a header of at most 64 KiB and a body that says its own unpacked length
(OpenStreetMap wiki, PBF Format). Only these lengths are read; a file that is malformed is left to its reader.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from foundation.errors import InvalidInput

MIB = 1 << 20
LARGEST_HEADER = 64 * 1024
FREE = 64 * MIB
"""Bytes that any file may unpack to."""
TIMES = 20
"""How often its own size a larger file may unpack to; zlib packs an ordinary extract two to five times."""
RAW_SIZE, DATASIZE = 2, 3  # numbers of the fields in Blob and BlobHeader
VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5  # wire types of protocol buffers


def expect_true_sizes(path: Path) -> None:
    """
    Refuse an extract that claims to unpack to far more than roads could.

    Raises
    ------
    InvalidInput
        If its blobs claim more than `FREE` bytes and more than `TIMES` its own size.
    """
    size = path.stat().st_size
    most = max(FREE, TIMES * size)
    claimed = 0
    for raw in _raw_sizes(path, size):
        claimed += raw
        if claimed > most:
            raise InvalidInput(
                "{file} is packed far too tightly to be an extract: its {size} bytes claim to hold more than {most} "
                "bytes. Download it again.",
                file=path.name,
                size=size,
                most=most,
            )


def _raw_sizes(path: Path, size: int) -> Iterator[int]:
    """Yield what each blob says it unpacks to, 0 where it says nothing; stops where the file is no PBF."""
    with path.open("rb") as stream:
        while len(length := stream.read(4)) == 4:
            header = struct.unpack(">I", length)[0]
            if header > LARGEST_HEADER:
                return
            body = _field(stream, stream.tell() + header, DATASIZE)
            end = stream.tell() + body
            if body <= 0 or end > size:
                return
            yield _field(stream, end, RAW_SIZE)


def _field(stream: BinaryIO, end: int, wanted: int) -> int:
    """Return the last value of a number field in the message that ends at `end`, and stand there; 0 without it."""
    found = 0
    while stream.tell() < end:
        key = _varint(stream)
        number, kind = key >> 3, key & 7
        if not number:  # the end of the file, or no message
            break
        if kind == VARINT:
            value = _varint(stream)
            if number == wanted:
                found = value & 0xFFFFFFFF  # as a reader of 32 bits takes it
        elif kind in (BYTES, EIGHT, FOUR):
            stream.seek(_varint(stream) if kind == BYTES else 8 if kind == EIGHT else 4, 1)
        else:
            break
    stream.seek(end)
    return found


def _varint(stream: BinaryIO) -> int:
    """Return a number of at most ten bytes, seven bits in each; 0 at the end of the file."""
    value = 0
    for shift in range(0, 70, 7):
        byte = stream.read(1)
        if not byte:
            return 0
        value |= (byte[0] & 127) << shift
        if byte[0] < 128:
            break
    return value
