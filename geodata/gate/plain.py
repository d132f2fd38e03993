"""
Plain data between two processes: arrays of numbers, texts and bytes in one .npz file.

Nothing in it can run: no pickles. Texts and bytes travel as one run of bytes with
offsets, so that one long name does not widen every other.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput

Arrays = dict[str, NDArray[np.generic]]
_TEXT, _DATA, _ENDS = "text:", "data:", "ends:"


def packed(values: Mapping[str, NDArray[np.generic] | Sequence[str] | Sequence[bytes]]) -> Arrays:
    """Return arrays that `numpy.savez` writes without pickles; sequences of str or bytes are laid end to end."""
    result: Arrays = {}
    for name, value in values.items():
        if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
            result[name] = value
            continue
        items = list(value)
        text = all(isinstance(item, str) for item in items)
        raw = [item.encode("utf-8", "replace") if isinstance(item, str) else bytes(item) for item in items]
        ends = np.cumsum([len(item) for item in raw], dtype=np.int64) if raw else np.empty(0, dtype=np.int64)
        result[(_TEXT if text else "") + _DATA + name] = np.frombuffer(b"".join(raw), dtype=np.uint8)
        result[_ENDS + name] = ends
    return result


def unpacked(arrays: Mapping[str, NDArray[np.generic]]) -> Arrays:
    """Undo `packed`: texts and bytes come back as object arrays."""
    result: Arrays = {}
    for key, value in arrays.items():
        if key.startswith(_ENDS):
            continue
        name = key.removeprefix(_TEXT)
        if not name.startswith(_DATA):
            result[key] = value
            continue
        name = name.removeprefix(_DATA)
        run, ends = value.tobytes(), arrays[_ENDS + name].astype(np.int64)
        starts = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
        parts = np.empty(len(ends), dtype=object)
        for at, (first, last) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            part = run[first:last]
            parts[at] = part.decode("utf-8") if key.startswith(_TEXT) else part
        result[name] = parts
    return result


def save_plain(path: Path, values: Mapping[str, NDArray[np.generic] | Sequence[str] | Sequence[bytes]]) -> None:
    """Write values to an uncompressed .npz."""
    with path.open("wb") as stream:
        np.savez(stream, **packed(values))  # type: ignore[arg-type]


def load_plain(path: Path, *, limit_bytes: int) -> Arrays:
    """
    Read what `save_plain` wrote, at most `limit_bytes` unpacked.

    Raises
    ------
    InvalidInput
        If it is no such file, is larger, or its offsets do not fit.
    """
    try:
        with zipfile.ZipFile(path) as inside:
            size = sum(member.file_size for member in inside.infolist())
        if size > limit_bytes:
            raise InvalidInput("{file} is larger than {limit} bytes.", file=path.name, limit=limit_bytes)
        with np.load(path, allow_pickle=False) as stored:
            return unpacked({name: stored[name] for name in stored.files})
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("{file} is not readable as plain arrays. Make it again.", file=path.name) from error
